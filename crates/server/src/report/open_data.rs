//! The published figures as open data: the counts they are made of, with everything that a person needs to make them
//! again without us: how they are counted, with which calendar, targets and thresholds.
//!
//! A period is an [`index`] and one [`part`] for each place: the province, a level, an agency. What a part costs follows
//! the splits of the place, never how many cases and ratings are counted in it (docs/decisions/0029). Letters of apology
//! are a list of their own, by pages. [`whole`] is all of it, of one moment.
//!
//! `tests/recompute.py` makes the figures again, and shares no code with this program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::figures::{Counts, METHOD, Measure};
use dung_hen_domain::indices::Z;
use dung_hen_domain::objection::ObjectionKind;
use dung_hen_domain::outcomes;
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::sheet::{SIXTEEN, THREE};
use dung_hen_domain::satisfaction::tables::{Place, Question, STEP, Split};
use serde_json::{Map, Value, json};

use super::beside::KINDS;
use super::register;
use crate::addresses::{DEFINITIONS_ADDRESS, OPEN_DATA_ADDRESS};
use crate::config::Target;
use crate::figures::integrity;
use crate::figures::satisfaction::last_step;
use crate::figures::{
    ANSWERED, ANSWERED_IN_TIME, ANSWERED_WITHOUT_TERM, BY_CHANNEL, BY_FIELD, BY_OBJECTION,
    BY_OUTCOME, BY_PROCEDURE, WHOLE, WITHOUT_TERM, places, watch,
};
use crate::reference::Reference;
use crate::store::{Reader, SheetsOf, StoreError};

/// Changes when a reader of the old form would misread the new one.
pub const FORMAT: &str = "dung-hen-open-data-4";

/// The splits whose kept cells are published as they are; by outcome see [`places::by_outcome`].
const EXACT: [&str; 4] = [WHOLE, BY_FIELD, BY_PROCEDURE, BY_CHANNEL];

/// Of which period, as of when.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// As in the address: `2026-10`, `2026-Q4`, `2026`.
    pub text: &'a str,
    /// The same.
    pub period: Period,
    /// Now.
    pub now: NaiveDateTime,
}

/// Measures of cases; objections are listed by themselves.
fn measures() -> impl Iterator<Item = Measure> {
    Measure::ALL
        .iter()
        .copied()
        .filter(|measure| *measure != Measure::Objections)
}

/// What a period has: its places with the addresses of their parts.
///
/// # Errors
/// [`StoreError`].
pub fn index(
    reader: &mut Reader<'_>,
    reference: &Reference,
    asked: Asked<'_>,
) -> Result<Value, StoreError> {
    let known = agencies(reader, reference, asked)?;
    let period = asked.text;
    let parts: Vec<Value> = places_of(reference, &known)
        .iter()
        .map(|place| {
            let of = named(place);
            let address = format!("{OPEN_DATA_ADDRESS}/figures?period={period}{of}");
            json!({ "place": place.key(), "address": address })
        })
        .collect();
    let letters = format!("{OPEN_DATA_ADDRESS}/letters?period={period}");
    let mut all = head(reader, reference, asked)?;
    all.insert("agencies".to_owned(), listed(reference, &known));
    all.insert("units_that_ended".to_owned(), ended(reference));
    all.insert("parts".to_owned(), json!(parts));
    all.insert("letters_of_apology".to_owned(), json!(letters));
    Ok(Value::Object(all))
}

/// All of it in one document, of one moment: what a province publishes as a file.
///
/// # Errors
/// [`StoreError`].
pub fn whole(
    reader: &mut Reader<'_>,
    reference: &Reference,
    asked: Asked<'_>,
) -> Result<Value, StoreError> {
    let known = agencies(reader, reference, asked)?;
    let mut parts = Vec::new();
    for place in places_of(reference, &known) {
        parts.push(part(reader, reference, &place, asked)?);
    }
    let letters = register::read(reader, reference, &Place::Province, asked.period)?;
    let mut all = head(reader, reference, asked)?;
    all.insert("agencies".to_owned(), listed(reference, &known));
    all.insert("units_that_ended".to_owned(), ended(reference));
    all.insert("parts".to_owned(), json!(parts));
    let letters = json!(register::letters(&letters));
    all.insert("letters_of_apology".to_owned(), letters);
    Ok(Value::Object(all))
}

/// Everything published of a place, with what it is counted by.
///
/// # Errors
/// [`StoreError`].
pub fn part(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    asked: Asked<'_>,
) -> Result<Value, StoreError> {
    let mut cells = Vec::new();
    let mut counted = places::cells(reader, reference, place, asked.text, &EXACT)?;
    let (from, to) = asked.period.months();
    let months = (from.as_str(), to.as_str());
    for (value, counts) in places::by_outcome(reader, reference, place, months)? {
        counted.insert([BY_OUTCOME.to_owned(), value], counts);
    }
    for ([split, value], counts) in counted {
        if measures().any(|one| counts.get(one) != 0) {
            let counts: Vec<i64> = measures().map(|one| counts.get(one)).collect();
            cells.push(json!([split, value, counts]));
        }
    }
    let numbers =
        integrity::Beside::of_place(reader, reference, place, asked.period, asked.now.date())?;
    let beside: Map<String, Value> = KINDS
        .into_iter()
        .flatten()
        .map(|kind| (kind.name(), integrity::number(&numbers, *kind)))
        .filter(|(_, count)| *count != 0)
        .map(|(name, count)| (name.to_owned(), json!(count)))
        .collect();
    let level = match place {
        Place::Province => None,
        Place::Level(level) => Some(level.as_str()),
        Place::Agency(agency) => Some(reference.level_of(agency).name()),
    };
    let mut all = head(reader, reference, asked)?;
    all.insert("place".to_owned(), json!(place.key()));
    all.insert("level".to_owned(), json!(level));
    let names: Vec<&str> = measures().map(|measure| measure.name()).collect();
    all.insert("measures".to_owned(), json!(names));
    all.insert("cells".to_owned(), json!(cells));
    let results = places::results(reader, reference, place, months)?;
    all.insert("results".to_owned(), json!(results.sums()));
    let told: Vec<Value> = (results.units.iter())
        .filter(|_| matches!(place, Place::Agency(_)))
        .map(|(_, month, told)| {
            let [granted, granted_late, refused, refused_late] = told.results;
            let all = told.all.map(|all| [all.in_time, all.unknown, all.late]);
            json!([month, granted, granted_late, refused, refused_late, all])
        })
        .collect();
    all.insert("results_by_month".to_owned(), json!(told));
    let objections = objections(reader, reference, place, asked)?;
    all.insert("objections".to_owned(), json!(objections));
    let satisfaction = satisfaction(reader, place, asked)?;
    all.insert("satisfaction".to_owned(), satisfaction);
    let sheets = sheets(reader, place, asked)?;
    all.insert("second_questionnaires".to_owned(), sheets);
    all.insert("integrity".to_owned(), Value::Object(beside));
    Ok(Value::Object(all))
}

/// With what figures are made of counts. The day, not the moment: until something changes, the same bytes.
fn head(
    reader: &mut Reader<'_>,
    reference: &Reference,
    asked: Asked<'_>,
) -> Result<Map<String, Value>, StoreError> {
    let (first, last) = asked.period.span();
    let today = asked.now.date();
    let until = watch::counted_until(reader)?;
    let province = &reference.province;
    let targets: Vec<Value> = province
        .targets
        .on(last.min(today))
        .map(Target::json)
        .collect();
    let head = json!({
        "format": FORMAT,
        "official_index": false,
        "province": { "code": province.code, "name": province.name },
        "period": asked.text,
        "first": iso_date(first),
        "last": iso_date(last),
        "as_of": iso_date(today),
        "counted_until": until.map(iso_date),
        "methods": { "cells": METHOD, "timeliness": "on-time-2", "satisfaction": "sipas-style-2" },
        "calendar": {
            "version": reference.calendar.version(),
            "computable_until": reference.calendar.readiness(today).computable_until.map(iso_date),
        },
        "thresholds": {
            "targets": targets,
            "satisfaction_step": { "answers": STEP, "days": 1 },
            "granted_and_refused": { "cases_of_each": outcomes::LEAST, "month_is_over": true, "none_open": true, "told_once": true },
            "decimals": 2,
            "wilson_z": Z,
        },
        "licence": province.data_licence,
        "definitions": DEFINITIONS_ADDRESS,
        "schema": SCHEMA_ADDRESS,
        "asked": {
            "sixteen_criteria_one_in": province.questions.sixteen_one_in,
            "three_levels": province.questions.three_levels,
            "terms_of_answers": !province.objections.terms.is_empty(),
        },
    });
    match head {
        Value::Object(head) => Ok(head),
        _ => Ok(Map::new()),
    }
}

/// Where every field is described.
const SCHEMA_ADDRESS: &str = "/api/v1/openapi.json#/paths/~1api~1v1~1open-data";

/// Stands in an address for the agency of cases that name none.
pub const NOBODY: &str = "-";

/// A place as an address names it after the period.
#[must_use]
pub fn named(place: &Place) -> String {
    match place {
        Place::Province => String::new(),
        Place::Level(level) => format!("&level={level}"),
        Place::Agency(agency) if agency.is_empty() => format!("&agency={NOBODY}"),
        Place::Agency(agency) => format!("&agency={}", encoded(agency)),
    }
}

/// A value as it may stand in an address.
fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Those that are configured, and those whose code a case has named.
fn agencies(
    reader: &mut Reader<'_>,
    reference: &Reference,
    asked: Asked<'_>,
) -> Result<BTreeSet<String>, StoreError> {
    let mut agencies = reader.agencies_counted(asked.text)?;
    agencies.extend(reference.agencies.keys().cloned());
    Ok(agencies)
}

fn listed(reference: &Reference, agencies: &BTreeSet<String>) -> Value {
    let rows = agencies.iter().map(|code| {
        json!({
            "code": code,
            "name": reference.agencies.get(code).map(|agency| agency.name.as_str()),
            "level": reference.level_of(code).name(),
        })
    });
    rows.collect()
}

fn ended(reference: &Reference) -> Value {
    let rows = reference.province.successions.iter().map(|unit| {
        json!({
            "code": unit.code,
            "ended": unit.ended,
            "successors": unit.successors,
            "source": unit.source,
        })
    });
    rows.collect()
}

/// The province, its levels, its agencies.
fn places_of(reference: &Reference, agencies: &BTreeSet<String>) -> Vec<Place> {
    let levels: BTreeSet<&str> = agencies
        .iter()
        .map(|agency| reference.level_of(agency).name())
        .collect();
    let levels = levels.into_iter().map(str::to_owned).map(Place::Level);
    let agencies = agencies.iter().cloned().map(Place::Agency);
    std::iter::once(Place::Province)
        .chain(levels)
        .chain(agencies)
        .collect()
}

/// The published step: of each cell and question how many answered, how many of them are satisfied and how many are not;
/// and of each criterion, how many of those who rated its factor named it.
fn satisfaction(
    reader: &mut Reader<'_>,
    place: &Place,
    asked: Asked<'_>,
) -> Result<Value, StoreError> {
    let (mut cells, mut named) = (Vec::new(), Vec::new());
    for split in Split::ALL {
        for row in reader.satisfaction_table(INSTRUMENT, &place.key(), *split, asked.text)? {
            let n: u64 = row.levels.iter().sum();
            // What the step leaves out of a cell it leaves out altogether; no cell of fewer exists.
            let [one, two, _, four, five] = if n < STEP { [0; 5] } else { row.levels };
            let n = if n < STEP { 0 } else { n };
            let whole = *split == Split::Whole;
            let changed_on = iso_date(row.changed_on);
            let Some(criterion) = row.question.criterion() else {
                // How many disliked it is asked of whole places alone.
                let disliked = (whole && row.question == Question::Overall).then_some(one + two);
                cells.push(json!([
                    INSTRUMENT,
                    split.name(),
                    row.value,
                    row.question.name(),
                    n,
                    four + five,
                    disliked,
                    changed_on,
                ]));
                continue;
            };
            // As the API names them: of whole places.
            if whole && n > 0 {
                // Of a criterion the first two numbers are those who named it and those who did not.
                named.push(json!([criterion.name(), one, n, changed_on]));
            }
        }
    }
    Ok(json!({
        "step": last_step(reader)?.map(iso_date),
        "columns": ["instrument", "split", "value", "question", "n", "satisfied", "dissatisfied", "changed_on"],
        "cells": cells,
        "named_columns": ["criterion", "named", "raters", "changed_on"],
        "named": named,
    }))
}

/// The sixteen criteria of those who were asked all of them, and the three levels: how many answered, how many of them
/// with one of the two upper levels, and with the highest.
fn sheets(reader: &mut Reader<'_>, place: &Place, asked: Asked<'_>) -> Result<Value, StoreError> {
    let (agency, level) = match place {
        Place::Province => (None, None),
        Place::Level(level) => (None, Some(level.clone())),
        Place::Agency(agency) => (Some(agency.clone()), None),
    };
    let mut cells = Vec::new();
    for instrument in [SIXTEEN, THREE] {
        let counts = reader.sheet_counts(&SheetsOf {
            instrument,
            agency: agency.clone(),
            level: level.clone(),
            months: asked.period.months(),
            quarters: asked.period.quarters(),
        })?;
        for (question, levels) in counts {
            let n: u64 = levels.iter().sum();
            let three = instrument == THREE;
            let [_, two, highest, four, five] = levels;
            let satisfied = if three { two + highest } else { four + five };
            if n > 0 {
                let very = three.then_some(highest);
                cells.push(json!([instrument, question, n, satisfied, very]));
            }
        }
    }
    Ok(json!({
        "columns": ["instrument", "question", "n", "satisfied", "very_satisfied"],
        "cells": cells,
    }))
}

/// Objections that came in the period by kind, and what became of them, as of this day. About money and conduct of the
/// province alone: an agency must not learn that somebody spoke.
fn objections(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    asked: Asked<'_>,
) -> Result<Vec<Value>, StoreError> {
    const OF: [&str; 5] = [
        BY_OBJECTION,
        WITHOUT_TERM,
        ANSWERED,
        ANSWERED_WITHOUT_TERM,
        ANSWERED_IN_TIME,
    ];
    let cells: BTreeMap<[String; 2], Counts> =
        places::cells(reader, reference, place, asked.text, &OF)?;
    let mut waiting = BTreeMap::<&str, u64>::new();
    for (agency, kind, n) in reader.objections_within_term(asked.period.span(), asked.now.date())? {
        if places::within(reference, place, &agency) {
            *waiting.entry(kind.name()).or_default() += n;
        }
    }
    let mut rows = Vec::new();
    for kind in ObjectionKind::ALL {
        if kind.is_confidential() && *place != Place::Province {
            continue;
        }
        let n = |split: &str| {
            let cell = cells.get(&[split.to_owned(), kind.name().to_owned()]);
            cell.map_or(0, |counts| counts.count(Measure::Objections))
        };
        let [received, without_term, answered, both, in_time] = OF.map(n);
        let within_term = waiting.get(kind.name()).copied().unwrap_or(0);
        let overdue = (received + both).saturating_sub(without_term + within_term + answered);
        if received > 0 {
            rows.push(json!({
                "kind": kind.name(),
                "received": received,
                "without_term": without_term,
                "within_term": within_term,
                "answered": answered,
                "answered_without_term": both,
                "answered_in_time": in_time,
                "overdue": overdue,
            }));
        }
    }
    Ok(rows)
}
