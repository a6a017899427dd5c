//! What is kept: the records that go into the store and come out of it.

mod case;

use chrono::{Duration, NaiveDate, NaiveDateTime};
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::civil::rfc3339;
use dung_hen_domain::objection::ObjectionKind;

pub use self::case::*;
use crate::keys::Digest;
use crate::waiting::Said;

/// A rating as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingRecord {
    /// The name of its row.
    pub handle: Digest,
    /// Its label.
    pub label: BallotLabel,
    /// Instrument.
    pub instrument: String,
    /// Language.
    pub language: String,
    /// The answers.
    pub said: Said,
}

/// That the ballot given first was not the holder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    /// Agency of the case.
    pub agency: String,
    /// First and last month (`YYYY-MM`) in which the first ballot can have been given.
    pub months: (String, String),
    /// The day of contesting.
    pub day: NaiveDate,
}

/// What a case keeps of the ballot it was given for; both are keyed hashes that only the asker's request brings about.
#[derive(Clone, Copy, Debug)]
pub struct BallotMark {
    /// The seal of the blinded request.
    pub seal: Digest,
    /// Hides the label.
    pub mask: Digest,
}

/// What became of a request for a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BallotOutcome {
    /// Given, now or before, to this request, for this label.
    Given {
        /// The label.
        label: BallotLabel,
        /// Whether it was given now.
        now: bool,
    },
    /// Given to another request before.
    GivenToAnother,
}

/// Comments of one batch, in random order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentBatch {
    /// Which batch of its agency, from 1.
    pub batch: u32,
    /// Language and text.
    pub comments: Vec<(String, String)>,
}

/// An objection as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectionRecord {
    /// Reference number.
    pub reference: String,
    /// What it is about.
    pub kind: ObjectionKind,
    /// Agency of the case; empty where the case is not known.
    pub agency: String,
    /// The code, as the reporter gave it, where they name it.
    pub case_code: Option<String>,
    /// Whether the case is known and its holder reports.
    pub known: bool,
    /// When; at midnight where the hour is not kept.
    pub received_at: NaiveDateTime,
    /// The last day to answer, where it was known at reception.
    pub due: Option<NaiveDate>,
    /// In the reporter's words; gone after the retention.
    pub text: Option<String>,
    /// How to reach the reporter; gone after the retention.
    pub contact: Option<String>,
    /// Day on which the reporter agreed that the contact is kept.
    pub consent_on: Option<NaiveDate>,
    /// Answers, oldest first.
    pub answers: Vec<AnswerEntry>,
}

impl ObjectionRecord {
    /// Its place in the list of those without an answer.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}~{}", rfc3339(self.received_at), self.reference)
    }
}

/// An answer as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerEntry {
    /// When.
    pub answered_at: NaiveDateTime,
    /// The body that answers.
    pub body: String,
    /// The person who answers for it.
    pub person: String,
    /// What they say.
    pub text: String,
}

/// Which objections are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectionScope {
    /// All.
    All,
    /// Those about money and conduct.
    Confidential,
    /// The others, of one agency or of all.
    Agency(Option<String>),
}

/// Counts of one question: answers per level 1 to 5.
pub type LevelCounts = [u64; 5];

/// The computed date of an open case, as kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComputedEntry {
    /// Version of the calendar.
    pub calendar: String,
    /// Name of the settings beside the calendar; empty where it is to be computed again whatever they are.
    pub settings: String,
    /// Start and length of the period: two calendars are compared only where it is the same.
    pub basis: String,
    /// The last day; `None` where it is not settled or cannot be computed.
    pub due: Option<NaiveDate>,
    /// The first day that is not settled.
    pub unsettled_from: Option<NaiveDate>,
    /// Machine name of why nothing can be computed.
    pub reason: Option<String>,
    /// Whether the promise lies after the limit, whatever the open days become.
    pub later: bool,
    /// Whether the source of the limit covers the day of reception.
    pub covered: bool,
    /// The days of the period that are not what their weekday says.
    pub special: String,
}

/// An open case whose promise lies after the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatePromise {
    /// Case code.
    pub code: String,
    /// Agency code.
    pub agency: String,
    /// Procedure code.
    pub procedure: String,
    /// Day of reception.
    pub received: Option<NaiveDate>,
    /// The promise in force.
    pub promise: Option<NaiveDate>,
    /// The last day of the limit; `None` where it is not settled, and the promise is later than every possible one.
    pub due: Option<NaiveDate>,
    /// Whether the source of the limit covers the day of reception: only then may it be published.
    pub covered: bool,
}

/// A notice as issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRecord {
    /// Number in the notices' own series.
    pub number: String,
    /// SHA-256 of what it says, the day of issue aside.
    pub facts: Digest,
    /// The agency whose promise is broken, by name.
    pub agency: String,
    /// The date that was promised.
    pub promised: NaiveDate,
    /// The day on which these facts were first shown.
    pub issued: NaiveDate,
    /// SHA-256 of the whole text in Vietnamese.
    pub digest: Digest,
}

/// How many wrong proofs are taken within how long.
#[derive(Clone, Copy, Debug)]
pub struct AttemptLimit {
    /// Length of the window, which begins with the first wrong proof.
    pub minutes: i64,
    /// Wrong proofs within it.
    pub wrong: u32,
}

impl AttemptLimit {
    /// A count, while its window lasts.
    #[must_use]
    pub fn current(self, count: Option<AttemptCount>, now: NaiveDateTime) -> Option<AttemptCount> {
        count.filter(|count| now < count.since + Duration::minutes(self.minutes))
    }

    /// Seconds to wait before another proof may be tried; 0 where one may.
    #[must_use]
    pub fn wait(self, count: Option<AttemptCount>, now: NaiveDateTime) -> u32 {
        let full = self
            .current(count, now)
            .filter(|count| count.wrong >= self.wrong);
        full.map_or(0, |count| {
            let end = count.since + Duration::minutes(self.minutes);
            let left = end.signed_duration_since(now).num_seconds();
            u32::try_from(left.max(0)).unwrap_or(u32::MAX)
        })
    }
}

/// Wrong proofs as counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptCount {
    /// When the first of them came.
    pub since: NaiveDateTime,
    /// How many came since.
    pub wrong: u32,
}

/// A case opened for its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The case.
    pub record: CaseRecord,
    /// Objections that name it, oldest first.
    pub objections: Vec<ObjectionRecord>,
}

/// Keyed hashes of the proofs of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proofs {
    /// Of the secret on the receipt.
    pub secret: Option<Digest>,
    /// Of the last digits of the identity number.
    pub identity: Option<Digest>,
    /// Of the last digits of the phone.
    pub phone: Option<Digest>,
    /// Of the whole identity number, as tokens of portals name it.
    pub holder: Option<Digest>,
}
