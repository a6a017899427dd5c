//! Satisfied shares with their intervals, what was named after bad factors, outcomes, months, and what stands beside.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::indices::Share;
use dung_hen_domain::integrity::PROOFS;
use dung_hen_domain::satisfaction::tables::{Question, RatedOutcome};
use dung_hen_domain::satisfaction::{Criterion, SatisfactionFactor, wording};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::frame::{definition, headline, source};
use super::integrity;
use super::numbers::Numbers;
use super::view::View;
use crate::config::{Target, TargetFigure};
use crate::figures::integrity::number;
use crate::figures::satisfaction::Published;
use crate::shown::{
    chart, grouped, month_words, percent, share_words, standing_words, too_few, verdict_words,
};
use crate::state::AppState;

pub(super) const fn title(lang: Lang) -> &'static str {
    lang.pick(
        "Hài lòng, theo cách tính của SIPAS",
        "Satisfied, counted as SIPAS does",
    )
}

pub(super) fn section(state: &AppState, view: &View, numbers: &Numbers) -> Markup {
    let lang = view.lang;
    let dated = view.target(state, TargetFigure::Satisfied, None);
    let target = dated.map(|target| target.percent);
    let whole = &numbers.ratings.whole;
    let factor = |factor: &SatisfactionFactor| {
        let share = whole.share(Published::of_factor(*factor));
        row(words::factor(*factor, lang), share, None, lang)
    };
    html! {
        section aria-labelledby="satisfied" {
            h2 id="satisfied" { (title(lang)) }
            p class="help" { (lang.pick(
                "Không phải chỉ số SIPAS chính thức. Đoạn kẻ có hai đầu chặn là khoảng tin cậy 95 %; nhóm dưới 5 trả lời không được công bố.",
                "Not the official SIPAS index. Whiskers are 95 % intervals; groups under 5 answers are not published.",
            )) " " (definition(lang, "satisfied")) }
            @if let Some(step) = numbers.ratings.step {
                @if let Some(target) = dated { (source(target, lang)) }
                p class="help" { (lang.pick("Công bố theo đợt; đợt gần nhất", "Published in steps; the last one")) ": " (words::short_date(step, lang)) ". " (definition(lang, "step")) }
            }
            div class="scroll" tabindex="0" role="group" aria-labelledby="satisfied" {
                table {
                    caption { (lang.pick("Tỷ lệ hài lòng, chung và theo yếu tố", "Satisfied share, whole and by factor")) ". " (definition(lang, "factor")) }
                    (columns(lang.pick("Câu hỏi", "Question"), target, lang))
                    tbody {
                        (row(lang.pick("Chung", "The whole"), whole.share(Question::Overall), target, lang))
                        @for one in SatisfactionFactor::ALL { (factor(one)) }
                    }
                }
            }
            (denominators(numbers, lang))
            (named(numbers, lang))
            (by_outcome(numbers, target, lang))
            (by_month(numbers, target, lang))
            (integrity::beside(&numbers.beside, whole.share(Question::Overall), lang))
        }
    }
}

/// The head of a table of satisfied shares.
fn columns(first: &str, target: Option<f64>, lang: Lang) -> Markup {
    html! {
        thead { tr {
            th scope="col" { (first) }
            th scope="col" class="wide" { (lang.pick("Tỷ lệ hài lòng", "Satisfied share")) }
            th scope="col" { (lang.pick("Chỉ tiêu", "Target")) @if let Some(target) = target { " " (percent(target, lang)) } }
        } }
    }
}

/// Month by month of the year shown, where anything is published.
fn by_month(numbers: &Numbers, target: Option<f64>, lang: Lang) -> Markup {
    if numbers.rated_months.is_empty() {
        return html! {};
    }
    html! {
        h3 id="rated" { (lang.pick("Theo tháng trong năm", "By month of the year")) }
        div class="scroll" tabindex="0" role="group" aria-labelledby="rated" {
            table {
                caption { (lang.pick("Tỷ lệ hài lòng chung", "Satisfied share of the whole")) ". " (definition(lang, "step")) }
                (columns(lang.pick("Tháng", "Month"), target, lang))
                tbody { @for (month, published) in &numbers.rated_months {
                    (row(&month_words(month), published.share(Question::Overall), target, lang))
                } }
            }
        }
    }
}

fn row(name: &str, share: Option<Share>, target: Option<f64>, lang: Lang) -> Markup {
    let shown = share.and_then(|share| Some((share, share.wilson()?)));
    html! {
        tr {
            th scope="row" { (name) }
            @if let Some((share, (low, high))) = shown {
                td class="wide" {
                    (chart::bar(share, target, Some((low, high))))
                    (share_words(share, lang)) ", " (lang.pick("khoảng", "interval")) " " (percent(low, lang)) " – " (percent(high, lang))
                }
                td {
                    @if let Some(target) = target {
                        (standing_words(share.standing(target), lang)) "; " (verdict_words(share.verdict(target), lang))
                    } @else { "–" }
                }
            } @else {
                td class="wide" { (too_few(lang)) }
                td { "–" }
            }
        }
    }
}

/// The share of the whole in large type, where one is published.
pub(super) fn at_a_glance(numbers: &Numbers, target: Option<&Target>, lang: Lang) -> Markup {
    let share = numbers.ratings.whole.share(Question::Overall);
    let Some((share, interval)) = share.and_then(|share| Some((share, share.wilson()?))) else {
        return html! {};
    };
    let answers = html! {
        a href="#satisfied" { (grouped(share.n, lang)) " " (lang.pick("trả lời, theo yếu tố và theo tháng", "answers, by factor and by month")) } ". " (definition(lang, "satisfied"))
    };
    let title = lang.pick("Hài lòng", "Satisfied");
    headline(title, share, Some(interval), target, answers, lang)
}

/// How many were served, got a ballot and answered.
fn denominators(numbers: &Numbers, lang: Lang) -> Markup {
    let invited: u64 = PROOFS
        .iter()
        .map(|proof| number(&numbers.beside, *proof))
        .sum();
    // A nought would say that there are none, where four are not told.
    let answered = numbers
        .ratings
        .whole
        .share(Question::Overall)
        .map_or_else(|| too_few(lang).to_owned(), |share| grouped(share.n, lang));
    let shown = [
        (
            lang.pick("Hồ sơ đã phục vụ", "Cases served"),
            grouped(numbers.whole.count(M::Served), lang),
        ),
        (
            lang.pick(
                "Phiếu đã phát (đếm từng nhóm 5)",
                "Ballots given (in fives)",
            ),
            grouped(invited, lang),
        ),
        (
            lang.pick("Trả lời đã công bố", "Answers published"),
            answered,
        ),
    ];
    html! {
        dl class="counts" {
            @for (name, n) in shown { div { dt { (name) } dd { (n) } } }
        }
        p class="help" { (definition(lang, "denominators")) }
    }
}

/// What was named after bad factors: by x of the n who answered the factor. No share of satisfied.
fn named(numbers: &Numbers, lang: Lang) -> Markup {
    let mut all: Vec<_> = Criterion::ALL
        .iter()
        .filter_map(|one| Some((*one, numbers.ratings.whole.mentions(*one)?)))
        .collect();
    // What most were dissatisfied with comes first.
    all.sort_by_key(|(one, mentions)| (std::cmp::Reverse(mentions.named), *one as usize));
    html! {
        @if !all.is_empty() {
            h3 id="named" { (lang.pick("Người chưa hài lòng nêu điều gì", "What the dissatisfied named")) }
            div class="scroll" tabindex="0" role="group" aria-labelledby="named" {
                table {
                    caption { (lang.pick("x trong n người đã đánh giá yếu tố có nêu điều này; không phải tỷ lệ hài lòng", "Named by x of the n who rated the factor; no satisfied share")) ". " (definition(lang, "named")) }
                    thead { tr {
                        th scope="col" { (lang.pick("Tiêu chí", "Criterion")) }
                        th scope="col" { (lang.pick("Yếu tố", "Factor")) }
                        th scope="col" class="wide" { (lang.pick("Được nêu", "Named")) }
                    } }
                    tbody { @for (one, mentions) in &all {
                        tr {
                            th scope="row" { (wording::criterion(*one, lang)) }
                            td { (words::factor(one.factor(), lang)) }
                            td class="wide" {
                                (chart::bar(Share { part: mentions.named, n: mentions.raters }, None, None))
                                (grouped(mentions.named, lang)) " " (lang.pick("trong", "of")) " " (grouped(mentions.raters, lang))
                            }
                        }
                    } }
                }
            }
        }
    }
}

/// Satisfaction by how the case ended.
fn by_outcome(numbers: &Numbers, target: Option<f64>, lang: Lang) -> Markup {
    if numbers.rated_outcomes.is_empty() {
        return html! {};
    }
    html! {
        h3 id="rated-outcomes" { (lang.pick("Theo tình trạng giải quyết hồ sơ", "By how the case ended")) }
        div class="scroll" tabindex="0" role="group" aria-labelledby="rated-outcomes" {
            table {
                caption { (lang.pick("Tỷ lệ hài lòng chung", "Satisfied share of the whole")) ". " (definition(lang, "outcome")) }
                (columns(lang.pick("Tình trạng giải quyết", "Outcome"), target, lang))
                tbody { @for outcome in RatedOutcome::ALL {
                    @if let Some(published) = numbers.rated_outcomes.get(outcome.name()) {
                        (row(words::outcome(*outcome, lang), published.share(Question::Overall), target, lang))
                    }
                } }
            }
        }
    }
}
