//! Scores by the formulas of QĐ 766/QĐ-TTg, as far as cases can give them: with how sure the formula is, never as the
//! official index, and never merged with the satisfied share.

use dung_hen_domain::indices::qd766::{
    PROGRESS_POINTS, SATISFACTION_PART_POINTS, dossier_satisfaction_score, feedback_on_time_score,
};
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::words::Lang;
use maud::{Markup, html};

use super::frame::definition;
use crate::figures::formulas::{Facts, QD766};
use crate::shown::grouped;

fn points(score: f64, lang: Lang) -> String {
    let text = format!("{:.2}", rounded(score));
    lang.pick(&text.replace('.', ","), &text).to_owned()
}

fn row(
    name: &str,
    score: Option<String>,
    most: f64,
    counted: Share,
    section: &str,
    lang: Lang,
) -> Markup {
    html! {
        tr {
            th scope="row" { (name) ". " (definition(lang, section)) }
            td class="number" { @match score {
                Some(score) => { (score) " / " (most) },
                None => { (lang.pick("chưa tính được", "not known")) },
            } }
            td class="number" { (grouped(counted.part, lang)) "/" (grouped(counted.n, lang)) }
        }
    }
}

/// What the section is called.
pub(super) const fn title(lang: Lang) -> &'static str {
    lang.pick(
        "Điểm theo công thức của QĐ 766",
        "Scores by the formulas of Decision 766",
    )
}

/// The section; `terms`: whether the province has fixed a time to answer objections.
pub(super) fn section(facts: &Facts, terms: bool, lang: Lang) -> Markup {
    let progress = facts.dossiers().progress_score();
    let on_time = facts.dossiers().on_time();
    let satisfied = facts.satisfied();
    let [least, most] = [satisfied.least, satisfied.most]
        .map(|share| points(dossier_satisfaction_score(share), lang));
    let between = if least == most {
        least
    } else {
        format!("{least} – {most}")
    };
    let feedback = facts.feedback();
    let answered = terms.then(|| points(feedback_on_time_score(feedback), lang));
    html! {
        section aria-labelledby="formulas" {
            h2 id="formulas" { (title(lang)) }
            p class="help" {
                @match lang {
                    Lang::Vi => { (QD766.words(lang)) ". Đây không phải điểm chính thức. Các nhóm khác của quyết định (công khai, số hóa, dịch vụ trực tuyến) cần dữ liệu mà hồ sơ không có, nên không có tổng điểm." }
                    Lang::En => { "The formulas as secondary sources report them. These are not official scores. The other groups of the decision (publicity, digitisation, online services) need what no case holds, so there is no total." }
                }
            }
            div class="scroll" tabindex="0" role="group" aria-labelledby="formulas" {
                table {
                    caption { (lang.pick("Điểm của kỳ", "Scores of the period")) ". " (definition(lang, "qd-766-progress")) }
                    thead { tr {
                        th scope="col" { (lang.pick("Nhóm", "Group")) }
                        th scope="col" class="number" { (lang.pick("Điểm", "Score")) }
                        th scope="col" class="number" { (lang.pick("Hồ sơ, phản ánh", "Cases, objections")) }
                    } }
                    tbody {
                        (row(
                            lang.pick("Tiến độ giải quyết", "Progress"),
                            progress.map(|score| points(score, lang)), PROGRESS_POINTS, on_time, "qd-766-progress", lang,
                        ))
                        (row(
                            lang.pick("Hài lòng về hồ sơ", "Satisfaction with dossiers"),
                            (on_time.n > 0).then_some(between), SATISFACTION_PART_POINTS, satisfied.most, "qd-766-satisfaction", lang,
                        ))
                        (row(
                            lang.pick("Phản ánh được trả lời đúng hạn", "Feedback answered in time"),
                            answered, SATISFACTION_PART_POINTS, feedback, "qd-766-satisfaction", lang,
                        ))
                    }
                }
            }
        }
    }
}
