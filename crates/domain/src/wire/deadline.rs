//! Why the date is the date.

use serde::{Deserialize, Serialize};

use super::{Open, Text};
use crate::case::wire_enum;
use crate::civil::{IsoDate, IsoMoment};
use crate::legal_basis::Sureness;

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
    /// Every date it can become, earliest first, where the calendar is not settled and they can be listed.
    #[serde(default)]
    pub possible: Vec<PossibleDate>,
    /// What that list takes for granted.
    #[serde(default)]
    pub assuming: Option<Text>,
    /// Why no date can be listed, one reason each: what is not decided yet.
    #[serde(default)]
    pub because: Vec<Text>,
    /// One plain sentence.
    pub sentence: Text,
    /// Whether the published limit is known to cover the day of reception. Where it is not, `caution` says so,
    /// and `agrees` and `later` are not given.
    #[serde(default)]
    pub caution: Option<Text>,
    /// Whether the computed date equals the promise; missing where one of them is.
    #[serde(default)]
    pub agrees: Option<bool>,
    /// Whether the promise lies after the limit, whatever the open days become.
    #[serde(default)]
    pub later: bool,
    /// Day by day.
    pub days: Vec<DeadlineDay>,
    /// The law behind it, each with how sure we are.
    pub basis: Vec<Basis>,
    /// How the computed date moved when the calendar changed, oldest first.
    #[serde(default)]
    pub moved: Vec<ComputedMove>,
}

/// A citation in words, and how sure we are of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The citation; a reading and an open clause are worded "theo quy định hiện hành (…)".
    #[serde(flatten)]
    pub text: Text,
    /// How sure we are: the marks of docs/LAW.md.
    pub mark: Open<Sureness>,
}

/// A date that a limit can end on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PossibleDate {
    /// The date.
    pub due: IsoDate,
    /// The hour, for limits in hours: `HH:MM`.
    #[serde(default)]
    pub due_time: Option<String>,
    /// When it is this date: "nếu Thứ Hai 23 tháng 11 năm 2026 vẫn là ngày làm việc".
    pub condition: Text,
}

/// A move of the computed date: the promise on the receipt stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComputedMove {
    /// When it was computed again.
    pub at: IsoMoment,
    /// The date before; missing where it could not be computed.
    #[serde(default)]
    pub from: Option<IsoDate>,
    /// The date after; missing where it cannot be computed.
    #[serde(default)]
    pub to: Option<IsoDate>,
    /// One sentence: both dates and the days that changed.
    pub why: Text,
}

/// Why there is no computed date at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotComputed {
    /// Machine name, listed in docs/API.md.
    pub reason: String,
    /// One sentence, from "Chưa thể tính, vì …" on.
    pub text: Text,
}

/// How long a case has waited, and for whom. Both totals count the working days after `from` up to and
/// including `to`, so that they add up to the working days of the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clocks {
    /// Waiting for the agency.
    pub agency: WaitClock,
    /// Waiting for the applicant.
    pub applicant: WaitClock,
}

/// One of the two clocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitClock {
    /// Working days in all; missing where a span is not known in full or the calendar is not settled.
    #[serde(default)]
    pub working_days: Option<u32>,
    /// What they are made of, oldest first.
    pub spans: Vec<WaitSpan>,
}

/// A span of waiting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitSpan {
    /// The day it begins, not counted; missing where it was not sent.
    #[serde(default)]
    pub from: Option<IsoDate>,
    /// The last day, counted; missing while it runs.
    #[serde(default)]
    pub to: Option<IsoDate>,
    /// Working days in it; missing where it cannot be counted.
    #[serde(default)]
    pub working_days: Option<u32>,
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
