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
    /// Moments, and whether each has counted as part of a burst.
    came: VecDeque<(NaiveDateTime, bool)>,
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
        recent.came.push_back((now, false));
        recent
            .came
            .retain(|(then, _)| now - *then < window && *then <= now);
        if recent.came.len() >= settings.burst_ratings as usize {
            let mut n = 0;
            for (_, counted) in &mut recent.came {
                n += i64::from(!std::mem::replace(counted, true));
            }
            odd.push((Counted::Burst, n));
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
