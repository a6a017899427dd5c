//! `POST /ratings` and the counters.

use axum::extract::State;
use axum::http::StatusCode;
use dung_hen_domain::wire::{RatingReceipt, RatingRequest};
use serde_json::{Value, json};

use crate::error::AppError;
use crate::json::Json;
use crate::service::rating;
use crate::state::AppState;

pub(super) async fn ratings(
    State(state): State<AppState>,
    request: Result<Json<RatingRequest>, AppError>,
) -> Result<(StatusCode, axum::Json<RatingReceipt>), AppError> {
    let receipt = match request {
        Ok(Json(request)) => rating::store(&state, &request).await?,
        Err(error) => {
            rating::refused(&state).await?;
            return Err(error);
        }
    };
    let status = if receipt.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, axum::Json(receipt)))
}

pub(super) async fn counters(State(state): State<AppState>) -> Result<axum::Json<Value>, AppError> {
    let counters = state
        .store
        .read(|store| store.counters().map_err(AppError::from))
        .await?;
    let received = counters.stored + counters.repeated + counters.refused;
    Ok(axum::Json(json!({
        "received": received,
        "stored": counters.stored,
        "repeated": counters.repeated,
        "refused": counters.refused,
    })))
}
