//! How long what is kept of people is kept, and its erasure, every hour and on demand.

use std::time::Duration as Pause;

use chrono::{Duration, NaiveDateTime};

use crate::config::Retention;
use crate::connector::dead;
use crate::state::AppState;
use crate::store::{Store, StoreError};

/// Between two erasures.
const EVERY: Pause = Pause::from_secs(3600);
/// Where the clock is not believed, until it is looked at again.
const SOON: Pause = Pause::from_secs(600);
/// Wrong proofs count for a day at most; after two they say nothing.
const ATTEMPTS: i64 = 2;

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Cases.
    pub cases: usize,
    /// Counts of wrong proofs.
    pub attempts: u64,
    /// Items of connectors that could not be stored.
    pub dead_letters: u64,
    /// Whether the write-ahead log may hold some of it still, now or of an earlier time: somebody was reading.
    pub in_log: bool,
}

/// Erases what is due at `now`, a batch at a time. Done twice, or on two servers, it is done once. The write-ahead log is
/// emptied whether anything was due or not: an earlier erasure, or one by another process, may have met somebody who read.
///
/// # Errors
/// [`StoreError`].
pub fn erase(
    store: &Store,
    retention: Retention,
    now: NaiveDateTime,
) -> Result<Erased, StoreError> {
    let before = move |days: u32| now - Duration::days(days.into());
    let mut erased = Erased {
        attempts: store
            .write_now(move |writer| writer.forget_attempts(now - Duration::days(ATTEMPTS)))?,
        dead_letters: store
            .write_now(move |writer| writer.erase_dead_letters(now - Duration::days(dead::DAYS)))?,
        ..Erased::default()
    };
    if let Some(days) = retention.case_days {
        loop {
            let batch =
                store.write_now(move |writer| writer.erase_ended_cases(before(days), now))?;
            if batch == 0 {
                break;
            }
            erased.cases += batch;
        }
    }
    erased.in_log = !store.forget()?;
    Ok(erased)
}

/// Erases every hour until the process ends. What fails is tried again the next hour, and told; while the clock is not
/// believed nothing is erased by it.
pub async fn keep_erasing(state: AppState, retention: Retention) {
    let mut hours = tokio::time::interval(EVERY);
    loop {
        hours.tick().await;
        let (store, now) = (state.store.clone(), state.now());
        if !state.steady.holds(now) {
            hours.reset_after(SOON);
            continue;
        }
        let done = tokio::task::spawn_blocking(move || erase(&store, retention, now));
        match done.await {
            Ok(Ok(erased)) if erased != Erased::default() => {
                tracing::info!(
                    cases = erased.cases,
                    attempts = erased.attempts,
                    dead_letters = erased.dead_letters,
                    in_log = erased.in_log,
                    "erased"
                );
            }
            Ok(Ok(_)) => {}
            _ => tracing::error!("erasing failed; tried again within the hour"),
        }
    }
}
