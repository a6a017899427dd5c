//! What a gateway says became of an event behind it: whether the message reached the applicant.

use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::bearer;
use crate::error::AppError;
use crate::json::Json;
use crate::service::apikey::{self, Scope};
use crate::state::AppState;
use crate::store::Delivery;

/// `{"event":"msg_…","outcome":"delivered"}`.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    event: String,
    outcome: String,
}

pub(super) async fn deliveries(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(report): Json<Report>,
) -> Result<axum::Json<Value>, AppError> {
    let shown = bearer(&headers).unwrap_or_default();
    // The key bears the name of the endpoint that it speaks for.
    let key = apikey::opened(&state, shown, Scope::Gateway).await?;
    let outcome = match report.outcome.as_str() {
        "delivered" => Delivery::Delivered,
        "failed" => Delivery::Failed,
        _ => return Err(AppError::BadRequestBody("outcome".to_owned())),
    };
    let now = state.now();
    let known = state
        .store
        .write(move |writer| {
            writer
                .report_delivery(&report.event, &key.name, outcome, now)
                .map_err(AppError::from)
        })
        .await?;
    if !known {
        return Err(AppError::NotFound);
    }
    Ok(axum::Json(json!({ "outcome": outcome.name() })))
}
