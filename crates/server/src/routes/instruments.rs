//! `GET /instruments/{id}`: a questionnaire, its scale and its words, for whoever draws it.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header;
use axum::response::IntoResponse;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::Criterion;
use dung_hen_domain::satisfaction::instruments::{Question, instrument as find};
use dung_hen_domain::words::{self, Lang};
use serde_json::{Value, json};

use crate::error::AppError;

pub(super) async fn instrument(
    asked: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, AppError> {
    let Path(id) = asked.map_err(|_| AppError::NotFound)?;
    let found = find(&id).ok_or(AppError::NotFound)?;
    let both =
        |text: &dyn Fn(Lang) -> &'static str| json!({ "vi": text(Lang::Vi), "en": text(Lang::En) });
    let points: Vec<Value> = found
        .scale
        .points
        .iter()
        .map(|point| json!({ "value": point.value, "text": { "vi": point.vi, "en": point.en } }))
        .collect();
    let questions: Vec<Value> = found
        .questions
        .iter()
        .map(|question| {
            // Asked after a bad factor: "what was wrong?"
            let criteria: Vec<Value> = match question {
                Question::Factor(factor) => Criterion::ALL
                    .iter()
                    .filter(|one| one.factor() == *factor)
                    .map(|one| json!({ "name": one.name(), "text": both(&|lang| words::criterion(*one, lang)) }))
                    .collect(),
                _ => Vec::new(),
            };
            json!({ "name": question.name(), "text": both(&|lang| question.words(lang)), "criteria": criteria })
        })
        .collect();
    let body = json!({
        "id": found.id,
        "scale": { "id": found.scale.id, "points": points },
        "questions": questions,
    });
    // What was published under an id never changes.
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=86400")],
        axum::Json(body),
    ))
}
