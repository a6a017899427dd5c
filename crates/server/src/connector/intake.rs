//! From envelopes to the store: a file in one transaction, a body some items at a time.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::envelope::{CaseItem, ProgressItem};
use super::file::{self, Entry, FileError, Item, Refused};
use super::merge::{merge, same_letter, step};
use super::refusals::Refusals;
use super::{Intake, dead};
use crate::figures::{Counting, Ledger, places, settings};
use crate::keys::Keys;
use crate::outgoing;
use crate::recompute;
use crate::reference::Reference;
use crate::store::{CaseRecord, LetterEntry, ProgressEntry, Store, StoreError, Writer};

/// Entries of one transaction where they need not be stored together: nobody waits long behind it.
pub const BATCH: usize = 200;
/// Cases that are asked for and written at once.
const PAGE: usize = 500;

/// Why an import failed; nothing of it was stored.
#[derive(Debug)]
pub enum ImportError {
    /// The file could not be read.
    Io(std::io::Error),
    /// The file is not UTF-8 or not of its form.
    File(FileError),
    /// Some of its items cannot be read.
    Items(Refusals),
    /// The store failed.
    Store(StoreError),
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot read the file: {error}"),
            Self::File(error) => write!(f, "{error}; nothing of the file was stored"),
            Self::Items(wrong) => write!(f, "{wrong}; nothing of the file was stored"),
            Self::Store(error) => write!(f, "{error}; nothing of the file was stored"),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What an import stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOutcome {
    /// Cases, new and known.
    pub cases: usize,
    /// Steps.
    pub steps: usize,
    /// Steps of cases that are not known: kept until their case comes.
    pub early: usize,
    /// Items that could not be read.
    pub refused: usize,
}

/// What an import stored, and what of it may not have been meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// What was stored.
    pub outcome: ImportOutcome,
    /// Cases by their codes: fewer where some stand in the file more than once.
    pub codes: usize,
    /// Cases that name an agency which the province's file does not have.
    pub strange: usize,
    /// These agencies.
    pub strangers: BTreeSet<String>,
}

impl Imported {
    /// What can be said before anything is stored.
    fn of(entries: &[Entry], reference: &Reference) -> Self {
        let mut imported = Self::default();
        let mut codes = HashSet::new();
        for entry in entries {
            let Entry::Item(Item::Case(agency, case)) = entry else {
                continue;
            };
            codes.insert(case.ma_ho_so.0.as_str());
            if let Some(agency) = agency
                && !reference.agencies.contains_key(agency)
            {
                imported.strange += 1;
                imported.strangers.insert(agency.clone());
            }
        }
        imported.codes = codes.len();
        imported
    }
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A case was stored.
    Case,
    /// A step was stored.
    Step,
    /// A step waits for its case.
    Early,
    /// Kept as a dead letter.
    Refused,
}

impl ImportOutcome {
    /// One more item.
    pub fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Case => self.cases += 1,
            Fate::Step => self.steps += 1,
            Fate::Early => self.early += 1,
            Fate::Refused => self.refused += 1,
        }
    }

    /// Items that were stored.
    #[must_use]
    pub fn stored(&self) -> usize {
        self.cases + self.steps
    }
}

/// Reads a file and stores it whole or not at all.
///
/// # Errors
/// [`ImportError`]; nothing is stored then.
pub fn import_text(
    store: &Store,
    text: &str,
    keys: &Keys,
    now: NaiveDateTime,
    reference: &Arc<Reference>,
) -> Result<ImportOutcome, ImportError> {
    let entries = file::read_each(text).map_err(ImportError::File)?;
    if let Some(wrong) = Refusals::of(&entries) {
        return Err(ImportError::Items(wrong));
    }
    import_entries(store, entries, keys, now, reference, |_, _| {}).map(|imported| imported.outcome)
}

/// Stores the entries of a file in one transaction, those that cannot be read as dead letters; tells how many of how many
/// are written.
///
/// # Errors
/// [`ImportError`]; nothing is stored then.
pub fn import_entries(
    store: &Store,
    entries: Vec<Entry>,
    keys: &Keys,
    now: NaiveDateTime,
    reference: &Arc<Reference>,
    tell: impl Fn(usize, usize) + Send + 'static,
) -> Result<Imported, ImportError> {
    let intake = Intake {
        sender: "file".to_owned(),
        keys: keys.clone(),
        now,
        came_at: now,
        counting: Counting::new(reference, now),
    };
    let mut imported = Imported::of(&entries, reference);
    imported.outcome = store.write_now(move |writer| {
        let mut outcome = ImportOutcome::default();
        let (mut done, all) = (0, entries.len());
        for (_, fate) in write_entries(writer, &entries, &intake, || {
            done += 1;
            tell(done, all);
        })? {
            outcome.count(fate);
        }
        Ok::<_, ImportError>(outcome)
    })?;
    // Of which agency is of which level nothing is known without the province's file: the server adds up.
    if reference.province.is_unnamed {
        return Ok(imported);
    }
    // The file is stored, whatever comes of this: until the cells follow, whoever reads adds what they lack.
    if let Err(error) = places::bring_up(store, reference) {
        tracing::warn!(error.kind = ?error.kind(), "the figures are added up later");
    }
    Ok(imported)
}

/// The order in which entries are written: cases before steps, and cases by their codes, so that two senders of the same
/// cases come one after the other. Entries of one case stay in their order.
#[must_use]
pub fn order(entries: &[Entry]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| match &entries[*index] {
        Entry::Item(Item::Case(_, item)) => (0, item.ma_ho_so.0.as_str()),
        Entry::Item(Item::Progress(item)) => (1, item.ma_ho_so.0.as_str()),
        Entry::Refused(_) => (2, ""),
    });
    order
}

/// Writes entries and counts them, all in the transaction of `writer`; what became of each, by its place.
///
/// # Errors
/// [`StoreError`].
pub fn write_entries(
    writer: &mut Writer<'_>,
    entries: &[Entry],
    intake: &Intake,
    mut tell: impl FnMut(),
) -> Result<Vec<(usize, Fate)>, StoreError> {
    settings::begin(writer, &intake.counting)?;
    let mut ledger = Ledger::default();
    let mut fates = Vec::with_capacity(entries.len());
    let order = order(entries);
    let mut left = order.as_slice();
    while !left.is_empty() {
        let page;
        (page, left) = left.split_at(together(entries, left));
        let (mut cases, mut others) = (Vec::new(), Vec::new());
        for place in page {
            match &entries[*place] {
                Entry::Item(Item::Case(agency, item)) => {
                    cases.push((agency.as_deref(), item.as_ref()));
                }
                Entry::Item(Item::Progress(item)) => others.push(Ok(item.as_ref())),
                Entry::Refused(refused) => others.push(Err(refused.as_ref())),
            }
        }
        let done = if cases.is_empty() {
            write_others(writer, &others, intake)?
        } else {
            write_cases(writer, &cases, intake, &mut ledger)?;
            vec![Fate::Case; cases.len()]
        };
        for fate in page.iter().copied().zip(done) {
            fates.push(fate);
            tell();
        }
    }
    ledger.write(writer)?;
    Ok(fates)
}

/// How many of those that come next may be written together, one at least: cases with different codes, as what is sent of
/// a case a second time is merged into the first; or what is no case.
fn together(entries: &[Entry], next: &[usize]) -> usize {
    let code = |index: &usize| match &entries[*index] {
        Entry::Item(Item::Case(_, item)) => Some(item.ma_ho_so.0.as_str()),
        _ => None,
    };
    let fits = |pair: &&[usize]| match (code(&pair[0]), code(&pair[1])) {
        (Some(one), Some(next)) => one != next,
        (one, next) => one.is_none() && next.is_none(),
    };
    1 + next.windows(2).take(PAGE - 1).take_while(fits).count()
}

/// Writes steps, and keeps those of cases that are not known and what could not be read; what became of each.
fn write_others(
    writer: &mut Writer<'_>,
    items: &[Result<&ProgressItem, &Refused>],
    intake: &Intake,
) -> Result<Vec<Fate>, StoreError> {
    let steps: Vec<_> = items
        .iter()
        .flatten()
        .filter_map(|item| Some((item.ma_ho_so.0.as_str(), step(item)?)))
        .collect();
    let mut known = add_steps(writer, &steps, intake)?.into_iter();
    let (mut fates, mut dead) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        fates.push(match item {
            Ok(item) if item.thoi_diem_xu_ly.0.is_some() && known.next() == Some(true) => {
                Fate::Step
            }
            Ok(item) => {
                dead.push(dead::early(item, intake)?);
                Fate::Early
            }
            Err(refused) => {
                dead.push(dead::refused(refused, intake)?);
                Fate::Refused
            }
        });
    }
    writer.add_dead_letters(dead)?;
    Ok(fates)
}

/// Adds steps, each to the case with its code, and computes again the dates that one of them may move; of each whether its
/// case is known.
///
/// # Errors
/// [`StoreError`].
pub(super) fn add_steps(
    writer: &mut Writer<'_>,
    steps: &[(&str, ProgressEntry)],
    intake: &Intake,
) -> Result<Vec<bool>, StoreError> {
    let known = writer.add_steps(steps)?;
    let with_unit = steps.iter().filter(|(_, step)| !step.unit.is_empty());
    let codes: BTreeSet<&str> = with_unit.map(|(code, _)| *code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let begun = match codes.as_slice() {
        [] => Vec::new(),
        codes => writer.begun_by_a_step(codes)?,
    };
    if !begun.is_empty() {
        let codes: Vec<&str> = begun.iter().map(String::as_str).collect();
        let cases = writer.hold_cases(&codes)?;
        recompute::write(writer, &cases, &intake.counting.reference, intake.now)?;
    }
    Ok(known)
}

/// Writes cases with different codes, in this order, and all that follows from them.
fn write_cases(
    writer: &mut Writer<'_>,
    cases: &[(Option<&str>, &CaseItem)],
    intake: &Intake,
    ledger: &mut Ledger,
) -> Result<(), StoreError> {
    let codes: Vec<&str> = cases
        .iter()
        .map(|(_, item)| item.ma_ho_so.0.as_str())
        .collect();
    let mut had = vec![None; cases.len()];
    let written = writer.merge_cases(&codes, |place, existing| {
        had[place] = existing.as_ref().map(|case| case.letters.clone());
        let (agency, item) = cases[place];
        merge(existing, agency, item.clone(), intake.now, &intake.keys)
    })?;
    let told = written
        .iter()
        .zip(&had)
        .flat_map(|(kept, had)| told(&kept.record, had.as_deref()));
    outgoing::letters_recorded(writer, told, intake.now)?;
    ledger.count_cases(writer, &written, &intake.counting)?;
    recompute::write(writer, &written, &intake.counting.reference, intake.now)?;
    // What was refused of the case before is older than this.
    writer.remove_older_refused(&codes, intake.came_at)?;
    // Also of a known case: a step that came in the same instant did not see it.
    dead::let_in(writer, &codes, intake)
}

/// The letters of a case that are told, once each, where `had` is what it had when it was known before: all while somebody
/// waits for the result, and after it those that have come since, as an officer's do. What comes with a case that was not
/// known before it ended is of the past: a file of years tells nobody of it.
fn told<'a>(
    record: &'a CaseRecord,
    had: Option<&[LetterEntry]>,
) -> impl Iterator<Item = (&'a CaseRecord, &'a LetterEntry)> {
    let waits = !record.status.is_finished() && !record.status.is_closed();
    let came_since = move |letter: &LetterEntry| {
        record.status.is_finished()
            && had.is_some_and(|had| !had.iter().any(|known| same_letter(known, letter)))
    };
    let letters = record.letters.iter();
    let told = letters.filter(move |letter| waits || came_since(letter));
    told.map(move |letter| (record, letter))
}

/// Stores entries of one body or stream, some at a time; what became of each, in their order.
///
/// # Errors
/// [`StoreError`]; what was stored before stays, and sending it again is safe.
pub async fn store_each(
    store: &Store,
    entries: Vec<Entry>,
    intake: &Intake,
    cursor: Option<String>,
) -> Result<Vec<Fate>, StoreError> {
    let mut fates = vec![Fate::Refused; entries.len()];
    let order = order(&entries);
    let entries: Arc<[Entry]> = entries.into();
    let batches = order.chunks(BATCH).count();
    for (number, places) in order.chunks(BATCH).enumerate() {
        let (all, places, intake) = (Arc::clone(&entries), places.to_vec(), intake.clone());
        // Where a pull goes on is kept with the last of what it brought.
        let cursor = cursor.clone().filter(|_| number + 1 == batches);
        let done = store
            .write(move |writer| {
                let batch: Vec<Entry> = places.iter().map(|place| all[*place].clone()).collect();
                let mut outcome = ImportOutcome::default();
                let fates: Vec<(usize, Fate)> = write_entries(writer, &batch, &intake, || {})?
                    .into_iter()
                    .map(|(index, fate)| (places[index], fate))
                    .collect();
                for (_, fate) in &fates {
                    outcome.count(*fate);
                }
                writer.sender_heard(
                    &intake.sender,
                    count(outcome.stored() + outcome.early),
                    count(outcome.refused),
                    cursor.as_deref(),
                    intake.now,
                )?;
                Ok::<_, StoreError>(fates)
            })
            .await?;
        for (place, fate) in done {
            fates[place] = fate;
        }
    }
    if batches == 0 {
        let intake = intake.clone();
        store
            .write(move |writer| {
                writer.sender_heard(&intake.sender, 0, 0, cursor.as_deref(), intake.now)
            })
            .await?;
    }
    Ok(fates)
}

/// A batch is small.
fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
