//! What the server knows of the law: the working calendar, and the rule sets with how sure each value is.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::civil::parse_date;
use dung_hen_domain::rules::{RULE_SETS, for_reception};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::AppError;
use crate::state::AppState;
use crate::view::{calendar, rules};

#[derive(Deserialize)]
pub(super) struct OfYear {
    #[serde(default)]
    year: Option<i32>,
}

/// The calendar of one year, or of all.
pub(super) async fn calendar(
    State(state): State<AppState>,
    asked: Result<Query<OfYear>, QueryRejection>,
) -> Result<axum::Json<calendar::CalendarView>, AppError> {
    let Query(asked) = asked.map_err(|_| AppError::DateInvalid)?;
    if asked.year.is_some_and(|year| !(1..=9999).contains(&year)) {
        return Err(AppError::DateInvalid);
    }
    let as_of = state.now().date();
    Ok(axum::Json(calendar::view(
        &state.reference.calendar,
        as_of,
        asked.year,
    )))
}

#[derive(Deserialize)]
pub(super) struct OfReception {
    #[serde(default)]
    received: Option<String>,
}

/// The rule set of a day of reception, or all of them. Before the first set the list is empty.
pub(super) async fn rules(
    asked: Result<Query<OfReception>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(asked) = asked.map_err(|_| AppError::DateInvalid)?;
    let sets: Vec<rules::RuleSetView> = match asked.received.as_deref() {
        None => RULE_SETS.iter().map(rules::view).collect(),
        Some(text) => {
            let received = parse_date(text).ok_or(AppError::DateInvalid)?;
            for_reception(received)
                .map(rules::view)
                .into_iter()
                .collect()
        }
    };
    Ok(axum::Json(json!({ "sets": sets })))
}
