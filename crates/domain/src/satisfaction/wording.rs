//! The questions put to citizens and the five words they answer with, in our own wording.
//!
//! What was published under the id of an instrument never changes: see [`super::instruments`].

use super::{Criterion, Level, SatisfactionFactor};
use crate::lang::Lang;

/// A level of the satisfaction scale, 1 to 5.
#[must_use]
pub const fn level(level: Level, lang: Lang) -> &'static str {
    let (vi, en) = match level.get() {
        1 => ("Rất không hài lòng", "Very dissatisfied"),
        2 => ("Không hài lòng", "Dissatisfied"),
        3 => ("Bình thường", "Neither satisfied nor dissatisfied"),
        4 => ("Hài lòng", "Satisfied"),
        _ => ("Rất hài lòng", "Very satisfied"),
    };
    lang.pick(vi, en)
}

/// A factor, as a question about it is titled.
#[must_use]
pub const fn factor(factor: SatisfactionFactor, lang: Lang) -> &'static str {
    let (vi, en) = match factor {
        SatisfactionFactor::Access => (
            "Nơi nộp hồ sơ và trả kết quả",
            "The place or site where you filed",
        ),
        SatisfactionFactor::Procedures => (
            "Thủ tục: giấy tờ, phí, thời hạn",
            "The procedure: papers, fees, time limit",
        ),
        SatisfactionFactor::Officials => {
            ("Cán bộ, công chức phục vụ", "The officials who served you")
        }
        SatisfactionFactor::Outcomes => ("Kết quả nhận được", "The result you received"),
        SatisfactionFactor::FeedbackHandling => (
            "Việc tiếp nhận góp ý, phản ánh",
            "How comments and complaints are handled",
        ),
    };
    lang.pick(vi, en)
}

/// A criterion of public service, in our own wording.
#[must_use]
pub const fn criterion(criterion: Criterion, lang: Lang) -> &'static str {
    let (vi, en) = match criterion {
        Criterion::Signage => (
            "Biển chỉ dẫn dễ thấy, dễ hiểu",
            "Signs are easy to see and understand",
        ),
        Criterion::Seating => ("Có đủ ghế ngồi, bàn viết", "Enough seats and desks"),
        Criterion::Equipment => (
            "Trang thiết bị phục vụ người dân đầy đủ, dùng được",
            "Equipment for visitors is there and works",
        ),
        Criterion::PostedOpenly => (
            "Thủ tục được niêm yết công khai, đầy đủ",
            "The procedure is fully on display",
        ),
        Criterion::PapersAsPrescribed => (
            "Không phải nộp giấy tờ ngoài quy định",
            "No papers beyond those prescribed",
        ),
        Criterion::FeesAsPrescribed => ("Phí, lệ phí đúng quy định", "Fees are those prescribed"),
        Criterion::TimeLimitAsPrescribed => (
            "Thời hạn giải quyết đúng quy định",
            "The time limit is the prescribed one",
        ),
        Criterion::Polite => ("Thái độ lịch sự", "Officials are polite"),
        Criterion::GuidedInOneGo => (
            "Hướng dẫn rõ ràng, đầy đủ trong một lần",
            "Guidance is clear and complete in one go",
        ),
        Criterion::KeepsToTheRules => (
            "Làm đúng quy định khi giải quyết hồ sơ",
            "Officials keep to the rules",
        ),
        Criterion::OnTheAppointedDay => (
            "Trả kết quả đúng ngày hẹn",
            "The result came on the appointed day",
        ),
        Criterion::CompleteAndCorrect => (
            "Kết quả đầy đủ, chính xác",
            "The result is complete and correct",
        ),
        Criterion::Fair => ("Kết quả công bằng", "The result is fair"),
        Criterion::EasyToComplain => (
            "Dễ dàng góp ý, phản ánh, kiến nghị",
            "It is easy to send feedback",
        ),
        Criterion::HandledAsPrescribed => (
            "Góp ý, phản ánh được xử lý đúng quy định",
            "Feedback is handled as prescribed",
        ),
        Criterion::ToldInTime => (
            "Được báo kết quả xử lý góp ý, phản ánh kịp thời",
            "The outcome of feedback is told in time",
        ),
    };
    lang.pick(vi, en)
}

/// The question about the service as a whole.
#[must_use]
pub const fn overall(lang: Lang) -> &'static str {
    lang.pick(
        "Nhìn chung, ông/bà có hài lòng với việc giải quyết hồ sơ này không?",
        "All in all, how satisfied are you with how this case was handled?",
    )
}
