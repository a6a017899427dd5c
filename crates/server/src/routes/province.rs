//! What anyone may know: health, the province, the API's description, the sample cases.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dung_hen_domain::civil::rfc3339;
use serde_json::{Value, json};

use crate::error::AppError;
use crate::state::AppState;
use crate::view;

const OPENAPI: &str = include_str!("../../openapi.json");
const SAMPLES: &str = include_str!("../../../../data/sample/situations.json");

pub(super) async fn health(State(state): State<AppState>) -> Result<axum::Json<Value>, AppError> {
    // Ready means: not about to stop, and the store answers.
    if state.http.is_draining() {
        return Err(AppError::NotReady);
    }
    state
        .store
        .read(|store| store.is_there().map_err(AppError::from))
        .await
        .map_err(|_| AppError::NotReady)?;
    Ok(axum::Json(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "as_of": rfc3339(state.now()),
        "clock_holds": state.clock_holds(),
    })))
}

/// The process runs; says nothing of the store.
pub(super) async fn live() -> axum::Json<Value> {
    axum::Json(json!({ "status": "ok" }))
}

pub(super) async fn province(State(state): State<AppState>) -> axum::Json<Value> {
    let province = &state.reference.province;
    axum::Json(json!({
        "name": province.name,
        "as_of": rfc3339(state.now()),
        "demo": state.demo,
        "hotline": province.hotline,
        "national_portal": province.national_portal,
        "outage": view::outage(&state.reference, state.now()),
        "calendar_version": state.reference.calendar.version(),
    }))
}

pub(super) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}

/// The sample cases with their proofs: in the demonstration only, where the cases are invented.
pub(super) async fn samples(State(state): State<AppState>) -> Result<impl IntoResponse, AppError> {
    if !state.demo {
        return Err(AppError::NotFound);
    }
    Ok(([(header::CONTENT_TYPE, "application/json")], SAMPLES))
}
