//! The connector's address: envelopes as they come, each body stored whole or not at all.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::connector::file::{self, Item};
use crate::connector::intake::{ImportError, write_items};
use crate::error::AppError;
use crate::figures::Counting;
use crate::keys::equal;
use crate::service::apikey::{self, Scope};
use crate::state::AppState;

/// The sending agency, where it stands in the address and not in the envelope.
#[derive(Deserialize)]
pub(super) struct Sender {
    #[serde(rename = "MaDinhDanhDV", alias = "madonvi", default)]
    agency: Option<String>,
}

/// Whether the connector's key has been shown.
pub(super) async fn key_shown(state: &AppState, headers: &HeaderMap) -> Result<(), AppError> {
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let of_the_environment = state
        .connector_key
        .as_deref()
        .is_some_and(|key| equal(key.as_bytes(), shown.as_bytes()));
    if of_the_environment {
        return Ok(());
    }
    apikey::opened(state, shown, Scope::Connector).await?;
    Ok(())
}

pub(super) async fn connector(
    State(state): State<AppState>,
    Query(asked): Query<Sender>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<axum::Json<Value>, AppError> {
    key_shown(&state, &headers).await?;
    let body = body?;
    let text =
        std::str::from_utf8(&body).map_err(|_| AppError::BadRequestBody("UTF-8".to_owned()))?;
    let mut items =
        file::read(text).map_err(|error| AppError::BadRequestBody(error.to_string()))?;
    for item in &mut items {
        if let Item::Case(agency @ None, _) = item {
            agency.clone_from(&asked.agency);
        }
    }
    let (keys, now) = (state.keys.clone(), state.now());
    let counting = Counting::new(&state.reference, now);
    let outcome = state
        .store
        .write(move |writer| {
            write_items(writer, &items, &keys, now, &counting).map_err(AppError::from)
        })
        .await?;
    Ok(axum::Json(
        json!({ "error_code": "0", "cases": outcome.cases, "steps": outcome.steps, "steps_without_case": outcome.orphans }),
    ))
}

impl From<ImportError> for AppError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::File(error) => Self::BadRequestBody(error.to_string()),
            ImportError::Store(error) => error.into(),
            _ => Self::Internal("import"),
        }
    }
}
