//! The published figures as open data, and the register of apologies as files.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use dung_hen_domain::period::Period;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::error::AppError;
use crate::report::open_data;
use crate::state::AppState;

/// The cells of a year are some megabytes: they are put together for one asker at a time.
static ONE: Semaphore = Semaphore::const_new(1);

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    period: String,
}

/// Everything published about a period.
pub(super) async fn open_data(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<impl IntoResponse, AppError> {
    let Query(asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = Period::parse(&asked.period).ok_or(AppError::PeriodInvalid)?;
    let name = format!("attachment; filename=\"dung-hen-{}.json\"", asked.period);
    let (reference, now) = (state.reference.clone(), state.now());
    let _turn = ONE
        .acquire()
        .await
        .map_err(|_| AppError::Internal("open data"))?;
    let data = state
        .store
        .read(move |reader| {
            open_data::read(reader, &reference, &asked.period, period, now).map_err(AppError::from)
        })
        .await?;
    Ok(([(header::CONTENT_DISPOSITION, name)], axum::Json(data)))
}
