//! The pages themselves.

use dung_hen_domain::apology::ApologyState;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::Share;
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::frame::{definition, frame, headline, scope};
use super::numbers::Numbers;
use super::view::View;
use super::{files, formulas, history, levels, outcomes, rows, satisfaction};
use crate::addresses::OPEN_DATA_ADDRESS;
use crate::config::{Target, TargetFigure};
use crate::report::overview::on_time;
use crate::shown::{chart, grouped, month_words, share_words};
use crate::state::AppState;

/// The board of a province or an agency.
pub(super) fn board(state: &AppState, view: &View, numbers: &Numbers) -> Markup {
    let lang = view.lang;
    let target = view.target(state, TargetFigure::OnTime, None);
    let on_time = target.map(|target| target.percent);
    let terms = !state.reference.province.objections.terms.is_empty();
    let title = lang.pick("Bảng số liệu đúng hẹn", "On-time board");
    // Each part with its name at the head of the page; one that has nothing to show is not there.
    let mut parts = vec![
        ("rows", rows::title(view), rows::rows(state, view, numbers)),
        ("trend", trend_title(lang), trend(numbers, on_time, lang)),
        (
            "levels",
            levels::title(lang),
            levels::section(state, view, numbers),
        ),
        (
            "outcomes",
            outcomes::title(lang),
            outcomes::section(numbers, on_time, lang),
        ),
        ("apologies", apologies_title(lang), apologies(view, numbers)),
        (
            "satisfied",
            satisfaction::title(lang),
            satisfaction::section(state, view, numbers),
        ),
        (
            "objections",
            objections_title(lang),
            objections(view, numbers),
        ),
        (
            "formulas",
            formulas::title(lang),
            formulas::section(&numbers.formulas, terms, lang),
        ),
        ("files", files_title(lang), take_away(view)),
    ];
    parts.retain(|(_, _, part)| !part.0.is_empty());
    let body = html! {
        (rows::trail(state, view))
        p { (scope(state, view, view.lang.pick("hồ sơ tiếp nhận", "cases received"))) }
        (history::note(state, view))
        (at_a_glance(numbers, target, view.target(state, TargetFigure::Satisfied, None), lang))
        nav class="contents" aria-label=(lang.pick("Các phần của trang", "Parts of this page")) {
            ul { @for (id, name, _) in &parts { li { a href=(format!("#{id}")) { (name) } } } }
        }
        @for (_, _, part) in &parts { (part) }
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
    let finished = html! {
        (grouped(share.part, lang)) " / " (grouped(share.n, lang)) " " (lang.pick("hồ sơ đã xong", "finished cases")) ". " (definition(lang, "on-time"))
    };
    html! {
        section aria-labelledby="glance" {
            h2 id="glance" class="unseen" { (lang.pick("Nhìn chung", "At a glance")) }
            div class="headlines" {
                (headline(lang.pick("Đúng hẹn", "On time"), share, None, target, finished, lang))
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
                (count(lang.pick("Rút hoặc dừng", "Withdrawn or stopped"), &grouped(whole.ended_without_result(), lang)))
                (count(lang.pick("Chưa rõ", "Not known"), &n(M::Unknown)))
                div {
                    dt { (lang.pick("Tổng số ngày trễ của hồ sơ đã xong", "Days late, finished cases together")) " " (definition(lang, "days-late")) }
                    dd { (n(M::DaysLate)) }
                }
            }
            p class="help" { (lang.pick(
                "Tiếp nhận là tổng các số đứng sau nó, trừ số ngày trễ. Số hồ sơ của kỳ",
                "Received is the sum of the numbers after it, but for the days late. Cases of the period",
            )) ": " (definition(lang, "period")) }
            p { (lang.pick("Nếu chỉ tính theo ngày hẹn sau cùng: ", "If only the last date named counted: ")) (share_words(last, lang)) ". " (definition(lang, "last-date")) }
        }
    }
}

fn count(name: &str, number: &str) -> Markup {
    html! { div { dt { (name) } dd { (number) } } }
}

const fn trend_title(lang: Lang) -> &'static str {
    lang.pick("Mười hai tháng", "Twelve months")
}

const fn apologies_title(lang: Lang) -> &'static str {
    lang.pick("Xin lỗi", "Apologies")
}

const fn objections_title(lang: Lang) -> &'static str {
    lang.pick("Phản ánh", "Objections")
}

const fn files_title(lang: Lang) -> &'static str {
    lang.pick("Tải về", "Files")
}

/// The same numbers as files.
fn take_away(view: &View) -> Markup {
    let lang = view.lang;
    let period = &view.period_text;
    html! {
        section aria-labelledby="files" {
            h2 id="files" { (files_title(lang)) }
            p { (lang.pick("Các con số của toàn tỉnh trong kỳ này: ", "The figures of the province in this period: "))
                a href=(files::workbook(view)) { (lang.pick("sổ số liệu XLSX", "workbook, XLSX")) } "." }
            p { (lang.pick("Dữ liệu mở JSON, để ai cũng tính lại được: ", "Open data as JSON, for anyone to count again: "))
                a href=(files::open_data(view)) { (lang.pick("của trang này", "of this page")) } ", "
                a href=(format!("{OPEN_DATA_ADDRESS}?period={period}")) { (lang.pick("mục lục của cả tỉnh", "index of the province")) } ". " (definition(lang, "open-data")) }
        }
    }
}

fn trend(numbers: &Numbers, target: Option<f64>, lang: Lang) -> Markup {
    let received = |(_, counts): &(String, Counts)| counts.count(M::Received) > 0;
    if !numbers.months.iter().any(received) {
        return html! {};
    }
    let shares: Vec<Share> = numbers
        .months
        .iter()
        .map(|(_, counts)| on_time(counts))
        .collect();
    html! {
        section aria-labelledby="trend" {
            h2 id="trend" { (trend_title(lang)) }
            (chart::trend(&shares, target))
            @if let (Some((first, _)), Some((last, _))) = (numbers.months.first(), numbers.months.last()) {
                p class="axis" { span { (month_words(first)) } span { (month_words(last)) } }
            }
            p class="help" { (lang.pick("Từ 50 % (cạnh dưới) đến 100 % (cạnh trên); vạch ngang đậm là chỉ tiêu.", "From 50 % (bottom) to 100 % (top); the strong line across is the target.")) }
            div class="scroll" tabindex="0" role="group" aria-labelledby="trend" {
                table class="months" {
                    caption { (lang.pick("Tỷ lệ đúng hẹn theo tháng tiếp nhận", "On-time share by month of reception")) ". " (definition(lang, "on-time")) }
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
            h2 id="apologies" { (apologies_title(lang)) }
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
            h2 id="objections" { (objections_title(lang)) }
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
