//! The pages themselves.

use dung_hen_domain::apology::ApologyState;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::indices::{Share, Standing, Verdict, rounded};
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_domain::words::{self, Lang};
use maud::{DOCTYPE, Markup, html};

use super::numbers::Numbers;
use super::{ADDRESS, View, chart, files, history, levels, rows, satisfaction};
use crate::addresses::DEFINITIONS_ADDRESS;
use crate::config::{Target, TargetFigure};
use crate::report::overview::on_time;
use crate::state::AppState;

/// "How this is counted".
pub(super) fn definition(lang: Lang, section: &str) -> Markup {
    html! {
        a class="how" href=(format!("{DEFINITIONS_ADDRESS}#{section}")) { (lang.pick("Cách tính", "How this is counted")) }
    }
}

pub(super) fn agency_name<'a>(state: &'a AppState, code: &'a str) -> &'a str {
    state
        .reference
        .agencies
        .get(code)
        .map_or(code, |agency| agency.name.as_str())
}

/// What the page is about, in words.
pub(super) fn scope(state: &AppState, view: &View) -> String {
    let province = &state.reference.province.name;
    let place = match (&view.agency, view.level) {
        (Some(code), _) => agency_name(state, code).to_owned(),
        (None, Some(level)) => format!(
            "{}, {}",
            words::agency_level(level, view.lang),
            province.in_lang(view.lang)
        ),
        (None, None) => province.in_lang(view.lang).to_owned(),
    };
    let (from, to) = view.period.span();
    let short = |date| words::short_date(date, view.lang);
    format!(
        "{place}, {} {} – {}",
        view.lang.pick("hồ sơ tiếp nhận", "cases received"),
        short(from),
        short(to)
    )
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
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (state.reference.province.name.in_lang(lang)) " – Đúng Hẹn" }
                link rel="stylesheet" href="/board.css";
            }
            body {
                header {
                    p class="brand" { a href=(view.home()) { "Đúng Hẹn · " (state.reference.province.name.in_lang(lang)) } }
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

pub(super) fn failure(vi: &str, en: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="vi" {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width, initial-scale=1"; title { "Đúng Hẹn" } link rel="stylesheet" href="/board.css"; }
            body { main { h1 { (vi) } p lang="en" { (en) } p { a href=(ADDRESS) { "Bảng số liệu · " span lang="en" { "Board" } } } } }
        }
    }
}

/// A number as it is read: 1.234 in Vietnamese, 1,234 in English.
pub(crate) fn grouped(number: u64, lang: Lang) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push_str(lang.pick(".", ","));
        }
        out.push(digit);
    }
    out
}

/// `2026-10` as it is read: 10/2026.
pub(super) fn month_words(month: &str) -> String {
    match month.split_once('-') {
        Some((year, month)) => format!("{month}/{year}"),
        None => month.to_owned(),
    }
}

/// A percentage as it is read, two decimals.
pub(crate) fn percent(value: f64, lang: Lang) -> String {
    let text = format!("{:.2}", rounded(value));
    lang.pick(&text.replace('.', ","), &text).to_owned() + " %"
}

pub(super) fn share_words(share: Share, lang: Lang) -> String {
    match share.percent() {
        Some(value) => format!(
            "{} ({}/{})",
            percent(value, lang),
            grouped(share.part, lang),
            grouped(share.n, lang)
        ),
        None => lang
            .pick("chưa có hồ sơ xong", "nothing finished yet")
            .to_owned(),
    }
}

pub(super) const fn standing_words(standing: Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::AtOrAbove => lang.pick("bằng hoặc trên chỉ tiêu", "at or above the target"),
        Standing::Below => lang.pick("dưới chỉ tiêu", "below the target"),
        Standing::Empty => lang.pick("chưa có số liệu", "nothing counted"),
    }
}

pub(super) fn beside_target(share: Share, target: Option<f64>, lang: Lang) -> &'static str {
    target.map_or("–", |target| standing_words(share.standing(target), lang))
}

/// Where a target comes from.
pub(super) fn source(target: &Target, lang: Lang) -> Markup {
    html! {
        p class="help" {
            (lang.pick("Chỉ tiêu", "Target")) " " (percent(target.percent, lang)) ", "
            (lang.pick("từ", "from")) " " (words::short_date(target.from, lang)) ": " span lang="vi" { (target.source) } "."
            @if !target.own {
                " " (lang.pick("Tỉnh chưa đặt chỉ tiêu này trong cấu hình; đây là chỉ tiêu của một tỉnh khác, để tham khảo.", "This province has not set one; this is another province's, as an example."))
            }
        }
    }
}

pub(super) const fn verdict_words(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Met => lang.pick("đạt", "met"),
        Verdict::NotMet => lang.pick("chưa đạt", "not met"),
        Verdict::NotEnoughData => lang.pick("chưa đủ dữ liệu", "not enough answers"),
    }
}

/// The board of a province or an agency.
pub(super) fn board(state: &AppState, view: &View, numbers: &Numbers) -> Markup {
    let lang = view.lang;
    let target = view.target(state, TargetFigure::OnTime, None);
    let on_time = target.map(|target| target.percent);
    let title = lang.pick("Bảng số liệu đúng hẹn", "On-time board");
    let body = html! {
        (rows::trail(state, view))
        p { (scope(state, view)) }
        (history::note(state, view))
        (at_a_glance(numbers, target, view.target(state, TargetFigure::Satisfied, None), lang))
        (rows::rows(state, view, numbers))
        (trend(numbers, on_time, lang))
        (levels::section(state, view, numbers))
        (apologies(view, numbers))
        (satisfaction::section(state, view, numbers))
        (objections(view, numbers))
        (take_away(view))
        @if let Some(until) = numbers.until {
            p class="help" { (lang.pick("Những gì chỉ thời gian làm thay đổi đã được tính đến ngày", "What only time changes is counted up to")) " " (words::short_date(until, lang)) "." }
        }
    };
    frame(state, view, "", title, body)
}

fn at_a_glance(
    numbers: &Numbers,
    target: Option<&Target>,
    satisfied: Option<&Target>,
    lang: Lang,
) -> Markup {
    let whole = &numbers.whole;
    let share = on_time(whole);
    let n = |measure| grouped(whole.count(measure), lang);
    let last = Share {
        part: whole.count(M::OnTimeByLastDate),
        n: share.n,
    };
    html! {
        section aria-labelledby="glance" {
            h2 id="glance" class="unseen" { (lang.pick("Nhìn chung", "At a glance")) }
            div class="headlines" {
                div class="headline" {
                    h3 { (lang.pick("Đúng hẹn", "On time")) }
                    p class="figure" {
                        strong { @match share.percent() { Some(value) => (percent(value, lang)), None => "–" } }
                        @if let Some(target) = target {
                            " " (standing_words(share.standing(target.percent), lang)) " " (percent(target.percent, lang))
                        }
                    }
                    (chart::bar(share, target.map(|target| target.percent), None))
                    p { (grouped(share.part, lang)) " / " (grouped(share.n, lang)) " " (lang.pick("hồ sơ đã xong", "finished cases")) ". " (definition(lang, "on-time")) }
                    @if let Some(target) = target { (source(target, lang)) }
                }
                (satisfaction::at_a_glance(numbers, satisfied, lang))
            }
            dl class="counts" {
                (count(lang.pick("Tiếp nhận", "Received"), &n(M::Received)))
                (count(lang.pick("Trước hạn", "Early"), &n(M::Early)))
                (count(lang.pick("Đúng hạn", "On time"), &n(M::OnTime)))
                (count(lang.pick("Trễ", "Late"), &n(M::Late)))
                (count(lang.pick("Đang giải quyết, trong hạn", "Open, within time"), &n(M::OpenWithinTime)))
                (count(lang.pick("Đang giải quyết, quá hạn", "Open, overdue"), &n(M::OpenOverdue)))
                (count(lang.pick("Chờ người nộp", "Waiting for the applicant"), &n(M::OpenPaused)))
                (count(lang.pick("Tổng số ngày trễ của hồ sơ đã xong", "Days late, finished cases together"), &n(M::DaysLate)))
            }
            p { (lang.pick("Số ngày trễ: ", "Days late: ")) (definition(lang, "days-late")) }
            p { (lang.pick("Nếu chỉ tính theo ngày hẹn sau cùng: ", "If only the last date named counted: ")) (share_words(last, lang)) ". " (definition(lang, "last-date")) }
        }
    }
}

fn count(name: &str, number: &str) -> Markup {
    html! { div { dt { (name) } dd { (number) } } }
}

/// The same numbers as files.
fn take_away(view: &View) -> Markup {
    let lang = view.lang;
    let period = &view.period_text;
    html! {
        section aria-labelledby="files" {
            h2 id="files" { (lang.pick("Tải về", "Files")) }
            p { (lang.pick("Các con số của toàn tỉnh trong kỳ này: ", "The figures of the province in this period: "))
                a href=(files::workbook(view)) { (lang.pick("sổ số liệu XLSX", "workbook, XLSX")) } ", "
                a href=(format!("/api/v1/open-data?period={period}")) { (lang.pick("dữ liệu mở JSON", "open data, JSON")) } ". " (definition(lang, "open-data")) }
        }
    }
}

fn trend(numbers: &Numbers, target: Option<f64>, lang: Lang) -> Markup {
    let shares: Vec<Share> = numbers
        .months
        .iter()
        .map(|(_, counts)| on_time(counts))
        .collect();
    let title = lang.pick("Mười hai tháng", "Twelve months");
    html! {
        section aria-labelledby="trend" {
            h2 id="trend" { (title) }
            (chart::trend(&shares, target))
            @if let (Some((first, _)), Some((last, _))) = (numbers.months.first(), numbers.months.last()) {
                p class="axis" { span { (month_words(first)) } span { (month_words(last)) } }
            }
            p class="help" { (lang.pick("Từ 50 % (cạnh dưới) đến 100 % (cạnh trên); vạch ngang đậm là chỉ tiêu.", "From 50 % (bottom) to 100 % (top); the strong line across is the target.")) }
            div class="scroll" tabindex="0" role="group" aria-labelledby="trend" {
                table class="months" {
                    caption { (lang.pick("Tỷ lệ đúng hẹn theo tháng tiếp nhận", "On-time share by month of reception")) ". " (definition(lang, "period")) }
                    thead { tr {
                        th scope="col" { (lang.pick("Tháng", "Month")) }
                        th scope="col" { (lang.pick("Tỷ lệ đúng hẹn", "On-time share")) }
                        th scope="col" class="number" { (lang.pick("Tiếp nhận", "Received")) }
                    } }
                    tbody {
                        // Months in which nothing was received say nothing.
                        @for ((month, counts), share) in numbers.months.iter().zip(&shares).filter(|((_, counts), _)| counts.count(M::Received) > 0) {
                            tr {
                                th scope="row" { (month_words(month)) }
                                td { (share_words(*share, lang)) }
                                td class="number" { (grouped(counts.count(M::Received), lang)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn apologies(view: &View, numbers: &Numbers) -> Markup {
    let (lang, whole) = (view.lang, &numbers.whole);
    let n = |measure| whole.count(measure);
    let kinds = [
        (M::IssuedInTime, ApologyState::IssuedInTime),
        (M::IssuedLate, ApologyState::IssuedLate),
        (M::Missing, ApologyState::Missing),
    ];
    html! {
        section aria-labelledby="apologies" {
            h2 id="apologies" { (lang.pick("Xin lỗi", "Apologies")) }
            (chart::parts(&kinds.map(|(measure, _)| n(measure))))
            table {
                caption { (lang.pick("Văn bản xin lỗi phải có", "Letters of apology owed")) ". " (definition(lang, "apology")) }
                tbody {
                    tr { th scope="row" { (lang.pick("Phải có", "Owed")) } td class="number" { (grouped(n(M::Owed), lang)) } }
                    @for (number, (measure, state)) in kinds.into_iter().enumerate() {
                        tr {
                            th scope="row" { span class=(format!("key part-{number}")) {} " " (words::apology(state, lang)) }
                            td class="number" { (grouped(n(measure), lang)) }
                        }
                    }
                    tr { th scope="row" { (lang.pick("Hẹn lại lần hai", "Second postponements")) } td class="number" { (grouped(n(M::SecondPostponements), lang)) } }
                }
            }
            p { a href=(view.link("/xin-loi", &view.period_text, view.agency.as_deref(), lang)) { (lang.pick("Sổ công khai xin lỗi", "Public register of apologies")) } }
        }
    }
}

/// Money and conduct are counted for the whole province alone: neither an agency nor a level of few must learn that
/// somebody spoke.
fn objections(view: &View, numbers: &Numbers) -> Markup {
    let lang = view.lang;
    let kinds = ObjectionKind::ALL
        .iter()
        .filter(|kind| view.is_province() || !kind.is_confidential());
    html! {
        section aria-labelledby="objections" {
            h2 id="objections" { (lang.pick("Phản ánh", "Objections")) }
            table {
                caption { (lang.pick("Phản ánh gửi trong kỳ", "Objections sent in the period")) ". " (definition(lang, "objections")) }
                tbody {
                    @for kind in kinds {
                        tr {
                            th scope="row" { (words::objection(*kind, lang)) }
                            td class="number" { (grouped(numbers.objections.get(kind.name()).copied().unwrap_or(0), lang)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_reads_them() {
        assert_eq!(grouped(1_234_567, Lang::Vi), "1.234.567");
        assert_eq!(grouped(1_234_567, Lang::En), "1,234,567");
        assert_eq!(grouped(12, Lang::Vi), "12");
        assert_eq!(percent(96.456, Lang::Vi), "96,46 %");
        assert_eq!(percent(96.0, Lang::En), "96.00 %");
    }
}
