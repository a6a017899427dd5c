//! Units that ended: provinces and districts merged or abolished. What a province says of them is dated, and names its
//! source; nothing of it is known to the program.

use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::civil::parse_date;
use serde::Deserialize;

use super::ConfigError;

/// `[[successions]]`: a unit, its last day, and who took its tasks over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    /// Its code; codes below it (`H98.31.02` of `H98.31`) are covered by it.
    pub code: String,
    /// Other writings of it in case codes, whole up to the first hyphen, such as `000.00.31.H98` of before 2020.
    #[serde(default)]
    pub also_written: Vec<String>,
    /// Its name, as it was.
    pub name: String,
    /// `province`, `district`, …
    pub level: String,
    /// Its last day, `YYYY-MM-DD`.
    pub ended: String,
    /// Codes of those who took its tasks over.
    pub successors: Vec<String>,
    /// The decision that says so.
    pub source: String,
}

impl Succession {
    /// Checks what can be checked.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names unit and key.
    pub fn check(&self) -> Result<(), ConfigError> {
        let bad = |key: &str, expected| {
            Err(ConfigError::Value {
                key: format!("successions, {}: {key}", self.code),
                expected,
            })
        };
        if self.code.trim().is_empty() || self.name.trim().is_empty() {
            return bad("code, name", "a code and a name");
        }
        if self.also_written.iter().any(|code| code.trim().is_empty()) {
            return bad("also_written", "codes");
        }
        if Level::from_name(&self.level).is_none() {
            return bad("level", "ministry, province, district or commune");
        }
        if parse_date(&self.ended).is_none() {
            return bad("ended", "a day, YYYY-MM-DD,");
        }
        if self.successors.is_empty() || self.successors.contains(&self.code) {
            return bad("successors", "codes of others");
        }
        if self.source.trim().is_empty() {
            return bad("source", "the decision that says so");
        }
        Ok(())
    }

    /// Whether this code is the unit's, or one below it.
    #[must_use]
    pub fn covers(&self, code: &str) -> bool {
        code.strip_prefix(self.code.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Whom a case with this code, up to its first hyphen, is counted for while the unit is there.
    #[must_use]
    pub fn counts<'a>(&'a self, code: &'a str) -> Option<&'a str> {
        if self.covers(code) {
            return Some(code);
        }
        let written = self.also_written.iter().any(|known| known == code);
        written.then_some(&*self.code)
    }

    /// Whether the unit was there on this day.
    #[must_use]
    pub fn was_there(&self, day: chrono::NaiveDate) -> bool {
        parse_date(&self.ended).is_some_and(|ended| day <= ended)
    }
}
