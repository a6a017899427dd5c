//! The monthly briefs of an agency, and one of them as a page to print.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use maud::html;

use super::{Desk, Form};
use crate::error::AppError;
use crate::pages::brief::{self, Style};
use crate::service;
use crate::service::brief::BriefRequest;
use crate::state::AppState;

/// The list, or the brief that was chosen.
pub(super) async fn page(state: &AppState, desk: &Desk, form: &Form) -> Result<Response, AppError> {
    let lang = desk.lang;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let asked = BriefRequest {
        agency: some(&form.agency),
        month: some(&form.month),
    };
    let found = service::brief::of(state, &desk.officer, &asked).await?;
    if let Some(one) = &found.brief {
        let page = brief::page(one, lang, Style::Linked);
        return Ok(Html(page.into_string()).into_response());
    }
    let title = lang.pick("Báo cáo nhanh hằng tháng", "Monthly briefs");
    let body = html! {
        p { (lang.pick(
            "Mỗi tháng một trang cho người đứng đầu cơ quan, lập vào ngày 1 tháng sau và giữ nguyên. Trang mở ra in vừa một tờ A4.",
            "One page a month for the head of the agency, made on the 1st of the next and kept as it is. The page prints on one sheet of A4.",
        )) }
        @if found.briefs.is_empty() { p { (lang.pick("Chưa có báo cáo nào.", "None yet.")) } }
        ul class="due" { @for one in &found.briefs {
            li {
                h2 class="number" { (one.month) }
                p lang="vi" { (one.agency_name) }
                (desk.button("/officer/briefs", &[("agency", &one.agency), ("month", &one.month)], &format!("{} {}", lang.pick("Mở báo cáo", "Open the brief of"), one.month)))
            }
        } }
    };
    Ok(desk.page(StatusCode::OK, title, &body))
}
