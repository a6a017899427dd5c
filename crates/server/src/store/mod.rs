//! What is kept, and how it is asked for. Only the modules below contain SQL.
//!
//! [`Store`] is SQLite in a file or PostgreSQL; who uses it does not notice which. [`Store::read`] and [`Store::write`]
//! hand out a [`Reader`] or a [`Writer`], whose methods (`find_case`, `add_rating`, …) stand in the modules by topic.

mod attempts;
mod audit;
mod backup;
mod ballots;
mod briefs;
mod case_shown;
mod cases;
mod cells;
mod comments;
mod computed;
mod copy;
mod dead_letters;
mod desk;
mod erasure;
mod error;
mod events;
mod figures;
mod jobs;
mod keys;
mod migrations;
mod notices;
mod objections;
mod pages;
mod pending;
mod postgres;
mod ratings;
mod readers;
mod records;
mod rows;
mod satisfaction;
mod session;
mod sheets;
mod sql;
mod sqlite;
mod statements;
mod tail;
mod tallies;
mod tls;
mod value;
mod watch;
mod written;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::keys::Digest;

pub use audit::{AuditCheck, AuditEntry, NEW_KEY};
pub use backup::{Checked, backup, restore};
pub use briefs::BriefKept;
pub use cells::{Cell, CellSum, Places};
pub use copy::{Copied, Progress, copy};
pub use dead_letters::{DeadLetter, DeadReason, SenderRecord};
pub use error::{ErrorKind, StoreError};
pub use events::{Delivery, DeliveryFilter, DeliveryRecord, EVENT_JOB, EventRecord, delivery_job};
pub use figures::{ObjectionMonth, RegisterEntry, RegisterMark};
pub use jobs::{JobCounts, NewJob, TAKE_ON_POSTGRES, TAKE_ON_SQLITE, TakenJob};
pub use keys::ApiKey;
pub use pages::{CountedCase, Kept};
pub use ratings::Admitted;
pub use records::*;
pub use satisfaction::{Answered, Apart, BY_LABEL, SatisfactionKey, SatisfactionRow};
pub use sheets::{SheetCell, SheetsOf};
pub use sql::{Reader, Writer};
pub use tail::CellKey;
pub use tallies::{TallyRow, TallySum};

use self::pending::Pending;
use self::postgres::{Postgres, Wrote};
use self::sqlite::Sqlite;

/// Requests that may wait for the database at once; more are turned away with [`ErrorKind::Busy`].
const WAITING: usize = 1024;

/// The store.
#[derive(Clone)]
pub struct Store {
    database: Database,
    waiting: Arc<AtomicUsize>,
}

/// Of which moment the statements of some work are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// All of the same: they are one transaction.
    OfAll,
    /// Each of its own; for work that is a single statement.
    OfEach,
}

#[derive(Clone)]
enum Database {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the address: it may hold a password.
        f.write_str(match self.database {
            Database::Sqlite(_) => "Store(sqlite)",
            Database::Postgres(_) => "Store(postgres)",
        })
    }
}

impl Store {
    /// Opens the database behind this address, and brings it up to this version: `postgres://…`, `sqlite:PATH` or a path.
    ///
    /// # Errors
    /// [`StoreError`], among them a database made by a newer version.
    pub fn open(address: &str) -> Result<Self, StoreError> {
        match file_of(address)? {
            Some(path) => Self::open_file(path),
            None => Ok(Self::new(Database::Postgres(Arc::new(Postgres::open(
                address,
            )?)))),
        }
    }

    /// Opens or creates a SQLite database in this file.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_file(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::new(Database::Sqlite(Arc::new(Sqlite::open(path)?))))
    }

    fn new(database: Database) -> Self {
        Self {
            database,
            waiting: Arc::default(),
        }
    }

    /// Leaves no earlier copy of what has been erased beside the database: SQLite's write-ahead log is emptied; `false` where
    /// somebody is in the way who reads, such as a backup. PostgreSQL does so by itself, with its vacuum and its log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget(&self) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.forget(),
            Database::Postgres(_) => Ok(true),
        }
    }

    /// What each worker of a server is to call before it waits for something to do: then it may leave open what it reads
    /// until that moment. Keeps no store alive.
    pub fn rest(&self) -> impl Fn() + Send + Sync + 'static {
        let sqlite = match &self.database {
            Database::Sqlite(sqlite) => Arc::downgrade(sqlite),
            Database::Postgres(_) => std::sync::Weak::new(),
        };
        move || {
            if let Some(sqlite) = sqlite.upgrade() {
                sqlite.rest();
            }
        }
    }

    /// Runs `work` where blocking is allowed; all it reads is of one moment. It may run more than once.
    ///
    /// # Errors
    /// What `work` returns, or [`StoreError`].
    pub async fn read<T, E>(
        &self,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.blocking(move |store| store.read_now(work)).await
    }

    /// [`Store::read`] for a few rows found by their key. SQLite answers such a question sooner than another thread
    /// would wake up, so it is asked on this one, unless all its readers are busy.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn find<T, E>(
        &self,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if let Database::Sqlite(sqlite) = &self.database
            && let Some(outcome) = sqlite.read_at_once(Moment::OfAll, &work)
        {
            return outcome;
        }
        self.read(work).await
    }

    /// [`Store::find`] for work that is one statement, and so of one moment by itself.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn find_one<T, E>(
        &self,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if let Database::Sqlite(sqlite) = &self.database
            && let Some(outcome) = sqlite.read_at_once(Moment::OfEach, &work)
        {
            return outcome;
        }
        self.blocking(move |store| match &store.database {
            Database::Sqlite(sqlite) => sqlite.read(Moment::OfEach, work),
            Database::Postgres(postgres) => postgres.read(Moment::OfEach, work),
        })
        .await
    }

    /// Runs `work` in one transaction, and returns after the commit: an error leaves nothing behind. It may run more
    /// than once, so it changes nothing but the database.
    ///
    /// # Errors
    /// What `work` returns, or [`StoreError`].
    pub async fn write<T, E>(
        &self,
        work: impl Fn(&mut Writer<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.database {
            Database::Sqlite(sqlite) => {
                let (job, reply) = Pending::job(work);
                sqlite.write(job)?;
                reply.await.unwrap_or_else(|_| Err(died().into()))
            }
            Database::Postgres(_) => self.blocking(move |store| store.write_now(work)).await,
        }
    }

    /// Looks, and then writes where the look asks for it (`true`), while nobody else does so for the same `what`: not
    /// on another server either, where several share a PostgreSQL. Within this server the caller lets them pass one by
    /// one, so that those who wait hold no connection.
    ///
    /// On SQLite, which one server has to itself, nothing is written here: what is to be is left to the caller (`true`
    /// beside the value), who may write it together with other things. So it is where PostgreSQL takes no writes: what was
    /// seen is told all the same, and who may not look again must not be forgotten.
    ///
    /// # Errors
    /// What `look` or `then` return, or [`StoreError`].
    pub async fn one_by_one<T, E>(
        &self,
        what: &Digest,
        look: impl Fn(&mut Reader<'_>) -> Result<(T, bool), E> + Send + 'static,
        then: impl Fn(&mut Writer<'_>) -> Result<(), E> + Send + 'static,
    ) -> Result<(T, bool), E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.database {
            Database::Sqlite(_) => self.find(look).await,
            Database::Postgres(postgres) => {
                let postgres = Arc::clone(postgres);
                let mut number = [0; 8];
                number.copy_from_slice(&what[..8]);
                let number = i64::from_le_bytes(number);
                self.blocking(move |_| {
                    let seen = RefCell::new(None);
                    let written = postgres.one_by_one(number, |writer| {
                        let (value, more) = look(writer)?;
                        seen.replace(Some((value, more)));
                        if !more {
                            return Ok(((), Wrote::Nothing));
                        }
                        then(writer)?;
                        Ok(((), Wrote::Something))
                    });
                    match (written, seen.into_inner()) {
                        (Ok(()), Some((value, _))) => Ok((value, false)),
                        (Ok(()), None) => Err(died().into()),
                        (Err(_), Some((value, true))) => Ok((value, true)),
                        (Err(error), _) => Err(error),
                    }
                })
                .await
            }
        }
    }

    /// [`Store::read`] on this thread, for the command line.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_now<T, E: From<StoreError>>(
        &self,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.read(Moment::OfAll, work),
            Database::Postgres(postgres) => postgres.read(Moment::OfAll, work),
        }
    }

    /// [`Store::write`] on this thread, for the command line.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_now<T, E>(
        &self,
        work: impl Fn(&mut Writer<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.database {
            Database::Sqlite(sqlite) => {
                let (job, reply) = Pending::job(work);
                sqlite.write(job)?;
                reply.blocking_recv().unwrap_or_else(|_| Err(died().into()))
            }
            Database::Postgres(postgres) => postgres.write(work),
        }
    }

    /// Runs `work` where blocking is allowed, unless too many wait there.
    async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = Place::take(&self.waiting)?;
        let store = self.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = work(&store);
            drop(place);
            outcome
        })
        .await
        .unwrap_or_else(|_| Err(died().into()))
    }
}

/// The file behind an address of a database; `None` for PostgreSQL.
///
/// # Errors
/// [`StoreError`] where it is neither, but mistyped. Whatever stands in it may be a password: it stays out of what is said,
/// and is not taken for the name of a file, which would be.
pub fn file_of(address: &str) -> Result<Option<&Path>, StoreError> {
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Ok(None);
    }
    let unknown = StoreError::new(
        ErrorKind::Other,
        "an address of no database that this program knows: postgres://…, sqlite:FILE or a file expected",
    );
    let path = match address.strip_prefix("sqlite:") {
        Some(path) => path.strip_prefix("//").unwrap_or(path),
        None => address,
    };
    // SQLite takes these for a database that is nowhere, and for each connection another one.
    if path.is_empty() || path == ":memory:" {
        return Err(unknown);
    }
    if path.len() < address.len() {
        return Ok(Some(Path::new(path)));
    }
    let begins = address
        .get(..8)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("postgres"));
    if begins || address.contains(['@', '=']) || address.contains("://") {
        return Err(unknown);
    }
    Ok(Some(Path::new(path)))
}

fn died() -> StoreError {
    StoreError::new(ErrorKind::Worker, "a worker died")
}

/// A place among those who wait; free again with the value.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, StoreError> {
        let place = Self(Arc::clone(waiting));
        if waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
            return Err(StoreError::new(
                ErrorKind::Busy,
                "too many requests wait for the database",
            ));
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
