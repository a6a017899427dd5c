//! Law, catalogue and province: what is looked up while a case is read, counted or shown. It changes only with a start of
//! the server.

use std::collections::HashMap;

use dung_hen_domain::calendar::{CalendarData, ProvinceCalendar, WorkingCalendar, WorkingHours};
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::objection::Term;
use dung_hen_domain::outage::Outage;
use sha2::{Digest as _, Sha256};

use crate::catalogue::{Catalogue, PROCEDURES};
use crate::config::{AgencyConfig, OutageConfig, Province, Succession};
use crate::store::CaseRecord;
use crate::tag;

const HOLIDAYS: &str = include_str!("../../../data/holidays.json");

/// The calendar that ships, with a province's own laid over it.
///
/// # Errors
/// The message names the year or day that is wrong.
pub fn calendar(province: Option<&ProvinceCalendar>) -> Result<WorkingCalendar, String> {
    let mut data: CalendarData =
        serde_json::from_str(HOLIDAYS).map_err(|error| format!("data/holidays.json: {error}"))?;
    if let Some(province) = province {
        data = data
            .with_province(province.clone())
            .map_err(|error| format!("calendar_file: {error}"))?;
    }
    WorkingCalendar::new(data).map_err(|error| match province {
        Some(_) => format!("calendar_file: {error}"),
        None => error.to_string(),
    })
}

/// Of everyone whom [`Reference::level_of`] knows, units that ended among them.
fn levels(agencies: &HashMap<String, AgencyConfig>) -> String {
    let mut all: Vec<String> = agencies
        .values()
        .map(|agency| format!("{} {}\n", agency.code, agency.level))
        .collect();
    all.sort();
    let digest = Sha256::digest(all.concat());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Of everything beside the calendar that a computed date hangs on: hours, published limits, and the names by which a
/// step is known as the competent agency's.
fn computed_with(
    usual: &WorkingHours,
    hours: &HashMap<String, WorkingHours>,
    agencies: &HashMap<String, AgencyConfig>,
) -> String {
    let mut all: Vec<String> = agencies
        .values()
        .map(|agency| {
            format!(
                "{} {} {:?}",
                agency.code,
                agency.name,
                hours.get(&agency.code)
            )
        })
        .collect();
    all.sort();
    tag::of(format!("{usual:?}\n{}\n{PROCEDURES}", all.join("\n")).as_bytes())
}

fn outages(province: &Province) -> Result<Vec<Outage>, String> {
    let all = province.outages.iter().map(OutageConfig::read);
    let mut all: Vec<Outage> = all
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    all.sort_by_key(Outage::from);
    Ok(all)
}

/// Law, catalogue and province: what a view of a case is made from.
#[derive(Debug)]
pub struct Reference {
    /// The province.
    pub province: Province,
    /// Its agencies by code.
    pub agencies: HashMap<String, AgencyConfig>,
    /// Procedures.
    pub catalogue: Catalogue,
    /// Working calendar.
    pub calendar: WorkingCalendar,
    /// Hours of the agencies that have their own.
    hours: HashMap<String, WorkingHours>,
    /// Hours of all others.
    usual_hours: WorkingHours,
    /// Times to answer objections.
    pub objection_terms: Vec<Term>,
    /// Planned outages, the first to begin first.
    pub outages: Vec<Outage>,
    /// A name of which agency is of which level: another one where any is of another.
    pub levels: String,
    /// A name of what computed dates hang on beside the calendar: another one where any of it is another.
    pub computed_with: String,
}

impl Reference {
    /// From a province and what is built in.
    ///
    /// # Errors
    /// A message, where data built in are malformed.
    pub fn new(province: Province) -> Result<Self, String> {
        let agencies = province.agencies_by_code();
        let hours = province
            .agencies
            .iter()
            .filter(|agency| agency.working_hours.is_some() || agency.same_day_cut_off.is_some())
            .map(|agency| (agency.code.clone(), province.hours(Some(agency))))
            .collect();
        let usual_hours = province.hours(None);
        Ok(Self {
            levels: levels(&agencies),
            computed_with: computed_with(&usual_hours, &hours, &agencies),
            agencies,
            hours,
            usual_hours,
            objection_terms: province
                .objections
                .terms()
                .map_err(|error| error.to_string())?,
            outages: outages(&province)?,
            catalogue: Catalogue::built_in()
                .map_err(|error| format!("data/procedures.csv: {error}"))?,
            calendar: calendar(province.calendar.as_ref())?,
            province,
        })
    }

    /// The working hours of an agency.
    #[must_use]
    pub fn hours(&self, agency: &str) -> &WorkingHours {
        self.hours.get(agency).unwrap_or(&self.usual_hours)
    }

    /// The level of an agency, as configured.
    #[must_use]
    pub fn level_of(&self, agency: &str) -> Level {
        self.agencies
            .get(agency)
            .and_then(|agency| Level::from_name(&agency.level))
            .unwrap_or(Level::Unknown)
    }

    /// The agency under which a case is counted: the one whose it is, or the unit that ended and received it in its time,
    /// as the case code says. Its figures stay its own whoever goes on with its cases.
    #[must_use]
    pub fn counted_under<'a>(&'a self, record: &'a CaseRecord) -> &'a str {
        let first = record.code.split('-').next().unwrap_or_default();
        let received = record.received_at.map(|moment| moment.date());
        let there = |unit: &&Succession| received.is_some_and(|received| unit.was_there(received));
        let mut units = self.province.successions.iter().filter(there);
        units
            .find_map(|unit| unit.counts(first))
            .unwrap_or(&record.agency)
    }

    /// What the figures are counted with beside law and calendar: another one, other figures.
    #[must_use]
    pub fn histories(&self) -> String {
        let units = &self.province.successions;
        let each = units.iter().map(|unit| {
            let codes = std::iter::once(&unit.code).chain(&unit.also_written);
            let codes: Vec<&str> = codes.map(String::as_str).collect();
            format!("{} {}", codes.join(" "), unit.ended)
        });
        each.collect::<Vec<_>>().join(", ")
    }

    /// The name of an agency, or its code where it is not configured.
    #[must_use]
    pub fn agency_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.agencies
            .get(code)
            .map_or(code, |agency| agency.name.as_str())
    }
}
