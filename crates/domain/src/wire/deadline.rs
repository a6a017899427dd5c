//! Why the date is the date.

use serde::{Deserialize, Serialize};

use super::{Open, Text};
use crate::case::wire_enum;
use crate::civil::IsoDate;

/// Why the date is the date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadlineView {
    /// The limit in words: "5 ngày làm việc".
    pub limit: Text,
    /// The day the period starts from (not counted).
    pub starts: IsoDate,
    /// Whether the period restarted after a supplement.
    #[serde(default)]
    pub restarted: bool,
    /// The computed date; missing where the calendar is not settled.
    #[serde(default)]
    pub due: Option<IsoDate>,
    /// The hour, for limits in hours: `HH:MM`.
    #[serde(default)]
    pub due_time: Option<String>,
    /// The first day that is not settled, where there is no date.
    #[serde(default)]
    pub unsettled_from: Option<IsoDate>,
    /// One plain sentence.
    pub sentence: Text,
    /// Whether the computed date equals the promise; missing where one of them is.
    #[serde(default)]
    pub agrees: Option<bool>,
    /// Day by day.
    pub days: Vec<DeadlineDay>,
    /// The law behind it.
    pub basis: Vec<Text>,
}

wire_enum! {
    /// What a day is in the proof.
    DayMark {
        /// The day of reception, not counted.
        Start = "start",
        /// A working day, counted.
        Working = "working",
        /// A Saturday or Sunday worked in exchange, counted.
        SwappedWorking = "swapped_working",
        /// A day off that counts, because the limit is in calendar days.
        CountedDayOff = "counted_day_off",
        /// A Saturday or Sunday.
        Weekend = "weekend",
        /// A public holiday.
        Holiday = "holiday",
        /// A weekday off in lieu of a holiday on the weekend.
        InLieu = "in_lieu",
        /// A weekday off that is worked on another day.
        SwappedOff = "swapped_off",
        /// Outside working hours or not counted for another reason.
        NotCounted = "not_counted",
        /// The period ended on a day off; this is the next working day.
        RolledTo = "rolled_to",
    }
}

/// One day of the proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadlineDay {
    /// The day.
    pub date: IsoDate,
    /// What it is.
    pub mark: Open<DayMark>,
    /// Its number in the count; missing where it is not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Working minutes counted on it, for limits in hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Why, where the mark alone does not say it: the holiday's name, the swapped day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}
