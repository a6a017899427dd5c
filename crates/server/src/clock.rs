//! The only place that reads the machine's clock.

use chrono::{DateTime, Duration, NaiveDateTime};
use dung_hen_domain::civil::parse_moment;

/// Where the time comes from. All times are civil times of Vietnam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A moment that stands still: tests and demonstrations.
    Fixed(NaiveDateTime),
}

impl Clock {
    /// Now, in Vietnam.
    #[must_use]
    pub fn now(self) -> NaiveDateTime {
        match self {
            Self::Fixed(moment) => moment,
            Self::System => system_now(),
        }
    }

    /// What a time of the machine, such as a file's, is in Vietnam.
    #[must_use]
    pub fn moment_of(time: std::time::SystemTime) -> NaiveDateTime {
        let since = time
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(0);
        DateTime::from_timestamp(seconds, 0)
            .unwrap_or_default()
            .naive_utc()
            + Duration::hours(7)
    }
}

impl std::str::FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(moment) = parse_moment(text) {
            return Ok(Self::Fixed(moment));
        }
        let moment = DateTime::parse_from_rfc3339(text)
            .map_err(|_| format!("{text:?} is not a moment such as 2026-10-15T09:00:00+07:00"))?;
        Ok(Self::Fixed(moment.naive_utc() + Duration::hours(7)))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the machine's clock is read"
)]
fn system_now() -> NaiveDateTime {
    Clock::moment_of(std::time::SystemTime::now())
}

/// How long something took. Not the time of day: it goes on where a demonstration's clock stands still.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// From now on.
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Since the start.
    #[must_use]
    pub fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_offsets_become_vietnam_time() {
        let expected: Clock = "2026-10-15T09:00:00+07:00".parse().unwrap();
        assert_eq!("2026-10-15T02:00:00Z".parse::<Clock>().unwrap(), expected);
        assert!("yesterday".parse::<Clock>().is_err());
    }
}
