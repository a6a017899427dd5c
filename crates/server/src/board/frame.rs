//! What every page of the board has: its frame, the links to other periods, its scope in words, where a figure is
//! defined and where a target comes from.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use dung_hen_domain::indices::Share;
use dung_hen_domain::words::{self, Lang};
use maud::{DOCTYPE, Markup, html};

use super::view::View;
use crate::addresses::{BOARD_ADDRESS, DEFINITIONS_ADDRESS};
use crate::config::Target;
use crate::error::AppError;
use crate::shown::{chart, head, linked, percent, standing_words, verdict_words};
use crate::state::AppState;

/// The style of the pages.
const STYLE: &str = "/board.css";

/// "How this is counted".
pub(super) fn definition(lang: Lang, section: &str) -> Markup {
    html! {
        a class="how" href=(format!("{DEFINITIONS_ADDRESS}#{section}")) { (lang.pick("Cách tính", "How this is counted")) }
    }
}

/// The agency, the level or the province that the page is about.
fn place(state: &AppState, view: &View) -> String {
    let (lang, reference) = (view.lang, &state.reference);
    let province = reference.province.name.in_lang(lang);
    match (&view.agency, view.level) {
        (Some(code), _) => reference.agency_name(code).to_owned(),
        (None, Some(level)) => format!("{}, {province}", words::agency_level(level, lang)),
        (None, None) => province.to_owned(),
    }
}

/// What the page is about, in words; `what`: of the period.
pub(super) fn scope(state: &AppState, view: &View, what: &str) -> Markup {
    let lang = view.lang;
    let (from, to) = view.period.span();
    html! {
        span lang=[view.agency.is_some().then_some("vi")] { (place(state, view)) }
        ", " (what) " "
        (words::short_date(from, lang)) " – " (words::short_date(to, lang))
    }
}

/// The frame: title, languages, periods.
pub(super) fn frame(
    state: &AppState,
    view: &View,
    page: &str,
    title: &str,
    body: Markup,
) -> Markup {
    let lang = view.lang;
    let other = if lang == Lang::Vi { Lang::En } else { Lang::Vi };
    let agency = view.agency.as_deref();
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            (head(&format!("{title} – {}", place(state, view)), &linked(STYLE)))
            body {
                header {
                    p class="brand" { a href=(view.home()) { span { span lang="vi" { "Đúng Hẹn" } " · " (state.reference.province.name.in_lang(lang)) } } }
                    p { a lang=(other.tag()) hreflang=(other.tag()) href=(view.link(page, &view.period_text, agency, other)) { (other.pick("Tiếng Việt", "English")) } }
                }
                main {
                    h1 { (title) }
                    (periods(view, page))
                    (body)
                }
                footer {
                    p { (lang.pick(
                        "Số liệu do hệ thống tính từ hồ sơ nhận được; không phải chỉ số chính thức của Nhà nước.",
                        "Counted by this system from the cases it received; not an official index of the State.",
                    )) " " a href=(DEFINITIONS_ADDRESS) { (lang.pick("Cách tính các con số", "How the figures are counted")) } }
                    p { (lang.pick("Lịch làm việc", "Working calendar")) " " (state.reference.calendar.version()) ". "
                        (lang.pick("Số liệu tại", "As of")) " " (words::short_date(state.now().date(), lang)) "." }
                }
            }
        }
    }
}

/// Links to year, quarters and months of the year shown.
fn periods(view: &View, page: &str) -> Markup {
    let lang = view.lang;
    let year = view.period_text.get(..4).unwrap_or_default();
    let link = |period: String, words: String| {
        html! {
            li {
                @if period == view.period_text {
                    strong aria-current="page" { (words) }
                } @else {
                    a href=(view.link(page, &period, view.agency.as_deref(), lang)) { (words) }
                }
            }
        }
    };
    let number: u32 = year.parse().unwrap_or(1);
    html! {
        nav aria-label=(lang.pick("Kỳ", "Period")) {
            ul class="periods" {
                (link(format!("{:04}", number.saturating_sub(1).max(1)), format!("← {}", number.saturating_sub(1).max(1))))
                (link(year.to_owned(), format!("{} {year}", lang.pick("Năm", "Year"))))
                @for quarter in 1..=4 {
                    (link(format!("{year}-Q{quarter}"), format!("{}{quarter}", lang.pick("Quý ", "Q"))))
                }
                (link(format!("{:04}", number.saturating_add(1).min(9999)), format!("{} →", number.saturating_add(1).min(9999))))
            }
            details {
                summary { (lang.pick("Theo tháng", "By month")) }
                ul class="periods" {
                    @for month in 1..=12 {
                        (link(format!("{year}-{month:02}"), format!("{month:02}/{year}")))
                    }
                }
            }
        }
    }
}

fn failure(vi: &str, en: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="vi" {
            (head(vi, &linked(STYLE)))
            body { main { h1 { (vi) } p lang="en" { (en) } p { a href=(BOARD_ADDRESS) { "Bảng số liệu · " span lang="en" { "Board" } } } } }
        }
    }
}

/// Where a target comes from.
pub(super) fn source(target: &Target, lang: Lang) -> Markup {
    html! {
        p class="help" {
            (lang.pick("Chỉ tiêu", "Target")) " " (percent(target.percent, lang)) ", "
            (lang.pick("từ", "from")) " " (words::short_date(target.from, lang)) ": " span lang="vi" { (target.source) } ". " (definition(lang, "target"))
            @if !target.own {
                " " (lang.pick("Tỉnh chưa đặt chỉ tiêu này trong cấu hình; đây là chỉ tiêu của một tỉnh khác, để tham khảo.", "This province has not set one; this is another province's, as an example."))
            }
        }
    }
}

/// A card at the head of the page: a share in large type beside its target, with its interval where it is a sample.
pub(super) fn headline(
    title: &str,
    share: Share,
    interval: Option<(f64, f64)>,
    target: Option<&Target>,
    counted: Markup,
    lang: Lang,
) -> Markup {
    let aim = target.map(|target| target.percent);
    html! {
        div class="headline" {
            h3 { (title) }
            p class="figure" {
                strong { @match share.percent() { Some(value) => (percent(value, lang)), None => "–" } }
                // Nothing to compare: the target stands below, with its source.
                @if share.n == 0 { " " (lang.pick("chưa có số liệu", "nothing counted")) }
                @else if let Some(aim) = aim {
                    " " (standing_words(share.standing(aim), lang)) " " (percent(aim, lang))
                    @if interval.is_some() { "; " (verdict_words(share.verdict(aim), lang)) }
                }
            }
            (chart::bar(share, aim, interval))
            p { (counted) }
            @if let Some(target) = target { (source(target, lang)) }
        }
    }
}

/// A page, or what went wrong as a page.
pub(super) fn answer(outcome: Result<Markup, AppError>) -> Response {
    match outcome {
        Ok(page) => Html(page.into_string()).into_response(),
        Err(error) => failed(&error),
    }
}

/// What went wrong, as a page.
pub(super) fn failed(error: &AppError) -> Response {
    let problem = error.problem();
    let page = failure(&problem.message.vi, &problem.message.en);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Html(page.into_string())).into_response()
}
