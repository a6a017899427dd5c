//! The working hours of an agency.

use chrono::{NaiveTime, Timelike};

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
