//! The way without JavaScript: the plain form of the snippet posts here, and the server answers
//! with a page. The same facts as the element shows, the same words, no script at all.
//!
//! This way is weaker in one respect: rating and proof travel in one request, and the server draws the
//! ballot's number, so whoever runs it could read them together. The page says so.

pub mod brief;
mod case;
mod definitions;
mod fields;
mod layout;
mod notice;
mod objected;
pub mod officer;
mod rate;
mod rating;
mod sheet;

pub use rate::{correct, correction, rate};
pub use sheet::sheets;

use std::convert::Infallible;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use dung_hen_domain::words::Lang;
use maud::{Markup, html};
use serde::Deserialize;

use crate::error::AppError;
use crate::guard::puzzle;
use crate::service::asker::Asker;
use crate::service::{access, integrity, notice as notices, objection};
use crate::state::AppState;
use crate::view;

pub use objected::object;

pub use definitions::{definitions, is_defined};

pub use notice::{notice, qr};

const STYLE: &str = include_str!("page.css");

/// The style of the pages.
pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// What the forms of a case carry along, so that nothing need be typed again.
struct Shown<'a> {
    proof: &'a str,
    /// Opens this case for an hour without a puzzle.
    ticket: &'a str,
    /// Whether the request carries a portal's token for this case: a portal that shows these pages adds it.
    signed_in: bool,
}

/// What the plain form sends.
#[derive(Deserialize)]
pub struct LookupForm {
    #[serde(default)]
    case_code: String,
    #[serde(default)]
    proof: String,
    /// A ticket: has waited, or is at a case that was opened already.
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    lang: String,
}

/// A form that could not be read is an error page, never a bare text.
type Sent<T> = Result<Form<T>, FormRejection>;

fn page(status: StatusCode, lang: Lang, title: &str, body: Markup) -> Response {
    (status, Html(layout::page(lang, title, body).into_string())).into_response()
}

fn failed(lang: Lang) -> &'static str {
    lang.pick("Chưa thực hiện được", "That did not work")
}

fn failure(error: AppError, lang: Lang, form: Markup) -> Response {
    told(error, lang, false, form)
}

/// Of a body that could not be read, and with it neither what language its sender reads: in both.
fn unread(error: AppError, form: Markup) -> Response {
    told(error, Lang::Vi, true, form)
}

fn told(error: AppError, lang: Lang, in_english_too: bool, form: Markup) -> Response {
    let problem = error.problem();
    let title = match error {
        AppError::CaseNotFound | AppError::NoMatch => {
            lang.pick("Không tìm thấy hồ sơ", "Case not found")
        }
        _ => failed(lang),
    };
    let body = html! {
        div class="alert" role="alert" {
            h1 { (title) }
            p { (problem.message.in_lang(lang)) }
            @if in_english_too { p lang="en" { (problem.message.en) } }
            @if let Some(seconds) = problem.retry_after_s {
                p { (lang.pick("Số phút cần chờ:", "Minutes to wait:")) " " (seconds.div_ceil(60)) }
            }
        }
        (form)
    };
    page(error.status(), lang, title, body)
}

/// Of a form that is no rating, and no sheet: refused before anything is asked of it, and counted as by the API.
async fn refused(state: &AppState, error: AppError, lang: Lang, form: Markup) -> Response {
    integrity::refused(state, "", &error).await;
    failure(error, lang, form)
}

/// The same of one that could not be read.
async fn refused_unread(state: &AppState, error: AppError) -> Response {
    integrity::refused(state, "", &error).await;
    unread(error, html! {})
}

fn unreadable<T>(sent: Sent<T>) -> Result<T, AppError> {
    Ok(sent?.0)
}

/// The language of a page that is only opened.
#[derive(Default, Deserialize)]
pub struct Tongue {
    #[serde(default)]
    lang: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Tongue {
    type Rejection = Infallible;

    /// Where it cannot be read, as where it is named twice, it is none.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let read = Query::<Self>::try_from_uri(&parts.uri);
        Ok(read.map_or_else(|_| Self::default(), |Query(tongue)| tongue))
    }
}

/// The form alone.
pub async fn form(State(state): State<AppState>, tongue: Tongue) -> Response {
    let lang = Lang::from_tag(&tongue.lang);
    let title = lang.pick("Tra cứu hồ sơ", "Look up a case");
    let outage = view::outage(&state.reference, state.now());
    let body = html! {
        h1 { (title) }
        @if let Some(outage) = outage { p class="help" { (outage.in_lang(lang)) } }
        (layout::lookup_form(lang, ""))
        (layout::other_language("/tra-cuu", lang))
    };
    page(StatusCode::OK, lang, title, body)
}

/// Look-up.
pub async fn lookup(
    State(state): State<AppState>,
    asker: Asker,
    sent: Sent<LookupForm>,
) -> Response {
    let form = match unreadable(sent) {
        Ok(form) => form,
        Err(error) => return unread(error, layout::lookup_form(Lang::Vi, "")),
    };
    let lang = Lang::from_tag(&form.lang);
    let asker = asker.with_ticket(&form.ticket);
    match answer(&state, &asker, &form, lang).await {
        Ok(body) => page(StatusCode::OK, lang, lang.pick("Hồ sơ", "Case"), body),
        Err(error @ AppError::PuzzleRequired(_)) => wait(&state, &error, &form, lang).await,
        Err(error) => {
            let unknown = matches!(error, AppError::CaseNotFound | AppError::NoMatch);
            let forms = html! {
                (layout::lookup_form(lang, &form.case_code))
                @if unknown { (objected::unknown(lang, &form.case_code)) }
            };
            failure(error, lang, forms)
        }
    }
}

/// Where someone tries codes and proofs: a page that is good after a short wait, where the element would solve a puzzle.
async fn wait(state: &AppState, error: &AppError, form: &LookupForm, lang: Lang) -> Response {
    let code = match access::read_code(state, &form.case_code).await {
        Ok(code) => code,
        Err(error) => return failure(error, lang, layout::lookup_form(lang, "")),
    };
    let ticket = puzzle::ticket(&state.keys, code.as_str(), puzzle::WAIT, state.now());
    let title = lang.pick("Xin chờ trong giây lát", "Please wait a moment");
    let body = html! {
        h1 { (title) }
        p { (lang.pick(
            "Có nơi đang dò mã hồ sơ, nên lần tra cứu này cần chờ một chút. Không phải lỗi của ông/bà.",
            "Someone is trying out case codes, so this look-up needs a short wait. It is nothing you did.",
        )) }
        p { (lang.pick("Số giây cần chờ:", "Seconds to wait:")) " " strong { (puzzle::WAIT) } ". "
            (lang.pick("Sau đó bấm nút dưới đây; bấm sớm thì phải chờ lại.", "Then press the button below; pressed early, the wait begins anew.")) }
        form method="post" action="/tra-cuu" {
            input type="hidden" name="lang" value=(lang.tag());
            input type="hidden" name="case_code" value=(code.as_str());
            input type="hidden" name="proof" value=(form.proof);
            input type="hidden" name="ticket" value=(ticket);
            p { button { (lang.pick("Tra cứu", "Look up")) } }
        }
    };
    page(error.status(), lang, title, body)
}

async fn answer(
    state: &AppState,
    asker: &Asker,
    form: &LookupForm,
    lang: Lang,
) -> Result<Markup, AppError> {
    if let Some(reference) = objection::reference(&form.case_code) {
        let view = objection::find(state, reference).await?;
        return Ok(objected::alone(&view, lang));
    }
    let code = access::read_code(state, &form.case_code).await?;
    let now = state.now();
    let signed_in = access::by_token(state, asker, &code).await?;
    let proof = access::given(Some(&form.proof));
    if signed_in.is_none() && proof.is_none() {
        let record = access::by_code(state, asker, code).await?;
        return Ok(case::public(
            &view::public(&record, &state.reference, now),
            lang,
        ));
    }
    let proof = proof.unwrap_or_default();
    let ticket = puzzle::ticket(&state.keys, code.as_str(), 0, now);
    let holds_token = signed_in.is_some();
    let opened = match signed_in {
        Some(opened) => opened,
        None => access::by_proof(state, asker, code, proof.clone()).await?,
    };
    let record = &opened.record;
    state.guard.quick.opened(&record.code, state.now());
    let objected = objection::of_case(state, &opened.objections);
    let mut view = view::holder(record, &state.reference, &state.keys, now, objected);
    notices::issue(state, &mut view, now.date()).await?;
    let number = rate::fresh_number()?;
    let shown = Shown {
        proof: &proof,
        ticket: &ticket,
        signed_in: holds_token,
    };
    Ok(case::holder(&view, &shown, number.as_str(), lang))
}
