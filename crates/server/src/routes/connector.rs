//! The connector's address: envelopes as they come, item by item; a body at once, or a stream without an end in sight.

use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::bearer;
use crate::connector::Intake;
use crate::connector::file::{self, Entry, Item};
use crate::connector::intake::{Fate, ImportOutcome, store_each};
use crate::connector::stream;
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

type Asked = Result<Query<Sender>, QueryRejection>;

fn read(asked: Asked) -> Result<Sender, AppError> {
    let unread = |_| AppError::BadRequestBody("MaDinhDanhDV".to_owned());
    asked.map(|Query(sender)| sender).map_err(unread)
}

/// The name of the connector's key that has been shown.
pub(super) async fn key_shown(state: &AppState, headers: &HeaderMap) -> Result<String, AppError> {
    let shown = bearer(headers).unwrap_or_default();
    let of_the_environment = state
        .connector_key
        .as_deref()
        .is_some_and(|key| equal(key.as_bytes(), shown.as_bytes()));
    if of_the_environment {
        return Ok("environment".to_owned());
    }
    Ok(apikey::opened(state, shown, Scope::Connector).await?.name)
}

fn intake(state: &AppState, sender: String) -> Intake {
    let now = state.now();
    Intake {
        sender,
        keys: state.keys.clone(),
        now,
        came_at: now,
        counting: Counting::new(&state.reference, now),
    }
}

pub(super) async fn connector(
    State(state): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let sender = key_shown(&state, &headers).await?;
    let asked = read(asked)?;
    let body = body?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| AppError::EnvelopesUnread("not UTF-8".to_owned()))?;
    let mut entries =
        file::read_each(text).map_err(|error| AppError::EnvelopesUnread(error.to_string()))?;
    stream::name_agency(&mut entries, asked.agency.as_deref());
    let told: Vec<Value> = entries.iter().map(of_entry).collect();
    let fates = store_each(&state.store, entries, &intake(&state, sender), None).await?;
    let mut outcome = ImportOutcome::default();
    let mut results = told;
    for (index, fate) in fates.iter().enumerate() {
        outcome.count(*fate);
        if let Some(result) = results.get_mut(index) {
            result["item"] = json!(index);
            result["result"] = json!(match fate {
                Fate::Case | Fate::Step => "stored",
                Fate::Early => "early",
                Fate::Refused => "refused",
            });
        }
    }
    Ok(axum::Json(json!({
        // As the national portal says it: "0" is success.
        "error_code": if outcome.refused == 0 { "0" } else { "1" },
        "cases": outcome.cases,
        "steps": outcome.steps,
        "steps_without_case": outcome.early,
        "refused": outcome.refused,
        "results": results,
    })))
}

/// What is told of an item: its case, and what is wrong with it.
fn of_entry(entry: &Entry) -> Value {
    match entry {
        Entry::Item(Item::Case(_, item)) => json!({ "case_code": item.ma_ho_so.0.as_str() }),
        Entry::Item(Item::Progress(item)) => json!({ "case_code": item.ma_ho_so.0.as_str() }),
        Entry::Refused(refused) => json!({
            "case_code": refused.case_code,
            "line": refused.error.line,
            "field": refused.error.field,
            "message": refused.error.message,
        }),
    }
}

/// Envelopes, one a line, as many as there are; the answer tells line by line how far they are.
pub(super) async fn streamed(
    State(state): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, AppError> {
    let sender = key_shown(&state, &headers).await?;
    let asked = read(asked)?;
    let intake = intake(&state, sender);
    let pause = state.http.limits.body;
    let answer = stream::take(state.store.clone(), intake, asked.agency, body, pause);
    Response::builder()
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .header(header::CACHE_CONTROL, "no-store")
        .body(answer)
        .map_err(|_| AppError::Internal("answer"))
}
