//! A case as kept, with its promises, letters and steps.

use std::ops::Not;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::{CaseStatus, Channel, Decision};
use dung_hen_domain::civil::{IsoDate, IsoMoment};
use dung_hen_domain::wire::DueCause;
use serde::{Deserialize, Serialize};

use crate::keys::Digest;

/// A case as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRecord {
    /// Case code, cleaned.
    pub code: String,
    /// Agency code.
    pub agency: String,
    /// Procedure code.
    pub procedure: String,
    /// State.
    pub status: CaseStatus,
    /// How it was filed.
    pub channel: Channel,
    /// Reception.
    pub received_at: Option<NaiveDateTime>,
    /// Start of the period that runs now.
    pub period_start: Option<NaiveDateTime>,
    /// The receipt's date; never overwritten.
    pub first_promise: Option<NaiveDate>,
    /// The promise in force.
    pub promise: Option<NaiveDate>,
    /// End of processing.
    pub finished_at: Option<NaiveDateTime>,
    /// Collection.
    pub returned_at: Option<NaiveDateTime>,
    /// Keyed hash of the receipt's secret.
    pub secret_hash: Option<Digest>,
    /// Keyed hash of the last digits of the identity number.
    pub identity_hash: Option<Digest>,
    /// Keyed hash of the last digits of the phone.
    pub phone_hash: Option<Digest>,
    /// Keyed hash of the holder, as tokens of portals name it.
    pub holder_hash: Option<Digest>,
    /// The seal of the request that got the ballot, and the label it got, hidden.
    pub ballot_seal: Option<Vec<u8>>,
    /// The rest.
    pub detail: Detail,
    /// Every promise, oldest first.
    pub history: Vec<DueEntry>,
    /// Letters of apology, oldest first.
    pub letters: Vec<LetterEntry>,
    /// Steps, oldest first.
    pub progress: Vec<ProgressEntry>,
    /// How the computed date moved when the calendar changed, oldest first.
    pub moves: Vec<MoveEntry>,
}

impl CaseRecord {
    /// A case of which only the code is known.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            agency: String::new(),
            procedure: String::new(),
            status: CaseStatus::Registered,
            channel: Channel::Direct,
            received_at: None,
            period_start: None,
            first_promise: None,
            promise: None,
            finished_at: None,
            returned_at: None,
            secret_hash: None,
            identity_hash: None,
            phone_hash: None,
            holder_hash: None,
            ballot_seal: None,
            detail: Detail::default(),
            history: Vec::new(),
            letters: Vec::new(),
            progress: Vec::new(),
            moves: Vec::new(),
        }
    }
}

/// What is kept of a case beside its columns. Of what is not there no word is written: most of it is not there of most cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Procedure name as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure_name: Option<String>,
    /// Field as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Handling unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Requests for documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplements: Vec<Supplement>,
    /// Fees: name and amount.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<(String, String)>,
    /// Result papers: name and address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<(String, Option<String>)>,
    /// What was said on returning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_note: Option<String>,
    /// What the agency noted where it did not accept the case, or stopped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_note: Option<String>,
    /// Whether the result travels by post.
    #[serde(skip_serializing_if = "Not::not")]
    pub return_by_post: bool,
    /// When the case was reported at an earlier step than before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub went_back: Vec<IsoMoment>,
    /// Whether it was handed in at another agency's one-stop unit, whatever the boundary.
    #[serde(skip_serializing_if = "Not::not")]
    pub handed_elsewhere: bool,
    /// When the competent agency received it, where it was handed in elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub competent_received: Option<IsoMoment>,
    /// Dates that another sender gives otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disagreements: Vec<Disagreement>,
    /// Whether its fees were paid without cash; `None` where nobody says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cashless: Option<bool>,
    /// What the result says; `None` where nobody tells.
    #[serde(skip_serializing_if = "Option::is_none", with = "wire_name")]
    pub decision: Option<Decision>,
    /// Whether a result was a file, of which no more is known: its case was erased.
    #[serde(skip_serializing_if = "Not::not")]
    pub had_electronic_result: bool,
}

/// A value by its machine name, or nothing.
mod wire_name {
    use dung_hen_domain::case::WireName;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    #[expect(clippy::ref_option, reason = "serde hands over the field")]
    pub(super) fn serialize<T: WireName, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(WireName::name).serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: WireName, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let Some(name) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let value = T::from_name(&name);
        value
            .map(Some)
            .ok_or_else(|| de::Error::custom("a known name expected"))
    }
}

impl Detail {
    /// Whether a result was a file.
    #[must_use]
    pub fn has_electronic_result(&self) -> bool {
        self.had_electronic_result || self.results.iter().any(|(_, address)| address.is_some())
    }
}

/// A date that a second sender gives otherwise than the first; the first stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// Its name in the envelope, such as `NgayTiepNhan`.
    pub field: String,
    /// The sender.
    pub by: String,
    /// What it said.
    pub said: IsoMoment,
}

/// A request for documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// What is missing.
    pub content: Option<String>,
    /// When it was asked for.
    pub asked: Option<IsoMoment>,
    /// When the documents came in.
    pub received: Option<IsoMoment>,
    /// Who asked for them, as sent.
    #[serde(default)]
    pub by: Option<String>,
    /// The new date named when they came in.
    #[serde(default)]
    pub new_due: Option<IsoDate>,
}

/// One promise. What was not said of it is `None`; like the date, none of it is ever changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEntry {
    /// The date.
    pub due: NaiveDate,
    /// When it was recorded here.
    pub recorded_at: NaiveDateTime,
    /// Why.
    pub cause: DueCause,
    /// Who named it: signer and agency of the letter, or who asked for the supplement. Erased with the case.
    pub named_by: Option<String>,
    /// The reason in their words. Erased with the case.
    pub reason: Option<String>,
    /// Code of the body whose system sent it.
    pub sent_by: Option<String>,
    /// Name and body of the officer who recorded it at the desk. Erased with the case.
    pub recorded_by: Option<String>,
}

impl DueEntry {
    /// A date of which nothing more is known.
    #[must_use]
    pub const fn new(due: NaiveDate, recorded_at: NaiveDateTime, cause: DueCause) -> Self {
        Self {
            due,
            recorded_at,
            cause,
            named_by: None,
            reason: None,
            sent_by: None,
            recorded_by: None,
        }
    }
}

/// One letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields of the official form, documented in wire::ApologyLetter; the last three in wire::LetterRequest, for letters recorded here"
)]
pub struct LetterEntry {
    pub issued: NaiveDate,
    pub number: Option<String>,
    pub agency: Option<String>,
    pub reason: Option<String>,
    pub previous_due: Option<NaiveDate>,
    pub revised_due: Option<NaiveDate>,
    pub signer: Option<String>,
    pub evidence: Option<String>,
    pub recorded_by: Option<String>,
    pub recorded_at: Option<NaiveDateTime>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressEntry {
    /// When.
    pub at: NaiveDateTime,
    /// Unit; empty where none was sent.
    pub unit: String,
    /// What was done; empty where nothing was sent.
    pub note: String,
    /// Officer.
    pub officer: Option<String>,
    /// Title of the officer.
    pub title: Option<String>,
}

/// A move of the computed date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveEntry {
    /// Version of the calendar that moved it.
    pub calendar: String,
    /// When it was computed.
    pub at: NaiveDateTime,
    /// The date before.
    pub before: Option<NaiveDate>,
    /// The date after.
    pub after: Option<NaiveDate>,
    /// Why, Vietnamese.
    pub why_vi: String,
    /// Why, English.
    pub why_en: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_is_not_there_of_a_case_no_word_is_written() {
        let written = |detail: &Detail| serde_json::to_string(detail).unwrap();
        let read = |text: &str| serde_json::from_str::<Detail>(text).unwrap();
        assert_eq!(written(&Detail::default()), "{}");
        assert_eq!(read("{}"), Detail::default());
        // As it was written before: every word.
        let before = r#"{"procedure_name":null,"field":null,"unit":"A","supplements":[],"fees":[],"results":[],
            "return_note":null,"return_by_post":false,"went_back":[],"handed_elsewhere":false,
            "competent_received":null,"disagreements":[],"had_electronic_result":false}"#;
        let unit = Detail {
            unit: Some("A".to_owned()),
            ..Detail::default()
        };
        assert_eq!(read(before), unit);
        assert_eq!(written(&unit), r#"{"unit":"A"}"#);
        let full = Detail {
            procedure_name: Some("B".to_owned()),
            field: Some("C".to_owned()),
            fees: vec![("D".to_owned(), "1".to_owned())],
            results: vec![("E".to_owned(), None)],
            return_note: Some("F".to_owned()),
            end_note: Some("G".to_owned()),
            return_by_post: true,
            handed_elsewhere: true,
            cashless: Some(false),
            decision: Some(Decision::Refused),
            had_electronic_result: true,
            ..unit
        };
        assert_eq!(read(&written(&full)), full);
    }
}
