//! `POST /ballots`.

use axum::extract::State;
use dung_hen_domain::wire::{Ballot, BallotRequest};

use crate::error::AppError;
use crate::json::Json;
use crate::service::ballot;
use crate::state::AppState;

pub(super) async fn ballots(
    State(state): State<AppState>,
    Json(request): Json<BallotRequest>,
) -> Result<axum::Json<Ballot>, AppError> {
    ballot::give(&state, &request).await.map(axum::Json)
}
