//! What one case adds to the published figures, and until when.
//!
//! A pure function of the facts, the day and the calendar. Figures are kept incrementally: when the facts change, or the
//! day on which the clock alone changes the answer has come, what the case added is taken off and what it adds now is
//! added. Adding up every case gives the same counts; `server verify` does so. Definitions: `docs/DEFINITIONS.md`.

use chrono::{Datelike, NaiveDate};

use crate::apology::{self, ApologyState, Letter, Terms};
use crate::ballot_label::Outcome;
use crate::calendar::WorkingCalendar;
use crate::case::{CaseStatus, Decision, wire_enum};
use crate::satisfaction::tables::RatedOutcome;
use crate::timeliness::{self, Timeliness};

/// Changes when the counting changes: kept counts of another method are counted again.
pub const METHOD: &str = "cases-3";

wire_enum! {
    /// One count of a cell.
    Measure {
        /// Received: neither only filed nor refused at the counter.
        Received = "received",
        /// Of these filed online.
        Online = "online",
        /// Finished before the promised day.
        Early = "early",
        /// Finished on it.
        OnTime = "on_time",
        /// Finished after it.
        Late = "late",
        /// Open, within time.
        OpenWithinTime = "open_within_time",
        /// Open, past the promised day.
        OpenOverdue = "open_overdue",
        /// Waiting for the applicant.
        OpenPaused = "open_paused",
        /// The data do not tell.
        Unknown = "unknown",
        /// Not received, withdrawn, stopped.
        NotCounted = "not_counted",
        /// Calendar days late, all late cases together.
        DaysLate = "days_late",
        /// Day numbers (from the common era) of the promises of all open overdue cases together: with their number and
        /// today's, the days they are overdue.
        OverduePromises = "overdue_promises",
        /// Finished no later than the last date that was named, whatever was promised first.
        OnTimeByLastDate = "on_time_by_last_date",
        /// Cases whose last named date is later than the promise.
        Postponed = "postponed",
        /// Days between the two, all of them together.
        DaysPostponed = "days_postponed",
        /// Apologies owed.
        Owed = "owed",
        /// The first letter came in time.
        IssuedInTime = "issued_in_time",
        /// It came late.
        IssuedLate = "issued_late",
        /// There is none.
        Missing = "missing",
        /// A second postponement.
        SecondPostponements = "second_postponements",
        /// Finished, with or without a known day.
        Finished = "finished",
        /// Of these with an electronic result.
        ElectronicResults = "electronic_results",
        /// Objections.
        Objections = "objections",
        /// Received, and whether a fee was paid without cash is known.
        Paid = "paid",
        /// Of these paid without cash.
        Cashless = "cashless",
        /// Served: can be rated, counted in the month in which that began.
        Served = "served",
    }
}

/// Number of measures.
pub const MEASURES: usize = 26;

/// A count for each measure; a difference may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub [i64; MEASURES]);

impl Counts {
    /// The count of a measure.
    #[must_use]
    pub const fn get(&self, measure: Measure) -> i64 {
        self.0[measure as usize]
    }

    /// The count of a measure that is never negative.
    #[must_use]
    pub fn count(&self, measure: Measure) -> u64 {
        u64::try_from(self.get(measure)).unwrap_or(0)
    }

    /// Received, and withdrawn or stopped since: with the finished, the open and those of which the data do not tell
    /// they are all that were received.
    #[must_use]
    pub fn ended_without_result(&self) -> u64 {
        let others = [
            Measure::Early,
            Measure::OnTime,
            Measure::Late,
            Measure::OpenWithinTime,
            Measure::OpenOverdue,
            Measure::OpenPaused,
            Measure::Unknown,
        ];
        let others: i64 = others.into_iter().map(|measure| self.get(measure)).sum();
        u64::try_from(self.get(Measure::Received) - others).unwrap_or(0)
    }

    /// Adds to a measure.
    pub const fn add_to(&mut self, measure: Measure, by: i64) {
        self.0[measure as usize] += by;
    }

    /// Adds another cell, `times` over: -1 takes it off.
    pub fn add(&mut self, other: &Self, times: i64) {
        for (count, by) in self.0.iter_mut().zip(other.0) {
            *count += times * by;
        }
    }

    /// Whether nothing is counted.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }

    /// Calendar days that the open overdue cases are overdue on `as_of`, all of them together.
    #[must_use]
    pub fn days_overdue(&self, as_of: NaiveDate) -> i64 {
        self.get(Measure::OpenOverdue) * i64::from(as_of.num_days_from_ce())
            - self.get(Measure::OverduePromises)
    }
}

/// What the counts of a case are derived from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// State.
    pub status: CaseStatus,
    /// What the result says; `None` where nobody tells.
    pub decision: Option<Decision>,
    /// The promise in force.
    pub promise: Option<NaiveDate>,
    /// The last date that was named, by whatever cause.
    pub last_date: Option<NaiveDate>,
    /// End of processing.
    pub finished: Option<NaiveDate>,
    /// Collection.
    pub returned: Option<NaiveDate>,
    /// Letters since the period last started.
    pub letters: &'a [Letter],
    /// Dates moved again after a letter, with no letter of their own.
    pub moved_after_letter: bool,
    /// Filed online.
    pub online: bool,
    /// Whether there is an electronic result.
    pub electronic_result: bool,
    /// Whether its fees were paid without cash; `None` where nothing was paid or nobody says.
    pub cashless: Option<bool>,
}

/// The counts of a case on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What it adds.
    pub counts: Counts,
    /// The first day on which it adds something else though nothing happens to it.
    pub turns_on: Option<NaiveDate>,
    /// How it ended.
    pub outcome: RatedOutcome,
    /// Since when it can be rated, where that is known: it has come to an end, or the promise was broken.
    pub served_on: Option<NaiveDate>,
}

/// Counts a case on the day `as_of`; `terms`: the numbers of the duty to apologise, of the rule set of its reception.
#[must_use]
pub fn count(
    facts: &Facts<'_>,
    as_of: NaiveDate,
    terms: Terms,
    calendar: &WorkingCalendar,
) -> Counted {
    let mut counts = Counts::default();
    let mut one = |measure| counts.add_to(measure, 1);
    if facts.status.is_received() {
        one(Measure::Received);
        if facts.online {
            one(Measure::Online);
        }
        if let Some(cashless) = facts.cashless {
            one(Measure::Paid);
            if cashless {
                one(Measure::Cashless);
            }
        }
    }
    if facts.status.is_finished() {
        one(Measure::Finished);
        if facts.electronic_result {
            one(Measure::ElectronicResults);
        }
    }
    let (stands, days) = timeliness::assess(
        &timeliness::Facts {
            status: facts.status,
            promise: facts.promise,
            finished: facts.finished,
            returned: facts.returned,
            as_of,
        },
        calendar,
    );
    one(match stands {
        Timeliness::Early => Measure::Early,
        Timeliness::OnTime => Measure::OnTime,
        Timeliness::Late => Measure::Late,
        Timeliness::WithinTime | Timeliness::DueSoon => Measure::OpenWithinTime,
        Timeliness::Overdue => Measure::OpenOverdue,
        Timeliness::Paused => Measure::OpenPaused,
        Timeliness::NotApplicable => Measure::NotCounted,
        Timeliness::Unknown => Measure::Unknown,
    });
    if let Some(promise) = facts.promise {
        match stands {
            Timeliness::Late => counts.add_to(Measure::DaysLate, i64::from(days)),
            Timeliness::Overdue => counts.add_to(
                Measure::OverduePromises,
                i64::from(promise.num_days_from_ce()),
            ),
            _ => {}
        }
        let last = facts.last_date.unwrap_or(promise).max(promise);
        let ended = facts.finished.or(facts.returned);
        if facts.status.is_finished() && ended.is_some_and(|ended| ended <= last) {
            counts.add_to(Measure::OnTimeByLastDate, 1);
        }
        let moved = last.signed_duration_since(promise).num_days();
        if moved > 0 {
            counts.add_to(Measure::Postponed, 1);
            counts.add_to(Measure::DaysPostponed, moved);
        }
    }
    // A letter of tomorrow is not out yet.
    let out: Vec<Letter> = facts
        .letters
        .iter()
        .filter(|letter| letter.issued <= as_of)
        .copied()
        .collect();
    let duty = apology::Facts {
        status: facts.status,
        promise: facts.promise,
        finished: facts.finished,
        as_of,
        letters: &out,
        moved_after_letter: facts.moved_after_letter,
    };
    count_apology(&duty, terms, calendar, &mut counts);
    // What only time does: the promised day passes, a letter's day comes.
    let open = matches!(stands, Timeliness::WithinTime | Timeliness::DueSoon);
    let passes = facts
        .promise
        .filter(|_| open)
        .and_then(|promise| promise.succ_opt());
    let letter = facts
        .letters
        .iter()
        .map(|letter| letter.issued)
        .filter(|issued| *issued > as_of)
        .min();
    Counted {
        counts,
        turns_on: passes.into_iter().chain(letter).min(),
        outcome: outcome(facts, stands),
        served_on: served_on(facts, &duty),
    }
}

fn outcome(facts: &Facts<'_>, stands: Timeliness) -> RatedOutcome {
    let late = matches!(stands, Timeliness::Late);
    RatedOutcome::new(Outcome::of(facts.status, facts.decision), late)
}

/// The day of the end, or the day after a promise that was broken, whichever came first.
fn served_on(facts: &Facts<'_>, duty: &apology::Facts<'_>) -> Option<NaiveDate> {
    let ended = match facts.status {
        CaseStatus::Finished | CaseStatus::Returned => facts.finished.or(facts.returned),
        CaseStatus::NotAccepted | CaseStatus::Withdrawn | CaseStatus::Stopped => facts.finished,
        _ => None,
    };
    let broken = facts
        .promise
        .filter(|_| apology::is_broken(duty))
        .and_then(|promise| promise.succ_opt());
    ended.into_iter().chain(broken).min()
}

fn count_apology(
    duty: &apology::Facts<'_>,
    terms: Terms,
    calendar: &WorkingCalendar,
    counts: &mut Counts,
) {
    if !apology::is_broken(duty) && duty.letters.is_empty() {
        return;
    }
    counts.add_to(Measure::Owed, 1);
    // A case postponed twice still had a first letter, in time or late.
    let about_first = apology::Facts {
        letters: duty.letters.get(..1).unwrap_or_default(),
        moved_after_letter: false,
        ..*duty
    };
    // Whether the first was allowed is not whether it was in time.
    let one_allowed = Terms {
        postponements: terms.postponements.max(1),
        ..terms
    };
    match apology::assess_under(&about_first, one_allowed, calendar).state {
        ApologyState::IssuedInTime => counts.add_to(Measure::IssuedInTime, 1),
        ApologyState::IssuedLate => counts.add_to(Measure::IssuedLate, 1),
        _ => counts.add_to(Measure::Missing, 1),
    }
    if apology::assess_under(duty, terms, calendar).state == ApologyState::PostponedAgain {
        counts.add_to(Measure::SecondPostponements, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::WireName as _;

    #[test]
    fn there_is_a_place_for_each_measure() {
        assert_eq!(Measure::ALL.len(), MEASURES);
    }
}
