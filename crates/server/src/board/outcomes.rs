//! Cases by how they ended; and how many results grant and refuse, and how many of these on time, as far as it was told.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::indices::Verdict;
use dung_hen_domain::outcomes::{OnTime, RESULTS};
use dung_hen_domain::satisfaction::tables::RatedOutcome as Row;
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::frame::definition;
use super::numbers::Numbers;
use crate::shown::{grouped, share_words, verdict_words};

/// All results stand together here, whether it is told what they say or not.
const fn name(row: Row, lang: Lang) -> &'static str {
    match row {
        Row::Decided => lang.pick("có kết quả, không trễ", "a result, not late"),
        Row::DecidedLate => lang.pick("có kết quả, trễ hẹn", "a result, late"),
        other => words::outcome(other, lang),
    }
}

/// A share, or the two between which it is, beside the target.
fn between(on_time: OnTime, target: Option<f64>, lang: Lang) -> Markup {
    let verdict = target.map(|target| match on_time.verdict(target) {
        Verdict::NotEnoughData => lang.pick("chưa đủ dữ liệu", "not enough data"),
        other => verdict_words(other, lang),
    });
    html! {
        @if on_time.least.n == 0 || on_time.most.n == 0 {
            (lang.pick("không rõ", "not known"))
        } @else if on_time.least == on_time.most {
            (share_words(on_time.least, lang))
        } @else {
            (lang.pick("từ ", "from ")) (share_words(on_time.least, lang)) (lang.pick(" đến ", " to ")) (share_words(on_time.most, lang))
        }
        @if let Some(verdict) = verdict { ", " (verdict) }
    }
}

pub(super) const fn title(lang: Lang) -> &'static str {
    lang.pick("Tình trạng giải quyết hồ sơ", "How cases ended")
}

/// The section.
pub(super) fn section(numbers: &Numbers, target: Option<f64>, lang: Lang) -> Markup {
    let sums = numbers.results.sums();
    let told: Vec<_> = (RESULTS.iter())
        .filter_map(|row| Some((*row, *sums.get(row.name())?)))
        .filter(|(_, n)| *n > 0)
        .collect();
    let on_time = numbers.results.on_time();
    let months = on_time.iter().map(|(_, one)| one.agency_months).max();
    let months = months.filter(|months| *months > 0);
    html! {
        @if !numbers.outcomes.is_empty() {
            section aria-labelledby="outcomes" {
                h2 id="outcomes" { (title(lang)) }
                table {
                    caption { (lang.pick("Hồ sơ của kỳ", "Cases of the period")) ". " (definition(lang, "outcome")) }
                    tbody {
                        @for row in Row::ALL {
                            @if let Some(counts) = numbers.outcomes.get(row.name()) {
                                tr {
                                    th scope="row" { (name(*row, lang)) }
                                    // Those not accepted were never received; those withdrawn are in both counts.
                                    td class="number" { (grouped(counts.count(M::Received).max(counts.count(M::NotCounted)), lang)) }
                                }
                            }
                        }
                    }
                }
                @if !told.is_empty() {
                    table {
                        caption { (lang.pick("Trong đó đã nêu rõ, một lần, khi mọi hồ sơ của tháng đã xong", "Of these told, once, when all cases of a month had ended")) ". " (definition(lang, "outcome")) }
                        tbody { @for (row, n) in told {
                            tr {
                                th scope="row" { (words::outcome(row, lang)) }
                                td class="number" { (grouped(n.unsigned_abs(), lang)) }
                            }
                        } }
                    }
                }
                @if let Some(months) = months {
                    table {
                        caption { (lang.pick("Đúng hẹn trong số đó", "On time among these")) " ("
                            @if lang == Lang::Vi { "tháng của từng cơ quan: " } @else { "months of single agencies: " }
                            (grouped(months, lang)) "). " (definition(lang, "outcome-on-time")) }
                        tbody { @for (row, share) in &on_time {
                            tr {
                                th scope="row" { @if *row == Row::Granted { (lang.pick("được giải quyết", "granted")) } @else { (lang.pick("bị từ chối giải quyết", "refused")) } }
                                td { (between(*share, target, lang)) }
                            }
                        } }
                    }
                }
            }
        }
    }
}
