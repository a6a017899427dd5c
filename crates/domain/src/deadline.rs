//! From a reception and a time limit to a deadline, with its proof.
//!
//! * Day, week, month, year: the first day is not counted (BLDS 2015 Điều 147(2)-(3));
//!   the period ends at the end of the last day (Điều 148(1)-(4), (6)); a last day off
//!   moves to the next working day (Điều 148(5)).
//! * Hours start at the stated moment (Điều 147(1)) and run in working hours.
//! * `same_day`: the day of reception; received after the cut-off (15:00), the next working day.
//!
//! Months follow Điều 148(3): the corresponding day, or the last day of the month.

use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime};

use crate::calendar::{DayKind, Knowledge, WorkingCalendar, WorkingHours, World, minute_of};
use crate::lang::{self, Lang};
use crate::rules::NoStart;
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
        /// Every date it can become, earliest first, under the assumptions of
        /// [`WorkingCalendar::worlds`]; empty where the dates cannot be listed. No legal date
        /// may rest on it.
        possible: Vec<PossibleDue>,
    },
}

/// A date that a limit may end on, and when it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PossibleDue {
    /// Last day of the period.
    pub due: NaiveDate,
    /// The hour, for limits in hours.
    pub due_time: Option<NaiveTime>,
    /// What makes it this date.
    pub condition: Condition,
}

/// When a possible date is the date: in each of these cases, and in no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The weekday on which it hangs.
    pub day: NaiveDate,
    /// It is so if `day` is worked as usual.
    pub if_worked: bool,
    /// It is so if `day` becomes a day off and no day up to the due day is worked instead.
    pub if_off: bool,
    /// It is so if `day` becomes a day off and one of these is worked instead.
    pub if_off_for: Vec<NaiveDate>,
}

impl PossibleDue {
    /// The condition in words, from "if" on.
    #[must_use]
    pub fn condition_words(&self, lang: Lang) -> String {
        let named = |date: NaiveDate| {
            let mut out = lang::weekday(date.weekday(), lang).to_owned();
            out.push(' ');
            out.push_str(&lang::date_in_words(date, lang));
            out
        };
        let condition = &self.condition;
        let day = named(condition.day);
        if condition.if_worked && condition.if_off {
            return match lang {
                Lang::Vi => format!("dù {day} làm việc hay thành ngày nghỉ"),
                Lang::En => format!("whether {day} is worked or becomes a day off"),
            };
        }
        let mut cases = Vec::new();
        if condition.if_worked {
            cases.push(match lang {
                Lang::Vi => format!("{day} vẫn là ngày làm việc"),
                Lang::En => format!("{day} is worked as usual"),
            });
        }
        if condition.if_off {
            let due = lang::date_in_words(self.due, lang);
            cases.push(match lang {
                Lang::Vi => {
                    format!("{day} thành ngày nghỉ và đến hết {due} không phải làm bù")
                }
                Lang::En => {
                    format!("{day} becomes a day off and no day up to {due} is worked instead")
                }
            });
        }
        if !condition.if_off_for.is_empty() {
            let worked: Vec<String> = condition.if_off_for.iter().copied().map(named).collect();
            let worked = worked.join(lang.pick(" hoặc ", " or "));
            cases.push(match lang {
                Lang::Vi => format!("{day} thành ngày nghỉ và làm bù vào {worked}"),
                Lang::En => format!("{day} becomes a day off and {worked} is worked instead"),
            });
        }
        let mut out = String::from(lang.pick("nếu ", "if "));
        out.push_str(&cases.join(lang.pick(", hoặc nếu ", ", or if ")));
        out
    }
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

enum Stop {
    Open(NaiveDate),
    Error(DeadlineError),
}

/// The last day of a period, with the hour for limits in hours.
type End = (NaiveDate, Option<NaiveTime>);

struct Counting<'a> {
    calendar: &'a WorkingCalendar,
    world: Option<World>,
    days: Vec<ProofDay>,
    at: NaiveDate,
}

impl Counting<'_> {
    fn kind(&self, date: NaiveDate) -> Result<DayKind, Stop> {
        let known = match self.world {
            None => self.calendar.day(date),
            Some(world) => self.calendar.day_in(world, date),
        };
        match known {
            Knowledge::Settled(kind) => Ok(kind),
            Knowledge::Provisional(_) | Knowledge::Unknown => Err(Stop::Open(date)),
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

    fn same_day(&mut self, cut_off: NaiveTime, time: Option<NaiveTime>) -> Result<(), Stop> {
        let mut kind = self.kind(self.at)?;
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
                for (start, end) in hours.sessions_on(self.at, kind) {
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
            possible: possible(calendar, hours, reception, limit, first_open),
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

/// The end of the period, and the days gone through.
fn count(
    calendar: &WorkingCalendar,
    world: Option<World>,
    hours: &WorkingHours,
    reception: Reception,
    limit: TimeLimit,
) -> (Result<End, Stop>, Vec<ProofDay>) {
    let mut counting = Counting {
        calendar,
        world,
        days: Vec::new(),
        at: reception.date,
    };
    let mut due_time = None;
    let outcome = match limit.unit() {
        Unit::WorkingDay => counting.working_days(limit.units()),
        Unit::CalendarDay | Unit::Week | Unit::Month | Unit::Year => {
            last_day(reception.date, limit).and_then(|day| counting.until(day))
        }
        Unit::SameDay => counting.same_day(hours.cut_off(), reception.time),
        Unit::WorkingHour => match reception.time {
            None => Err(Stop::Error(DeadlineError::TimeRequired)),
            Some(time) => counting
                .working_hours(hours, time, limit.units())
                .map(|ended| due_time = Some(ended)),
        },
    };
    (outcome.map(|()| (counting.at, due_time)), counting.days)
}

/// The last day of a period counted by the civil calendar, before it moves off a day off.
fn last_day(reception: NaiveDate, limit: TimeLimit) -> Result<NaiveDate, Stop> {
    let units = limit.units();
    match limit.unit() {
        Unit::Month => reception.checked_add_months(Months::new(units)),
        Unit::Year => reception.checked_add_months(Months::new(units.saturating_mul(12))),
        Unit::Week => reception.checked_add_days(Days::new(u64::from(units).saturating_mul(7))),
        _ => reception.checked_add_days(Days::new(units.into())),
    }
    .filter(|date| date.year() <= 9999)
    .ok_or(Stop::Error(DeadlineError::DateOutOfRange))
}

/// Every date the period can end on, by the ways in which the year of `first_open` can be decided;
/// empty where one of them ends beyond what is known.
fn possible(
    calendar: &WorkingCalendar,
    hours: &WorkingHours,
    reception: Reception,
    limit: TimeLimit,
    first_open: NaiveDate,
) -> Vec<PossibleDue> {
    let mut found: Vec<PossibleDue> = Vec::new();
    // Beyond this day a day worked instead changes nothing: the period has ended.
    let mut horizon = None;
    for world in calendar.worlds(first_open) {
        let day = match world {
            World::NoSwap { day } | World::Swap { off: day, .. } => day,
        };
        if let World::Swap {
            worked: Some(worked),
            ..
        } = world
            && horizon.is_some_and(|horizon| worked > horizon)
        {
            continue;
        }
        let (Ok((due, due_time)), _) = count(calendar, Some(world), hours, reception, limit) else {
            return Vec::new();
        };
        let index = match found
            .iter()
            .position(|one| (one.due, one.due_time) == (due, due_time))
        {
            Some(index) => index,
            None => {
                found.push(PossibleDue {
                    due,
                    due_time,
                    condition: Condition {
                        day,
                        if_worked: false,
                        if_off: false,
                        if_off_for: Vec::new(),
                    },
                });
                found.len().saturating_sub(1)
            }
        };
        let Some(condition) = found.get_mut(index).map(|one| &mut one.condition) else {
            continue;
        };
        match world {
            World::NoSwap { .. } => condition.if_worked = true,
            World::Swap { worked: None, .. } => {
                condition.if_off = true;
                horizon = Some(due);
            }
            World::Swap {
                worked: Some(worked),
                ..
            } => condition.if_off_for.push(worked),
        }
    }
    found.sort_by_key(|one| (one.due, one.due_time));
    found
}
