//! The duty to apologise, as a state over facts.
//!
//! NĐ 61/2018 Điều 19(9): no later than 01 day before expiry the agency sends a written
//! apology with the reason and the proposed extension; one re-appointment at most. Whether
//! the decrees after it keep both is open (docs/LAW.md): the numbers come from the rule set of the
//! dossier ([`Terms::of`]) with its mark, and the words are "under the rules in force".
//!
//! Nothing is stored but the facts; the state is worked out anew for each day. Letters dated after that
//! day do not count yet.

use chrono::{Days, NaiveDate};

use crate::calendar::WorkingCalendar;
use crate::case::{CaseStatus, wire_enum};
use crate::rules::RuleSet;
use crate::timeliness::DUE_SOON_WORKING_DAYS;

wire_enum! {
    /// Where the apology for a case stands.
    ApologyState {
        /// No promise is broken, and none is close.
        NotOwed = "not_owed",
        /// The promise ends within the days of [`Terms::remind_days`], or the last lawful day has come: the
        /// agency is reminded, nothing is shown.
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

wire_enum! {
    /// How often the date was postponed, against what the rule allows.
    Postponement {
        /// Not at all.
        Never = "never",
        /// As often as the rule allows, or less.
        WithinRule = "within_rule",
        /// More often than the rule allows.
        OutsideRule = "outside_rule",
    }
}

/// What the agency is to be told today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// Nothing.
    None,
    /// A letter will be owed unless the case is finished: [`Terms::remind_days`] or fewer are left.
    Due,
    /// Today is the last lawful day for the letter.
    LastDay,
    /// The last lawful day has passed, the promise has not: a letter now is late, but still owed.
    Passed,
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

/// The numbers of the duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Days before the promise by which the letter must be out: working days, or plain ones where the calendar is not
    /// settled ([`LastLawfulDay`]).
    pub lead_days: u32,
    /// Postponements allowed.
    pub postponements: u32,
    /// Working days before the promise from which the agency is reminded: the province's choice.
    pub remind_days: u32,
}

impl Default for Terms {
    /// One day before, one postponement, a reminder two working days before.
    fn default() -> Self {
        Self {
            lead_days: 1,
            postponements: 1,
            remind_days: DUE_SOON_WORKING_DAYS,
        }
    }
}

impl Terms {
    /// The numbers of a rule set.
    #[must_use]
    pub const fn of(set: &RuleSet, remind_days: u32) -> Self {
        Self {
            lead_days: set.apology_lead_days.value,
            postponements: set.postponements.value,
            remind_days,
        }
    }
}

/// The last day on which a letter is in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastLawfulDay {
    /// The day.
    pub date: NaiveDate,
    /// Whether it was counted in working days. Where the calendar is not settled, plain days are: the text
    /// says "01 day", and in doubt a letter is not called late. Who is told the day is told that, too.
    pub in_working_days: bool,
}

/// The last lawful day for a letter about `promise`, `lead_days` before it.
#[must_use]
pub fn lawful_until(
    promise: NaiveDate,
    lead_days: u32,
    calendar: &WorkingCalendar,
) -> Option<LastLawfulDay> {
    let mut working = Some(promise);
    for _ in 0..lead_days {
        working = working.and_then(|day| calendar.working_day_before(day));
    }
    if let Some(date) = working {
        return Some(LastLawfulDay {
            date,
            in_working_days: true,
        });
    }
    promise
        .checked_sub_days(Days::new(lead_days.into()))
        .map(|date| LastLawfulDay {
            date,
            in_working_days: false,
        })
}

/// [`lawful_until`] with the one day of the rules so far.
#[must_use]
pub fn last_lawful_day(promise: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    lawful_until(promise, Terms::default().lead_days, calendar).map(|last| last.date)
}

/// Which postponement each letter is, from 1; 0 for a letter that names no new date, or once more the one
/// named before. `letters` oldest first.
#[must_use]
pub fn postponement_numbers(letters: &[Letter]) -> Vec<u32> {
    let mut named = None;
    let mut count = 0u32;
    letters
        .iter()
        .map(|letter| {
            if letter.revised_due.is_none() || letter.revised_due == named {
                return 0;
            }
            named = letter.revised_due;
            count = count.saturating_add(1);
            count
        })
        .collect()
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

/// Where the duty stands on one day, with all that follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The state.
    pub state: ApologyState,
    /// How often the date was postponed.
    pub postponement: Postponement,
    /// Whether the date of the last letter has passed as well, and the case with it.
    pub new_date_missed: bool,
    /// What the agency is to be told.
    pub reminder: Reminder,
    /// The last lawful day for the letter; missing without a promise.
    pub last_lawful: Option<LastLawfulDay>,
}

/// Where the apology stands, under the rules so far.
#[must_use]
pub fn assess(facts: &Facts<'_>, calendar: &WorkingCalendar) -> ApologyState {
    assess_under(facts, Terms::default(), calendar).state
}

/// Where the apology stands, under `terms`.
#[must_use]
pub fn assess_under(facts: &Facts<'_>, terms: Terms, calendar: &WorkingCalendar) -> Assessment {
    let mut found = Assessment {
        state: ApologyState::NotOwed,
        postponement: Postponement::Never,
        new_date_missed: false,
        reminder: Reminder::None,
        last_lawful: None,
    };
    let Some(promise) = facts.promise else {
        return found;
    };
    let last_lawful = lawful_until(promise, terms.lead_days, calendar);
    found.last_lawful = last_lawful;
    // A letter of tomorrow is not out yet.
    let letters: Vec<Letter> = facts
        .letters
        .iter()
        .filter(|letter| letter.issued <= facts.as_of)
        .copied()
        .collect();
    let moved = u32::from(facts.moved_after_letter && !letters.is_empty());
    let postponed = postponement_numbers(&letters)
        .into_iter()
        .max()
        .unwrap_or(0)
        .saturating_add(moved);
    found.postponement = match postponed {
        0 => Postponement::Never,
        count if count <= terms.postponements => Postponement::WithinRule,
        _ => Postponement::OutsideRule,
    };
    found.new_date_missed = letters
        .iter()
        .rev()
        .find_map(|letter| letter.revised_due)
        .is_some_and(|revised| {
            is_broken(&Facts {
                promise: Some(revised),
                ..*facts
            })
        });
    if let Some(letter) = letters.first() {
        found.state = if found.postponement == Postponement::OutsideRule {
            ApologyState::PostponedAgain
        } else if last_lawful.is_some_and(|last| letter.issued <= last.date) {
            ApologyState::IssuedInTime
        } else {
            ApologyState::IssuedLate
        };
        return found;
    }
    if is_broken(facts) {
        found.state = if facts.status.is_finished() {
            ApologyState::FinishedLateWithout
        } else {
            ApologyState::Missing
        };
        return found;
    }
    found.reminder = reminder(facts, promise, terms, last_lawful, calendar);
    if found.reminder != Reminder::None {
        found.state = ApologyState::ReminderDue;
    }
    found
}

fn reminder(
    facts: &Facts<'_>,
    promise: NaiveDate,
    terms: Terms,
    last_lawful: Option<LastLawfulDay>,
    calendar: &WorkingCalendar,
) -> Reminder {
    let status = facts.status;
    let open =
        status.is_received() && !status.is_closed() && !status.is_finished() && !status.is_paused();
    if !open || facts.as_of > promise {
        return Reminder::None;
    }
    match last_lawful {
        Some(last) if facts.as_of == last.date => return Reminder::LastDay,
        Some(last) if facts.as_of > last.date => return Reminder::Passed,
        _ => {}
    }
    // Where days are not settled, those that may be off are counted as off: sooner rather than too late.
    let left = calendar.fewest_working_days_between(facts.as_of, promise);
    if left <= terms.remind_days {
        Reminder::Due
    } else {
        Reminder::None
    }
}
