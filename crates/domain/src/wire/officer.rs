//! What officers see and send. The element knows nothing of it.

use serde::{Deserialize, Serialize};

use super::{ApologyLetter, ObjectionAnswer, ObjectionKind, Open, Text};
use crate::case::wire_enum;
use crate::civil::{IsoDate, IsoMoment};
use crate::letter_check::LetterFlag;

wire_enum! {
    /// Why a case is on the officer's list.
    DueState {
        /// The promise ends within the days asked for; a letter will be owed unless the case is finished.
        DueSoon = "due_soon",
        /// Today is the last lawful day for a letter.
        LastDay = "last_day",
        /// The last lawful day has passed, the promise has not.
        LetterLate = "letter_late",
        /// Past the promise, and no letter names a date to come.
        Overdue = "overdue",
        /// A letter named a new date, and that has come near or passed: a second postponement is outside the rule.
        NewDateNear = "new_date_near",
        /// Finished after the promise, and no letter has come: it is still owed, with the reason.
        FinishedLate = "finished_late",
    }
}

/// `POST /api/v1/officer/cases`: in the body, because where a page begins names a case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DueRequest {
    /// Working days ahead, up to 20; 2 where missing.
    #[serde(default)]
    pub days: Option<u32>,
    /// One agency of those the officer sees.
    #[serde(default)]
    pub agency: Option<String>,
    /// Where to begin, as the page before named it.
    #[serde(default)]
    pub after: Option<String>,
    /// Instead of the cases due, those finished after their promise for which no letter has come, the newest promise
    /// first.
    #[serde(default)]
    pub finished_late: bool,
}

/// The answer to [`DueRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueList {
    /// The server's now.
    pub as_of: IsoMoment,
    /// Working days ahead that were asked for.
    pub days: u32,
    /// The last promise that can be on the list.
    pub until: IsoDate,
    /// Cases, the longest overdue first; of those finished late the last promised.
    pub cases: Vec<DueCase>,
    /// How many there are in all.
    pub total: u64,
    /// Where the next page begins, where there is one.
    #[serde(default)]
    pub next: Option<String>,
}

/// A case due, with what the agency needs for its letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueCase {
    /// Case code.
    pub case_code: String,
    /// Agency code.
    pub agency: String,
    /// Agency name.
    pub agency_name: String,
    /// Why it is on the list.
    pub state: Open<DueState>,
    /// Reception.
    #[serde(default)]
    pub received: Option<IsoDate>,
    /// The receipt's date.
    #[serde(default)]
    pub first_promise: Option<IsoDate>,
    /// The promise in force.
    pub promise: IsoDate,
    /// The newest date that a letter named.
    #[serde(default)]
    pub revised_due: Option<IsoDate>,
    /// The day on which it was finished, where it is.
    #[serde(default)]
    pub finished: Option<IsoDate>,
    /// The last lawful day for a letter about the promise.
    #[serde(default)]
    pub last_lawful_day: Option<IsoDate>,
    /// Whether that day rests on settled days; else it is counted in plain days, and a letter is sent rather sooner.
    #[serde(default)]
    pub last_lawful_day_settled: bool,
    /// The date that the published time limit gives, where the promise is later than that.
    #[serde(default)]
    pub promise_later_than: Option<IsoDate>,
    /// Messages to the applicant, the newest first; empty where this software has sent none, absent where it does not
    /// know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Vec<Told>>,
    /// The letter's fields as far as the data give them.
    pub letter: LetterDraft,
}

wire_enum! {
    /// What became of a message to the applicant, as far as is known.
    ToldState {
        /// On its way to the gateway, which is asked again by itself.
        Waiting = "waiting",
        /// The gateway has it and has not said what became of it.
        HandedOver = "handed_over",
        /// The gateway says that it arrived.
        Delivered = "delivered",
        /// The gateway says that it did not arrive, or could not be reached.
        Failed = "failed",
    }
}

/// A message to the applicant of a case (docs/EVENTS.md). Whom it reached, and at which number, is known to the one-stop
/// system and not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The kind of its event: `case.overdue`, `letter.recorded`.
    pub event: String,
    /// The gateway, as the province's file names it.
    pub by: String,
    /// What became of it.
    pub state: Open<ToldState>,
    /// Since when.
    pub at: IsoMoment,
}

/// The fields of the letter (Mẫu 04). Name and address of the applicant are not kept here, and the reason is the
/// agency's to give: those stay empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LetterDraft {
    /// The official name of the form under the dossier's rule set, Vietnamese.
    pub form: String,
    /// Issuing agency.
    pub agency: String,
    /// Case code.
    pub case_code: String,
    /// Procedure.
    pub procedure: String,
    /// Field.
    pub field: String,
    /// Reception.
    #[serde(default)]
    pub received: Option<IsoDate>,
    /// The date that the letter replaces; of a case that is finished, the one that was not kept.
    pub previous_due: IsoDate,
    /// The unit that holds the case, as sent.
    #[serde(default)]
    pub unit: Option<String>,
    /// Letters so far about this promise.
    pub letters: u32,
    /// Whether one more is outside the rule.
    pub outside_rule: bool,
    /// Where the duty is written.
    pub basis: Text,
}

/// `POST /api/v1/officer/letters`: a letter that the agency has signed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LetterRequest {
    /// The case.
    pub case_code: String,
    /// Number of the letter.
    pub number: String,
    /// The agency's reason.
    pub reason: String,
    /// Day of issue, `YYYY-MM-DD`.
    pub issued: String,
    /// The new date, `YYYY-MM-DD`; empty where the case had been finished by the day of issue.
    #[serde(default)]
    pub revised_due: String,
    /// Who signed: name and office.
    pub signer: String,
    /// What shows the signature: the SHA-256 of the signed file (64 hexadecimal digits), or the digital signature's
    /// own serial or text, up to 4000 characters.
    pub evidence: String,
    /// Machine names of the flags that the officer has seen and stands by.
    #[serde(default)]
    pub confirmed: Vec<String>,
}

/// Longest evidence, in characters.
pub const MAX_EVIDENCE: usize = 4000;

/// The letter as recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LetterRecorded {
    /// What the holder sees from now on.
    pub letter: ApologyLetter,
    /// What the rules say against it.
    pub flags: Vec<Open<LetterFlag>>,
    /// Whether it had been recorded before.
    pub repeated: bool,
}

/// `POST /api/v1/officer/objections`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ObjectionListRequest {
    /// Where to begin, as the page before named it.
    #[serde(default)]
    pub after: Option<String>,
}

/// The answer to [`ObjectionListRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectionList {
    /// The server's now.
    pub as_of: IsoMoment,
    /// Objections without an answer, the oldest first.
    pub objections: Vec<ObjectionForOfficer>,
    /// Where the next page begins, where there is one.
    #[serde(default)]
    pub next: Option<String>,
}

/// An objection as those read it who are to answer it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectionForOfficer {
    /// The reference number.
    pub reference: String,
    /// What it is about.
    pub kind: Open<ObjectionKind>,
    /// Agency code; empty where the case is not known.
    pub agency: String,
    /// The case, where the reporter names it.
    #[serde(default)]
    pub case_code: Option<String>,
    /// Day of reception.
    pub received: IsoDate,
    /// The last day to answer.
    #[serde(default)]
    pub due: Option<IsoDate>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// In the reporter's words.
    #[serde(default)]
    pub text: Option<String>,
    /// How the reporter wants to be reached.
    #[serde(default)]
    pub contact: Option<String>,
    /// Answers so far.
    pub answers: Vec<ObjectionAnswer>,
}

/// `POST /api/v1/officer/objections/answers`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AnswerRequest {
    /// The reference number.
    pub reference: String,
    /// The answer, up to 2000 characters.
    pub text: String,
}
