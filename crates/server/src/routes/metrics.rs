//! Figures by agency and period. Satisfaction: SIPAS-style, never the official index.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::SatisfactionFactor;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::AppError;
use crate::state::AppState;
use crate::store::LevelCounts;

/// Cells with fewer answers are not shown.
const SMALLEST_CELL: u64 = 5;

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
}

/// "How this is counted": the address of a section of docs/DEFINITIONS.md.
pub(super) fn definition(section: &str) -> String {
    format!("{}#{section}", crate::pages::DEFINITIONS_ADDRESS)
}

pub(super) async fn satisfaction(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let agency = asked.agency.clone();
    let counts = state
        .store
        .read(move |store| {
            let (from, to) = period.months();
            let (first, last) = period.quarters();
            store
                .rating_counts(agency.as_deref(), &from, &to, (&first, &last))
                .map_err(AppError::from)
        })
        .await?;
    let target = state.reference.province.targets.satisfied_percent;
    let mut factors = Map::new();
    for factor in SatisfactionFactor::ALL {
        factors.insert(
            factor.name().to_owned(),
            cell(&counts.factors[*factor as usize], target),
        );
    }
    Ok(axum::Json(json!({
        "period": asked.period,
        "agency": asked.agency,
        "as_of": dung_hen_domain::civil::rfc3339(state.now()),
        "method": "sipas-style-1",
        "official_index": false,
        "definitions": {
            "overall": definition("satisfied"),
            "factors": definition("factor"),
            "target": definition("target"),
            "period": definition("period"),
        },
        "overall": cell(&counts.overall, target),
        "factors": factors,
    })))
}

/// One share: satisfied are the two upper levels of five.
fn cell(counts: &LevelCounts, target: f64) -> Value {
    let share = Share {
        part: counts[3] + counts[4],
        n: counts.iter().sum(),
    };
    if share.n < SMALLEST_CELL {
        return json!({ "suppressed": true, "n": null, "target": target });
    }
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
