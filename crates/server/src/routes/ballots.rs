//! `POST /ballots`, and the keys that answer there.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dung_hen_domain::wire::{BallotAnswer, BallotRequest};

use crate::error::AppError;
use crate::json::Json;
use crate::service::asker::Asker;
use crate::service::ballot;
use crate::state::AppState;

pub(super) async fn ballots(
    State(state): State<AppState>,
    asker: Asker,
    Json(request): Json<BallotRequest>,
) -> Result<axum::Json<BallotAnswer>, AppError> {
    ballot::give(&state, &asker, &request).await.map(axum::Json)
}

/// The same for everyone, so a shared cache may keep it.
pub(super) async fn keys(State(state): State<AppState>) -> Result<impl IntoResponse, AppError> {
    let keys = ballot::published(&state.keys)?;
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=3600")],
        axum::Json(keys),
    ))
}
