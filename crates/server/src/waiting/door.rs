//! The way in: one task of one server at a time. Whoever keeps something hands it to two threads: one writes what has
//! come while the other waits for the disk, once for all that was written before.

use std::fs::{File, TryLockError};
use std::io;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::futures::Notified;
use tokio::sync::{Mutex, MutexGuard, Notify, oneshot};

use super::file::{LONGEST, WaitingFile, held, waits};
use super::room::WaitingRoom;
use crate::gather::Gathered;

/// How many may be under way, and how long those wait who find no room.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Ratings in company that have not entered the database yet, at most: then those who rate wait.
    pub unsettled: usize,
    /// So long; and so long for another server that is inside.
    pub patience: Duration,
    /// After a failure to let groups in it is tried again this much later.
    pub again: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unsettled: 4096,
            patience: LONGEST,
            again: Duration::from_secs(5),
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
    jobs: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Inside {
    room: Mutex<WaitingRoom>,
    file: Arc<WaitingFile>,
    written: Arc<AtomicU64>,
    synced: AtomicU64,
    departed: Arc<AtomicU64>,
}

/// Something to do in the room; what it returns tells the asker, once the disk has answered.
type Job = Box<dyn FnOnce(&mut WaitingRoom) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), io::ErrorKind>) + Send>;

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
        let inside = Arc::new(Inside {
            file: Arc::clone(&room.file),
            written: Arc::clone(&room.written),
            synced: AtomicU64::new(0),
            departed: Arc::clone(&room.departed),
            room: Mutex::new(room),
        });
        let (jobs, come) = channel();
        let (answers, written) = channel();
        let (writer, waiter) = (Arc::clone(&inside), Arc::clone(&inside));
        let clock = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let threads = vec![
            thread("waiting-writer")
                .spawn(move || write(&writer, limits.patience, &clock, &come, &answers))?,
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
            jobs: Some(jobs),
            threads,
        }))
    }

    /// Enters it, after whoever is inside.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::WouldBlock`] where another server does not come out.
    pub async fn enter(&self) -> io::Result<Entered<'_>> {
        let until = Instant::now() + self.limits.patience;
        let room = self.inside.room(until).await?;
        // No thread is held while another server is inside.
        for wait in waits(left(until)) {
            if self.inside.file.try_lock()? {
                return tokio::task::block_in_place(|| Entered::locked(room));
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
        let died = || io::Error::other("the waiting room is closed");
        let (reply, receiver) = oneshot::channel();
        let job: Job = Box::new(move |room| {
            let sure = room.make_sure();
            let done = catch_unwind(AssertUnwindSafe(|| sure.and_then(|()| work(room))));
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
        let jobs = self.jobs.as_ref().ok_or_else(died)?;
        jobs.send(job).map_err(|_| died())?;
        receiver.await.unwrap_or_else(|_| Err(died()))
    }

    /// Returns when everything written before `moment` is on the disk.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn on_disk(&self, moment: u64) -> io::Result<()> {
        if self.inside.synced.load(Ordering::Acquire) >= moment {
            return Ok(());
        }
        self.keeping(|_| Ok(())).await
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
    pub(super) fn file(&self) -> &WaitingFile {
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
        self.jobs = None;
        let this = std::thread::current().id();
        for thread in self.threads.drain(..) {
            // What was asked of the room may be the last to know of it: then this is one of the threads.
            if thread.thread().id() != this {
                let _ = thread.join();
            }
        }
    }
}

impl Inside {
    /// After the tasks of this server.
    async fn room(&self, until: Instant) -> io::Result<MutexGuard<'_, WaitingRoom>> {
        let room = tokio::time::timeout_at(until.into(), self.room.lock());
        room.await.map_err(|_| held())
    }
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// Does in the room what has come, and hands on who is to be told.
fn write(
    inside: &Inside,
    patience: Duration,
    clock: &Runtime,
    come: &Receiver<Job>,
    answers: &Sender<Vec<Answer>>,
) {
    while let Ok(first) = come.recv() {
        // One patience for both: the tasks of this server, and another server.
        let until = Instant::now() + patience;
        let entered = clock.block_on(inside.room(until)).and_then(|room| {
            inside.file.lock(left(until))?;
            Entered::locked(room)
        });
        let told = match entered {
            Ok(mut room) => {
                let mut told = vec![first(&mut room)];
                while let Ok(next) = come.try_recv() {
                    told.push(next(&mut room));
                }
                told
            }
            Err(error) => {
                // Whoever asked is told that the room is closed, and so are those who came meanwhile.
                tracing::error!(error.kind = ?error.kind(), "the waiting room could not be entered");
                while come.try_recv().is_ok() {}
                continue;
            }
        };
        if answers.send(told).is_err() {
            return;
        }
    }
}

/// Waits for the disk, once for all who came before.
fn sync(inside: &Inside, written: &Receiver<Vec<Answer>>) {
    let mut before = Gathered::default();
    while let Ok(mut told) = written.recv() {
        let started = Instant::now();
        loop {
            while let Ok(more) = written.try_recv() {
                told.extend(more);
            }
            let Some(patience) = before.patience(told.len(), started.elapsed()) else {
                break;
            };
            match written.recv_timeout(patience) {
                Ok(more) => told.extend(more),
                Err(_) => break,
            }
        }
        let moment = inside.written.load(Ordering::Acquire);
        let mut synced = Ok(());
        if inside.synced.load(Ordering::Acquire) < moment {
            let waited = Instant::now();
            synced = inside.file.sync().map_err(|error| error.kind());
            before = Gathered {
                took: waited.elapsed(),
                answered: told.len(),
            };
        }
        if synced.is_ok() {
            inside.synced.fetch_max(moment, Ordering::AcqRel);
        }
        for answer in told {
            answer(synced);
        }
    }
}

/// Being inside.
#[derive(Debug)]
pub struct Entered<'a>(MutexGuard<'a, WaitingRoom>);

impl<'a> Entered<'a> {
    /// Once the file is locked.
    fn locked(room: MutexGuard<'a, WaitingRoom>) -> io::Result<Self> {
        // Unlocks again whatever comes.
        let mut entered = Self(room);
        entered.refresh()?;
        Ok(entered)
    }
}

impl Deref for Entered<'_> {
    type Target = WaitingRoom;

    fn deref(&self) -> &WaitingRoom {
        &self.0
    }
}

impl DerefMut for Entered<'_> {
    fn deref_mut(&mut self) -> &mut WaitingRoom {
        &mut self.0
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.doubt();
        }
        self.0.file.unlock();
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
