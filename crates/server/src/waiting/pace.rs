//! How ratings follow each other: bursts, and runs of equal ones. In memory alone; a restart begins anew.

use std::collections::{HashMap, VecDeque};

use chrono::{Duration, NaiveDateTime};
use dung_hen_domain::integrity::Counted;

use super::{Rating, Said};
use crate::config::IntegritySettings;

/// Of each agency: when its last ratings came, and how many of the last were equal.
#[derive(Debug, Default)]
pub(super) struct Pace(HashMap<String, Recent>);

#[derive(Debug, Default)]
struct Recent {
    /// When those of the last minutes came, in their order.
    came: VecDeque<NaiveDateTime>,
    /// How many of them, the last ones, have not counted as part of a burst.
    fresh: usize,
    last: Option<Said>,
    equal: usize,
}

impl Pace {
    /// What is odd about a rating that has just come, and how many it makes odd: with the one that makes a burst or a
    /// run, all that belong to it.
    pub(super) fn came(
        &mut self,
        agency: &str,
        rating: &Rating,
        now: NaiveDateTime,
        settings: &IntegritySettings,
    ) -> Vec<(Counted, i64)> {
        let mut odd = Vec::new();
        let recent = self.0.entry(agency.to_owned()).or_default();
        let window = Duration::minutes(settings.burst_minutes.into());
        // A clock that was put back has left moments that are not over yet.
        while recent.came.back().is_some_and(|then| *then > now) {
            recent.came.pop_back();
            recent.fresh = recent.fresh.saturating_sub(1);
        }
        let old = |then: &NaiveDateTime| now - *then >= window;
        while recent.came.front().is_some_and(old) {
            recent.came.pop_front();
        }
        recent.came.push_back(now);
        recent.fresh = (recent.fresh + 1).min(recent.came.len());
        if recent.came.len() >= settings.burst_ratings as usize {
            let fresh = std::mem::take(&mut recent.fresh);
            odd.push((Counted::Burst, i64::try_from(fresh).unwrap_or(i64::MAX)));
        }
        if recent.last.as_ref() == Some(&rating.said) {
            recent.equal += 1;
        } else {
            recent.last = Some(rating.said.clone());
            recent.equal = 1;
        }
        if let Some(n) = more(recent.equal, settings.equal_run) {
            odd.push((Counted::EqualRun, n));
        }
        if all_equal(&rating.said) {
            odd.push((Counted::AllEqual, 1));
        }
        odd
    }
}

/// With the one that reaches the number all of them count, after it each that comes.
fn more(now: usize, enough: u32) -> Option<i64> {
    let enough = enough as usize;
    match now {
        now if now == enough => i64::try_from(enough).ok(),
        now if now > enough => Some(1),
        _ => None,
    }
}

/// The whole and all five factors at one level.
fn all_equal(said: &Said) -> bool {
    said.factors
        .iter()
        .all(|factor| *factor == Some(said.overall))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Digest;

    fn rating() -> Rating {
        Rating {
            spent: Digest::default(),
            handle: Digest::default(),
            label: String::new(),
            instrument: String::new(),
            language: String::new(),
            said: Said {
                overall: 1,
                factors: [Some(1), None, None, None, None],
                wrong: None,
            },
        }
    }

    /// As the definition has it, by looking at everyone: of those within the window the ones not yet counted.
    #[derive(Default)]
    struct Slowly(Vec<(NaiveDateTime, bool)>);

    impl Slowly {
        fn came(&mut self, now: NaiveDateTime, window: Duration, enough: usize) -> i64 {
            self.0.push((now, false));
            self.0
                .retain(|(then, _)| now - *then < window && *then <= now);
            if self.0.len() < enough {
                return 0;
            }
            let fresh = self.0.iter().filter(|(_, counted)| !counted).count();
            self.0.iter_mut().for_each(|(_, counted)| *counted = true);
            i64::try_from(fresh).unwrap()
        }
    }

    #[test]
    fn a_burst_is_counted_as_if_everyone_were_looked_at() {
        let settings = IntegritySettings {
            burst_minutes: 3,
            burst_ratings: 5,
            equal_run: 1_000_000,
            ..IntegritySettings::default()
        };
        let mut now = chrono::NaiveDate::from_ymd_opt(2026, 10, 15)
            .unwrap()
            .and_hms_opt(9, 0, 0)
            .unwrap();
        let (mut pace, mut slowly) = (Pace::default(), Slowly::default());
        let (mut random, mut bursts) = (7u64, 0);
        for step in 0..4000 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            // Close together for a while, then far apart; and now and then the clock is put back.
            let spread = if step / 100 % 2 == 0 { 40 } else { 90 };
            let seconds = i64::try_from((random >> 33) % spread).unwrap();
            now += Duration::seconds(if step % 97 == 0 { -200 } else { seconds });
            let odd = pace.came("H98.1", &rating(), now, &settings);
            let burst = odd
                .iter()
                .find(|(kind, _)| *kind == Counted::Burst)
                .map_or(0, |(_, n)| *n);
            let expected = slowly.came(now, Duration::minutes(3), 5);
            assert_eq!(burst, expected, "step {step}");
            bursts += i64::from(burst > 1);
        }
        assert!(bursts > 20, "{bursts}");
    }
}
