//! What only time or the calendar changes; and, once a day, what may be told of results by now.
//!
//! Each counted case says on which day the clock alone changes it; the watch counts those whose day has come, so its
//! cost follows the cases that fall due. Another calendar or another way of counting changes any of them: then every
//! case is counted again, once. Of what was written with other ones than the figures have, the day has come at once
//! (`settings`).

use chrono::NaiveDateTime;
use dung_hen_domain::civil::{iso_date, parse_date};

use super::settings::{COUNTED_WITH, settings};
use super::{Contribution, Counting, Ledger};
use crate::store::{CountedCase, Store, StoreError, Writer};

/// Cases looked at together, and counted in one transaction.
const BATCH: u32 = 500;

/// Name of the day up to which the clock has been counted.
const AS_OF: &str = "as_of";

/// What the watch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Cases whose day had come.
    pub turned: u64,
    /// Cases looked at again because calendar or method changed.
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
            // Most cases count as before: they are looked at without holding up writes. Whoever writes one meanwhile
            // leaves word that it is to be counted again; where nothing said with what it was counted, nobody does.
            let page = store.read_now(|reader| reader.counted_after(last, BATCH))?;
            let Some((id, _)) = page.last() else { break };
            last = *id;
            let n = page.len();
            let others = page.into_iter().map(|(_, case)| case);
            let others: Vec<String> = others
                .filter(|case| before.is_none() || !counts_as_kept(case, counting))
                .map(|case| case.record.code)
                .collect();
            if !others.is_empty() {
                let context = counting.clone();
                store.write_now(move |writer| recount(writer, &others, &context))?;
            }
            done.recounted += n as u64;
            progress(done);
        }
        store.write_now(move |writer| writer.put_figure_state(COUNTED_WITH, &with))?;
    }
    loop {
        let context = counting.clone();
        let turned = store.write_now(move |writer| {
            let batch = writer.cases_that_turn(context.as_of, BATCH)?;
            recount(writer, &batch, &context)?;
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

/// Whether a case adds to the figures what is kept of it.
fn counts_as_kept(case: &CountedCase, counting: &Counting) -> bool {
    let (contribution, turns_on) = Contribution::of(&case.record, counting);
    let kept = case.counted.as_deref().map(Contribution::read);
    turns_on == case.turns_on && matches!(kept, Some(Ok(kept)) if kept == contribution)
}

fn recount(
    writer: &mut Writer<'_>,
    codes: &[String],
    counting: &Counting,
) -> Result<(), StoreError> {
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    // Held before they are read: another server may be counting them.
    let cases = writer.hold_cases(&codes)?;
    let mut ledger = Ledger::default();
    ledger.count_again(writer, &cases, counting)?;
    ledger.write(writer)
}

/// Runs the watch at the start and whenever the clock shows another day, until the server ends; not while `now` is nothing,
/// because the clock is not believed.
pub async fn run(
    store: Store,
    counting: impl Fn(NaiveDateTime) -> Counting,
    now: impl Fn() -> Option<NaiveDateTime>,
) {
    let mut day = None;
    let mut every = tokio::time::interval(std::time::Duration::from_secs(20));
    loop {
        every.tick().await;
        let Some(moment) = now().filter(|moment| day != Some(moment.date())) else {
            continue;
        };
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
