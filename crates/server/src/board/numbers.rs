//! What a page of the board shows, read in one look at the kept cells.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::Share;
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Split};

use super::View;
use crate::error::AppError;
use crate::figures::{BY_OBJECTION, BY_PROCEDURE, WHOLE, satisfaction, watch};
use crate::service::integrity;
use crate::state::AppState;
use crate::store::CellSum;

/// Months of the trend.
const TREND: u32 = 12;

/// The numbers.
#[derive(Debug)]
pub(super) struct Numbers {
    /// Of the whole page.
    pub(super) whole: Counts,
    /// Rows: agencies of the province, or procedures of the agency.
    pub(super) rows: BTreeMap<String, Counts>,
    /// Objections by kind.
    pub(super) objections: BTreeMap<String, u64>,
    /// Month by month, the last one that of the end of the period.
    pub(super) months: Vec<(String, Counts)>,
    /// Satisfaction, as published.
    pub(super) ratings: satisfaction::Table,
    /// What stands beside it.
    pub(super) beside: integrity::Numbers,
    /// Until when the clock has been counted.
    pub(super) until: Option<NaiveDate>,
}

/// `2026-Q4` of a day.
pub(super) fn quarter_of(day: NaiveDate) -> String {
    format!("{:04}-Q{}", day.year(), day.month0() / 3 + 1)
}

/// Finished in time of all finished.
pub(super) const fn on_time(counts: &Counts) -> Share {
    let part = (counts.get(M::Early) + counts.get(M::OnTime)).unsigned_abs();
    Share {
        part,
        n: part + counts.get(M::Late).unsigned_abs(),
    }
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
            let place = agency.map_or(Place::Province, |agency| Place::Agency(agency.to_owned()));
            let (from, to) = view.period.months();
            let span = (from.as_str(), to.as_str());
            let sum = |rows: &[CellSum]| {
                let mut counts = Counts::default();
                for row in rows {
                    counts.add(&row.counts, 1);
                }
                counts
            };
            let whole = store.figure_sums(agency, WHOLE, span)?;
            let mut rows = BTreeMap::<String, Counts>::new();
            let split = match agency {
                Some(_) => store.figure_sums(agency, BY_PROCEDURE, span)?,
                None => whole.clone(),
            };
            for row in split {
                let name = if agency.is_some() {
                    row.value
                } else {
                    row.agency
                };
                rows.entry(name).or_default().add(&row.counts, 1);
            }
            let mut objections = BTreeMap::new();
            for row in store.figure_sums(agency, BY_OBJECTION, span)? {
                *objections.entry(row.value).or_default() += row.counts.count(M::Objections);
            }
            let mut trend = Vec::new();
            for month in &months {
                let rows = store.figure_sums(agency, WHOLE, (month, month))?;
                trend.push((month.clone(), sum(&rows)));
            }
            Ok::<_, AppError>(Numbers {
                whole: sum(&whole),
                rows,
                objections,
                months: trend,
                ratings: satisfaction::table(
                    store,
                    INSTRUMENT,
                    &place,
                    &view.period_text,
                    Split::Whole,
                )?,
                beside: integrity::beside(store, &reference, &place, view.period, today)?,
                until: watch::counted_until(store)?.filter(|until| *until <= today),
            })
        })
        .await
}
