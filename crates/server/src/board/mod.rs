//! The public board: figures of a province and of each agency as pages that need no script. Every chart is drawn on the
//! server as SVG without a word in it; the words and numbers stand in the table that holds it.

pub(crate) mod chart;
mod files;
mod history;
pub(crate) mod integrity;
mod levels;
mod numbers;
pub(crate) mod page;
mod register;
mod rows;
mod satisfaction;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_domain::words::Lang;
use maud::Markup;
use serde::Deserialize;

use crate::config::{Target, TargetFigure};
use crate::error::AppError;
use crate::report::register as marks;
use crate::state::AppState;

pub use files::file;
pub use history::history;

const STYLE: &str = include_str!("board.css");

/// Address of the board.
pub const ADDRESS: &str = "/board";

/// What the address asks for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    agency: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    lang: String,
    /// Where the page before ended, of pages that have several.
    #[serde(default)]
    after: String,
}

/// A page of the board: what it is about.
#[derive(Clone, Debug)]
struct View {
    lang: Lang,
    period: Period,
    /// As in the address.
    period_text: String,
    /// Agency code; the whole province without one.
    agency: Option<String>,
    /// The agencies of a level alone.
    level: Option<Level>,
}

impl View {
    /// The whole province, neither a level nor an agency of it.
    const fn is_province(&self) -> bool {
        self.agency.is_none() && self.level.is_none()
    }

    /// Whom the page is about.
    fn place(&self) -> Place {
        match (&self.agency, self.level) {
            (Some(agency), _) => Place::Agency(agency.clone()),
            (None, Some(level)) => Place::Level(level.name().to_owned()),
            (None, None) => Place::Province,
        }
    }

    /// Without a period: the quarter of today.
    fn of(asked: Result<Query<Asked>, QueryRejection>, state: &AppState) -> Result<Self, AppError> {
        let Query(asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
        let today = state.now().date();
        let period_text = if asked.period.is_empty() {
            numbers::quarter_of(today)
        } else {
            asked.period
        };
        let period = Period::parse(&period_text).ok_or(AppError::PeriodInvalid)?;
        let agency = Some(asked.agency).filter(|agency| !agency.is_empty());
        if agency
            .as_ref()
            .is_some_and(|agency| !state.reference.agencies.contains_key(agency))
        {
            return Err(AppError::AgencyUnknown);
        }
        let level = match asked.level.as_str() {
            "" => None,
            name => Some(Level::from_name(name).ok_or(AppError::LevelUnknown)?),
        };
        Ok(Self {
            level: level.filter(|_| agency.is_none()),
            lang: Lang::from_tag(&asked.lang),
            period,
            period_text,
            agency,
        })
    }

    /// The target of a figure on the last day of the period, or today where that is still to come: for this level, or for
    /// what the page is about.
    fn target<'a>(
        &self,
        state: &'a AppState,
        figure: TargetFigure,
        level: Option<Level>,
    ) -> Option<&'a Target> {
        let reference = &state.reference;
        let day = self.period.span().1.min(state.now().date());
        let own = || {
            self.agency
                .as_ref()
                .map(|agency| reference.level_of(agency))
        };
        let targets = &reference.province.targets;
        targets.of(figure, level.or_else(own), day)
    }

    /// The address of the province.
    fn home(&self) -> String {
        let province = Self {
            level: None,
            ..self.clone()
        };
        province.link("", &self.period_text, None, self.lang)
    }

    /// The address of a level.
    fn of_level(&self, level: Level) -> String {
        let of_level = Self {
            level: Some(level),
            ..self.clone()
        };
        of_level.link("", &self.period_text, None, self.lang)
    }

    /// The address of another view of the board.
    fn link(&self, page: &str, period: &str, agency: Option<&str>, lang: Lang) -> String {
        let mut address = format!("{ADDRESS}{page}?period={period}");
        if let Some(agency) = agency {
            address.push_str("&agency=");
            address.push_str(agency);
        } else if let Some(level) = self.level {
            address.push_str("&level=");
            address.push_str(rows::in_address(level));
        }
        if lang == Lang::En {
            address.push_str("&lang=en");
        }
        address
    }
}

fn answer(outcome: Result<Markup, AppError>) -> Response {
    match outcome {
        Ok(page) => Html(page.into_string()).into_response(),
        Err(error) => failed(&error),
    }
}

fn failed(error: &AppError) -> Response {
    let problem = error.problem();
    let page = page::failure(&problem.message.vi, &problem.message.en);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Html(page.into_string())).into_response()
}

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
