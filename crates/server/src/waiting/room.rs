//! What is in the room: found by its hashes, and kept. What leaves it: `leaving.rs`; what is counted: `tallies.rs`.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::integrity::Counted;

use super::chance::{below, drawn};
use super::crowds::Crowds;
use super::file::{LONGEST, WaitingFile, WeekKey};
use super::free::Free;
use super::kept::{Kept, Owed};
use super::pace::Pace;
use super::{Comment, Entry, Rating, Sheet};
use crate::config::IntegritySettings;
use crate::keys::Digest;

/// Ratings that left last and are remembered, so that nobody who looked elsewhere before misses them.
const LEFT: usize = 8192;
/// With fewer free slots the file grows.
const FEW: usize = 16;

/// What is in the room.
pub struct WaitingRoom {
    pub(super) file: Arc<WaitingFile>,
    generation: u64,
    pub(super) written: Arc<AtomicU64>,
    pub(super) entries: Vec<Option<Entry>>,
    /// Those of `entries` that hold nothing.
    pub(super) free: Free,
    pub(super) by_spent: HashMap<Digest, usize>,
    by_handle: HashMap<Digest, usize>,
    /// By agency and period.
    pub(super) by_tally: HashMap<(String, String), usize>,
    by_sheet: HashMap<Digest, usize>,
    pub(super) weeks: Vec<WeekKey>,
    pace: Pace,
    /// Numbers that are not written yet.
    pub(super) owed: Arc<Owed>,
    /// Whether some of them are of those inside.
    pub(super) counting: bool,
    /// Ratings that these are of.
    pub(super) unpaid: Vec<Kept>,
    /// Slots whose rating is not counted in the file.
    pub(super) uncounted: Vec<usize>,
    /// The day on which a rating was counted last.
    pub(super) day: Option<NaiveDate>,
    /// The random number of whoever was inside last and changed something.
    pub(super) stay: [u8; 8],
    /// How many share what.
    pub(super) crowds: Crowds,
    /// Ratings that left, and how many did in all.
    left: VecDeque<Digest>,
    pub(super) departed: Arc<AtomicU64>,
    /// Those on their way into the database.
    under_way: HashSet<Digest>,
    /// How often others had changed something when this server came in.
    others: u64,
    /// Whether the others are told already that something changes while this server is inside.
    told: bool,
    /// Whether something failed in the middle, so that the file is to be read again.
    pub(super) unsure: bool,
}

impl std::fmt::Debug for WaitingRoom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WaitingRoom")
    }
}

/// What backup tools look for before they leave a directory out (bford.info/cachedir).
const NO_BACKUP: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # Ratings that wait for company. A copy of this directory could tell whose they are: leave it out of backups.\n";

impl WaitingRoom {
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        std::fs::write(directory.join("CACHEDIR.TAG"), NO_BACKUP)?;
        Self::read(WaitingFile::open(&directory.join("ratings"))?)
    }

    /// The same by a process that is killed after so many changes of what it reads; it lives on at nought.
    #[cfg(test)]
    pub(super) fn open_dying(directory: &Path, lives: u64) -> io::Result<Self> {
        let file = WaitingFile::open(&directory.join("ratings"))?;
        file.fault.lives.store(lives, Ordering::SeqCst);
        Self::read(file)
    }

    fn read(file: WaitingFile) -> io::Result<Self> {
        let mut room = Self {
            file: Arc::new(file),
            generation: u64::MAX,
            written: Arc::default(),
            entries: Vec::new(),
            free: Free::default(),
            by_spent: HashMap::new(),
            by_handle: HashMap::new(),
            by_tally: HashMap::new(),
            pace: Pace::default(),
            owed: Arc::default(),
            counting: false,
            unpaid: Vec::new(),
            uncounted: Vec::new(),
            day: None,
            stay: [0; 8],
            by_sheet: HashMap::new(),
            weeks: Vec::new(),
            crowds: Crowds::default(),
            left: VecDeque::new(),
            departed: Arc::default(),
            under_way: HashSet::new(),
            others: 0,
            told: false,
            unsure: false,
        };
        room.file.lock(LONGEST)?;
        let read = room.refresh();
        room.file.unlock();
        read.map(|()| room)
    }

    /// Reads the file where another server, or an earlier one, has changed it.
    pub(super) fn refresh(&mut self) -> io::Result<()> {
        self.told = false;
        // Where that cannot be seen, nothing is written by what was known before.
        let generation = self.file.generation().inspect_err(|_| self.unsure = true)?;
        if generation == self.generation && !self.unsure {
            return Ok(());
        }
        let by_others = generation != self.generation;
        self.others += u64::from(by_others);
        self.unsure = true;
        // What another server wrote may be on its way to the disk still: who finds it here waits for the disk too.
        self.wrote();
        self.weeks = self.file.weeks()?;
        self.by_spent.clear();
        self.by_handle.clear();
        self.by_tally.clear();
        self.by_sheet.clear();
        self.crowds = Crowds::default();
        // What another server took out is not known here.
        self.left.clear();
        self.departed.fetch_add(1, Ordering::AcqRel);
        let mut twice = Vec::new();
        self.entries = vec![None; self.file.slots()?];
        self.free = Free::default();
        self.free.grow(self.entries.len());
        self.uncounted.clear();
        self.day = self.file.day()?;
        self.stay = self.file.stay()?;
        for slot in 0..self.entries.len() {
            let Some((content, counted)) = self.file.read(slot)? else {
                continue;
            };
            let entry: Entry = serde_json::from_slice(&content)?;
            // Two slots of one rating: the power went between the new answers and the erasing of the old ones.
            // Neither is better known than the other; one of them counts.
            if self.place(&entry).is_some() {
                twice.push(slot);
                continue;
            }
            self.index(slot, entry);
            if !counted {
                self.uncounted.push(slot);
            }
        }
        self.generation = generation;
        if by_others {
            self.count_what_was_left()?;
        }
        if !twice.is_empty() {
            self.tell()?;
            // The one that stays is on the disk before the other goes.
            self.file.sync()?;
            for slot in twice {
                self.file.erase(slot)?;
            }
            self.file.sync()?;
        }
        self.unsure = false;
        Ok(())
    }

    /// The file is read again before anyone looks at the room: something failed in the middle.
    pub(super) const fn doubt(&mut self) {
        self.unsure = true;
    }

    /// The same at once where something has failed since whoever is inside came in.
    pub(super) fn make_sure(&mut self) -> io::Result<()> {
        if self.unsure { self.refresh() } else { Ok(()) }
    }

    /// Tells other servers to read the file when they are inside. Called before the first byte is changed: so they do
    /// even if this server dies in the middle; once for all that is done while it is inside.
    pub(super) fn tell(&mut self) -> io::Result<()> {
        if self.told {
            return Ok(());
        }
        let next = self.generation.wrapping_add(1);
        self.stay = drawn()?;
        self.file.set_stay(self.stay)?;
        self.file.set_generation(next)?;
        self.generation = next;
        self.told = true;
        Ok(())
    }

    /// Called after the last byte; the moment for [`super::Waiting::on_disk`].
    pub(super) fn wrote(&self) -> u64 {
        self.written.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// The moment of the last change.
    #[must_use]
    pub fn moment(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    fn place(&self, entry: &Entry) -> Option<usize> {
        let rating = entry
            .rating
            .as_ref()
            .and_then(|r| self.by_spent.get(&r.spent));
        let correction = entry
            .correction
            .as_ref()
            .and_then(|c| self.by_handle.get(&c.handle));
        let sheet = entry
            .sheet
            .as_ref()
            .and_then(|sheet| self.by_sheet.get(&sheet.spent));
        rating.or(correction).or(sheet).copied()
    }

    pub(super) fn index(&mut self, slot: usize, entry: Entry) {
        if let Some(rating) = &entry.rating {
            self.by_spent.insert(rating.spent, slot);
        }
        self.crowds.come(&entry);
        if let Some(correction) = &entry.correction {
            self.by_handle.insert(correction.handle, slot);
        }
        if let Some(tally) = &entry.tally {
            let key = (tally.agency.clone(), tally.period.clone());
            self.by_tally.insert(key, slot);
        }
        if let Some(sheet) = &entry.sheet {
            self.by_sheet.insert(sheet.spent, slot);
        }
        self.entries[slot] = Some(entry);
        self.free.take(slot);
    }

    pub(super) fn forget(&mut self, slot: usize) {
        self.uncounted.retain(|one| *one != slot);
        if let Some(entry) = self.entries[slot].take() {
            self.free.give(slot);
            self.crowds.go(&entry);
            if let Some(rating) = entry.rating {
                self.by_spent.remove(&rating.spent);
                self.left.push_back(rating.spent);
                if self.left.len() > LEFT {
                    self.left.pop_front();
                }
                self.departed.fetch_add(1, Ordering::AcqRel);
            }
            if let Some(correction) = entry.correction {
                self.by_handle.remove(&correction.handle);
            }
            if let Some(tally) = entry.tally {
                self.by_tally.remove(&(tally.agency, tally.period));
            }
            if let Some(sheet) = entry.sheet {
                self.by_sheet.remove(&sheet.spent);
            }
        }
    }

    /// The name of this room: random, and the same as long as its file is.
    ///
    /// # Errors
    /// What the disk says.
    pub fn name(&self) -> io::Result<String> {
        let name = self.file.room()?;
        Ok(name.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// What is odd about a rating that has just been kept, and how many it makes odd.
    pub fn odd(
        &mut self,
        agency: &str,
        spent: &Digest,
        now: NaiveDateTime,
        settings: &IntegritySettings,
    ) -> Vec<(Counted, i64)> {
        match self.rating(spent).cloned() {
            Some(rating) => self.pace.came(agency, &rating, now, settings),
            None => Vec::new(),
        }
    }

    /// Ratings that wait.
    #[must_use]
    pub fn ratings(&self) -> usize {
        self.by_spent.len()
    }

    /// Corrections that wait.
    #[must_use]
    pub fn corrections(&self) -> usize {
        self.by_handle.len()
    }

    /// The waiting rating of this ballot.
    #[must_use]
    pub fn rating(&self, spent: &Digest) -> Option<&Rating> {
        let slot = self.by_spent.get(spent)?;
        self.entries.get(*slot)?.as_ref()?.rating.as_ref()
    }

    /// The waiting sheet with this hash.
    #[must_use]
    pub fn sheet(&self, spent: &Digest) -> Option<&Sheet> {
        let slot = self.by_sheet.get(spent)?;
        self.entries.get(*slot)?.as_ref()?.sheet.as_ref()
    }

    /// Keeps an entry, in the place of an earlier one of the same rating; safe after [`super::Waiting::on_disk`] of the
    /// moment that is returned.
    ///
    /// # Errors
    /// What the disk says; then nothing was promised.
    pub fn keep(&mut self, mut entry: Entry) -> io::Result<u64> {
        let mut earlier: Vec<usize> = self.place(&entry).into_iter().collect();
        // After a power cut a correction may wait beside an older copy of its rating: these answers are newer than both.
        let corrected = entry.rating.as_ref();
        earlier.extend(corrected.and_then(|one| self.by_handle.get(&one.handle)));
        if entry.comment.is_none() {
            let mut comments = earlier
                .iter()
                .filter_map(|slot| self.entries[*slot].as_ref()?.comment.clone());
            entry.comment = comments.next();
        }
        // Its number is written when whoever is inside leaves (`uncounted.rs`).
        let counted = match &*earlier {
            [] => entry.rating.is_none(),
            earlier => !earlier.iter().any(|slot| self.uncounted.contains(slot)),
        };
        let content = serde_json::to_vec(&entry)?;
        let slot = self.free_slot()?;
        self.tell()?;
        let mut written = self.file.write(slot, &content, counted);
        if written.is_ok() && !earlier.is_empty() {
            // Never without either.
            written = self.file.sync();
        }
        if let Err(error) = written {
            // Not acknowledged, so it must not come back after a restart.
            if self.file.erase(slot).is_err() {
                self.doubt();
            }
            return Err(error);
        }
        for earlier in earlier {
            // Where this fails both are there, and one of them counts.
            self.file
                .erase(earlier)
                .inspect_err(|_| self.unsure = true)?;
            self.forget(earlier);
        }
        self.index(slot, entry);
        if !counted {
            self.uncounted.push(slot);
        }
        Ok(self.wrote())
    }

    /// Answers for what waits already, to whoever sends it again or to the database: from then on no other server takes it
    /// back. Safe after [`super::Waiting::on_disk`] of the moment that is returned.
    ///
    /// # Errors
    /// What the disk says; then nothing may be acknowledged.
    pub fn vouch(&mut self) -> io::Result<u64> {
        self.tell()?;
        Ok(self.wrote())
    }

    /// How often others had changed something, or answered for something, when this server came in.
    #[must_use]
    pub const fn others(&self) -> u64 {
        self.others
    }

    /// Takes back a new rating or sheet that could not be brought to the disk; `false` where it has left or is on its
    /// way into the database, where it will be safe, where the disk does not let it go, and where others have been at work
    /// here since ([`WaitingRoom::others`]) and may have acknowledged it.
    pub fn take_back(&mut self, spent: &Digest, others: u64) -> bool {
        let slot = self.by_spent.get(spent).or(self.by_sheet.get(spent));
        let mine = others == self.others && !self.under_way.contains(spent);
        let Some(slot) = slot.copied().filter(|_| mine) else {
            return false;
        };
        if self.tell().and_then(|()| self.file.erase(slot)).is_err() {
            // The file says what became of it.
            self.doubt();
            return false;
        }
        self.forget(slot);
        self.wrote();
        true
    }

    /// Whether this rating may have left since so many had ([`super::Waiting::departed`]).
    #[must_use]
    pub fn left_since(&self, departed: u64, spent: &Digest) -> bool {
        let since = self.departed.load(Ordering::Acquire).wrapping_sub(departed);
        match usize::try_from(since) {
            Ok(since) if since <= self.left.len() => {
                self.left.iter().rev().take(since).any(|one| one == spent)
            }
            _ => true,
        }
    }

    /// The groups of ratings that enter the database now, each in random order; until [`WaitingRoom::arrived`] nobody
    /// takes one of them back.
    ///
    /// # Errors
    /// No randomness, or what the disk says.
    pub fn set_out(&mut self) -> io::Result<Vec<Vec<Rating>>> {
        let groups = self.ready()?;
        if !groups.is_empty() {
            // Another server may have written one of them, and wait for the disk still.
            self.vouch()?;
        }
        self.under_way = groups.iter().flatten().map(|one| one.spent).collect();
        Ok(groups)
    }

    /// The groups of comments that enter the database now, each in random order; until [`WaitingRoom::arrived`] nobody takes
    /// back one of the ratings that they came with: sent again, it would bring its comment a second time.
    ///
    /// # Errors
    /// No randomness, or what the disk says.
    pub fn set_out_comments(&mut self) -> io::Result<Vec<Vec<Comment>>> {
        let groups = self.comments_ready()?;
        if !groups.is_empty() {
            self.vouch()?;
        }
        let going: HashSet<Digest> = groups.iter().flatten().map(|one| one.id).collect();
        let ratings = self.entries.iter().flatten().filter_map(|entry| {
            let comment = entry.comment.as_ref()?;
            let rating = entry.rating.as_ref()?;
            going.contains(&comment.id).then_some(rating.spent)
        });
        self.under_way = ratings.collect();
        Ok(groups)
    }

    /// None of them is on the way any more.
    pub fn arrived(&mut self) {
        self.under_way.clear();
    }

    /// A slot that nobody has, drawn among all of them: its place tells nothing.
    pub(super) fn free_slot(&mut self) -> io::Result<usize> {
        // With few to choose from, the place would tell the time.
        if self.free.len() < FEW {
            self.file.grow()?;
            self.entries.resize(self.file.slots()?, None);
            self.free.grow(self.entries.len());
        }
        let drawn = below(self.free.len())?;
        self.free
            .at(drawn)
            .ok_or_else(|| io::Error::other("no free slot"))
    }

    /// Every waiting rating.
    pub fn all_ratings(&self) -> impl Iterator<Item = &Rating> {
        self.entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.rating.as_ref())
    }

    /// Every waiting comment.
    pub fn all_comments(&self) -> impl Iterator<Item = &Comment> {
        self.entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.comment.as_ref())
    }

    /// Every waiting sheet.
    pub fn all_sheets(&self) -> impl Iterator<Item = &Sheet> {
        self.entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.sheet.as_ref())
    }
}
