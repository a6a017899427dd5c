//! `[[webhooks]]`: who is told of what.

use std::path::PathBuf;

use serde::Deserialize;

use super::place::Place;
use crate::events::{KINDS, READERS};

/// `[[webhooks]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// A short name: in metrics, in lists, and in the name of the variable of its secret.
    pub name: String,
    /// Where to post: `https://…`; `http://…` where `private_network` is set.
    pub url: String,
    /// File of its secret, beside the configuration where it is not absolute; a line each while one is changed. Without
    /// it, the variable `DUNG_HEN_WEBHOOK_<NAME>`.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    /// As whom it reads: `hotline`, `inspectorate`, `agency`, `gateway`.
    pub reads_as: Vec<String>,
    /// The kinds it wants; none named: all that it may read.
    #[serde(default)]
    pub events: Vec<String>,
    /// Only what concerns this agency.
    #[serde(default)]
    pub agency: Option<String>,
    /// Whether it stands in a private network, where it may be asked at a private address and without TLS.
    #[serde(default)]
    pub private_network: bool,
    /// Seconds from the look-up of its name to the head of its answer.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u64,
    /// Certificates of the authority that vouches for it, PEM; without it those of the machine.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

const fn timeout_seconds() -> u64 {
    15
}

impl WebhookSettings {
    /// What is wrong, as (key, what was expected).
    #[must_use]
    pub fn fault(&self) -> Option<(String, &'static str)> {
        let place = self.place();
        if let Some(fault) = place.fault() {
            return Some(fault);
        }
        let key = |key: &str| place.key(key);
        if self.reads_as.is_empty()
            || self
                .reads_as
                .iter()
                .any(|one| !READERS.contains(&one.as_str()))
        {
            return Some((
                key("reads_as"),
                "some of hotline, inspectorate, agency, gateway",
            ));
        }
        // A job is one server's for a minute.
        if !(1..=30).contains(&self.timeout_seconds) {
            return Some((key("timeout_seconds"), "1 to 30"));
        }
        if self.events.iter().any(|one| !KINDS.contains(&one.as_str())) {
            return Some((key("events"), "kinds of events as in docs/EVENTS.md"));
        }
        None
    }

    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            table: "webhooks",
            name: &self.name,
            url: &self.url,
            private_network: self.private_network,
        }
    }

    /// The variable that holds its secret.
    #[must_use]
    pub fn variable(&self) -> String {
        self.place().variable("DUNG_HEN_WEBHOOK_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "name = \"sms\"\nurl = \"https://sms.example.vn/in\"\nreads_as = [\"gateway\"]";

    fn read(text: &str) -> WebhookSettings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_cannot_be_is_named_by_its_key() {
        assert_eq!(read(GOOD).fault(), None);
        for (from, to, key) in [
            ("\"sms\"", "\"S M S\"", "name"),
            ("https://", "http://", "url"),
            ("https://", "https://user:word@", "url"),
            ("https://", "ftp://", "url"),
            ("\"gateway\"", "\"world\"", "reads_as"),
            ("[\"gateway\"]", "[]", "reads_as"),
        ] {
            let fault = read(&GOOD.replace(from, to)).fault().unwrap();
            assert!(fault.0.ends_with(key), "{from} {to}: {fault:?}");
        }
        let asked = format!("{GOOD}\nevents = [\"case.lost\"]");
        assert!(read(&asked).fault().unwrap().0.ends_with("events"));
        let inside = format!("{}\nprivate_network = true", GOOD.replace("https", "http"));
        assert_eq!(read(&inside).fault(), None);
    }
}
