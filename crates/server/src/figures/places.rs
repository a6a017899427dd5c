//! Counts of a place and period: the province, a level, an agency. A write adds to the tail alone
//! (`store::cells`); [`bring_up`] adds it to the cells of every place and period, soon after, so that a question costs
//! the rows that it shows. Whoever reads adds what is not there yet.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::Counts;
use dung_hen_domain::outcomes::{self, OnTime, RESULTS, Told};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::{Place, RatedOutcome};

use super::BY_OUTCOME;
use crate::reference::Reference;
use crate::store::{Reader, Store, StoreError};

/// Name of which agency is of which level, as the kept cells have it; its row is the lock of whoever changes cells.
const LEVELS: &str = "levels";
/// Agencies and months looked at in one transaction.
const UNITS: usize = 200;
/// A write is in the cells after this time; until then whoever reads adds it up.
const EVERY: Duration = Duration::from_secs(2);

/// Whether an agency is one of a place.
#[must_use]
pub fn within(reference: &Reference, place: &Place, agency: &str) -> bool {
    match place {
        Place::Province => true,
        Place::Level(level) => reference.level_of(agency).name() == level,
        Place::Agency(code) => code == agency,
    }
}

/// Exact counts of a place by value of the split (by outcome the public sees [`by_outcome`] instead), over the months from the first to the second, both counted.
///
/// # Errors
/// [`StoreError`].
pub fn totals(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    split: &str,
    span: (&str, &str),
) -> Result<BTreeMap<String, Counts>, StoreError> {
    if are_stale(reader, reference, place)? {
        let mut totals = BTreeMap::<String, Counts>::new();
        for row in reader.figure_sums(None, split, span)? {
            if within(reference, place, &row.agency) {
                totals.entry(row.value).or_default().add(&row.counts, 1);
            }
        }
        return Ok(totals);
    }
    reader.figure_totals(place, split, span, |agency| {
        within(reference, place, agency)
    })
}

/// Cases of a place by outcome as they are published: all results together. Whatever the public sees by outcome comes from
/// here and from [`results`].
///
/// # Errors
/// [`StoreError`].
pub fn by_outcome(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    span: (&str, &str),
) -> Result<BTreeMap<String, Counts>, StoreError> {
    let exact = totals(reader, reference, place, BY_OUTCOME, span)?;
    Ok(outcomes::folded(exact))
}

/// How many results of a place grant and how many refuse, as far as it was told.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// Agency, month, what was told of it.
    pub units: Vec<(String, String, Told)>,
}

impl Results {
    /// By name of the row, in time and late.
    #[must_use]
    pub fn sums(&self) -> BTreeMap<&'static str, i64> {
        let of = |at: usize| {
            let told = self.units.iter();
            told.filter_map(|(.., told)| told.results.get(at)).sum()
        };
        let rows = RESULTS.iter().enumerate();
        rows.map(|(at, row)| (row.name(), of(at))).collect()
    }

    /// On time of those granted and of those refused.
    #[must_use]
    pub fn on_time(&self) -> [(RatedOutcome, OnTime); 2] {
        let [granted, refused] = OnTime::of(self.units.iter().map(|(.., told)| told));
        [
            (RatedOutcome::Granted, granted),
            (RatedOutcome::Refused, refused),
        ]
    }
}

/// What was told of results of a place.
///
/// # Errors
/// [`StoreError`].
pub fn results(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    span: (&str, &str),
) -> Result<Results, StoreError> {
    let mut units = reader.results_told(span)?;
    units.retain(|(agency, ..)| within(reference, place, agency));
    Ok(Results { units })
}

/// Decides, once for each agency and month of reception that is over and has nothing open, what is told of its results.
///
/// # Errors
/// [`StoreError`]; what was decided is kept, and the next run carries on.
pub fn tell_results(store: &Store, today: NaiveDate) -> Result<(), StoreError> {
    let Some(month) = Period::month_of(today).map(|month| month.months().0) else {
        return Ok(());
    };
    let units = store.read_now(|reader| reader.results_not_told(&month))?;
    for some in units.chunks(UNITS) {
        let some = some.to_vec();
        store.write_now(move |writer| {
            for unit in &some {
                let [agency, month] = unit;
                let span = (month.as_str(), month.as_str());
                let exact = writer.figure_sums(Some(agency), BY_OUTCOME, span)?;
                let exact = exact.into_iter().map(|sum| (sum.value, sum.counts));
                let month = Period::parse(month)
                    .ok_or_else(|| StoreError::corrupt("figure_cells.period"))?;
                if let Some(told) = outcomes::told(&exact.collect(), month, today) {
                    writer.tell_results(unit, told)?;
                }
            }
            Ok::<_, StoreError>(())
        })?;
    }
    Ok(())
}

/// Every cell of a place and period (`2026-10`, `2026-Q4`, `2026`) in these splits, by split and value.
///
/// # Errors
/// [`StoreError`].
pub fn cells(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    period: &str,
    splits: &[&str],
) -> Result<BTreeMap<[String; 2], Counts>, StoreError> {
    if are_stale(reader, reference, place)? {
        let mut all = BTreeMap::<[String; 2], Counts>::new();
        for agency in reader.agencies_counted(period)? {
            if within(reference, place, &agency) {
                let of_agency = Place::Agency(agency.clone());
                let own =
                    reader.figure_cells_of(&of_agency, period, splits, |one| one == agency)?;
                for (cell, counts) in own {
                    all.entry(cell).or_default().add(&counts, 1);
                }
            }
        }
        return Ok(all);
    }
    reader.figure_cells_of(place, period, splits, |agency| {
        within(reference, place, agency)
    })
}

/// Whether these are the cells of a level after a change of the configuration, until they are made again.
fn are_stale(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
) -> Result<bool, StoreError> {
    Ok(matches!(place, Place::Level(_))
        && reader.figure_state(LEVELS)?.as_deref() != Some(reference.levels.as_str()))
}

/// The whole of [`totals`].
///
/// # Errors
/// [`StoreError`].
pub fn whole(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    span: (&str, &str),
) -> Result<Counts, StoreError> {
    let mut totals = totals(reader, reference, place, super::WHOLE, span)?;
    Ok(totals.remove("").unwrap_or_default())
}

/// Brings the cells of every place up to what was written before; what comes meanwhile may wait for the next time.
///
/// # Errors
/// [`StoreError`]; what was done is kept, and the next run carries on.
pub fn bring_up(store: &Store, reference: &Arc<Reference>) -> Result<(), StoreError> {
    loop {
        let reference = Arc::clone(reference);
        let more = store.write_now(move |writer| {
            let level_of = |agency: &str| reference.level_of(agency).name();
            if writer.locked_figure_state(LEVELS)? != reference.levels {
                writer.make_levels(level_of)?;
                writer.put_figure_state(LEVELS, &reference.levels)?;
            }
            writer.bring_up_cells(level_of)
        })?;
        if !more {
            return Ok(());
        }
    }
}

/// Does so until the server ends.
pub async fn keep_up(store: Store, reference: Arc<Reference>) {
    let mut every = tokio::time::interval(EVERY);
    let mut levels_are_current = false;
    loop {
        every.tick().await;
        if levels_are_current && matches!(store.read(|reader| reader.has_tail()).await, Ok(false)) {
            continue;
        }
        let (store, reference) = (store.clone(), Arc::clone(&reference));
        match tokio::task::spawn_blocking(move || bring_up(&store, &reference)).await {
            Ok(Ok(())) => levels_are_current = true,
            // Tried again at the next tick; meanwhile whoever reads adds it up.
            Ok(Err(error)) => {
                tracing::error!(error.kind = ?error.kind(), "the figures could not be added up");
            }
            Err(_) => tracing::error!("adding the figures up stopped half-way"),
        }
    }
}
