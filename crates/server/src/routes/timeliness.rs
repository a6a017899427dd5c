//! On time, late, apologies and objections, read out of the cells that are kept with each write: the cost of a question
//! follows agencies and months, never cases.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_domain::wire::ObjectionKind;
use serde_json::{Map, Value, json};

use super::metrics::{Aims, Asked, definition};
use crate::config::TargetFigure;
use crate::error::AppError;
use crate::figures::places::Results;
use crate::figures::{
    BY_CHANNEL, BY_FIELD, BY_OBJECTION, BY_OUTCOME, BY_PROCEDURE, WHOLE, places, watch,
};
use crate::reference::Reference;
use crate::state::AppState;
use crate::store::{Reader, StoreError};

/// What a question may be split by.
const BY: [&str; 6] = [
    "agency",
    "level",
    BY_FIELD,
    BY_PROCEDURE,
    BY_CHANNEL,
    BY_OUTCOME,
];

pub(super) async fn timeliness(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let by = asked.by.as_deref();
    if by.is_some_and(|by| !BY.contains(&by)) {
        return Err(AppError::SplitUnknown);
    }
    let aims = Aims::of(&state, &asked, period)?;
    let (from, to) = period.months();
    let (place, split) = (asked.place()?, asked.by.clone());
    let as_of = state.now();
    let today = as_of.date();
    let reference = Arc::clone(&state.reference);
    let (counts, rows, results, objections, until) = state
        .store
        .read(move |store| {
            let months = (from.as_str(), to.as_str());
            let rows = match split.as_deref() {
                Some(split) => rows(store, &reference, &place, split, months)?,
                None => BTreeMap::new(),
            };
            let results = match split.as_deref() {
                Some(BY_OUTCOME) => Some(places::results(store, &reference, &place, months)?),
                _ => None,
            };
            Ok::<_, AppError>((
                places::whole(store, &reference, &place, months)?,
                rows,
                results,
                places::totals(store, &reference, &place, BY_OBJECTION, months)?,
                watch::counted_until(store)?,
            ))
        })
        .await?;
    let mut kinds = Map::new();
    let part_of_province = asked.agency.is_some() || aims.only_level.is_some();
    let mut received = 0;
    for kind in ObjectionKind::ALL {
        // Money and conduct are counted for the whole province alone: an agency must not learn that somebody spoke.
        if part_of_province && kind.is_confidential() {
            kinds.insert(kind.name().to_owned(), Value::Null);
            continue;
        }
        let of_kind = objections.get(kind.name());
        let n = of_kind.map_or(0, |counts| counts.get(M::Objections));
        received += n;
        kinds.insert(kind.name().to_owned(), json!(n));
    }
    let mut answer = json!({
        "period": asked.period,
        "agency": asked.agency,
        "as_of": rfc3339(as_of),
        "counted_until": until.map(iso_date),
        "method": "on-time-2",
        "targets": aims.json(&[
            TargetFigure::OnTime,
            TargetFigure::Online,
            TargetFigure::Cashless,
            TargetFigure::ElectronicResults,
        ]),
        "definitions": {
            "on_time_share": definition("on-time"),
            "on_time_by_last_date_share": definition("last-date"),
            "days": definition("days-late"),
            "apologies": definition("apology"),
            "objections": definition("objections"),
            "online_share": definition("online"),
            "cashless_share": definition("cashless"),
            "by_outcome": definition("outcome"),
            "results_on_time": definition("outcome-on-time"),
            "electronic_result_share": definition("electronic-results"),
            "target": definition("target"),
            "period": definition("period"),
        },
    });
    let fields = figures(&counts, (&aims, None), today);
    if let (Value::Object(answer), Value::Object(fields)) = (&mut answer, fields) {
        answer.extend(fields);
        answer.insert(
            "objections".to_owned(),
            json!({ "received": received, "kinds": kinds }),
        );
        if let Some(by) = by {
            let rows: Vec<Value> = rows
                .iter()
                .map(|(value, counts)| {
                    let level = aims.level_of_row(by, Some(value));
                    let mut row = figures(counts, (&aims, level), today);
                    if let Value::Object(row) = &mut row {
                        row.insert("value".to_owned(), json!(value));
                    }
                    row
                })
                .collect();
            answer.insert("by".to_owned(), json!(by));
            answer.insert("rows".to_owned(), json!(rows));
            if let Some(results) = results {
                answer.insert("results".to_owned(), json!(results.sums()));
                let target = aims.percent(TargetFigure::OnTime, None);
                let on_time = results_on_time(&results, target);
                answer.insert("results_on_time".to_owned(), on_time);
            }
        }
    }
    Ok(axum::Json(answer))
}

/// One row for each value.
fn rows(
    store: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    by: &str,
    months: (&str, &str),
) -> Result<BTreeMap<String, Counts>, StoreError> {
    if by == BY_OUTCOME {
        return places::by_outcome(store, reference, place, months);
    }
    if !matches!(by, "agency" | "level") {
        let mut rows = places::totals(store, reference, place, by, months)?;
        // A value that no case has any longer.
        rows.retain(|_, counts| !counts.is_zero());
        return Ok(rows);
    }
    let agency = match place {
        Place::Agency(agency) => Some(agency.as_str()),
        _ => None,
    };
    let mut rows = BTreeMap::<String, Counts>::new();
    for row in store.figure_sums(agency, WHOLE, months)? {
        if places::within(reference, place, &row.agency) {
            let value = match by {
                "level" => reference.level_of(&row.agency).name().to_owned(),
                _ => row.agency,
            };
            rows.entry(value).or_default().add(&row.counts, 1);
        }
    }
    Ok(rows)
}

fn share(part: u64, n: u64) -> Value {
    let share = Share { part, n };
    json!({ "part": part, "n": n, "percent": share.percent().map(rounded) })
}

/// On time of the results that grant and of those that refuse, as far as it follows from what was told.
fn results_on_time(results: &Results, target: Option<f64>) -> Value {
    let rows = results.on_time().into_iter().map(|(row, on_time)| {
        let value = json!({
            "agency_months": on_time.agency_months,
            "at_least": share(on_time.least.part, on_time.least.n),
            "at_most": share(on_time.most.part, on_time.most.n),
            "target": target,
            "verdict": target.map(|target| on_time.verdict(target).name()),
        });
        (row.name().to_owned(), value)
    });
    Value::Object(rows.collect())
}

/// The figures of one cell, beside the targets of its level where that is not the question's.
fn figures(
    counts: &Counts,
    (aims, level): (&Aims, Option<Level>),
    as_of: chrono::NaiveDate,
) -> Value {
    let n = |measure| counts.count(measure);
    let beside = |figure, part, n| {
        let target = aims.percent(figure, level);
        let mut value = share(part, n);
        if let Value::Object(value) = &mut value {
            let share = Share { part, n };
            value.insert("target".to_owned(), json!(target));
            let standing = target.map(|target| share.standing(target).name());
            value.insert("standing".to_owned(), json!(standing));
        }
        value
    };
    let finished = n(M::Early) + n(M::OnTime) + n(M::Late);
    let in_time = n(M::Early) + n(M::OnTime);
    let mut on_time = beside(TargetFigure::OnTime, in_time, finished);
    if let Value::Object(on_time) = &mut on_time {
        let share = Share {
            part: in_time,
            n: finished,
        };
        let target = aims.percent(TargetFigure::OnTime, level);
        let verdict = target.map(|target| share.verdict_full_count(target).name());
        on_time.insert("verdict".to_owned(), json!(verdict));
    }
    json!({
        "received": n(M::Received),
        "early": n(M::Early),
        "on_time": n(M::OnTime),
        "late": n(M::Late),
        "open_within_time": n(M::OpenWithinTime),
        "open_overdue": n(M::OpenOverdue),
        "open_paused": n(M::OpenPaused),
        "unknown": n(M::Unknown),
        "not_counted": n(M::NotCounted),
        "days_late": n(M::DaysLate),
        "open_days_overdue": counts.days_overdue(as_of),
        "postponed": n(M::Postponed),
        "days_postponed": n(M::DaysPostponed),
        "apologies": {
            "owed": n(M::Owed),
            "issued_in_time": n(M::IssuedInTime),
            "issued_late": n(M::IssuedLate),
            "missing": n(M::Missing),
            "second_postponements": n(M::SecondPostponements),
        },
        "on_time_share": on_time,
        "on_time_by_last_date_share": share(n(M::OnTimeByLastDate), finished),
        "online_share": beside(TargetFigure::Online, n(M::Online), n(M::Received)),
        "cashless_share": beside(TargetFigure::Cashless, n(M::Cashless), n(M::Paid)),
        "electronic_result_share":
            beside(TargetFigure::ElectronicResults, n(M::ElectronicResults), n(M::Finished)),
    })
}
