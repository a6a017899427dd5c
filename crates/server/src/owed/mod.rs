//! What a look-up leaves to be written, and nobody waits for: wrong proofs, and notices shown for the first time.
//!
//! Each commit is a wait for the disk, and makes every connection that reads forget its pages; many at once cost as much
//! as one. So they are owed in memory, where whoever asks finds them, and written together a quarter of a second later.
//! What is lost with a server that is killed meanwhile, and why that helps nobody: docs/decisions/0034.

mod attempts;
mod notices;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::NaiveDateTime;
use tokio::sync::watch;

use self::attempts::Attempts;
use self::notices::Notices;
pub use self::notices::Shown;
use crate::keys::Digest;
use crate::store::{
    AttemptCount, AttemptLimit, ErrorKind, NoticeRecord, Store, StoreError, Writer,
};

/// From the first that is owed until it is written.
const GATHER: Duration = Duration::from_millis(250);
/// After the database did not take it.
const AGAIN: Duration = Duration::from_secs(1);
/// Of each kind in one transaction, at most: a larger one would hold up those who wait for theirs.
const TOGETHER: usize = 512;
/// Over so many whoever adds one waits until it is written.
const MOST: usize = 20_000;

/// A counter of wrong proofs: the keyed hash it is counted under, and its limit.
pub type Counter = (Digest, AttemptLimit);

/// What is owed.
#[derive(Debug, Default)]
pub struct Owed {
    all: Mutex<All>,
    /// Whoever writes.
    turn: tokio::sync::Mutex<()>,
    /// The last round of the task that writes, for those who wait for one.
    rounds: watch::Sender<Round>,
}

#[derive(Debug, Default)]
struct All {
    attempts: Attempts,
    notices: Notices,
    /// A task is there that writes.
    at_work: bool,
    /// Its rounds that have begun.
    begun: u64,
}

/// A round that is over: all that was owed when it began is written, or why it is not.
#[derive(Debug, Default)]
struct Round {
    number: u64,
    failed: Option<StoreError>,
}

impl All {
    fn is_empty(&self) -> bool {
        self.attempts.len() + self.notices.len() == 0
    }
}

impl Owed {
    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is counted here under these hashes. To be asked for before the database is: what is not here any more by
    /// then is there.
    #[must_use]
    pub fn attempts(&self, counters: &[Counter; 2]) -> [Option<AttemptCount>; 2] {
        self.lock().attempts.known(counters)
    }

    /// Counts a wrong proof after `counts`, which were found.
    ///
    /// # Errors
    /// [`StoreError`] where so much is owed that the disk had to be waited for.
    pub async fn count_wrong(
        self: &Arc<Self>,
        store: &Store,
        counters: &[Counter; 2],
        counts: [Option<AttemptCount>; 2],
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        self.lock().attempts.add(counters, counts, now);
        self.soon(store).await
    }

    /// The texts issued under this number that are not in the database yet. To be asked for before the database is.
    #[must_use]
    pub fn notices(&self, number: &str) -> Vec<NoticeRecord> {
        self.lock().notices.under(number)
    }

    /// A notice was shown for the first time. The one that stands: where the same facts wait to be written already,
    /// theirs.
    ///
    /// # Errors
    /// As [`Owed::count_wrong`].
    pub async fn shown(
        self: &Arc<Self>,
        store: &Store,
        shown: Shown,
    ) -> Result<NoticeRecord, StoreError> {
        let stands = self.lock().notices.add(shown);
        self.soon(store).await?;
        Ok(stands)
    }

    /// Has it written in the background. Whoever waits for that may go away: it is not they who write.
    async fn soon(self: &Arc<Self>, store: &Store) -> Result<(), StoreError> {
        let (crowded, at_work, begun) = {
            let mut all = self.lock();
            let crowded = all.attempts.len() + all.notices.len() > MOST;
            (
                crowded,
                std::mem::replace(&mut all.at_work, true),
                all.begun,
            )
        };
        if !at_work {
            tokio::spawn(Arc::clone(self).work_off(store.clone()));
        }
        if !crowded {
            return Ok(());
        }
        let mut rounds = self.rounds.subscribe();
        let over = rounds.wait_for(|round| round.number > begun).await;
        // Whoever ends a round is here as long as this is.
        over.map_or(Ok(()), |round| round.failed.clone().map_or(Ok(()), Err))
    }

    async fn work_off(self: Arc<Self>, store: Store) {
        let mut rest = GATHER;
        loop {
            tokio::time::sleep(rest).await;
            let number = {
                let mut all = self.lock();
                all.begun += 1;
                all.begun
            };
            let failed = self.write_all(&store).await.err();
            rest = GATHER;
            if let Some(error) = &failed {
                tracing::error!(error.kind = ?error.kind(), "wrong proofs and notices could not be written: {error}");
                rest = AGAIN;
            }
            self.rounds.send_replace(Round { number, failed });
            let mut all = self.lock();
            if all.is_empty() {
                all.at_work = false;
                // Whoever came while this round was on has been written with it.
                all.begun += 1;
                self.rounds.send_replace(Round {
                    number: all.begun,
                    failed: None,
                });
                return;
            }
        }
    }

    /// Writes all that was owed when it was called; to its end, though whoever asked may go away meanwhile.
    ///
    /// # Errors
    /// [`StoreError`]; what was not written is owed still.
    pub async fn write(self: &Arc<Self>, store: &Store) -> Result<(), StoreError> {
        let (owed, store) = (Arc::clone(self), store.clone());
        let writing = tokio::spawn(async move { owed.write_all(&store).await });
        let died = |_| StoreError::new(ErrorKind::Worker, "the task that writes died");
        writing.await.map_err(died)?
    }

    /// For a task of its own: where this is dropped half-way what was under way is never owed again.
    async fn write_all(&self, store: &Store) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let mut left = {
            let all = self.lock();
            all.attempts.len().max(all.notices.len())
        };
        let mut outcome = Ok(());
        while left > 0 {
            // Attempts are a limit, and wait for no notice.
            let taken = self.lock().attempts.take(TOGETHER);
            let done = |some: &[_], written| self.lock().attempts.done(some, written);
            let attempts = write_some(store, taken, attempts::write, done).await;
            stop_where_of_all(attempts, &mut outcome)?;
            let taken = self.lock().notices.take(TOGETHER);
            let done = |some: &[_], written| self.lock().notices.done(some, written);
            let notices = write_some(store, taken, notices::write, done).await;
            stop_where_of_all(notices, &mut outcome)?;
            left = left.saturating_sub(TOGETHER);
        }
        outcome
    }
}

/// Goes on with the rest, and keeps the failure, unless the rest would fare no better.
fn stop_where_of_all(
    some: Result<(), StoreError>,
    outcome: &mut Result<(), StoreError>,
) -> Result<(), StoreError> {
    match some {
        Err(error) if error.kind().is_of_all() => return Err(error),
        Err(error) => *outcome = Err(error),
        Ok(()) => {}
    }
    Ok(())
}

/// Writes these in one transaction. Where the database is there and does not take them so, one by one: one that cannot be
/// written holds up no other. `done` is told of each what became of it.
async fn write_some<T: Send + Sync + 'static>(
    store: &Store,
    taken: Vec<T>,
    write: fn(&mut Writer<'_>, &[T]) -> Result<(), StoreError>,
    done: impl Fn(&[T], bool),
) -> Result<(), StoreError> {
    if taken.is_empty() {
        return Ok(());
    }
    let taken = Arc::new(taken);
    let write = |these: Range<usize>| {
        let taken = Arc::clone(&taken);
        store.write(move |writer| write(writer, taken.get(these.clone()).unwrap_or_default()))
    };
    let together = write(0..taken.len()).await;
    let one_by_one = together
        .as_ref()
        .is_err_and(|error| !error.kind().is_of_all());
    if taken.len() == 1 || !one_by_one {
        done(&taken, together.is_ok());
        return together;
    }
    let mut outcome: Result<(), StoreError> = Ok(());
    for (at, one) in taken.iter().enumerate() {
        let alone = if outcome
            .as_ref()
            .is_err_and(|error| error.kind().is_of_all())
        {
            outcome.clone()
        } else {
            write(at..at + 1).await
        };
        done(std::slice::from_ref(one), alone.is_ok());
        if alone.is_err() {
            outcome = alone;
        }
    }
    outcome
}
