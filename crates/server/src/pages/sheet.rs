//! Second questionnaires as plain forms, after the rating.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dung_hen_domain::satisfaction::instruments::{Instrument, Question, instrument};
use dung_hen_domain::satisfaction::sheet::THREE;
use dung_hen_domain::wire::{Ballot, SheetAnswer, SheetRequest};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::fields::Fields;
use super::{Sent, failure, page, refused, refused_unread, unreadable};
use crate::error::AppError;
use crate::service::sheet;
use crate::state::AppState;

/// The form of the first of these questionnaires; the others come after it.
pub(super) fn form(ballot: &Ballot, ids: &[String], lang: Lang) -> Markup {
    let Some((asked, rest)) = ids
        .split_first()
        .and_then(|(id, rest)| Some((instrument(id)?, rest)))
    else {
        return html! {};
    };
    let n = asked.sheet().count();
    html! {
        h2 { (lang.pick("Trả lời thêm", "More questions")) " (" (n) ")" }
        p { (why(asked, lang)) }
        form method="post" action="/danh-gia/them" {
            input type="hidden" name="lang" value=(lang.tag());
            input type="hidden" name="label" value=(ballot.label);
            input type="hidden" name="number" value=(ballot.number);
            input type="hidden" name="output" value=(ballot.output);
            input type="hidden" name="instrument" value=(asked.id);
            @for id in rest { input type="hidden" name="next" value=(id); }
            @for (index, question) in asked.sheet().enumerate() {
                @if let Some(heading) = heading(asked, index) { h3 { (words::factor(heading, lang)) } }
                fieldset {
                    legend { (index + 1) "/" (n) ". " (question.words(lang)) }
                    @for point in asked.scale.points {
                        label class="choice" {
                            input type="radio" name={ "q_" (question.name()) } value=(point.value);
                            " " (lang.pick(point.vi, point.en))
                        }
                    }
                }
            }
            p { button { (lang.pick("Gửi các câu trả lời", "Send these answers")) } }
        }
    }
}

fn why(asked: &Instrument, lang: Lang) -> &'static str {
    if asked.id == THREE {
        lang.pick(
            "Hồ sơ này được nộp trực tuyến, nên xin hỏi thêm theo thang ba mức. Không bắt buộc. Câu trả lời chỉ được cộng vào số chung.",
            "This case was filed online, so here is one more question on three levels. It is optional. The answer is only added to a count.",
        )
    } else {
        lang.pick(
            "Máy rút thăm một số người đã đánh giá để hỏi kỹ hơn, lần này trúng ông/bà. Không bắt buộc, bỏ trống câu nào cũng được. Câu trả lời được lưu riêng với đánh giá và chỉ được cộng vào số chung.",
            "Some of those who rated are drawn by lot and asked more closely; this time it is you. It is optional, and any question may be left out. The answers are kept apart from the rating and only added to a count.",
        )
    }
}

/// The factor under whose heading the question at `index` stands, where it is the first of its factor.
fn heading(
    asked: &Instrument,
    index: usize,
) -> Option<dung_hen_domain::satisfaction::SatisfactionFactor> {
    let factor = |index: usize| match asked.sheet().nth(index) {
        Some(Question::Criterion(criterion)) => Some(criterion.factor()),
        _ => None,
    };
    let own = factor(index)?;
    let before = index.checked_sub(1).and_then(factor);
    (before != Some(own)).then_some(own)
}

/// A sheet that was sent.
pub async fn sheets(State(state): State<AppState>, sent: Sent<Vec<(String, String)>>) -> Response {
    let fields = match unreadable(sent) {
        Ok(fields) => Fields(fields),
        Err(error) => return refused_unread(&state, error).await,
    };
    let lang = Lang::from_tag(fields.one("lang"));
    let ballot = Ballot {
        label: fields.one("label").to_owned(),
        number: fields.one("number").to_owned(),
        output: fields.one("output").to_owned(),
    };
    let next: Vec<String> = fields.all("next").map(ToOwned::to_owned).collect();
    // What was chosen is still in the form that the browser goes back to.
    let request = match asked(&fields, &ballot, lang) {
        Ok(request) => request,
        Err(error) => return refused(&state, error, lang, html! {}).await,
    };
    match sheet::store(&state, &request).await {
        Ok(_) => {
            let title = lang.pick(
                "Cảm ơn ông/bà đã trả lời thêm",
                "Thank you for answering more",
            );
            let body = html! {
                h1 { (title) }
                (form(&ballot, &next, lang))
                p { a href="/" { (lang.pick("Về trang đầu", "Back to the first page")) } }
            };
            page(StatusCode::CREATED, lang, title, body)
        }
        Err(error) => failure(error, lang, html! {}),
    }
}

/// The answers of a sheet as the form has them.
fn asked(fields: &Fields, ballot: &Ballot, lang: Lang) -> Result<SheetRequest, AppError> {
    let asked = instrument(fields.one("instrument")).ok_or(AppError::UnknownInstrument)?;
    let answers = asked
        .sheet()
        .map(|question| {
            let level = match fields.one(&format!("q_{}", question.name())) {
                "" => None,
                level => Some(level.parse().map_err(|_| AppError::AnswerOutOfRange)?),
            };
            let question = question.name().to_owned();
            Ok(SheetAnswer { question, level })
        })
        .collect::<Result<_, AppError>>()?;
    Ok(SheetRequest {
        ballot: ballot.clone(),
        instrument: asked.id.to_owned(),
        language: lang.tag().to_owned(),
        answers,
    })
}
