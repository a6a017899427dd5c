//! Errors end here: each has a machine code, a status and a sentence in both languages
//! (docs/API.md). Nothing a citizen sent is ever part of an error or of a log line.

mod table;

use axum::extract::rejection::{BytesRejection, FormRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::letter_check::{LetterFault, LetterFlag};
use dung_hen_domain::wire::{Problem, Text};
use dung_hen_domain::words::{self, Lang};
use serde::Serialize;

use crate::guard::puzzle::Puzzle;
use crate::store::{ErrorKind, StoreError};

/// An error that knows its answer.
#[derive(Debug)]
pub enum AppError {
    /// The text cannot be a case code.
    InvalidCaseCode,
    /// Code alone: not known.
    CaseNotFound,
    /// With a proof: unknown code or wrong proof, not told apart.
    NoMatch,
    /// The call needs a proof.
    ProofRequired,
    /// Too many wrong proofs; seconds to wait.
    TooManyAttempts(u32),
    /// Someone tries codes and proofs: a little work first.
    PuzzleRequired(Box<Puzzle>),
    /// A portal's token that does not hold, or no longer.
    TokenInvalid,
    /// Nothing to rate yet.
    RatingNotOpen,
    /// Another number asked for the ballot.
    BallotAlreadyGiven,
    /// "It was not me" without a portal's token.
    ContestNeedsToken,
    /// Not 32 bytes in base64url.
    BallotRequestInvalid,
    /// The signature does not fit.
    BallotInvalid,
    /// Used with other answers.
    BallotSpent,
    /// Of a quarter before the last one.
    BallotExpired,
    /// Of a quarter that has not begun.
    BallotNotYetValid,
    /// The number of a rating has a wrong character.
    ReceiptMistyped,
    /// No rating with this number, or its time is over.
    RatingNotCorrectable,
    /// The lot has not fallen on this rater, or the province does not ask this.
    NotInvited,
    /// Over the limit of a comment.
    CommentTooLong,
    /// Not a questionnaire of this server.
    UnknownInstrument,
    /// A level outside the scale, an unknown factor, or one named twice.
    AnswerOutOfRange,
    /// Not a kind of objection.
    UnknownObjectionKind,
    /// Over the limit of an objection.
    TextTooLong,
    /// Over the limit of a contact.
    ContactTooLong,
    /// A contact without consent to keep it.
    ConsentMissing,
    /// No objection with this number, or not the officer's to read.
    ObjectionNotFound,
    /// An answer without words.
    AnswerMissing,
    /// No officer with this key, or the session has ended.
    OfficerKeyInvalid,
    /// The officer may not do this.
    RoleMissing,
    /// No notice has this number.
    NoticeNotFound,
    /// No brief of this agency and month is kept.
    BriefNotFound,
    /// The case is closed or finished, or no promise is known.
    LetterNotOwed,
    /// What makes the letter no letter.
    LetterRefused(Vec<LetterFault>),
    /// What the officer has to see and stand by first.
    LetterNeedsConfirmation(Vec<LetterFlag>),
    /// Recorded before under this number, otherwise.
    LetterExists,
    /// Neither hash nor signature.
    EvidenceMissing,
    /// Not a month, quarter or year.
    PeriodInvalid,
    /// Not a year, or not a date.
    DateInvalid,
    /// No such agency.
    AgencyUnknown,
    /// Figures are not split by this.
    SplitUnknown,
    /// No level of agencies.
    LevelUnknown,
    /// Not JSON of the call's form; the path of the field, without its value, or nothing where it is all of it.
    BadRequestBody(String),
    /// Envelopes of which none can be read, and why, without a value.
    EnvelopesUnread(String),
    /// Not `application/json`.
    UnsupportedMediaType,
    /// Over the limit.
    BodyTooLarge,
    /// No such address.
    NotFound,
    /// Not with this method.
    MethodNotAllowed,
    /// The connector's key is missing or wrong.
    ConnectorKeyInvalid,
    /// The body came too slowly.
    RequestTooSlow,
    /// No answer within the time allowed, or more requests than can be served.
    Busy,
    /// The server is not ready: it is starting, stopping, or its store does not answer.
    NotReady,
    /// The database does not take the request: no room, no answer, no writes.
    StoreUnavailable,
    /// Anything that is not the asker's doing; logged once, here.
    Internal(&'static str),
}

/// A problem that comes with what solves it.
#[derive(Serialize)]
struct WithPuzzle<'a> {
    #[serde(flatten)]
    problem: &'a Problem,
    puzzle: &'a Puzzle,
}

/// A letter that waits for confirmation, with the names to confirm.
#[derive(Serialize)]
struct WithFlags<'a> {
    #[serde(flatten)]
    problem: &'a Problem,
    flags: Vec<&'static str>,
}

/// The code of a problem, for the log and the counts.
#[derive(Clone, Copy, Debug)]
pub struct ProblemCode(pub &'static str);

/// A body that did not arrive: too large, too slow, or broken off.
impl From<BytesRejection> for AppError {
    fn from(rejection: BytesRejection) -> Self {
        Self::unread(rejection.status(), &rejection)
    }
}

/// A form that did not arrive or is not one.
impl From<FormRejection> for AppError {
    fn from(rejection: FormRejection) -> Self {
        match Self::unread(rejection.status(), &rejection) {
            Self::BadRequestBody(_) => Self::BadRequestBody("form".to_owned()),
            other => other,
        }
    }
}

/// The waiting room could not be read or written.
pub fn disk(error: std::io::Error) -> AppError {
    tracing::error!(error.kind = ?error.kind(), "the waiting room failed");
    AppError::StoreUnavailable
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error.kind = ?error.kind(), "{error}");
        match error.kind() {
            ErrorKind::Busy | ErrorKind::Conflict => Self::Busy,
            ErrorKind::Unavailable
            | ErrorKind::Full
            | ErrorKind::ReadOnly
            | ErrorKind::Io
            | ErrorKind::Corrupt => Self::StoreUnavailable,
            _ => Self::Internal("store"),
        }
    }
}

impl AppError {
    fn unread(status: StatusCode, cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut causes = std::iter::successors(Some(cause), |cause| cause.source());
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            Self::BodyTooLarge
        } else if causes.any(|cause| cause.is::<tower_http::timeout::TimeoutError>()) {
            Self::RequestTooSlow
        } else {
            Self::BadRequestBody(String::new())
        }
    }

    /// The machine code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.parts().1
    }

    /// The answer as data: the API sends it as JSON, the pages print its sentence.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (status, code, vi, en) = self.parts();
        let mut message = Text {
            vi: vi.to_owned(),
            en: en.to_owned(),
        };
        let mut title = en.to_owned();
        match self {
            Self::BadRequestBody(field) if !field.is_empty() => {
                title = format!("{en} Field: {field}.");
                message.en.clone_from(&title);
                message.vi = format!("{vi} Trường: {field}.");
            }
            Self::EnvelopesUnread(why) => {
                title = format!("{en}: {why}.");
                message.en.clone_from(&title);
                message.vi = format!("{vi}: {why}.");
            }
            _ => {}
        }
        if let Some(more) = self.details() {
            message = Text {
                vi: format!("{vi} {}", more.vi),
                en: format!("{en} {}", more.en),
            };
            title.clone_from(&message.en);
        }
        let retry_after_s = match self {
            Self::TooManyAttempts(seconds) => Some(*seconds),
            Self::Busy | Self::NotReady | Self::StoreUnavailable => Some(30),
            _ => None,
        };
        Problem {
            kind: "about:blank".into(),
            status: status.as_u16(),
            code: code.to_owned(),
            title,
            message,
            retry_after_s,
        }
    }

    /// What is wrong with a letter, sentence by sentence.
    fn details(&self) -> Option<Text> {
        let joined =
            |word: &dyn Fn(Lang) -> Vec<&'static str>| Text::both(|lang| word(lang).join(" "));
        match self {
            Self::LetterRefused(faults) => Some(joined(&|lang| {
                faults
                    .iter()
                    .map(|fault| words::letter_fault(*fault, lang))
                    .collect()
            })),
            Self::LetterNeedsConfirmation(flags) => Some(joined(&|lang| {
                flags
                    .iter()
                    .map(|flag| words::letter_flag(*flag, lang))
                    .collect()
            })),
            _ => None,
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.parts().0
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        if let Self::Internal(place) = self {
            tracing::error!(error.place = place, "request failed");
        }
        let problem = self.problem();
        let mut response = match &self {
            Self::PuzzleRequired(puzzle) => {
                let problem = WithPuzzle {
                    problem: &problem,
                    puzzle,
                };
                (self.status(), axum::Json(problem)).into_response()
            }
            Self::LetterNeedsConfirmation(flags) => {
                let problem = WithFlags {
                    problem: &problem,
                    flags: flags.iter().map(|flag| flag.name()).collect(),
                };
                (self.status(), axum::Json(problem)).into_response()
            }
            _ => (self.status(), axum::Json(&problem)).into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = problem.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self, Self::ConnectorKeyInvalid | Self::TokenInvalid) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(ProblemCode(self.code()));
        response
    }
}
