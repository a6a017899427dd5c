//! Connections of SQLite that read, and what each has begun.
//!
//! To begin a read and to end it is a tenth of a look-up: two locks on a file and a look at its length. So a worker of
//! the server leaves what it has begun until it has nothing more to do ([`Readers::rest`]), for [`LEFT`] at most, and
//! what is asked meanwhile is read of the same moment. What this process commits is seen by the next question; and
//! nothing is left while it commits, or somebody would always read of before, and the write-ahead log never be begun anew.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::sql::{Driver, Reader};
use super::statements::run;
use super::{ErrorKind, Moment, StoreError};
use crate::worker;

/// How long a reader waits for a free connection.
const WAIT: Duration = Duration::from_secs(5);
/// How old a moment may be that is read again: what another process has written since is not seen for so long, while
/// the server is never idle.
const LEFT: Duration = Duration::from_millis(5);

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

impl Left {
    fn is_old(self) -> bool {
        self.begun.elapsed() >= LEFT
    }
}

impl Reading {
    /// Whether what it has begun is of now.
    fn is_of(&self, commits: u64) -> bool {
        self.left
            .is_some_and(|left| left.commits == commits && !left.is_old())
    }

    /// Ends what it has left.
    fn end(&mut self) {
        if self.left.take().is_some() && run(&self.connection, "COMMIT").is_err() {
            let _ = run(&self.connection, "ROLLBACK");
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

    /// Ends what these have left.
    fn end(&mut self, which: impl Fn(Left) -> bool) {
        for reading in self.near.iter_mut().chain(&mut self.others) {
            if reading.left.is_some_and(&which) {
                reading.end();
            }
        }
    }
}

/// All connections that read.
pub(super) struct Readers {
    free: Mutex<Free>,
    returned: Condvar,
    /// How many commits this process has begun and ended: odd while it commits.
    commits: AtomicU64,
    /// Whether a free one may have left what it began. Like the number of commits in one order with everything else: of
    /// who leaves something and who begins to commit, at least one sees the other.
    left: AtomicBool,
}

impl Readers {
    pub(super) fn new(near: Connection, others: Vec<Connection>) -> Self {
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
            commits: AtomicU64::new(0),
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
        Some(self.lease(reading, near, worker::will_rest()))
    }

    fn lease(&self, reading: Reading, near: bool, leaves: bool) -> Lease<'_> {
        Lease {
            readers: self,
            reading: Some(reading),
            near,
            leaves,
            began: false,
        }
    }

    /// This thread has nothing to do, and says so each time.
    pub(super) fn rest(&self) {
        worker::rests();
        self.end();
    }

    /// Ends what free connections have left.
    pub(super) fn end(&self) {
        if self.left.swap(false, Ordering::SeqCst) {
            self.free().end(|_| true);
        }
    }

    /// Commits, with nothing left open meanwhile; what is asked after it is read of after it.
    pub(super) fn around<T>(&self, commit: impl FnOnce() -> T) -> T {
        self.commits.fetch_add(1, Ordering::SeqCst);
        self.end();
        let done = commit();
        self.commits.fetch_add(1, Ordering::SeqCst);
        done
    }

    /// Closes those that are free.
    pub(super) fn close(&self) {
        *self.free() = Free::default();
    }
}

/// A connection that goes back to the others.
pub(super) struct Lease<'a> {
    readers: &'a Readers,
    reading: Option<Reading>,
    near: bool,
    /// Whether what it begins may be left open.
    leaves: bool,
    /// Whether it has begun what it leaves.
    began: bool,
}

impl Lease<'_> {
    pub(super) fn read<T, E: From<StoreError>>(
        mut self,
        moment: Moment,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let commits = self.readers.commits.load(Ordering::SeqCst);
        let leaves = self.leaves && commits.is_multiple_of(2);
        let reading = self.reading()?;
        let mut begun = None;
        if !reading.is_of(commits) {
            reading.end();
            // One transaction, so that a case and its promises come from the same moment.
            if leaves || moment == Moment::OfAll {
                begun = leaves.then(Instant::now);
                run(&reading.connection, "BEGIN")?;
            }
        }
        let mut reader = Reader::new(Driver::Sqlite(&reading.connection));
        let outcome = work(&mut reader);
        // A question that failed is no answer, whatever the work made of it; what it made of it goes before the failure.
        let outcome = match reader.failed.take() {
            Some(failed) => outcome.and(Err(failed.into())),
            None => outcome,
        };
        if reading.connection.is_autocommit() {
            reading.left = None;
        } else if leaves && outcome.is_ok() {
            let begun = begun.map(|begun| Left { commits, begun });
            reading.left = begun.or(reading.left);
            self.began = begun.is_some();
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
        let Some(mut reading) = self.reading.take() else {
            return;
        };
        if reading.left.is_none() && !reading.connection.is_autocommit() {
            let _ = run(&reading.connection, "ROLLBACK");
        }
        let mut free = self.readers.free();
        if self.began {
            // Who has no turn for long under those that have one keeps nothing open either.
            free.end(Left::is_old);
        }
        if let Some(left) = reading.left {
            // Said with the lock in hand: whoever is to end it finds it here, or is still to come.
            self.readers.left.store(true, Ordering::SeqCst);
            if self.readers.commits.load(Ordering::SeqCst) != left.commits {
                reading.end();
            }
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    /// Asks within a question, so deep.
    fn ask(readers: &Readers, depth: usize) -> Result<(), StoreError> {
        let free = std::iter::repeat_with(|| readers.at_once(Moment::OfEach));
        let Some(lease) = free.flatten().next() else {
            return Ok(());
        };
        lease.read(Moment::OfEach, |store| {
            store.query("SELECT 1", &[], |_| Ok(()))?;
            if depth > 1 {
                ask(readers, depth - 1)?;
            }
            Ok(())
        })
    }

    /// Whoever rests ends what another has just left, or the other does when it rests: in whatever order they come.
    #[test]
    fn when_all_have_rested_nothing_is_left_open() {
        let (threads, depth, rounds) = (4, 3, 10_000);
        let connection = || Connection::open_in_memory().unwrap();
        let others = (1..threads * depth).map(|_| connection()).collect();
        let readers = Readers::new(connection(), others);
        let (barrier, open) = (Barrier::new(threads), AtomicU64::new(0));
        let work = || {
            readers.rest();
            for _ in 0..rounds {
                barrier.wait();
                let asked = ask(&readers, depth);
                readers.rest();
                barrier.wait();
                let free = readers.free();
                let mut all = free.near.iter().chain(&free.others);
                let left = all.any(|one| !one.connection.is_autocommit());
                open.fetch_add(u64::from(left || asked.is_err()), Ordering::Relaxed);
                drop(free);
                barrier.wait();
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        assert_eq!(open.into_inner(), 0);
    }
}
