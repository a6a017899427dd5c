//! Why there is no computed date, in the words of both languages.

use dung_hen_domain::deadline::{DeadlineError, NotComputed as Why};
use dung_hen_domain::rules::NoStart;
use dung_hen_domain::wire::{NotComputed, Text};

/// Of a case with a receipt in its applicant's hand.
pub(super) fn view(why: Why) -> NotComputed {
    worded(
        why,
        " Ngày ghi trên giấy hẹn vẫn có giá trị.",
        " The date on the receipt counts.",
    )
}

/// Of a case that nobody has filed yet: there is no receipt to speak of.
pub(super) fn before_filing(why: Why) -> NotComputed {
    worded(
        why,
        " Khi nộp, xin xem ngày ghi trên giấy hẹn.",
        " When you file, see the date on the receipt you are given.",
    )
}

fn worded(why: Why, then_vi: &str, then_en: &str) -> NotComputed {
    let (vi, en) = match why {
        Why::NoStart(NoStart::BeforeFirstSet) => (
            "hồ sơ được tiếp nhận trước ngày 21/06/2018, và hệ thống không có quy định của thời gian đó",
            "it was received before 21 June 2018, and this system does not hold the rules of that time",
        ),
        Why::NoStart(NoStart::NoRule) => (
            "hồ sơ được tiếp nhận không phụ thuộc địa giới, và chưa tìm được quy định thời hạn tính từ đâu trong trường hợp đó",
            "it was handed in outside the boundary of its agency, and no rule was found on when the period starts then",
        ),
        Why::NoStart(NoStart::CompetentReceptionUnknown) => (
            "hồ sơ được tiếp nhận không phụ thuộc địa giới, và chưa rõ cơ quan có thẩm quyền nhận ngày nào",
            "it was handed in outside the boundary of its agency, and when the competent agency received it is not known",
        ),
        Why::NoStart(NoStart::CompetentBeforeReception) => (
            "dữ liệu ghi cơ quan có thẩm quyền nhận hồ sơ trước ngày tiếp nhận",
            "the data say that the competent agency received it before its reception",
        ),
        Why::NoLimit => (
            "hệ thống không có thời hạn công bố của thủ tục này",
            "this system holds no published limit of this procedure",
        ),
        Why::LimitWithoutUnit => (
            "nơi công bố chỉ ghi con số, không ghi ngày làm việc, ngày hay giờ",
            "the source prints a number without saying working days, days or hours",
        ),
        Why::SeveralLimits => (
            "nơi công bố ghi nhiều thời hạn, và không rõ thời hạn nào áp dụng cho cách nộp này",
            "the source prints several limits, and which one applies to this way of filing is not said",
        ),
        Why::LimitOfAnotherTime => (
            "thời hạn công bố mà hệ thống có chỉ áp dụng đến trước ngày tiếp nhận",
            "the published limit at hand stood only until before the day of reception",
        ),
        Why::Counting(DeadlineError::BeforeCalendar) => (
            "lịch làm việc của hệ thống chưa có thời gian đó",
            "the working calendar of this system does not reach back that far",
        ),
        Why::Counting(DeadlineError::TimeRequired) => (
            "thời hạn tính theo giờ, và giờ tiếp nhận không được gửi đến",
            "the limit is in hours, and the hour of reception was not sent",
        ),
        Why::Counting(DeadlineError::DateOutOfRange) => (
            "ngày hết hạn vượt ra ngoài các năm có thể tính",
            "the last day lies outside the years that can be computed",
        ),
    };
    NotComputed {
        reason: why.code().to_owned(),
        text: Text {
            vi: format!("Chưa thể tính ngày hết hạn, vì {vi}.{then_vi}"),
            en: format!("The last day cannot be computed, because {en}.{then_en}"),
        },
    }
}
