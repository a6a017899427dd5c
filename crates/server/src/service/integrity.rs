//! What is counted of ballots and ratings: in the waiting room first, handed over to the database once a day, and read
//! as the counters of the public. What stands beside the figures: [`figures::integrity`](crate::figures::integrity).

use std::collections::BTreeMap;

use dung_hen_domain::civil::iso_date;
use dung_hen_domain::integrity::{Counted, OUTCOMES};
use dung_hen_domain::period::Period;

use crate::error::{AppError, disk};
use crate::figures::integrity::{Numbers, add, number};
use crate::state::AppState;
use crate::store::TallyRow;
use crate::worker::in_place;

/// Counts what was refused. Whoever is asked to wait or to do some work first is not refused, nor is one whom we failed.
pub async fn refused(state: &AppState, agency: &str, error: &AppError) {
    let later = matches!(
        error,
        AppError::TooManyAttempts(_) | AppError::PuzzleRequired(_)
    );
    if later || error.status().is_server_error() {
        return;
    }
    count(state, agency, Counted::Refused).await;
}

/// Counts one more.
pub async fn count(state: &AppState, agency: &str, kind: Counted) {
    count_all(state, agency, &[(kind, 1)]).await;
}

/// Counts so many more of each. Where the room cannot be entered that is told to the operator alone: what the citizen is
/// told stands, given or refused, and whoever enters next counts it.
pub async fn count_all(state: &AppState, agency: &str, kinds: &[(Counted, i64)]) {
    counted(state, agency, kinds).await;
}

/// Counts how a ballot was obtained, which is on the disk soon though nobody waits for it: no rating that would is sure to
/// follow.
pub async fn count_ballot(state: &AppState, agency: &str, kinds: &[(Counted, i64)]) {
    if let Some(moment) = counted(state, agency, kinds).await {
        let state = state.clone();
        // A disk that fails tells so whoever keeps something.
        tokio::spawn(async move { state.waiting.on_disk_with_others(moment).await });
    }
}

/// The moment of it in the room.
async fn counted(state: &AppState, agency: &str, kinds: &[(Counted, i64)]) -> Option<u64> {
    let today = state.now().date();
    let counted = state.waiting.count(agency, today, kinds).await;
    counted
        .inspect_err(|error| {
            tracing::warn!(error.kind = ?error.kind(), "a ballot or a rating is counted later");
        })
        .ok()
}

/// Hands the numbers over to the database: those of days that are over, and of agencies and months in whole steps.
/// Sorted, so that their order says nothing.
///
/// # Errors
/// [`AppError::Internal`]; the next time does it.
pub async fn hand_over(state: &AppState) -> Result<(), AppError> {
    let today = state.now().date();
    let this_day = iso_date(today);
    let mut rows: Vec<TallyRow> = {
        let room = state.waiting.enter().await.map_err(disk)?;
        let name = room.name().map_err(disk)?;
        room.tallies()
            .flat_map(|tally| {
                tally.leaving(&this_day).map(|(kind, value)| TallyRow {
                    period: tally.period.clone(),
                    agency: tally.agency.clone(),
                    kind,
                    room: name.clone(),
                    value,
                })
            })
            .filter(|row| row.value > 0)
            .collect()
    };
    rows.sort_by(|a, b| (&a.period, &a.agency, a.kind).cmp(&(&b.period, &b.agency, b.kind)));
    if !rows.is_empty() {
        state
            .store
            .write(move |store| store.raise_tallies(&rows).map_err(AppError::from))
            .await?;
    }
    let mut room = state.waiting.enter().await.map_err(disk)?;
    in_place(|| room.erase_old_tallies(today)).map_err(disk)
}

/// The numbers of the public: what came in all, and of a period day by day and by agency and month.
#[derive(Debug, Default)]
pub struct Counters {
    /// Since the beginning, up to this moment.
    pub all: Numbers,
    /// Days of the period that are over.
    pub days: BTreeMap<String, Numbers>,
    /// By month and agency, in steps; what they lack to the sum of the days is of no agency, or not a whole step.
    pub agencies: BTreeMap<(String, String), Numbers>,
}

/// Reads the counters.
///
/// # Errors
/// [`AppError::StoreUnavailable`].
pub async fn counters(state: &AppState, period: Period) -> Result<Counters, AppError> {
    let today = iso_date(state.now().date());
    // First what is here, then what has been handed over: a number never shrinks, so nothing is missed or counted twice
    // that goes over meanwhile.
    let (name, here) = {
        let room = state.waiting.enter().await.map_err(disk)?;
        let of_days = room.tallies().filter(|tally| tally.is_of_a_day());
        (
            room.name().map_err(disk)?,
            of_days.cloned().collect::<Vec<_>>(),
        )
    };
    state
        .store
        .read(move |store| {
            let mut found = Counters::default();
            for (kind, n) in store.tallies_of_all_days()? {
                add(&mut found.all, kind, n);
            }
            let (first, after) = period.days();
            let shown = |day: &str| *day < *today && (&*first..&*after).contains(&day);
            for row in store.tallies_by_day(&first, &after)? {
                if shown(&row.period) {
                    add(
                        found.days.entry(row.period).or_default(),
                        row.kind,
                        row.value,
                    );
                }
            }
            for tally in &here {
                for kind in OUTCOMES.into_iter().chain([Counted::RepeatedLater]) {
                    let handed_over = store.tally_of_room(&tally.period, kind, &name)?;
                    let more = tally.get(kind).saturating_sub(handed_over);
                    if more == 0 {
                        continue;
                    }
                    add(&mut found.all, kind, more);
                    if shown(&tally.period) {
                        add(
                            found.days.entry(tally.period.clone()).or_default(),
                            kind,
                            more,
                        );
                    }
                }
            }
            for month in period.each_month() {
                let rows = store.tallies_of_month(&month.months().0, None)?;
                for row in rows.into_iter().filter(|row| !row.agency.is_empty()) {
                    if OUTCOMES.contains(&row.kind) {
                        let key = (row.period, row.agency);
                        add(found.agencies.entry(key).or_default(), row.kind, row.value);
                    }
                }
            }
            Ok::<_, AppError>(settled(found))
        })
        .await
}

/// Kept by two servers, a rating is stored once and repeated once.
fn settled(mut found: Counters) -> Counters {
    let later = number(&found.all, Counted::RepeatedLater);
    let stored = found.all.entry(Counted::Stored).or_default();
    *stored = stored.saturating_sub(later);
    add(&mut found.all, Counted::Repeated, later);
    found
}
