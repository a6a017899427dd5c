//! Figures by the formulas of instruments: QĐ 766/QĐ-TTg, and the scores 0, 1, 2 of TT 01/2018. Each with its formula's
//! mark of certainty; none of them is the official index, and none is merged with the satisfied share.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::rfc3339;
use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::indices::qd766::{
    PROGRESS_POINTS, SATISFACTION_PART_POINTS, dossier_satisfaction_score, feedback_on_time_score,
};
use dung_hen_domain::indices::tt01::{
    Feedback, INDICATORS, Indicator, attitude_bounds, feedback_handling,
};
use dung_hen_domain::indices::{Share, rounded};
use serde_json::{Map, Value, json};

use super::metrics::{Asked, definition};
use crate::error::AppError;
use crate::figures::formulas::{Facts, QD766, TT01};
use crate::state::AppState;
use crate::view::deadline::cited;

pub(super) async fn formulas(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let level = asked.level()?;
    let place = asked.place()?;
    let (text, today) = (asked.period.clone(), state.now().date());
    let reference = Arc::clone(&state.reference);
    let facts = state
        .store
        .read(move |store| Facts::read(store, &reference, &place, &text, period, today))
        .await?;
    // Without a term nobody can be late with an answer.
    let terms = !state.reference.province.objections.terms.is_empty();
    Ok(axum::Json(json!({
        "period": asked.period,
        "agency": asked.agency,
        "level": level.map(|level| level.name()),
        "as_of": rfc3339(state.now()),
        "official_index": false,
        "qd_766": qd766(&facts, terms),
        "tt_01_2018": tt01(&facts, terms),
    })))
}

fn qd766(facts: &Facts, terms: bool) -> Value {
    let dossiers = facts.dossiers();
    let on_time = dossiers.on_time();
    let satisfied = facts.satisfied();
    let end = |share: Share| json!({ "part": share.part, "n": share.n, "score": rounded(dossier_satisfaction_score(share)) });
    let feedback = facts.feedback();
    let answered = terms.then(|| {
        json!({
            "part": feedback.part,
            "n": feedback.n,
            "without_term": facts.without_term,
            "score": rounded(feedback_on_time_score(feedback)),
        })
    });
    json!({
        "basis": cited(QD766),
        "definitions": {
            "progress": definition("qd-766-progress"),
            "dossier_satisfaction": definition("qd-766-satisfaction"),
            "feedback_on_time": definition("qd-766-satisfaction"),
        },
        "progress": {
            "score": dossiers.progress_score().map(rounded),
            "most": PROGRESS_POINTS,
            "part": on_time.part,
            "n": on_time.n,
            "unknown": dossiers.unknown,
        },
        "dossier_satisfaction": {
            "most": SATISFACTION_PART_POINTS,
            "at_least": end(satisfied.least),
            "at_most": end(satisfied.most),
        },
        "feedback_on_time": answered,
        // Whether somebody was content with an answer, or complained again, is not recorded.
        "feedback_satisfaction": Value::Null,
    })
}

fn tt01(facts: &Facts, terms: bool) -> Value {
    let n = |measure| facts.counts.count(measure);
    let (early, on_time, late) = (n(M::Early), n(M::OnTime), n(M::Late));
    let time = Indicator {
        sum: 2 * early + on_time,
        n: early + on_time + late,
        not_covered: 0,
    };
    let score = |indicator: &Indicator| {
        json!({
            "score": indicator.score().map(|score| score.value()),
            "n": indicator.n,
            "not_covered": indicator.not_covered,
        })
    };
    let attitude = facts.conduct.map(|feedback| {
        let (least, most) = attitude_bounds(early, on_time, late, feedback);
        json!({ "at_least": score(&least), "at_most": score(&most) })
    });
    let handling = terms.then(|| {
        let feedback = Feedback {
            on_time: facts.in_time,
            n: facts.decided,
            prolonged: false,
        };
        json!({ "score": feedback_handling(feedback), "n": feedback.n, "without_term": facts.without_term })
    });
    let mut indicators = Map::new();
    for number in 1..=INDICATORS {
        let value = match number {
            1 => Some(score(&time)),
            7 => attitude.clone(),
            8 => handling.clone(),
            _ => None,
        };
        indicators.insert(number.to_string(), json!(value));
    }
    json!({
        "basis": cited(TT01),
        "in_force_until": "2025-06-30",
        "definitions": { "indicators": definition("tt-01-2018") },
        "indicators": indicators,
        "total": Value::Null,
    })
}
