//! For officers, each with a key of their own: cases due, letters, objections.

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use dung_hen_domain::wire::{
    AnswerRequest, DueList, DueRequest, LetterRecorded, LetterRequest, ObjectionList,
    ObjectionListRequest, ObjectionView,
};

use super::bearer;
use crate::error::AppError;
use crate::json::Json;
use crate::pages;
use crate::service::brief::{BriefRequest, Briefs};
use crate::service::officer::Officer;
use crate::service::report::ReportRequest;
use crate::service::{answer, brief, letter, officer, report};
use crate::state::AppState;

/// The officer whose key the request shows.
pub(super) struct Shown(Officer);

impl FromRequestParts<AppState> for Shown {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let key = bearer(&parts.headers).ok_or(AppError::OfficerKeyInvalid)?;
        officer::with_key(state, key).map(Self)
    }
}

pub(super) async fn cases(
    State(state): State<AppState>,
    Shown(officer): Shown,
    Json(request): Json<DueRequest>,
) -> Result<axum::Json<DueList>, AppError> {
    letter::due_list(&state, &officer, request)
        .await
        .map(axum::Json)
}

pub(super) async fn letters(
    State(state): State<AppState>,
    Shown(officer): Shown,
    Json(request): Json<LetterRequest>,
) -> Result<(StatusCode, axum::Json<LetterRecorded>), AppError> {
    let recorded = letter::record(&state, &officer, &request).await?;
    let status = if recorded.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, axum::Json(recorded)))
}

pub(super) async fn briefs(
    State(state): State<AppState>,
    Shown(officer): Shown,
    Json(request): Json<BriefRequest>,
) -> Result<axum::Json<Briefs>, AppError> {
    brief::of(&state, &officer, &request).await.map(axum::Json)
}

pub(super) async fn ii06a(
    State(state): State<AppState>,
    Shown(officer): Shown,
    Json(request): Json<ReportRequest>,
) -> Result<Response, AppError> {
    report::ii06a(&state, &officer, &request)
        .await
        .map(pages::officer::taken_away)
}

pub(super) async fn objections(
    State(state): State<AppState>,
    Shown(officer): Shown,
    Json(request): Json<ObjectionListRequest>,
) -> Result<axum::Json<ObjectionList>, AppError> {
    answer::list(&state, &officer, request.after)
        .await
        .map(axum::Json)
}

pub(super) async fn answers(
    State(state): State<AppState>,
    Shown(officer): Shown,
    Json(request): Json<AnswerRequest>,
) -> Result<(StatusCode, axum::Json<ObjectionView>), AppError> {
    let view = answer::answer(&state, &officer, &request).await?;
    Ok((StatusCode::CREATED, axum::Json(view)))
}
