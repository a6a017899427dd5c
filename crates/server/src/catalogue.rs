//! Procedures with their published time limits: `data/procedures.csv`, built in.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use dung_hen_domain::case::Channel;
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
    limit: Option<TimeLimit>,
    /// Its amount as a text, to be found in `limit_text`.
    amount: String,
    /// Last day of reception that the source covers; `None`: still valid.
    pub valid_until: Option<NaiveDate>,
    /// Where it is published.
    pub source_url: Option<String>,
}

impl PublishedProcedure {
    /// The limit for a case filed through `channel`.
    ///
    /// Some sources print another limit for each channel, or several for one ("1 hour; 7 working days"),
    /// and hold one of them as the amount. Where the channel's own text does not say just that amount, nothing is
    /// computed: which of the limits applies is not ours to guess.
    #[must_use]
    pub fn limit(&self, channel: Channel) -> Option<TimeLimit> {
        let title = match channel {
            Channel::Direct => "Trực tiếp",
            Channel::Online => "Trực tuyến",
            Channel::Postal => "Dịch vụ bưu chính",
        };
        let parts: Vec<(&str, &str)> = self
            .limit_text
            .split(';')
            .filter_map(|part| part.trim().split_once(": "))
            .collect();
        let number = |text: &str| {
            text.split(' ')
                .next()
                .and_then(|word| word.parse::<u32>().ok())
        };
        let printed: Vec<Option<u32>> = parts
            .iter()
            .filter(|(name, _)| *name == title)
            .map(|(_, text)| number(text))
            .collect();
        let several = parts
            .iter()
            .filter_map(|(_, text)| number(text))
            .collect::<HashSet<_>>()
            .len()
            > 1;
        let this = self.amount.parse().ok();
        let fits =
            !several || (!printed.is_empty() && printed.iter().all(|printed| *printed == this));
        self.limit.filter(|_| fits)
    }
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
                    amount: row.amount,
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
