//! Connections of SQLite that read, and what each has begun.
//!
//! To begin a read and to end it is a tenth of a look-up: two locks on a file and a look at its length. So a worker of
//! the server leaves what it has begun until it has nothing more to do ([`Readers::rest`]), for [`LEFT`] at most, and
//! what is asked meanwhile is read of the same moment. What this process commits is seen by the next question.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::sql::{Driver, Reader};
use super::statements::run;
use super::{ErrorKind, Moment, StoreError};

/// How long a reader waits for a free connection.
const WAIT: Duration = Duration::from_secs(5);
/// How old a moment may be that is read again: what another process has written since is not seen for so long, while
/// the server is never idle.
const LEFT: Duration = Duration::from_millis(5);

thread_local! {
    /// Whether this thread says when it has nothing to do.
    static RESTS: Cell<bool> = const { Cell::new(false) };
}

/// How many commits this process has made.
#[derive(Clone, Debug, Default)]
pub(super) struct Commits(Arc<AtomicU64>);

impl Commits {
    /// One more, before anybody is told of it.
    pub(super) fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }

    fn now(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

/// A connection that reads.
struct Reading {
    connection: Connection,
    /// Of which moment it goes on reading.
    left: Option<Left>,
}

#[derive(Clone, Copy)]
struct Left {
    commits: u64,
    begun: Instant,
}

impl Reading {
    /// Whether what it has begun is of now.
    fn is_of(&self, commits: u64) -> bool {
        self.left
            .is_some_and(|left| left.commits == commits && left.begun.elapsed() < LEFT)
    }

    /// Ends what it has left.
    fn end(&mut self) -> Result<(), StoreError> {
        match self.left.take() {
            Some(_) => run(&self.connection, "COMMIT"),
            None => Ok(()),
        }
    }
}

/// Connections that are free, and how many wait for one.
#[derive(Default)]
struct Free {
    /// The one with the larger cache: for questions that are one statement, before any other. What a holder's answer needs
    /// stands on pages of the whole file: it would push out those of the code alone, and be found there no more often.
    near: Option<Reading>,
    others: Vec<Reading>,
    waiting: usize,
}

impl Free {
    fn none(&self) -> bool {
        self.near.is_none() && self.others.is_empty()
    }

    /// One for this kind of question; and whether it is the near one.
    fn take(&mut self, moment: Moment) -> Option<(Reading, bool)> {
        let near = self.near.take_if(|_| moment == Moment::OfEach);
        near.map(|one| (one, true))
            .or_else(|| self.others.pop().map(|one| (one, false)))
            .or_else(|| self.near.take().map(|one| (one, true)))
    }
}

/// All connections that read.
pub(super) struct Readers {
    free: Mutex<Free>,
    returned: Condvar,
    commits: Commits,
    /// Whether one may have left what it began.
    left: AtomicBool,
}

impl Readers {
    pub(super) fn new(near: Connection, others: Vec<Connection>, commits: Commits) -> Self {
        let reading = |connection| Reading {
            connection,
            left: None,
        };
        let free = Free {
            near: Some(reading(near)),
            others: others.into_iter().map(reading).collect(),
            waiting: 0,
        };
        Self {
            free: Mutex::new(free),
            returned: Condvar::new(),
            commits,
            left: AtomicBool::new(false),
        }
    }

    fn free(&self) -> MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One for any question, as soon as there is one.
    pub(super) fn wait(&self) -> Result<Lease<'_>, StoreError> {
        let mut free = self.free();
        free.waiting += 1;
        let (mut free, _) = self
            .returned
            .wait_timeout_while(free, WAIT, |free| free.none())
            .unwrap_or_else(PoisonError::into_inner);
        free.waiting -= 1;
        let (reading, near) = free
            .take(Moment::OfAll)
            .ok_or_else(|| StoreError::new(ErrorKind::Busy, "sqlite: no reader is free"))?;
        Ok(self.lease(reading, near, false))
    }

    /// One, if there is one now.
    pub(super) fn at_once(&self, moment: Moment) -> Option<Lease<'_>> {
        let (reading, near) = self.free.try_lock().ok()?.take(moment)?;
        Some(self.lease(reading, near, RESTS.get()))
    }

    fn lease(&self, reading: Reading, near: bool, leaves: bool) -> Lease<'_> {
        Lease {
            readers: self,
            reading: Some(reading),
            near,
            leaves,
        }
    }

    /// This thread has nothing to do, and says so each time.
    pub(super) fn rest(&self) {
        RESTS.set(true);
        self.end();
    }

    /// Ends what free connections have left.
    pub(super) fn end(&self) {
        if !self.left.swap(false, Ordering::AcqRel) {
            return;
        }
        let mut free = self.free();
        let Free { near, others, .. } = &mut *free;
        for reading in near.iter_mut().chain(others) {
            if reading.end().is_err() {
                let _ = run(&reading.connection, "ROLLBACK");
            }
        }
    }

    /// Closes those that are free.
    pub(super) fn close(&mut self) {
        *self.free.get_mut().unwrap_or_else(PoisonError::into_inner) = Free::default();
    }
}

/// A connection that goes back to the others.
pub(super) struct Lease<'a> {
    readers: &'a Readers,
    reading: Option<Reading>,
    near: bool,
    /// Whether what it begins may be left open.
    leaves: bool,
}

impl Lease<'_> {
    pub(super) fn read<T, E: From<StoreError>>(
        mut self,
        moment: Moment,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let commits = self.readers.commits.now();
        let leaves = self.leaves;
        let reading = self.reading()?;
        if !reading.is_of(commits) {
            reading.end()?;
            // One transaction, so that a case and its promises come from the same moment.
            if leaves || moment == Moment::OfAll {
                run(&reading.connection, "BEGIN")?;
            }
        }
        let outcome = work(&mut Reader::new(Driver::Sqlite(&reading.connection)));
        if reading.connection.is_autocommit() {
            reading.left = None;
        } else if leaves && outcome.is_ok() {
            let begun = || Left {
                commits,
                begun: Instant::now(),
            };
            reading.left.get_or_insert_with(begun);
        } else {
            reading.left = None;
            run(&reading.connection, "COMMIT")?;
        }
        outcome
    }

    fn reading(&mut self) -> Result<&mut Reading, StoreError> {
        self.reading
            .as_mut()
            .ok_or_else(|| StoreError::new(ErrorKind::Worker, "a lease without a connection"))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let Some(reading) = self.reading.take() else {
            return;
        };
        if reading.left.is_some() {
            self.readers.left.store(true, Ordering::Release);
        } else if !reading.connection.is_autocommit() {
            let _ = run(&reading.connection, "ROLLBACK");
        }
        let mut free = self.readers.free();
        if self.near {
            free.near = Some(reading);
        } else {
            free.others.push(reading);
        }
        // Telling nobody would be a call to the system all the same.
        if free.waiting > 0 {
            self.readers.returned.notify_one();
        }
    }
}
