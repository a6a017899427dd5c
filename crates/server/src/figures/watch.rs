//! What only time or the calendar changes; and, once a day, what may be told of results by now.
//!
//! Each counted case says on which day the clock alone changes it; the watch counts those whose day has come, so its
//! cost follows the cases that fall due. Another calendar or another way of counting changes any of them: then every
//! case is counted again, once. Of what was written with other ones than the figures have, the day has come at once
//! (`settings`).

use chrono::NaiveDateTime;
use dung_hen_domain::civil::{iso_date, parse_date};

use super::settings::{COUNTED_WITH, settings};
use super::{Counting, Ledger};
use crate::store::{Store, StoreError, Writer};

/// Cases counted in one transaction.
const BATCH: u32 = 500;

/// Name of the day up to which the clock has been counted.
const AS_OF: &str = "as_of";

/// What the watch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Cases whose day had come.
    pub turned: u64,
    /// Cases counted again because calendar or method changed.
    pub recounted: u64,
}

/// The day up to which the kept figures are counted; `None` before the watch ran first.
///
/// # Errors
/// [`StoreError`].
pub fn counted_until(
    reader: &mut crate::store::Reader<'_>,
) -> Result<Option<chrono::NaiveDate>, StoreError> {
    Ok(reader
        .figure_state(AS_OF)?
        .and_then(|text| parse_date(&text)))
}

/// Brings the figures up to the day of `counting`. Says how far it is after each batch.
///
/// # Errors
/// [`StoreError`]; what was done is kept, and the next run carries on.
pub fn bring_up(
    store: &Store,
    counting: &Counting,
    mut progress: impl FnMut(Watched),
) -> Result<Watched, StoreError> {
    let mut done = Watched::default();
    let with = settings(counting);
    let before = store.read_now(|reader| reader.figure_state(COUNTED_WITH))?;
    if before.as_deref() != Some(with.as_str()) {
        // From here on the figures are neither the old ones nor the new ones, also where this ends half-way.
        store.write_now(move |writer| writer.put_figure_state(COUNTED_WITH, ""))?;
        let mut last = 0;
        loop {
            let context = counting.clone();
            let (n, id) = store.write_now(move |writer| {
                let batch = writer.cases_after(last, BATCH)?;
                let mut ledger = Ledger::default();
                for (_, code) in &batch {
                    recount(writer, &mut ledger, code, &context)?;
                }
                ledger.write(writer)?;
                Ok::<_, StoreError>((batch.len(), batch.last().map(|(id, _)| *id)))
            })?;
            let Some(id) = id else { break };
            last = id;
            done.recounted += n as u64;
            progress(done);
        }
        store.write_now(move |writer| writer.put_figure_state(COUNTED_WITH, &with))?;
    }
    loop {
        let context = counting.clone();
        let turned = store.write_now(move |writer| {
            let batch = writer.cases_that_turn(context.as_of, BATCH)?;
            let mut ledger = Ledger::default();
            for code in &batch {
                recount(writer, &mut ledger, code, &context)?;
            }
            ledger.write(writer)?;
            if batch.is_empty() {
                writer.put_figure_state(AS_OF, &iso_date(context.as_of))?;
            }
            Ok::<_, StoreError>(batch.len())
        })?;
        if turned == 0 {
            super::places::bring_up(store, &counting.reference)?;
            return Ok(done);
        }
        done.turned += turned as u64;
        progress(done);
    }
}

fn recount(
    writer: &mut Writer<'_>,
    ledger: &mut Ledger,
    code: &str,
    counting: &Counting,
) -> Result<(), StoreError> {
    // Locked before it is read: another server may be counting it.
    writer.counted(code)?;
    match writer.find_case(code)? {
        Some(record) => ledger.count_again(writer, &record, counting),
        None => Ok(()),
    }
}

/// Runs the watch at the start and whenever the clock shows another day, until the server ends.
pub async fn run(
    store: Store,
    counting: impl Fn(NaiveDateTime) -> Counting,
    now: impl Fn() -> NaiveDateTime,
) {
    let mut day = None;
    let mut every = tokio::time::interval(std::time::Duration::from_secs(20));
    loop {
        every.tick().await;
        let moment = now();
        if day == Some(moment.date()) {
            continue;
        }
        let (store, context) = (store.clone(), counting(moment));
        let outcome = tokio::task::spawn_blocking(move || {
            let done = bring_up(&store, &context, |_| {})?;
            super::places::tell_results(&store, context.as_of)?;
            Ok::<_, StoreError>(done)
        })
        .await;
        match outcome {
            Ok(Ok(done)) => {
                day = Some(moment.date());
                tracing::info!(
                    figures.turned = done.turned,
                    figures.recounted = done.recounted,
                    "figures are up to the day"
                );
            }
            // Tried again at the next tick.
            Ok(Err(error)) => {
                tracing::error!(error.kind = ?error.kind(), "the figures could not be brought up to the day");
            }
            Err(_) => tracing::error!("the deadline watch stopped half-way"),
        }
    }
}
