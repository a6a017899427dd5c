//! Filed online, paid without cash, with an electronic result: level by level, each beside its own target.

use std::collections::BTreeMap;

use dung_hen_domain::case::Level;
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::Share;
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::frame::{definition, source};
use super::numbers::{Numbers, What};
use super::view::View;
use crate::config::{Target, TargetFigure};
use crate::shown::{beside_target, chart, percent, share_words};
use crate::state::AppState;

/// A share: its name, its part and whole, and the section that defines it.
struct Shown {
    figure: TargetFigure,
    part: M,
    whole: M,
    section: &'static str,
}

const SHOWN: [Shown; 3] = [
    Shown {
        figure: TargetFigure::Online,
        part: M::Online,
        whole: M::Received,
        section: "online",
    },
    Shown {
        figure: TargetFigure::Cashless,
        part: M::Cashless,
        whole: M::Paid,
        section: "cashless",
    },
    Shown {
        figure: TargetFigure::ElectronicResults,
        part: M::ElectronicResults,
        whole: M::Finished,
        section: "electronic-results",
    },
];

const fn name(figure: TargetFigure, lang: Lang) -> &'static str {
    match figure {
        TargetFigure::Online => lang.pick("Nộp trực tuyến", "Filed online"),
        TargetFigure::Cashless => lang.pick("Thanh toán không dùng tiền mặt", "Paid without cash"),
        _ => lang.pick("Kết quả điện tử", "Electronic results"),
    }
}

/// The section: levels of the province, or the agency alone.
pub(super) fn section(state: &AppState, view: &View, numbers: &Numbers) -> Markup {
    let lang = view.lang;
    let mut levels = BTreeMap::<Level, Counts>::new();
    match &view.agency {
        Some(agency) if numbers.whole.count(M::Received) > 0 => {
            levels.insert(state.reference.level_of(agency), numbers.whole);
        }
        Some(_) => {}
        None => {
            for row in &numbers.rows {
                if let What::Agency(level, _) = &row.what {
                    levels.entry(*level).or_default().add(&row.counts, 1);
                }
            }
        }
    }
    if levels.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="levels" {
            h2 id="levels" { (title(lang)) }
            @for shown in SHOWN { (table(state, view, &levels, &shown)) }
        }
    }
}

pub(super) const fn title(lang: Lang) -> &'static str {
    lang.pick(
        "Trực tuyến, không tiền mặt, điện tử",
        "Online, cashless, electronic",
    )
}

fn table(state: &AppState, view: &View, levels: &BTreeMap<Level, Counts>, shown: &Shown) -> Markup {
    let lang = view.lang;
    let name = name(shown.figure, lang);
    let rows: Vec<(Level, Share, Option<&Target>)> = levels
        .iter()
        .map(|(level, counts)| {
            let share = Share {
                part: counts.count(shown.part),
                n: counts.count(shown.whole),
            };
            (
                *level,
                share,
                view.target(state, shown.figure, Some(*level)),
            )
        })
        .collect();
    let mut sources: Vec<&Target> = rows.iter().filter_map(|(.., target)| *target).collect();
    sources.dedup();
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(name) {
            table {
                caption { (name) ". " (definition(lang, shown.section)) }
                thead { tr {
                    th scope="col" { (lang.pick("Cấp", "Level")) }
                    th scope="col" class="wide" { (lang.pick("Tỷ lệ", "Share")) }
                    th scope="col" { (lang.pick("Chỉ tiêu", "Target")) }
                    th scope="col" { (lang.pick("So với chỉ tiêu", "Beside the target")) }
                } }
                tbody {
                    @for (level, share, target) in &rows {
                        @let target = target.map(|target| target.percent);
                        tr {
                            th scope="row" { (words::agency_level(*level, lang)) }
                            td class="wide" {
                                @if share.n > 0 {
                                    (chart::bar(*share, target, None)) (share_words(*share, lang))
                                } @else if shown.figure == TargetFigure::Cashless {
                                    (lang.pick("không có dữ liệu về cách thanh toán", "nothing is known of how fees were paid"))
                                } @else {
                                    (lang.pick("chưa có số liệu", "nothing counted"))
                                }
                            }
                            td { @match target { Some(target) => (percent(target, lang)), None => (lang.pick("không có", "none")) } }
                            td { (beside_target(*share, target, lang)) }
                        }
                    }
                }
            }
        }
        @for target in sources { (source(target, lang)) }
    }
}
