//! `[[agencies]]`, and what holds of one where it has not said otherwise.

use std::collections::HashMap;

use dung_hen_domain::calendar::WorkingHours;
use dung_hen_domain::civil::parse_clock;
use serde::Deserialize;

use super::Province;

/// An agency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyConfig {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `ministry`, `province`, `district` or `commune`.
    pub level: String,
    /// Where to ask.
    #[serde(default)]
    pub contact: Option<String>,
    /// Its hours, where they are not the province's.
    #[serde(default)]
    pub working_hours: Option<String>,
    /// Its cut-off, where it is not the province's.
    #[serde(default)]
    pub same_day_cut_off: Option<String>,
    /// Addresses or networks of its own desks and kiosks.
    #[serde(default)]
    pub desk_networks: Vec<String>,
}

impl Province {
    /// The working hours of an agency: its own, or the province's, or the usual ones.
    #[must_use]
    pub fn hours(&self, agency: Option<&AgencyConfig>) -> WorkingHours {
        let hours = agency
            .and_then(|agency| agency.working_hours.as_deref())
            .or(self.working_hours.as_deref())
            .and_then(WorkingHours::parse)
            .unwrap_or_default();
        let cut_off = agency
            .and_then(|agency| agency.same_day_cut_off.as_deref())
            .or(self.same_day_cut_off.as_deref())
            .and_then(parse_clock);
        match cut_off {
            Some(cut_off) => hours.with_cut_off(cut_off),
            None => hours,
        }
    }

    /// Agencies by code, those that ended among them.
    #[must_use]
    pub fn agencies_by_code(&self) -> HashMap<String, AgencyConfig> {
        let ended = self.successions.iter().map(|unit| AgencyConfig {
            code: unit.code.clone(),
            name: unit.name.clone(),
            level: unit.level.clone(),
            contact: None,
            working_hours: None,
            same_day_cut_off: None,
            desk_networks: Vec::new(),
        });
        // An agency that is there still goes before one of the same code that ended.
        ended
            .chain(self.agencies.iter().cloned())
            .map(|agency| (agency.code.clone(), agency))
            .collect()
    }
}
