//! Figures by agency and period. Satisfaction: SIPAS-style, never the official index.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::integrity::{Counted, PROOFS, SIGNS, STEP, WAYS, if_opposite};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use dung_hen_domain::satisfaction::{INSTRUMENT, SatisfactionFactor};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::AppError;
use crate::figures::satisfaction::{self, Published};
use crate::service::integrity::{self, Numbers, number};
use crate::state::AppState;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) period: String,
    #[serde(default)]
    pub(super) agency: Option<String>,
    /// Only agencies of this level.
    #[serde(default)]
    pub(super) level: Option<String>,
    /// A row for each value of this.
    #[serde(default)]
    pub(super) by: Option<String>,
}

impl Asked {
    pub(super) async fn check(&mut self, state: &AppState) -> Result<Period, AppError> {
        let period = Period::parse(&self.period).ok_or(AppError::PeriodInvalid)?;
        self.agency = self.agency.take().filter(|agency| !agency.is_empty());
        if let Some(agency) = self.agency.clone() {
            let configured = state.reference.agencies.contains_key(&agency);
            let known = configured
                || state
                    .store
                    .read(move |store| store.agency_exists(&agency).map_err(AppError::from))
                    .await?;
            if !known {
                return Err(AppError::AgencyUnknown);
            }
        }
        Ok(period)
    }

    /// The level asked for.
    pub(super) fn level(&self) -> Result<Option<Level>, AppError> {
        match self.level.as_deref().filter(|level| !level.is_empty()) {
            Some(name) => Level::from_name(name)
                .map(Some)
                .ok_or(AppError::LevelUnknown),
            None => Ok(None),
        }
    }
}

/// "How this is counted": the address of a section of docs/DEFINITIONS.md.
pub(super) fn definition(section: &str) -> String {
    format!("{}#{section}", crate::pages::DEFINITIONS_ADDRESS)
}

/// What a question about satisfaction may be split by.
const BY: [Split; 6] = [
    Split::Level,
    Split::Agency,
    Split::Procedure,
    Split::Field,
    Split::Outcome,
    Split::Month,
];

pub(super) async fn satisfaction(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let span = asked.check(&state).await?;
    let split = match asked.by.as_deref().filter(|by| !by.is_empty()) {
        Some(by) => Split::from_name(by)
            .filter(|split| BY.contains(split))
            .ok_or(AppError::SplitUnknown)?,
        None => Split::Whole,
    };
    let level = asked.level()?;
    let place = match (&asked.agency, level) {
        (Some(agency), _) => Place::Agency(agency.clone()),
        (None, Some(level)) => Place::Level(level.name().to_owned()),
        (None, None) => Place::Province,
    };
    let period = asked.period.clone();
    let (reference, today) = (Arc::clone(&state.reference), state.now().date());
    let (table, beside) = state
        .store
        .read(move |store| {
            let table = satisfaction::table(store, INSTRUMENT, &place, &period, split)?;
            let beside = integrity::beside(store, &reference, &place, span, today)?;
            Ok::<_, AppError>((table, beside))
        })
        .await?;
    let target = state.reference.province.targets.satisfied_percent;
    let mut answer = json!({
        "period": asked.period,
        "agency": asked.agency,
        "level": level.map(|level| level.name()),
        "as_of": dung_hen_domain::civil::rfc3339(state.now()),
        "step": table.step.map(iso_date),
        "method": "sipas-style-2",
        "official_index": false,
        "integrity": integrity_beside(&beside, table.whole.share(Question::Overall)),
        "definitions": {
            "overall": definition("satisfied"),
            "factors": definition("factor"),
            "target": definition("target"),
            "period": definition("period"),
            "step": definition("step"),
            "integrity": definition("integrity"),
        },
    });
    let fields = figures(&table.whole, target);
    if let (Value::Object(answer), Value::Object(fields)) = (&mut answer, fields) {
        answer.extend(fields);
        if split != Split::Whole {
            let row = |(value, cell): (Option<&String>, &Published)| {
                let mut row = figures(cell, target);
                if let Value::Object(row) = &mut row {
                    row.insert("value".to_owned(), json!(value));
                }
                row
            };
            let rows: Vec<Value> = table
                .rows
                .iter()
                .map(|(value, cell)| row((Some(value), cell)))
                .collect();
            answer.insert("by".to_owned(), json!(split.name()));
            answer.insert("rows".to_owned(), json!(rows));
            answer.insert("rest".to_owned(), row((None, &table.rest)));
        }
    }
    Ok(axum::Json(answer))
}

/// The figures of one published cell.
fn figures(published: &Published, target: f64) -> Value {
    let mut factors = Map::new();
    for factor in SatisfactionFactor::ALL {
        let share = published.share(Published::of_factor(*factor));
        factors.insert(factor.name().to_owned(), cell(share, target));
    }
    json!({
        "changed_on": published.changed_on.map(iso_date),
        "overall": cell(published.share(Question::Overall), target),
        "factors": factors,
    })
}

/// How the ballots behind a figure were obtained, what looked odd, and what contested ballots could change.
fn integrity_beside(numbers: &Numbers, whole: Option<Share>) -> Value {
    let named = |kinds: &[Counted]| -> Map<String, Value> {
        let field = |kind: &Counted| (kind.name().to_owned(), json!(number(numbers, *kind)));
        kinds.iter().map(field).collect()
    };
    let contested = number(numbers, Counted::Contested);
    let bound = whole.map(|share| if_opposite(share, contested));
    let percent = |share: Share| share.percent().map(rounded);
    json!({
        "ballots": named(&PROOFS),
        "among_them": named(&WAYS),
        "signs": named(&SIGNS),
        "contested": {
            "at_most": contested,
            "lowest_percent": bound.and_then(|(low, _)| percent(low)),
            "highest_percent": bound.and_then(|(_, high)| percent(high)),
        },
        "in_steps_of": STEP,
    })
}

/// One share: satisfied are the two upper levels of five.
pub(super) fn cell(share: Option<Share>, target: f64) -> Value {
    let Some(share) = share else {
        return json!({ "suppressed": true, "n": null, "target": target });
    };
    json!({
        "suppressed": false,
        "n": share.n,
        "satisfied": share.part,
        "percent": share.percent().map(rounded),
        "wilson95": share.wilson().map(|(low, high)| [rounded(low), rounded(high)]),
        "target": target,
        "standing": share.standing(target).name(),
        "verdict": share.verdict(target).name(),
    })
}
