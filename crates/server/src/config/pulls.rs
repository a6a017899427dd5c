//! `[[pulls]]`: one-stop systems that are asked for what is new.

use std::path::PathBuf;

use serde::Deserialize;

use super::place::Place;

/// `[[pulls]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullSettings {
    /// A short name: in metrics, in lists, and in the name of the variable of its key.
    pub name: String,
    /// Where to ask; `{cursor}` stands where it goes on.
    pub url: String,
    /// Seconds between two pulls when nothing more was there.
    #[serde(default = "every_seconds")]
    pub every_seconds: u32,
    /// File of the key that is shown as `Authorization: Bearer …`; without it the variable `DUNG_HEN_PULL_<NAME>`.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The agency of envelopes that name none.
    #[serde(default)]
    pub agency: Option<String>,
    /// Whether it stands in a private network, where it may be asked at a private address and without TLS.
    #[serde(default)]
    pub private_network: bool,
    /// Certificates of the authority that vouches for it, PEM; without it those of the machine.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

const fn every_seconds() -> u32 {
    60
}

impl PullSettings {
    /// What is wrong, as (key, what was expected).
    #[must_use]
    pub fn fault(&self) -> Option<(String, &'static str)> {
        // Where it goes on is a number or word like any other, as far as the address is concerned.
        let url = self.url.replace("{cursor}", "0");
        let place = self.place(&url);
        if let Some(fault) = place.fault() {
            return Some(fault);
        }
        if self.url.matches("{cursor}").count() != 1 {
            return Some((place.key("url"), "an address with {cursor} in it, once"));
        }
        if !(1..=86_400).contains(&self.every_seconds) {
            return Some((place.key("every_seconds"), "1 to 86400"));
        }
        None
    }

    pub(crate) fn place<'a>(&'a self, url: &'a str) -> Place<'a> {
        Place {
            table: "pulls",
            name: &self.name,
            url,
            private_network: self.private_network,
        }
    }
}
