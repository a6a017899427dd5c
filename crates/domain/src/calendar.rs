//! The working calendar of state agencies.
//!
//! Working day = (Monday to Friday and not listed as off) or (Saturday or Sunday
//! listed as worked). Public holidays: BLLĐ 2019 Điều 112(1); make-up days:
//! Điều 111(3); swaps: the yearly notices cited in `data/holidays.json`;
//! 24 November from 2026: NQ 28/2026/QH16 Điều 2.
//!
//! A day after a year's `settled_until` is *not settled*: the calendar answers so,
//! and no legal date is computed from it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use serde::Deserialize;

use crate::civil::IsoDate;

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
    /// In or after the last year known, but not announced: nothing may rest on it.
    NotSettled,
    /// Before the first year of the calendar.
    BeforeCalendar,
}

/// A year as the data file holds it.
#[derive(Clone, Debug, Deserialize)]
pub struct YearData {
    year: i32,
    settled_until: Option<IsoDate>,
    #[serde(default)]
    open: Vec<String>,
    days: Vec<DayData>,
}

#[derive(Clone, Debug, Deserialize)]
struct DayData {
    date: IsoDate,
    kind: KindData,
    holiday: Holiday,
    #[serde(default)]
    pair: Option<IsoDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindData {
    Holiday,
    DayInLieu,
    SwappedOff,
    SwappedWorkingDay,
}

/// The data file: `data/holidays.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct CalendarData {
    version: String,
    years: Vec<YearData>,
}

/// Why a calendar file was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// No year in the file.
    Empty,
    /// Two years are missing between the first and the last, or one is listed twice.
    YearsNotConsecutive(i32),
    /// A day is listed under another year than its own.
    WrongYear(NaiveDate),
    /// A weekend day listed as off, or a weekday listed as worked.
    WrongWeekday(NaiveDate),
    /// The same day listed twice.
    Twice(NaiveDate),
}

impl std::fmt::Display for CalendarError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("calendar: no year"),
            Self::YearsNotConsecutive(year) => write!(f, "calendar: year {year} out of order"),
            Self::WrongYear(date) => write!(
                f,
                "calendar: {} stands under another year",
                crate::civil::iso_date(*date)
            ),
            Self::WrongWeekday(date) => {
                write!(
                    f,
                    "calendar: {}: off days are weekdays, worked days are weekend days",
                    crate::civil::iso_date(*date)
                )
            }
            Self::Twice(date) => write!(
                f,
                "calendar: {} listed twice",
                crate::civil::iso_date(*date)
            ),
        }
    }
}

impl std::error::Error for CalendarError {}

/// The working calendar.
///
/// Invariant: years are consecutive, every listed day lies in its year, off days are
/// weekdays and worked days are weekend days.
#[derive(Clone, Debug)]
pub struct WorkingCalendar {
    version: String,
    first_year: i32,
    /// Per year from `first_year`: the last settled day, if any.
    settled_until: Vec<Option<NaiveDate>>,
    open: Vec<(i32, Vec<String>)>,
    listed: BTreeMap<NaiveDate, DayKind>,
}

impl WorkingCalendar {
    /// Checks the data and builds the calendar.
    ///
    /// # Errors
    /// [`CalendarError`] names the first row that breaks an invariant.
    pub fn new(data: CalendarData) -> Result<Self, CalendarError> {
        let first_year = data.years.first().ok_or(CalendarError::Empty)?.year;
        let mut settled_until = Vec::new();
        let mut open = Vec::new();
        let mut listed = BTreeMap::new();
        let mut expected = first_year;
        for year in data.years {
            if year.year != expected {
                return Err(CalendarError::YearsNotConsecutive(year.year));
            }
            expected = expected.saturating_add(1);
            settled_until.push(year.settled_until.map(|date| date.0));
            if !year.open.is_empty() {
                open.push((year.year, year.open));
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
                if listed.insert(date, kind).is_some() {
                    return Err(CalendarError::Twice(date));
                }
            }
        }
        Ok(Self {
            version: data.version,
            first_year,
            settled_until,
            open,
            listed,
        })
    }

    /// The version of the data file.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What is not settled, by year, in the words of the data file.
    #[must_use]
    pub fn open_questions(&self) -> &[(i32, Vec<String>)] {
        &self.open
    }

    /// What is known of `date`.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Knowledge {
        let Ok(index) = usize::try_from(date.year().saturating_sub(self.first_year)) else {
            return Knowledge::BeforeCalendar;
        };
        match self.settled_until.get(index) {
            Some(Some(last)) if date <= *last => Knowledge::Settled(self.kind(date)),
            _ => Knowledge::NotSettled,
        }
    }

    fn kind(&self, date: NaiveDate) -> DayKind {
        match self.listed.get(&date) {
            Some(kind) => *kind,
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
                Knowledge::NotSettled | Knowledge::BeforeCalendar => return None,
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
        let mut day = from;
        let mut count = 0u32;
        while day < to {
            day = day.succ_opt()?;
            match self.day(day) {
                Knowledge::Settled(kind) => {
                    count = count.saturating_add(u32::from(kind.is_working()))
                }
                Knowledge::NotSettled | Knowledge::BeforeCalendar => return None,
            }
        }
        Some(count)
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The working hours of an agency: sessions of one day, in order, not overlapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    sessions: Vec<(NaiveTime, NaiveTime)>,
}

impl WorkingHours {
    /// Sessions from (start, end) pairs in minutes after midnight.
    ///
    /// `None` unless there is at least one session, each ends after it starts, and they are in order.
    #[must_use]
    pub fn new(sessions: &[(NaiveTime, NaiveTime)]) -> Option<Self> {
        let mut last = NaiveTime::MIN;
        for (start, end) in sessions {
            if start >= end || *start < last || start.second() != 0 || end.second() != 0 {
                return None;
            }
            last = *end;
        }
        (!sessions.is_empty()).then(|| Self {
            sessions: sessions.to_vec(),
        })
    }

    /// Reads `07:30-11:30,13:00-17:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut sessions = Vec::new();
        for part in text.split(',') {
            let (start, end) = part.trim().split_once('-')?;
            sessions.push((
                crate::civil::parse_clock(start.trim())?,
                crate::civil::parse_clock(end.trim())?,
            ));
        }
        Self::new(&sessions)
    }

    /// The sessions of a day.
    #[must_use]
    pub fn sessions(&self) -> &[(NaiveTime, NaiveTime)] {
        &self.sessions
    }

    /// Minutes worked in a day.
    #[must_use]
    pub fn minutes_per_day(&self) -> u32 {
        self.sessions
            .iter()
            .map(|(start, end)| minute_of(*end).saturating_sub(minute_of(*start)))
            .sum()
    }
}

/// The eight hours usual at Vietnamese agencies: 07:30–11:30 and 13:00–17:00.
/// A province sets its own.
impl Default for WorkingHours {
    fn default() -> Self {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
        Self {
            sessions: vec![(at(7, 30), at(11, 30)), (at(13, 0), at(17, 0))],
        }
    }
}

pub(crate) fn minute_of(time: NaiveTime) -> u32 {
    time.num_seconds_from_midnight() / 60
}
