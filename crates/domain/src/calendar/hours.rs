//! The working hours of an agency.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};

use super::DayKind;

/// From and to, on one day.
type Session = (NaiveTime, NaiveTime);

/// The working hours of an agency: for each day of the week the sessions in order, not overlapping, and the hour
/// until which a same-day case counts as received on its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// Monday to Friday, or whichever day has no hours of its own.
    usual: Vec<Session>,
    /// Days with hours of their own, Monday first; an empty list is a day without hours.
    own: [Option<Vec<Session>>; 7],
    cut_off: NaiveTime,
}

/// Hour and minute. Received after it, a same-day case is due on the next working day
/// (cut-off published with the procedures themselves), unless the agency says otherwise.
pub const SAME_DAY_CUT_OFF: (u32, u32) = (15, 0);

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

impl WorkingHours {
    /// Reads `07:30-11:30,13:00-17:00`, with days that differ after it: `…; fri 07:30-11:30; wed off`.
    ///
    /// `None` unless each session ends after it starts, they are in order, whole minutes, no day is named twice, and
    /// hours are left from Monday to Friday.
    ///
    /// ```
    /// use dung_hen_domain::calendar::WorkingHours;
    ///
    /// assert!(WorkingHours::parse("07:30-11:30,13:00-17:00; fri 07:30-11:30; wed off").is_some());
    /// assert!(WorkingHours::parse("13:00-17:00,07:30-11:30").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let usual = sessions(parts.next()?)?;
        let mut own: [Option<Vec<Session>>; 7] = Default::default();
        for part in parts {
            let (name, hours) = part.trim().split_once(' ')?;
            let (_, day) = DAYS.iter().find(|(known, _)| *known == name)?;
            let slot = own.get_mut(index(*day))?;
            if slot.is_some() {
                return None;
            }
            *slot = Some(if hours.trim() == "off" {
                Vec::new()
            } else {
                sessions(hours)?
            });
        }
        let works = own
            .iter()
            .take(5)
            .any(|own| own.as_ref().is_none_or(|own| !own.is_empty()));
        works.then(|| Self {
            usual,
            own,
            cut_off: default_cut_off(),
        })
    }

    /// The same hours with another cut-off for same-day cases.
    #[must_use]
    pub fn with_cut_off(mut self, cut_off: NaiveTime) -> Self {
        self.cut_off = cut_off;
        self
    }

    /// Until when, that minute included, a same-day case counts as received on its day.
    #[must_use]
    pub fn cut_off(&self) -> NaiveTime {
        self.cut_off
    }

    /// The sessions of a working day. A Saturday or Sunday worked in exchange has the hours of the day it replaces,
    /// unless it has its own.
    #[must_use]
    pub fn sessions_on(&self, date: NaiveDate, kind: DayKind) -> &[Session] {
        let own = |day| self.own.get(index(day)).and_then(Option::as_deref);
        let day = date.weekday();
        match (own(day), kind) {
            (Some(own), _) => own,
            (None, DayKind::SwappedWorking { pair: Some(pair) }) => {
                own(pair.weekday()).unwrap_or(&self.usual)
            }
            _ => &self.usual,
        }
    }
}

fn index(day: Weekday) -> usize {
    usize::try_from(day.num_days_from_monday()).unwrap_or(0)
}

fn sessions(text: &str) -> Option<Vec<Session>> {
    let mut all = Vec::new();
    let mut last = NaiveTime::MIN;
    for part in text.split(',') {
        let (start, end) = part.trim().split_once('-')?;
        let start = crate::civil::parse_clock(start.trim())?;
        let end = crate::civil::parse_clock(end.trim())?;
        if start >= end || start < last || start.second() != 0 || end.second() != 0 {
            return None;
        }
        last = end;
        all.push((start, end));
    }
    Some(all)
}

fn default_cut_off() -> NaiveTime {
    let (hour, minute) = SAME_DAY_CUT_OFF;
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)
}

/// The eight hours usual at Vietnamese agencies: 07:30–11:30 and 13:00–17:00.
/// A province sets its own.
impl Default for WorkingHours {
    fn default() -> Self {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
        Self {
            usual: vec![(at(7, 30), at(11, 30)), (at(13, 0), at(17, 0))],
            own: Default::default(),
            cut_off: default_cut_off(),
        }
    }
}

pub(crate) fn minute_of(time: NaiveTime) -> u32 {
    time.num_seconds_from_midnight() / 60
}
