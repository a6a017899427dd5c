//! Procedures with their published time limits: `data/procedures.csv`, built in.

use std::collections::HashMap;

use chrono::NaiveDate;
use dung_hen_domain::case::Channel;
use dung_hen_domain::civil::parse_date;
use dung_hen_domain::deadline::NotComputed;
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use serde::Deserialize;

/// The published limits, as they ship.
pub(crate) const PROCEDURES: &str = include_str!("../../../data/procedures.csv");

#[derive(Deserialize)]
struct Row {
    code: String,
    name_vi: String,
    field_vi: String,
    limit_text_vi: String,
    amount: String,
    unit: String,
    valid_from: Option<String>,
    valid_until: Option<String>,
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
    /// Last day of reception that the source covers; `None`: still valid.
    pub valid_until: Option<NaiveDate>,
    /// First day of reception for which the source is known to stand; `None`: not known.
    pub valid_from: Option<NaiveDate>,
    /// Where it is published.
    pub source_url: Option<String>,
}

/// Whether a source covers a day of reception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// It does.
    Covered,
    /// It was published later; whether the same limit stood then is not known.
    PublishedLater,
    /// It stood until before that day.
    Outdated,
}

/// One limit of a text such as `Trực tuyến: 17 Ngày làm việc; Trực tiếp: 20 Ngày làm việc`.
struct Printed<'a> {
    channel: &'a str,
    number: u32,
    unit: &'a str,
}

impl PublishedProcedure {
    /// Whether the source covers a reception on `day`.
    #[must_use]
    pub fn coverage(&self, day: NaiveDate) -> Coverage {
        if self.valid_until.is_some_and(|last| day > last) {
            Coverage::Outdated
        } else if self.valid_until.is_none() && self.valid_from.is_none_or(|first| day < first) {
            Coverage::PublishedLater
        } else {
            Coverage::Covered
        }
    }

    fn printed(&self) -> Vec<Printed<'_>> {
        self.limit_text
            .split(';')
            .filter_map(|part| {
                let (channel, text) = part.trim().split_once(": ")?;
                let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
                Some(Printed {
                    channel,
                    number: number.parse().ok()?,
                    unit: unit.trim(),
                })
            })
            .collect()
    }

    /// The limit for a case filed through `channel`.
    ///
    /// Some sources print another limit for each channel: then the channel's own counts. Where they print several
    /// for the same channel ("1 hour; 7 working days"), or none for this one, nothing is computed: which of the
    /// limits applies is not ours to guess.
    ///
    /// # Errors
    /// Why there is none.
    pub fn limit(&self, channel: Channel) -> Result<TimeLimit, NotComputed> {
        let title = match channel {
            Channel::Direct => "Trực tiếp",
            Channel::Online => "Trực tuyến",
            Channel::Postal => "Dịch vụ bưu chính",
        };
        let printed = self.printed();
        let one_for_all = printed
            .windows(2)
            .all(|pair| pair[0].number == pair[1].number);
        if one_for_all {
            return self.limit.ok_or(NotComputed::LimitWithoutUnit);
        }
        let mut own = printed.iter().filter(|one| one.channel == title);
        let (Some(own), None) = (own.next(), own.next()) else {
            return Err(NotComputed::SeveralLimits);
        };
        let row = self.limit.ok_or(NotComputed::LimitWithoutUnit)?;
        // The row's unit was read with the row's own number; the same words mean the same unit.
        let same_words = printed
            .iter()
            .any(|one| one.number == row.units() && one.unit == own.unit);
        let unit = if same_words {
            row.unit()
        } else {
            unit_printed(own.unit).ok_or(NotComputed::LimitWithoutUnit)?
        };
        TimeLimit::new(own.number, unit).map_err(|_| NotComputed::LimitWithoutUnit)
    }
}

fn unit_printed(text: &str) -> Option<Unit> {
    match text {
        "Ngày làm việc" => Some(Unit::WorkingDay),
        "Ngày" => Some(Unit::CalendarDay),
        "Giờ" => Some(Unit::WorkingHour),
        "Tháng" => Some(Unit::Month),
        _ => None,
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
            all.insert(
                row.code,
                PublishedProcedure {
                    name: row.name_vi,
                    field: row.field_vi,
                    limit_text: row.limit_text_vi,
                    limit,
                    valid_from: row.valid_from.as_deref().and_then(parse_date),
                    valid_until: row.valid_until.as_deref().and_then(parse_date),
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
