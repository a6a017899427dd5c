//! Whether the machine's clock is believed with what cannot be taken back: what is erased for good, and what people are
//! told for good.
//!
//! A clock that stands more than a day from where it would have gone by itself is doubted: beside what the process has
//! measured since, and at its start beside the last time that the database knows of. It is believed again as soon as it
//! stands where it would have stood, as a time service puts it within minutes, or when it has gone on for an hour without
//! another jump: a server that was off or asleep for weeks is right. Decision: docs/decisions/0042.

use std::sync::{Mutex, PoisonError};
use std::time::Duration as Pause;

use chrono::{Duration, NaiveDateTime};

use crate::clock::Stopwatch;

/// A larger difference is a jump.
pub const JUMP: Duration = Duration::days(1);
/// For so long a clock that has jumped goes on before it is believed.
const LONG: Pause = Pause::from_hours(1);

/// Whether the clock is believed. By default it always is: one that stands still, as a person has set it, makes no jumps.
#[derive(Debug, Default)]
pub struct Steady(Option<Watched>);

#[derive(Debug)]
struct Watched {
    /// Measures on, whatever the clock says.
    since: Stopwatch,
    seen: Mutex<Seen>,
}

/// A time of the clock, and how long the process had run by then.
type Reading = (NaiveDateTime, Pause);

#[derive(Debug)]
struct Seen {
    believed: Reading,
    last: Reading,
    doubted_since: Option<Pause>,
}

impl Steady {
    /// For the machine's clock, which says `now`; `known` is the last time that the database knows of.
    #[must_use]
    pub fn watching(known: Option<NaiveDateTime>, now: NaiveDateTime) -> Self {
        let start = |time| (time, Pause::ZERO);
        Self(Some(Watched {
            since: Stopwatch::start(),
            seen: Mutex::new(Seen {
                believed: start(known.unwrap_or(now)),
                last: start(now),
                doubted_since: None,
            }),
        }))
    }

    /// Whether the clock, which says `now`, is believed.
    #[must_use]
    pub fn holds(&self, now: NaiveDateTime) -> bool {
        let Some(watched) = &self.0 else { return true };
        let reading = (now, watched.since.elapsed());
        let mut seen = watched.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let doubted = seen.doubted_since;
        let holds = seen.look(reading);
        match (doubted, seen.doubted_since) {
            (before, Some(since)) if before != Some(since) => tracing::warn!(
                clock.says = %now,
                clock.last = %seen.believed.0,
                "the clock has jumped: for an hour nothing is erased by it and nobody is told of a broken promise"
            ),
            (Some(_), None) => tracing::info!(clock.says = %now, "the clock is believed again"),
            _ => {}
        }
        holds
    }
}

impl Seen {
    fn look(&mut self, now: Reading) -> bool {
        let jumped = goes_on(self.last, now).is_none();
        self.last = now;
        if goes_on(self.believed, now).is_none() {
            let since = match self.doubted_since {
                Some(since) if !jumped => since,
                _ => *self.doubted_since.insert(now.1),
            };
            if now.1.saturating_sub(since) < LONG {
                return false;
            }
        }
        self.believed = now;
        self.doubted_since = None;
        true
    }
}

/// Whether a clock that has gone on by itself since `then` says what it says `now`, but for a day.
fn goes_on(then: Reading, now: Reading) -> Option<()> {
    let ran = Duration::from_std(now.1.saturating_sub(then.1)).ok()?;
    let apart = (now.0 - then.0) - ran;
    (apart.abs() <= JUMP).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32, minute: u32) -> NaiveDateTime {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
        day.and_hms_opt(9, 0, 0).unwrap() + Duration::minutes(minute.into())
    }

    /// What is believed at each look: minutes that the process has run, and what the clock says then.
    fn check(known: Option<NaiveDateTime>, looks: &[(u64, NaiveDateTime, bool)]) {
        let start = |time| (time, Pause::ZERO);
        let mut seen = Seen {
            believed: start(known.unwrap_or(looks[0].1)),
            last: start(looks[0].1),
            doubted_since: None,
        };
        for (minutes, says, believed) in looks {
            let reading = (*says, Pause::from_secs(minutes * 60));
            assert_eq!(seen.look(reading), *believed, "after {minutes} minutes");
        }
    }

    #[test]
    fn a_clock_that_goes_on_is_believed() {
        check(None, &[(0, at(1, 0), true), (10, at(1, 10), true)]);
        // Nobody looked for three days; and a time service moved it by an hour.
        check(None, &[(0, at(1, 0), true), (4320, at(4, 0), true)]);
        check(None, &[(0, at(1, 0), true), (10, at(1, 70), true)]);
        // Started again within a day.
        check(Some(at(1, 0)), &[(0, at(1, 1400), true)]);
    }

    #[test]
    fn a_week_ahead_for_a_moment_is_never_believed() {
        check(
            None,
            &[
                (0, at(1, 0), true),
                (10, at(8, 10), false),
                (30, at(8, 30), false),
                (40, at(1, 40), true),
            ],
        );
        // The same at the start, and a week behind.
        check(Some(at(1, 0)), &[(0, at(8, 0), false), (2, at(1, 2), true)]);
        check(Some(at(8, 0)), &[(0, at(1, 0), false), (2, at(8, 2), true)]);
    }

    #[test]
    fn who_was_off_for_weeks_is_believed_after_an_hour() {
        check(
            Some(at(1, 0)),
            &[
                (0, at(15, 0), false),
                (59, at(15, 59), false),
                (60, at(15, 60), true),
                (61, at(15, 61), true),
            ],
        );
        // Another jump begins the hour anew.
        check(
            Some(at(1, 0)),
            &[
                (0, at(15, 0), false),
                (50, at(20, 50), false),
                (70, at(20, 70), false),
                (110, at(20, 110), true),
            ],
        );
    }
}
