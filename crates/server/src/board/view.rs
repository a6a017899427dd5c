//! What a page of the board is about: period, place, language; and the addresses of other views.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use chrono::{Datelike as _, NaiveDate};
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_domain::words::Lang;
use serde::Deserialize;

use crate::addresses::BOARD_ADDRESS;
use crate::config::{Target, TargetFigure};
use crate::error::AppError;
use crate::state::AppState;

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
    pub(super) after: String,
}

/// A page of the board: what it is about.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) lang: Lang,
    pub(super) period: Period,
    /// As in the address.
    pub(super) period_text: String,
    /// Agency code; the whole province without one.
    pub(super) agency: Option<String>,
    /// The agencies of a level alone.
    pub(super) level: Option<Level>,
}

impl View {
    /// The whole province, neither a level nor an agency of it.
    pub(super) const fn is_province(&self) -> bool {
        self.agency.is_none() && self.level.is_none()
    }

    /// Whom the page is about.
    pub(super) fn place(&self) -> Place {
        match (&self.agency, self.level) {
            (Some(agency), _) => Place::Agency(agency.clone()),
            (None, Some(level)) => Place::Level(level.name().to_owned()),
            (None, None) => Place::Province,
        }
    }

    /// Without a period: the quarter of today.
    pub(super) fn of(
        asked: Result<Query<Asked>, QueryRejection>,
        state: &AppState,
    ) -> Result<Self, AppError> {
        let Query(asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
        let today = state.now().date();
        let period_text = if asked.period.is_empty() {
            quarter_of(today)
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
    pub(super) fn target<'a>(
        &self,
        state: &'a AppState,
        figure: TargetFigure,
        level: Option<Level>,
    ) -> Option<&'a Target> {
        let reference = &state.reference;
        let day = self.period.span().1.min(state.now().date());
        let own = || {
            let agency = self.agency.as_ref();
            let of_agency = agency.map(|agency| reference.level_of(agency));
            of_agency.or(self.level)
        };
        let targets = &reference.province.targets;
        targets.of(figure, level.or_else(own), day)
    }

    /// The address of the province.
    pub(super) fn home(&self) -> String {
        let province = Self {
            level: None,
            ..self.clone()
        };
        province.link("", &self.period_text, None, self.lang)
    }

    /// The address of a level.
    pub(super) fn of_level(&self, level: Level) -> String {
        let of_level = Self {
            level: Some(level),
            ..self.clone()
        };
        of_level.link("", &self.period_text, None, self.lang)
    }

    /// The address of another view of the board.
    pub(super) fn link(
        &self,
        page: &str,
        period: &str,
        agency: Option<&str>,
        lang: Lang,
    ) -> String {
        let mut address = format!("{BOARD_ADDRESS}{page}?period={period}");
        if let Some(agency) = agency {
            address.push_str("&agency=");
            address.push_str(agency);
        } else if let Some(level) = self.level {
            address.push_str("&level=");
            address.push_str(level.name());
        }
        if lang == Lang::En {
            address.push_str("&lang=en");
        }
        address
    }
}

/// `2026-Q4` of a day.
fn quarter_of(day: NaiveDate) -> String {
    format!("{:04}-Q{}", day.year(), day.month0() / 3 + 1)
}
