//! Figures by the formulas of instruments: QĐ 766/QĐ-TTg, and the scores 0, 1, 2 of TT 01/2018. Each with its formula's
//! mark of certainty; none of them is the official index, and none is merged with the satisfied share.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::rfc3339;
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::qd766::{
    Dossiers, PROGRESS_POINTS, SATISFACTION_PART_POINTS, dossier_satisfaction_score,
    feedback_on_time_score,
};
use dung_hen_domain::indices::tt01::{
    Feedback, INDICATORS, Indicator, attitude_bounds, feedback_handling,
};
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::legal_basis::LegalBasis;
use dung_hen_domain::objection::ObjectionKind;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use serde_json::{Map, Value, json};

use super::metrics::{Asked, definition};
use crate::error::AppError;
use crate::figures::{ANSWERED_IN_TIME, BY_OBJECTION, WITHOUT_TERM, places, satisfaction};
use crate::state::AppState;
use crate::view::deadline::cited;

/// What the formulas are counted from.
struct Facts {
    counts: Counts,
    /// Published answers 1 and 2 about the whole.
    disliked: u64,
    /// Objections that may be counted for this place.
    received: u64,
    /// Of these answered in time, and those of which it is decided whether they were: they have a time to answer, and
    /// it is over or somebody has answered.
    in_time: u64,
    decided: u64,
    /// Of these without a time to answer: neither in time nor late.
    without_term: u64,
    /// Objections about money or conduct; `None` where they must not be counted.
    conduct: Option<u64>,
}

pub(super) async fn formulas(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let level = asked.level()?;
    let place = asked.place()?;
    let whole_province = place == Place::Province;
    let (from, to) = period.months();
    let (text, today) = (asked.period.clone(), state.now().date());
    let reference = Arc::clone(&state.reference);
    let may_count = move |kind: &str| {
        let kind = ObjectionKind::from_name(kind);
        whole_province || kind.is_some_and(|kind| !kind.is_confidential())
    };
    let facts = state
        .store
        .read(move |store| {
            let months = (from.as_str(), to.as_str());
            let mut objections = |split| -> Result<BTreeMap<String, u64>, AppError> {
                let totals = places::totals(store, &reference, &place, split, months)?;
                let counted = totals.into_iter().filter(|(kind, _)| may_count(kind));
                Ok(counted
                    .map(|(kind, counts)| (kind, counts.count(M::Objections)))
                    .collect())
            };
            let of_kinds = objections(BY_OBJECTION)?;
            let received: u64 = of_kinds.values().sum();
            let without_term: u64 = objections(WITHOUT_TERM)?.values().sum();
            let in_time = objections(ANSWERED_IN_TIME)?.values().sum();
            let undecided: u64 = store
                .objections_within_term(period.span(), today)?
                .iter()
                .filter(|(agency, kind, _)| {
                    may_count(kind.name()) && places::within(&reference, &place, agency)
                })
                .map(|(_, _, n)| n)
                .sum();
            let confidential = |kind: &str| {
                ObjectionKind::from_name(kind).is_some_and(ObjectionKind::is_confidential)
            };
            let conduct = of_kinds.iter().filter(|(kind, _)| confidential(kind));
            let table = satisfaction::table(store, INSTRUMENT, &place, &text, Split::Whole)?;
            let [one, two, ..] = *table.whole.levels(Question::Overall);
            Ok::<_, AppError>(Facts {
                counts: places::whole(store, &reference, &place, months)?,
                disliked: one + two,
                received,
                in_time,
                decided: received.saturating_sub(without_term + undecided),
                without_term,
                conduct: whole_province.then(|| conduct.map(|(_, n)| n).sum()),
            })
        })
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
    let n = |measure| facts.counts.count(measure);
    let dossiers = Dossiers {
        finished_on_time: n(M::Early) + n(M::OnTime),
        open_within_time: n(M::OpenWithinTime) + n(M::OpenPaused),
        overdue: n(M::Late) + n(M::OpenOverdue),
        unknown: n(M::Unknown),
        ..Dossiers::default()
    };
    let on_time = dossiers.on_time();
    // Which dossiers were disliked or objected about is not known: a rating names none, and an objection is counted in
    // the month it came.
    let satisfied = dossiers.satisfied(facts.disliked + facts.received);
    let end = |share: Share| json!({ "part": share.part, "n": share.n, "score": rounded(dossier_satisfaction_score(share)) });
    let feedback = Share {
        part: facts.in_time,
        n: facts.decided,
    };
    let answered = terms.then(|| {
        json!({
            "part": feedback.part,
            "n": feedback.n,
            "without_term": facts.without_term,
            "score": rounded(feedback_on_time_score(feedback)),
        })
    });
    json!({
        // Known from pages about the decision, and from fitting the national dashboard.
        "basis": cited(LegalBasis::secondary("QĐ 766/QĐ-TTg", 0, 0)),
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
        // The text was read; the decree it guided was repealed from 1/7/2025.
        "basis": cited(LegalBasis::verified("TT 01/2018/TT-VPCP", 15, 2)),
        "in_force_until": "2025-06-30",
        "definitions": { "indicators": definition("tt-01-2018") },
        "indicators": indicators,
        "total": Value::Null,
    })
}
