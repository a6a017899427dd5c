//! `POST /objections`.

use axum::extract::State;
use axum::http::StatusCode;
use dung_hen_domain::wire::{ObjectionReceipt, ObjectionRequest};

use crate::error::AppError;
use crate::json::Json;
use crate::service::asker::Asker;
use crate::service::objection;
use crate::state::AppState;

pub(super) async fn objections(
    State(state): State<AppState>,
    asker: Asker,
    Json(request): Json<ObjectionRequest>,
) -> Result<(StatusCode, axum::Json<ObjectionReceipt>), AppError> {
    Ok((
        StatusCode::CREATED,
        axum::Json(objection::add(&state, &asker, &request).await?),
    ))
}
