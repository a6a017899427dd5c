//! The officer's pages: the cases due, a letter to record, objections to answer. No script; the key is posted once,
//! and after that a session travels from page to page in a hidden field (`service::officer`).

mod briefs;
mod cases;
mod objections;

use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use dung_hen_domain::wire::{AnswerRequest, DueRequest, LetterRequest};
use dung_hen_domain::words::Lang;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Sent, failed, failure, page, unread, unreadable};
use crate::config::Role;
use crate::error::AppError;
use crate::service::officer::{self, Officer};
use crate::service::report::{Format, ReportFile, ReportRequest};
use crate::service::{answer, letter, report};
use crate::state::AppState;

/// What every form of these pages sends; each reads what concerns it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Form {
    lang: String,
    key: String,
    session: String,
    days: String,
    agency: String,
    after: String,
    /// Where the pages before began, the last one last: the way back.
    before: String,
    finished_late: String,
    case_code: String,
    number: String,
    reason: String,
    issued: String,
    revised_due: String,
    signer: String,
    evidence: String,
    confirmed: String,
    record: String,
    reference: String,
    text: String,
    /// Set where an answer is shown again and not yet sent.
    draft: String,
    month: String,
    period: String,
    format: Format,
}

impl Form {
    /// What an officer had typed of a letter or an answer. It is shown again to whoever comes in, and recorded only when
    /// they send it: another person may have sat down meanwhile.
    fn kept(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("case_code", &self.case_code),
            ("number", &self.number),
            ("reason", &self.reason),
            ("issued", &self.issued),
            ("revised_due", &self.revised_due),
            ("signer", &self.signer),
            ("evidence", &self.evidence),
            ("reference", &self.reference),
            ("text", &self.text),
        ];
        let all = all.into_iter().map(|(name, value)| (name, value.as_str()));
        let mut kept: Vec<_> = all.filter(|(_, value)| !value.is_empty()).collect();
        if !self.reference.is_empty() {
            kept.push(("draft", "1"));
        }
        kept
    }
}

/// Who looks at the page, and how.
struct Desk {
    officer: Officer,
    session: String,
    lang: Lang,
}

impl Desk {
    fn enter(state: &AppState, form: &Form) -> Result<Self, AppError> {
        let officer = if form.session.is_empty() {
            officer::with_key(state, &form.key)?
        } else {
            officer::with_session(state, &form.session)?
        };
        Ok(Self {
            session: officer::session(state, &officer),
            officer,
            lang: Lang::from_tag(&form.lang),
        })
    }

    /// What every form sends back.
    fn hidden(&self) -> Markup {
        html! {
            input type="hidden" name="lang" value=(self.lang.tag());
            input type="hidden" name="session" value=(self.session);
        }
    }

    /// A form that is one button.
    fn button(&self, action: &str, fields: &[(&str, &str)], label: &str) -> Markup {
        html! {
            form class="button" method="post" action=(action) {
                (self.hidden())
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                button { (label) }
            }
        }
    }

    /// Who is logged in, and the way to the other list.
    fn head(&self) -> Markup {
        let lang = self.lang;
        html! {
            div class="desk" {
                p { (self.officer.name) ", " (self.officer.body) }
                @if self.officer.has(Role::Letters) {
                    (self.button("/officer", &[], lang.pick("Hồ sơ đến hạn", "Cases due")))
                    (self.button("/officer", &[("finished_late", "1")], lang.pick("Đã xong trễ, còn nợ xin lỗi", "Finished late, letter owed")))
                }
                @if self.officer.has(Role::Objections) || self.officer.has(Role::Hotline) || self.officer.has(Role::Inspectorate) {
                    (self.button("/officer/objections", &[], lang.pick("Phản ánh", "Objections")))
                }
                @if self.officer.has(Role::Head) {
                    (self.button("/officer/briefs", &[], lang.pick("Báo cáo nhanh", "Monthly briefs")))
                }
                form class="button" method="get" action="/officer" { button { (lang.pick("Thoát", "Leave")) } }
            }
        }
    }

    /// What did not work; whoever has come in stays so.
    fn failure(&self, error: &AppError) -> Response {
        let title = failed(self.lang);
        self.page(error.status(), title, &html! {
            div class="alert" role="alert" { p { (error.problem().message.in_lang(self.lang)) } }
        })
    }

    fn page(&self, status: StatusCode, title: &str, body: &Markup) -> Response {
        let all = html! {
            (self.head())
            h1 { (title) }
            (body)
        };
        page(status, self.lang, title, all)
    }
}

/// The form that asks for the key. What was typed when the session ended is sent along, to the page where it was.
fn login(lang: Lang, typed: &Form) -> Markup {
    let kept = typed.kept();
    let action = if typed.reference.is_empty() {
        "/officer/letters"
    } else {
        "/officer/objections"
    };
    html! {
        form method="post" action=(if kept.is_empty() { "/officer" } else { action }) {
            @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
            p {
                label for="key" { (lang.pick("Khóa cán bộ", "Officer's key")) }
                input id="key" name="key" type="password" required autocomplete="current-password" spellcheck="false" maxlength="200";
            }
            fieldset {
                legend { (lang.pick("Ngôn ngữ", "Language")) }
                label class="choice" { input type="radio" name="lang" value="vi" checked[lang == Lang::Vi]; " Tiếng Việt" }
                label class="choice" lang="en" { input type="radio" name="lang" value="en" checked[lang == Lang::En]; " English" }
            }
            p { button { (lang.pick("Vào danh sách", "Open the list")) } }
        }
    }
}

/// The way in.
pub async fn enter() -> Response {
    let lang = Lang::Vi;
    let title = "Bàn làm việc của cán bộ";
    page(
        StatusCode::OK,
        lang,
        title,
        html! { h1 { (title) } (login(lang, &Form::default())) },
    )
}

/// Who has come in, with what they sent; everybody else gets the form that asks for the key.
pub struct AtDesk {
    desk: Desk,
    form: Form,
}

impl FromRequest<AppState> for AtDesk {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let refused = |error, lang, typed: &Form| failure(error, lang, login(lang, typed));
        let Ok(sent) = Sent::<Form>::from_request(request, state).await;
        let form =
            unreadable(sent).map_err(|error| unread(error, login(Lang::Vi, &Form::default())))?;
        let desk = Desk::enter(state, &form)
            .map_err(|error| refused(error, Lang::from_tag(&form.lang), &form))?;
        Ok(Self { desk, form })
    }
}

/// The cases due.
pub async fn due(State(state): State<AppState>, AtDesk { desk, form }: AtDesk) -> Response {
    let outcome = async {
        if desk.officer.has(Role::Head) && !desk.officer.has(Role::Letters) {
            return briefs::page(&state, &desk, &form).await;
        }
        if !desk.officer.has(Role::Letters) {
            return objections::page(&state, &desk, None).await;
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let asked = DueRequest {
            days: form.days.parse().ok(),
            agency: some(&form.agency),
            after: some(&form.after),
            finished_late: !form.finished_late.is_empty(),
        };
        let list = letter::due_list(&state, &desk.officer, asked).await?;
        Ok::<_, AppError>(cases::list(&state, &desk, &list, &form))
    };
    outcome.await.unwrap_or_else(|error| desk.failure(&error))
}

/// A case with the fields of its letter; recorded where the form was sent.
pub async fn letters(State(state): State<AppState>, AtDesk { desk, form }: AtDesk) -> Response {
    let outcome = async {
        let request = LetterRequest {
            case_code: form.case_code,
            number: form.number,
            reason: form.reason,
            issued: cases::day_typed(&form.issued),
            revised_due: cases::day_typed(&form.revised_due),
            signer: form.signer,
            evidence: form.evidence,
            confirmed: form
                .confirmed
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
        };
        let mut refused = None;
        if !form.record.is_empty() {
            match letter::record(&state, &desk.officer, &request).await {
                Ok(recorded) => return Ok(cases::recorded(&desk, &request.case_code, &recorded)),
                Err(error @ (AppError::Internal(_) | AppError::RoleMissing)) => return Err(error),
                Err(error) => refused = Some(error),
            }
        }
        let case = letter::one(&state, &desk.officer, &request.case_code).await?;
        Ok(cases::letter(&desk, &case, &request, refused))
    };
    outcome.await.unwrap_or_else(|error| desk.failure(&error))
}

/// Monthly briefs; one of them where a month is named.
pub async fn briefs(State(state): State<AppState>, AtDesk { desk, form }: AtDesk) -> Response {
    let outcome = briefs::page(&state, &desk, &form).await;
    outcome.unwrap_or_else(|error| desk.failure(&error))
}

/// Report II.06a of a period, as a file.
pub async fn reports(State(state): State<AppState>, AtDesk { desk, form }: AtDesk) -> Response {
    let asked = ReportRequest {
        period: form.period,
        agency: Some(form.agency),
        format: form.format,
    };
    let outcome = report::ii06a(&state, &desk.officer, &asked).await;
    outcome.map_or_else(|error| desk.failure(&error), taken_away)
}

/// A report as something to keep.
#[must_use]
pub fn taken_away(file: ReportFile) -> Response {
    let headers = [
        (header::CONTENT_TYPE, file.form.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", file.name),
        ),
    ];
    (headers, file.bytes).into_response()
}

/// Objections to read and to answer.
pub async fn objected(State(state): State<AppState>, AtDesk { desk, form }: AtDesk) -> Response {
    let outcome = async {
        let mut said = None;
        if !form.reference.is_empty() {
            let request = AnswerRequest {
                reference: form.reference,
                text: form.text,
            };
            if !form.draft.is_empty() {
                return objections::page(&state, &desk, Some(Err((None, request)))).await;
            }
            said = Some(
                match answer::answer(&state, &desk.officer, &request).await {
                    Ok(view) => Ok(view),
                    Err(error @ (AppError::Internal(_) | AppError::RoleMissing)) => {
                        return Err(error);
                    }
                    Err(error) => Err((Some(error), request)),
                },
            );
        }
        objections::page(&state, &desk, said).await
    };
    outcome.await.unwrap_or_else(|error| desk.failure(&error))
}
