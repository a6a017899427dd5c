//! How far behind those are who send cases, for Prometheus.

use std::time::Duration;

use chrono::NaiveDateTime;

use crate::state::AppState;
use crate::store::StoreError;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(10);

/// Looks until the process ends.
pub async fn keep_measuring(state: AppState) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        // Where the store fails, its own lines say so.
        let _ = measure(&state).await;
    }
}

/// One look: since when nothing came from each sender, since when a pull fails, how much waits among the dead letters.
///
/// # Errors
/// [`StoreError`]; the figures stay what they were.
pub async fn measure(state: &AppState) -> Result<(), StoreError> {
    let (senders, dead) = state
        .store
        .find(|reader| Ok::<_, StoreError>((reader.senders()?, reader.count_dead_letters()?)))
        .await?;
    let now = state.now();
    let since = |moment: NaiveDateTime| (now - moment).num_seconds().max(0);
    let telemetry = &state.http.telemetry;
    for sender in senders {
        if let Some(last) = sender.last_at {
            telemetry.sender_state(&sender.name, since(last));
        }
        telemetry.sender_failing(&sender.name, sender.failed_at.map_or(0, since));
    }
    telemetry.dead_letters(dead);
    Ok(())
}
