//! The public register of apologies: which agency apologised when, for which promise, until when. No case, no person, no
//! words of the letter.

use std::sync::Arc;

use dung_hen_domain::words;
use maud::{Markup, html};

use super::files;
use super::frame::{definition, frame, scope};
use super::view::View;
use crate::error::AppError;
use crate::report::register;
use crate::state::AppState;
use crate::store::{RegisterEntry, RegisterMark};

/// Letters on a page; the newest first.
const PAGE: u32 = 100;

pub(super) async fn page(
    state: &AppState,
    view: &View,
    after: Option<RegisterMark>,
) -> Result<Markup, AppError> {
    let (place, period, lang) = (view.place(), view.period, view.lang);
    let (reference, before) = (Arc::clone(&state.reference), after.clone());
    let mut entries = state
        .store
        .read(move |store| {
            register::page(store, &reference, &place, period, before.as_ref(), PAGE + 1)
                .map_err(AppError::from)
        })
        .await?;
    let more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let address = view.link("/xin-loi", &view.period_text, view.agency.as_deref(), lang);
    let next = RegisterMark::after(&entries, after.as_ref())
        .filter(|_| more)
        .map(|mark| format!("{address}&after={}", register::text(&mark)));
    let title = lang.pick("Sổ công khai xin lỗi", "Public register of apologies");
    let short = |date: Option<chrono::NaiveDate>| {
        date.map_or_else(|| "–".to_owned(), |date| words::short_date(date, lang))
    };
    let body = html! {
        p { (scope(state, view, lang.pick("văn bản ban hành", "letters issued"))) }
        p class="help" {
            (lang.pick(
                "Văn bản xin lỗi do cơ quan ban hành trong kỳ, mới nhất trước. Không có mã hồ sơ, không có tên ai.",
                "Letters of apology issued by agencies in the period, newest first. No case code, nobody's name.",
            ))
        }
        @if entries.is_empty() {
            p { (lang.pick("Chưa có văn bản nào trong kỳ này.", "No letter in this period.")) }
        } @else {
            div class="scroll" tabindex="0" role="region" aria-label=(title) {
                table {
                    caption { (title) ". " (definition(lang, "apology")) }
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
                            th scope="row" lang="vi" { (state.reference.agency_name(agency)) }
                            td { (number.as_deref().unwrap_or("–")) }
                            td { (short(*previous_due)) }
                            td { (short(*revised_due)) }
                        }
                    } }
                }
            }
        }
        @if next.is_some() || after.is_some() {
            p {
                @if after.is_some() {
                    a href=(address) { (lang.pick("Về trang đầu: mới nhất", "To the first page: the newest")) }
                }
                @if let Some(next) = &next {
                    @if after.is_some() { " · " }
                    a rel="next" href=(next) { (lang.pick("Trang sau: văn bản cũ hơn", "Next page: older letters")) }
                }
            }
        }
        p {
            (lang.pick("Tải cả kỳ về: ", "Take the whole period away: "))
            a href=(files::link(view, "so-xin-loi.xlsx")) { "XLSX" } ", "
            a href=(files::link(view, "so-xin-loi.csv")) { "CSV" } ", "
            a href=(files::link(view, files::SEMICOLON)) { (lang.pick("CSV dấu chấm phẩy, cho Excel tiếng Việt", "CSV with semicolons, for Excel with Vietnamese settings")) }
        }
        p { a href=(view.link("", &view.period_text, view.agency.as_deref(), lang)) { (lang.pick("Về bảng số liệu", "Back to the board")) } }
    };
    Ok(frame(state, view, "/xin-loi", title, body))
}
