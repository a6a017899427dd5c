//! The working calendar of state agencies.
//!
//! Working day = (Monday to Friday and not listed as off) or (Saturday or Sunday
//! listed as worked). Public holidays: BLLĐ 2019 Điều 112(1); make-up days:
//! Điều 111(3); swaps: the yearly notices cited in `data/holidays.json`;
//! 24 November from 2026: NQ 28/2026/QH16 Điều 2.
//!
//! Three layers: announced days are *settled*; after a year's `settled_until` its statutory days are
//! *provisional*; after the last year nothing is known. No legal date is computed from the last two. Where all that is open in the year is one proposed
//! swap, [`WorkingCalendar::worlds`] lists what the year can become.

mod data;
mod hours;
mod province;
mod readiness;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use crate::lang::{self, Lang};

pub use data::{CalendarData, CalendarError, Note, OpenQuestion, Origin, YearData};
pub use hours::{SAME_DAY_CUT_OFF, WorkingHours};
pub use province::ProvinceCalendar;
pub use readiness::{NEEDED_DAYS, Readiness};

use data::KindData;
pub(crate) use hours::minute_of;

/// A public holiday by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the names are the documentation; words.rs has them in two languages"
)]
pub enum Holiday {
    NewYear,
    LunarNewYear,
    HungKings,
    ReunificationDay,
    LabourDay,
    NationalDay,
    CultureDay,
}

/// What a day is to an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, worked.
    Working,
    /// A Saturday or Sunday worked in exchange for the day `pair`.
    SwappedWorking {
        /// The weekday that is off instead.
        pair: Option<NaiveDate>,
    },
    /// A Saturday or Sunday.
    Weekend,
    /// A public holiday.
    Holiday(Holiday),
    /// A weekday off because the holiday fell on the weekly rest day `pair`.
    InLieu {
        /// The holiday it stands for.
        holiday: Holiday,
        /// The rest day on which the holiday fell.
        pair: Option<NaiveDate>,
    },
    /// A weekday off that is worked on `pair` instead.
    SwappedOff {
        /// The holiday next to it.
        holiday: Holiday,
        /// The Saturday or Sunday worked instead.
        pair: Option<NaiveDate>,
    },
}

impl DayKind {
    /// Whether agencies work on such a day.
    #[must_use]
    pub fn is_working(self) -> bool {
        matches!(self, Self::Working | Self::SwappedWorking { .. })
    }
}

/// What the calendar knows of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// Announced; a legal date may rest on it.
    Settled(DayKind),
    /// In a year of which the statutory days are known and the rest is not announced: this is what the day is
    /// unless something is decided. No legal date may rest on it.
    Provisional(DayKind),
    /// After the last year of the calendar.
    Unknown,
    /// Before the first year of the calendar.
    BeforeCalendar,
}

/// One way in which a year's single open question may be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// No swap: the weekday `day` is worked.
    NoSwap {
        /// The weekday of the proposal.
        day: NaiveDate,
    },
    /// `off` is a day off; `worked` is worked instead, or, where `None`, no day that matters is.
    Swap {
        /// The weekday of the proposal.
        off: NaiveDate,
        /// The weekend day worked instead.
        worked: Option<NaiveDate>,
        /// The holiday next to it.
        holiday: Holiday,
    },
}

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

/// The working days of the settled days from 1 January of the first year up to the first day not
/// settled, in order: a few bytes a day, whatever is asked of it.
#[derive(Clone, Debug, Default)]
struct WorkingIndex {
    /// Day number (from the common era) of the day before the first.
    base: i32,
    /// For `base` and every day after it: how many working days lie up to and including it.
    counted: Vec<u32>,
    /// The working days.
    working: Vec<NaiveDate>,
}

impl WorkingCalendar {
    /// Checks the data and builds the calendar.
    ///
    /// # Errors
    /// [`CalendarError`] names the first row that breaks an invariant.
    pub fn new(data: CalendarData) -> Result<Self, CalendarError> {
        let first_year = data.years.first().ok_or(CalendarError::Empty)?.year;
        let mut years = Vec::new();
        let mut listed: BTreeMap<NaiveDate, ListedDay> = BTreeMap::new();
        let mut expected = first_year;
        for year in data.years {
            if year.year != expected {
                return Err(CalendarError::YearsNotConsecutive(year.year));
            }
            expected = expected.saturating_add(1);
            let settled_until = year.settled_until.map(|date| date.0);
            if let Some(date) = settled_until.filter(|date| date.year() != year.year) {
                return Err(CalendarError::SettledElsewhere(date));
            }
            for day in year.days {
                let date = day.date.0;
                if date.year() != year.year {
                    return Err(CalendarError::WrongYear(date));
                }
                let pair = day.pair.map(|pair| pair.0);
                let holiday = day.holiday;
                let kind = match day.kind {
                    KindData::Holiday => DayKind::Holiday(holiday),
                    KindData::DayInLieu => DayKind::InLieu { holiday, pair },
                    KindData::SwappedOff => DayKind::SwappedOff { holiday, pair },
                    KindData::SwappedWorkingDay => DayKind::SwappedWorking { pair },
                };
                if kind.is_working() != is_weekend(date) {
                    return Err(CalendarError::WrongWeekday(date));
                }
                let day = ListedDay {
                    kind,
                    basis: day.basis,
                    origin: day.origin,
                };
                if listed.insert(date, day).is_some() {
                    return Err(CalendarError::Twice(date));
                }
            }
            let whole = settled_until.is_some_and(|last| (last.month(), last.day()) == (12, 31));
            if whole && !year.open.is_empty() {
                return Err(CalendarError::OpenThoughSettled(year.year));
            }
            for question in &year.open {
                let OpenQuestion::ProposedSwap { off, worked, .. } = question else {
                    continue;
                };
                let open = |date: NaiveDate| {
                    date.year() == year.year
                        && settled_until.is_none_or(|last| date > last)
                        && !listed.contains_key(&date)
                };
                if is_weekend(off.0) || !open(off.0) {
                    return Err(CalendarError::BadProposal(off.0));
                }
                if let Some(worked) = worked
                    && (!is_weekend(worked.0) || !open(worked.0))
                {
                    return Err(CalendarError::BadProposal(worked.0));
                }
            }
            let state = YearState {
                year: year.year,
                settled_until,
                open: year.open,
                sources: year.sources,
            };
            years.push(state);
        }
        for (date, day) in &listed {
            let (DayKind::SwappedOff {
                pair: Some(pair), ..
            }
            | DayKind::SwappedWorking { pair: Some(pair) }) = day.kind
            else {
                continue;
            };
            let back = listed.get(&pair).and_then(|other| match other.kind {
                DayKind::SwappedOff { pair, .. } | DayKind::SwappedWorking { pair } => pair,
                _ => None,
            });
            if back != Some(*date) {
                return Err(CalendarError::LonelySwap(*date));
            }
        }
        let mut calendar = Self {
            version: data.version,
            first_year,
            years,
            listed,
            index: WorkingIndex::default(),
        };
        calendar.index = calendar.indexed();
        Ok(calendar)
    }

    fn indexed(&self) -> WorkingIndex {
        let Some(first) = NaiveDate::from_ymd_opt(self.first_year, 1, 1) else {
            return WorkingIndex::default();
        };
        let mut index = WorkingIndex {
            base: first.num_days_from_ce().saturating_sub(1),
            counted: vec![0],
            working: Vec::new(),
        };
        let mut count = 0u32;
        for day in first.iter_days() {
            let Knowledge::Settled(kind) = self.day(day) else {
                break;
            };
            if kind.is_working() {
                count = count.saturating_add(1);
                index.working.push(day);
            }
            index.counted.push(count);
        }
        index
    }

    /// Working days from the first indexed day up to and including `date`; `None` outside the index.
    fn working_days_up_to(&self, date: NaiveDate) -> Option<u32> {
        let index = date.num_days_from_ce().checked_sub(self.index.base)?;
        self.index
            .counted
            .get(usize::try_from(index).ok()?)
            .copied()
    }

    /// Whether `date` is a settled day, or the day before the calendar begins, so that the days
    /// after it can be looked up.
    pub(crate) fn is_indexed(&self, date: NaiveDate) -> bool {
        self.working_days_up_to(date).is_some()
    }

    /// The `number`th working day after `date` (from 1), by look-up; `None` where it is not settled.
    pub(crate) fn working_day_after(&self, date: NaiveDate, number: u32) -> Option<NaiveDate> {
        let index = self
            .working_days_up_to(date)?
            .checked_add(number)?
            .checked_sub(1)?;
        self.index
            .working
            .get(usize::try_from(index).ok()?)
            .copied()
    }

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

    /// What the year of `date`, a day not settled, can become: every way to decide its one
    /// proposed swap. Empty where that is not all that is open.
    ///
    /// The list is complete under three assumptions, to be said wherever it is shown: no other
    /// swap is decided for the rest of the year; the days up to `settled_until` stay as they are;
    /// and a day worked instead that the proposal does not name is a Saturday.
    #[must_use]
    pub fn worlds(&self, date: NaiveDate) -> Vec<World> {
        let Some(year) = self.year(date.year()) else {
            return Vec::new();
        };
        let (
            Some(settled),
            [
                OpenQuestion::ProposedSwap {
                    off,
                    worked,
                    holiday,
                    ..
                },
            ],
        ) = (year.settled_until, year.open.as_slice())
        else {
            return Vec::new();
        };
        if date <= settled {
            return Vec::new();
        }
        let swap = |worked| World::Swap {
            off: off.0,
            worked,
            holiday: *holiday,
        };
        let mut worlds = vec![World::NoSwap { day: off.0 }];
        if let Some(worked) = worked {
            worlds.push(swap(Some(worked.0)));
            return worlds;
        }
        worlds.push(swap(None));
        worlds.extend(
            settled
                .iter_days()
                .skip(1)
                .take_while(|day| day.year() == year.year)
                .filter(|day| day.weekday() == Weekday::Sat && !self.listed.contains_key(day))
                .map(|day| swap(Some(day))),
        );
        worlds
    }

    /// What [`Self::worlds`] takes for granted, in words; `None` where it lists nothing.
    #[must_use]
    pub fn assumption(&self, date: NaiveDate, lang: Lang) -> Option<String> {
        let year = self.year(date.year())?;
        let settled = year.settled_until?;
        let [OpenQuestion::ProposedSwap { worked, .. }] = year.open.as_slice() else {
            return None;
        };
        let until = lang::date_in_words(settled, lang);
        let mut out = match lang {
            Lang::Vi => format!(
                "đến hết năm {} không có hoán đổi nào khác; lịch đến hết {until} giữ nguyên",
                year.year
            ),
            Lang::En => format!(
                "no other swap is decided for the rest of {}; the days up to {until} stay as they are",
                year.year
            ),
        };
        if worked.is_none() {
            out.push_str(lang.pick(
                "; ngày làm bù, nếu có, là một thứ Bảy",
                "; a day worked instead, if any, is a Saturday",
            ));
        }
        Some(out)
    }

    /// What `date` is in `world`; days of other years are as settled as they are.
    pub(crate) fn day_in(&self, world: World, date: NaiveDate) -> Knowledge {
        let (day, swap) = match world {
            World::NoSwap { day } => (day, None),
            World::Swap {
                off,
                worked,
                holiday,
            } => (off, Some((worked, holiday))),
        };
        match self.day(date) {
            Knowledge::Provisional(kind) if date.year() == day.year() => {
                Knowledge::Settled(match swap {
                    Some((pair, holiday)) if date == day => DayKind::SwappedOff { holiday, pair },
                    Some((Some(worked), _)) if date == worked => {
                        DayKind::SwappedWorking { pair: Some(day) }
                    }
                    _ => kind,
                })
            }
            known => known,
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

    fn may_become_off(&self, date: NaiveDate) -> bool {
        self.year(date.year()).is_some_and(|year| {
            year.open.iter().any(
                |question| matches!(question, OpenQuestion::ProposedSwap { off, .. } if off.0 == date),
            )
        })
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
