//! Units that ended: provinces and districts that were merged or abolished. Each keeps its own figures, year by year, and
//! names who took its tasks over; nothing of it is added to anyone else's.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::Datelike as _;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::parse_date;
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::words;
use maud::{Markup, html};

use super::frame::{answer, definition, frame};
use super::view::{Asked, View};
use crate::config::Succession;
use crate::error::AppError;
use crate::figures::WHOLE;
use crate::report::overview::on_time;
use crate::shown::{chart, grouped, share_words};
use crate::state::AppState;

/// Years shown at most, the last ones of the unit.
const YEARS: i32 = 8;

/// The address of this page.
pub(super) const PAGE: &str = "/lich-su";

/// What one year of one unit was.
struct Year {
    year: i32,
    counts: Counts,
}

/// The page.
pub async fn history(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let outcome = async {
        let view = View::of(asked, &state)?;
        page(&state, &view).await
    };
    answer(outcome.await)
}

async fn page(state: &AppState, view: &View) -> Result<Markup, AppError> {
    let lang = view.lang;
    let units = state.reference.province.successions.clone();
    let last = state.now().date().year();
    let of_units = units.clone();
    let years = state
        .store
        .read(move |store| {
            let mut found: Vec<Vec<Year>> = of_units.iter().map(|_| Vec::new()).collect();
            for year in last - YEARS + 1..=last {
                let months = (format!("{year:04}-01"), format!("{year:04}-12"));
                let cells = store.figure_sums(None, WHOLE, (&months.0, &months.1))?;
                for (unit, years) in of_units.iter().zip(&mut found) {
                    let mut counts = Counts::default();
                    for cell in cells.iter().filter(|cell| unit.covers(&cell.agency)) {
                        counts.add(&cell.counts, 1);
                    }
                    if !counts.is_zero() {
                        years.push(Year { year, counts });
                    }
                }
            }
            Ok::<_, AppError>(found)
        })
        .await?;
    let title = lang.pick(
        "Đơn vị đã sáp nhập hoặc kết thúc",
        "Units merged or abolished",
    );
    let body = html! {
        p { (lang.pick(
            "Số liệu của mỗi đơn vị là của những hồ sơ đơn vị đó tiếp nhận đến ngày cuối cùng của mình, kể cả khi nơi khác giải quyết tiếp. Không số nào ở đây được cộng vào số liệu của đơn vị kế thừa.",
            "The figures of each unit are those of the cases it received up to its last day, also where another went on with them. Nothing here is added to the figures of a successor.",
        )) " " (definition(lang, "history")) }
        @if units.is_empty() { p { (lang.pick("Tỉnh chưa khai báo đơn vị nào.", "The province has named none.")) } }
        @for (unit, years) in units.iter().zip(&years) { (section(state, view, unit, years)) }
        p { a href=(view.home()) { (lang.pick("Về bảng số liệu", "Back to the board")) } }
    };
    Ok(frame(state, view, PAGE, title, body))
}

fn section(state: &AppState, view: &View, unit: &Succession, years: &[Year]) -> Markup {
    let lang = view.lang;
    let ended =
        parse_date(&unit.ended).map_or_else(String::new, |day| words::short_date(day, lang));
    let level = dung_hen_domain::case::Level::from_name(&unit.level);
    let id = format!("unit-{}", unit.code);
    let n = |counts: &Counts, measure| grouped(counts.count(measure), lang);
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) lang="vi" { (unit.name) }
            p { (unit.code) @if let Some(level) = level { ", " (words::agency_level(level, lang)) } ". "
                (lang.pick("Ngày cuối cùng: ", "Last day: ")) (ended) ". "
                (lang.pick("Theo: ", "By: ")) span lang="vi" { (unit.source) } ". "
                (lang.pick("Kế thừa: ", "Succeeded by: "))
                @for (place, code) in unit.successors.iter().enumerate() {
                    @if place > 0 { "; " }
                    @if state.reference.agencies.contains_key(code) {
                        a lang="vi" href=(view.link("", &view.period_text, Some(code), lang)) { (state.reference.agency_name(code)) }
                    } @else { (code) }
                } "." }
            @if years.is_empty() {
                p { (lang.pick("Không có hồ sơ nào trong hệ thống.", "No case in this system.")) }
            } @else {
                div class="scroll" tabindex="0" role="group" aria-labelledby=(id) {
                    table {
                        caption { (lang.pick("Theo năm tiếp nhận", "By year of reception")) ". " (definition(lang, "on-time")) }
                        thead { tr {
                            th scope="col" { (lang.pick("Năm", "Year")) }
                            th scope="col" class="wide" { (lang.pick("Tỷ lệ đúng hẹn", "On-time share")) }
                            th scope="col" class="number" { (lang.pick("Tiếp nhận", "Received")) }
                            th scope="col" class="number" { (lang.pick("Trễ", "Late")) }
                            th scope="col" class="number" { (lang.pick("Phải xin lỗi", "Apologies owed")) " " (definition(lang, "apology")) }
                            th scope="col" class="number" { (lang.pick("Thiếu văn bản", "Missing")) }
                        } }
                        tbody { @for Year { year, counts } in years {
                            @let share = on_time(counts);
                            tr {
                                th scope="row" { (year) }
                                td class="wide" { (chart::bar(share, None, None)) (share_words(share, lang)) }
                                td class="number" { (n(counts, M::Received)) }
                                td class="number" { (n(counts, M::Late)) }
                                td class="number" { (n(counts, M::Owed)) }
                                td class="number" { (n(counts, M::Missing)) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// On the page of an agency: whose tasks it took over, or who took its own over.
pub(super) fn note(state: &AppState, view: &View) -> Markup {
    let lang = view.lang;
    let units = &state.reference.province.successions;
    let Some(code) = &view.agency else {
        return html! {
            @if !units.is_empty() {
                p { a href=(view.link(PAGE, &view.period_text, None, lang)) { (lang.pick("Đơn vị đã sáp nhập hoặc kết thúc", "Units merged or abolished")) } }
            }
        };
    };
    let day = |unit: &Succession| {
        parse_date(&unit.ended).map_or_else(String::new, |day| words::short_date(day, lang))
    };
    let before: Vec<&Succession> = units
        .iter()
        .filter(|unit| unit.successors.contains(code))
        .collect();
    let own = units.iter().find(|unit| unit.code == *code);
    html! {
        @if let Some(unit) = own {
            p class="help" { (lang.pick("Đơn vị này kết thúc ngày", "This unit ended on")) " " (day(unit)) " (" span lang="vi" { (unit.source) } "). "
                a href=(view.link(PAGE, &view.period_text, None, lang)) { (lang.pick("Theo từng năm, và ai kế thừa", "Year by year, and who succeeded it")) } }
        }
        @if !before.is_empty() {
            p class="help" { (lang.pick("Kế thừa nhiệm vụ của: ", "Took over from: "))
                @for (place, unit) in before.iter().enumerate() { @if place > 0 { "; " } span lang="vi" { (unit.name) } " (" (lang.pick("đến", "until")) " " (day(unit)) ")" }
                ". " (lang.pick("Số liệu của đơn vị trước không nằm trong trang này. ", "Figures of those before are not in this page. "))
                a href=(view.link(PAGE, &view.period_text, None, lang)) { (lang.pick("Xem riêng", "See them by themselves")) } }
        }
    }
}
