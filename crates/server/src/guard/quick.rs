//! Ballots asked for sooner than anyone reads the questions. In memory alone: codes and networks are keyed hashes under
//! a key that ends with the process, and what is known is forgotten when it is an hour old, at the next call.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{Duration, NaiveDateTime};

use super::limits::Network;
use crate::keys::{Digest, Keys, Purpose, random};

/// Over this many cases or networks everything goes.
const MOST: usize = 50_000;
/// So many ballots of one network within the time are a machine's.
const SERIES: usize = 3;

/// When cases were opened and ballots asked for.
#[derive(Debug)]
pub struct Quick {
    key: Keys,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    opened: HashMap<Digest, NaiveDateTime>,
    asked: HashMap<Network, Vec<NaiveDateTime>>,
    swept: Option<NaiveDateTime>,
}

impl Seen {
    /// Forgets what is an hour old; looks for it once a minute.
    fn sweep(&mut self, now: NaiveDateTime) {
        if self.swept.is_some_and(|at| now - at < Duration::minutes(1)) {
            return;
        }
        self.swept = Some(now);
        let fresh = |at: &NaiveDateTime| now - *at < Duration::hours(1);
        self.opened.retain(|_, at| fresh(at));
        self.asked.retain(|_, moments| moments.iter().any(fresh));
    }
}

impl Default for Quick {
    fn default() -> Self {
        Self {
            // Without randomness the process would not have come this far: its keys need it as well.
            key: Keys::new(random().unwrap_or_default()),
            seen: Mutex::default(),
        }
    }
}

impl Quick {
    /// The case is shown to its holder, with the questions.
    pub fn opened(&self, code: &str, now: NaiveDateTime) {
        let case = self.of(code);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.sweep(now);
        make_room(&mut seen.opened);
        // The first time counts: whoever looks again has read before.
        let at = seen.opened.entry(case).or_insert(now);
        if now - *at >= Duration::hours(1) {
            *at = now;
        }
    }

    /// A ballot is given: whether it was asked for within so many seconds after the case was opened, or is one of
    /// several from one network within them. A case that was opened elsewhere is not known to be quick.
    pub fn is_quick(
        &self,
        code: &str,
        network: Option<&Network>,
        now: NaiveDateTime,
        seconds: u32,
    ) -> bool {
        let case = self.of(code);
        let time = Duration::seconds(seconds.into());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.sweep(now);
        let opened = seen.opened.remove(&case);
        let at_once = opened.is_some_and(|at| now - at < time);
        let series = network.is_some_and(|network| {
            make_room(&mut seen.asked);
            let moments = seen.asked.entry(*network).or_default();
            moments.retain(|at| now - *at < time);
            moments.push(now);
            moments.len() >= SERIES
        });
        at_once || series
    }

    fn of(&self, code: &str) -> Digest {
        self.key.hash(Purpose::Attempt, &[code.as_bytes()])
    }
}

fn make_room<K, V>(map: &mut HashMap<K, V>) {
    if map.len() >= MOST {
        map.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 10, 15)
            .unwrap()
            .and_hms_opt(9, 0, second)
            .unwrap()
    }

    #[test]
    fn nobody_reads_six_questions_in_four_seconds() {
        let quick = Quick::default();
        quick.opened("a", at(0));
        quick.opened("a", at(3));
        assert!(quick.is_quick("a", None, at(4), 5));
        quick.opened("b", at(0));
        assert!(!quick.is_quick("b", None, at(5), 5));
        // Opened at another server, or before a restart.
        assert!(!quick.is_quick("c", None, at(5), 5));
    }

    #[test]
    fn the_third_ballot_of_a_network_within_the_time_is_a_machines() {
        let quick = Quick::default();
        let ask = |case: &str, network: u8, second| {
            quick.is_quick(case, Some(&[network; 16]), at(second), 5)
        };
        assert!(!ask("a", 1, 0));
        assert!(!ask("b", 1, 1));
        assert!(!ask("c", 2, 2));
        assert!(ask("d", 1, 4));
        assert!(!ask("e", 1, 30));
    }
}
