//! Objections.

use serde::{Deserialize, Serialize};

use super::{Open, Text};
use crate::civil::IsoDate;
pub use crate::objection::ObjectionKind;

/// `POST /api/v1/objections`.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct ObjectionRequest {
    /// The case, or the unknown code on the receipt.
    pub case_code: String,
    /// The proof; needed for every kind but `unknown_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Machine name of the kind.
    pub kind: String,
    /// What happened, in the reporter's words, up to [`MAX_OBJECTION_TEXT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How the reporter can be reached, up to [`MAX_CONTACT`] characters; kept only with `contact_consent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// That the contact may be kept until the retention after the answer ends.
    #[serde(default)]
    pub contact_consent: bool,
    /// Money and conduct: that the case code may be kept with the report. Other kinds always carry it.
    #[serde(default)]
    pub name_case: bool,
    /// 32 random bytes in base64url, the same for every attempt to send the same objection: repeated, it is the same
    /// objection and gets the same reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// Longest text of an objection or of its answer, in characters.
pub const MAX_OBJECTION_TEXT: usize = 2000;
/// Longest contact, in characters.
pub const MAX_CONTACT: usize = 200;

/// The receipt for an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionReceipt {
    /// The reference number.
    pub reference: String,
    /// Until when it is to be answered, or why no day is named.
    pub due_text: Text,
    /// Who reads it.
    pub goes_to: Text,
}

/// An objection, for its reporter: nothing that was written in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionView {
    /// The reference number.
    pub reference: String,
    /// What it is about.
    pub kind: Open<ObjectionKind>,
    /// The same in words.
    pub kind_text: Text,
    /// Day of reception.
    pub received: IsoDate,
    /// The last day to answer; missing where none is known.
    #[serde(default)]
    pub due: Option<IsoDate>,
    /// The same in words, or why there is none.
    pub due_text: Text,
    /// Whether that day has passed without an answer.
    pub overdue: bool,
    /// Answers, oldest first.
    #[serde(default)]
    pub answers: Vec<ObjectionAnswer>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionAnswer {
    /// Day of the answer.
    pub answered: IsoDate,
    /// The body that answers, Vietnamese.
    pub body: String,
    /// The person who answers for it.
    pub person: String,
    /// What they say, in their own words.
    pub text: String,
}
