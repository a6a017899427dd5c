//! Early, on time, late: derived from the promise, never stored.
//!
//! Compared by date: finished on the promised day is on time. The clock is stopped by the
//! end of processing (`NgayKetThucXuLy`), not by collection (`NgayTra`). A case waiting for
//! the applicant is paused, never late by the clock alone.

use chrono::NaiveDate;

use crate::calendar::WorkingCalendar;
use crate::case::{CaseStatus, wire_enum};

wire_enum! {
    /// How a case stands against its promise.
    Timeliness {
        /// Finished before the promised day.
        Early = "early",
        /// Finished on the promised day.
        OnTime = "on_time",
        /// Finished after the promised day.
        Late = "late",
        /// Open, before the promised day.
        WithinTime = "within_time",
        /// Open, two working days or fewer to go.
        DueSoon = "due_soon",
        /// Open, past the promised day.
        Overdue = "overdue",
        /// Waiting for the applicant.
        Paused = "paused",
        /// Not received, refused at the counter, withdrawn or stopped: no promise applies.
        NotApplicable = "not_applicable",
        /// The data sent do not tell.
        Unknown = "unknown_timeliness",
    }
}

/// How many working days before the promise a case counts as due soon.
pub const DUE_SOON_WORKING_DAYS: u32 = 2;

/// The facts that timeliness is derived from.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The state.
    pub status: CaseStatus,
    /// The promise in force: the first one since the period last started.
    pub promise: Option<NaiveDate>,
    /// End of processing.
    pub finished: Option<NaiveDate>,
    /// Collection by the applicant: an upper bound where `finished` was not sent.
    pub returned: Option<NaiveDate>,
    /// Today, as the server says.
    pub as_of: NaiveDate,
}

/// How the case stands, and by how many calendar days it differs from the promise
/// (days early, late, or left; 0 where that says nothing).
#[must_use]
pub fn assess(facts: &Facts, calendar: &WorkingCalendar) -> (Timeliness, u32) {
    let status = facts.status;
    if !status.is_received() || matches!(status, CaseStatus::Withdrawn | CaseStatus::Stopped) {
        return (Timeliness::NotApplicable, 0);
    }
    let Some(promise) = facts.promise else {
        return (Timeliness::Unknown, 0);
    };
    let apart = |date: NaiveDate| {
        u32::try_from(
            date.signed_duration_since(promise)
                .num_days()
                .unsigned_abs(),
        )
        .unwrap_or(u32::MAX)
    };
    if status.is_finished() {
        return match (facts.finished, facts.returned) {
            (Some(finished), _) if finished < promise => (Timeliness::Early, apart(finished)),
            (Some(finished), _) if finished == promise => (Timeliness::OnTime, 0),
            (Some(finished), _) => (Timeliness::Late, apart(finished)),
            // Collected in time, so it was finished in time: on which day is not known.
            (None, Some(returned)) if returned <= promise => (Timeliness::OnTime, 0),
            (None, _) => (Timeliness::Unknown, 0),
        };
    }
    if status.is_paused() {
        return (Timeliness::Paused, 0);
    }
    let days = apart(facts.as_of);
    if facts.as_of > promise {
        return (Timeliness::Overdue, days);
    }
    let soon = calendar
        .working_days_between(facts.as_of, promise)
        .map_or(days <= DUE_SOON_WORKING_DAYS, |left| {
            left <= DUE_SOON_WORKING_DAYS
        });
    (
        if soon {
            Timeliness::DueSoon
        } else {
            Timeliness::WithinTime
        },
        days,
    )
}
