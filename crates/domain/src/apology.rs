//! The duty to apologise, as a state over facts.
//!
//! NĐ 61/2018 Điều 19(9): no later than 01 day before expiry the agency sends a written
//! apology with the reason and the proposed extension; one re-appointment at most. Whether
//! NĐ 118/2025 keeps both is open (docs/LAW.md); the state then carries that mark through
//! the rule set, and the words are "under the rules in force".

use chrono::NaiveDate;

use crate::calendar::WorkingCalendar;
use crate::case::{CaseStatus, wire_enum};
use crate::timeliness::DUE_SOON_WORKING_DAYS;

wire_enum! {
    /// Where the apology for a case stands.
    ApologyState {
        /// No promise is broken, and none is close.
        NotOwed = "not_owed",
        /// The promise ends within two working days: the agency is reminded, nothing is shown.
        ReminderDue = "reminder_due",
        /// A letter was out by the last lawful day.
        IssuedInTime = "issued_in_time",
        /// A letter came after the last lawful day.
        IssuedLate = "issued_late",
        /// The promise is broken and there is no letter.
        Missing = "missing",
        /// A second postponement: outside the rule.
        PostponedAgain = "postponed_again",
        /// Finished late, and no letter ever came.
        FinishedLateWithout = "finished_late_without",
    }
}

/// A letter of the agency, as far as the duty is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Day of issue.
    pub issued: NaiveDate,
    /// The new date it names.
    pub revised_due: Option<NaiveDate>,
}

/// The facts that the state is derived from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The state of the case.
    pub status: CaseStatus,
    /// The promise in force.
    pub promise: Option<NaiveDate>,
    /// End of processing, where known.
    pub finished: Option<NaiveDate>,
    /// Today, as the server says.
    pub as_of: NaiveDate,
    /// Letters about this promise, oldest first.
    pub letters: &'a [Letter],
    /// Dates moved again after a letter, with no letter of their own.
    pub moved_after_letter: bool,
}

/// The last day on which a letter about `promise` is in time: the last working day before it;
/// where the calendar cannot tell, the day before.
#[must_use]
pub fn last_lawful_day(promise: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    calendar
        .working_day_before(promise)
        .or_else(|| promise.pred_opt())
}

/// Whether the promise is broken on the day of `facts`.
#[must_use]
pub fn is_broken(facts: &Facts<'_>) -> bool {
    let Some(promise) = facts.promise else {
        return false;
    };
    if facts.status.is_finished() {
        return facts.finished.is_some_and(|finished| finished > promise);
    }
    facts.status.is_received()
        && !facts.status.is_closed()
        && !facts.status.is_paused()
        && facts.as_of > promise
}

/// Where the apology stands.
#[must_use]
pub fn assess(facts: &Facts<'_>, calendar: &WorkingCalendar) -> ApologyState {
    let Some(promise) = facts.promise else {
        return ApologyState::NotOwed;
    };
    if facts.letters.len() > 1 || (facts.moved_after_letter && !facts.letters.is_empty()) {
        return ApologyState::PostponedAgain;
    }
    if let Some(letter) = facts.letters.first() {
        let in_time = last_lawful_day(promise, calendar).is_some_and(|last| letter.issued <= last);
        return if in_time {
            ApologyState::IssuedInTime
        } else {
            ApologyState::IssuedLate
        };
    }
    if is_broken(facts) {
        return if facts.status.is_finished() {
            ApologyState::FinishedLateWithout
        } else {
            ApologyState::Missing
        };
    }
    let open = facts.status.is_received()
        && !facts.status.is_closed()
        && !facts.status.is_finished()
        && !facts.status.is_paused();
    let near = calendar
        .working_days_between(facts.as_of, promise)
        .is_some_and(|left| left <= DUE_SOON_WORKING_DAYS);
    if open && near {
        ApologyState::ReminderDue
    } else {
        ApologyState::NotOwed
    }
}
