//! Cases by how they ended; and how many results grant and refuse, as far as it was told.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::outcomes::RESULTS;
use dung_hen_domain::satisfaction::tables::RatedOutcome as Row;
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::frame::definition;
use super::numbers::Numbers;
use crate::shown::grouped;

/// All results stand together here, whether it is told what they say or not.
const fn name(row: Row, lang: Lang) -> &'static str {
    match row {
        Row::Decided => lang.pick("có kết quả, không trễ", "a result, not late"),
        Row::DecidedLate => lang.pick("có kết quả, trễ hẹn", "a result, late"),
        other => words::outcome(other, lang),
    }
}

/// The section.
pub(super) fn section(numbers: &Numbers, lang: Lang) -> Markup {
    let told: Vec<_> = (RESULTS.iter())
        .filter_map(|row| Some((*row, *numbers.results.get(row.name())?)))
        .filter(|(_, n)| *n > 0)
        .collect();
    html! {
        @if !numbers.outcomes.is_empty() {
            section aria-labelledby="outcomes" {
                h2 id="outcomes" { (lang.pick("Kết cục của hồ sơ", "How cases ended")) }
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
            }
        }
    }
}
