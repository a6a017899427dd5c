//! What stands beside the satisfied share: how ballots were obtained, what looked odd, what contested ballots could
//! change. Signs, no verdicts.

use dung_hen_domain::indices::Share;
use dung_hen_domain::integrity::{Counted, PROOFS, SIGNS, WAYS, if_opposite};
use dung_hen_domain::words::Lang;
use maud::{Markup, html};

use super::page::{definition, grouped, percent};
use crate::service::integrity::{Numbers, number};

/// The words of a number.
pub(crate) const fn words(kind: Counted, lang: Lang) -> &'static str {
    use Counted as C;
    match kind {
        C::PortalToken => lang.pick("đăng nhập cổng dịch vụ công", "signed in at the portal"),
        C::ReceiptSecret => lang.pick("mã tra cứu trên giấy hẹn", "the receipt's secret"),
        C::LastDigits => lang.pick(
            "các số cuối của số định danh hoặc điện thoại",
            "last digits of an identity number or phone",
        ),
        C::DeskNetwork => lang.pick(
            "trong đó: từ mạng của bộ phận một cửa",
            "among them: from the desk's own network",
        ),
        C::WithoutJavascript => lang.pick(
            "trong đó: bằng trang không dùng JavaScript",
            "among them: by the page without JavaScript",
        ),
        C::Burst => lang.pick(
            "đánh giá đến dồn dập trong ít phút",
            "ratings that came in a burst",
        ),
        C::TooQuick => lang.pick(
            "phiếu được lấy nhanh hơn thời gian đọc câu hỏi",
            "ballots asked for sooner than anyone reads the questions",
        ),
        C::EqualRun => lang.pick(
            "đánh giá liên tiếp giống hệt nhau",
            "ratings in a run of equal ones",
        ),
        C::AllEqual => lang.pick(
            "đánh giá chọn cùng một mức cho mọi câu hỏi",
            "ratings with one level for every question",
        ),
        C::WithoutResult => lang.pick(
            "phiếu của hồ sơ đã đóng mà không có kết quả điện tử, không có ngày nhận kết quả",
            "ballots of cases closed without an electronic result or a day of collection",
        ),
        C::Contested => lang.pick(
            "hồ sơ có người nộp báo phiếu đầu không phải của mình, nhiều nhất",
            "cases whose holder says that the first ballot was not theirs, at most",
        ),
        C::Stored | C::Repeated | C::Corrected | C::Refused | C::RepeatedLater => "",
    }
}

fn group(caption: &str, kinds: &[Counted], numbers: &Numbers, lang: Lang) -> Markup {
    html! {
        tbody {
            tr { th scope="rowgroup" colspan="2" { strong { (caption) } } }
            @for kind in kinds {
                tr {
                    th scope="row" { (words(*kind, lang)) }
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
                "Dấu hiệu không phải kết luận, và không đánh giá nào bị bỏ vì chúng. Cán bộ cũng có thể biết mã trên giấy hẹn và các số cuối. Đếm theo bước năm, làm tròn xuống; số bị báo không phải của mình thì làm tròn lên.",
                "A sign is no verdict, and no rating is left out for it. An officer may know the receipt's secret and the digits, too. Counted in steps of five, rounded down; what is contested is rounded up.",
            )) " " (definition(lang, "integrity")) }
            table {
                caption { (lang.pick("Đếm theo tháng lấy phiếu, tháng nhận đánh giá", "Counted by the month of the ballot, or of the rating")) }
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
