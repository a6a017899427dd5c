//! The public board: figures of a province and of each agency as pages that need no script. Every chart is drawn on the
//! server as SVG without a word in it; the words and numbers stand in the table that holds it.

mod files;
mod formulas;
mod frame;
mod history;
mod integrity;
mod levels;
mod numbers;
mod outcomes;
mod page;
mod register;
mod rows;
mod satisfaction;
mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use self::frame::answer;
use self::view::{Asked, View};
use crate::error::AppError;
use crate::report::register as marks;
use crate::state::AppState;

pub use files::file;
pub use history::history;

const STYLE: &str = include_str!("board.css");

/// The board.
pub async fn board(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let outcome = async {
        let view = View::of(asked, &state)?;
        let numbers = numbers::read(&state, &view).await?;
        Ok(page::board(&state, &view, &numbers))
    };
    answer(outcome.await)
}

/// The public register of apologies.
pub async fn apologies(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let outcome = async {
        let after = asked.as_ref().map_or("", |asked| &asked.after);
        let after = marks::mark(after).ok_or(AppError::NotFound)?;
        let view = View::of(asked, &state)?;
        register::page(&state, &view, after).await
    };
    answer(outcome.await)
}

/// The style of the board.
pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}
