//! A look-up and its two answers.

use serde::{Deserialize, Serialize};

use super::{
    ApologyView, Clocks, DeadlineView, NotComputed, ObjectionKind, ObjectionView, Open,
    RatingState, Text,
};
use crate::case::{CaseStatus, Channel, Decision, Level, wire_enum};
use crate::civil::{IsoDate, IsoMoment};
use crate::timeliness::Timeliness;

/// `POST /api/v1/lookup`.
#[derive(Clone, Serialize, Deserialize)]
pub struct LookupRequest {
    /// As typed; the server cleans it. The reference number of an objection is taken here too.
    pub case_code: String,
    /// The secret on the receipt, the last six digits of the identity number, or the last four of
    /// the phone. Missing or empty: the answer to the code alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// The `version` of the answer on show: where it is still true, the answer is
    /// [`LookupAnswer::Unchanged`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub have: Option<String>,
}

/// The answer to a look-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "access", rename_all = "snake_case")]
pub enum LookupAnswer {
    /// To the code alone.
    Public(Box<PublicView>),
    /// To the code with proof of being the holder.
    Holder(Box<HolderView>),
    /// To whoever asked with the version that is still true: `{"access":"unchanged"}`.
    Unchanged,
    /// To the reference number of an objection.
    Objection(Box<ObjectionView>),
}

/// What the code alone shows: TT 01/2018 Điều 16(2)d, the code and the degree of completion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicView {
    /// The cleaned code.
    pub case_code: String,
    /// The server's now.
    pub as_of: IsoMoment,
    /// Names the content of this answer, `as_of` aside; to be sent back as `have`.
    #[serde(default)]
    pub version: String,
    /// The state.
    pub status: Open<CaseStatus>,
    /// The state in words.
    pub status_text: Text,
    /// The step reached, 1 to `steps`; missing where the case left the path.
    #[serde(default)]
    pub step: Option<u8>,
    /// How many steps there are.
    pub steps: u8,
    /// Dates and lateness, only where the province has widened the public answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<PublicDates>,
    /// The case on the national portal, where the province has configured it.
    #[serde(default)]
    pub national_portal: Option<String>,
    /// Said while a planned outage is announced: from when until when nothing can be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<Text>,
}

/// Dates a province may choose to show to the code alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicDates {
    /// Day of reception.
    pub received: IsoDate,
    /// The promise in force.
    #[serde(default)]
    pub promise: Option<IsoDate>,
    /// How the case stands.
    pub timeliness: Open<Timeliness>,
    /// The same in words.
    pub timeliness_text: Text,
}

/// Everything a holder sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HolderView {
    /// What the code alone shows, too.
    #[serde(flatten)]
    pub public: PublicView,
    /// The procedure.
    pub procedure: Procedure,
    /// The agency responsible.
    pub agency: Agency,
    /// How it was filed.
    pub channel: Open<Channel>,
    /// What the result says; missing where there is none yet, or nobody tells.
    #[serde(default)]
    pub decision: Option<Open<Decision>>,
    /// Why it ended without a result; missing where it did not, or where the applicant withdrew it.
    #[serde(default)]
    pub end_reason: Option<EndReason>,
    /// What the applicant must do, most urgent first.
    pub todo: Vec<Todo>,
    /// In whose hands the case is, while it is under way.
    #[serde(default)]
    pub place: Option<Place>,
    /// The dates.
    pub dates_held: Dates,
    /// How the case stands against its promise.
    pub timeliness: Open<Timeliness>,
    /// The same in words.
    pub timeliness_text: Text,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEvent>,
    /// Why the date is the date; missing where nothing can be computed.
    #[serde(default)]
    pub deadline: Option<DeadlineView>,
    /// Why there is no `deadline`; missing where there is one, or where none is owed.
    #[serde(default)]
    pub not_computed: Option<NotComputed>,
    /// How long the case has waited, and for whom; missing where it was never received.
    #[serde(default)]
    pub clocks: Option<Clocks>,
    /// What does not fit in the data sent, one sentence each: a completion before the reception, two systems that
    /// disagree.
    #[serde(default)]
    pub doubts: Vec<Text>,
    /// Letters and notice.
    pub apology: ApologyView,
    /// Electronic results.
    #[serde(default)]
    pub results: Vec<Link>,
    /// How the result travels: to the counter or by post.
    #[serde(default)]
    pub return_by_post: bool,
    /// What was said on returning (such as the number of the postal item).
    #[serde(default)]
    pub return_note: Option<String>,
    /// Where the postal item can be followed, where its number is known.
    #[serde(default)]
    pub tracking: Option<String>,
    /// Whether the service can be rated.
    pub rating: Open<RatingState>,
    /// What may be objected to in this state.
    pub objections: Vec<Open<ObjectionKind>>,
    /// Objections made, with their answers; none about money or conduct.
    #[serde(default)]
    pub objected: Vec<ObjectionView>,
}

/// Why the agency did not accept a case, or stopped it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndReason {
    /// What leads to the note; without one, where the reason is to be had.
    #[serde(flatten)]
    pub text: Text,
    /// What the agency noted, as sent.
    #[serde(default)]
    pub note: Option<String>,
}

/// `GET /api/v1/procedures/{code}/deadline`: what would be, if one filed then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiledView {
    /// The server's now.
    pub as_of: IsoMoment,
    /// The procedure.
    pub procedure: Procedure,
    /// The reception it is computed for.
    pub received: IsoMoment,
    /// Said where the day asked about is a day off, or not decided: which reception is taken instead, or that the
    /// day is open.
    #[serde(default)]
    pub note: Option<Text>,
    /// Why the date would be the date; missing where nothing can be computed.
    #[serde(default)]
    pub deadline: Option<DeadlineView>,
    /// Why there is no `deadline`.
    #[serde(default)]
    pub not_computed: Option<NotComputed>,
}

/// A procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// National code.
    pub code: String,
    /// Name, Vietnamese as published.
    pub name: String,
    /// Field.
    pub field: String,
    /// Time limit, Vietnamese as published.
    #[serde(default)]
    pub limit_as_published: Option<String>,
    /// Where it is published.
    #[serde(default)]
    pub source_url: Option<String>,
}

/// An agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Code.
    pub code: String,
    /// Name, Vietnamese.
    pub name: String,
    /// Level.
    pub level: Open<Level>,
    /// Where to ask.
    #[serde(default)]
    pub contact: Option<String>,
}

/// In whose hands a case is (NĐ 224/2026 Điều 15(1)g).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The unit, Vietnamese.
    pub unit: String,
    /// The officer.
    #[serde(default)]
    pub officer: Option<String>,
    /// Since when, as far as it was sent.
    #[serde(default)]
    pub since: Option<IsoMoment>,
}

wire_enum! {
    /// What the applicant must do.
    TodoKind {
        /// Supply more documents.
        Supplement = "supplement",
        /// Pay.
        Pay = "pay",
        /// Collect the result.
        Collect = "collect",
    }
}

/// Something the applicant must do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Todo {
    /// What.
    pub kind: Open<TodoKind>,
    /// In the agency's words, Vietnamese.
    #[serde(default)]
    pub note: Option<String>,
    /// Since when.
    #[serde(default)]
    pub since: Option<IsoDate>,
    /// Amounts to pay.
    #[serde(default)]
    pub fees: Vec<Fee>,
}

/// An amount to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Its name, Vietnamese.
    pub name: String,
    /// In đồng, as sent.
    pub amount: String,
}

/// The dates of a case. The receipt's date is never overwritten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dates {
    /// Reception; missing where the sender gave none, as for a case only filed.
    #[serde(default)]
    pub received: Option<IsoMoment>,
    /// The date on the receipt.
    #[serde(default)]
    pub first_promise: Option<IsoDate>,
    /// The promise in force: the first since the period last started.
    #[serde(default)]
    pub promise: Option<IsoDate>,
    /// The date the agency names now, where it moved it.
    #[serde(default)]
    pub current: Option<IsoDate>,
    /// End of processing.
    #[serde(default)]
    pub finished: Option<IsoDate>,
    /// Collection.
    #[serde(default)]
    pub returned: Option<IsoDate>,
    /// Every promise, oldest first.
    pub history: Vec<DueChange>,
}

wire_enum! {
    /// Why a promise changed.
    DueCause {
        /// The receipt.
        Receipt = "receipt",
        /// The full dossier came in after a supplement: the period restarts.
        Supplement = "supplement",
        /// A letter of apology named a new date.
        Apology = "apology",
        /// Nothing was sent that explains it.
        Unexplained = "unexplained",
    }
}

/// One promise in the history of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueChange {
    /// The date named.
    pub due: IsoDate,
    /// When it was recorded here.
    pub recorded: IsoMoment,
    /// Why.
    pub cause: Open<DueCause>,
    /// The agency, unit or officer that named it, as sent; missing where that was not said.
    #[serde(default)]
    pub by: Option<String>,
    /// The body whose system sent it; missing for what an officer recorded.
    #[serde(default)]
    pub sender: Option<String>,
    /// Name and body of the officer who recorded it.
    #[serde(default)]
    pub recorder: Option<String>,
    /// All of that in a sentence, which says so where it was not stated.
    #[serde(default)]
    pub who: Text,
    /// The reason in their words, Vietnamese; missing where none was said.
    #[serde(default)]
    pub reason: Option<String>,
}

wire_enum! {
    /// What happened to a case.
    EventKind {
        /// It was received.
        Received = "received",
        /// A unit handled it.
        Handled = "handled",
        /// Documents were asked for.
        SupplementRequested = "supplement_requested",
        /// Documents came in.
        SupplementReceived = "supplement_received",
        /// The agency apologised.
        ApologyIssued = "apology_issued",
        /// Processing ended.
        Finished = "finished",
        /// The result was handed over.
        Returned = "returned",
        /// The case went back to an earlier step.
        WentBack = "went_back",
    }
}

/// One entry of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineEvent {
    /// When.
    pub at: IsoMoment,
    /// What.
    pub kind: Open<EventKind>,
    /// The unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// The officer who handled it (NĐ 224/2026 Điều 15(1)g).
    #[serde(default)]
    pub officer: Option<String>,
    /// In the agency's words, Vietnamese.
    #[serde(default)]
    pub note: Option<String>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it leads to.
    pub name: String,
    /// Where; missing where the system sent none that may be shown.
    #[serde(default)]
    pub url: Option<String>,
}
