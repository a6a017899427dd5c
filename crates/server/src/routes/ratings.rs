//! `POST /ratings` and the counters.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::integrity::OUTCOMES;
use dung_hen_domain::period::Period;
use dung_hen_domain::wire::{
    CorrectionRequest, RatingReceipt, RatingRequest, SheetReceipt, SheetRequest,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::AppError;
use crate::figures::integrity::{Numbers, number};
use crate::json::Json;
use crate::service::integrity;
use crate::service::{rating, sheet};
use crate::state::AppState;
use crate::waiting::month;

pub(super) async fn ratings(
    State(state): State<AppState>,
    request: Result<Json<RatingRequest>, AppError>,
) -> Result<(StatusCode, axum::Json<RatingReceipt>), AppError> {
    let receipt = rating::store(&state, asked(&state, request).await?).await?;
    Ok((status(receipt.repeated), axum::Json(receipt)))
}

pub(super) async fn corrections(
    State(state): State<AppState>,
    request: Result<Json<CorrectionRequest>, AppError>,
) -> Result<axum::Json<RatingReceipt>, AppError> {
    let receipt = rating::correct(&state, asked(&state, request).await?).await?;
    Ok(axum::Json(receipt))
}

pub(super) async fn sheets(
    State(state): State<AppState>,
    request: Result<Json<SheetRequest>, AppError>,
) -> Result<(StatusCode, axum::Json<SheetReceipt>), AppError> {
    let receipt = sheet::store(&state, &asked(&state, request).await?).await?;
    Ok((status(receipt.repeated), axum::Json(receipt)))
}

/// What was sent; one that cannot be read is counted among the refused.
async fn asked<T>(state: &AppState, request: Result<Json<T>, AppError>) -> Result<T, AppError> {
    match request {
        Ok(Json(request)) => Ok(request),
        Err(error) => {
            integrity::refused(state, "", &error).await;
            Err(error)
        }
    }
}

const fn status(repeated: bool) -> StatusCode {
    if repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Of which the days and agencies are listed; without it neither is.
    #[serde(default)]
    period: Option<String>,
}

/// The outcomes of some numbers, and what they add up to.
fn outcomes(numbers: &Numbers) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut received = 0;
    for kind in OUTCOMES {
        received += number(numbers, kind);
        shown.insert(kind.name().to_owned(), number(numbers, kind).into());
    }
    shown.insert("received".to_owned(), received.into());
    shown
}

pub(super) async fn counters(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let listed = asked.period.is_some();
    let text = asked.period.unwrap_or(month(state.now().date()));
    let period = Period::parse(&text).ok_or(AppError::PeriodInvalid)?;
    let found = integrity::counters(&state, period).await?;
    let mut answer = outcomes(&found.all);
    if !listed {
        return Ok(axum::Json(answer.into()));
    }
    let mut sum = Numbers::new();
    let mut days = Vec::new();
    for (day, numbers) in &found.days {
        for (kind, n) in numbers {
            *sum.entry(*kind).or_default() += n;
        }
        let mut row = outcomes(numbers);
        row.insert("day".to_owned(), day.as_str().into());
        days.push(row);
    }
    let mut elsewhere = sum.clone();
    let mut agencies = Vec::new();
    for ((month, agency), numbers) in &found.agencies {
        for (kind, n) in numbers {
            let left = elsewhere.entry(*kind).or_default();
            *left = left.saturating_sub(*n);
        }
        let mut row = outcomes(numbers);
        row.insert("agency".to_owned(), agency.as_str().into());
        row.insert("month".to_owned(), month.as_str().into());
        agencies.push(row);
    }
    answer.extend([
        ("period".to_owned(), json!(text)),
        ("days".to_owned(), json!(days)),
        ("sum".to_owned(), json!(outcomes(&sum))),
        ("agencies".to_owned(), json!(agencies)),
        ("elsewhere".to_owned(), json!(outcomes(&elsewhere))),
    ]);
    Ok(axum::Json(answer.into()))
}
