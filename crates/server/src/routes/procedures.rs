//! What a procedure promises, for whoever has not filed yet.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use chrono::{NaiveDateTime, NaiveTime};
use dung_hen_domain::case::{Channel, WireName as _};
use dung_hen_domain::civil::{parse_date, parse_moment};
use dung_hen_domain::wire::FiledView;
use serde::Deserialize;

use crate::error::AppError;
use crate::state::AppState;
use crate::view;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// A day, or a moment; missing: now.
    #[serde(default)]
    received: Option<String>,
    /// How it would be filed; missing: online.
    #[serde(default)]
    channel: Option<String>,
}

pub(super) async fn deadline(
    State(state): State<AppState>,
    code: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<FiledView>, AppError> {
    let bad = |field: &str| AppError::BadRequestBody(field.to_owned());
    let Path(code) = code.map_err(|_| bad("code"))?;
    let known = |c: char| c.is_ascii_alphanumeric() || c == '.';
    if code.len() > 40 || !code.chars().all(known) {
        return Err(bad("code"));
    }
    let Query(asked) = asked.map_err(|_| bad("received"))?;
    let now = state.now();
    let at = match asked.received.as_deref() {
        None => now,
        Some(text) => moment(text, now).ok_or_else(|| bad("received"))?,
    };
    let channel = match asked.channel.as_deref() {
        None => Channel::Online,
        Some(name) => Channel::from_name(name).ok_or_else(|| bad("channel"))?,
    };
    Ok(axum::Json(view::filed(
        &code,
        channel,
        at,
        &state.reference,
        now,
    )))
}

/// A moment, or a day: today at this hour, another day in the morning.
fn moment(text: &str, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let Some(day) = parse_date(text) else {
        return parse_moment(text);
    };
    if day == now.date() {
        return Some(now);
    }
    let morning = NaiveTime::from_hms_opt(8, 0, 0)?;
    Some(day.and_time(morning))
}
