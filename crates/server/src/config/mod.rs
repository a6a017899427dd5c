//! The province: names, targets, adopted text, agencies. Read from one TOML file.

mod access;
mod agency;
mod desk;
mod environment;
mod error;
mod http;
mod integrity;
mod open_data;
mod outages;
mod place;
mod pulls;
mod questions;
mod retention;
mod sections;
mod succession;
mod targets;
mod webhooks;

use std::path::{Path, PathBuf};

use dung_hen_domain::calendar::{ProvinceCalendar, WorkingHours};
use dung_hen_domain::case::{Level, WireName};
use dung_hen_domain::civil::parse_clock;
use dung_hen_domain::wire::Text;
use serde::Deserialize;

use crate::tag;
pub use access::{AccessSettings, PortalSettings};
pub use agency::AgencyConfig;
pub use desk::{ObjectionsConfig, OfficerConfig, Role};
pub(crate) use environment::overrides;
pub use error::ConfigError;
pub use http::HttpSettings;
pub use integrity::{Desks, IntegritySettings};
pub use open_data::DataLicence;
pub use outages::OutageConfig;
pub use pulls::PullSettings;
pub use questions::QuestionsConfig;
pub use retention::Retention;
pub use succession::Succession;
use targets::TargetConfig;
pub use targets::{Target, TargetFigure, Targets};
pub use webhooks::WebhookSettings;

/// The province as configured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Province {
    /// Level-1 code, such as `H19`.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Under what the open data may be used; the province decides it, and where it has not, none is claimed.
    #[serde(default)]
    pub data_licence: Option<DataLicence>,
    /// The hotline to print.
    #[serde(default)]
    pub hotline: Option<String>,
    /// Address of the national portal.
    #[serde(default)]
    pub national_portal: Option<String>,
    /// Where people reach this server, such as `https://dunghen.example.vn`: the address in QR codes. Without it, the
    /// address of the request.
    #[serde(default)]
    pub public_address: Option<String>,
    /// Where a postal item can be followed: an `https` address with `{}` for its number.
    #[serde(default)]
    pub post_tracking: Option<String>,
    /// Whether dates and lateness are shown to the code alone.
    #[serde(default)]
    pub public_dates: bool,
    /// The moment a demonstration plays at.
    #[serde(default)]
    pub demo_clock: Option<String>,
    /// Working days before a promise from which the agency is reminded of the letter it will owe.
    #[serde(default = "remind_working_days")]
    pub remind_working_days: u32,
    /// Agency hours, `07:30-11:30,13:00-17:00`, with days that differ: `…; fri 07:30-11:30`.
    #[serde(default)]
    pub working_hours: Option<String>,
    /// Until when a same-day case counts as received on its day, `15:00`.
    #[serde(default)]
    pub same_day_cut_off: Option<String>,
    /// The province's own calendar, laid over the one that ships; beside this file where it is not absolute.
    #[serde(default)]
    pub calendar_file: Option<PathBuf>,
    /// What that file says.
    #[serde(skip)]
    pub calendar: Option<ProvinceCalendar>,
    /// Whether no file was given, so that nothing of a province is known.
    #[serde(skip)]
    pub is_unnamed: bool,
    /// Targets as configured.
    #[serde(default, rename = "targets")]
    target_list: Vec<TargetConfig>,
    /// Targets.
    #[serde(skip)]
    pub targets: Targets,
    /// The body that has adopted the notice's text.
    #[serde(default)]
    pub apology_text: Option<ApologyText>,
    /// Sizes and times of requests.
    #[serde(default)]
    pub http: HttpSettings,
    /// Origins of the portals that embed the element, `https://host`; none named: any may.
    #[serde(default)]
    pub origins: Vec<String>,
    /// Objections.
    #[serde(default)]
    pub objections: ObjectionsConfig,
    /// What raters are asked beside the rating.
    #[serde(default)]
    pub questions: QuestionsConfig,
    /// Officers with keys.
    #[serde(default)]
    pub officers: Vec<OfficerConfig>,
    /// Limits by network.
    #[serde(default)]
    pub access: AccessSettings,
    /// What counts as odd about ballots and ratings.
    #[serde(default)]
    pub integrity: IntegritySettings,
    /// How long what is kept of people is kept.
    #[serde(default)]
    pub retention: Retention,
    /// Portals whose tokens are believed.
    #[serde(default)]
    pub portals: Vec<PortalSettings>,
    /// One-stop systems that are asked for what is new.
    #[serde(default)]
    pub pulls: Vec<PullSettings>,
    /// Who is told of what happens.
    #[serde(default)]
    pub webhooks: Vec<WebhookSettings>,
    /// Planned outages.
    #[serde(default)]
    pub outages: Vec<OutageConfig>,
    /// Units that ended.
    #[serde(default)]
    pub successions: Vec<Succession>,
    /// Agencies.
    #[serde(default)]
    pub agencies: Vec<AgencyConfig>,
}

const fn remind_working_days() -> u32 {
    2
}

/// An apology that a body has adopted by decision: only then does the notice say sorry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApologyText {
    /// The body.
    pub body_vi: String,
    /// The body, English.
    pub body_en: String,
    /// Number of its decision.
    pub decision: String,
    /// Date of its decision, `YYYY-MM-DD`.
    pub decision_date: String,
    /// The approved sentence.
    pub sorry_vi: String,
    /// The approved sentence, English.
    pub sorry_en: String,
}

impl Province {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigError`] names file, key and what was expected.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Io(path.to_owned(), error))?;
        Self::parse_beside(&text, &overrides(), path.parent().unwrap_or(Path::new(".")))
            .map_err(|error| error.of(path))
    }

    /// A short hash of the file and of what the environment gives otherwise: another one, other settings.
    ///
    /// # Errors
    /// [`ConfigError::Io`].
    pub fn fingerprint(path: &Path) -> Result<String, ConfigError> {
        let text = std::fs::read(path).map_err(|error| ConfigError::Io(path.to_owned(), error))?;
        let mut all = overrides();
        all.sort();
        Ok(tag::of(format!("{}{all:?}", tag::of(&text)).as_bytes()))
    }

    /// Reads and checks a text, some of whose keys the environment gives otherwise: `DUNG_HEN__HTTP__CALL_SECONDS=20`
    /// is `call_seconds = 20` in `[http]`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse_with(text: &str, given: &[(String, String)]) -> Result<Self, ConfigError> {
        Self::parse_beside(text, given, Path::new("."))
    }

    /// A province of which nothing is configured, for what needs the law alone.
    ///
    /// # Errors
    /// As [`Province::parse`].
    pub fn unnamed() -> Result<Self, ConfigError> {
        let mut province = Self::parse("code = \"\"\nname = { vi = \"\", en = \"\" }\n")?;
        province.is_unnamed = true;
        Ok(province)
    }

    /// Reads and checks a text.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::parse_with(text, &[])
    }

    /// The calendar file stands beside the configuration, in `directory`.
    fn parse_beside(
        text: &str,
        given: &[(String, String)],
        directory: &Path,
    ) -> Result<Self, ConfigError> {
        // The file alone first: its errors name the line.
        let province: Self =
            toml::from_str(text).map_err(|error| ConfigError::Toml(error.to_string()))?;
        let mut province = Self::checked(province).map_err(|error| error.at(text))?;
        if !given.is_empty() {
            let mut table: toml::Table =
                toml::from_str(text).map_err(|error| ConfigError::Toml(error.to_string()))?;
            for (name, value) in given {
                environment::set(&mut table, name, value)?;
            }
            let overridden = serde_path_to_error::deserialize(table).map_err(|error| {
                let key = error.path().to_string();
                ConfigError::Toml(format!("environment, key {key}: {}", error.inner()))
            })?;
            province = Self::checked(overridden).map_err(ConfigError::of_environment)?;
        }
        if let Some(file) = &province.calendar_file {
            let path = directory.join(file);
            let text = std::fs::read_to_string(&path)
                .map_err(|error| ConfigError::Calendar(path.clone(), error.to_string()))?;
            let calendar = serde_json::from_str(&text)
                .map_err(|error| ConfigError::Calendar(path, error.to_string()))?;
            province.calendar = Some(calendar);
        }
        Ok(province)
    }

    fn checked(mut province: Self) -> Result<Self, ConfigError> {
        province.targets = Targets::read(&province.target_list)?;
        let bad = |key: &str, expected| {
            Err(ConfigError::Value {
                key: key.to_owned(),
                expected,
            })
        };
        let own = |agency: &AgencyConfig, key| format!("agencies, {}: {key}", agency.code);
        let of_agencies = province.agencies.iter();
        let of_agencies =
            of_agencies.map(|one| (own(one, "working_hours"), one.working_hours.as_deref()));
        let hours = std::iter::once((
            "working_hours".to_owned(),
            province.working_hours.as_deref(),
        ));
        for (key, hours) in hours.chain(of_agencies) {
            if hours.is_some_and(|hours| WorkingHours::parse(hours).is_none()) {
                return bad(
                    &key,
                    "sessions such as 07:30-11:30,13:00-17:00, then days that differ such as ; fri 07:30-11:30",
                );
            }
        }
        let of_agencies = province.agencies.iter();
        let of_agencies = of_agencies.map(|one| {
            (
                own(one, "same_day_cut_off"),
                one.same_day_cut_off.as_deref(),
            )
        });
        let cut_offs = std::iter::once((
            "same_day_cut_off".to_owned(),
            province.same_day_cut_off.as_deref(),
        ));
        for (key, cut_off) in cut_offs.chain(of_agencies) {
            if cut_off.is_some_and(|hour| parse_clock(hour).is_none()) {
                return bad(&key, "an hour such as 15:00");
            }
        }
        if let Some((key, expected)) = province.http.fault() {
            return bad(key, expected);
        }
        if province.origins.iter().any(|origin| !is_origin(origin)) {
            return bad(
                "origins",
                "scheme and host alone, https://portal.example.vn,",
            );
        }
        if province
            .public_address
            .as_deref()
            .is_some_and(|address| !is_origin(address))
        {
            return bad(
                "public_address",
                "scheme and host alone, https://dunghen.example.vn,",
            );
        }
        let is_address =
            |address: &str| address.starts_with("https://") || address.starts_with("http://");
        if (province.national_portal.as_deref()).is_some_and(|address| !is_address(address)) {
            return bad(
                "national_portal",
                "an address such as https://dichvucong.gov.vn",
            );
        }
        if province.post_tracking.as_deref().is_some_and(|address| {
            !address.starts_with("https://") || address.matches("{}").count() != 1
        }) {
            return bad("post_tracking", "an https address with {} for the number");
        }
        for (index, agency) in province.agencies.iter().enumerate() {
            let (before, key) = (
                &province.agencies[..index],
                format!("agencies, {}: code", agency.code),
            );
            if agency.code.trim().is_empty() {
                return bad(&key, "a code");
            }
            if before.iter().any(|one| one.code == agency.code) {
                return bad(&key, "a code that no other agency here has");
            }
            if Level::from_name(&agency.level).is_none() {
                return bad(
                    &format!("agencies, {}: level", agency.code),
                    "ministry, province, district or commune",
                );
            }
        }
        let mut names: Vec<&str> = Vec::new();
        for webhook in &province.webhooks {
            if let Some((key, expected)) = webhook.fault() {
                return Err(ConfigError::Value { key, expected });
            }
            if names.contains(&webhook.name.as_str()) {
                return bad(&format!("webhooks, {}: name", webhook.name), "another name");
            }
            names.push(&webhook.name);
        }
        for (index, pull) in province.pulls.iter().enumerate() {
            if let Some((key, expected)) = pull.fault() {
                return Err(ConfigError::Value { key, expected });
            }
            if province.pulls[..index]
                .iter()
                .any(|one| one.name == pull.name)
            {
                return bad(&format!("pulls, {}: name", pull.name), "another name");
            }
        }
        province.access.check()?;
        province.objections.terms()?;
        province.integrity.check()?;
        Desks::of(&province)?;
        for (index, officer) in province.officers.iter().enumerate() {
            officer.check()?;
            // What one did would be written down as the other's.
            let before = &province.officers[..index];
            if before
                .iter()
                .any(|one| one.key_sha256 == officer.key_sha256)
            {
                return bad(
                    &format!("officers, {}: key_sha256", officer.name),
                    "a key that no other officer here has (`server officer-key` makes one)",
                );
            }
        }
        if province.retention.case_days == Some(0) {
            return bad(
                "retention.case_days",
                "1 day or more, or no such key where nothing is to be erased,",
            );
        }
        for succession in &province.successions {
            succession.check()?;
        }
        for outage in &province.outages {
            outage.read()?;
        }
        Ok(province)
    }
}

/// Scheme and host, as browsers send them in `Origin`: no path, no slash at the end.
fn is_origin(text: &str) -> bool {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .is_some_and(|host| {
            !host.is_empty()
                && host.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:".contains(&byte)
                })
        })
}
