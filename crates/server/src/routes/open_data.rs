//! The published figures as open data: an index of a period, a part for each place, and the letters of apology by pages.
//! A tag on each: who has the same bytes already gets none.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::satisfaction::tables::Place;
use serde::Deserialize;
use serde_json::{Value, json};

use super::metrics::Asked;
use crate::addresses::OPEN_DATA_ADDRESS;
use crate::error::AppError;
use crate::report::{open_data, register};
use crate::state::AppState;
use crate::store::RegisterMark;

/// Letters on a page of them.
const LETTERS: u32 = 100;

type Asking = Result<Query<Asked>, QueryRejection>;

fn file(name: &str) -> [(header::HeaderName, String); 1] {
    let disposition = format!("attachment; filename=\"dung-hen-{name}.json\"");
    [(header::CONTENT_DISPOSITION, disposition)]
}

/// What there is of a period.
pub(super) async fn index(
    State(state): State<AppState>,
    asked: Asking,
) -> Result<impl IntoResponse, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let (reference, now) = (Arc::clone(&state.reference), state.now());
    let text = asked.period.clone();
    let data = state
        .store
        .read(move |reader| {
            let text = &*text;
            let asked = open_data::Asked { text, period, now };
            open_data::index(reader, &reference, asked).map_err(AppError::from)
        })
        .await?;
    Ok((file(&asked.period), axum::Json(data)))
}

/// Everything published of a place.
pub(super) async fn part(
    State(state): State<AppState>,
    asked: Asking,
) -> Result<impl IntoResponse, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    // Cases may name no agency; what is counted of them is a part like any other.
    let nobody = asked.agency.take_if(|agency| agency == open_data::NOBODY);
    let period = asked.check(&state).await?;
    let place = if nobody.is_some() {
        let own = state.reference.level_of("");
        if asked.level()?.is_some_and(|level| level != own) {
            return Err(AppError::LevelUnknown);
        }
        Place::Agency(String::new())
    } else {
        asked.place()?
    };
    let (reference, now) = (Arc::clone(&state.reference), state.now());
    let (text, of) = (asked.period.clone(), place.clone());
    let data = state
        .store
        .read(move |reader| {
            let text = &*text;
            let asked = open_data::Asked { text, period, now };
            open_data::part(reader, &reference, &of, asked).map_err(AppError::from)
        })
        .await?;
    let name = match place {
        Place::Province => asked.period,
        Place::Level(name) | Place::Agency(name) => format!("{}-{name}", asked.period),
    };
    Ok((file(&name), axum::Json(data)))
}

/// A page of letters.
#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(flatten)]
    asked: Asked,
    /// Where the page before ended.
    #[serde(default)]
    after: String,
}

/// Letters of apology that were issued in the period, the newest first.
pub(super) async fn letters(
    State(state): State<AppState>,
    asked: Result<Query<Page>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(Page { mut asked, after }) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let place = asked.place()?;
    let after = register::mark(&after).ok_or(AppError::NotFound)?;
    let (reference, before) = (Arc::clone(&state.reference), after.clone());
    let of = place.clone();
    let mut entries = state
        .store
        .read(move |reader| {
            register::page(
                reader,
                &reference,
                &of,
                period,
                before.as_ref(),
                LETTERS + 1,
            )
            .map_err(AppError::from)
        })
        .await?;
    let more = entries.len() > LETTERS as usize;
    entries.truncate(LETTERS as usize);
    let next = RegisterMark::after(&entries, after.as_ref()).filter(|_| more);
    let next = next.map(|mark| {
        let of = open_data::named(&place);
        let (period, mark) = (&asked.period, register::text(&mark));
        format!("{OPEN_DATA_ADDRESS}/letters?period={period}{of}&after={mark}")
    });
    Ok(axum::Json(json!({
        "format": open_data::FORMAT,
        "period": asked.period,
        "place": place.key(),
        "as_of": iso_date(state.now().date()),
        "letters": register::letters(&entries),
        "next": next,
    })))
}
