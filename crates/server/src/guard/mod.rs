//! What stands between askers and cases, beside the proof: how often a network was wrong, the puzzle it then solves, the
//! portals whose tokens are believed, the desks of the agencies.

pub mod gates;
pub mod limits;
pub mod puzzle;
pub mod quick;
pub mod token;

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use self::limits::Networks;
use self::quick::Quick;
use self::token::Portal;
use crate::config::{AccessSettings, ConfigError, Desks, Province};

/// Where the solution of a puzzle is sent.
pub const PUZZLE: HeaderName = HeaderName::from_static("x-puzzle");

/// What stands between askers and cases, beside the proof.
#[derive(Debug)]
pub struct Guard {
    /// Wrong answers by network.
    pub networks: Networks,
    proxies: Vec<IpNet>,
    /// The portals whose tokens are believed.
    pub portals: Vec<Portal>,
    /// The networks of the desks.
    pub desks: Desks,
    /// Ballots asked for sooner than anyone reads.
    pub quick: Quick,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            networks: Networks::new(AccessSettings::default()),
            proxies: Vec::new(),
            portals: Vec::new(),
            desks: Desks::default(),
            quick: Quick::default(),
        }
    }
}

impl Guard {
    /// As a province is configured; `secret` is the key of the portal that uses `HS256`.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the key.
    pub fn of(province: &Province, secret: Option<&str>) -> Result<Self, ConfigError> {
        let bad = |(key, expected)| ConfigError::Value { key, expected };
        let access = &province.access;
        Ok(Self {
            networks: Networks::new(access.clone()),
            proxies: access.proxies()?,
            portals: Portal::all(&province.portals, secret).map_err(bad)?,
            desks: Desks::of(province)?,
            quick: Quick::default(),
        })
    }

    /// The visitor's address: the other end of the connection, or what a proxy that we know says it was. What a
    /// visitor writes into the header stands left of what our proxy adds, and is not read.
    #[must_use]
    pub fn visitor(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let ours = |address: &IpAddr| self.proxies.iter().any(|net| net.contains(address));
        let mut visitor = peer.to_canonical();
        let forwarded = headers.get_all("x-forwarded-for");
        let values: Vec<&str> = forwarded
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        for hop in values.iter().flat_map(|value| value.split(',')).rev() {
            if !ours(&visitor) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => visitor = address.to_canonical(),
                Err(_) => break,
            }
        }
        visitor
    }
}
