//! Planned outages, as the province announces them.

use dung_hen_domain::civil::{parse_date, parse_moment};
use dung_hen_domain::outage::Outage;
use serde::Deserialize;

use super::ConfigError;

/// `[[outages]]`: people are told of it from the day of its announcement until it is over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutageConfig {
    /// Day of the announcement, `YYYY-MM-DD`.
    announced: String,
    /// When it begins, `YYYY-MM-DDTHH:MM`, local time.
    from: String,
    /// When it ends.
    until: String,
}

impl OutageConfig {
    /// The outage, checked.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the key.
    pub fn read(&self) -> Result<Outage, ConfigError> {
        let bad = |key: &str, expected| ConfigError::Value {
            key: format!("outages, {key}"),
            expected,
        };
        let moment = "a moment, YYYY-MM-DDTHH:MM,";
        let announced =
            parse_date(&self.announced).ok_or_else(|| bad("announced", "a day, YYYY-MM-DD,"))?;
        let from = parse_moment(&self.from).ok_or_else(|| bad("from", moment))?;
        let until = parse_moment(&self.until).ok_or_else(|| bad("until", moment))?;
        Outage::new(announced, from, until)
            .ok_or_else(|| bad("announced, from, until", "days and moments in this order"))
    }
}
