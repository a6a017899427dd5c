//! What the tasks and the two threads of a server share, and what the threads do: one writes what has come while the other
//! waits for the disk, once for all that was written before. For a disk that answers at once the one that writes waits
//! itself: to wake the other would cost more than it gains.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::{Mutex, MutexGuard};

use super::coming::Queue;
use super::door::Limits;
use super::entered::Entered;
use super::file::{WaitingFile, held};
use super::kept::Owed;
use super::room::WaitingRoom;
use crate::gather::Gathered;

/// Where the disk answers at once those who are on the way are waited for so long, at most.
const LONGEST: Duration = Duration::from_millis(1);

/// The room as all of them see it, and what the threads have learned of the disk.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) room: Mutex<WaitingRoom>,
    pub(super) file: Arc<WaitingFile>,
    pub(super) written: Arc<AtomicU64>,
    pub(super) synced: AtomicU64,
    pub(super) departed: Arc<AtomicU64>,
    pub(super) owed: Arc<Owed>,
    /// How long whoever writes may let others gather, in microseconds.
    gathering: AtomicU64,
    /// How long the disk took, the last time, in microseconds.
    took: AtomicU64,
    /// How many waited for the disk together, the last time.
    pub(super) together: AtomicUsize,
    /// How long nobody comes though many do, in microseconds.
    pub(super) pause: AtomicU64,
    /// Ratings in company, as whoever was inside left them.
    pub(super) unsettled: AtomicUsize,
}

impl Inside {
    pub(super) fn new(room: WaitingRoom) -> Self {
        Self {
            file: Arc::clone(&room.file),
            written: Arc::clone(&room.written),
            synced: AtomicU64::new(0),
            departed: Arc::clone(&room.departed),
            owed: Arc::clone(&room.owed),
            gathering: AtomicU64::new(0),
            took: AtomicU64::new(0),
            together: AtomicUsize::new(0),
            pause: AtomicU64::new(0),
            unsettled: AtomicUsize::new(0),
            room: Mutex::new(room),
        }
    }

    /// After the tasks of this server.
    pub(super) async fn room(&self, until: Instant) -> io::Result<MutexGuard<'_, WaitingRoom>> {
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

    /// Brings to the disk what was written before, and says what became of it; how long that took, where there was
    /// anything.
    fn bring(&self) -> (Option<io::ErrorKind>, Option<Duration>) {
        let moment = self.written.load(Ordering::Acquire);
        if self.synced.load(Ordering::Acquire) >= moment {
            return (None, None);
        }
        let began = Instant::now();
        let failed = self.file.sync().err().map(|error| error.kind());
        if failed.is_none() {
            self.synced.fetch_max(moment, Ordering::AcqRel);
        }
        let took = began.elapsed();
        self.took.store(micros(took), Ordering::Relaxed);
        (failed, Some(took))
    }

    /// Tells all of these what became of what they wrote.
    fn tell(&self, answers: Vec<(u64, Answer)>, failed: Option<io::ErrorKind>) {
        let synced = self.synced.load(Ordering::Acquire);
        for (moment, answer) in answers {
            // What an earlier wait has brought to the disk is there, whatever becomes of this one.
            let failed = failed.filter(|_| moment > synced);
            answer(failed.map_or(Ok(()), Err));
        }
    }

    /// Does both, for the thread that writes.
    fn bring_and_tell(&self, answers: Vec<(u64, Answer)>, come: &Queue) {
        let batch = answers.len();
        let (failed, took) = self.bring();
        if let Some(took) = took {
            self.together.store(batch + come.len(), Ordering::Relaxed);
            self.pause.store(micros(took * 2), Ordering::Relaxed);
            self.gathering.store(0, Ordering::Relaxed);
        }
        self.tell(answers, failed);
    }
}

/// Who is to be told, each after the moment of what it wrote; and how many of them come again when they have been.
#[derive(Default)]
pub(super) struct Told {
    pub(super) answers: Vec<(u64, Answer)>,
    pub(super) come_again: usize,
}

/// Something to do in the room; what it returns tells the asker, once the disk has answered.
pub(super) type Job = Box<dyn FnOnce(&mut WaitingRoom) -> Answer + Send>;
pub(super) type Answer = Box<dyn FnOnce(Result<(), io::ErrorKind>) + Send>;

pub(super) fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// Does in the room what has come, and hands on who is to be told.
pub(super) fn write(
    inside: &Inside,
    Limits {
        patience, quick, ..
    }: Limits,
    clock: &Runtime,
    come: &Queue,
    answers: &Sender<Told>,
) {
    let _taker = come.taker();
    let quick = micros(quick);
    let is_quick = || inside.took.load(Ordering::Relaxed) < quick;
    while let Some(jobs) = come.take(is_quick().then_some(LONGEST)) {
        // One patience for both: the tasks of this server, and another server.
        let until = Instant::now() + patience;
        let told: Vec<_> = match inside.enter(clock, until) {
            Ok(mut room) => {
                let mut told = Vec::new();
                let mut jobs = jobs;
                while !jobs.is_empty() {
                    told.extend(jobs.into_iter().map(|job| job(&mut room)));
                    jobs = come.more();
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
                drop((jobs, come.more()));
                continue;
            }
        };
        if is_quick() {
            inside.bring_and_tell(told, come);
            continue;
        }
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
pub(super) fn sync(inside: &Inside, written: &Receiver<Told>) {
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
        let (failed, took) = inside.bring();
        if let Some(took) = took {
            ended = Instant::now();
            come.add_all(written);
            gathered.answered(told.come_again, waited, took, come.come_again);
            inside
                .gathering
                .store(micros(gathered.gathering()), Ordering::Relaxed);
            inside
                .pause
                .store(micros(gathered.pause()), Ordering::Relaxed);
            let together = told.come_again;
            inside.together.store(together, Ordering::Relaxed);
        }
        inside.tell(told.answers, failed);
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
