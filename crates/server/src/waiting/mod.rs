//! The waiting room of ratings: safe on the disk as soon as they arrive, in the database only in company.
//!
//! A database tells in which order things were written: in its write-ahead log, its transaction numbers, the places
//! of its rows. A rating written when it arrives stands beside the ballot that was given a moment before. So a rating
//! waits here, in a file of its own outside the database and its backups, until [`ENOUGH`] of the same label,
//! questionnaire and language have come; then they enter together in random order, and are erased here. Whatever
//! anyone knows of the cases, each of the five is as likely as any other to be the rating of a given one.
//!
//! What waits here is safe from a power cut and lost with the disk. docs/THREATS.md says what that means.

mod file;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{Datelike, Days, NaiveDate};
use dung_hen_domain::ballot_label::{BallotLabel, ENOUGH};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, MutexGuard};

use self::file::{WaitingFile, WeekKey};
use crate::keys::{Digest, random};

/// What a rating says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The whole, 1 to 5.
    pub overall: u8,
    /// The factors in their order.
    pub factors: [Option<u8>; 5],
    /// The criteria named as wrong, a bit each in their order; `None` where no factor was bad.
    pub wrong: Option<u16>,
}

/// A rating on its way into the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Keyed hash of the ballot's number: spent.
    pub spent: Digest,
    /// Hash of the number under the key of its week: the name of the row, by which it can be corrected.
    pub handle: Digest,
    /// Label as text.
    pub label: String,
    /// Instrument.
    pub instrument: String,
    /// Language.
    pub language: String,
    /// The answers.
    pub said: Said,
}

/// New answers for a rating that has entered the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The rating.
    pub handle: Digest,
    /// Instrument.
    pub instrument: String,
    /// Language.
    pub language: String,
    /// The answers.
    pub said: Said,
}

/// A comment, apart from its rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Random: a comment enters the database once.
    pub id: Digest,
    /// Agency code; empty where the label has none.
    pub agency: String,
    /// Level of the agency.
    pub level: String,
    /// Language.
    pub language: String,
    /// In the citizen's words.
    pub text: String,
}

/// One slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// A rating.
    pub rating: Option<Rating>,
    /// Or a correction.
    pub correction: Option<Correction>,
    /// A comment that came with it.
    pub comment: Option<Comment>,
}

impl Entry {
    const fn is_empty(&self) -> bool {
        self.rating.is_none() && self.correction.is_none() && self.comment.is_none()
    }
}

/// The waiting room of all servers that share a directory: one of them is inside at a time.
#[derive(Debug)]
pub struct Waiting {
    room: Mutex<WaitingRoom>,
    file: Arc<WaitingFile>,
    written: Arc<AtomicU64>,
    synced: Mutex<u64>,
}

impl Waiting {
    /// Opens or makes the room in this directory.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open(directory: &Path) -> io::Result<Arc<Self>> {
        let room = WaitingRoom::open(directory)?;
        Ok(Arc::new(Self {
            file: Arc::clone(&room.file),
            written: Arc::clone(&room.written),
            room: Mutex::new(room),
            synced: Mutex::default(),
        }))
    }

    /// Enters it, after whoever is inside.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn enter(&self) -> io::Result<Entered<'_>> {
        let room = self.room.lock().await;
        tokio::task::block_in_place(|| {
            self.file.lock()?;
            // Unlocks again whatever comes.
            let mut entered = Entered(room);
            entered.refresh()?;
            Ok(entered)
        })
    }

    /// Returns when everything written before `moment` is on the disk. While the disk is busy with one, the next
    /// gather: one wait serves them all.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn on_disk(&self, moment: u64) -> io::Result<()> {
        let mut synced = self.synced.lock().await;
        if *synced < moment {
            let written = self.written.load(Ordering::Acquire);
            tokio::task::block_in_place(|| self.file.sync())?;
            *synced = written;
        }
        Ok(())
    }
}

/// Being inside.
#[derive(Debug)]
pub struct Entered<'a>(MutexGuard<'a, WaitingRoom>);

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
        self.0.file.unlock();
    }
}

/// What is in the room.
pub struct WaitingRoom {
    file: Arc<WaitingFile>,
    generation: u64,
    written: Arc<AtomicU64>,
    entries: Vec<Option<Entry>>,
    by_spent: HashMap<Digest, usize>,
    by_handle: HashMap<Digest, usize>,
    weeks: Vec<WeekKey>,
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
    fn open(directory: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        std::fs::write(directory.join("CACHEDIR.TAG"), NO_BACKUP)?;
        let file = WaitingFile::open(&directory.join("ratings"))?;
        let mut room = Self {
            file: Arc::new(file),
            generation: u64::MAX,
            written: Arc::default(),
            entries: Vec::new(),
            by_spent: HashMap::new(),
            by_handle: HashMap::new(),
            weeks: Vec::new(),
        };
        room.file.lock()?;
        let read = room.refresh();
        room.file.unlock();
        read.map(|()| room)
    }

    /// Reads the file where another server, or an earlier one, has changed it.
    fn refresh(&mut self) -> io::Result<()> {
        let generation = self.file.generation()?;
        if generation == self.generation {
            return Ok(());
        }
        self.weeks = self.file.weeks()?;
        self.by_spent.clear();
        self.by_handle.clear();
        self.entries = vec![None; self.file.slots()?];
        for slot in 0..self.entries.len() {
            let Some(content) = self.file.read(slot)? else {
                continue;
            };
            let entry: Entry = serde_json::from_slice(&content)?;
            // Two slots of one rating: the power went between the new answers and the erasing of the old ones.
            // Neither is better known than the other; one of them counts.
            if self.place(&entry).is_some() {
                self.file.erase(slot)?;
                self.file.sync()?;
                continue;
            }
            self.index(slot, entry);
        }
        self.generation = generation;
        Ok(())
    }

    /// Tells other servers that something has changed; the moment for [`Waiting::on_disk`].
    fn changed(&mut self) -> io::Result<u64> {
        self.generation = self.generation.wrapping_add(1);
        self.file.set_generation(self.generation)?;
        Ok(self.written.fetch_add(1, Ordering::AcqRel) + 1)
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
        rating.or(correction).copied()
    }

    fn index(&mut self, slot: usize, entry: Entry) {
        if let Some(rating) = &entry.rating {
            self.by_spent.insert(rating.spent, slot);
        }
        if let Some(correction) = &entry.correction {
            self.by_handle.insert(correction.handle, slot);
        }
        self.entries[slot] = Some(entry);
    }

    fn forget(&mut self, slot: usize) {
        if let Some(entry) = self.entries[slot].take() {
            if let Some(rating) = entry.rating {
                self.by_spent.remove(&rating.spent);
            }
            if let Some(correction) = entry.correction {
                self.by_handle.remove(&correction.handle);
            }
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

    /// Keeps an entry, in the place of an earlier one of the same rating; safe after [`Waiting::on_disk`] of the moment
    /// that is returned.
    ///
    /// # Errors
    /// What the disk says; then nothing was promised.
    pub fn keep(&mut self, mut entry: Entry) -> io::Result<u64> {
        let earlier = self.place(&entry);
        if let Some(earlier) = earlier.and_then(|slot| self.entries[slot].as_ref())
            && entry.comment.is_none()
        {
            entry.comment.clone_from(&earlier.comment);
        }
        let content = serde_json::to_vec(&entry)?;
        let slot = self.free_slot()?;
        let mut written = self.file.write(slot, &content);
        if let (Ok(()), Some(earlier)) = (&written, earlier) {
            // Never without either.
            written = self.file.sync().and_then(|()| self.file.erase(earlier));
        }
        if let Err(error) = written {
            // Not acknowledged, so it must not come back after a restart.
            let _ = self.file.erase(slot);
            return Err(error);
        }
        if let Some(earlier) = earlier {
            self.forget(earlier);
        }
        self.index(slot, entry);
        self.changed()
    }

    /// Takes back a new rating that could not be brought to the disk.
    pub fn take_back(&mut self, spent: &Digest) {
        if let Some(slot) = self.by_spent.get(spent).copied() {
            let _ = self.file.erase(slot);
            self.forget(slot);
            let _ = self.changed();
        }
    }

    fn free_slot(&mut self) -> io::Result<usize> {
        let free = |entries: &[Option<Entry>]| -> Vec<usize> {
            (0..entries.len())
                .filter(|slot| entries[*slot].is_none())
                .collect()
        };
        let mut slots = free(&self.entries);
        // With few to choose from, the place would tell the time.
        if slots.len() < 16 {
            self.file.grow()?;
            self.entries.resize(self.file.slots()?, None);
            slots = free(&self.entries);
        }
        Ok(slots[below(slots.len())?])
    }

    /// Groups of ratings that are enough to enter the database, each in random order.
    ///
    /// # Errors
    /// No randomness.
    pub fn ready(&self) -> io::Result<Vec<Vec<Rating>>> {
        let mut groups: BTreeMap<(&str, &str, &str), Vec<Rating>> = BTreeMap::new();
        for rating in self.all_ratings() {
            let key = (&*rating.label, &*rating.instrument, &*rating.language);
            groups.entry(key).or_default().push(rating.clone());
        }
        let mut ready: Vec<_> = groups
            .into_values()
            .filter(|group| group.len() >= ENOUGH)
            .collect();
        for group in &mut ready {
            shuffle(group)?;
        }
        Ok(ready)
    }

    /// The groups of comments that are enough, by agency, each in random order.
    ///
    /// # Errors
    /// No randomness.
    pub fn comments_ready(&self) -> io::Result<Vec<Vec<Comment>>> {
        // By id: after a power cut the same comment may stand in two slots.
        let mut groups: BTreeMap<(&str, &str), BTreeMap<Digest, Comment>> = BTreeMap::new();
        for comment in self
            .entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.comment.as_ref())
        {
            let group = groups.entry((&comment.agency, &comment.level)).or_default();
            group.insert(comment.id, comment.clone());
        }
        let mut ready: Vec<Vec<_>> = groups
            .into_values()
            .filter(|group| group.len() >= ENOUGH)
            .map(|group| group.into_values().collect())
            .collect();
        for group in &mut ready {
            shuffle(group)?;
        }
        Ok(ready)
    }

    /// Every waiting correction, in random order.
    ///
    /// # Errors
    /// No randomness.
    pub fn waiting_corrections(&self) -> io::Result<Vec<Correction>> {
        let mut all: Vec<_> = self
            .entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.correction.clone())
            .collect();
        shuffle(&mut all)?;
        Ok(all)
    }

    /// Every waiting rating.
    pub fn all_ratings(&self) -> impl Iterator<Item = &Rating> {
        self.entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.rating.as_ref())
    }

    /// Takes out what has entered the database, and erases it here: `left` says what is left of an entry.
    ///
    /// # Errors
    /// What the disk says; what could not be erased is taken out again after the next start.
    pub fn remove(&mut self, left: impl Fn(&Entry) -> Entry) -> io::Result<()> {
        self.replace(|entry| Some(left(entry)).filter(|left| left != entry))
            .map(|_| ())
    }

    /// Makes the labels of ratings coarser by one step where `alone` says that no more company will come.
    ///
    /// # Errors
    /// What the disk says.
    pub fn coarsen(&mut self, alone: impl Fn(&BallotLabel) -> bool) -> io::Result<bool> {
        let mut sizes: HashMap<(String, String, String), usize> = HashMap::new();
        let key = |rating: &Rating| {
            let Rating {
                label,
                instrument,
                language,
                ..
            } = rating;
            (label.clone(), instrument.clone(), language.clone())
        };
        for rating in self.all_ratings() {
            *sizes.entry(key(rating)).or_default() += 1;
        }
        self.replace(|entry| {
            let mut entry = entry.clone();
            let rating = entry.rating.as_mut()?;
            let label = BallotLabel::parse(&rating.label)?;
            let few = sizes.get(&key(rating)).is_some_and(|n| *n < ENOUGH);
            rating.label = (few && alone(&label)).then(|| label.coarser())??.to_text();
            Some(entry)
        })
    }

    /// Puts something else in the place of entries. The new ones are on the disk before the old ones are erased: at
    /// no moment is there neither.
    fn replace(&mut self, with: impl Fn(&Entry) -> Option<Entry>) -> io::Result<bool> {
        let mut done = Vec::new();
        for slot in 0..self.entries.len() {
            let Some(entry) = self.entries[slot].as_ref().and_then(&with) else {
                continue;
            };
            let mut place = None;
            if !entry.is_empty() {
                let free = self.free_slot()?;
                self.file.write(free, &serde_json::to_vec(&entry)?)?;
                // Taken from now on, found only when the old one is forgotten.
                self.entries[free] = Some(Entry::default());
                place = Some(free);
            }
            done.push((slot, place, entry));
        }
        if done.is_empty() {
            return Ok(false);
        }
        self.file.sync()?;
        for (slot, ..) in &done {
            self.file.erase(*slot)?;
        }
        self.file.sync()?;
        for (slot, place, entry) in done {
            self.forget(slot);
            if let Some(place) = place {
                self.index(place, entry);
            }
        }
        self.changed()?;
        Ok(true)
    }

    /// The key of the week of `today`, made where there is none; and keys that are over are erased.
    ///
    /// # Errors
    /// What the disk says.
    pub fn week_key(&mut self, today: NaiveDate) -> io::Result<Digest> {
        self.erase_old_weeks(today)?;
        let monday = monday_of(today);
        if let Some((_, key)) = self.weeks.iter().find(|(week, _)| *week == monday) {
            return Ok(*key);
        }
        let key = random().map_err(|_| no_randomness())?;
        let mut weeks = self.weeks.clone();
        weeks.push((monday, key));
        self.file.set_weeks(&weeks)?;
        self.weeks = weeks;
        self.changed()?;
        Ok(key)
    }

    /// The keys under which a rating can still be corrected on `today`.
    ///
    /// # Errors
    /// What the disk says.
    pub fn live_keys(&mut self, today: NaiveDate) -> io::Result<Vec<Digest>> {
        self.erase_old_weeks(today)?;
        Ok(self.weeks.iter().map(|(_, key)| *key).collect())
    }

    /// Erases the keys of weeks before the last one. A clock that was ahead has left keys of later weeks: they go too
    /// when they are more than a week away.
    fn erase_old_weeks(&mut self, today: NaiveDate) -> io::Result<()> {
        let this = monday_of(today);
        let live: Vec<WeekKey> = self
            .weeks
            .iter()
            .filter(|(monday, _)| (this - 7..=this + 7).contains(monday))
            .copied()
            .collect();
        if live.len() != self.weeks.len() {
            self.file.set_weeks(&live)?;
            self.weeks = live;
            self.changed()?;
        }
        Ok(())
    }
}

/// The last day on which a rating of `today` can be corrected: the Sunday of the following week.
#[must_use]
pub fn correct_until(today: NaiveDate) -> NaiveDate {
    let left = 13 - u64::from(today.weekday().num_days_from_monday());
    today.checked_add_days(Days::new(left)).unwrap_or(today)
}

fn monday_of(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) - i64::from(day.weekday().num_days_from_monday())
}

fn no_randomness() -> io::Error {
    io::Error::other("no random bytes from the machine")
}

/// A random number below `n`, each as likely as any other.
fn below(n: usize) -> io::Result<usize> {
    let n = u64::try_from(n.max(1)).unwrap_or(1);
    let whole = u64::MAX - u64::MAX % n;
    loop {
        let bytes = random().map_err(|_| no_randomness())?;
        let drawn = u64::from_le_bytes(bytes[..8].try_into().unwrap_or_default());
        if drawn < whole {
            return Ok(usize::try_from(drawn % n).unwrap_or(0));
        }
    }
}

/// Fisher and Yates.
fn shuffle<T>(all: &mut [T]) -> io::Result<()> {
    for last in (1..all.len()).rev() {
        all.swap(last, below(last + 1)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
