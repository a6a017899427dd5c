//! How figures are written and drawn, and how a page begins, wherever they are shown: board, briefs, workbook. Nothing here reads a store or
//! knows a page.

pub(crate) mod chart;

use dung_hen_domain::indices::{Share, Standing, Verdict, rounded};
use dung_hen_domain::integrity::Counted;
use dung_hen_domain::words::Lang;
use maud::{Markup, html};

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
pub(crate) fn month_words(month: &str) -> String {
    match month.split_once('-') {
        Some((year, month)) => format!("{month}/{year}"),
        None => month.to_owned(),
    }
}

/// The head of a page, with what brings its style.
pub(crate) fn head(title: &str, style: &Markup) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) " – Đúng Hẹn" }
            (style)
        }
    }
}

/// A style that the server has at this address.
pub(crate) fn linked(address: &str) -> Markup {
    html! { link rel="stylesheet" href=(address); }
}

/// What stands where nothing is published: they may be none or some.
pub(crate) const fn too_few(lang: Lang) -> &'static str {
    lang.pick("chưa đủ 5 trả lời", "fewer than 5 answers")
}

/// A percentage as it is read, two decimals.
pub(crate) fn percent(value: f64, lang: Lang) -> String {
    let text = format!("{:.2}", rounded(value));
    lang.pick(&text.replace('.', ","), &text).to_owned() + " %"
}

pub(crate) fn share_words(share: Share, lang: Lang) -> String {
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

pub(crate) const fn standing_words(standing: Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::AtOrAbove => lang.pick("bằng hoặc trên chỉ tiêu", "at or above the target"),
        Standing::Below => lang.pick("dưới chỉ tiêu", "below the target"),
        Standing::Empty => lang.pick("chưa có số liệu", "nothing counted"),
    }
}

pub(crate) fn beside_target(share: Share, target: Option<f64>, lang: Lang) -> &'static str {
    target.map_or("–", |target| standing_words(share.standing(target), lang))
}

pub(crate) const fn verdict_words(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Met => lang.pick("đạt", "met"),
        Verdict::NotMet => lang.pick("chưa đạt", "not met"),
        Verdict::NotEnoughData => lang.pick("chưa đủ dữ liệu", "not enough answers"),
    }
}

/// The words of what is counted beside the satisfied share.
pub(crate) const fn counted(kind: Counted, lang: Lang) -> &'static str {
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
