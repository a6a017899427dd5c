//! An objection as its reporter sees it: until when it is answered, who reads it, what was answered.

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::civil::IsoDate;
use dung_hen_domain::objection::{ObjectionKind, due, term};
use dung_hen_domain::wire::{ObjectionAnswer, ObjectionReceipt, ObjectionView, Text};
use dung_hen_domain::words;

use super::limit_words;
use crate::reference::Reference;
use crate::store::ObjectionRecord;

/// The last day to answer an objection of this kind; `None` where there is no term, or the calendar is not settled.
#[must_use]
pub fn due_day(
    kind: ObjectionKind,
    agency: &str,
    received: NaiveDateTime,
    reference: &Reference,
) -> Option<NaiveDate> {
    let term = term(&reference.objection_terms, kind, received.date())?;
    due(term, received, &reference.calendar, reference.hours(agency))
}

/// What the reporter gets at once.
#[must_use]
pub fn receipt(record: &ObjectionRecord, reference: &Reference) -> ObjectionReceipt {
    ObjectionReceipt {
        reference: record.reference.clone(),
        due_text: due_text(record, reference),
        goes_to: goes_to(record, reference),
    }
}

/// What its holder, or whoever holds the reference number, sees.
#[must_use]
pub fn objection(
    record: &ObjectionRecord,
    reference: &Reference,
    now: NaiveDateTime,
) -> ObjectionView {
    let due = named_day(record, reference);
    ObjectionView {
        reference: record.reference.clone(),
        kind: record.kind.into(),
        kind_text: Text::both(|lang| words::objection(record.kind, lang).to_owned()),
        received: IsoDate(record.received_at.date()),
        due: due.map(IsoDate),
        due_text: due_text(record, reference),
        overdue: record.answers.is_empty() && due.is_some_and(|due| now.date() > due),
        answers: record
            .answers
            .iter()
            .map(|answer| ObjectionAnswer {
                answered: IsoDate(answer.answered_at.date()),
                body: answer.body.clone(),
                person: answer.person.clone(),
                text: answer.text.clone(),
            })
            .collect(),
    }
}

/// The day once named stays; one that could not be computed then is computed as soon as it can be.
fn named_day(record: &ObjectionRecord, reference: &Reference) -> Option<NaiveDate> {
    record
        .due
        .or_else(|| due_day(record.kind, &record.agency, record.received_at, reference))
}

fn due_text(record: &ObjectionRecord, reference: &Reference) -> Text {
    let day = record.received_at.date();
    let Some(term) = term(&reference.objection_terms, record.kind, day) else {
        return Text {
            vi: "Hệ thống chưa có quy định nào của tỉnh về thời hạn trả lời phản ánh này, nên không nêu ngày."
                .to_owned(),
            en: "No rule of the province on the time to answer this report is known here, so no day is named."
                .to_owned(),
        };
    };
    let due = named_day(record, reference);
    Text::both(|lang| {
        let limit = limit_words(term.limit, lang);
        let source = &term.source;
        match (due, lang) {
            (Some(due), words::Lang::Vi) => format!(
                "Hạn trả lời: {} ({limit} từ ngày nhận, theo {source}).",
                words::long_date(due, lang)
            ),
            (Some(due), words::Lang::En) => format!(
                "To be answered by {} ({limit} from reception, by {source}).",
                words::long_date(due, lang)
            ),
            (None, words::Lang::Vi) => format!(
                "Hạn trả lời: {limit} từ ngày nhận, theo {source}. Chưa tính được ra ngày vì lịch làm việc của những ngày đó chưa được công bố."
            ),
            (None, words::Lang::En) => format!(
                "To be answered within {limit} from reception, by {source}. The day cannot be computed yet: the working calendar of those days has not been announced."
            ),
        }
    })
}

fn goes_to(record: &ObjectionRecord, reference: &Reference) -> Text {
    let province = &reference.province;
    let hotline = province.hotline.as_deref().unwrap_or("1022");
    let inspectorate = &province.objections.inspectorate;
    if record.kind.is_confidential() {
        let mut text = Text {
            vi: format!(
                "Chỉ tổng đài {hotline} và {inspectorate} đọc được. Cơ quan bị phản ánh không thấy, và phản ánh không hiện ở trang hồ sơ."
            ),
            en: format!(
                "Only hotline {hotline} and {inspectorate} can read it. The agency reported does not see it, and it does not appear with the case."
            ),
        };
        let (vi, en) = if record.case_code.is_some() {
            (" Mã hồ sơ được gửi kèm.", " The case code goes with it.")
        } else {
            (
                " Mã hồ sơ không được giữ lại.",
                " The case code is not kept.",
            )
        };
        text.vi.push_str(vi);
        text.en.push_str(en);
        return text;
    }
    match reference.agencies.get(&record.agency) {
        Some(agency) => Text {
            vi: format!("Tổng đài {hotline} và {} đọc được.", agency.name),
            en: format!("Hotline {hotline} and {} can read it.", agency.name),
        },
        None => Text {
            vi: format!("Tổng đài {hotline} đọc được."),
            en: format!("Hotline {hotline} can read it."),
        },
    }
}
