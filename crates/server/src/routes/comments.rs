//! `GET /comments`: what citizens wrote, in batches, for the agency.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::connector::key_shown;
use crate::error::AppError;
use crate::state::AppState;

/// Batches of one answer.
const LIMIT: u32 = 20;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Agency code; empty for comments whose label knew none.
    #[serde(default)]
    agency: String,
    /// The last batch that the asker has read.
    #[serde(default)]
    after: u32,
}

pub(super) async fn comments(
    State(state): State<AppState>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    key_shown(&state, &headers).await?;
    let Query(asked) = asked.map_err(|_| AppError::BadRequestBody("after".to_owned()))?;
    let batches = state
        .store
        .read(move |store| {
            store
                .comments(&asked.agency, asked.after, LIMIT)
                .map_err(AppError::from)
        })
        .await?;
    let batches: Vec<Value> = batches
        .into_iter()
        .map(|batch| {
            let comments: Vec<Value> = batch
                .comments
                .into_iter()
                .map(|(language, text)| json!({ "language": language, "text": text }))
                .collect();
            json!({ "batch": batch.batch, "comments": comments })
        })
        .collect();
    Ok(axum::Json(json!({ "batches": batches })))
}
