//! A province's own calendar file, laid over the one that ships.
//!
//! It can add a year that follows the last one, settle an open question, add days, and take away days that are
//! listed wrongly; every year it names has its source. It never makes a settled day open again.

use chrono::NaiveDate;
use serde::Deserialize;

use super::CalendarError;
use super::data::{CalendarData, DayData, OpenQuestion, Origin, YearData};
use crate::civil::IsoDate;

/// The file of a province.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvinceCalendar {
    /// Version of the file: a change of it is a change of the calendar.
    version: String,
    years: Vec<ProvinceYear>,
}

/// What the province knows of one year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvinceYear {
    year: i32,
    /// Where it is written; at least one.
    sources: Vec<String>,
    #[serde(default)]
    settled_until: Option<IsoDate>,
    /// What stays open; given, it takes the place of what the shipped file holds open.
    #[serde(default)]
    open: Option<Vec<OpenQuestion>>,
    /// Days to list; one that is listed already is replaced.
    #[serde(default)]
    days: Vec<DayData>,
    /// Days to take off the list.
    #[serde(default)]
    remove: Vec<IsoDate>,
}

impl CalendarData {
    /// Lays a province's file over this one.
    ///
    /// # Errors
    /// [`CalendarError`] names the year or day that is wrong. What is wrong with the calendar as a whole shows when
    /// it is built.
    pub fn with_province(mut self, province: ProvinceCalendar) -> Result<Self, CalendarError> {
        self.version.push('+');
        self.version.push_str(&province.version);
        let mut seen = Vec::new();
        for year in province.years {
            if seen.contains(&year.year) {
                return Err(CalendarError::YearsNotConsecutive(year.year));
            }
            seen.push(year.year);
            if year.sources.iter().all(|source| source.trim().is_empty()) {
                return Err(CalendarError::NoSource(year.year));
            }
            match self.years.iter_mut().find(|known| known.year == year.year) {
                Some(known) => lay_over(known, year)?,
                None => self.years.push(new_year(year)?),
            }
        }
        self.years.sort_by_key(|year| year.year);
        Ok(self)
    }
}

fn new_year(year: ProvinceYear) -> Result<YearData, CalendarError> {
    if let Some(day) = year.remove.first() {
        return Err(CalendarError::NotListed(day.0));
    }
    let mut made = YearData {
        year: year.year,
        settled_until: None,
        sources: Vec::new(),
        open: Vec::new(),
        days: Vec::new(),
    };
    lay_over(&mut made, year)?;
    Ok(made)
}

fn lay_over(known: &mut YearData, year: ProvinceYear) -> Result<(), CalendarError> {
    for day in &year.remove {
        let before = known.days.len();
        known.days.retain(|one| one.date != *day);
        if known.days.len() == before {
            return Err(CalendarError::NotListed(day.0));
        }
    }
    let mut given: Vec<NaiveDate> = Vec::new();
    for mut day in year.days {
        if given.contains(&day.date.0) {
            return Err(CalendarError::Twice(day.date.0));
        }
        given.push(day.date.0);
        if day.basis.is_none() {
            day.basis = Some(year.sources.join("; "));
        }
        day.origin = Origin::Province;
        known.days.retain(|one| one.date != day.date);
        known.days.push(day);
    }
    known.days.sort_by_key(|day| day.date);
    if let Some(until) = year.settled_until {
        if known.settled_until.is_some_and(|known| until < known) {
            return Err(CalendarError::SettledLess(until.0));
        }
        known.settled_until = Some(until);
    }
    if let Some(open) = year.open {
        known.open = open;
    }
    known.sources.extend(year.sources);
    Ok(())
}
