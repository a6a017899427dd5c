//! Objections: a short report with a reference number, a day by which it is answered, and the answer.

use chrono::{Duration, NaiveDateTime, NaiveTime};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::objection::ObjectionKind;
use dung_hen_domain::wire::{
    MAX_CONTACT, MAX_OBJECTION_TEXT, ObjectionReceipt, ObjectionRequest, ObjectionView,
};

use super::asker::Asker;
use super::{access, ballot};
use crate::error::AppError;
use crate::figures::Ledger;
use crate::keys::{Purpose, random, readable};
use crate::outgoing;
use crate::state::AppState;
use crate::store::ObjectionRecord;
use crate::view;
use crate::worker::in_place;

/// The start of every reference number.
pub const PREFIX: &str = "PA-";

/// Reads what may be a reference number: capitals, the hyphens back in their places. `None` for anything else, such
/// as a case code.
#[must_use]
pub fn reference(text: &str) -> Option<String> {
    let letters: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let rest = letters.strip_prefix("PA")?;
    // Characters that people mistake for others are not in the alphabet.
    let known = |letter: char| !matches!(letter, '0' | '1' | 'I' | 'L' | 'O' | 'U');
    if rest.len() != 12 || !rest.chars().all(known) {
        return None;
    }
    Some(format!(
        "{PREFIX}{}-{}-{}",
        rest.get(..4)?,
        rest.get(4..8)?,
        rest.get(8..)?
    ))
}

/// A text that says something, not longer than `most` characters.
///
/// # Errors
/// `too_long`.
pub fn text(
    sent: Option<&str>,
    most: usize,
    too_long: AppError,
) -> Result<Option<String>, AppError> {
    let text = sent.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > most) {
        return Err(too_long);
    }
    Ok(text.map(str::to_owned))
}

/// Keeps an objection. Every kind but "unknown code" needs the holder's proof; that one tells nothing of any case,
/// known or not.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/objections`.
pub async fn add(
    state: &AppState,
    asker: &Asker,
    request: &ObjectionRequest,
) -> Result<ObjectionReceipt, AppError> {
    let kind = ObjectionKind::from_name(&request.kind).ok_or(AppError::UnknownObjectionKind)?;
    let written = text(
        request.text.as_deref(),
        MAX_OBJECTION_TEXT,
        AppError::TextTooLong,
    )?;
    let contact = text(
        request.contact.as_deref(),
        MAX_CONTACT,
        AppError::ContactTooLong,
    )?;
    if contact.is_some() && !request.contact_consent {
        return Err(AppError::ConsentMissing);
    }
    let reference = new_reference(state, request)?;
    let code = access::read_code(state, &request.case_code).await?;
    let known = kind != ObjectionKind::UnknownCode;
    let mut agency = String::new();
    if known {
        let proof = access::given(request.proof.as_deref());
        let (record, _) = access::as_holder(state, asker, code.clone(), proof).await?;
        agency = record.agency;
    }
    let now = state.now();
    let received_at = if kind.is_confidential() {
        // The hour would name the reporter to whoever keeps another clock.
        now.date().and_time(NaiveTime::MIN)
    } else {
        now
    };
    let named = !kind.is_confidential() || request.name_case;
    let due = view::due_day(kind, &agency, received_at, &state.reference);
    let record = ObjectionRecord {
        reference,
        kind,
        agency,
        case_code: named.then(|| code.as_str().to_owned()),
        known,
        received_at,
        due,
        text: written,
        consent_on: contact.as_ref().map(|_| now.date()),
        contact,
        answers: Vec::new(),
    };
    let kept = state
        .store
        .write(move |writer| {
            let (kept, new) = writer.add_objection(&record)?;
            if new {
                outgoing::objection_received(writer, &kept, now)?;
                let mut ledger = Ledger::default();
                ledger.count_objection(&kept);
                ledger.write(writer)?;
            }
            Ok::<_, AppError>(kept)
        })
        .await?;
    Ok(view::receipt(&kept, &state.reference))
}

/// From the number that all attempts share, so that a repeated one is the same objection.
fn new_reference(state: &AppState, request: &ObjectionRequest) -> Result<String, AppError> {
    let bytes = match request.number.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => {
            let number: crate::keys::Digest =
                ballot::bytes(text).ok_or_else(|| AppError::BadRequestBody("number".to_owned()))?;
            state.keys.hash(Purpose::Objection, &[&number])
        }
        None => random().map_err(|_| AppError::Internal("randomness"))?,
    };
    Ok(format!("{PREFIX}{}", readable(&bytes, 3)))
}

/// Erases what the retention of the province no longer keeps: contacts first, then what was written.
///
/// # Errors
/// [`AppError::Internal`].
pub async fn erase(state: &AppState) -> Result<(u64, u64), AppError> {
    let kept = &state.reference.province.objections;
    let ago = |days: u32| state.now() - Duration::days(i64::from(days));
    let (contacts, texts) = (ago(kept.contact_days), ago(kept.text_days));
    let erased = state
        .store
        .write(move |writer| {
            writer
                .erase_objections(contacts, texts)
                .map_err(AppError::from)
        })
        .await?;
    if erased != (0, 0) {
        in_place(|| state.store.forget())?;
    }
    Ok(erased)
}

/// Erases now, and every hour from now on. On several servers each does; the second finds nothing left.
pub async fn keep_erasing(state: AppState) {
    let mut hour = tokio::time::interval(std::time::Duration::from_hours(1));
    loop {
        hour.tick().await;
        if !state.clock_holds() {
            continue;
        }
        match erase(&state).await {
            Ok((0, 0)) => {}
            Ok((contacts, texts)) => tracing::info!(contacts, texts, "objections erased"),
            Err(error) => tracing::error!(error.code = error.code(), "erasure failed"),
        }
    }
}

/// The objection with this reference number, for whoever holds it.
///
/// # Errors
/// [`AppError::ObjectionNotFound`].
pub async fn find(state: &AppState, reference: String) -> Result<ObjectionView, AppError> {
    let record = state
        .store
        .find(move |reader| reader.find_objection(&reference).map_err(AppError::from))
        .await?
        .ok_or(AppError::ObjectionNotFound)?;
    Ok(view::objection(&record, &state.reference, state.now()))
}

/// Of the objections that name a case those that its holder sees with it. None about money or conduct: an officer may
/// hold the receipt's secret too.
#[must_use]
pub fn of_case(state: &AppState, records: &[ObjectionRecord]) -> Vec<ObjectionView> {
    let now: NaiveDateTime = state.now();
    records
        .iter()
        .filter(|record| record.known && !record.kind.is_confidential())
        .map(|record| view::objection(record, &state.reference, now))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn a_reference_is_read_however_it_is_typed() {
        let clean = Some("PA-2345-6789-ABCD".to_owned());
        for typed in [
            "PA-2345-6789-ABCD",
            " pa 2345 6789 abcd ",
            "PA–2345–6789–ABCD",
            "pa23456789abcd",
        ] {
            assert_eq!(reference(typed), clean, "{typed}");
        }
        for other in [
            "H98.1-261005-0001",
            "PA-2345-6789",
            "PA-2345-6789-ABCD-E",
            "PA-2345-6789-ABC0",
            "",
        ] {
            assert_eq!(reference(other), None, "{other}");
        }
    }
}
