//! What does not fit in the data sent, in the words of both languages.

use chrono::NaiveDate;
use dung_hen_domain::case_code::CaseCode;
use dung_hen_domain::consistency::{Doubt, Facts, LetterDates, doubts};
use dung_hen_domain::wire::Text;

use crate::store::CaseRecord;

pub(super) fn view(record: &CaseRecord, as_of: NaiveDate) -> Vec<Text> {
    found(record, as_of).into_iter().map(words).collect()
}

/// The contradictions in a case.
#[must_use]
pub fn found(record: &CaseRecord, as_of: NaiveDate) -> Vec<Doubt> {
    let Ok(code) = CaseCode::parse(&record.code) else {
        return Vec::new();
    };
    let requests = super::waiting::requests(record);
    let letters: Vec<LetterDates> = record
        .letters
        .iter()
        .map(|letter| LetterDates {
            issued: letter.issued,
            previous: letter.previous_due,
            revised: letter.revised_due,
        })
        .collect();
    doubts(&Facts {
        code: &code,
        status: record.status,
        received: record.received_at.map(|moment| moment.date()),
        first_promise: record.first_promise,
        finished: record.finished_at.map(|moment| moment.date()),
        returned: record.returned_at.map(|moment| moment.date()),
        requests: &requests,
        letters: &letters,
        senders_disagree: !record.detail.disagreements.is_empty(),
        as_of,
    })
}

fn words(doubt: Doubt) -> Text {
    let (vi, en) = match doubt {
        Doubt::FinishedBeforeReception => (
            "Dữ liệu ghi hồ sơ giải quyết xong trước ngày tiếp nhận.",
            "The data say that it was finished before it was received.",
        ),
        Doubt::ReturnedBeforeFinished => (
            "Dữ liệu ghi trả kết quả trước khi giải quyết xong.",
            "The data say that the result was handed over before it was finished.",
        ),
        Doubt::EndInTheFuture => (
            "Dữ liệu ghi ngày xong hoặc ngày trả kết quả còn ở phía trước.",
            "The data name an end that has not come yet.",
        ),
        Doubt::ReceptionInTheFuture => (
            "Dữ liệu ghi ngày tiếp nhận còn ở phía trước.",
            "The data name a reception that has not come yet.",
        ),
        Doubt::EndNotSent => (
            "Dữ liệu ghi đã xong nhưng không có ngày xong.",
            "The data say finished, and give no day for it.",
        ),
        Doubt::OpenWithAnEnd => (
            "Dữ liệu ghi đang xử lý nhưng lại có ngày xong.",
            "The data say that it is being processed, and give a day on which it ended.",
        ),
        Doubt::PromiseBeforeReception => (
            "Dữ liệu ghi ngày hẹn trả trước ngày tiếp nhận.",
            "The data name a promised date before the reception.",
        ),
        Doubt::AnsweredBeforeAsked => (
            "Dữ liệu ghi nhận giấy tờ bổ sung trước khi yêu cầu bổ sung.",
            "The data say that papers came in before they were asked for.",
        ),
        Doubt::AskedBeforeReception => (
            "Dữ liệu ghi yêu cầu bổ sung trước ngày tiếp nhận.",
            "The data say that papers were asked for before the reception.",
        ),
        Doubt::LetterBeforeReception => (
            "Dữ liệu ghi văn bản xin lỗi có trước ngày tiếp nhận.",
            "The data hold a letter of apology older than the reception.",
        ),
        Doubt::NewDateNotLater => (
            "Văn bản xin lỗi ghi ngày hẹn mới không sau ngày hẹn cũ.",
            "A letter of apology names a new date that is not after the old one.",
        ),
        Doubt::CodeAfterReception => (
            "Ngày trong mã hồ sơ ở sau ngày tiếp nhận.",
            "The date inside the case code lies after the reception.",
        ),
        Doubt::YearImpossible => (
            "Dữ liệu có một ngày với năm không thể có.",
            "The data hold a date of an impossible year.",
        ),
        Doubt::SendersDisagree => (
            "Hai hệ thống gửi ngày khác nhau cho cùng một hồ sơ.",
            "Two systems sent different dates for the same case.",
        ),
    };
    Text {
        vi: vi.to_owned(),
        en: en.to_owned(),
    }
}
