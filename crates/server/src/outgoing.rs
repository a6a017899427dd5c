//! What other systems are told: added in the transaction of what happened, delivered by the jobs of this kind.
//!
//! An event is thin: it names what happened and for whom, never what was written or how someone is reached. Who may
//! read that asks for it with a key (`routes/officer.rs`), so nothing of a person waits in a queue or a log.

use chrono::NaiveDateTime;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{iso_date, rfc3339};
use serde_json::{Value, json};

use crate::store::{LetterEntry, NewJob, ObjectionRecord, StoreError, Writer};

/// The kind of the jobs that deliver events.
pub const EVENT: &str = "event";

/// Who may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Hotline, inspectorate; and the agency.
    Everyone,
    /// Hotline and inspectorate: money and conduct.
    Confidential,
}

impl Audience {
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Everyone => &["hotline", "agency"],
            Self::Confidential => &["hotline", "inspectorate"],
        }
    }

    /// Who may be told of this objection.
    #[must_use]
    pub const fn of(record: &ObjectionRecord) -> Self {
        if record.kind.is_confidential() {
            Self::Confidential
        } else {
            Self::Everyone
        }
    }
}

/// `objection.received`: to be read and answered.
///
/// # Errors
/// [`StoreError`].
pub fn objection_received(
    writer: &mut Writer<'_>,
    record: &ObjectionRecord,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    let data = json!({
        "reference": record.reference,
        "kind": record.kind.name(),
        "agency": record.agency,
        "received": iso_date(record.received_at.date()),
        "due": record.due.map(iso_date),
    });
    add(
        writer,
        "objection.received",
        &record.reference,
        Audience::of(record),
        &data,
        now,
    )
}

/// `objection.answered`: its reporter can read the answer.
///
/// # Errors
/// [`StoreError`].
pub fn objection_answered(
    writer: &mut Writer<'_>,
    record: &ObjectionRecord,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    let data = json!({
        "reference": record.reference,
        "kind": record.kind.name(),
        "agency": record.agency,
        "answers": record.answers.len(),
    });
    let key = format!("{}/{}", record.reference, record.answers.len());
    add(
        writer,
        "objection.answered",
        &key,
        Audience::of(record),
        &data,
        now,
    )
}

/// `letter.recorded`: a letter of apology that the holder sees from now on.
///
/// # Errors
/// [`StoreError`].
pub fn letter_recorded(
    writer: &mut Writer<'_>,
    case_code: &str,
    agency: &str,
    letter: &LetterEntry,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    let number = letter.number.as_deref().unwrap_or_default();
    let data = json!({
        "case_code": case_code,
        "agency": agency,
        "number": number,
        "issued": iso_date(letter.issued),
        "revised_due": letter.revised_due.map(iso_date),
    });
    let key = format!("{case_code}/{number}");
    add(
        writer,
        "letter.recorded",
        &key,
        Audience::Everyone,
        &data,
        now,
    )
}

fn add(
    writer: &mut Writer<'_>,
    kind: &str,
    key: &str,
    audience: Audience,
    data: &Value,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    let payload = json!({
        "type": kind,
        "timestamp": rfc3339(now),
        "audience": audience.names(),
        "data": data,
    });
    writer.add_job(&NewJob {
        kind: EVENT,
        key: format!("{kind}/{key}"),
        lane: None,
        payload: payload.to_string(),
        due: now,
    })?;
    Ok(())
}
