//! PostgreSQL: a pool of connections, each with its prepared statements.
//!
//! Every write is a transaction of its own, answered after the commit. Where two of them waited for each other, or the
//! connection was lost before the commit was sent, the work is done again on a fresh connection; a commit whose answer
//! did not come back is not: nobody knows then, and the asker is told that it failed.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::session::{Session, configuration};
use super::sql::{Driver, Reader, Writer};
use super::tls::Target;
use super::{ErrorKind, Moment, StoreError, migrations};

/// Connections of one server, at most. Three servers stay under PostgreSQL's own limit of 100.
const CONNECTIONS: usize = 16;
/// How long a request waits for a free connection.
const WAIT: Duration = Duration::from_secs(5);
/// How often a piece of work is tried.
const TRIES: usize = 5;

/// A PostgreSQL database.
pub(super) struct Postgres {
    target: Target,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Session>,
    out: usize,
    /// How many wait for one; where nobody does, nobody is woken.
    waiting: usize,
}

/// Refuses a database whose encoding has no place for every letter, where the first name it lacks would end an import; or
/// is none (`SQL_ASCII`), where whatever else writes to it may leave bytes that are no text.
fn in_unicode(session: &mut Session) -> Result<(), StoreError> {
    let mut encoding = String::new();
    session.each("SHOW server_encoding", &[], &mut |row| {
        encoding = row.get(0)?;
        Ok(())
    })?;
    if encoding == "UTF8" {
        return Ok(());
    }
    let what = format!("postgres: the database is encoded in {encoding}, not in UTF8");
    Err(StoreError::new(ErrorKind::Encoding, what))
}

impl Postgres {
    /// Connects, and brings the database up to this version; servers that start together do it one by one.
    pub(super) fn open(url: &str) -> Result<Self, StoreError> {
        let target = configuration(url)?;
        let mut session = Session::open(&target)?;
        in_unicode(&mut session)?;
        migrations::postgres(&mut session)?;
        Ok(Self {
            target,
            pool: Mutex::new(Pool {
                idle: vec![session],
                ..Pool::default()
            }),
            returned: Condvar::new(),
        })
    }

    /// Runs `work` on one state of the database.
    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        moment: Moment,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let frame = match moment {
            Moment::OfAll => Frame::reading(),
            Moment::OfEach => Frame::none(),
        };
        self.transact(&frame, |driver| {
            let mut reader = Reader::new(driver);
            let outcome = work(&mut reader).map(|value| (value, Wrote::Nothing));
            (outcome, reader.failed)
        })
    }

    /// Runs `work` in a transaction of its own.
    pub(super) fn write<T, E: From<StoreError>>(
        &self,
        work: impl Fn(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(&Frame::writing(), |driver| {
            let mut writer = Writer::new(driver);
            let outcome = work(&mut writer).map(|value| (value, Wrote::Something));
            (outcome, writer.failed.take())
        })
    }

    /// Runs `work`, which says whether it has written, while no other server does so for the same number.
    pub(super) fn one_by_one<T, E: From<StoreError>>(
        &self,
        number: i64,
        work: impl Fn(&mut Writer<'_>) -> Result<(T, Wrote), E>,
    ) -> Result<T, E> {
        self.transact(&Frame::alone(number), |driver| {
            let mut writer = Writer::new(driver);
            let outcome = work(&mut writer);
            (outcome, writer.failed.take())
        })
    }

    fn transact<T, E: From<StoreError>>(
        &self,
        frame: &Frame,
        work: impl Fn(Driver<'_>) -> (Result<(T, Wrote), E>, Option<StoreError>),
    ) -> Result<T, E> {
        let mut tried = 1;
        loop {
            let mut lease = self.lease()?;
            let session = lease.session()?;
            session.begin(&frame.begin);
            let failed = match work(Driver::Postgres(session)) {
                (Ok((value, wrote)), None) => {
                    match wrote {
                        Wrote::Something => session.end(&frame.commit)?,
                        Wrote::Nothing => session.leave(&frame.commit),
                    }
                    if session.is_there() {
                        lease.keep();
                    }
                    return Ok(value);
                }
                (outcome, failed) => {
                    if session.end(&frame.rollback).is_ok() && session.is_there() {
                        lease.keep();
                    }
                    match failed {
                        Some(failed) if again(&failed, tried) => failed,
                        // What the work made of it goes before the failure itself.
                        Some(failed) => {
                            return outcome.map(|(value, _)| value).and(Err(failed.into()));
                        }
                        None => return outcome.map(|(value, _)| value),
                    }
                }
            };
            if failed.kind() == ErrorKind::Unavailable {
                // The others were made before the database went away, too.
                self.lock().idle.clear();
            }
            tried += 1;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease(&self) -> Result<Lease<'_>, StoreError> {
        let none_is_free = |pool: &mut Pool| pool.idle.is_empty() && pool.out >= CONNECTIONS;
        let mut pool = self.lock();
        if none_is_free(&mut pool) {
            pool.waiting += 1;
            (pool, _) = self
                .returned
                .wait_timeout_while(pool, WAIT, none_is_free)
                .unwrap_or_else(PoisonError::into_inner);
            pool.waiting -= 1;
        }
        let idle = pool.idle.pop();
        if idle.is_none() && pool.out >= CONNECTIONS {
            return Err(StoreError::new(
                ErrorKind::Busy,
                "postgres: no connection is free",
            ));
        }
        pool.out += 1;
        drop(pool);
        let mut lease = Lease {
            store: self,
            session: None,
            good: false,
        };
        lease.session = Some(match idle {
            Some(session) => session,
            None => Session::open(&self.target)?,
        });
        Ok(lease)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A connection says goodbye by waiting for it, which is not allowed where the last holder of the store may be:
        // in the midst of the asynchronous side, when the server stops.
        let sessions = std::mem::take(&mut self.lock().idle);
        let _ = std::thread::spawn(move || drop(sessions)).join();
    }
}

/// What a piece of work has done: the end of one that wrote is waited for until it is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrote {
    Nothing,
    Something,
}

/// What stands around a piece of work. It goes there with the first statement of the work.
struct Frame {
    begin: Vec<String>,
    commit: String,
    rollback: String,
}

impl Frame {
    /// One state of the database for all statements.
    fn reading() -> Self {
        Self::plain("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// A single statement is a transaction by itself, and one way there and back instead of three.
    const fn none() -> Self {
        Self {
            begin: Vec::new(),
            commit: String::new(),
            rollback: String::new(),
        }
    }

    fn writing() -> Self {
        Self::plain("BEGIN")
    }

    fn plain(begin: &str) -> Self {
        Self {
            begin: vec![begin.to_owned()],
            commit: "COMMIT".to_owned(),
            rollback: "ROLLBACK".to_owned(),
        }
    }

    /// The lock comes before the state is fixed, so that what the one before wrote is seen, and is given back after
    /// the commit; a connection that dies gives it back, too.
    fn alone(number: i64) -> Self {
        Self {
            begin: vec![
                format!("SELECT pg_advisory_lock({number})"),
                "BEGIN ISOLATION LEVEL REPEATABLE READ".to_owned(),
            ],
            commit: format!("COMMIT; SELECT pg_advisory_unlock({number})"),
            rollback: "ROLLBACK; SELECT pg_advisory_unlock_all()".to_owned(),
        }
    }
}

/// Whether work that failed so may be done again: nothing of it was committed.
fn again(failed: &StoreError, tried: usize) -> bool {
    tried < TRIES && matches!(failed.kind(), ErrorKind::Conflict | ErrorKind::Unavailable)
}

/// A connection that goes back to the others, if it is still good.
struct Lease<'a> {
    store: &'a Postgres,
    session: Option<Session>,
    good: bool,
}

impl Lease<'_> {
    fn session(&mut self) -> Result<&mut Session, StoreError> {
        self.session
            .as_mut()
            .ok_or_else(|| StoreError::new(ErrorKind::Worker, "a lease without a connection"))
    }

    const fn keep(&mut self) {
        self.good = true;
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let session = self.session.take().filter(|_| self.good);
        let mut pool = self.store.lock();
        pool.out -= 1;
        pool.idle.extend(session);
        let wake = pool.waiting > 0;
        drop(pool);
        if wake {
            self.store.returned.notify_one();
        }
    }
}
