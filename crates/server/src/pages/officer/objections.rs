//! Objections to read and to answer.

use axum::http::StatusCode;
use axum::response::Response;
use dung_hen_domain::wire::{
    AnswerRequest, MAX_OBJECTION_TEXT, ObjectionForOfficer, ObjectionView,
};
use dung_hen_domain::words;
use maud::{Markup, html};

use super::Desk;
use crate::error::AppError;
use crate::service::answer;
use crate::state::AppState;

/// What became of the answer that was just sent; one that is shown again and was not sent has no error.
type Said = Option<Result<ObjectionView, (Option<AppError>, AnswerRequest)>>;

/// The list, with what became of the answer just sent.
pub(super) async fn page(state: &AppState, desk: &Desk, said: Said) -> Result<Response, AppError> {
    let lang = desk.lang;
    let list = answer::list(state, &desk.officer, None).await?;
    let mut status = StatusCode::OK;
    let mut kept = None;
    let told = match &said {
        None => html! {},
        Some(Ok(view)) => {
            html! { p role="status" { strong { (lang.pick("Đã ghi câu trả lời cho", "Answer recorded for")) " " (view.reference) } } }
        }
        Some(Err((error, request))) => {
            kept = Some(request);
            match error {
                Some(error) => {
                    status = error.status();
                    html! { div class="alert" role="alert" { p { (error.problem().message.in_lang(lang)) } } }
                }
                None => html! {},
            }
        }
    };
    let title = lang.pick("Phản ánh chờ trả lời", "Objections to answer");
    let body = html! {
        (told)
        @if list.objections.is_empty() { p { (lang.pick("Không có phản ánh nào chờ trả lời.", "None wait for an answer.")) } }
        ul class="due" { @for one in &list.objections { (entry(state, desk, one, kept)) } }
        @if list.next.is_some() {
            p { (lang.pick("Còn phản ánh khác; trả lời những phản ánh này trước.", "There are more; these come first.")) }
        }
    };
    Ok(desk.page(status, title, &body))
}

fn entry(
    state: &AppState,
    desk: &Desk,
    one: &ObjectionForOfficer,
    kept: Option<&AnswerRequest>,
) -> Markup {
    let lang = desk.lang;
    let text = kept
        .filter(|request| request.reference == one.reference)
        .map_or("", |request| request.text.as_str());
    let id = format!("text-{}", one.reference);
    html! {
        li class=(if one.overdue { "late" } else { "soon" }) {
            h2 class="number" { (one.reference) }
            p { strong { @if let Some(kind) = one.kind.known() { (words::objection(kind, lang)) } } }
            dl {
                dt { (lang.pick("Nhận ngày", "Received")) } dd { (words::long_date(one.received.0, lang)) }
                @if let Some(due) = one.due {
                    dt { (lang.pick("Hạn trả lời", "To be answered by")) }
                    dd {
                        (words::long_date(due.0, lang))
                        @if one.overdue { " – " strong { (lang.pick("đã quá hạn", "past")) } }
                    }
                }
                @if let Some(code) = &one.case_code { dt { (lang.pick("Mã hồ sơ", "Case code")) } dd class="number" { (code) } }
                @if !one.agency.is_empty() { dt { (lang.pick("Cơ quan", "Agency")) } dd lang="vi" { (state.reference.agency_name(&one.agency)) } }
                @if let Some(text) = &one.text { dt { (lang.pick("Nội dung", "What happened")) } dd { (text) } }
                @if let Some(contact) = &one.contact { dt { (lang.pick("Liên hệ", "Contact")) } dd { (contact) } }
            }
            form method="post" action="/officer/objections" {
                (desk.hidden())
                input type="hidden" name="reference" value=(one.reference);
                p {
                    label for=(id) { (lang.pick("Trả lời", "Answer")) }
                    textarea id=(id) name="text" rows="3" required maxlength=(MAX_OBJECTION_TEXT) { (text) }
                }
                p { button { (lang.pick("Gửi trả lời", "Send the answer")) } }
            }
        }
    }
}
