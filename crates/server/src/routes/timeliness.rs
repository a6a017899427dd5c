//! On time, late, apologies and objections, read out of the cells that are kept with each write: the cost of a question
//! follows agencies and months, never cases.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::wire::ObjectionKind;
use serde_json::{Map, Value, json};

use super::metrics::{Aims, Asked, definition};
use crate::config::TargetFigure;
use crate::error::AppError;
use crate::figures::{BY_CHANNEL, BY_FIELD, BY_OBJECTION, BY_OUTCOME, BY_PROCEDURE, WHOLE, watch};
use crate::state::AppState;
use crate::store::CellSum;

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
    let agency = asked.agency.clone();
    let split = by.map(|by| match by {
        "agency" | "level" => WHOLE.to_owned(),
        by => by.to_owned(),
    });
    let (whole, rows, objections, until) = state
        .store
        .read(move |store| {
            let months = (from.as_str(), to.as_str());
            let rows = match &split {
                Some(split) => store.figure_sums(agency.as_deref(), split, months)?,
                None => Vec::new(),
            };
            Ok::<_, AppError>((
                store.figure_sums(agency.as_deref(), WHOLE, months)?,
                rows,
                store.figure_sums(agency.as_deref(), BY_OBJECTION, months)?,
                watch::counted_until(store)?,
            ))
        })
        .await?;
    let of_level = |row: &&CellSum| aims.of_level(&row.agency);
    let mut counts = Counts::default();
    for row in whole.iter().filter(of_level) {
        counts.add(&row.counts, 1);
    }
    let mut kinds = Map::new();
    let part_of_province = asked.agency.is_some() || aims.only_level.is_some();
    let mut received = 0;
    for kind in ObjectionKind::ALL {
        // Money and conduct are counted for the whole province alone: an agency must not learn that somebody spoke.
        if part_of_province && kind.is_confidential() {
            kinds.insert(kind.name().to_owned(), Value::Null);
            continue;
        }
        let rows = objections.iter().filter(of_level);
        let n: i64 = rows
            .filter(|row| row.value == kind.name())
            .map(|row| row.counts.get(M::Objections))
            .sum();
        received += n;
        kinds.insert(kind.name().to_owned(), json!(n));
    }
    let as_of = state.now();
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
            "electronic_result_share": definition("electronic-results"),
            "target": definition("target"),
            "period": definition("period"),
        },
    });
    let fields = figures(&counts, (&aims, None), as_of.date());
    if let (Value::Object(answer), Value::Object(fields)) = (&mut answer, fields) {
        answer.extend(fields);
        answer.insert(
            "objections".to_owned(),
            json!({ "received": received, "kinds": kinds }),
        );
        if let Some(by) = by {
            let rows = split_rows(&rows, of_level, |row| match by {
                "agency" => row.agency.clone(),
                "level" => state.reference.level_of(&row.agency).name().to_owned(),
                _ => row.value.clone(),
            });
            let rows: Vec<Value> = rows
                .iter()
                .map(|(value, counts)| {
                    let level = aims.level_of_row(by, Some(value));
                    let mut row = figures(counts, (&aims, level), as_of.date());
                    if let Value::Object(row) = &mut row {
                        row.insert("value".to_owned(), json!(value));
                    }
                    row
                })
                .collect();
            answer.insert("by".to_owned(), json!(by));
            answer.insert("rows".to_owned(), json!(rows));
        }
    }
    Ok(axum::Json(answer))
}

/// One row for each value, over all agencies of the question.
fn split_rows(
    rows: &[CellSum],
    of_level: impl Fn(&&CellSum) -> bool,
    value: impl Fn(&CellSum) -> String,
) -> std::collections::BTreeMap<String, Counts> {
    let mut values = std::collections::BTreeMap::<String, Counts>::new();
    for row in rows.iter().filter(of_level) {
        values.entry(value(row)).or_default().add(&row.counts, 1);
    }
    values
}

fn share(part: u64, n: u64) -> Value {
    let share = Share { part, n };
    json!({ "part": part, "n": n, "percent": share.percent().map(rounded) })
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
