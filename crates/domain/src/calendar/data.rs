//! The calendar file, `data/holidays.json`, as it is read, and why one is refused.

use chrono::NaiveDate;
use serde::Deserialize;

use super::Holiday;
use crate::civil::IsoDate;
use crate::lang::Lang;

/// A year as the data file holds it.
#[derive(Clone, Debug, Deserialize)]
pub struct YearData {
    pub(super) year: i32,
    pub(super) settled_until: Option<IsoDate>,
    #[serde(default)]
    pub(super) sources: Vec<String>,
    #[serde(default)]
    pub(super) open: Vec<OpenQuestion>,
    pub(super) days: Vec<DayData>,
}

/// A text of the data file in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Note {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// What is not settled in a year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OpenQuestion {
    /// A weekday that may become a day off, with a weekend day worked instead.
    ProposedSwap {
        /// The weekday.
        off: IsoDate,
        /// The weekend day worked instead, where the proposal names it. Where it does not, any
        /// Saturday of the year after `settled_until` is possible, and none is.
        #[serde(default)]
        worked: Option<IsoDate>,
        /// The holiday next to it.
        holiday: Holiday,
        /// What is known, in words.
        note: Note,
        /// Where that is written.
        #[serde(default)]
        source: Option<String>,
    },
    /// Days off that cannot be listed yet.
    Undecided {
        /// What is missing, in words.
        note: Note,
    },
}

impl Note {
    /// In one language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }
}

impl OpenQuestion {
    /// What is open, in words.
    #[must_use]
    pub const fn note(&self) -> &Note {
        match self {
            Self::ProposedSwap { note, .. } | Self::Undecided { note } => note,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct DayData {
    pub(super) date: IsoDate,
    pub(super) kind: KindData,
    pub(super) holiday: Holiday,
    #[serde(default)]
    pub(super) pair: Option<IsoDate>,
    /// Where this day is written, where that is not the year's sources.
    #[serde(default)]
    pub(super) basis: Option<String>,
    #[serde(skip)]
    pub(super) origin: Origin,
}

/// Which file a listed day stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The file that ships with the software.
    #[default]
    Shipped,
    /// The province's own.
    Province,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KindData {
    Holiday,
    DayInLieu,
    SwappedOff,
    SwappedWorkingDay,
}

/// The data file: `data/holidays.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct CalendarData {
    pub(super) version: String,
    pub(super) years: Vec<YearData>,
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
    /// `settled_until` lies outside its year.
    SettledElsewhere(NaiveDate),
    /// A proposed swap of a day that is settled, listed, or in another year, or of a weekday
    /// worked or a weekend day off.
    BadProposal(NaiveDate),
    /// A swap that names the other day, and that day does not name it back.
    LonelySwap(NaiveDate),
    /// A year settled to its end that still holds something open.
    OpenThoughSettled(i32),
    /// A province's year without a source.
    NoSource(i32),
    /// A province takes away a day that is not listed.
    NotListed(NaiveDate),
    /// A province makes settled days open again.
    SettledLess(NaiveDate),
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
            Self::SettledElsewhere(date) => write!(
                f,
                "calendar: settled_until {} lies outside its year",
                crate::civil::iso_date(*date)
            ),
            Self::LonelySwap(date) => write!(
                f,
                "calendar: {}: the day it is swapped with is not listed as swapped with it",
                crate::civil::iso_date(*date)
            ),
            Self::OpenThoughSettled(year) => write!(
                f,
                "calendar: {year} is settled to its end and still holds open questions; say \"open\": [] where none is left"
            ),
            Self::NoSource(year) => write!(
                f,
                "calendar: {year}: \"sources\" must say where it is written"
            ),
            Self::NotListed(date) => write!(
                f,
                "calendar: {}: not listed, so it cannot be removed",
                crate::civil::iso_date(*date)
            ),
            Self::SettledLess(date) => write!(
                f,
                "calendar: settled_until {} lies before the day up to which the calendar is settled already",
                crate::civil::iso_date(*date)
            ),
            Self::BadProposal(date) => write!(
                f,
                "calendar: {}: a proposed swap takes an open weekday off for an open weekend day",
                crate::civil::iso_date(*date)
            ),
        }
    }
}

impl std::error::Error for CalendarError {}
