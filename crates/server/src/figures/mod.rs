//! The figures, kept with every write: what a case adds to which cells.
//!
//! Cells are fixed in advance: agency and month of reception, each with one further split. A write takes off what the
//! case had added and adds what it adds now, in its own transaction ([`Ledger`]); the clock is [`watch`]'s;
//! [`verify`] counts everything again.

pub mod formulas;
pub mod integrity;
pub mod places;
pub mod satisfaction;
pub mod settings;
pub mod verify;
pub mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::{Channel, WireName as _};
use dung_hen_domain::figures::{Counts, Facts, MEASURES, Measure, count};
use dung_hen_domain::period::Period;
use dung_hen_domain::rules;
use serde::{Deserialize, Serialize};

use crate::reference::Reference;
use crate::store::{CaseRecord, CellKey, Kept, ObjectionRecord, StoreError, Writer};
use crate::view;

/// What a cell is split by.
pub const SPLITS: [&str; 5] = [WHOLE, BY_FIELD, BY_PROCEDURE, BY_CHANNEL, BY_OUTCOME];
/// Not split.
pub const WHOLE: &str = "";
/// By field of the procedure.
pub const BY_FIELD: &str = "field";
/// By procedure code.
pub const BY_PROCEDURE: &str = "procedure";
/// By the way of filing.
pub const BY_CHANNEL: &str = "channel";
/// By how it ended ([`dung_hen_domain::satisfaction::tables::RatedOutcome`]).
pub const BY_OUTCOME: &str = "outcome";
/// Objections by kind, in the month in which they came.
pub const BY_OBJECTION: &str = "objection";
/// Those of them for which no time to answer is set: nobody can be late with them. By kind.
pub const WITHOUT_TERM: &str = "objection_no_term";
/// Those of them that have an answer, by kind.
pub const ANSWERED: &str = "objection_answered";
/// Those of them that have an answer and no time to answer, by kind.
pub const ANSWERED_WITHOUT_TERM: &str = "objection_answered_no_term";
/// Those of them whose first answer came in time, by kind.
pub const ANSWERED_IN_TIME: &str = "objection_in_time";

/// What cases are counted with.
#[derive(Clone, Debug)]
pub struct Counting {
    /// Law, catalogue and province.
    pub reference: Arc<Reference>,
    /// Today.
    pub as_of: NaiveDate,
}

impl Counting {
    /// Of this moment.
    #[must_use]
    pub fn new(reference: &Arc<Reference>, now: NaiveDateTime) -> Self {
        Self {
            reference: Arc::clone(reference),
            as_of: now.date(),
        }
    }
}

/// What a case adds: its cells, and one count for each of them. Kept with the case, so that it can be taken off again
/// whatever has changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// Agency code.
    #[serde(rename = "a")]
    agency: String,
    /// Month of reception; a case without a day of reception is in no cell.
    #[serde(rename = "m")]
    month: Option<String>,
    #[serde(rename = "f")]
    field: String,
    #[serde(rename = "p")]
    procedure: String,
    #[serde(rename = "c")]
    channel: String,
    /// How it ended; absent in what was counted before this was.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    /// Month in which it could be rated first.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    served: Option<String>,
    /// Measures that are not nought, by place.
    #[serde(rename = "n")]
    counts: Vec<(u8, i64)>,
}

impl Contribution {
    /// Of a case, with the first day on which the clock alone changes it.
    #[must_use]
    pub fn of(record: &CaseRecord, counting: &Counting) -> (Self, Option<NaiveDate>) {
        let letters = view::letters_in_force(record);
        let facts = Facts {
            status: record.status,
            decision: record.detail.decision,
            promise: record.promise,
            last_date: record.history.last().map(|entry| entry.due),
            finished: record.finished_at.map(|moment| moment.date()),
            returned: record.returned_at.map(|moment| moment.date()),
            letters: &letters,
            moved_after_letter: view::moved_after_letter(
                record.history.iter().map(|entry| entry.cause),
            ),
            online: record.channel == Channel::Online,
            electronic_result: record.detail.has_electronic_result(),
            cashless: record.detail.cashless,
        };
        let reference = &counting.reference;
        let received = record.received_at.map(|moment| moment.date());
        let terms = view::terms(received.and_then(rules::for_reception), reference);
        let counted = count(&facts, counting.as_of, terms, &reference.calendar);
        let counts = (0u8..)
            .zip(counted.counts.0)
            .filter(|(_, count)| *count != 0)
            .collect();
        let contribution = Self {
            agency: counting.reference.counted_under(record).to_owned(),
            month: record
                .received_at
                .and_then(|moment| Period::month_of(moment.date()))
                .map(|month| month.months().0),
            field: view::procedure_field(record, &counting.reference),
            procedure: record.procedure.clone(),
            channel: record.channel.name().to_owned(),
            outcome: Some(counted.outcome.name().to_owned()),
            served: counted
                .served_on
                .and_then(Period::month_of)
                .map(|month| month.months().0),
            counts,
        };
        (contribution, counted.turns_on)
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (place, count) in &self.counts {
            if usize::from(*place) < MEASURES {
                counts.0[usize::from(*place)] = *count;
            }
        }
        counts
    }

    /// Agency and month of reception.
    fn unit(&self) -> Option<[String; 2]> {
        Some([self.agency.clone(), self.month.clone()?])
    }

    fn cells(&self) -> impl Iterator<Item = CellKey> {
        SPLITS.into_iter().filter_map(|split| {
            Some(CellKey {
                agency: self.agency.clone(),
                month: self.month.clone()?,
                split,
                value: match split {
                    BY_FIELD => self.field.clone(),
                    BY_PROCEDURE => self.procedure.clone(),
                    BY_CHANNEL => self.channel.clone(),
                    BY_OUTCOME => self.outcome.clone()?,
                    _ => String::new(),
                },
            })
        })
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(|_| StoreError::corrupt("case_counted.counted"))
    }
}

/// Differences that are written together, at the end of a transaction.
#[derive(Debug, Default)]
pub struct Ledger {
    cells: BTreeMap<CellKey, Counts>,
    /// Whether the kept figures are of these settings ([`settings::agrees`]), once that was asked.
    agrees: Option<bool>,
    /// Agencies and months that a case left, each with those it went to.
    moves: BTreeSet<[[String; 2]; 2]>,
}

impl Ledger {
    fn add(&mut self, contribution: &Contribution, times: i64) {
        let counts = contribution.counts();
        for key in contribution.cells() {
            self.cells.entry(key).or_default().add(&counts, times);
        }
        if let Some(month) = &contribution.served {
            let key = CellKey {
                agency: contribution.agency.clone(),
                month: month.clone(),
                split: WHOLE,
                value: String::new(),
            };
            let counts = self.cells.entry(key).or_default();
            counts.add_to(Measure::Served, times);
        }
    }

    /// Counts cases that were written, beside which stands what was kept before: takes off what they had added, adds what
    /// they add now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_cases(
        &mut self,
        writer: &mut Writer<'_>,
        cases: &[Kept],
        counting: &Counting,
    ) -> Result<(), StoreError> {
        let agrees = match self.agrees {
            Some(agrees) => agrees,
            None => *self.agrees.insert(settings::agrees(writer, counting)?),
        };
        self.count(writer, cases, counting, agrees)
    }

    /// [`Ledger::count_cases`] of the watch, which sees to it that the kept figures become those of `counting`.
    fn count_again(
        &mut self,
        writer: &mut Writer<'_>,
        cases: &[Kept],
        counting: &Counting,
    ) -> Result<(), StoreError> {
        self.count(writer, cases, counting, true)
    }

    fn count(
        &mut self,
        writer: &mut Writer<'_>,
        cases: &[Kept],
        counting: &Counting,
        agrees: bool,
    ) -> Result<(), StoreError> {
        let counted = cases.iter().map(|case| {
            let (text, turns_on) =
                self.replace(case.counted.as_deref(), &case.record, counting, agrees)?;
            Ok((case.id, text, turns_on))
        });
        let counted: Vec<_> = counted.collect::<Result<_, StoreError>>()?;
        writer.put_counted(&counted)
    }

    /// Takes off what a case had added, and adds what it adds now: that, and the day on which the clock changes it.
    fn replace(
        &mut self,
        before: Option<&str>,
        record: &CaseRecord,
        counting: &Counting,
        agrees: bool,
    ) -> Result<(String, Option<NaiveDate>), StoreError> {
        let (contribution, turns_on) = Contribution::of(record, counting);
        // Counted with other settings, its day has come: the first of the calendar, whatever the clocks say.
        let turns_on = if agrees {
            turns_on
        } else {
            Some(NaiveDate::default())
        };
        if let Some(before) = before {
            let before = Contribution::read(before)?;
            self.add(&before, -1);
            let units = before.unit().zip(contribution.unit());
            self.moves.extend(
                units
                    .filter(|(from, to)| from != to)
                    .map(|(from, to)| [from, to]),
            );
        }
        self.add(&contribution, 1);
        let text = serde_json::to_string(&contribution)
            .map_err(|_| StoreError::corrupt("case_counted.counted"))?;
        Ok((text, turns_on))
    }

    /// Counts an objection.
    pub fn count_objection(&mut self, objection: &ObjectionRecord) {
        let Some(month) = Period::month_of(objection.received_at.date()) else {
            return;
        };
        self.add_objections(
            &objection.agency,
            &month.months().0,
            objection.kind.name(),
            [1, i64::from(objection.due.is_none()), 0, 0, 0],
        );
    }

    /// Counts the first answer to an objection, in the month in which that came.
    pub fn count_answer(&mut self, objection: &ObjectionRecord, answered_at: NaiveDateTime) {
        let Some(month) = Period::month_of(objection.received_at.date()) else {
            return;
        };
        let counts = match objection.due {
            Some(due) => [0, 0, 1, 0, i64::from(answered_at.date() <= due)],
            None => [0, 0, 1, 1, 0],
        };
        let (month, kind) = (month.months().0, objection.kind.name());
        self.add_objections(&objection.agency, &month, kind, counts);
    }

    /// All of them, those without a time to answer, those answered, those of both, and those answered in time.
    fn add_objections(
        &mut self,
        agency: &str,
        month: &str,
        kind: &str,
        [all, without_term, answered, both, in_time]: [i64; 5],
    ) {
        for (split, value, n) in [
            (WHOLE, "", all),
            (BY_OBJECTION, kind, all),
            (WITHOUT_TERM, kind, without_term),
            (ANSWERED, kind, answered),
            (ANSWERED_WITHOUT_TERM, kind, both),
            (ANSWERED_IN_TIME, kind, in_time),
        ] {
            if n == 0 {
                continue;
            }
            let key = CellKey {
                agency: agency.to_owned(),
                month: month.to_owned(),
                split,
                value: value.to_owned(),
            };
            let counts = self.cells.entry(key).or_default();
            counts.add_to(Measure::Objections, n);
        }
    }

    /// Writes the differences.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn write(self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        // Once more where a case may have gone on from there.
        let mut again = !self.moves.is_empty();
        while std::mem::take(&mut again) {
            for [from, to] in &self.moves {
                again |= writer.results_move(from, to)?;
            }
        }
        writer.add_to_cells(self.cells.iter().filter(|(_, counts)| !counts.is_zero()))
    }
}
