//! Letters of the agency, and our own notice.

use serde::{Deserialize, Serialize};

use super::{Open, Text};
use crate::apology::{ApologyState, Postponement};
use crate::civil::IsoDate;

/// Letters and notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApologyView {
    /// Where the apology stands.
    pub state: Open<ApologyState>,
    /// The same in words.
    pub state_text: Text,
    /// How often the date was postponed since the period last started, against what the rule allows.
    pub postponement: Open<Postponement>,
    /// Whether the new date of the last letter has passed as well.
    #[serde(default)]
    pub new_date_missed: bool,
    /// Letters of the agency, oldest first.
    pub letters: Vec<ApologyLetter>,
    /// Our own notice, where the promise is broken.
    #[serde(default)]
    pub notice: Option<Notice>,
}

/// A letter that the agency has issued: its own words, nothing added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApologyLetter {
    /// 1 for the first.
    pub sequence: u32,
    /// Issuing agency.
    pub agency: String,
    /// Number of the letter.
    #[serde(default)]
    pub number: Option<String>,
    /// Day of issue.
    pub issued: IsoDate,
    /// The reason, as the agency wrote it.
    #[serde(default)]
    pub reason: Option<String>,
    /// The date it replaces.
    #[serde(default)]
    pub previous_due: Option<IsoDate>,
    /// The new date.
    #[serde(default)]
    pub revised_due: Option<IsoDate>,
    /// Who signed.
    #[serde(default)]
    pub signer: Option<String>,
    /// Whether it is a second postponement, outside the rule.
    #[serde(default)]
    pub outside_rule: bool,
    /// What the official form asks for and this letter, as sent, does not have; missing where nothing is.
    #[serde(default)]
    pub incomplete: Option<Text>,
}

/// Our notice: visibly the system's, never an agency's letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Number in the notices' own series.
    pub number: String,
    /// "Thư xin lỗi …" only in the name of a body that has adopted the text; else "Thông báo quá hẹn".
    pub title: Text,
    /// The body that apologises, with its decision; missing where none has adopted the text.
    #[serde(default)]
    pub adopted_by: Option<Text>,
    /// The day on which this text was first shown.
    pub issued: IsoDate,
    /// The text.
    pub paragraphs: Vec<Text>,
    /// "Thông báo tự động, không thay văn bản xin lỗi của cơ quan".
    pub disclaimer: Text,
    /// Digest of the text in readable groups, to be compared with the page behind `page`.
    #[serde(default)]
    pub fingerprint: String,
    /// The page that confirms number, agency, dates and unchanged text, seen from the server's base address.
    #[serde(default)]
    pub page: String,
    /// The days on which a text was issued under this number, oldest first; the last one may be this.
    #[serde(default)]
    pub history: Vec<IsoDate>,
}
