//! Procedures with their published time limits: `data/procedures.csv`, built in.

use std::collections::HashMap;

use chrono::NaiveDate;
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use serde::Deserialize;

const PROCEDURES: &str = include_str!("../../../data/procedures.csv");

#[derive(Deserialize)]
struct Row {
    code: String,
    name_vi: String,
    field_vi: String,
    limit_text_vi: String,
    amount: String,
    unit: String,
    note: String,
    source_url: String,
}

/// A procedure as published.
#[derive(Clone, Debug)]
pub struct PublishedProcedure {
    /// Name.
    pub name: String,
    /// Field.
    pub field: String,
    /// Time limit in the source's words.
    pub limit_text: String,
    /// The limit, where the source printed a unit.
    pub limit: Option<TimeLimit>,
    /// Last day of reception that the source covers; `None`: still valid.
    pub valid_until: Option<NaiveDate>,
    /// Where it is published.
    pub source_url: Option<String>,
}

/// All procedures by national code.
#[derive(Clone, Debug)]
pub struct Catalogue(HashMap<String, PublishedProcedure>);

impl Catalogue {
    /// The procedures built in.
    ///
    /// # Errors
    /// The CSV error, where the file is not of the expected form.
    pub fn built_in() -> Result<Self, csv::Error> {
        let mut all = HashMap::new();
        for row in csv::Reader::from_reader(PROCEDURES.as_bytes()).deserialize() {
            let row: Row = row?;
            let limit = Unit::from_name(&row.unit)
                .and_then(|unit| TimeLimit::parse(&row.amount, unit).ok());
            // Texts of portals from before the reorganisation of 1 July 2025 cover older dossiers only.
            let valid_until = row
                .note
                .contains("before 7/2025")
                .then(|| NaiveDate::from_ymd_opt(2025, 6, 30))
                .flatten();
            all.insert(
                row.code,
                PublishedProcedure {
                    name: row.name_vi,
                    field: row.field_vi,
                    limit_text: row.limit_text_vi,
                    limit,
                    valid_until,
                    source_url: Some(row.source_url).filter(|url| url.starts_with("https://")),
                },
            );
        }
        Ok(Self(all))
    }

    /// The procedure with this code; a unit suffix (`1.001612.000.00.00.H19`) is ignored.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&PublishedProcedure> {
        self.0.get(code).or_else(|| {
            let end = code.match_indices('.').nth(1)?.0;
            self.0.get(code.get(..end)?)
        })
    }
}
