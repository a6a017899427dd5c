//! What has come for the thread that writes, and how many are on the way to it.
//!
//! Where the disk answers at once, what a rating costs is its way to the disk: each thread that is woken, each round of
//! writing and each wait. So whoever writes waits a moment for those who are on the way, and is woken once for all of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::inside::Job;

/// What has come, and how many are on the way.
#[derive(Default)]
pub(super) struct Queue {
    come: Mutex<Come>,
    /// Told to whoever writes.
    enough: Condvar,
    on_the_way: AtomicUsize,
}

#[derive(Default)]
struct Come {
    jobs: Vec<Job>,
    awaited: Awaited,
    closed: bool,
}

/// What whoever writes waits for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Awaited {
    /// Nothing: it writes.
    #[default]
    None,
    /// Anyone.
    First,
    /// That as many have come as are on the way.
    Half,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queue")
    }
}

/// Somebody who comes in a moment, or turns out to have nothing to keep.
#[derive(Debug)]
pub struct Coming(Arc<Queue>);

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.on_the_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Being the one who takes what comes; with it the queue ends.
pub(super) struct Taker<'a>(&'a Queue);

impl Drop for Taker<'_> {
    fn drop(&mut self) {
        self.0.close();
        // Nobody does it any more; whoever asked is told so.
        drop(self.0.more());
    }
}

impl Queue {
    fn come(&self) -> MutexGuard<'_, Come> {
        self.come.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that somebody is on the way.
    pub(super) fn coming(self: &Arc<Self>) -> Coming {
        self.on_the_way.fetch_add(1, Ordering::Relaxed);
        Coming(Arc::clone(self))
    }

    fn is_enough(&self, come: usize) -> bool {
        come >= self.on_the_way.load(Ordering::Relaxed)
    }

    /// `false` where nobody takes it any more.
    pub(super) fn put(&self, job: Job) -> bool {
        let mut come = self.come();
        if come.closed {
            return false;
        }
        come.jobs.push(job);
        let wake = match come.awaited {
            Awaited::None => false,
            Awaited::First => true,
            Awaited::Half => self.is_enough(come.jobs.len()),
        };
        drop(come);
        if wake {
            self.enough.notify_one();
        }
        true
    }

    /// How many have come that nobody has taken.
    pub(super) fn len(&self) -> usize {
        self.come().jobs.len()
    }

    /// Those, without waiting.
    pub(super) fn more(&self) -> Vec<Job> {
        std::mem::take(&mut self.come().jobs)
    }

    /// All who have come, as soon as there is one; with patience so much later, at most, while more are on the way than have
    /// come. `None` after the last, when it is closed.
    pub(super) fn take(&self, patience: Option<Duration>) -> Option<Vec<Job>> {
        let mut come = self.come();
        come.awaited = Awaited::First;
        let none = |come: &mut Come| come.jobs.is_empty() && !come.closed;
        let waited = self.enough.wait_while(come, none);
        come = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some(patience) = patience {
            come.awaited = Awaited::Half;
            let few = |come: &mut Come| !come.closed && !self.is_enough(come.jobs.len());
            let waited = self.enough.wait_timeout_while(come, patience, few);
            (come, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        come.awaited = Awaited::None;
        let jobs = std::mem::take(&mut come.jobs);
        drop(come);
        (!jobs.is_empty()).then_some(jobs)
    }

    /// Nobody comes any more.
    pub(super) fn close(&self) {
        self.come().closed = true;
        self.enough.notify_one();
    }

    pub(super) const fn taker(&self) -> Taker<'_> {
        Taker(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn job() -> Job {
        Box::new(|_| Box::new(|_| ()))
    }

    fn taken(queue: &Queue, patience: Option<Duration>) -> Option<usize> {
        queue.take(patience).map(|jobs| jobs.len())
    }

    #[test]
    fn nobody_waits_where_nobody_is_on_the_way() {
        let queue = Arc::new(Queue::default());
        let coming = queue.coming();
        drop(coming);
        assert!(queue.put(job()));
        assert_eq!(taken(&queue, Some(LONG)), Some(1));
    }

    #[test]
    fn whoever_writes_waits_until_as_many_have_come_as_are_on_the_way() {
        let queue = Arc::new(Queue::default());
        let [first, second, third] = [(); 3].map(|()| queue.coming());
        let writer = std::thread::spawn({
            let queue = Arc::clone(&queue);
            move || taken(&queue, Some(LONG))
        });
        drop(first);
        assert!(queue.put(job()));
        let begun = std::time::Instant::now();
        while queue.come().awaited != Awaited::Half {
            assert!(begun.elapsed() < LONG, "two are on the way, one has come");
            std::thread::yield_now();
        }
        drop(second);
        assert!(queue.put(job()));
        assert_eq!(writer.join().unwrap(), Some(2));
        assert!(begun.elapsed() < LONG, "nobody woke whoever writes");
        drop(third);
    }

    #[test]
    fn who_does_not_come_is_waited_for_no_longer_than_patience() {
        let queue = Arc::new(Queue::default());
        let _never = queue.coming();
        let _nor = queue.coming();
        assert!(queue.put(job()));
        assert_eq!(taken(&queue, Some(Duration::ZERO)), Some(1));
        assert!(queue.put(job()));
        assert_eq!(taken(&queue, None), Some(1), "without patience");
    }

    #[test]
    fn what_has_come_is_taken_before_the_end_and_nothing_after_it() {
        let queue = Arc::new(Queue::default());
        assert!(queue.put(job()));
        queue.close();
        assert_eq!(taken(&queue, Some(LONG)), Some(1));
        assert_eq!(taken(&queue, Some(LONG)), None);
        assert!(!queue.put(job()));
    }

    #[test]
    fn whoever_asked_learns_that_nobody_takes_it() {
        let queue = Queue::default();
        let asked = Arc::new(());
        let asks = Arc::clone(&asked);
        let job: Job = Box::new(move |_| Box::new(move |_| drop(asks)));
        assert!(queue.put(job));
        drop(queue.taker());
        assert_eq!(Arc::strong_count(&asked), 1);
    }
}
