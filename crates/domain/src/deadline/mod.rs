//! From a reception and a time limit to a deadline, with its proof.
//!
//! * Day, week, month, year: the first day is not counted (BLDS 2015 Điều 147(2)-(3));
//!   the period ends at the end of the last day (Điều 148(1)-(4), (6)); a last day off
//!   moves to the next working day (Điều 148(5)).
//! * Hours start at the stated moment (Điều 147(1)) and run in working hours.
//! * `same_day`: the day of reception; received after the cut-off (15:00), the next working day.
//!
//! Months follow Điều 148(3): the corresponding day, or the last day of the month.

mod count;
mod possible;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::calendar::{DayKind, WorkingCalendar, WorkingHours};
use crate::rules::NoStart;
use crate::time_limit::{TimeLimit, Unit};
use count::{Stop, count, last_day};

pub use possible::{Condition, PossibleDue};

/// When the period starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reception {
    /// The day of reception.
    pub date: NaiveDate,
    /// The hour, where it is known. Working hours cannot be counted without it.
    pub time: Option<NaiveTime>,
}

impl Reception {
    /// Reads `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM[:SS][+07:00]`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(date) = crate::civil::parse_date(text) {
            return Some(Self { date, time: None });
        }
        crate::civil::parse_moment(text).map(Self::from)
    }
}

impl From<NaiveDateTime> for Reception {
    fn from(moment: NaiveDateTime) -> Self {
        Self {
            date: moment.date(),
            time: Some(moment.time()),
        }
    }
}

/// The part a day plays in the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The day of reception, not counted.
    Reception,
    /// Counted; the number runs from 1.
    Counted(u32),
    /// Working time counted on this day, in minutes.
    CountedMinutes(u32),
    /// Not counted.
    Skipped,
    /// The period ended on a day off; this is the next working day.
    RolledTo,
}

/// One line of the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofDay {
    /// The day.
    pub date: NaiveDate,
    /// What the calendar says of it.
    pub kind: DayKind,
    /// Its part in the count.
    pub role: Role,
}

/// A deadline with its proof.
///
/// Invariant: `days` runs without gaps from the reception to `due`, and its counted
/// days (or minutes) add up to the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Last day of the period.
    pub due: NaiveDate,
    /// The hour, for limits in hours.
    pub due_time: Option<NaiveTime>,
    /// Every day from the reception to the due day.
    pub days: Vec<ProofDay>,
}

/// The answer to "when is it due".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A date that rests on settled days alone.
    Due(Deadline),
    /// The period reaches a day that is not settled: no date is given.
    Unsettled {
        /// The first day that would have to be known.
        first_open: NaiveDate,
        /// The days that are settled, so far as they were counted.
        days: Vec<ProofDay>,
        /// Every date it can become, earliest first, under the assumptions of
        /// [`WorkingCalendar::worlds`]; empty where the dates cannot be listed. No legal date
        /// may rest on it.
        possible: Vec<PossibleDue>,
    },
}

/// Why no answer is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineError {
    /// The period touches days before the calendar's first year.
    BeforeCalendar,
    /// Working hours need the hour of reception.
    TimeRequired,
    /// The date leaves the years 0001 to 9999.
    DateOutOfRange,
}

impl DeadlineError {
    /// The machine code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BeforeCalendar => "before_calendar",
            Self::TimeRequired => "time_required",
            Self::DateOutOfRange => "date_out_of_range",
        }
    }
}

/// Why a case has no computed date at all. An open calendar is no such reason: it has [`Answer::Unsettled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComputed {
    /// Where the period starts is not known.
    NoStart(NoStart),
    /// No limit of this procedure is at hand.
    NoLimit,
    /// The source prints a number without its unit.
    LimitWithoutUnit,
    /// The source prints several limits, and which one applies is not said.
    SeveralLimits,
    /// The source no longer covers the day of reception.
    LimitOfAnotherTime,
    /// The period cannot be counted.
    Counting(DeadlineError),
}

impl NotComputed {
    /// The machine code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoStart(NoStart::BeforeFirstSet) => "before_first_rules",
            Self::NoStart(NoStart::NoRule) => "no_rule_for_reception_elsewhere",
            Self::NoStart(NoStart::CompetentReceptionUnknown) => "competent_reception_unknown",
            Self::NoStart(NoStart::CompetentBeforeReception) => "competent_before_reception",
            Self::NoLimit => "no_limit",
            Self::LimitWithoutUnit => "limit_without_unit",
            Self::SeveralLimits => "several_limits",
            Self::LimitOfAnotherTime => "limit_of_another_time",
            Self::Counting(error) => error.code(),
        }
    }
}

/// Computes the deadline.
///
/// # Errors
/// [`DeadlineError`]; a period that reaches days not yet announced is not an error but
/// [`Answer::Unsettled`].
pub fn compute(
    calendar: &WorkingCalendar,
    hours: &WorkingHours,
    reception: Reception,
    limit: TimeLimit,
) -> Result<Answer, DeadlineError> {
    let (outcome, days) = count(calendar, None, hours, reception, limit);
    match outcome {
        Ok((due, due_time)) => Ok(Answer::Due(Deadline {
            due,
            due_time,
            days,
        })),
        Err(Stop::Open(first_open)) => Ok(Answer::Unsettled {
            first_open,
            days,
            possible: possible::all(calendar, hours, reception, limit, first_open),
        }),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// The due day without its proof, or `None` where it is not settled: what [`compute`] answers, for
/// many questions at once. Days, weeks, months and years within the settled days are looked up,
/// whatever their length; nothing is allocated for them.
///
/// # Errors
/// As [`compute`].
pub fn due_only(
    calendar: &WorkingCalendar,
    hours: &WorkingHours,
    reception: Reception,
    limit: TimeLimit,
) -> Result<Option<(NaiveDate, Option<NaiveTime>)>, DeadlineError> {
    let date = reception.date;
    let outcome = match limit.unit() {
        Unit::WorkingDay if calendar.is_indexed(date) => {
            return Ok(calendar
                .working_day_after(date, limit.units())
                .map(|due| (due, None)));
        }
        Unit::CalendarDay | Unit::Week | Unit::Month | Unit::Year if calendar.is_indexed(date) => {
            // The last day itself, or the first working day after it.
            last_day(date, limit).and_then(|last| {
                last.pred_opt()
                    .and_then(|before| calendar.working_day_after(before, 1))
                    .map(|due| (due, None))
                    .ok_or(Stop::Open(last))
            })
        }
        _ => count(calendar, None, hours, reception, limit).0,
    };
    match outcome {
        Ok(end) => Ok(Some(end)),
        Err(Stop::Open(_)) => Ok(None),
        Err(Stop::Error(error)) => Err(error),
    }
}
