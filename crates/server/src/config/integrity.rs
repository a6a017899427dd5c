//! What counts as odd about ballots and ratings, and which networks are those of the desks.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

use super::access::network;
use super::{ConfigError, Province};

/// `[integrity]`. What it names is reported beside the figures; nothing is refused or dropped for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntegritySettings {
    /// Ratings of one agency that are a burst, within `burst_minutes`.
    pub burst_ratings: u32,
    /// Minutes of a burst.
    pub burst_minutes: u32,
    /// Ratings of one agency, one after the other, that are a run when all say the same.
    pub equal_run: u32,
    /// A ballot asked for within so many seconds after its case was opened is too quick; so is the third within them
    /// from one network.
    pub quick_seconds: u32,
    /// Addresses or networks of desks that serve every agency.
    pub desk_networks: Vec<String>,
}

impl Default for IntegritySettings {
    fn default() -> Self {
        Self {
            burst_ratings: 20,
            burst_minutes: 10,
            equal_run: 10,
            quick_seconds: 5,
            desk_networks: Vec::new(),
        }
    }
}

impl IntegritySettings {
    /// Each number is possible.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the key.
    pub fn check(&self) -> Result<(), ConfigError> {
        let numbers = [
            ("integrity.burst_ratings", self.burst_ratings, 5..=10_000),
            ("integrity.burst_minutes", self.burst_minutes, 1..=1440),
            ("integrity.equal_run", self.equal_run, 5..=10_000),
            ("integrity.quick_seconds", self.quick_seconds, 1..=60),
        ];
        match numbers
            .into_iter()
            .find(|(_, value, range)| !range.contains(value))
        {
            Some((key, _, range)) => Err(ConfigError::Value {
                key: format!("{key}, {} to {}", range.start(), range.end()),
                expected: "a number in this range",
            }),
            None => Ok(()),
        }
    }
}

/// The networks of the desks, each with the agency it serves; without one it serves all.
#[derive(Clone, Debug, Default)]
pub struct Desks(Vec<(IpNet, Option<String>)>);

impl Desks {
    /// As configured.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the key.
    pub fn of(province: &Province) -> Result<Self, ConfigError> {
        let all = province.integrity.desk_networks.iter();
        let all = all.map(|text| ("integrity.desk_networks".to_owned(), text, None));
        let own = province.agencies.iter().flat_map(|agency| {
            agency.desk_networks.iter().map(|text| {
                let key = format!("agencies, {}: desk_networks", agency.code);
                (key, text, Some(agency.code.clone()))
            })
        });
        all.chain(own)
            .map(|(key, text, agency)| network(text, &key).map(|net| (net, agency)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The desks that an address belongs to: agencies, or `None` for one that serves all.
    #[must_use]
    pub fn at(&self, address: IpAddr) -> Vec<Option<String>> {
        let here = self.0.iter().filter(|(net, _)| net.contains(&address));
        here.map(|(_, agency)| agency.clone()).collect()
    }
}
