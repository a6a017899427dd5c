//! The table that leads down: levels and agencies of the province, agencies of a level, procedures of an agency.

use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::indices::case_mix::CaseMix;
use dung_hen_domain::indices::rounded;
use dung_hen_domain::satisfaction::tables::Question;
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::frame::definition;
use super::numbers::{Numbers, What};
use super::view::View;
use crate::config::TargetFigure;
use crate::figures::satisfaction::Published;
use crate::report::overview::on_time;
use crate::shown::{
    beside_target, chart, grouped, percent, share_words, standing_words, too_few, verdict_words,
};
use crate::state::AppState;

fn name(state: &AppState, view: &View, what: &What) -> Markup {
    let lang = view.lang;
    match what {
        What::Level(level) => {
            html! { a href=(view.of_level(*level)) { (words::agency_level(*level, lang)) } }
        }
        What::Agency(_, code) if state.reference.agencies.contains_key(code.as_str()) => {
            html! { a lang="vi" href=(view.link("", &view.period_text, Some(code), lang)) { (state.reference.agency_name(code)) } }
        }
        What::Agency(_, code) => html! { (code) },
        What::Procedure(code) => {
            let known = state.reference.catalogue.get(code);
            html! { span lang="vi" { (known.map_or(code.as_str(), |row| row.name.as_str())) } }
        }
    }
}

fn mix_words(mix: Option<CaseMix>, lang: Lang) -> String {
    mix.map_or_else(
        || "–".to_owned(),
        |mix| {
            let difference = rounded(mix.difference());
            let sign = if difference > 0.0 { "+" } else { "" };
            let points = format!("{sign}{difference:.2}");
            let points = lang.pick(&points.replace('.', ","), &points).to_owned();
            format!("{} ({points})", percent(mix.expected, lang))
        },
    )
}

fn satisfied(published: &Published, target: Option<f64>, lang: Lang) -> Markup {
    let shown = published
        .share(Question::Overall)
        .and_then(|share| Some((share, share.wilson()?)));
    html! {
        @if let Some((share, interval)) = shown {
            (chart::bar(share, target, Some(interval)))
            (share_words(share, lang))
            @if let Some(target) = target {
                ", " (standing_words(share.standing(target), lang)) "; " (verdict_words(share.verdict(target), lang))
            }
        } @else {
            (too_few(lang))
        }
    }
}

/// By what the rows are.
pub(super) fn title(view: &View) -> &'static str {
    if view.agency.is_none() {
        view.lang.pick("Theo cấp và cơ quan", "By level and agency")
    } else {
        view.lang.pick("Theo thủ tục", "By procedure")
    }
}

/// The table.
pub(super) fn rows(state: &AppState, view: &View, numbers: &Numbers) -> Markup {
    if numbers.rows.is_empty() {
        return html! {};
    }
    let lang = view.lang;
    let by_agency = view.agency.is_none();
    let caption = title(view);
    let of = |figure, what: &What| {
        let level = match what {
            What::Level(level) | What::Agency(level, _) => Some(*level),
            What::Procedure(_) => None,
        };
        view.target(state, figure, level)
            .map(|target| target.percent)
    };
    html! {
        section aria-labelledby="rows" {
            h2 id="rows" { (caption) }
            div class="scroll" tabindex="0" role="group" aria-labelledby="rows" {
                table {
                    caption { (caption) ". " (lang.pick("Vạch đứng là chỉ tiêu, đoạn kẻ có hai đầu chặn là khoảng tin cậy 95 %.", "The upright line is the target, whiskers are 95 % intervals.")) " "
                        (definition(lang, "on-time")) }
                    thead { tr {
                        th scope="col" { (if by_agency { lang.pick("Cơ quan", "Agency") } else { lang.pick("Thủ tục", "Procedure") }) }
                        th scope="col" class="wide" { (lang.pick("Tỷ lệ đúng hẹn", "On-time share")) }
                        @if by_agency {
                            th scope="col" class="mix" { (lang.pick("Nếu mỗi thủ tục như toàn tỉnh", "If each procedure went as in the province")) " " (definition(lang, "case-mix")) }
                        }
                        th scope="col" class="wide" { (lang.pick("Tỷ lệ hài lòng", "Satisfied share")) " " (definition(lang, "satisfied")) }
                        th scope="col" class="number" { (lang.pick("Tiếp nhận", "Received")) }
                        th scope="col" class="number" { (lang.pick("Trễ", "Late")) }
                        th scope="col" class="number" { (lang.pick("Đang quá hạn", "Open overdue")) }
                        th scope="col" class="number" { (lang.pick("Thiếu văn bản xin lỗi", "Apologies missing")) " " (definition(lang, "apology")) }
                    } }
                    tbody {
                        @for row in &numbers.rows {
                            @let share = on_time(&row.counts);
                            @let target = of(TargetFigure::OnTime, &row.what);
                            tr class=[matches!(row.what, What::Level(_)).then_some("level")] {
                                th scope="row" { (name(state, view, &row.what)) }
                                td class="wide" { (chart::bar(share, target, None)) (share_words(share, lang)) @if target.is_some() { ", " (beside_target(share, target, lang)) } }
                                @if by_agency { td { (mix_words(row.mix, lang)) } }
                                td class="wide" { (satisfied(&row.satisfied, of(TargetFigure::Satisfied, &row.what), lang)) }
                                td class="number" { (grouped(row.counts.count(M::Received), lang)) }
                                td class="number" { (grouped(row.counts.count(M::Late), lang)) }
                                td class="number" { (grouped(row.counts.count(M::OpenOverdue), lang)) }
                                td class="number" { (grouped(row.counts.count(M::Missing), lang)) }
                            }
                        }
                    }
                }
            }
            @if view.agency.is_none() {
                p class="help" { (lang.pick("Trong ngoặc: hơn hay kém bao nhiêu điểm phần trăm so với mức dự kiến theo cơ cấu thủ tục.", "In brackets: percentage points above or below what the case mix lets expect.")) }
            }
        }
    }
}

/// The way back up: province, level, agency.
pub(super) fn trail(state: &AppState, view: &View) -> Markup {
    let lang = view.lang;
    let level = view.level.or_else(|| {
        view.agency
            .as_deref()
            .map(|code| state.reference.level_of(code))
    });
    // The whole province is the top; the title says what it is.
    let Some(level) = level else {
        return html! {};
    };
    html! {
        nav aria-label=(lang.pick("Vị trí", "Where this is")) {
            ol class="trail" {
                li { a href=(view.home()) { (state.reference.province.name.in_lang(lang)) } }
                li { @if view.agency.is_some() { a href=(view.of_level(level)) { (words::agency_level(level, lang)) } } @else { strong aria-current="page" { (words::agency_level(level, lang)) } } }
                @if let Some(code) = &view.agency { li { strong aria-current="page" lang="vi" { (state.reference.agency_name(code)) } } }
            }
        }
    }
}
