//! What stands beside the satisfied share: how ballots were obtained, what looked odd, what contested ballots could
//! change. Signs, no verdicts.

use dung_hen_domain::indices::Share;
use dung_hen_domain::integrity::{Counted, PROOFS, SIGNS, WAYS, if_opposite};
use dung_hen_domain::words::Lang;
use maud::{Markup, html};

use super::frame::definition;
use crate::figures::integrity::{Numbers, number};
use crate::shown::{counted, grouped, percent};

fn group(caption: &str, kinds: &[Counted], numbers: &Numbers, lang: Lang) -> Markup {
    html! {
        tbody {
            tr { th scope="rowgroup" colspan="2" { strong { (caption) } } }
            @for kind in kinds {
                tr {
                    th scope="row" { (counted(*kind, lang)) }
                    td class="number" { (grouped(number(numbers, *kind), lang)) }
                }
            }
        }
    }
}

/// The numbers beside the share of the whole.
pub(super) fn beside(numbers: &Numbers, share: Option<Share>, lang: Lang) -> Markup {
    let ways: Vec<Counted> = PROOFS.into_iter().chain(WAYS).collect();
    let signs: Vec<Counted> = SIGNS.into_iter().chain([Counted::Contested]).collect();
    let contested = number(numbers, Counted::Contested);
    let bound = share.filter(|_| contested > 0).and_then(|share| {
        let (low, high) = if_opposite(share, contested);
        Some((low.percent()?, high.percent()?))
    });
    html! {
        details open {
            summary { (lang.pick("Phiếu đánh giá được lấy thế nào, có dấu hiệu gì lạ", "How ballots were obtained, and what looked odd")) }
            p class="help" { (lang.pick(
                "Dấu hiệu không phải kết luận, và không đánh giá nào bị bỏ vì chúng. Cán bộ cũng có thể biết mã trên giấy hẹn và các số cuối. Đếm từng nhóm 5, làm tròn xuống; số bị báo không phải của mình thì làm tròn lên.",
                "A sign is no verdict, and no rating is left out for it. An officer may know the receipt's secret and the digits, too. Counted in steps of five, rounded down; what is contested is rounded up.",
            )) }
            table {
                caption { (lang.pick("Đếm theo tháng lấy phiếu, tháng nhận đánh giá", "Counted by the month of the ballot, or of the rating")) ". " (definition(lang, "integrity")) }
                (group(lang.pick("Lấy phiếu bằng", "Ballots obtained by"), &ways, numbers, lang))
                (group(lang.pick("Dấu hiệu", "Signs"), &signs, numbers, lang))
            }
            @if let Some((low, high)) = bound {
                p { (lang.pick(
                    "Nếu mọi phiếu bị báo không phải của mình đều trái với ý người nộp, tỷ lệ hài lòng là từ",
                    "If every contested ballot said the opposite of what the holder thinks, the satisfied share would be from",
                )) " " (percent(low, lang)) " " (lang.pick("đến", "to")) " " (percent(high, lang)) "." }
            }
        }
    }
}
