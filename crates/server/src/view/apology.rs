//! Letters as the agency issued them, and our own notice.
//!
//! The notice says sorry only in the name of a body that has adopted its text by decision.
//! It never invents a reason or a date, and is never dressed as an agency's letter.

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::apology::{
    ApologyState, Assessment, Facts, Terms, assess_under, is_broken, postponement_numbers,
};
use dung_hen_domain::civil::{IsoDate, iso_date, parse_date};
use dung_hen_domain::legal_basis::{LegalBasis, Sureness};
use dung_hen_domain::letter::{Sent, missing};
use dung_hen_domain::rules::{self, RuleSet};
use dung_hen_domain::wire::{Agency, ApologyLetter, ApologyView, Notice, Procedure, Text};
use dung_hen_domain::words::{self, Lang};

use crate::keys::{Keys, Purpose, readable};
use crate::reference::Reference;
use crate::store::{CaseRecord, LetterEntry};

pub(super) fn view(
    record: &CaseRecord,
    reference: &Reference,
    keys: &Keys,
    procedure: &Procedure,
    agency: &Agency,
    now: NaiveDateTime,
) -> ApologyView {
    let (assessed, broken) = assessed(record, reference, now);
    let state = assessed.state;
    let letters = letters(record, reference);
    // A reminder to the agency is not the citizen's business.
    let shown = if state == ApologyState::ReminderDue {
        ApologyState::NotOwed
    } else {
        state
    };
    ApologyView {
        state: shown.into(),
        state_text: Text::both(|lang| words::apology(shown, lang)),
        postponement: assessed.postponement.into(),
        new_date_missed: assessed.new_date_missed,
        letters,
        notice: broken
            .then(|| notice(record, reference, keys, procedure, agency, &assessed, now))
            .flatten(),
    }
}

/// Where the duty stands for a case, and whether its promise is broken.
#[must_use]
pub fn assessed(
    record: &CaseRecord,
    reference: &Reference,
    now: NaiveDateTime,
) -> (Assessment, bool) {
    let in_force = super::letters_in_force(record);
    let facts = Facts {
        status: record.status,
        promise: record.promise,
        finished: record.finished_at.map(|moment| moment.date()),
        as_of: now.date(),
        letters: &in_force,
        moved_after_letter: super::moved_after_letter(
            record.history.iter().map(|entry| entry.cause),
        ),
    };
    let terms = terms(rule_set(record), reference);
    let assessed = assess_under(&facts, terms, &reference.calendar);
    (assessed, is_broken(&facts))
}

/// The letters of a case as its holder sees them, oldest first.
#[must_use]
pub fn letters(record: &CaseRecord, reference: &Reference) -> Vec<ApologyLetter> {
    let set = rule_set(record);
    let allowed = terms(set, reference).postponements;
    let in_force = super::letters_in_force(record);
    let numbers = postponement_numbers(&in_force);
    let earlier = record.letters.len().saturating_sub(in_force.len());
    record
        .letters
        .iter()
        .enumerate()
        .map(|(index, letter)| ApologyLetter {
            sequence: u32::try_from(index + 1).unwrap_or(u32::MAX),
            agency: letter
                .agency
                .clone()
                .unwrap_or_else(|| super::agency(record, reference).name),
            number: letter.number.clone(),
            issued: IsoDate(letter.issued),
            reason: letter.reason.clone(),
            previous_due: letter.previous_due.map(IsoDate),
            revised_due: letter.revised_due.map(IsoDate),
            signer: letter.signer.clone(),
            outside_rule: index
                .checked_sub(earlier)
                .and_then(|index| numbers.get(index))
                .is_some_and(|number| *number > allowed),
            incomplete: incomplete(letter, record, set),
        })
        .collect()
}

/// The rules under which a dossier was received.
fn rule_set(record: &CaseRecord) -> Option<&'static RuleSet> {
    rules::for_reception(record.received_at?.date())
}

/// The numbers of the duty for a dossier; before the first rule set those of the first stand in, and the words
/// cite nothing.
#[must_use]
pub fn terms(set: Option<&RuleSet>, reference: &Reference) -> Terms {
    let remind = reference.province.remind_working_days;
    Terms::of(set.unwrap_or(&rules::RULE_SETS[0]), remind)
}

/// What the form asks for and this letter lacks, in words.
fn incomplete(letter: &LetterEntry, record: &CaseRecord, set: Option<&RuleSet>) -> Option<Text> {
    let form = set.map_or(rules::LetterForm::Circular2018, |set| {
        set.apology_form.value
    });
    let lacks = missing(
        form,
        Sent {
            agency: letter.agency.is_some(),
            number: letter.number.is_some(),
            previous_due: letter.previous_due.is_some(),
            reason: letter.reason.is_some(),
            // To what had ended by then, no new time can be proposed.
            revised_due: letter.revised_due.is_some()
                || record.status.is_finished()
                    && record
                        .finished_at
                        .is_some_and(|end| end.date() <= letter.issued),
            signer: letter.signer.is_some(),
        },
    );
    (!lacks.is_empty()).then(|| {
        Text::both(|lang| {
            let names: Vec<&str> = lacks
                .iter()
                .map(|field| words::letter_field(*field, lang))
                .collect();
            format!(
                "{} {}.",
                lang.pick(
                    "Văn bản, như hệ thống nhận được, còn thiếu:",
                    "As this system received it, the letter lacks:"
                ),
                names.join(", ")
            )
        })
    })
}

/// One postponement: read in NĐ 61/2018; for later decrees it is a reading, and worded as one.
fn postponed_again(basis: Option<LegalBasis>) -> Text {
    Text::both(|lang| {
        let fact = lang.pick(
            "Cơ quan đã hẹn lại hơn một lần.",
            "The agency has postponed more than once.",
        );
        let rule = match basis.map(|basis| (basis.sureness, basis.words(lang))) {
            Some((Sureness::Verified | Sureness::Secondary, words)) => format!(
                "{} {words}.",
                lang.pick(
                    "Chỉ được hẹn lại một lần, theo",
                    "One postponement is allowed, by"
                )
            ),
            Some((Sureness::Reading | Sureness::Open, words)) => format!(
                "{}, {words}.",
                lang.pick(
                    "Theo cách hiểu của hệ thống, chỉ được hẹn lại một lần",
                    "As this system reads it, one postponement is allowed"
                )
            ),
            None => String::new(),
        };
        format!("{fact} {rule}")
    })
}

/// Stands for the day of issue until it is known: the same facts keep the day on which they were first shown.
const DAY: char = '\u{1}';

/// The notice with its day of issue.
pub(crate) fn dated(mut notice: Notice, issued: NaiveDate) -> Notice {
    notice.issued = IsoDate(issued);
    for text in &mut notice.paragraphs {
        text.vi = text
            .vi
            .replace(DAY, &words::date_in_words(issued, Lang::Vi));
        text.en = text
            .en
            .replace(DAY, &words::date_in_words(issued, Lang::En));
    }
    notice
}

/// The whole text in Vietnamese, as it is printed.
pub(crate) fn whole(notice: &Notice) -> String {
    let mut lines = vec![notice.number.as_str(), &notice.title.vi];
    lines.extend(notice.adopted_by.iter().map(|body| body.vi.as_str()));
    lines.extend(notice.paragraphs.iter().map(|text| text.vi.as_str()));
    lines.push(&notice.disclaimer.vi);
    lines.join("\n")
}

fn notice(
    record: &CaseRecord,
    reference: &Reference,
    keys: &Keys,
    procedure: &Procedure,
    agency: &Agency,
    assessed: &Assessment,
    now: NaiveDateTime,
) -> Option<Notice> {
    let promise = record.promise?;
    let received = record.received_at?;
    let adopted = reference.province.apology_text.as_ref();
    let promised = iso_date(promise);
    let hash = keys.hash(
        Purpose::Notice,
        &[record.code.as_bytes(), promised.as_bytes()],
    );
    let both = |vi: String, en: String| Text { vi, en };
    let date = words::long_date;

    let mut paragraphs = Vec::new();
    if let Some(adopted) = adopted {
        paragraphs.push(both(adopted.sorry_vi.clone(), adopted.sorry_en.clone()));
    }
    paragraphs.push(both(
        format!(
            "{} nhận hồ sơ {} (“{}”) ngày {} và hẹn trả kết quả ngày {}.",
            agency.name,
            record.code,
            procedure.name,
            words::date_in_words(received.date(), Lang::Vi),
            date(promise, Lang::Vi)
        ),
        format!(
            "{} received the case {} (“{}”) on {} and promised the result for {}.",
            agency.name,
            record.code,
            procedure.name,
            words::date_in_words(received.date(), Lang::En),
            date(promise, Lang::En)
        ),
    ));
    paragraphs.push(match record.finished_at {
        Some(finished) if record.status.is_finished() => both(
            format!(
                "Việc giải quyết xong ngày {}, sau ngày hẹn.",
                words::date_in_words(finished.date(), Lang::Vi)
            ),
            format!(
                "It was finished on {}, after the promised date.",
                words::date_in_words(finished.date(), Lang::En)
            ),
        ),
        _ => both(
            format!("Đến ngày lập thông báo này ({DAY}), hồ sơ chưa giải quyết xong."),
            format!("By the day of this notice ({DAY}), it had not been finished."),
        ),
    });
    let basis = rules::for_reception(received.date()).map(|set| set.apology);
    let basis_vi = basis.map(|basis| basis.words(Lang::Vi)).unwrap_or_default();
    let basis_en = basis.map(|basis| basis.words(Lang::En)).unwrap_or_default();
    paragraphs.push(match assessed.state {
        ApologyState::IssuedInTime | ApologyState::IssuedLate => {
            let dated = super::letters_in_force(record)
                .iter()
                .any(|letter| letter.revised_due.is_some());
            let (vi, en) = if dated {
                (" và hẹn lại", " with a new date")
            } else {
                ("", "")
            };
            both(
                format!("Cơ quan đã có văn bản xin lỗi{vi}; xem được nơi tra cứu hồ sơ này."),
                format!("The agency has issued a letter of apology{en}; it is shown where this case is looked up."),
            )
        }
        ApologyState::PostponedAgain => postponed_again(basis),
        // What is over needs no new date.
        ApologyState::FinishedLateWithout => both(
            format!("{} còn nợ ông/bà văn bản xin lỗi nêu lý do, {basis_vi}. Hệ thống chưa nhận được văn bản đó, nên không thể nêu lý do.", agency.name),
            format!("{} owes you a letter of apology with the reason, {basis_en}. This system has not received it, so it can name no reason.", agency.name),
        ),
        _ => both(
            format!("{} còn nợ ông/bà văn bản xin lỗi nêu lý do và ngày hẹn mới, {basis_vi}. Hệ thống chưa nhận được văn bản đó, nên không thể nêu lý do hay ngày mới.", agency.name),
            format!("{} owes you a letter of apology with the reason and a new date, {basis_en}. This system has not received it, so it can name neither reason nor new date.", agency.name),
        ),
    });
    if assessed.new_date_missed {
        paragraphs.push(both(
            "Ngày hẹn mới trong văn bản đó cũng đã qua.".to_owned(),
            "The new date of that letter has passed as well.".to_owned(),
        ));
    }
    // True on paper, too, where no form follows.
    if let Some(contact) = &agency.contact {
        paragraphs.push(both(
            format!("Ông/bà có thể hỏi: {contact}, hoặc gửi phản ánh nơi tra cứu hồ sơ này."),
            format!("You can ask: {contact}, or send a report where this case is looked up."),
        ));
    }
    Some(Notice {
        number: format!("TBQH-{}", readable(&hash, 2)),
        title: if adopted.is_some() {
            both(
                "Thư xin lỗi vì trả kết quả quá hẹn".to_owned(),
                "Apology for a result past its promised date".to_owned(),
            )
        } else {
            both(
                "Thông báo quá hẹn".to_owned(),
                "Notice: past the promised date".to_owned(),
            )
        },
        adopted_by: adopted.map(|adopted| {
            let day = parse_date(&adopted.decision_date);
            let on = |lang| {
                day.map_or_else(
                    || adopted.decision_date.clone(),
                    |day| words::date_in_words(day, lang),
                )
            };
            both(
                format!(
                    "{}, theo {} ngày {}",
                    adopted.body_vi,
                    adopted.decision,
                    on(Lang::Vi)
                ),
                format!(
                    "{}, by decision {} of {}",
                    adopted.body_en,
                    adopted.decision,
                    on(Lang::En)
                ),
            )
        }),
        issued: IsoDate(now.date()),
        paragraphs,
        fingerprint: String::new(),
        page: String::new(),
        history: Vec::new(),
        disclaimer: both(
            "Thông báo tự động, không thay văn bản xin lỗi của cơ quan.".to_owned(),
            "Automatic notice; it does not replace the agency's letter of apology.".to_owned(),
        ),
    })
}
