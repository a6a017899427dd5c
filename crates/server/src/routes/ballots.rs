//! `POST /ballots`, and the keys that answer there.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dung_hen_domain::wire::{BallotAnswer, BallotRequest};

use crate::error::AppError;
use crate::issuers;
use crate::json::Json;
use crate::service::asker::Asker;
use crate::service::ballot::{self, Way};
use crate::service::integrity;
use crate::state::AppState;

pub(super) async fn ballots(
    State(state): State<AppState>,
    asker: Result<Asker, AppError>,
    request: Result<Json<BallotRequest>, AppError>,
) -> Result<axum::Json<BallotAnswer>, AppError> {
    let asked = asker.and_then(|asker| Ok((asker, request?)));
    let (asker, Json(request)) = match asked {
        Ok(asked) => asked,
        Err(error) => {
            integrity::refused(&state, "", &error).await;
            return Err(error);
        }
    };
    let given = ballot::give(&state, &asker, &request, Way::Api).await?;
    Ok(axum::Json(given))
}

/// The same for everyone, so a shared cache may keep it.
pub(super) async fn keys(State(state): State<AppState>) -> Result<impl IntoResponse, AppError> {
    let keys = issuers::published(&state.keys)?;
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=3600")],
        axum::Json(keys),
    ))
}
