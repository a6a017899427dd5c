//! What travels between widget and server.
//!
//! Keys are `snake_case`; dates `YYYY-MM-DD`; moments RFC 3339 with `+07:00`. An old widget meets
//! newer servers: unknown fields are ignored and unknown values decode to [`Open::Unknown`].
//! Texts worded by the server (names, citations, notices) come in both languages, so the widget
//! carries no law and switches language without asking again.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::apology::ApologyState;
use crate::case::{CaseStatus, Channel, Level, WireName, wire_enum};
use crate::civil::{IsoDate, IsoMoment};
use crate::timeliness::Timeliness;
use crate::words::Lang;

/// A value that a newer server may extend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open<T> {
    /// A value of this version.
    Known(T),
    /// A value this version does not know.
    Unknown(String),
}

impl<T: WireName> Open<T> {
    /// The value, if this version knows it.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Unknown(_) => None,
        }
    }
}

impl<T> From<T> for Open<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: WireName> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Known(value) => value.name(),
            Self::Unknown(name) => name,
        })
    }
}

impl<'de, T: WireName> Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(T::from_name(&name).map_or(Self::Unknown(name), Self::Known))
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both texts from one function of the language.
    pub fn both<S: Into<String>>(word: impl Fn(Lang) -> S) -> Self {
        Self {
            vi: word(Lang::Vi).into(),
            en: word(Lang::En).into(),
        }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }
}

// ---------------------------------------------------------------- look-up

/// `POST /api/v1/lookup`.
#[derive(Clone, Serialize, Deserialize)]
pub struct LookupRequest {
    /// As typed; the server cleans it.
    pub case_code: String,
    /// The secret on the receipt, the last six digits of the identity number, or the last four of
    /// the phone. Missing or empty: the answer to the code alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// The answer to a look-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "access", rename_all = "snake_case")]
pub enum LookupAnswer {
    /// To the code alone.
    Public(PublicView),
    /// To the code with proof of being the holder.
    Holder(Box<HolderView>),
}

/// What the code alone shows: TT 01/2018 Điều 16(2)d, the code and the degree of completion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicView {
    /// The cleaned code.
    pub case_code: String,
    /// The server's now.
    pub as_of: IsoMoment,
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
    /// What the applicant must do, most urgent first.
    pub todo: Vec<Todo>,
    /// The dates.
    pub dates_held: Dates,
    /// How the case stands against its promise.
    pub timeliness: Open<Timeliness>,
    /// The same in words.
    pub timeliness_text: Text,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEvent>,
    /// Why the date is the date; missing where the published limit allows no computation.
    #[serde(default)]
    pub deadline: Option<DeadlineView>,
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
    /// Whether the service can be rated.
    pub rating: Open<RatingState>,
    /// What may be objected to in this state.
    pub objections: Vec<Open<ObjectionKind>>,
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
    /// Reception.
    pub received: IsoMoment,
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

// ---------------------------------------------------------------- deadline

/// Why the date is the date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadlineView {
    /// The limit in words: "5 ngày làm việc".
    pub limit: Text,
    /// The day the period starts from (not counted).
    pub starts: IsoDate,
    /// Whether the period restarted after a supplement.
    #[serde(default)]
    pub restarted: bool,
    /// The computed date; missing where the calendar is not settled.
    #[serde(default)]
    pub due: Option<IsoDate>,
    /// The hour, for limits in hours: `HH:MM`.
    #[serde(default)]
    pub due_time: Option<String>,
    /// The first day that is not settled, where there is no date.
    #[serde(default)]
    pub unsettled_from: Option<IsoDate>,
    /// One plain sentence.
    pub sentence: Text,
    /// Whether the computed date equals the promise; missing where one of them is.
    #[serde(default)]
    pub agrees: Option<bool>,
    /// Day by day.
    pub days: Vec<DeadlineDay>,
    /// The law behind it.
    pub basis: Vec<Text>,
}

wire_enum! {
    /// What a day is in the proof.
    DayMark {
        /// The day of reception, not counted.
        Start = "start",
        /// A working day, counted.
        Working = "working",
        /// A Saturday or Sunday worked in exchange, counted.
        SwappedWorking = "swapped_working",
        /// A day off that counts, because the limit is in calendar days.
        CountedDayOff = "counted_day_off",
        /// A Saturday or Sunday.
        Weekend = "weekend",
        /// A public holiday.
        Holiday = "holiday",
        /// A weekday off in lieu of a holiday on the weekend.
        InLieu = "in_lieu",
        /// A weekday off that is worked on another day.
        SwappedOff = "swapped_off",
        /// Outside working hours or not counted for another reason.
        NotCounted = "not_counted",
        /// The period ended on a day off; this is the next working day.
        RolledTo = "rolled_to",
    }
}

/// One day of the proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadlineDay {
    /// The day.
    pub date: IsoDate,
    /// What it is.
    pub mark: Open<DayMark>,
    /// Its number in the count; missing where it is not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Working minutes counted on it, for limits in hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Why, where the mark alone does not say it: the holiday's name, the swapped day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

// ---------------------------------------------------------------- apology

/// Letters and notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApologyView {
    /// Where the apology stands.
    pub state: Open<ApologyState>,
    /// The same in words.
    pub state_text: Text,
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
    /// The text.
    pub paragraphs: Vec<Text>,
    /// "Thông báo tự động, không thay văn bản xin lỗi của cơ quan".
    pub disclaimer: Text,
}

// ---------------------------------------------------------------- rating

wire_enum! {
    /// Whether the service can be rated.
    RatingState {
        /// Not yet: nothing has come to an end, and nothing is late.
        NotYet = "not_yet",
        /// It can.
        Open = "open",
        /// The ballot of this case has been given out.
        BallotGiven = "ballot_given",
    }
}

/// `POST /api/v1/ballots`: asked for with proof.
#[derive(Clone, Serialize, Deserialize)]
pub struct BallotRequest {
    /// The case.
    pub case_code: String,
    /// The proof.
    pub proof: String,
    /// 32 random bytes of the asker, base64url without padding. The same number asked again gets
    /// the same ballot, so a lost answer costs nothing.
    pub ballot_request: String,
}

/// A ballot: what a rating carries instead of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// The public label: the cell the rating counts in.
    pub label: BallotLabel,
    /// The asker's number, base64url.
    pub number: String,
    /// The server's signature over number and label, base64url.
    pub signature: String,
}

/// The cell a rating counts in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotLabel {
    /// Agency code.
    pub agency: String,
    /// Month, `YYYY-MM`.
    pub month: String,
}

/// `POST /api/v1/ratings`: no case code, proof or token.
#[derive(Clone, Serialize, Deserialize)]
pub struct RatingRequest {
    /// The ballot.
    pub ballot: Ballot,
    /// The instrument answered.
    pub instrument: String,
    /// The language it was answered in.
    pub language: String,
    /// The service as a whole, 1 to 5.
    pub overall: u8,
    /// Factors by name, 1 to 5; those not answered are left out.
    #[serde(default)]
    pub factors: Vec<FactorAnswer>,
}

/// The answer to one factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorAnswer {
    /// Machine name of the factor.
    pub factor: String,
    /// 1 to 5.
    pub level: u8,
}

/// The receipt for a rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingReceipt {
    /// In readable groups.
    pub receipt: String,
    /// Whether the same rating had been stored before.
    pub repeated: bool,
}

// ---------------------------------------------------------------- objection

wire_enum! {
    /// What a citizen objects to.
    ObjectionKind {
        /// It says returned, but I have nothing.
        NotReceived = "not_received",
        /// Closed without a result.
        ClosedWithoutResult = "closed_without_result",
        /// I hold a receipt, but the code is unknown. Needs no case.
        UnknownCode = "unknown_code",
        /// The date was moved.
        DateMoved = "date_moved",
        /// Stopped or sent back without ground.
        StoppedWithoutGround = "stopped_without_ground",
        /// Asked to pay extra.
        AskedToPayExtra = "asked_to_pay_extra",
    }
}

/// `POST /api/v1/objections`.
#[derive(Clone, Serialize, Deserialize)]
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
}

/// Longest text of an objection, in characters.
pub const MAX_OBJECTION_TEXT: usize = 2000;

/// The receipt for an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionReceipt {
    /// The reference number.
    pub reference: String,
}

// ---------------------------------------------------------------- errors

/// An error, as RFC 9457 `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Always `about:blank`: `code` tells the kinds apart.
    #[serde(rename = "type", default)]
    pub kind: Cow<'static, str>,
    /// HTTP status.
    pub status: u16,
    /// Machine code, listed in docs/API.md.
    pub code: String,
    /// The sentence, in English.
    #[serde(default)]
    pub title: String,
    /// The sentence, in both languages.
    pub message: Text,
    /// Seconds after which to try again, where that helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}
