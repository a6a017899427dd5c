//! What a page of the board shows, read in one look at the kept cells.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Months, NaiveDate};
use dung_hen_domain::case::Level;
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::case_mix::CaseMix;
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Split};

use super::view::View;
use crate::error::AppError;
use crate::figures::formulas::Facts;
use crate::figures::integrity;
use crate::figures::satisfaction::Published;
use crate::figures::{BY_OBJECTION, BY_PROCEDURE, places, satisfaction, watch};
use crate::reference::Reference;
use crate::report::overview::{self, Overview};
use crate::state::AppState;
use crate::store::{Reader, StoreError};

/// Months of the trend.
const TREND: u32 = 12;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// A level; the agencies below it follow.
    Level(Level),
    /// An agency, with its level first so that rows are in order.
    Agency(Level, String),
    /// A procedure.
    Procedure(String),
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) what: What,
    pub(super) counts: Counts,
    pub(super) mix: Option<CaseMix>,
    pub(super) satisfied: Published,
}

impl Row {
    /// Levels come before their agencies.
    pub(super) fn place(&self) -> (Level, String) {
        match &self.what {
            What::Level(level) => (*level, String::new()),
            What::Agency(level, code) => (*level, code.clone()),
            What::Procedure(code) => (Level::Unknown, code.clone()),
        }
    }
}

/// The numbers.
#[derive(Debug)]
pub(super) struct Numbers {
    /// Of the whole page.
    pub(super) whole: Counts,
    /// Rows: levels and agencies, or procedures of the agency.
    pub(super) rows: Vec<Row>,
    /// Satisfaction by month of the year, as published.
    pub(super) rated_months: BTreeMap<String, Published>,
    /// Counts by how cases ended.
    pub(super) outcomes: BTreeMap<String, Counts>,
    /// How many of the results grant and refuse, as far as it was told.
    pub(super) results: places::Results,
    /// Satisfaction by how cases ended, as published.
    pub(super) rated_outcomes: BTreeMap<String, Published>,
    /// Objections by kind.
    pub(super) objections: BTreeMap<String, u64>,
    /// Month by month, the last one that of the end of the period.
    pub(super) months: Vec<(String, Counts)>,
    /// Satisfaction, as published.
    pub(super) ratings: satisfaction::Table,
    /// What the formulas of QĐ 766 are counted from.
    pub(super) formulas: Facts,
    /// What stands beside it.
    pub(super) beside: integrity::Numbers,
    /// Until when the clock has been counted.
    pub(super) until: Option<NaiveDate>,
}

pub(super) async fn read(state: &AppState, view: &View) -> Result<Numbers, AppError> {
    let (_, end) = view.period.span();
    let months: Vec<String> = (0..TREND)
        .rev()
        .filter_map(|back| end.checked_sub_months(Months::new(back)))
        .filter_map(Period::month_of)
        .map(|month| month.months().0)
        .collect();
    let (view, today) = (view.clone(), state.now().date());
    let reference = Arc::clone(&state.reference);
    state
        .store
        .read(move |store| {
            let agency = view.agency.as_deref();
            let place = view.place();
            let year = view.period_text.get(..4).unwrap_or_default();
            let (from, to) = view.period.months();
            let span = (from.as_str(), to.as_str());
            let rows = match agency {
                Some(agency) => procedures(store, agency, &place, &view, span)?,
                None => {
                    let all = overview::read(store, &reference, &view.period_text, view.period)?;
                    agencies(&reference, all, view.level)
                }
            };
            let sent = places::totals(store, &reference, &place, BY_OBJECTION, span)?;
            let sent = sent.into_iter();
            let objections = sent.map(|(kind, counts)| (kind, counts.count(M::Objections)));
            let mut trend = Vec::new();
            for month in &months {
                let whole = places::whole(store, &reference, &place, (month, month))?;
                trend.push((month.clone(), whole));
            }
            let rated = |store: &mut Reader<'_>, split| {
                satisfaction::table(store, INSTRUMENT, &place, &view.period_text, split)
            };
            Ok::<_, AppError>(Numbers {
                whole: places::whole(store, &reference, &place, span)?,
                rows,
                outcomes: places::by_outcome(store, &reference, &place, span)?,
                results: places::results(store, &reference, &place, span)?,
                rated_outcomes: rated(store, Split::Outcome)?.rows,
                objections: objections.collect(),
                months: trend,
                rated_months: satisfaction::table(store, INSTRUMENT, &place, year, Split::Month)?
                    .rows,
                ratings: rated(store, Split::Whole)?,
                formulas: Facts::read(
                    store,
                    &reference,
                    &place,
                    &view.period_text,
                    view.period,
                    today,
                )?,
                beside: integrity::Beside::of_place(store, &reference, &place, view.period, today)?,
                until: watch::counted_until(store)?.filter(|until| *until <= today),
            })
        })
        .await
}

/// Levels, each followed by its agencies.
fn agencies(reference: &Reference, all: Overview, level: Option<Level>) -> Vec<Row> {
    let of = |one: Level| level.is_none_or(|level| level == one);
    let mut rows = Vec::new();
    for (one, row) in all.levels {
        // On the page of a level it would be the whole once more.
        if level.is_none() {
            rows.push(Row {
                what: What::Level(one),
                counts: row.counts,
                mix: None,
                satisfied: row.satisfied,
            });
        }
    }
    for (code, row) in all.agencies {
        let one = reference.level_of(&code);
        if of(one) {
            rows.push(Row {
                what: What::Agency(one, code),
                counts: row.counts,
                mix: row.mix,
                satisfied: row.satisfied,
            });
        }
    }
    rows.retain(|row| row.counts.count(M::Received) > 0);
    rows.sort_by_key(Row::place);
    rows
}

/// Procedures of an agency.
fn procedures(
    store: &mut Reader<'_>,
    agency: &str,
    place: &Place,
    view: &View,
    span: (&str, &str),
) -> Result<Vec<Row>, StoreError> {
    let mut rated = satisfaction::table(
        store,
        INSTRUMENT,
        place,
        &view.period_text,
        Split::Procedure,
    )?
    .rows;
    let cells = store.figure_sums(Some(agency), BY_PROCEDURE, span)?;
    let rows = cells
        .into_iter()
        .filter(|cell| cell.counts.count(M::Received) > 0);
    Ok(rows
        .map(|cell| Row {
            satisfied: rated.remove(&cell.value).unwrap_or_default(),
            what: What::Procedure(cell.value),
            counts: cell.counts,
            mix: None,
        })
        .collect())
}
