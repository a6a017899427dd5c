//! From a reception and a time limit to a deadline, with its proof.
//!
//! * Day, week, month, year: the first day is not counted (BLDS 2015 Điều 147(2)-(3));
//!   the period ends at the end of the last day (Điều 148(1)-(4), (6)); a last day off
//!   moves to the next working day (Điều 148(5)).
//! * Hours start at the stated moment (Điều 147(1)) and run in working hours.
//! * `same_day`: the day of reception; received after 15:00, the next working day.
//!
//! Months follow Điều 148(3): the corresponding day, or the last day of the month.

use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime};

use crate::calendar::{DayKind, Knowledge, WorkingCalendar, WorkingHours, minute_of};
use crate::time_limit::{TimeLimit, Unit};

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

/// Received after this hour, a same-day case is due on the next working day
/// (cut-off published with the procedures themselves).
pub const SAME_DAY_CUT_OFF: (u32, u32) = (15, 0);

enum Stop {
    Open(NaiveDate),
    Error(DeadlineError),
}

struct Counting<'a> {
    calendar: &'a WorkingCalendar,
    days: Vec<ProofDay>,
    at: NaiveDate,
}

impl Counting<'_> {
    fn kind(&self, date: NaiveDate) -> Result<DayKind, Stop> {
        match self.calendar.day(date) {
            Knowledge::Settled(kind) => Ok(kind),
            Knowledge::NotSettled => Err(Stop::Open(date)),
            Knowledge::BeforeCalendar => Err(Stop::Error(DeadlineError::BeforeCalendar)),
        }
    }

    fn push(&mut self, kind: DayKind, role: Role) {
        self.days.push(ProofDay {
            date: self.at,
            kind,
            role,
        });
    }

    fn step(&mut self) -> Result<DayKind, Stop> {
        self.at = next(self.at)?;
        self.kind(self.at)
    }

    /// The reception's own day is shown where it is known, and never decides anything.
    fn reception(&mut self) {
        if let Ok(kind) = self.kind(self.at) {
            self.push(kind, Role::Reception);
        }
    }

    fn working_days(&mut self, units: u32) -> Result<(), Stop> {
        self.reception();
        let mut counted = 0u32;
        while counted < units {
            let kind = self.step()?;
            if kind.is_working() {
                counted = counted.saturating_add(1);
                self.push(kind, Role::Counted(counted));
            } else {
                self.push(kind, Role::Skipped);
            }
        }
        Ok(())
    }

    /// Every day up to `last`, then, where `last` is off, on to the next working day.
    fn until(&mut self, last: NaiveDate) -> Result<(), Stop> {
        self.reception();
        let mut counted = 0u32;
        let mut kind = DayKind::Working;
        while self.at < last {
            kind = self.step()?;
            counted = counted.saturating_add(1);
            self.push(kind, Role::Counted(counted));
        }
        while !kind.is_working() {
            kind = self.step()?;
            let role = if kind.is_working() {
                Role::RolledTo
            } else {
                Role::Skipped
            };
            self.push(kind, role);
        }
        Ok(())
    }

    fn same_day(&mut self, time: Option<NaiveTime>) -> Result<(), Stop> {
        let mut kind = self.kind(self.at)?;
        let cut_off = NaiveTime::from_hms_opt(SAME_DAY_CUT_OFF.0, SAME_DAY_CUT_OFF.1, 0)
            .unwrap_or(NaiveTime::MIN);
        if kind.is_working() && time.is_none_or(|time| time <= cut_off) {
            self.push(kind, Role::Counted(1));
            return Ok(());
        }
        self.push(kind, Role::Reception);
        loop {
            kind = self.step()?;
            if kind.is_working() {
                self.push(kind, Role::Counted(1));
                return Ok(());
            }
            self.push(kind, Role::Skipped);
        }
    }

    fn working_hours(
        &mut self,
        hours: &WorkingHours,
        from: NaiveTime,
        units: u32,
    ) -> Result<NaiveTime, Stop> {
        let mut left = units.saturating_mul(60);
        let mut from = Some(from);
        let mut kind = self.kind(self.at)?;
        loop {
            let mut minutes = 0u32;
            let mut ended = None;
            if kind.is_working() {
                for (start, end) in hours.sessions() {
                    let start = from.map_or(*start, |from| from.max(*start));
                    if start >= *end || left == 0 {
                        continue;
                    }
                    let take = minute_of(*end).saturating_sub(minute_of(start)).min(left);
                    left = left.saturating_sub(take);
                    minutes = minutes.saturating_add(take);
                    if left == 0 {
                        ended = Some(
                            start
                                .overflowing_add_signed(Duration::minutes(i64::from(take)))
                                .0,
                        );
                    }
                }
            }
            let role = match (minutes, from) {
                (0, Some(_)) => Role::Reception,
                (0, None) => Role::Skipped,
                _ => Role::CountedMinutes(minutes),
            };
            self.push(kind, role);
            if let Some(ended) = ended {
                return Ok(ended);
            }
            from = None;
            kind = self.step()?;
        }
    }
}

fn next(date: NaiveDate) -> Result<NaiveDate, Stop> {
    date.succ_opt()
        .filter(|date| date.year() <= 9999)
        .ok_or(Stop::Error(DeadlineError::DateOutOfRange))
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
    let mut counting = Counting {
        calendar,
        days: Vec::new(),
        at: reception.date,
    };
    let units = limit.units();
    let mut due_time = None;
    let last = |date: Option<NaiveDate>| {
        date.filter(|date| date.year() <= 9999)
            .ok_or(Stop::Error(DeadlineError::DateOutOfRange))
    };
    let outcome = match limit.unit() {
        Unit::WorkingDay => counting.working_days(units),
        Unit::CalendarDay => last(reception.date.checked_add_days(Days::new(units.into())))
            .and_then(|day| counting.until(day)),
        Unit::Week => last(
            reception
                .date
                .checked_add_days(Days::new(u64::from(units).saturating_mul(7))),
        )
        .and_then(|day| counting.until(day)),
        Unit::Month => last(reception.date.checked_add_months(Months::new(units)))
            .and_then(|day| counting.until(day)),
        Unit::Year => last(
            reception
                .date
                .checked_add_months(Months::new(units.saturating_mul(12))),
        )
        .and_then(|day| counting.until(day)),
        Unit::SameDay => counting.same_day(reception.time),
        Unit::WorkingHour => match reception.time {
            None => Err(Stop::Error(DeadlineError::TimeRequired)),
            Some(time) => counting
                .working_hours(hours, time, units)
                .map(|ended| due_time = Some(ended)),
        },
    };
    match outcome {
        Ok(()) => Ok(Answer::Due(Deadline {
            due: counting.at,
            due_time,
            days: counting.days,
        })),
        Err(Stop::Open(first_open)) => Ok(Answer::Unsettled {
            first_open,
            days: counting.days,
        }),
        Err(Stop::Error(error)) => Err(error),
    }
}
