//! What other systems are told: kept in the transaction of what happened, carried to them by [`courier`].
//!
//! An event is thin: it names what happened and for whom, never what was written or how someone is reached. Who may
//! read that asks for it with a key (`routes/officer.rs`), so nothing of a person waits in a queue or a log.
//!
//! * [`endpoint`]: who is told, as configured.
//! * [`sign`]: Standard Webhooks.
//! * [`post`]: one request, to an address that may be asked.
//! * [`courier`]: at least once, in order for each case, again after a while, given up in the end.
//! * [`shown`]: notices that holders were shown, told on the next day.
//! * [`watch`]: what only time brings; `summaries`: that published satisfaction has moved.

pub mod courier;
pub mod endpoint;
pub mod post;
pub mod shown;
pub mod sign;
mod summaries;
pub mod watch;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDateTime, NaiveTime};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{iso_date, rfc3339};
use serde_json::{Value, json};

use crate::events::{LETTER_RECORDED, OBJECTION_ANSWERED, OBJECTION_RECEIVED};
use crate::keys::random;
use crate::store::{CaseRecord, EventRecord, LetterEntry, ObjectionRecord, StoreError, Writer};

/// Who may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Hotline and agency.
    Everyone,
    /// Hotline and inspectorate: money and conduct.
    Confidential,
    /// The agency alone.
    Agency,
    /// Hotline, agency, and what writes to applicants (SMS, e-mail, Zalo): the one-stop system holds the number.
    Applicant,
}

impl Audience {
    const fn names(self) -> &'static str {
        match self {
            Self::Everyone => "hotline,agency",
            Self::Confidential => "hotline,inspectorate",
            Self::Agency => "agency",
            Self::Applicant => "hotline,agency,gateway",
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

/// What is told, before it is kept.
struct Event<'a> {
    kind: &'static str,
    about: String,
    case_code: Option<&'a str>,
    agency: &'a str,
    audience: Audience,
    data: Value,
}

impl Event<'_> {
    /// Kept once; on its way at once.
    fn keep(self, writer: &mut Writer<'_>, now: NaiveDateTime) -> Result<bool, StoreError> {
        self.keep_until(writer, now, now)
    }

    /// Kept once; on its way from `due` on.
    fn keep_until(
        self,
        writer: &mut Writer<'_>,
        now: NaiveDateTime,
        due: NaiveDateTime,
    ) -> Result<bool, StoreError> {
        let event = self.record(now, due)?;
        Ok(writer.add_events(&[event], due)? == 1)
    }

    /// As it is kept.
    fn record(self, now: NaiveDateTime, due: NaiveDateTime) -> Result<EventRecord, StoreError> {
        let bytes = random()?;
        let of = self.case_code.unwrap_or(&self.about);
        // What waits for the next day holds up nothing else of its case.
        let lane = if due.date() > now.date() {
            format!("{}/{of}", self.kind)
        } else {
            of.to_owned()
        };
        let payload = json!({
            "type": self.kind,
            "timestamp": rfc3339(now),
            "data": self.data,
        });
        Ok(EventRecord {
            id: format!("msg_{}", URL_SAFE_NO_PAD.encode(&bytes[..18])),
            kind: self.kind.to_owned(),
            lane,
            about: self.about,
            case_code: self.case_code.map(str::to_owned),
            agency: self.agency.to_owned(),
            audience: self.audience.names().to_owned(),
            happened_at: now,
            payload: payload.to_string(),
        })
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
    objection(
        writer,
        OBJECTION_RECEIVED,
        record.reference.clone(),
        record,
        json!({
            "reference": record.reference,
            "kind": record.kind.name(),
            "agency": record.agency,
            "received": iso_date(record.received_at.date()),
            "due": record.due.map(iso_date),
        }),
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
    objection(
        writer,
        OBJECTION_ANSWERED,
        format!("{}/{}", record.reference, record.answers.len()),
        record,
        json!({
            "reference": record.reference,
            "kind": record.kind.name(),
            "agency": record.agency,
            "answers": record.answers.len(),
        }),
        now,
    )
}

fn objection(
    writer: &mut Writer<'_>,
    kind: &'static str,
    about: String,
    record: &ObjectionRecord,
    data: Value,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    // Nothing about money or conduct carries an hour: it would name the reporter to whoever keeps another clock.
    let moment = if record.kind.is_confidential() {
        now.date().and_time(NaiveTime::MIN)
    } else {
        now
    };
    let event = Event {
        kind,
        about,
        case_code: None,
        agency: &record.agency,
        audience: Audience::of(record),
        data,
    };
    event.keep_until(writer, moment, now).map(drop)
}

/// `letter.recorded`: letters of apology that the holders of these cases see from now on.
///
/// # Errors
/// [`StoreError`].
pub fn letters_recorded<'a>(
    writer: &mut Writer<'_>,
    letters: impl IntoIterator<Item = (&'a CaseRecord, &'a LetterEntry)>,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    let events = letters
        .into_iter()
        .map(|(record, letter)| letter_recorded(record, letter).record(now, now));
    let events = events.collect::<Result<Vec<_>, _>>()?;
    writer.add_events(&events, now).map(drop)
}

fn letter_recorded<'a>(record: &'a CaseRecord, letter: &LetterEntry) -> Event<'a> {
    Event {
        kind: LETTER_RECORDED,
        // By its number, or by its days where it has none: as letters are told apart in a case.
        about: format!(
            "{}/{}",
            record.code,
            letter.number.clone().unwrap_or_else(|| format!(
                "{} {}",
                iso_date(letter.issued),
                letter.revised_due.map(iso_date).unwrap_or_default()
            ))
        ),
        case_code: Some(&record.code),
        agency: &record.agency,
        audience: Audience::Applicant,
        data: json!({
            "case_code": record.code,
            "agency": record.agency,
            "number": letter.number,
            "issued": iso_date(letter.issued),
            "promise": record.promise.map(iso_date),
            "revised_due": letter.revised_due.map(iso_date),
        }),
    }
}
