//! The working calendar of state agencies.
//!
//! Working day = (Monday to Friday and not listed as off) or (Saturday or Sunday
//! listed as worked). Public holidays: BLLĐ 2019 Điều 112(1); make-up days:
//! Điều 111(3); swaps: the yearly notices cited in `data/holidays.json`;
//! 24 November from 2026: NQ 28/2026/QH16 Điều 2.
//!
//! Three layers: announced days are *settled*; after a year's `settled_until` its statutory days are
//! *provisional*; after the last year nothing is known. No legal date is computed from the last two. Where all
//! that is open in the year is one proposed swap, [`WorkingCalendar::worlds`] lists what the year can become.

mod build;
mod data;
mod day;
mod hours;
mod index;
mod province;
mod readiness;
mod worlds;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use index::WorkingIndex;

pub use data::{CalendarData, CalendarError, Note, OpenQuestion, Origin, YearData};
pub use day::{DayKind, Holiday, Knowledge};
pub use hours::{SAME_DAY_CUT_OFF, WorkingHours};
pub use province::ProvinceCalendar;
pub use readiness::{NEEDED_DAYS, Readiness};
pub use worlds::World;

pub(crate) use hours::minute_of;

/// What is known of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearState {
    /// The year.
    pub year: i32,
    /// The last settled day, if any.
    pub settled_until: Option<NaiveDate>,
    /// What is not settled.
    pub open: Vec<OpenQuestion>,
    /// Where the year's days are written.
    pub sources: Vec<String>,
}

impl YearState {
    /// Whether every day of the year is settled.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.settled_until
            .is_some_and(|last| (last.month(), last.day()) == (12, 31))
    }
}

/// A day that the calendar lists, with where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDay {
    /// What it is.
    pub kind: DayKind,
    /// Where that is written, where it is not the year's sources.
    pub basis: Option<String>,
    /// Which file it stands in.
    pub origin: Origin,
}

/// The working calendar.
///
/// Invariant: years are consecutive, every listed day lies in its year, off days are
/// weekdays and worked days are weekend days.
#[derive(Clone, Debug)]
pub struct WorkingCalendar {
    version: String,
    first_year: i32,
    /// Year after year from `first_year`.
    years: Vec<YearState>,
    listed: BTreeMap<NaiveDate, ListedDay>,
    index: WorkingIndex,
}

impl WorkingCalendar {
    /// The version of the data file.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What is known of each year, oldest first.
    #[must_use]
    pub fn years(&self) -> &[YearState] {
        &self.years
    }

    /// The days of a year that are listed, in order.
    pub fn listed(&self, year: i32) -> impl Iterator<Item = (NaiveDate, &ListedDay)> {
        self.listed
            .iter()
            .filter(move |(date, _)| date.year() == year)
            .map(|(date, day)| (*date, day))
    }

    /// What is known of one year; `None` outside the calendar.
    #[must_use]
    pub fn year(&self, year: i32) -> Option<&YearState> {
        let index = usize::try_from(year.checked_sub(self.first_year)?).ok()?;
        self.years.get(index)
    }

    /// The last day of the unbroken run of settled days that begins on `date`; `None` where
    /// `date` itself is not settled.
    #[must_use]
    pub fn settled_through(&self, date: NaiveDate) -> Option<NaiveDate> {
        let mut last = None;
        let mut from = date;
        loop {
            let Some(until) = self
                .year(from.year())
                .and_then(|year| year.settled_until)
                .filter(|until| from <= *until)
            else {
                return last;
            };
            last = Some(until);
            match until.succ_opt() {
                Some(next) if next.year() != until.year() => from = next,
                _ => return last,
            }
        }
    }

    /// What is known of `date`.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Knowledge {
        if date.year() < self.first_year {
            return Knowledge::BeforeCalendar;
        }
        match self.year(date.year()).map(|year| year.settled_until) {
            Some(Some(last)) if date <= last => Knowledge::Settled(self.kind(date)),
            Some(_) => Knowledge::Provisional(self.kind(date)),
            None => Knowledge::Unknown,
        }
    }

    fn kind(&self, date: NaiveDate) -> DayKind {
        match self.listed.get(&date) {
            Some(day) => day.kind,
            None if is_weekend(date) => DayKind::Weekend,
            None => DayKind::Working,
        }
    }

    /// The last working day before `date`; `None` where the calendar cannot tell.
    #[must_use]
    pub fn working_day_before(&self, date: NaiveDate) -> Option<NaiveDate> {
        let mut day = date;
        // No run of days off has ever come near a month.
        for _ in 0..31 {
            day = day.pred_opt()?;
            match self.day(day) {
                Knowledge::Settled(kind) if kind.is_working() => return Some(day),
                Knowledge::Settled(_) => {}
                Knowledge::Provisional(_) | Knowledge::Unknown | Knowledge::BeforeCalendar => {
                    return None;
                }
            }
        }
        None
    }

    /// Working days after `from` up to and including `to`; `None` where the calendar cannot tell
    /// or `to` lies before `from`.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Option<u32> {
        if to < from {
            return None;
        }
        self.working_days_up_to(to)?
            .checked_sub(self.working_days_up_to(from)?)
    }

    /// As [`Self::working_days_between`], and where the calendar cannot tell, the fewest that can be: of days not
    /// settled those are left out that are off by statute, on a weekend, or named in a proposal. 0 where
    /// `to` lies before `from`. For reminders alone: no date may rest on it.
    #[must_use]
    pub fn fewest_working_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        if let Some(days) = self.working_days_between(from, to) {
            return days;
        }
        from.iter_days()
            .skip(1)
            .take_while(|day| *day <= to)
            // A year ahead is far from every reminder.
            .take(366)
            .filter(|day| match self.day(*day) {
                Knowledge::Settled(kind) => kind.is_working(),
                Knowledge::Provisional(kind) => kind.is_working() && !self.may_become_off(*day),
                Knowledge::Unknown | Knowledge::BeforeCalendar => !is_weekend(*day),
            })
            .fold(0u32, |count, _| count.saturating_add(1))
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
