//! By criterion: shares from the sheets of those who were asked all sixteen, and how many named it after a bad factor; and the three levels of TT 32/2017, by
//! themselves.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::ballot_label::ENOUGH;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::sheet::{SIXTEEN, THREE};
use dung_hen_domain::satisfaction::tables::Split;
use dung_hen_domain::satisfaction::tally::{Levels, Mentions};
use dung_hen_domain::satisfaction::tt32::{ThreeLevel, ThreeLevels};
use dung_hen_domain::satisfaction::{Criterion, INSTRUMENT, SatisfactionFactor};
use serde_json::{Map, Value, json};

use super::metrics::{Aims, Asked, cell, definition};
use crate::config::TargetFigure;
use crate::error::AppError;
use crate::figures::satisfaction::table;
use crate::state::AppState;
use crate::store::{LevelCounts, SheetsOf};

/// The published counts of a questionnaire, by question.
async fn counts(
    state: &AppState,
    asked: &Asked,
    period: Period,
    instrument: &'static str,
) -> Result<BTreeMap<String, LevelCounts>, AppError> {
    let of = SheetsOf {
        instrument,
        agency: asked.agency.clone(),
        level: asked.level()?.map(|level| level.name().to_owned()),
        months: period.months(),
        quarters: period.quarters(),
    };
    state
        .store
        .read(move |store| store.sheet_counts(&of).map_err(AppError::from))
        .await
}

/// Named by so many of those who answered its factor: no percent, interval or verdict.
fn named(mentions: Option<Mentions>) -> Value {
    json!({
        "suppressed": mentions.is_none(),
        "named": mentions.map(|one| one.named),
        "raters": mentions.map(|one| one.raters),
    })
}

pub(super) async fn criteria(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let counts = counts(&state, &asked, period, SIXTEEN).await?;
    let (place, name) = (asked.place()?, asked.period.clone());
    let rated = state
        .store
        .read(move |store| {
            table(store, INSTRUMENT, &place, &name, Split::Whole).map_err(AppError::from)
        })
        .await?;
    let target = Aims::of(&state, &asked, period)?.percent(TargetFigure::Satisfied, None);
    let mut factors = Map::new();
    for factor in SatisfactionFactor::ALL {
        let mut criteria = Map::new();
        for criterion in Criterion::ALL.iter().filter(|one| one.factor() == *factor) {
            let levels = counts.get(criterion.name()).copied().unwrap_or_default();
            let share = Levels(levels).share();
            let share = (share.n >= ENOUGH as u64).then_some(share);
            criteria.insert(
                criterion.name().to_owned(),
                json!({
                    "share": cell(share, target),
                    "named": named(rated.whole.mentions(*criterion)),
                }),
            );
        }
        factors.insert(factor.name().to_owned(), Value::Object(criteria));
    }
    Ok(axum::Json(json!({
        "period": asked.period,
        "agency": asked.agency,
        "level": asked.level,
        "as_of": dung_hen_domain::civil::rfc3339(state.now()),
        "step": rated.step.map(iso_date),
        "instrument": SIXTEEN,
        "named_instrument": INSTRUMENT,
        "asked_one_in": state.reference.province.questions.sixteen_one_in,
        "method": "sipas-style-2",
        "official_index": false,
        "definitions": {
            "criteria": definition("criterion"),
            "named": definition("named"),
            "target": definition("target"),
            "period": definition("period"),
            "step": definition("step"),
        },
        "factors": factors,
    })))
}

pub(super) async fn three_levels(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let counts = counts(&state, &asked, period, THREE).await?;
    // Values 1 to 3 of the scale: not yet satisfied, satisfied, very satisfied.
    let [not_yet, satisfied, very, ..] = counts.get("overall").copied().unwrap_or_default();
    let mut levels = ThreeLevels::default();
    for (level, n) in [
        (ThreeLevel::NotYetSatisfied, not_yet),
        (ThreeLevel::Satisfied, satisfied),
        (ThreeLevel::VerySatisfied, very),
    ] {
        levels.add_many(level, n);
    }
    let all = levels.satisfied();
    let shown = |share: Share| {
        if all.n < ENOUGH as u64 {
            return json!({ "suppressed": true, "n": null });
        }
        json!({ "suppressed": false, "n": share.n, "part": share.part, "percent": share.percent().map(rounded) })
    };
    let mut by_level = Map::new();
    for level in ThreeLevel::ALL {
        by_level.insert(level.name().to_owned(), shown(levels.at(*level)));
    }
    Ok(axum::Json(json!({
        "period": asked.period,
        "agency": asked.agency,
        "level": asked.level,
        "as_of": dung_hen_domain::civil::rfc3339(state.now()),
        "instrument": THREE,
        "asked": state.reference.province.questions.three_levels,
        "official_index": false,
        "definitions": { "levels": definition("tt-32-2017"), "period": definition("period"), "step": definition("step") },
        "satisfied": shown(all),
        "levels": by_level,
    })))
}
