//! Who may ask how often, and which portals are believed.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

use super::ConfigError;

/// `[access]` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessSettings {
    /// Proxies whose `X-Forwarded-For` is believed: `10.0.0.5` or `10.0.0.0/24`.
    pub proxies: Vec<String>,
    /// Wrong answers of one network within the window before it is asked for a puzzle.
    pub network_wrong: u32,
    /// Wrong answers of all networks together before every one is asked.
    pub all_wrong: u32,
    /// Length of the window.
    pub window_minutes: u32,
}

impl Default for AccessSettings {
    fn default() -> Self {
        Self {
            proxies: Vec::new(),
            network_wrong: 60,
            all_wrong: 1200,
            window_minutes: 10,
        }
    }
}

impl AccessSettings {
    /// Each number is possible, each proxy an address.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the key.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.network_wrong == 0 || self.all_wrong == 0 || self.window_minutes == 0 {
            return Err(ConfigError::Value {
                key: "access".into(),
                expected: "network_wrong, all_wrong and window_minutes of 1 or more",
            });
        }
        self.proxies().map(drop)
    }

    /// The proxies that are believed.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the key.
    pub fn proxies(&self) -> Result<Vec<IpNet>, ConfigError> {
        let proxies = self
            .proxies
            .iter()
            .map(|text| network(text, "access.proxies"));
        proxies.collect()
    }
}

/// An address or a network, as the configuration writes both.
pub(super) fn network(text: &str, key: &str) -> Result<IpNet, ConfigError> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| ConfigError::Value {
            key: key.to_owned(),
            expected: "an address or a network such as 10.0.0.0/24",
        })
}

/// `[[portals]]` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSettings {
    /// `iss` of its tokens.
    pub issuer: String,
    /// `aud` of its tokens: this service.
    pub audience: String,
    /// `EdDSA`; `HS256` for one portal at most, whose tokens are made on its server.
    pub algorithm: String,
    /// The public key for `EdDSA`: 32 bytes in base64url.
    #[serde(default)]
    pub public_key: Option<String>,
}
