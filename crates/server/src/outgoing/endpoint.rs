//! Who is told of what, as `[[webhooks]]` of the configuration says. The secret stands in a file or in the environment,
//! never in the configuration.

use std::path::Path;

use super::sign::Secret;
use crate::config::{ConfigError, Province, WebhookSettings};
use crate::store::EventRecord;

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
    /// Everyone who is told in this province, with the secrets that stand in files beside its file or in the environment.
    ///
    /// # Errors
    /// [`ConfigError::Secret`] names the key or the variable.
    pub fn all(province: &Province, file: &Path) -> Result<Vec<Self>, ConfigError> {
        let directory = file.parent().unwrap_or(Path::new("."));
        let all = province.webhooks.iter();
        all.map(|one| Self::open(one, directory, |name| std::env::var(name).ok()))
            .collect::<Result<_, _>>()
            .map_err(|message| ConfigError::Secret(message).of(file))
    }

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
