//! The waiting room of ratings: safe on the disk as soon as they arrive, in the database only in company.
//!
//! A database tells in which order things were written: in its write-ahead log, its transaction numbers, the places
//! of its rows. A rating written when it arrives stands beside the ballot that was given a moment before. So a rating
//! waits here, in a file of its own outside the database and its backups, until [`ENOUGH`] of the same label,
//! questionnaire and language have come; then they enter together in random order, and are erased here. Whatever
//! anyone knows of the cases, each of the five is as likely as any other to be the rating of a given one.
//!
//! What waits here is safe from a power cut and lost with the disk. docs/THREATS.md says what that means.
//!
//! [`ENOUGH`]: dung_hen_domain::ballot_label::ENOUGH

mod chance;
mod coming;
mod crowds;
mod door;
mod entered;
mod file;
mod free;
mod groups;
mod inside;
mod kept;
mod leaving;
mod pace;
mod room;
mod tallies;
mod uncounted;
mod weeks;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::keys::Digest;

pub use self::coming::Coming;
pub use self::door::{AtWork, Limits, Turn, Waiting};
pub use self::entered::Entered;
pub use self::kept::Kept;
pub use self::room::WaitingRoom;
pub use self::tallies::Tally;
pub use self::weeks::correct_until;

/// What a rating says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The whole, 1 to 5.
    pub overall: u8,
    /// The factors in their order.
    pub factors: [Option<u8>; 5],
    /// The criteria named as wrong, a bit each in their order; `None` where no factor was bad.
    pub wrong: Option<u16>,
}

/// A rating on its way into the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Keyed hash of the ballot's number: spent.
    pub spent: Digest,
    /// Hash of the number under the key of its week: the name of the row, by which it can be corrected.
    pub handle: Digest,
    /// Label as text.
    pub label: String,
    /// Instrument.
    pub instrument: String,
    /// Language.
    pub language: String,
    /// The answers.
    pub said: Said,
}

/// New answers for a rating that has entered the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The rating.
    pub handle: Digest,
    /// Instrument.
    pub instrument: String,
    /// Language.
    pub language: String,
    /// The answers.
    pub said: Said,
}

/// A comment, apart from its rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Random: a comment enters the database once.
    pub id: Digest,
    /// Agency code; empty where the label has none.
    pub agency: String,
    /// Level of the agency.
    pub level: String,
    /// Language.
    pub language: String,
    /// In the citizen's words.
    pub text: String,
}

/// A second questionnaire, apart from its rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Keyed hash of the ballot's number and the questionnaire.
    pub spent: Digest,
    /// Period, agency and level of the ballot's label, as text.
    pub label: String,
    /// Questionnaire.
    pub instrument: String,
    /// Language.
    pub language: String,
    /// A level for each question of the sheet, in its order.
    pub levels: Vec<Option<u8>>,
}

/// One slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// A rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Or a correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// A comment that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// Or numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tally: Option<Tally>,
    /// Or a sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Sheet>,
}

impl Entry {
    /// Whether nothing waits in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rating.is_none()
            && self.correction.is_none()
            && self.comment.is_none()
            && self.tally.is_none()
            && self.sheet.is_none()
    }
}

/// `YYYY-MM`.
#[must_use]
pub fn month(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

#[cfg(test)]
mod tests;
