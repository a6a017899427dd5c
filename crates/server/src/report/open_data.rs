//! The published figures as open data: the counts they are made of, with everything that a person needs to make them
//! again without us: how they are counted, with which calendar, targets and thresholds.
//!
//! `tests/recompute.py` does so, and shares no code with this program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::figures::{METHOD, Measure};
use dung_hen_domain::indices::Z;
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::sheet::THREE;
use dung_hen_domain::satisfaction::tables::{Place, Question, STEP};
use dung_hen_domain::wire::ObjectionKind;
use serde_json::{Map, Value, json};

use super::beside::KINDS;
use super::register;
use crate::config::Target;
use crate::figures::satisfaction::last_step;
use crate::figures::{BY_OBJECTION, SPLITS, watch};
use crate::pages::DEFINITIONS_ADDRESS;
use crate::reference::Reference;
use crate::service::integrity;
use crate::store::{Reader, StoreError};

/// Changes when a reader of the old form would misread the new one.
pub const FORMAT: &str = "dung-hen-open-data-3";

/// Measures of cases; objections are listed by themselves.
fn measures() -> impl Iterator<Item = Measure> {
    Measure::ALL
        .iter()
        .copied()
        .filter(|measure| *measure != Measure::Objections)
}

/// Everything published about a period, of one moment.
///
/// # Errors
/// [`StoreError`].
pub fn read(
    reader: &mut Reader<'_>,
    reference: &Reference,
    asked: &str,
    period: Period,
    now: NaiveDateTime,
) -> Result<Value, StoreError> {
    let (from, to) = period.months();
    let (first, last) = period.span();
    let mut cells = Vec::new();
    let mut objections = Objections::default();
    let mut agencies: BTreeSet<String> = reference.agencies.keys().cloned().collect();
    reader.figure_cells_between((&from, &to), |[agency, month, split, value], counts| {
        if split == BY_OBJECTION {
            objections.add(agency, month, &value, counts.get(Measure::Objections));
            return;
        }
        if !SPLITS.contains(&split.as_str()) || measures().all(|one| counts.get(one) == 0) {
            return;
        }
        let counts: Vec<i64> = measures().map(|one| counts.get(one)).collect();
        agencies.insert(agency.clone());
        cells.push(json!([agency, month, split, value, counts]));
    })?;
    let letters = register::read(reader, reference, &Place::Province, period)?;
    let answered = answered_objections(reader, period, now)?;
    let sheets = sheets(reader, period)?;
    let until = watch::counted_until(reader)?;
    let satisfaction = satisfaction(reader, asked)?;
    let counted = integrity::Beside::read(reader, period, now.date())?;
    let mut beside = Vec::new();
    for place in places(reference, &agencies) {
        let numbers = counted.of(reference, &place);
        let counts: Map<String, Value> = KINDS
            .into_iter()
            .flatten()
            .map(|kind| {
                (
                    kind.name().to_owned(),
                    json!(integrity::number(&numbers, *kind)),
                )
            })
            .collect();
        if counts.values().any(|count| *count != 0) {
            beside.push(json!({ "place": place.key(), "counts": counts }));
        }
    }
    let agencies: Vec<Value> = agencies
        .iter()
        .map(|code| {
            json!({
                "code": code,
                "name": reference.agencies.get(code).map(|agency| agency.name.as_str()),
                "level": reference.level_of(code).name(),
            })
        })
        .collect();
    let measures: Vec<&str> = measures().map(|measure| measure.name()).collect();
    let province = &reference.province;
    let ended: Vec<Value> = province
        .successions
        .iter()
        .map(|unit| {
            json!({
                "code": unit.code,
                "ended": unit.ended,
                "successors": unit.successors,
                "source": unit.source,
            })
        })
        .collect();
    Ok(json!({
        "format": FORMAT,
        "official_index": false,
        "province": { "code": province.code, "name": province.name },
        "period": asked,
        "first": iso_date(first),
        "last": iso_date(last),
        "as_of": rfc3339(now),
        "counted_until": until.map(iso_date),
        "methods": { "cells": METHOD, "timeliness": "on-time-2", "satisfaction": "sipas-style-2" },
        "calendar": {
            "version": reference.calendar.version(),
            "computable_until": reference.calendar.readiness(now.date()).computable_until.map(iso_date),
        },
        "thresholds": {
            "targets": province.targets.on(last.min(now.date())).map(Target::json).collect::<Vec<_>>(),
            "satisfaction_step": { "answers": STEP, "days": 1 },
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
        "agencies": agencies,
        "units_that_ended": ended,
        "measures": measures,
        "cells": cells,
        "objections": objections.rows(),
        "letters_of_apology": register::letters(&letters),
        "satisfaction": satisfaction,
        "second_questionnaires": sheets,
        "objections_answered": answered,
        "integrity": beside,
    }))
}

/// Where every field is described.
pub const SCHEMA_ADDRESS: &str = "/api/v1/openapi.json#/paths/~1api~1v1~1open-data";

/// The province, its levels, its agencies.
fn places(reference: &Reference, agencies: &BTreeSet<String>) -> Vec<Place> {
    let agencies = agencies.iter().filter(|agency| !agency.is_empty());
    let levels: BTreeSet<&str> = agencies
        .clone()
        .map(|agency| reference.level_of(agency).name())
        .collect();
    let mut places = vec![Place::Province];
    places.extend(
        levels
            .into_iter()
            .map(|level| Place::Level(level.to_owned())),
    );
    places.extend(agencies.cloned().map(Place::Agency));
    places
}

/// The published step: of each cell and question how many answered, how many of them are satisfied and how many are not;
/// and of each criterion, how many of those who rated its factor named it.
fn satisfaction(reader: &mut Reader<'_>, period: &str) -> Result<Value, StoreError> {
    let (mut cells, mut named) = (Vec::new(), Vec::new());
    for (key, levels, changed_on) in reader.satisfaction_of_period(period)? {
        let n: u64 = levels.iter().sum();
        // What the step leaves out of a cell it leaves out altogether; no cell of fewer exists.
        let [one, two, _, four, five] = if n < STEP { [0; 5] } else { levels };
        let n = if n < STEP { 0 } else { n };
        let Some(criterion) = key.question.criterion() else {
            // How many disliked it is asked of whole places alone.
            let whole = key.split.is_empty() && key.question == Question::Overall;
            cells.push(json!([
                key.instrument,
                key.place,
                key.split,
                key.value,
                key.question.name(),
                n,
                four + five,
                whole.then_some(one + two),
                iso_date(changed_on),
            ]));
            continue;
        };
        // As the API names them: of whole places.
        if key.split.is_empty() && n > 0 {
            // Of a criterion the first two numbers are those who named it and those who did not.
            let row = json!([key.place, criterion.name(), one, n, iso_date(changed_on)]);
            named.push(row);
        }
    }
    Ok(json!({
        "step": last_step(reader)?.map(iso_date),
        "columns": [
            "instrument", "place", "split", "value", "question", "n", "satisfied", "dissatisfied", "changed_on",
        ],
        "cells": cells,
        "named_columns": ["place", "criterion", "named", "raters", "changed_on"],
        "named": named,
    }))
}

/// The sixteen criteria of those who were asked all of them, and the three levels: how many answered, how many of them
/// with one of the two upper levels, and with the highest.
fn sheets(reader: &mut Reader<'_>, period: Period) -> Result<Value, StoreError> {
    let rows = reader.sheets_of_period(&period.months(), &period.quarters())?;
    let cells: Vec<Value> = rows
        .into_iter()
        .map(|cell| {
            let n: u64 = cell.levels.iter().sum();
            let three = cell.instrument == THREE;
            let [_, two, highest, four, five] = cell.levels;
            let satisfied = if three { two + highest } else { four + five };
            json!([
                cell.instrument,
                cell.period,
                cell.agency,
                cell.level,
                cell.question,
                n,
                satisfied,
                three.then_some(highest),
            ])
        })
        .collect();
    Ok(json!({
        "columns": ["instrument", "period", "agency", "level", "question", "n", "satisfied", "very_satisfied"],
        "cells": cells,
    }))
}

/// Objections that came in the period, and how many of them were answered, in time, or are overdue, as of this day; about
/// money and conduct without the agency.
fn answered_objections(
    reader: &mut Reader<'_>,
    period: Period,
    now: NaiveDateTime,
) -> Result<Vec<Value>, StoreError> {
    let (first, last) = period.span();
    let after = last.succ_opt().unwrap_or(last);
    let mut rows = BTreeMap::<(Option<String>, &str), [u64; 4]>::new();
    for one in reader.objection_counts(first, after, now.date())? {
        let agency = (!one.kind.is_confidential()).then_some(one.agency);
        let row = rows.entry((agency, one.kind.name())).or_default();
        let counts = [
            one.received,
            one.answered,
            one.answered_in_time,
            one.overdue,
        ];
        for (sum, count) in row.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    Ok(rows
        .into_iter()
        .map(|((agency, kind), [received, answered, in_time, overdue])| {
            json!({
                "agency": agency,
                "kind": kind,
                "received": received,
                "answered": answered,
                "answered_in_time": in_time,
                "overdue": overdue,
            })
        })
        .collect())
}

/// Objections by agency, month and kind; about money and conduct by month alone, because an agency must not learn that
/// somebody spoke.
#[derive(Debug, Default)]
struct Objections(BTreeMap<(Option<String>, String, String), i64>);

impl Objections {
    fn add(&mut self, agency: String, month: String, kind: &str, n: i64) {
        let confidential =
            ObjectionKind::from_name(kind).is_none_or(ObjectionKind::is_confidential);
        let agency = (!confidential).then_some(agency);
        *self.0.entry((agency, month, kind.to_owned())).or_default() += n;
    }

    fn rows(&self) -> Vec<Value> {
        self.0
            .iter()
            .filter(|(_, n)| **n != 0)
            .map(|((agency, month, kind), n)| {
                let mut row = Map::new();
                row.insert("agency".to_owned(), json!(agency));
                row.insert("month".to_owned(), json!(month));
                row.insert("kind".to_owned(), json!(kind));
                row.insert("n".to_owned(), json!(n));
                Value::Object(row)
            })
            .collect()
    }
}
