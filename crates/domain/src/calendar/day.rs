//! What a day is, and how surely that is known.

use chrono::NaiveDate;
use serde::Deserialize;

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
