//! `POST /ratings` and the counters.

use axum::extract::State;
use axum::http::StatusCode;
use dung_hen_domain::wire::{CorrectionRequest, RatingReceipt, RatingRequest};
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

pub(super) async fn corrections(
    State(state): State<AppState>,
    request: Result<Json<CorrectionRequest>, AppError>,
) -> Result<axum::Json<RatingReceipt>, AppError> {
    match request {
        Ok(Json(request)) => rating::correct(&state, &request).await.map(axum::Json),
        Err(error) => {
            rating::refused(&state).await?;
            Err(error)
        }
    }
}

pub(super) async fn counters(State(state): State<AppState>) -> Result<axum::Json<Value>, AppError> {
    // Held while the database is asked, so that nothing is counted twice on its way from one to the other.
    let room = state.waiting.enter().await.map_err(rating::disk)?;
    let waiting = room.ratings();
    let counters = state
        .store
        .read(|store| store.counters().map_err(AppError::from))
        .await?;
    // What waits for company is stored, too; it is counted there once it has entered the database.
    let stored = counters.stored + waiting as u64;
    let received = stored + counters.repeated + counters.corrected + counters.refused;
    Ok(axum::Json(json!({
        "received": received,
        "stored": stored,
        "corrected": counters.corrected,
        "repeated": counters.repeated,
        "refused": counters.refused,
    })))
}
