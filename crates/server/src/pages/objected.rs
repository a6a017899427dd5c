//! The objection as a plain form, and what became of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::wire::{
    HolderView, MAX_CONTACT, MAX_OBJECTION_TEXT, ObjectionKind, ObjectionRequest, ObjectionView,
    Open,
};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Sent, Shown, failure, page, unread, unreadable};
use crate::error::AppError;
use crate::keys::random;
use crate::service::asker::Asker;
use crate::service::objection;
use crate::state::AppState;

/// What the form sends, and what it shows again where it was refused.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    case_code: String,
    proof: String,
    kind: String,
    text: String,
    contact: String,
    contact_consent: String,
    name_case: String,
    number: String,
    ticket: String,
    lang: String,
}

impl Typed {
    /// Nothing typed yet, about a case on show.
    pub(super) fn about(view: &HolderView, shown: &Shown<'_>) -> Self {
        Self {
            case_code: view.public.case_code.clone(),
            proof: shown.proof.to_owned(),
            ticket: shown.ticket.to_owned(),
            ..Self::default()
        }
    }
}

/// The kinds that fit a case.
pub(super) fn kinds(view: &HolderView) -> Vec<ObjectionKind> {
    view.objections.iter().filter_map(Open::known).collect()
}

/// The form for whoever holds a receipt with a code nobody knows.
pub(super) fn unknown(lang: Lang, case_code: &str) -> Markup {
    let typed = Typed {
        case_code: case_code.to_owned(),
        ..Typed::default()
    };
    form(lang, &typed, &[ObjectionKind::UnknownCode])
}

/// The form.
pub(super) fn form(lang: Lang, typed: &Typed, kinds: &[ObjectionKind]) -> Markup {
    // The same for every attempt, so that a page sent twice is one objection.
    let number = if typed.number.is_empty() {
        random().map(|number| URL_SAFE_NO_PAD.encode(number))
    } else {
        Ok(typed.number.clone())
    };
    let confidential = kinds.iter().any(|kind| kind.is_confidential());
    html! {
        h2 { (lang.pick("Phản ánh", "Object")) }
        form method="post" action="/phan-anh" {
            input type="hidden" name="lang" value=(lang.tag());
            input type="hidden" name="case_code" value=(typed.case_code);
            input type="hidden" name="proof" value=(typed.proof);
            input type="hidden" name="ticket" value=(typed.ticket);
            @if let Ok(number) = number { input type="hidden" name="number" value=(number); }
            fieldset {
                legend { (lang.pick("Ông/bà muốn phản ánh điều gì?", "What is wrong?")) }
                @for kind in kinds {
                    label class="choice" {
                        input type="radio" name="kind" value=(kind.name()) required
                            checked[kind.name() == typed.kind || *kind == ObjectionKind::UnknownCode];
                        " " (words::objection(*kind, lang))
                    }
                }
            }
            p {
                label for="text" { (lang.pick("Nói thêm (không bắt buộc)", "Tell us more (optional)")) }
                textarea id="text" name="text" rows="4" maxlength=(MAX_OBJECTION_TEXT) { (typed.text) }
            }
            @if confidential {
                fieldset {
                    legend { (lang.pick("Nếu phản ánh về đòi tiền hoặc thái độ", "If it is about money or conduct")) }
                    p class="help" { (lang.pick(
                        "Cơ quan bị phản ánh không thấy. Mã hồ sơ chỉ được gửi kèm nếu ông/bà đồng ý.",
                        "The agency reported does not see it. The case code goes with it only if you say so.",
                    )) }
                    label class="choice" {
                        input type="checkbox" name="name_case" value="1" checked[!typed.name_case.is_empty()];
                        " " (lang.pick("Gửi kèm mã hồ sơ", "Send the case code with it"))
                    }
                }
            }
            p {
                label for="contact" { (lang.pick("Liên hệ với ông/bà bằng cách nào (không bắt buộc)", "How to reach you (optional)")) }
                input id="contact" name="contact" value=(typed.contact) maxlength=(MAX_CONTACT) autocomplete="off" aria-describedby="contact-help";
                span id="contact-help" class="help" { (lang.pick(
                    "Không cần: có số phản ánh là xem được câu trả lời.",
                    "Not needed: the reference number is enough to read the answer.",
                )) }
            }
            p { label class="choice" {
                input type="checkbox" name="contact_consent" value="1" checked[!typed.contact_consent.is_empty()];
                " " (lang.pick(
                    "Tôi đồng ý cho lưu thông tin liên hệ để trả lời phản ánh này; thông tin được xóa sau khi trả lời.",
                    "I agree that the contact is kept to answer this report; it is erased after the answer.",
                ))
            } }
            p { button { (lang.pick("Gửi phản ánh", "Send the objection")) } }
        }
    }
}

/// Keeps an objection.
pub async fn object(State(state): State<AppState>, asker: Asker, sent: Sent<Typed>) -> Response {
    let typed = match unreadable(sent) {
        Ok(typed) => typed,
        Err(error) => return unread(error, html! {}),
    };
    let lang = Lang::from_tag(&typed.lang);
    let request = ObjectionRequest {
        case_code: typed.case_code.clone(),
        proof: Some(typed.proof.clone()),
        kind: typed.kind.clone(),
        text: Some(typed.text.clone()),
        contact: Some(typed.contact.clone()),
        contact_consent: !typed.contact_consent.is_empty(),
        name_case: !typed.name_case.is_empty(),
        number: Some(typed.number.clone()),
    };
    let asker = asker.with_ticket(&typed.ticket);
    match objection::add(&state, &asker, &request).await {
        Ok(receipt) => {
            let title = lang.pick("Đã ghi nhận phản ánh", "Your objection is recorded");
            let body = html! {
                h1 { (title) }
                p { (lang.pick("Số phản ánh:", "Reference number:")) " " strong class="number" { (receipt.reference) } }
                p { (receipt.due_text.in_lang(lang)) }
                p { (receipt.goes_to.in_lang(lang)) }
                p { (lang.pick(
                    "Hãy giữ số này: nhập vào ô mã hồ sơ để xem câu trả lời. Ai có số này đều xem được.",
                    "Keep this number: enter it in place of a case code to read the answer. Whoever has it can.",
                )) }
                p { a href="/" { (lang.pick("Về trang đầu", "Back to the first page")) } }
            };
            page(StatusCode::CREATED, lang, title, body)
        }
        Err(error) => {
            // What was written is shown again, to be sent again.
            let kinds: Vec<ObjectionKind> =
                ObjectionKind::from_name(&typed.kind).into_iter().collect();
            let again = if kinds.is_empty() || matches!(error, AppError::InvalidCaseCode) {
                super::layout::lookup_form(lang, &typed.case_code)
            } else {
                form(lang, &typed, &kinds)
            };
            failure(error, lang, again)
        }
    }
}

/// An objection with its answers; `level` of its heading.
pub(super) fn shown(view: &ObjectionView, level: u8, lang: Lang) -> Markup {
    let title =
        html! { (lang.pick("Phản ánh", "Report")) " " span class="number" { (view.reference) } };
    html! {
        section class="todo" {
            @if level == 1 { h1 { (title) } } @else { h2 { (title) } }
            p { (view.kind_text.in_lang(lang)) }
            p { (lang.pick("Nhận ngày", "Received")) " " (words::long_date(view.received.0, lang)) ". " (view.due_text.in_lang(lang)) }
            @if view.overdue { p { strong { (lang.pick("Đã quá hạn trả lời.", "The answer is overdue.")) } } }
            @if view.answers.is_empty() { p { (lang.pick("Chưa có câu trả lời.", "Not answered yet.")) } }
            @for answer in &view.answers {
                p { strong lang="vi" { (answer.body) } ", " span lang="vi" { (answer.person) } ", " (words::date_in_words(answer.answered.0, lang)) ":" }
                blockquote lang="vi" { (answer.text) }
            }
        }
    }
}

/// The page of the reference number alone.
pub(super) fn alone(view: &ObjectionView, lang: Lang) -> Markup {
    html! {
        (shown(view, 1, lang))
        (super::layout::lookup_form(lang, ""))
    }
}
