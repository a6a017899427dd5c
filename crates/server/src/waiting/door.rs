//! The way in: one task of one server at a time. Whoever keeps something hands it to two threads: one writes what has
//! come while the other waits for the disk, once for all that was written before.

use std::fs::{File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use dung_hen_domain::integrity::Counted;
use tokio::runtime::Runtime;
use tokio::sync::futures::Notified;
use tokio::sync::{Mutex, MutexGuard, Notify, oneshot};

use super::entered::Entered;
use super::file::{LONGEST, WaitingFile, held, waits};
use super::kept::Owed;
use super::room::WaitingRoom;
use crate::gather::Gathered;
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
}

/// Whoever only counts something does not wait longer.
const MOMENT: Duration = Duration::from_millis(250);

impl Default for Limits {
    fn default() -> Self {
        Self {
            unsettled: 8192,
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
    answers: Option<Sender<Told>>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Inside {
    room: Mutex<WaitingRoom>,
    file: Arc<WaitingFile>,
    written: Arc<AtomicU64>,
    synced: AtomicU64,
    departed: Arc<AtomicU64>,
    owed: Arc<Owed>,
    /// How long whoever writes may let others gather, in microseconds.
    gathering: AtomicU64,
    /// How many waited for the disk together, the last time.
    together: AtomicUsize,
    /// How long nobody comes though many do, in microseconds.
    pause: AtomicU64,
    /// Ratings in company, as whoever was inside left them.
    unsettled: AtomicUsize,
}

/// Who is to be told, each after the moment of what it wrote; and how many of them come again when they have been.
#[derive(Default)]
struct Told {
    answers: Vec<(u64, Answer)>,
    come_again: usize,
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
            owed: Arc::clone(&room.owed),
            gathering: AtomicU64::new(0),
            together: AtomicUsize::new(0),
            pause: AtomicU64::new(0),
            unsettled: AtomicUsize::new(0),
            room: Mutex::new(room),
        });
        let (jobs, come) = channel();
        let (answers, written) = channel();
        let (writer, waiter) = (Arc::clone(&inside), Arc::clone(&inside));
        let to_waiter = answers.clone();
        let clock = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let threads = vec![
            thread("waiting-writer")
                .spawn(move || write(&writer, limits.patience, &clock, &come, &to_waiter))?,
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
        let jobs = self.jobs.as_ref().ok_or_else(died)?;
        jobs.send(job).map_err(|_| died())?;
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
        self.jobs = None;
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

impl Inside {
    /// After the tasks of this server.
    async fn room(&self, until: Instant) -> io::Result<MutexGuard<'_, WaitingRoom>> {
        let room = tokio::time::timeout_at(until.into(), self.room.lock());
        room.await.map_err(|_| held())
    }

    /// For the thread that writes, which goes on whatever fails here.
    fn enter(&self, clock: &Runtime, until: Instant) -> io::Result<Entered<'_>> {
        let room = clock.block_on(self.room(until))?;
        self.file.lock(left(until))?;
        catch_unwind(AssertUnwindSafe(|| Entered::locked(room)))
            .unwrap_or_else(|_| Err(io::Error::other("entering broke off")))
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
    answers: &Sender<Told>,
) {
    while let Ok(first) = come.recv() {
        // One patience for both: the tasks of this server, and another server.
        let until = Instant::now() + patience;
        let told: Vec<_> = match inside.enter(clock, until) {
            Ok(mut room) => {
                let mut told = vec![first(&mut room)];
                while let Ok(next) = come.try_recv() {
                    told.push(next(&mut room));
                }
                let sealed = room.seal();
                let unsettled = room.unsettled();
                inside.unsettled.store(unsettled, Ordering::Relaxed);
                let moment = room.moment();
                drop(room);
                if let Err(error) = sealed {
                    // Neither kept nor counted.
                    for answer in told {
                        answer(Err(error.kind()));
                    }
                    continue;
                }
                told.into_iter().map(|answer| (moment, answer)).collect()
            }
            Err(error) => {
                // Whoever asked is told that the room is closed, and so are those who came meanwhile.
                tracing::error!(error.kind = ?error.kind(), "the waiting room could not be entered");
                while come.try_recv().is_ok() {}
                continue;
            }
        };
        let told = Told {
            come_again: told.len(),
            answers: told,
        };
        if answers.send(told).is_err() {
            return;
        }
        // Where many come at once nobody is woken for each of them.
        let gathering = inside.gathering.load(Ordering::Relaxed);
        if gathering > 0 {
            std::thread::sleep(Duration::from_micros(gathering));
        }
    }
    // What could not be counted before.
    if !inside.owed.is_empty() {
        let entered = inside.enter(clock, Instant::now() + patience);
        if entered.and_then(|mut room| room.pay()).is_err() {
            tracing::error!("what was counted last could not be written");
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Waits for the disk, once for all who came before.
fn sync(inside: &Inside, written: &Receiver<Told>) {
    let mut gathered = Gathered::default();
    let mut ended = Instant::now();
    let mut come = Told::default();
    loop {
        let mut told = std::mem::take(&mut come);
        if told.answers.is_empty() {
            match written.recv() {
                Ok(first) => told = first,
                Err(_) => return,
            }
        }
        let mut waited = false;
        loop {
            told.add_all(written);
            let Some(patience) = gathered.patience(told.come_again, ended.elapsed()) else {
                break;
            };
            waited = true;
            match written.recv_timeout(patience) {
                Ok(more) => told.add(more),
                Err(_) => break,
            }
        }
        let moment = inside.written.load(Ordering::Acquire);
        let mut failed = None;
        if inside.synced.load(Ordering::Acquire) < moment {
            let began = Instant::now();
            failed = inside.file.sync().err().map(|error| error.kind());
            if failed.is_none() {
                inside.synced.fetch_max(moment, Ordering::AcqRel);
            }
            ended = Instant::now();
            come.add_all(written);
            gathered.answered(told.come_again, waited, ended - began, come.come_again);
            inside
                .gathering
                .store(micros(gathered.gathering()), Ordering::Relaxed);
            inside
                .pause
                .store(micros(gathered.pause()), Ordering::Relaxed);
            let together = told.come_again;
            inside.together.store(together, Ordering::Relaxed);
        }
        let synced = inside.synced.load(Ordering::Acquire);
        for (moment, answer) in told.answers {
            // What an earlier wait has brought to the disk is there, whatever becomes of this one.
            let failed = failed.filter(|_| moment > synced);
            answer(failed.map_or(Ok(()), Err));
        }
    }
}

impl Told {
    fn add(&mut self, more: Self) {
        self.answers.extend(more.answers);
        self.come_again += more.come_again;
    }

    fn add_all(&mut self, written: &Receiver<Self>) {
        while let Ok(more) = written.try_recv() {
            self.add(more);
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
