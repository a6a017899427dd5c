//! The monthly briefs of an agency, and one of them as a page to print.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use chrono::{Datelike as _, Months, NaiveDate};
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
        h2 { (lang.pick("Báo cáo II.06a theo quý", "Report II.06a by quarter")) }
        p { (lang.pick(
            "Tình hình, kết quả giải quyết thủ tục hành chính theo lĩnh vực, tính từ hồ sơ vào lúc bấm.",
            "Dossiers received, resolved and under way by field, counted from the cases at the moment of pressing.",
        )) }
        ul class="due" { @for quarter in last_quarters(state.now().date()) {
            li {
                h3 class="number" { (quarter) }
                @for (format, name) in [("xlsx", "XLSX"), ("csv", "CSV")] {
                    (desk.button("/officer/reports/ii06a", &[("period", &quarter), ("format", format)], &format!("{name} {quarter}")))
                }
            }
        } }
    };
    Ok(desk.page(StatusCode::OK, title, &body))
}

/// The quarter of this day and the four before it, newest first.
fn last_quarters(today: NaiveDate) -> Vec<String> {
    (0..5)
        .filter_map(|back| today.checked_sub_months(Months::new(3 * back)))
        .map(|day| format!("{}-Q{}", day.year(), day.month0() / 3 + 1))
        .collect()
}
