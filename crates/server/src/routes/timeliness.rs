//! On time, late, apologies and objections, read out of the cells that are kept with each write: the cost of a question
//! follows agencies and months, never cases.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::wire::ObjectionKind;
use serde_json::{Map, Value, json};

use super::metrics::{Asked, definition};
use crate::error::AppError;
use crate::figures::{BY_CHANNEL, BY_FIELD, BY_OBJECTION, BY_PROCEDURE, WHOLE, watch};
use crate::state::AppState;
use crate::store::CellSum;

/// What a question may be split by.
const BY: [&str; 4] = ["agency", BY_FIELD, BY_PROCEDURE, BY_CHANNEL];

pub(super) async fn timeliness(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let by = asked.by.as_deref().filter(|by| !by.is_empty());
    if by.is_some_and(|by| !BY.contains(&by)) {
        return Err(AppError::SplitUnknown);
    }
    let level = asked.level()?;
    let (from, to) = period.months();
    let agency = asked.agency.clone();
    let split = by.map(|by| if by == "agency" { WHOLE } else { by }.to_owned());
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
    let of_level =
        |row: &&CellSum| level.is_none_or(|level| state.reference.level_of(&row.agency) == level);
    let mut counts = Counts::default();
    for row in whole.iter().filter(of_level) {
        counts.add(&row.counts, 1);
    }
    let mut kinds = Map::new();
    let part_of_province = asked.agency.is_some() || level.is_some();
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
    let targets = &state.reference.province.targets;
    let as_of = state.now();
    let mut answer = json!({
        "period": asked.period,
        "agency": asked.agency,
        "as_of": rfc3339(as_of),
        "counted_until": until.map(iso_date),
        "method": "on-time-1",
        "definitions": {
            "on_time_share": definition("on-time"),
            "on_time_by_last_date_share": definition("last-date"),
            "days": definition("days-late"),
            "apologies": definition("apology"),
            "objections": definition("objections"),
            "online_share": definition("online"),
            "electronic_result_share": definition("electronic-results"),
            "target": definition("target"),
            "period": definition("period"),
        },
    });
    let fields = figures(&counts, targets.on_time_percent, as_of.date());
    if let (Value::Object(answer), Value::Object(fields)) = (&mut answer, fields) {
        answer.extend(fields);
        answer.insert(
            "objections".to_owned(),
            json!({ "received": received, "kinds": kinds }),
        );
        if let Some(by) = by {
            let rows = split_rows(&rows, by == "agency", of_level);
            let rows: Vec<Value> = rows
                .iter()
                .map(|(value, counts)| {
                    let mut row = figures(counts, targets.on_time_percent, as_of.date());
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
    by_agency: bool,
    of_level: impl Fn(&&CellSum) -> bool,
) -> std::collections::BTreeMap<String, Counts> {
    let mut values = std::collections::BTreeMap::<String, Counts>::new();
    for row in rows.iter().filter(of_level) {
        let value = if by_agency { &row.agency } else { &row.value };
        values.entry(value.clone()).or_default().add(&row.counts, 1);
    }
    values
}

fn share(part: u64, n: u64) -> Value {
    let share = Share { part, n };
    json!({ "part": part, "n": n, "percent": share.percent().map(rounded) })
}

/// The figures of one cell.
fn figures(counts: &Counts, target: f64, as_of: chrono::NaiveDate) -> Value {
    let n = |measure| counts.count(measure);
    let finished = n(M::Early) + n(M::OnTime) + n(M::Late);
    let on_time = Share {
        part: n(M::Early) + n(M::OnTime),
        n: finished,
    };
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
        "on_time_share": {
            "part": on_time.part,
            "n": on_time.n,
            "percent": on_time.percent().map(rounded),
            "target": target,
            "standing": on_time.standing(target).name(),
            "verdict": on_time.verdict_full_count(target).name(),
        },
        "on_time_by_last_date_share": share(n(M::OnTimeByLastDate), finished),
        "online_share": share(n(M::Online), n(M::Received)),
        "electronic_result_share": share(n(M::ElectronicResults), n(M::Finished)),
    })
}
