//! The way in: one task of one server at a time. Whoever keeps something hands it to two threads (`inside.rs`).

use std::fs::{File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use dung_hen_domain::integrity::Counted;
use tokio::sync::futures::Notified;
use tokio::sync::{Mutex, MutexGuard, Notify, oneshot};

use super::coming::{Coming, Queue};
use super::entered::Entered;
use super::file::{LONGEST, held, waits};
use super::inside::{Answer, Inside, Job, Told, left, sync, write};
use super::room::WaitingRoom;
use crate::worker::in_place;

/// How many may be under way, and how long those wait who find no room.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Ratings in company that have not entered the database yet, at most: then those who rate wait.
    pub unsettled: usize,
    /// So long; and so long for another server that is inside.
    pub patience: Duration,
    /// After a failure to let groups in it is tried again this much later.
    pub again: Duration,
    /// Whoever writes waits itself for a disk that answers sooner than this.
    pub quick: Duration,
}

/// Whoever only counts something does not wait longer.
const MOMENT: Duration = Duration::from_millis(250);

impl Default for Limits {
    fn default() -> Self {
        Self {
            unsettled: 8192,
            patience: LONGEST,
            again: Duration::from_secs(5),
            quick: Duration::from_millis(1),
        }
    }
}

/// The waiting room of all servers that share a directory: one of them is inside at a time.
#[derive(Debug)]
pub struct Waiting {
    inside: Arc<Inside>,
    entering: File,
    turn: Mutex<()>,
    /// Whether somebody lets groups into the database now.
    at_work: AtomicBool,
    relieved: Notify,
    at_door: AtomicUsize,
    limits: Limits,
    jobs: Arc<Queue>,
    answers: Option<Sender<Told>>,
    threads: Vec<JoinHandle<()>>,
}

impl Waiting {
    /// Opens or makes the room in this directory.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open(directory: &Path) -> io::Result<Arc<Self>> {
        Self::open_for(directory, Limits::default())
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open_for(directory: &Path, limits: Limits) -> io::Result<Arc<Self>> {
        let room = WaitingRoom::open(directory)?;
        let entering = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(directory.join("entering"))?;
        let inside = Arc::new(Inside::new(room));
        let jobs = Arc::new(Queue::default());
        let come = Arc::clone(&jobs);
        let (answers, written) = channel();
        let (writer, waiter) = (Arc::clone(&inside), Arc::clone(&inside));
        let to_waiter = answers.clone();
        let clock = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let threads = vec![
            thread("waiting-writer")
                .spawn(move || write(&writer, limits, &clock, &come, &to_waiter))?,
            thread("waiting-disk").spawn(move || sync(&waiter, &written))?,
        ];
        Ok(Arc::new(Self {
            inside,
            entering,
            turn: Mutex::default(),
            at_work: AtomicBool::new(false),
            relieved: Notify::new(),
            at_door: AtomicUsize::new(0),
            limits,
            jobs,
            answers: Some(answers),
            threads,
        }))
    }

    /// Enters it, after whoever is inside.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::WouldBlock`] where another server does not come out.
    pub async fn enter(&self) -> io::Result<Entered<'_>> {
        self.enter_within(self.limits.patience).await
    }

    async fn enter_within(&self, patience: Duration) -> io::Result<Entered<'_>> {
        let until = Instant::now() + patience;
        let room = self.inside.room(until).await?;
        // No thread is held while another server is inside.
        for wait in waits(left(until)) {
            if self.inside.file.try_lock()? {
                return in_place(|| Entered::locked(room));
            }
            tokio::time::sleep(wait).await;
        }
        Err(held())
    }

    /// Does this in the room, and returns when all that it wrote is on the disk. Where that fails, what it wrote may be
    /// there or not.
    ///
    /// # Errors
    /// What the work or the disk says.
    pub async fn keeping<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WaitingRoom) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        self.keeping_of(None, work).await
    }

    /// Says that somebody comes in a moment, for [`Waiting::keeping_of`].
    #[must_use]
    pub fn coming(&self) -> Coming {
        self.jobs.coming()
    }

    /// The same for somebody who was on the way.
    ///
    /// # Errors
    /// As [`Waiting::keeping`].
    pub async fn keeping_of<T: Send + 'static>(
        &self,
        coming: Option<Coming>,
        work: impl FnOnce(&mut WaitingRoom) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let died = || io::Error::other("the waiting room is closed");
        let (reply, receiver) = oneshot::channel();
        let job: Job = Box::new(move |room| {
            let done = catch_unwind(AssertUnwindSafe(|| {
                room.make_sure().and_then(|()| work(room))
            }));
            let outcome = done.unwrap_or_else(|_| {
                room.doubt();
                Err(died())
            });
            Box::new(move |synced| {
                let outcome = synced.map_err(io::Error::from).and(outcome);
                // An asker who no longer listens changes nothing.
                let _ = reply.send(outcome);
            })
        });
        // Not on the way any more when it has come.
        drop(coming);
        if !self.jobs.put(job) {
            return Err(died());
        }
        receiver.await.unwrap_or_else(|_| Err(died()))
    }

    /// Returns when everything written before `moment` is on the disk.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn on_disk(&self, moment: u64) -> io::Result<()> {
        self.flushed(moment, 1).await
    }

    /// The same with the next who wait for the disk, for whoever is in no hurry.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn on_disk_with_others(&self, moment: u64) -> io::Result<()> {
        self.flushed(moment, 0).await
    }

    async fn flushed(&self, moment: u64, come_again: usize) -> io::Result<()> {
        if self.inside.synced.load(Ordering::Acquire) >= moment {
            return Ok(());
        }
        self.told(moment, come_again).await
    }

    /// Is told after the next wait for the disk, or at once where there is nothing to wait for.
    pub(super) async fn told(&self, moment: u64, come_again: usize) -> io::Result<()> {
        let died = || io::Error::other("the waiting room is closed");
        let (reply, receiver) = oneshot::channel();
        let answer: Answer = Box::new(move |synced| {
            let _ = reply.send(synced.map_err(io::Error::from));
        });
        let told = Told {
            answers: vec![(moment, answer)],
            come_again,
        };
        let answers = self.answers.as_ref().ok_or_else(died)?;
        answers.send(told).map_err(|_| died())?;
        receiver.await.unwrap_or_else(|_| Err(died()))
    }

    /// Counts so many more of each, and returns the moment of it. Where the room cannot be entered now, whoever enters it
    /// next does it.
    ///
    /// # Errors
    /// Why it is not done yet.
    pub async fn count(
        &self,
        agency: &str,
        today: NaiveDate,
        kinds: &[(Counted, i64)],
    ) -> io::Result<u64> {
        self.inside.owed.add(agency, today, kinds);
        let mut room = self.enter_within(MOMENT.min(self.limits.patience)).await?;
        in_place(|| room.pay())?;
        Ok(room.moment())
    }

    /// How many ratings have left the room, for [`WaitingRoom::left_since`].
    #[must_use]
    pub fn departed(&self) -> u64 {
        self.inside.departed.load(Ordering::Acquire)
    }

    #[cfg(test)]
    pub(super) fn synced(&self) -> u64 {
        self.inside.synced.load(Ordering::Acquire)
    }

    #[cfg(test)]
    pub(super) fn file(&self) -> &super::file::WaitingFile {
        &self.inside.file
    }

    /// The right to let groups into the database: one task of all servers that share the room has it at a time, so that
    /// nobody counts those as company who are under way already.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::WouldBlock`] where another server keeps it.
    pub async fn turn(&self) -> io::Result<Turn<'_>> {
        // A task of this server comes to its end.
        let turn = self.turn.lock().await;
        // No thread is held while another server has it.
        for wait in waits(self.limits.patience) {
            match self.entering.try_lock() {
                Ok(()) => {
                    return Ok(Turn {
                        waiting: self,
                        _turn: turn,
                    });
                }
                Err(TryLockError::WouldBlock) => tokio::time::sleep(wait).await,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        tracing::error!("another server lets groups in and does not come to an end");
        Err(held())
    }

    /// The right to let groups in, and the duty to go on until nobody has company; `None` where another task of this
    /// server is at it.
    #[must_use]
    pub fn begin(self: &Arc<Self>) -> Option<AtWork> {
        let idle = !self.at_work.swap(true, Ordering::AcqRel);
        idle.then(|| AtWork(Arc::clone(self)))
    }

    /// Ratings that are about to enter the database, at most.
    #[must_use]
    pub const fn room_for(&self) -> usize {
        self.limits.unsettled
    }

    /// How long a rating waits for a place while too many are under way.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        self.limits.patience
    }

    /// How long it rests that could not let groups in.
    #[must_use]
    pub const fn again(&self) -> Duration {
        self.limits.again
    }

    /// Whether so many are about to enter that there will be no room soon.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.at_door() > 0
            || self.inside.unsettled.load(Ordering::Relaxed) > self.limits.unsettled / 2
    }

    /// The moment of the last change while many come at once.
    #[must_use]
    pub fn many(&self) -> Option<u64> {
        let many = self.inside.together.load(Ordering::Relaxed) > 1;
        many.then(|| self.inside.written.load(Ordering::Acquire))
    }

    /// How long nobody comes though many rate, at most: they wait for the disk.
    #[must_use]
    pub fn pause(&self) -> Duration {
        Duration::from_micros(self.inside.pause.load(Ordering::Relaxed))
    }

    /// Told when ratings have left the room.
    #[must_use]
    pub const fn relieved(&self) -> &Notify {
        &self.relieved
    }

    /// Waits until ratings have left the room, within what is left of somebody's patience; `false` where none has.
    pub async fn relief(
        &self,
        relieved: Pin<&mut Notified<'_>>,
        until: tokio::time::Instant,
    ) -> bool {
        self.at_door.fetch_add(1, Ordering::AcqRel);
        let relieved = tokio::time::timeout_at(until, relieved).await;
        self.at_door.fetch_sub(1, Ordering::AcqRel);
        relieved.is_ok()
    }

    /// How many wait for a place.
    #[must_use]
    pub fn at_door(&self) -> usize {
        self.at_door.load(Ordering::Acquire)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // The threads do what waits, then end; after this nothing of the process holds the file.
        self.jobs.close();
        self.answers = None;
        let this = std::thread::current().id();
        // What was asked of the room may be the last to know of it: then this is one of the threads, and they end by
        // themselves, one after the other.
        if self.threads.iter().all(|one| one.thread().id() != this) {
            for thread in self.threads.drain(..) {
                let _ = thread.join();
            }
        }
    }
}

/// Being the task that lets groups in; ends with it, however that ends.
#[derive(Debug)]
pub struct AtWork(Arc<Waiting>);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.at_work.store(false, Ordering::Release);
    }
}

/// The right to let groups into the database.
#[derive(Debug)]
pub struct Turn<'a> {
    waiting: &'a Waiting,
    _turn: MutexGuard<'a, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // Where this fails the lock ends with the process.
        let _ = self.waiting.entering.unlock();
        self.waiting.relieved.notify_waiters();
    }
}
