//! Counting, day by day.

use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveTime};

use super::{DeadlineError, ProofDay, Reception, Role};
use crate::calendar::{DayKind, Knowledge, WorkingCalendar, WorkingHours, World, minute_of};
use crate::time_limit::{TimeLimit, Unit};

/// Why counting ended before the period did.
pub(super) enum Stop {
    Open(NaiveDate),
    Error(DeadlineError),
}

/// The last day of a period, with the hour for limits in hours.
pub(super) type End = (NaiveDate, Option<NaiveTime>);

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

/// The end of the period, and the days gone through.
pub(super) fn count(
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
pub(super) fn last_day(reception: NaiveDate, limit: TimeLimit) -> Result<NaiveDate, Stop> {
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
