//! Words shared by the element, the server's own pages and the command line, in both languages.
//!
//! Only the vocabulary of the field stands here; sentences of one screen stay with that screen.

use crate::apology::ApologyState;
use crate::calendar::Holiday;
use crate::case::{CaseStatus, Channel, Decision, Level as AgencyLevel};
use crate::letter::LetterField;
use crate::letter_check::{LetterFault, LetterFlag};
use crate::objection::ObjectionKind;
use crate::satisfaction::tables::RatedOutcome;
use crate::time_limit::Unit;
use crate::timeliness::Timeliness;
use crate::wire::{DayMark, EventKind};

pub use crate::lang::{Lang, date_in_words, day_and_month, long_date, short_date, weekday};
pub use crate::satisfaction::wording::{criterion, factor, level, overall};

/// The state of a case in words a tired person understands.
#[must_use]
pub const fn status(status: CaseStatus, lang: Lang) -> &'static str {
    let (vi, en) = match status {
        CaseStatus::Registered => (
            "Mới đăng ký, chờ tiếp nhận",
            "Filed, waiting to be received",
        ),
        CaseStatus::Received => ("Đã được tiếp nhận", "Received"),
        CaseStatus::NotAccepted => ("Không được tiếp nhận", "Not accepted"),
        CaseStatus::Processing => ("Đang xử lý", "Being processed"),
        CaseStatus::SupplementRequested => ("Cần bổ sung giấy tờ", "More documents needed"),
        CaseStatus::PaymentRequested => ("Cần nộp phí, lệ phí hoặc thuế", "Payment needed"),
        CaseStatus::Withdrawn => ("Đã rút hồ sơ", "Withdrawn by the applicant"),
        CaseStatus::Stopped => ("Đã dừng xử lý", "Processing stopped"),
        CaseStatus::Finished => ("Đã xử lý xong, chờ trả kết quả", "Finished, result ready"),
        CaseStatus::Returned => ("Đã trả kết quả", "Result handed over"),
    };
    lang.pick(vi, en)
}

/// The state of a case in the words for its holder, who is told what the result says where that is known.
#[must_use]
pub const fn ended(status: CaseStatus, decision: Option<Decision>, lang: Lang) -> &'static str {
    match (status, decision) {
        (CaseStatus::Finished, Some(Decision::Refused)) => lang.pick(
            "Đã xử lý xong: từ chối giải quyết, chờ trả thông báo",
            "Finished: refused, notice ready",
        ),
        (CaseStatus::Returned, Some(Decision::Refused)) => lang.pick(
            "Đã trả thông báo từ chối giải quyết",
            "Refused, notice handed over",
        ),
        _ => self::status(status, lang),
    }
}

/// How a rated case ended.
#[must_use]
pub const fn outcome(outcome: RatedOutcome, lang: Lang) -> &'static str {
    let (vi, en) = match outcome {
        RatedOutcome::Granted => ("được giải quyết, không trễ", "granted, not late"),
        RatedOutcome::GrantedLate => ("được giải quyết, trễ hẹn", "granted, late"),
        RatedOutcome::Refused => ("bị từ chối giải quyết, không trễ", "refused, not late"),
        RatedOutcome::RefusedLate => ("bị từ chối giải quyết, trễ hẹn", "refused, late"),
        RatedOutcome::Decided => (
            "có kết quả, không trễ; không nói rõ là được giải quyết hay bị từ chối",
            "a result, not late; not said whether granted or refused",
        ),
        RatedOutcome::DecidedLate => (
            "có kết quả, trễ hẹn; không nói rõ là được giải quyết hay bị từ chối",
            "a result, late; not said whether granted or refused",
        ),
        RatedOutcome::NotAccepted => ("không được tiếp nhận", "not accepted"),
        RatedOutcome::Withdrawn => ("người nộp rút", "withdrawn"),
        RatedOutcome::Stopped => ("dừng giải quyết", "stopped"),
        RatedOutcome::Open => ("còn đang giải quyết", "still open"),
    };
    lang.pick(vi, en)
}

/// The five steps of a case.
#[must_use]
pub const fn step(step: u8, lang: Lang) -> &'static str {
    let (vi, en) = match step {
        1 => ("Nộp hồ sơ", "Filed"),
        2 => ("Tiếp nhận", "Received"),
        3 => ("Xử lý", "Processing"),
        4 => ("Có kết quả", "Result ready"),
        _ => ("Trả kết quả", "Handed over"),
    };
    lang.pick(vi, en)
}

/// How the case stands against its promise, in a few words; `days` as [`crate::timeliness::assess`] gives it.
#[must_use]
pub fn timeliness(timeliness: Timeliness, days: u32, lang: Lang) -> String {
    let (vi, en) = match (timeliness, days) {
        (Timeliness::Early, 1) => ("Xong sớm {} ngày", "Finished {} day early"),
        (Timeliness::Early, _) => ("Xong sớm {} ngày", "Finished {} days early"),
        (Timeliness::OnTime, _) => ("Xong đúng hẹn", "Finished on time"),
        (Timeliness::Late, 1) => ("Xong trễ {} ngày", "Finished {} day late"),
        (Timeliness::Late, _) => ("Xong trễ {} ngày", "Finished {} days late"),
        (Timeliness::WithinTime, _) => (
            "Còn {} ngày đến ngày hẹn",
            "{} days until the promised date",
        ),
        (Timeliness::DueSoon, 0) => ("Hẹn trả hôm nay", "Due today"),
        (Timeliness::DueSoon, 1) => ("Sắp đến hẹn: còn {} ngày", "Due soon: {} day left"),
        (Timeliness::DueSoon, _) => ("Sắp đến hẹn: còn {} ngày", "Due soon: {} days left"),
        (Timeliness::Overdue, 1) => ("Đã quá hẹn {} ngày", "Overdue by {} day"),
        (Timeliness::Overdue, _) => ("Đã quá hẹn {} ngày", "Overdue by {} days"),
        (Timeliness::Paused, _) => (
            "Tạm dừng tính thời hạn, chờ ông/bà",
            "Clock stopped, waiting for you",
        ),
        (Timeliness::NotApplicable, _) => ("Không tính thời hạn", "No deadline applies"),
        (Timeliness::Unknown, _) => (
            "Chưa đủ dữ liệu để nói sớm hay muộn",
            "Not enough data to say early or late",
        ),
    };
    let mut number = String::new();
    crate::civil::push_padded(&mut number, days, 1);
    lang.pick(vi, en).replacen("{}", &number, 1)
}

/// A holiday by name.
#[must_use]
pub const fn holiday(holiday: Holiday, lang: Lang) -> &'static str {
    let (vi, en) = match holiday {
        Holiday::NewYear => ("Tết Dương lịch", "New Year's Day"),
        Holiday::LunarNewYear => ("Tết Nguyên đán", "Lunar New Year"),
        Holiday::HungKings => ("Giỗ Tổ Hùng Vương", "Hùng Kings' Commemoration Day"),
        Holiday::ReunificationDay => ("Ngày Chiến thắng 30/4", "Reunification Day (30 April)"),
        Holiday::LabourDay => ("Ngày Quốc tế lao động 1/5", "Labour Day (1 May)"),
        Holiday::NationalDay => ("Quốc khánh 2/9", "National Day (2 September)"),
        Holiday::CultureDay => (
            "Ngày Văn hóa Việt Nam 24/11",
            "Vietnamese Culture Day (24 November)",
        ),
    };
    lang.pick(vi, en)
}

/// A unit of time, for a sentence such as "5 working days".
#[must_use]
pub const fn unit(unit: Unit, one: bool, lang: Lang) -> &'static str {
    let (vi, en) = match (unit, one) {
        (Unit::WorkingDay, true) => ("ngày làm việc", "working day"),
        (Unit::WorkingDay, false) => ("ngày làm việc", "working days"),
        (Unit::CalendarDay, true) => ("ngày", "day"),
        (Unit::CalendarDay, false) => ("ngày", "days"),
        (Unit::WorkingHour, true) => ("giờ làm việc", "working hour"),
        (Unit::WorkingHour, false) => ("giờ làm việc", "working hours"),
        (Unit::Week, true) => ("tuần", "week"),
        (Unit::Week, false) => ("tuần", "weeks"),
        (Unit::Month, true) => ("tháng", "month"),
        (Unit::Month, false) => ("tháng", "months"),
        (Unit::Year, true) => ("năm", "year"),
        (Unit::Year, false) => ("năm", "years"),
        (Unit::SameDay, _) => ("trong ngày", "same day"),
    };
    lang.pick(vi, en)
}

/// What a citizen objects to.
#[must_use]
pub const fn objection(kind: ObjectionKind, lang: Lang) -> &'static str {
    let (vi, en) = match kind {
        ObjectionKind::NotReceived => (
            "Hệ thống ghi đã trả kết quả, nhưng tôi chưa nhận được",
            "It says handed over, but I have received nothing",
        ),
        ObjectionKind::ClosedWithoutResult => (
            "Hồ sơ bị kết thúc mà không có kết quả",
            "The case was closed without a result",
        ),
        ObjectionKind::UnknownCode => (
            "Tôi có giấy hẹn nhưng hệ thống không có mã hồ sơ này",
            "I hold a receipt, but the code is unknown",
        ),
        ObjectionKind::Late => ("Hồ sơ bị trễ hẹn", "The case is late"),
        ObjectionKind::DateMoved => ("Ngày hẹn trả bị thay đổi", "The promised date was moved"),
        ObjectionKind::StoppedWithoutGround => (
            "Hồ sơ bị dừng hoặc trả lại không có căn cứ",
            "The case was stopped or sent back without ground",
        ),
        ObjectionKind::AskedToPayExtra => (
            "Tôi bị đòi thêm tiền ngoài quy định",
            "I was asked to pay extra",
        ),
        ObjectionKind::Conduct => (
            "Cán bộ gây khó khăn hoặc có thái độ không đúng",
            "An officer was obstructive or rude",
        ),
    };
    lang.pick(vi, en)
}

/// Why a letter of apology is not recorded.
#[must_use]
pub const fn letter_fault(fault: LetterFault, lang: Lang) -> &'static str {
    let (vi, en) = match fault {
        LetterFault::NumberMissing => (
            "Chưa có số văn bản.",
            "The number of the letter is missing.",
        ),
        LetterFault::ReasonMissing => (
            "Chưa có lý do: văn bản xin lỗi phải nêu lý do của cơ quan.",
            "The reason is missing: a letter of apology states the agency's reason.",
        ),
        LetterFault::SignerMissing => ("Chưa có người ký.", "The signer is missing."),
        LetterFault::IssuedUnread => (
            "Ngày ban hành còn thiếu, hoặc không phải một ngày có thật.",
            "The day of issue is missing, or no day that exists.",
        ),
        LetterFault::NewDateUnread => (
            "Ngày hẹn mới còn thiếu, hoặc không phải một ngày có thật.",
            "The new date is missing, or no day that exists.",
        ),
        LetterFault::IssuedInTheFuture => (
            "Ngày ban hành chưa đến.",
            "The day of issue has not come yet.",
        ),
        LetterFault::IssuedBeforeReception => (
            "Ngày ban hành trước ngày bắt đầu tính thời hạn.",
            "The day of issue lies before the start of the period.",
        ),
        LetterFault::NewDateNotLater => (
            "Ngày hẹn mới phải sau ngày hẹn mà văn bản này thay.",
            "The new date must be after the one it replaces.",
        ),
        LetterFault::NewDateBeforeIssue => (
            "Ngày hẹn mới không được trước ngày ban hành.",
            "The new date must not lie before the day of issue.",
        ),
        LetterFault::NewDateAfterEnd => (
            "Khi ban hành văn bản, hồ sơ đã giải quyết xong: không còn ngày nào để hẹn lại, hãy để trống ngày hẹn mới.",
            "The case was finished when the letter was issued: there is no date left to promise, leave the new date empty.",
        ),
        LetterFault::TooLong => (
            "Số văn bản và người ký tối đa 200 ký tự, lý do tối đa 2000 ký tự.",
            "Number and signer: 200 characters at most; reason: 2000.",
        ),
    };
    lang.pick(vi, en)
}

/// What the rules say against a letter that is recorded all the same.
#[must_use]
pub const fn letter_flag(flag: LetterFlag, lang: Lang) -> &'static str {
    let (vi, en) = match flag {
        LetterFlag::SecondPostponement => (
            "Hẹn lại quá số lần cho phép: người dân sẽ thấy ghi là ngoài quy định.",
            "More postponements than the rule allows: the citizen will see it marked as outside the rule.",
        ),
        LetterFlag::NewDateDayOff => (
            "Ngày hẹn mới là ngày nghỉ, cơ quan không trả kết quả.",
            "The new date is a day off: no result is handed over on it.",
        ),
        LetterFlag::NewDateUnsettled => (
            "Lịch làm việc của ngày hẹn mới chưa được công bố.",
            "Whether the new date is a working day has not been announced.",
        ),
        LetterFlag::IssuedLate => (
            "Văn bản ban hành sau hạn phải xin lỗi.",
            "The letter was issued after the last day for it.",
        ),
    };
    lang.pick(vi, en)
}

/// What a day is in the proof of a deadline.
#[must_use]
pub const fn day_mark(mark: DayMark, lang: Lang) -> &'static str {
    let (vi, en) = match mark {
        DayMark::Start => (
            "ngày tiếp nhận, không tính",
            "day of reception, not counted",
        ),
        DayMark::Working => ("ngày làm việc", "working day"),
        DayMark::SwappedWorking => ("ngày làm bù", "worked in exchange"),
        DayMark::CountedDayOff => ("ngày nghỉ, vẫn tính", "day off, counted all the same"),
        DayMark::Weekend => ("nghỉ cuối tuần", "weekend"),
        DayMark::Holiday => ("nghỉ lễ", "public holiday"),
        DayMark::InLieu => ("nghỉ bù", "day in lieu"),
        DayMark::SwappedOff => ("nghỉ hoán đổi", "swapped day off"),
        DayMark::NotCounted => ("không tính", "not counted"),
        DayMark::RolledTo => ("ngày làm việc kế tiếp", "next working day"),
    };
    lang.pick(vi, en)
}

/// What happened to a case.
#[must_use]
pub const fn event(kind: EventKind, lang: Lang) -> &'static str {
    let (vi, en) = match kind {
        EventKind::Received => ("Tiếp nhận hồ sơ", "Case received"),
        EventKind::Handled => ("Xử lý", "Handled"),
        EventKind::SupplementRequested => ("Yêu cầu bổ sung giấy tờ", "More documents asked for"),
        EventKind::SupplementReceived => ("Nhận giấy tờ bổ sung", "Documents came in"),
        EventKind::ApologyIssued => ("Cơ quan gửi văn bản xin lỗi", "The agency apologised"),
        EventKind::Finished => ("Giải quyết xong", "Finished"),
        EventKind::Returned => ("Trả kết quả", "Result handed over"),
        EventKind::WentBack => (
            "Hồ sơ được đưa về bước trước để làm tiếp",
            "The case went back to an earlier step",
        ),
    };
    lang.pick(vi, en)
}

/// How a case was filed.
#[must_use]
pub const fn channel(channel: Channel, lang: Lang) -> &'static str {
    let (vi, en) = match channel {
        Channel::Direct => ("Nộp trực tiếp", "At the counter"),
        Channel::Online => ("Nộp trực tuyến", "Online"),
        Channel::Postal => ("Nộp qua bưu chính công ích", "By public post"),
    };
    lang.pick(vi, en)
}

/// The level of an agency.
#[must_use]
pub const fn agency_level(level: AgencyLevel, lang: Lang) -> &'static str {
    let (vi, en) = match level {
        AgencyLevel::Ministry => ("Cơ quan ngành dọc", "Central agency in the province"),
        AgencyLevel::Province => ("Cấp tỉnh", "Province"),
        AgencyLevel::District => ("Cấp huyện", "District"),
        AgencyLevel::Commune => ("Cấp xã", "Commune"),
        AgencyLevel::Unknown => ("Chưa rõ cấp", "Level unknown"),
    };
    lang.pick(vi, en)
}

/// Where the apology stands, for tables and the holder's history.
#[must_use]
pub const fn apology(state: ApologyState, lang: Lang) -> &'static str {
    let (vi, en) = match state {
        ApologyState::NotOwed => ("Không phải xin lỗi", "None owed"),
        ApologyState::ReminderDue => ("Sắp đến hạn xin lỗi", "Letter due soon"),
        ApologyState::IssuedInTime => ("Đã xin lỗi đúng hạn", "Letter issued in time"),
        ApologyState::IssuedLate => ("Đã xin lỗi nhưng muộn", "Letter issued late"),
        ApologyState::Missing => ("Chưa có văn bản xin lỗi", "Letter missing"),
        ApologyState::PostponedAgain => (
            "Hẹn lại lần thứ hai, ngoài quy định",
            "Postponed a second time, outside the rule",
        ),
        ApologyState::FinishedLateWithout => (
            "Xong muộn, không có văn bản xin lỗi",
            "Finished late without a letter",
        ),
    };
    lang.pick(vi, en)
}

/// A field of the letter of apology.
#[must_use]
pub const fn letter_field(field: LetterField, lang: Lang) -> &'static str {
    let (vi, en) = match field {
        LetterField::Agency => ("cơ quan ban hành", "issuing agency"),
        LetterField::Number => ("số văn bản", "number"),
        LetterField::Issued => ("ngày ban hành", "day of issue"),
        LetterField::Case => ("thông tin hồ sơ", "the case"),
        LetterField::PreviousDue => ("ngày hẹn cũ", "previous date"),
        LetterField::Reason => ("lý do", "reason"),
        LetterField::RevisedDue => ("ngày hẹn mới", "new date"),
        LetterField::Signer => ("người ký", "signer"),
        LetterField::Addressee => ("người nhận", "addressee"),
        LetterField::Extensions => ("số lần gia hạn", "number of extensions"),
    };
    lang.pick(vi, en)
}
