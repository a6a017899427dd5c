//! The file behind the waiting room: a header page with the correction keys, then slots of one size.
//!
//! Everything is overwritten in place and erased by zeros, so that neither the file system nor a log keeps an order or
//! an earlier state; a new entry takes a free slot at random. What an entry does not fill of its slot is zeros already, so
//! only the sectors that it takes are written and erased. A slot that was only half written when the power went has a
//! wrong checksum, was never acknowledged, and counts as free; whoever finds it overwrites all of it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{Datelike as _, NaiveDate};
use sha2::{Digest as _, Sha256};

use super::chance::no_randomness;
use crate::keys::{Digest, random};

const MAGIC: &[u8; 16] = b"dung-hen waits 1";
const HEADER: usize = 4096;
/// Bytes of a slot: length, checksum, content.
const SLOT: usize = 6144;
const CONTENT: usize = SLOT - HEAD;
/// Length and checksum.
const HEAD: usize = 4 + 32;
/// What a disk writes whole or not at all.
pub(super) const SECTOR: usize = 512;
/// Slots that a file grows by: as much as a disk takes while it is waited for.
const GROW: usize = 256;
/// Correction keys kept at once, at most.
const WEEKS: usize = 8;
const WEEK: usize = 8 + 32;
/// Where the number stands that changes with every change, so that several servers notice each other's.
const GENERATION: u64 = 2048;
/// Where the random name of the room stands.
const ROOM: u64 = 2056;
/// Where the day stands on which a rating was counted last, as days from the beginning of the common era.
const DAY: u64 = 2072;
/// Where the random number stands of whoever was inside last and changed something.
const STAY: u64 = 2080;
/// In the length of a slot, whose last byte is nothing else: what it holds is not counted yet.
const UNCOUNTED: u32 = 1 << 31;

/// A calendar week, by its Monday as days from the beginning of the common era; and its key.
pub(super) type WeekKey = (i64, Digest);

#[derive(Debug)]
pub(super) struct WaitingFile {
    file: File,
    /// Whether the disk has failed. Linux tells of a failed write once and counts the pages as written from then on: so
    /// what an earlier wait did not bring to the disk, no later one does.
    failed: Mutex<bool>,
    #[cfg(test)]
    pub(super) fault: Fault,
}

/// A disk that fails once, how often it was waited for, and what the power going would leave of the file.
#[cfg(test)]
#[derive(Debug, Default)]
pub(super) struct Fault {
    pub(super) next: std::sync::atomic::AtomicBool,
    pub(super) syncs: std::sync::atomic::AtomicU64,
    /// Whether somebody fails at the next write.
    pub(super) panics: std::sync::atomic::AtomicBool,
    /// Writes until one fails; none fails at nought.
    pub(super) writes: std::sync::atomic::AtomicU64,
    /// Changes of the file until the process is killed, after which there are none; it lives on at nought.
    pub(super) lives: std::sync::atomic::AtomicU64,
    /// What the next look at the file does first.
    pub(super) looks: Mutex<Option<Look>>,
    /// The file as it was when the last wait began that came to a good end: the least that a disk has kept.
    pub(super) left: Mutex<Vec<u8>>,
}

#[cfg(test)]
type Look = fn() -> io::Result<()>;

#[cfg(test)]
impl Fault {
    fn writes(&self) -> io::Result<()> {
        use std::sync::atomic::Ordering;
        let panics = self.panics.swap(false, Ordering::SeqCst);
        assert!(!panics, "in the middle");
        let before = |left: u64| left.checked_sub(1);
        match self
            .writes
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, before)
        {
            Ok(1) => Err(io::Error::other("a disk that takes no writes")),
            _ => Ok(()),
        }
    }

    /// Whether the process still lives; from 1 on it is dead.
    fn lives(&self) -> bool {
        use std::sync::atomic::Ordering;
        let next = |left: u64| (left > 1).then(|| left - 1);
        let left = self
            .lives
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
        left.map_or_else(|left| left == 0, |_| true)
    }

    fn looks(&self) -> io::Result<()> {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let next = looks.take();
        drop(looks);
        next.map_or(Ok(()), |next| next())
    }

    fn syncs(&self, file: &File, sync: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
        use std::sync::atomic::Ordering;
        self.syncs.fetch_add(1, Ordering::SeqCst);
        if self.next.swap(false, Ordering::SeqCst) {
            return Err(io::Error::other("a disk that fails"));
        }
        let mut left = vec![0; usize::try_from(file.metadata()?.len()).unwrap_or(0)];
        file.read_exact_at(&mut left, 0)?;
        sync(file)?;
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = left;
        Ok(())
    }
}

/// Another server that has stopped in the middle is waited for so long.
pub(super) const LONGEST: Duration = Duration::from_secs(10);

/// The pauses after each look at what another server holds: short at first, since it is out in a moment; for so long in
/// all. With nothing left there is one look still.
pub(super) fn waits(longest: Duration) -> impl Iterator<Item = Duration> {
    let first = Duration::from_micros(100);
    let mut left = Some(longest);
    std::iter::successors(Some(first), |wait| Some((*wait * 2).min(AFTER_ANOTHER))).map_while(
        move |wait| {
            let now = left?;
            let wait = wait.min(now);
            left = (!now.is_zero()).then(|| now.saturating_sub(wait));
            Some(wait)
        },
    )
}

/// The longest of these pauses.
const AFTER_ANOTHER: Duration = Duration::from_millis(20);

pub(super) fn held() -> io::Error {
    let what = "another server is in the waiting room and does not come out";
    io::Error::new(io::ErrorKind::WouldBlock, what)
}

fn corrupt(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl WaitingFile {
    /// Opens or makes the file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        let waiting = Self {
            file,
            failed: Mutex::default(),
            #[cfg(test)]
            fault: Fault::default(),
        };
        waiting.lock(LONGEST)?;
        let made = waiting.make();
        waiting.unlock();
        made.map(|()| waiting)
    }

    fn make(&self) -> io::Result<()> {
        if self.file.metadata()?.len() < HEADER as u64 {
            self.file.set_len(HEADER as u64)?;
            self.file.write_all_at(MAGIC, 0)?;
            self.grow()?;
            return self.bring();
        }
        let mut magic = [0; 16];
        self.file.read_exact_at(&mut magic, 0)?;
        if &magic != MAGIC {
            return Err(corrupt("not a file of waiting ratings"));
        }
        self.bring()
    }

    /// Brings to the disk everything that is read from here on: where the disk had failed, memory may hold what it
    /// does not.
    fn bring(&self) -> io::Result<()> {
        let mut page = vec![0; SLOT];
        let (mut at, end) = (0, self.file.metadata()?.len());
        while at < end {
            let len = usize::try_from(end - at).map_or(SLOT, |left| left.min(SLOT));
            self.file.read_exact_at(&mut page[..len], at)?;
            self.file.write_all_at(&page[..len], at)?;
            at += len as u64;
        }
        self.wait(File::sync_all)
    }

    /// Keeps other servers out, after the one that is inside.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where that one does not come out.
    pub(super) fn lock(&self, patience: Duration) -> io::Result<()> {
        for wait in waits(patience) {
            if self.try_lock()? {
                return Ok(());
            }
            std::thread::sleep(wait);
        }
        Err(held())
    }

    /// The same at once; `false` where another server is inside.
    pub(super) fn try_lock(&self) -> io::Result<bool> {
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Lets them in again. Where this fails the lock ends with the process.
    pub(super) fn unlock(&self) {
        let _ = self.file.unlock();
    }

    /// The random name of the room, drawn when it is first asked for.
    pub(super) fn room(&self) -> io::Result<[u8; 16]> {
        let mut name = [0; 16];
        self.file.read_exact_at(&mut name, ROOM)?;
        if name == [0; 16] {
            let drawn = random().map_err(|_| no_randomness())?;
            name.copy_from_slice(&drawn[..16]);
            self.file.write_all_at(&name, ROOM)?;
            self.sync()?;
        }
        Ok(name)
    }

    pub(super) fn generation(&self) -> io::Result<u64> {
        #[cfg(test)]
        self.fault.looks()?;
        let mut bytes = [0; 8];
        self.file.read_exact_at(&mut bytes, GENERATION)?;
        Ok(u64::from_le_bytes(bytes))
    }

    pub(super) fn set_generation(&self, generation: u64) -> io::Result<()> {
        self.put(&generation.to_le_bytes(), GENERATION)
    }

    /// The random number of whoever was inside last and changed something.
    pub(super) fn stay(&self) -> io::Result<[u8; 8]> {
        let mut bytes = [0; 8];
        self.file.read_exact_at(&mut bytes, STAY)?;
        Ok(bytes)
    }

    pub(super) fn set_stay(&self, stay: [u8; 8]) -> io::Result<()> {
        self.put(&stay, STAY)
    }

    /// The day on which a rating was counted last; none where none was.
    pub(super) fn day(&self) -> io::Result<Option<NaiveDate>> {
        let mut bytes = [0; 4];
        self.file.read_exact_at(&mut bytes, DAY)?;
        let days = i32::from_le_bytes(bytes);
        Ok((days != 0)
            .then(|| NaiveDate::from_num_days_from_ce_opt(days))
            .flatten())
    }

    pub(super) fn set_day(&self, day: NaiveDate) -> io::Result<()> {
        self.put(&day.num_days_from_ce().to_le_bytes(), DAY)
    }

    /// Changes the file.
    fn put(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        #[cfg(test)]
        if !self.fault.lives() {
            return Ok(());
        }
        self.file.write_all_at(bytes, at)
    }

    pub(super) fn slots(&self) -> io::Result<usize> {
        let len = usize::try_from(self.file.metadata()?.len()).unwrap_or(0);
        Ok(len.saturating_sub(HEADER) / SLOT)
    }

    /// Makes more places. They are written and not only promised by the file system, so that filling one changes nothing
    /// but its bytes: otherwise each wait for the disk is one for its tables, too. On the disk with the next wait: until
    /// then nothing stands in them that anybody was told of.
    pub(super) fn grow(&self) -> io::Result<()> {
        static NONE: [u8; SLOT] = [0; SLOT];
        let slots = self.slots()?;
        for slot in slots..slots + GROW {
            self.file.write_all_at(&NONE, Self::at(slot))?;
        }
        Ok(())
    }

    const fn at(slot: usize) -> u64 {
        (HEADER + slot * SLOT) as u64
    }

    /// What a slot holds, and whether that is counted; `None` where it is free. What is half written is overwritten.
    pub(super) fn read(&self, slot: usize) -> io::Result<Option<(Vec<u8>, bool)>> {
        let mut bytes = vec![0; SLOT];
        self.file.read_exact_at(&mut bytes, Self::at(slot))?;
        let (head, content) = bytes.split_at(HEAD);
        let (len, sum) = head.split_at(4);
        let len = u32::from_le_bytes(len.try_into().unwrap_or_default());
        let counted = len & UNCOUNTED == 0;
        let len = (len & !UNCOUNTED) as usize;
        match content.get(..len) {
            Some(content) if len > 0 && Sha256::digest(content)[..] == *sum => {
                Ok(Some((content.to_vec(), counted)))
            }
            _ => {
                if bytes.iter().any(|byte| *byte != 0) {
                    self.put(&[0; SLOT], Self::at(slot))?;
                }
                Ok(None)
            }
        }
    }

    /// Fills a slot that is free, or holds no more sectors than this; durable after [`WaitingFile::sync`].
    pub(super) fn write(&self, slot: usize, content: &[u8], counted: bool) -> io::Result<()> {
        if content.len() > CONTENT {
            return Err(corrupt("an entry is longer than its slot"));
        }
        let len = u32::try_from(content.len()).unwrap_or_default();
        let mut bytes = Vec::with_capacity(SLOT);
        let uncounted = if counted { 0 } else { UNCOUNTED };
        bytes.extend((len | uncounted).to_le_bytes());
        bytes.extend(Sha256::digest(content));
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(SECTOR), 0);
        #[cfg(test)]
        self.fault.writes()?;
        self.put(&bytes, Self::at(slot))
    }

    fn len(&self, slot: usize) -> io::Result<u32> {
        let mut len = [0; 4];
        self.file.read_exact_at(&mut len, Self::at(slot))?;
        Ok(u32::from_le_bytes(len))
    }

    /// What a slot holds is counted from now on.
    pub(super) fn set_counted(&self, slot: usize) -> io::Result<()> {
        self.put(&[0], Self::at(slot) + 3)
    }

    /// Overwrites with zeros what a slot holds.
    pub(super) fn erase(&self, slot: usize) -> io::Result<()> {
        let taken = match (self.len(slot)? & !UNCOUNTED) as usize {
            len @ 1..=CONTENT => (HEAD + len).next_multiple_of(SECTOR),
            _ => SLOT,
        };
        self.put(&[0; SLOT][..taken], Self::at(slot))
    }

    /// Returns when all that was written is on the disk. After a failure it fails until the file is opened again.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.wait(File::sync_data)
    }

    /// One at a time, so that nobody takes for good what another's failure is about.
    fn wait(&self, sync: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if *failed {
            return Err(io::Error::other("the disk has failed; start again"));
        }
        #[cfg(test)]
        let sync = |file: &File| self.fault.syncs(file, sync);
        let synced = sync(&self.file);
        *failed = synced.is_err();
        synced
    }

    pub(super) fn weeks(&self) -> io::Result<Vec<WeekKey>> {
        let mut bytes = [0; WEEKS * WEEK];
        self.file.read_exact_at(&mut bytes, MAGIC.len() as u64)?;
        let keys = bytes.chunks(WEEK).filter_map(|week| {
            let (monday, key) = week.split_at(8);
            let monday = i64::from_le_bytes(monday.try_into().ok()?);
            (monday != 0).then_some((monday, key.try_into().ok()?))
        });
        Ok(keys.collect())
    }

    /// Replaces the keys; those left out are overwritten.
    pub(super) fn set_weeks(&self, weeks: &[WeekKey]) -> io::Result<()> {
        if weeks.len() > WEEKS {
            return Err(corrupt("too many weeks"));
        }
        let mut bytes = Vec::with_capacity(WEEKS * WEEK);
        for (monday, key) in weeks {
            bytes.extend(monday.to_le_bytes());
            bytes.extend(key);
        }
        bytes.resize(WEEKS * WEEK, 0);
        self.file.write_all_at(&bytes, MAGIC.len() as u64)?;
        self.sync()
    }
}
