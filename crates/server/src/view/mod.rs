//! From what is kept to what is shown. Pure functions of record, reference and time.

pub(crate) mod apology;
pub mod calendar;
mod competent;
pub mod deadline;
pub mod doubts;
mod ended;
mod filed;
mod not_computed;
mod objection;
mod outage;
mod promises;
mod proof;
pub mod rules;
mod timeline;
mod waiting;

use chrono::NaiveDateTime;
use dung_hen_domain::apology as law_apology;
use dung_hen_domain::case::{CaseStatus, Decision, Level, STEPS, WireName};
use dung_hen_domain::civil::{IsoDate, IsoMoment};
use dung_hen_domain::timeliness::{self, Timeliness};
use dung_hen_domain::wire::{
    Agency, Dates, DueCause, Fee, HolderView, Link, ObjectionKind, ObjectionView, Place, Procedure,
    PublicDates, PublicView, RatingState, Text, Todo, TodoKind,
};
use dung_hen_domain::words;

pub use apology::{assessed, letters, terms};
pub use deadline::limit_words;
pub use filed::filed;
pub use objection::{due_day, objection, receipt};
pub use outage::outage;
pub use proof::{day_kind_words, day_words};

use crate::keys::Keys;
use crate::reference::Reference;
use crate::store::CaseRecord;

/// The facts that timeliness is assessed from.
fn timeliness_facts(record: &CaseRecord, now: NaiveDateTime) -> timeliness::Facts {
    timeliness::Facts {
        status: record.status,
        promise: record.promise,
        finished: record.finished_at.map(|moment| moment.date()),
        returned: record.returned_at.map(|moment| moment.date()),
        as_of: now.date(),
    }
}

/// Letters about the promise in force: those issued since the period last started.
#[must_use]
pub fn letters_in_force(record: &CaseRecord) -> Vec<law_apology::Letter> {
    let start = record.period_start.map(|moment| moment.date());
    record
        .letters
        .iter()
        .filter(|letter| start.is_none_or(|start| letter.issued >= start))
        .map(|letter| law_apology::Letter {
            issued: letter.issued,
            revised_due: letter.revised_due,
        })
        .collect()
}

/// Whether a date moved, with nothing to explain it, after a letter.
#[must_use]
pub fn moved_after_letter(causes: impl IntoIterator<Item = DueCause>) -> bool {
    let mut apologised = false;
    let mut moved = false;
    for cause in causes {
        match cause {
            DueCause::Apology => apologised = true,
            DueCause::Unexplained => moved |= apologised,
            DueCause::Receipt | DueCause::Supplement => (apologised, moved) = (false, false),
        }
    }
    moved
}

/// Whether the service can be rated: at every end point, and when the promise is broken.
#[must_use]
pub fn rating_state(record: &CaseRecord, now: NaiveDateTime) -> RatingState {
    if record.ballot_seal.is_some() {
        return RatingState::BallotGiven;
    }
    let facts = law_apology::Facts {
        status: record.status,
        promise: record.promise,
        finished: record.finished_at.map(|moment| moment.date()),
        as_of: now.date(),
        letters: &[],
        moved_after_letter: false,
    };
    let ended = record.status.is_finished() || record.status.is_closed();
    if ended || law_apology::is_broken(&facts) {
        RatingState::Open
    } else {
        RatingState::NotYet
    }
}

/// When the case was received; a case that was not, or not yet, has only been handed in.
fn received(record: &CaseRecord) -> Option<NaiveDateTime> {
    let outside = [CaseStatus::Registered, CaseStatus::NotAccepted].contains(&record.status);
    record.received_at.filter(|_| !outside)
}

/// What the code alone shows.
#[must_use]
pub fn public(record: &CaseRecord, reference: &Reference, now: NaiveDateTime) -> PublicView {
    let (state, days) = timeliness::assess(&timeliness_facts(record, now), &reference.calendar);
    let dates = received(record)
        .filter(|_| reference.province.public_dates)
        .map(|received| PublicDates {
            received: IsoDate(received.date()),
            promise: record.promise.map(IsoDate),
            timeliness: state.into(),
            timeliness_text: Text::both(|lang| words::timeliness(state, days, lang)),
        });
    PublicView {
        case_code: record.code.clone(),
        as_of: IsoMoment(now),
        version: String::new(),
        status: record.status.into(),
        status_text: Text::both(|lang| words::status(record.status, lang)),
        step: record.status.step(),
        steps: STEPS,
        dates,
        national_portal: reference.province.national_portal.clone(),
        outage: outage(reference, now),
    }
}

/// What the result says, once there is one.
fn decision(record: &CaseRecord) -> Option<Decision> {
    (record.detail.decision).filter(|_| record.status.is_finished())
}

/// Everything the holder sees.
#[must_use]
pub fn holder(
    record: &CaseRecord,
    reference: &Reference,
    keys: &Keys,
    now: NaiveDateTime,
    objected: Vec<ObjectionView>,
) -> HolderView {
    let (state, days) = timeliness::assess(&timeliness_facts(record, now), &reference.calendar);
    let procedure = procedure(record, reference);
    let agency = agency(record, reference);
    let finished = record.finished_at.map(|moment| IsoDate(moment.date()));
    let (deadline, not_computed) = match deadline::computed(record, reference) {
        None => (None, None),
        Some(Ok(computed)) => (Some(deadline::view(&computed, record, reference)), None),
        Some(Err(why)) => (None, Some(not_computed::view(why))),
    };
    let decision = decision(record);
    HolderView {
        public: PublicView {
            status_text: Text::both(|lang| words::ended(record.status, decision, lang)),
            ..public(record, reference, now)
        },
        decision: decision.map(Into::into),
        end_reason: ended::view(record, &agency),
        todo: todo(record, &agency),
        place: place(record, &agency),
        dates_held: Dates {
            received: received(record).map(IsoMoment),
            first_promise: record.first_promise.map(IsoDate),
            promise: record.promise.map(IsoDate),
            current: record
                .history
                .last()
                .map(|entry| IsoDate(entry.due))
                .filter(|due| Some(due.0) != record.promise),
            finished,
            returned: record.returned_at.map(|moment| IsoDate(moment.date())),
            history: promises::view(record, reference),
        },
        timeliness: state.into(),
        timeliness_text: Text::both(|lang| words::timeliness(state, days, lang)),
        timeline: timeline::events(record),
        deadline,
        not_computed,
        clocks: waiting::view(record, reference, now.date()),
        doubts: doubts::view(record, now.date()),
        apology: apology::view(record, reference, keys, &procedure, &agency, now),
        results: record
            .detail
            .results
            .iter()
            .map(|(name, url)| Link {
                name: name.clone(),
                url: url.clone(),
            })
            .collect(),
        return_by_post: record.detail.return_by_post,
        return_note: record.detail.return_note.clone(),
        tracking: tracking(record, reference),
        rating: rating_state(record, now).into(),
        objections: objections(record, state)
            .into_iter()
            .map(Into::into)
            .collect(),
        objected,
        channel: record.channel.into(),
        procedure,
        agency,
    }
}

/// The field of a case's procedure, as sent or, where it was not, as published; empty where neither is known.
#[must_use]
pub fn procedure_field(record: &CaseRecord, reference: &Reference) -> String {
    let published = || reference.catalogue.get(&record.procedure);
    record
        .detail
        .field
        .clone()
        .or_else(|| published().map(|row| row.field.clone()))
        .unwrap_or_default()
}

/// The procedure of a case, as sent or, where nothing was, as published.
#[must_use]
pub fn procedure(record: &CaseRecord, reference: &Reference) -> Procedure {
    let published = reference.catalogue.get(&record.procedure);
    let sent = |text: &Option<String>, published: Option<&String>| {
        text.clone()
            .or_else(|| published.cloned())
            .unwrap_or_default()
    };
    Procedure {
        code: record.procedure.clone(),
        name: sent(
            &record.detail.procedure_name,
            published.map(|row| &row.name),
        ),
        field: procedure_field(record, reference),
        limit_as_published: published.map(|row| row.limit_text.clone()),
        source_url: published.and_then(|row| row.source_url.clone()),
    }
}

/// The agency of a case, as configured or, where it is not, as sent.
#[must_use]
pub fn agency(record: &CaseRecord, reference: &Reference) -> Agency {
    let configured = reference.agencies.get(&record.agency);
    Agency {
        code: record.agency.clone(),
        name: configured
            .map(|agency| agency.name.clone())
            .or_else(|| record.detail.unit.clone())
            .unwrap_or_else(|| record.agency.clone()),
        level: configured
            .and_then(|agency| Level::from_name(&agency.level))
            .unwrap_or(Level::Unknown)
            .into(),
        contact: configured
            .and_then(|agency| agency.contact.clone())
            .or_else(|| reference.province.hotline.clone()),
    }
}

/// The last unit that was sent; the agency itself where none was.
fn place(record: &CaseRecord, agency: &Agency) -> Option<Place> {
    let under_way =
        record.status.is_received() && !record.status.is_finished() && !record.status.is_closed();
    if !under_way {
        return None;
    }
    let last = record.progress.iter().rfind(|step| !step.unit.is_empty());
    Some(Place {
        unit: last.map_or_else(|| agency.name.clone(), |step| step.unit.clone()),
        officer: last.and_then(|step| step.officer.clone()),
        since: last
            .map(|step| step.at)
            .or(record.received_at)
            .map(IsoMoment),
    })
}

/// The number of a postal item as the Universal Postal Union writes it (S10): two letters, nine
/// digits, two letters. Anything else in the note is nobody's number.
fn postal_item(note: &str) -> Option<&str> {
    note.split(|letter: char| !letter.is_ascii_alphanumeric())
        .find(|word| {
            word.len() == 13
                && word.bytes().enumerate().all(|(at, letter)| match at {
                    2..=10 => letter.is_ascii_digit(),
                    _ => letter.is_ascii_uppercase(),
                })
        })
}

fn tracking(record: &CaseRecord, reference: &Reference) -> Option<String> {
    let address = reference.province.post_tracking.as_ref()?;
    let item = postal_item(record.detail.return_note.as_deref()?)?;
    Some(address.replace("{}", item))
}

fn todo(record: &CaseRecord, agency: &Agency) -> Vec<Todo> {
    match record.status {
        CaseStatus::SupplementRequested => {
            let asked = record
                .detail
                .supplements
                .iter()
                .rfind(|supplement| supplement.received.is_none());
            vec![Todo {
                kind: TodoKind::Supplement.into(),
                note: asked.and_then(|supplement| supplement.content.clone()),
                since: asked
                    .and_then(|supplement| supplement.asked)
                    .map(|moment| IsoDate(moment.0.date())),
                fees: Vec::new(),
            }]
        }
        CaseStatus::PaymentRequested => vec![Todo {
            kind: TodoKind::Pay.into(),
            note: None,
            since: None,
            fees: record
                .detail
                .fees
                .iter()
                .map(|(name, amount)| Fee {
                    name: name.clone(),
                    amount: amount.clone(),
                })
                .collect(),
        }],
        CaseStatus::Finished => vec![Todo {
            kind: TodoKind::Collect.into(),
            note: (!record.detail.return_by_post).then(|| agency.name.clone()),
            since: record.finished_at.map(|moment| IsoDate(moment.date())),
            fees: Vec::new(),
        }],
        _ => Vec::new(),
    }
}

fn objections(record: &CaseRecord, state: Timeliness) -> Vec<ObjectionKind> {
    let mut kinds = Vec::new();
    if matches!(state, Timeliness::Overdue | Timeliness::Late) {
        kinds.push(ObjectionKind::Late);
    }
    match record.status {
        CaseStatus::Returned => kinds.extend([
            ObjectionKind::NotReceived,
            ObjectionKind::ClosedWithoutResult,
        ]),
        CaseStatus::Finished => kinds.push(ObjectionKind::ClosedWithoutResult),
        CaseStatus::Stopped | CaseStatus::Withdrawn | CaseStatus::NotAccepted => {
            kinds.extend([
                ObjectionKind::StoppedWithoutGround,
                ObjectionKind::ClosedWithoutResult,
            ]);
        }
        CaseStatus::SupplementRequested => kinds.push(ObjectionKind::StoppedWithoutGround),
        _ => {}
    }
    if decision(record) == Some(Decision::Refused) {
        kinds.push(ObjectionKind::StoppedWithoutGround);
    }
    if record.history.len() > 1 {
        kinds.push(ObjectionKind::DateMoved);
    }
    kinds.extend([ObjectionKind::AskedToPayExtra, ObjectionKind::Conduct]);
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_of_a_postal_item_is_followed() {
        for (note, item) in [
            (
                "Gửi bưu chính, số hiệu EE123456789VN.",
                Some("EE123456789VN"),
            ),
            ("EE123456789VN", Some("EE123456789VN")),
            ("số EE12345678VN", None),
            ("0912345678901", None),
            ("", None),
        ] {
            assert_eq!(postal_item(note), item, "{note}");
        }
    }

    #[test]
    fn a_date_that_moves_after_a_letter_is_a_second_postponement() {
        use DueCause::{Apology, Receipt, Supplement, Unexplained};
        assert!(moved_after_letter([Receipt, Apology, Unexplained]));
        assert!(!moved_after_letter([Receipt, Unexplained, Apology]));
        assert!(!moved_after_letter([
            Receipt,
            Apology,
            Unexplained,
            Supplement
        ]));
    }
}
