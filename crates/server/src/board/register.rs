//! The public register of apologies: which agency apologised when, for which promise, until when. No case, no person, no
//! words of the letter.

use dung_hen_domain::words;
use maud::{Markup, html};

use super::page::{definition, frame, scope};
use super::{View, files};
use crate::error::AppError;
use crate::state::AppState;
use crate::store::RegisterEntry;

/// Rows shown at most; the newest first.
const LIMIT: u32 = 500;

pub(super) async fn page(state: &AppState, view: &View) -> Result<Markup, AppError> {
    let (from, to) = view.period.span();
    let (agency, lang) = (view.agency.clone(), view.lang);
    let entries = state
        .store
        .read(move |store| {
            store
                .register_of_apologies(agency.as_deref(), from, to, LIMIT)
                .map_err(AppError::from)
        })
        .await?;
    let title = lang.pick("Sổ công khai xin lỗi", "Public register of apologies");
    let short = |date: Option<chrono::NaiveDate>| {
        date.map_or_else(|| "–".to_owned(), |date| words::short_date(date, lang))
    };
    let body = html! {
        p { (scope(state, view)) }
        p class="help" {
            (lang.pick(
                "Văn bản xin lỗi do cơ quan ban hành trong kỳ, mới nhất trước. Không có mã hồ sơ, không có tên ai.",
                "Letters of apology issued by agencies in the period, newest first. No case code, nobody's name.",
            ))
            " " (definition(lang, "apology"))
        }
        @if entries.is_empty() {
            p { (lang.pick("Chưa có văn bản nào trong kỳ này.", "No letter in this period.")) }
        } @else {
            div class="scroll" tabindex="0" role="region" aria-label=(title) {
                table {
                    caption { (title) }
                    thead { tr {
                        th scope="col" { (lang.pick("Ngày ban hành", "Issued")) }
                        th scope="col" { (lang.pick("Cơ quan", "Agency")) }
                        th scope="col" { (lang.pick("Số văn bản", "Number")) }
                        th scope="col" { (lang.pick("Ngày hẹn cũ", "Promised")) }
                        th scope="col" { (lang.pick("Ngày hẹn mới", "New date")) }
                    } }
                    tbody { @for RegisterEntry { agency, issued, number, previous_due, revised_due } in &entries {
                        tr {
                            td { (words::short_date(*issued, lang)) }
                            th scope="row" { (super::page::agency_name(state, agency)) }
                            td { (number.as_deref().unwrap_or("–")) }
                            td { (short(*previous_due)) }
                            td { (short(*revised_due)) }
                        }
                    } }
                }
            }
            @if entries.len() >= LIMIT as usize {
                p class="help" { (lang.pick("Chỉ hiện 500 văn bản mới nhất; chọn kỳ ngắn hơn để xem đủ.", "Only the newest 500 are shown; choose a shorter period to see all.")) }
            }
        }
        p {
            (lang.pick("Tải cả kỳ về: ", "Take the whole period away: "))
            a href=(files::link(view, "so-xin-loi.xlsx")) { "XLSX" } ", "
            a href=(files::link(view, "so-xin-loi.csv")) { "CSV" }
        }
        p { a href=(view.link("", &view.period_text, view.agency.as_deref(), lang)) { (lang.pick("Về bảng số liệu", "Back to the board")) } }
    };
    Ok(frame(state, view, "/xin-loi", title, body))
}
