//! Counts everything again from the base tables, as of one instant, and compares it with what is kept; and what the code
//! alone shows of a case with the case.

use std::collections::BTreeMap;

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_domain::satisfaction::tables::{QUESTIONS, Question};

use super::{Contribution, Counting, Ledger, satisfaction as published};
use crate::store::{Cell, LevelCounts, Places, Reader, SatisfactionKey, StoreError};

/// Cases read at once.
const BATCH: u32 = 1_000;

/// A count that is kept wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Period, split, place, value.
    pub cell: Cell,
    /// Which count.
    pub measure: &'static str,
    /// As kept.
    pub kept: i64,
    /// As counted again.
    pub counted: i64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [period, split, place, value] = &self.cell;
        let place = if place.is_empty() { "province" } else { place };
        write!(f, "{place} {period}")?;
        if !split.is_empty() {
            write!(f, " {split}={value}")?;
        }
        write!(
            f,
            " {}: kept {}, counted again {}",
            self.measure, self.kept, self.counted
        )
    }
}

/// Codes of which a look-up by the code alone (`case_shown`) says something else than the case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookUps {
    /// Cases that it does not find.
    pub unfound: Vec<String>,
    /// Cases of which it has another state or another day.
    pub outdated: Vec<String>,
    /// What it finds, and is no case.
    pub unknown: Vec<String>,
}

impl LookUps {
    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.unfound.len() + self.outdated.len() + self.unknown.len()
    }

    /// Whether look-ups by the code alone show what cases say.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is wrong, with the codes of it.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        [
            (
                "cases that a look-up by the code alone does not find",
                &*self.unfound,
            ),
            (
                "cases of which a look-up by the code alone has another state or day",
                &*self.outdated,
            ),
            (
                "codes that a look-up finds and that belong to no case",
                &*self.unknown,
            ),
        ]
        .into_iter()
        .filter(|(_, codes)| !codes.is_empty())
    }
}

/// What was counted again.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Cases.
    pub cases: u64,
    /// Cells that hold anything.
    pub cells: usize,
    /// Ratings of which a step holds something.
    pub ratings: u64,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Where a look-up by the code alone goes wrong.
    pub look_ups: LookUps,
}

/// Counts again; all of it is read from one state of the database. `progress` hears the number of cases counted so far.
///
/// # Errors
/// [`StoreError`].
pub fn verify(
    reader: &mut Reader<'_>,
    counting: &Counting,
    mut progress: impl FnMut(u64),
) -> Result<Verified, StoreError> {
    let mut ledger = Ledger::default();
    let mut verified = Verified::default();
    let mut last = 0;
    loop {
        let batch = reader.promised_after(last, BATCH)?;
        let Some((id, _)) = batch.last() else { break };
        last = *id;
        verified.cases += batch.len() as u64;
        for (_, record) in batch {
            ledger.add(&Contribution::of(&record, counting).0, 1);
            match reader.is_shown_as(&record)? {
                Some(true) => {}
                Some(false) => verified.look_ups.outdated.push(record.code),
                None => verified.look_ups.unfound.push(record.code),
            }
        }
        progress(verified.cases);
    }
    verified.look_ups.unknown = reader.shown_of_no_case()?;
    for erased in reader.counted_of_erased()? {
        ledger.add(&Contribution::read(&erased)?, 1);
    }
    for ([agency, month, kind], counts) in reader.objections_by_month()? {
        ledger.add_objections(&agency, &month, &kind, counts);
    }
    let level_of = |agency: &str| counting.reference.level_of(agency).name();
    let mut again = Places::default();
    for (key, counts) in &ledger.cells {
        let cell = [&*key.agency, &*key.month, key.split, &*key.value];
        again.add(cell, level_of(&key.agency), counts);
    }
    let mut counted: BTreeMap<Cell, Counts> = again.into_cells().collect();
    verified.cells = counted.len();
    let mut kept = BTreeMap::new();
    reader.figure_cells(|cell, counts| {
        kept.insert(cell, counts);
    })?;
    // What was written meanwhile is kept, too.
    let mut written = Places::default();
    reader.figure_tail(|cell, counts| {
        let [agency, ..] = cell;
        written.add(cell, level_of(agency), &counts);
    })?;
    for (cell, counts) in written.into_cells() {
        kept.entry(cell).or_default().add(&counts, 1);
    }
    for (cell, kept) in kept {
        let again = counted.remove(&cell).unwrap_or_default();
        compare(&mut verified.differences, &cell, &kept, &again);
    }
    for (cell, again) in counted {
        compare(&mut verified.differences, &cell, &Counts::default(), &again);
    }
    verified.ratings = satisfaction(reader, &mut verified.differences)?;
    Ok(verified)
}

/// The names of the counts of satisfaction.
const LEVELS: [&str; 5] = ["level_1", "level_2", "level_3", "level_4", "level_5"];

/// Counts the published satisfaction again from every rating and from what the step does not hold of them; the number
/// of ratings in steps.
///
/// # Errors
/// [`StoreError`].
pub fn satisfaction(
    reader: &mut Reader<'_>,
    differences: &mut Vec<Difference>,
) -> Result<u64, StoreError> {
    // By label first: there are far fewer of them than ratings.
    let mut labels = BTreeMap::<(String, String), [[i64; 5]; QUESTIONS]>::new();
    let mut ratings = 0;
    reader.ratings_in_steps(|rating| {
        ratings += 1;
        let key = (rating.instrument, rating.label.to_text());
        let counts = labels.entry(key).or_default();
        for (levels, level) in counts.iter_mut().zip(rating.levels) {
            published::count(levels, level, 1);
        }
    })?;
    for answer in reader.answers_apart()? {
        let own = answer.rating.label.to_text();
        let (current, place) = (answer.current(), answer.question as usize);
        let counts = labels.entry((answer.instrument.clone(), own)).or_default();
        published::count(&mut counts[place], current, -1);
        let elsewhere = (answer.instrument, answer.label);
        let counts = labels.entry(elsewhere).or_default();
        published::count(&mut counts[place], answer.published, 1);
    }
    let mut counted = published::Ledger::default();
    for ((instrument, label), counts) in &labels {
        for (question, levels) in Question::ALL.iter().zip(counts) {
            if *levels != [0; 5] {
                counted.add_levels(instrument, label, *question, levels);
            }
        }
    }
    let mut kept = BTreeMap::<SatisfactionKey, LevelCounts>::new();
    reader.satisfaction_cells(|key, levels| {
        kept.insert(key, levels);
    })?;
    let mut counted = counted.cells;
    let mut differ = |key: &SatisfactionKey, kept: &LevelCounts, counted: &[i64; 5]| {
        for ((kept, counted), measure) in kept.iter().zip(counted).zip(LEVELS) {
            let kept = i64::try_from(*kept).unwrap_or(i64::MAX);
            if kept != *counted {
                differences.push(Difference {
                    cell: [
                        key.period.clone(),
                        format!("{} {}", key.question.name(), key.split),
                        key.place.clone(),
                        key.value.clone(),
                    ],
                    measure,
                    kept,
                    counted: *counted,
                });
            }
        }
    };
    for (key, levels) in &kept {
        let again = counted.remove(key).unwrap_or_default();
        differ(key, levels, &again);
    }
    for (key, again) in &counted {
        differ(key, &LevelCounts::default(), again);
    }
    Ok(ratings)
}

fn compare(all: &mut Vec<Difference>, cell: &[String; 4], kept: &Counts, counted: &Counts) {
    for measure in Measure::ALL {
        let (kept, counted) = (kept.get(*measure), counted.get(*measure));
        if kept != counted {
            all.push(Difference {
                cell: cell.clone(),
                measure: measure.name(),
                kept,
                counted,
            });
        }
    }
}
