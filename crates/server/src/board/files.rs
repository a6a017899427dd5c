//! What the board shows, as files to take away.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_domain::words::Lang;

use super::frame::failed;
use super::view::{Asked, View};
use crate::addresses::{BOARD_ADDRESS, OPEN_DATA_ADDRESS};
use crate::error::AppError;
use crate::report::{Form, Separator, Table, register, workbook};
use crate::state::AppState;

/// The files there are; their addresses end in these names.
const FILES: [(&str, Form); 4] = [
    ("so-xin-loi.csv", Form::Csv(Separator::Comma)),
    (SEMICOLON, Form::Csv(Separator::Semicolon)),
    ("so-xin-loi.xlsx", Form::Xlsx),
    (WORKBOOK, Form::Xlsx),
];

/// What Excel opens in columns where Vietnamese settings make the decimal sign a comma.
pub(super) const SEMICOLON: &str = "so-xin-loi-cham-phay.csv";

/// The figures of the whole province; of no agency alone.
pub(super) const WORKBOOK: &str = "so-lieu.xlsx";

/// The address of a file about the same period and place as this page.
pub(super) fn link(view: &View, file: &str) -> String {
    let page = format!("/tai-ve/{file}");
    view.link(&page, &view.period_text, view.agency.as_deref(), Lang::Vi)
}

/// The address of the workbook of this period.
pub(super) fn workbook(view: &View) -> String {
    format!(
        "{BOARD_ADDRESS}/tai-ve/{WORKBOOK}?period={}",
        view.period_text
    )
}

/// The address of the open data of this period and place.
pub(super) fn open_data(view: &View) -> String {
    let of = match view.place() {
        Place::Province => String::new(),
        Place::Level(level) => format!("&level={level}"),
        Place::Agency(agency) => format!("&agency={agency}"),
    };
    format!(
        "{OPEN_DATA_ADDRESS}/figures?period={}{of}",
        view.period_text
    )
}

/// A file.
pub async fn file(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    match make(&state, &name, asked).await {
        Ok(answer) => answer,
        Err(error) => failed(&error),
    }
}

async fn make(
    state: &AppState,
    name: &str,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, AppError> {
    let (_, form) = FILES
        .into_iter()
        .find(|(file, _)| *file == name)
        .ok_or(AppError::NotFound)?;
    let view = View::of(asked, state)?;
    let bytes = if name == WORKBOOK {
        figures(state, &view).await?
    } else {
        letters(state, &view, form).await?
    };
    let level = view.level.map(|level| level.name());
    let place = view.agency.as_deref().or(level).unwrap_or("");
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let disposition = format!(
        "attachment; filename=\"{stem}-{}{}{place}.{ending}\"",
        view.period_text,
        if place.is_empty() { "" } else { "-" },
    );
    let headers = [
        (header::CONTENT_TYPE, form.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}

async fn letters(state: &AppState, view: &View, form: Form) -> Result<Vec<u8>, AppError> {
    let (period, place, of_place) = (view.period, view.place(), state.reference.clone());
    let entries = state
        .store
        .read(move |store| register::read(store, &of_place, &place, period).map_err(AppError::from))
        .await?;
    let reference = &state.reference;
    let table = register::table(&entries, reference, &view.period_text, period, state.now());
    form.write(table)
        .map_err(|_| AppError::Internal("register"))
}

async fn figures(state: &AppState, view: &View) -> Result<Vec<u8>, AppError> {
    let (period, asked, reference) = (
        view.period,
        view.period_text.clone(),
        state.reference.clone(),
    );
    let today = state.now().date();
    let content = state
        .store
        .read(move |store| {
            workbook::read(store, &reference, &asked, period, today).map_err(AppError::from)
        })
        .await?;
    let (reference, now) = (&state.reference, state.now());
    let tables = workbook::tables(&content, reference, &view.period_text, period, now);
    let sheets: Vec<Table> = tables.into_iter().map(|(_, table)| table).collect();
    Table::xlsx(&sheets).map_err(|_| AppError::Internal("workbook"))
}
