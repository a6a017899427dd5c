//! Who is told of what, as `[[webhooks]]` of the configuration says. The secret stands in a file or in the environment,
//! never in the configuration.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::place::Place;
use super::sign::Secret;
use super::{KINDS, READERS};
use crate::store::EventRecord;

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

/// An endpoint with its secrets.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// As configured.
    pub settings: WebhookSettings,
    /// What signs, one at least.
    pub secrets: Vec<Secret>,
    /// The text of `ca_file`.
    pub authority: Option<Vec<u8>>,
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

    fn place(&self) -> Place<'_> {
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

    /// Whether it is to be told of this.
    #[must_use]
    pub fn wants(&self, event: &EventRecord) -> bool {
        let may = event
            .audience
            .split(',')
            .any(|reader| self.reads_as.iter().any(|one| one == reader));
        let asked = self.events.is_empty() || self.events.contains(&event.kind);
        let concerned = self
            .agency
            .as_ref()
            .is_none_or(|agency| *agency == event.agency);
        may && asked && concerned
    }
}

impl Endpoint {
    /// With the secrets that file or environment hold; `directory` is the configuration's.
    ///
    /// # Errors
    /// A sentence that names the key or the variable, never what stood there.
    pub fn open(
        settings: &WebhookSettings,
        directory: &Path,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let name = &settings.name;
        let of = settings.place();
        let (text, place) = match &settings.secret_file {
            Some(file) => (
                String::from_utf8_lossy(&of.read("secret_file", directory, file)?).into_owned(),
                "secret_file".to_owned(),
            ),
            None => {
                let place = settings.variable();
                (variable(&place).unwrap_or_default(), place)
            }
        };
        let secrets: Option<Vec<Secret>> = text.split_whitespace().map(Secret::read).collect();
        let secrets = secrets.filter(|all| !all.is_empty()).ok_or_else(|| {
            format!(
                "webhooks, {name}: {place}: whsec_ and 24 to 64 bytes in base64, or whsk_ and 32, expected; `server events secret` makes one"
            )
        })?;
        let authority = match &settings.ca_file {
            Some(file) => Some(of.read("ca_file", directory, file)?),
            None => None,
        };
        Ok(Self {
            settings: settings.clone(),
            secrets,
            authority,
        })
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

    #[test]
    fn money_and_conduct_reach_hotline_and_inspectorate_alone() {
        let event = |audience: &str| EventRecord {
            id: "msg_1".to_owned(),
            kind: "objection.received".to_owned(),
            about: "PA-1".to_owned(),
            lane: "PA-1".to_owned(),
            case_code: None,
            agency: "H98.1".to_owned(),
            audience: audience.to_owned(),
            happened_at: chrono::NaiveDateTime::default(),
            payload: String::new(),
        };
        let agency = read(&GOOD.replace("gateway", "agency"));
        let hotline = read(&GOOD.replace("gateway", "hotline"));
        assert!(!agency.wants(&event("hotline,inspectorate")));
        assert!(agency.wants(&event("hotline,agency")));
        assert!(hotline.wants(&event("hotline,inspectorate")));
        let other = format!("{GOOD}\nagency = \"H98.2\"").replace("gateway", "agency");
        assert!(!read(&other).wants(&event("hotline,agency")));
    }

    #[test]
    fn a_secret_is_read_from_its_place_and_never_told() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let open = |value: Option<&str>| {
            let value = value.map(str::to_owned);
            Endpoint::open(&read(GOOD), Path::new("."), move |_| value.clone())
        };
        assert_eq!(open(Some(secret)).unwrap().secrets.len(), 1);
        let two = format!("{secret}\n{secret}");
        assert_eq!(open(Some(&two)).unwrap().secrets.len(), 2);
        let told = open(Some("whsec_!")).unwrap_err();
        assert!(
            told.contains("DUNG_HEN_WEBHOOK_SMS") && !told.contains("whsec_!"),
            "{told}"
        );
        assert!(open(None).is_err());
        assert!(!format!("{:?}", open(Some(secret))).contains("MfKQ"));
    }
}
