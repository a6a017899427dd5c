//! Wrong answers by network, in memory alone: whether someone is trying codes and proofs.
//!
//! A network is a keyed hash of an address, under a key that lives as long as the process; the address itself is never
//! kept. Right answers are not counted, so a village behind one address may look up as much as it likes; too many wrong
//! ones ask its next callers for a puzzle, and shut nobody out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{Duration, NaiveDateTime};

use crate::config::AccessSettings;
use crate::keys::{Digest, Keys, Purpose, random};

/// Over this many networks the oldest knowledge is dropped: memory is bounded whoever asks.
const NETWORKS: usize = 100_000;

/// A network, known by a hash that nobody can turn back.
pub type Network = [u8; 16];

#[derive(Clone, Copy, Debug)]
struct Count {
    since: NaiveDateTime,
    wrong: u32,
}

impl Count {
    fn current(self, window: Duration, now: NaiveDateTime) -> u32 {
        if now - self.since < window && now >= self.since {
            self.wrong
        } else {
            0
        }
    }
}

/// The counts of this process.
#[derive(Debug)]
pub struct Networks {
    key: Keys,
    settings: AccessSettings,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: Option<Count>,
    by_network: HashMap<Network, Count>,
}

impl Networks {
    /// None counted yet.
    #[must_use]
    pub fn new(settings: AccessSettings) -> Self {
        Self {
            // Without randomness the process would not have come this far: its keys need it as well.
            key: Keys::new(random().unwrap_or_default()),
            settings,
            counts: Mutex::default(),
        }
    }

    /// The network of an address: the address itself for IPv4, the /56 that a household gets for IPv6.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> Network {
        let bytes = match address.to_canonical() {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets()[..7].to_vec(),
        };
        let hash: Digest = self.key.hash(Purpose::Network, &[&bytes]);
        let mut network = [0; 16];
        network.copy_from_slice(&hash[..16]);
        network
    }

    /// Whether callers from here must solve a puzzle first.
    #[must_use]
    pub fn suspicious(&self, network: Option<&Network>, now: NaiveDateTime) -> bool {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let current = |count: &Count| count.current(self.window(), now);
        let here = network.and_then(|network| counts.by_network.get(network));
        here.map_or(0, current) >= self.settings.network_wrong
            || counts.all.as_ref().map_or(0, current) >= self.settings.all_wrong
    }

    /// Counts a wrong answer: an unknown code, or a proof that does not fit.
    pub fn count_wrong(&self, network: Option<&Network>, now: NaiveDateTime) {
        let window = self.window();
        let next = |count: Option<&Count>| {
            let wrong = count.map_or(0, |count| count.current(window, now));
            let since = count.map_or(now, |count| if wrong == 0 { now } else { count.since });
            Count {
                since,
                wrong: wrong.saturating_add(1),
            }
        };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all = Some(next(counts.all.as_ref()));
        let Some(network) = network else { return };
        if counts.by_network.len() >= NETWORKS && !counts.by_network.contains_key(network) {
            counts
                .by_network
                .retain(|_, count| count.current(window, now) > 0);
            if counts.by_network.len() >= NETWORKS {
                counts.by_network.clear();
            }
        }
        let count = next(counts.by_network.get(network));
        counts.by_network.insert(*network, count);
    }

    fn window(&self) -> Duration {
        Duration::minutes(self.settings.window_minutes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 10, 15)
            .unwrap()
            .and_hms_opt(9, minute, 0)
            .unwrap()
    }

    fn networks() -> Networks {
        Networks::new(AccessSettings {
            network_wrong: 3,
            all_wrong: 5,
            ..AccessSettings::default()
        })
    }

    fn network(networks: &Networks, address: &str) -> Network {
        networks.of(address.parse().unwrap())
    }

    #[test]
    fn a_network_is_suspicious_for_its_own_wrong_answers_until_the_window_has_passed() {
        let networks = networks();
        let (one, other) = (
            network(&networks, "10.0.0.1"),
            network(&networks, "10.0.0.2"),
        );
        for _ in 0..3 {
            assert!(!networks.suspicious(Some(&one), at(0)));
            networks.count_wrong(Some(&one), at(0));
        }
        assert!(networks.suspicious(Some(&one), at(9)));
        assert!(!networks.suspicious(Some(&other), at(9)));
        assert!(!networks.suspicious(Some(&one), at(10)));
    }

    /// Many networks at once, each below its own limit.
    #[test]
    fn an_attack_from_everywhere_is_seen_as_one() {
        let networks = networks();
        for last in 0..5 {
            let one = network(&networks, &format!("10.0.0.{last}"));
            networks.count_wrong(Some(&one), at(0));
        }
        assert!(networks.suspicious(Some(&network(&networks, "10.9.9.9")), at(1)));
        assert!(networks.suspicious(None, at(1)));
    }

    #[test]
    fn a_household_is_one_network() {
        let networks = networks();
        let same = |a, b| network(&networks, a) == network(&networks, b);
        assert!(same("2001:db8:0:1::1", "2001:db8:0:ff::2"));
        assert!(!same("2001:db8:0:100::1", "2001:db8:0:200::1"));
        assert!(same("::ffff:10.0.0.1", "10.0.0.1"));
        // Another process knows the same address by another hash.
        let elsewhere = Networks::new(AccessSettings::default());
        assert_ne!(
            network(&networks, "10.0.0.1"),
            network(&elsewhere, "10.0.0.1")
        );
    }
}
