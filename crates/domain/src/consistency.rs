//! What does not fit in the facts of a case. Nothing is corrected: what was sent is kept and shown, and each
//! contradiction is said.

use chrono::NaiveDate;

use crate::case::{CaseStatus, wire_enum};
use crate::case_code::CaseCode;
use crate::waiting::Request;

wire_enum! {
    /// A contradiction in the data sent.
    Doubt {
        /// The end of processing lies before the reception.
        FinishedBeforeReception = "finished_before_reception",
        /// The result was handed over before processing ended.
        ReturnedBeforeFinished = "returned_before_finished",
        /// Finished or returned, by a date that has not come yet.
        EndInTheFuture = "end_in_the_future",
        /// The reception has not come yet.
        ReceptionInTheFuture = "reception_in_the_future",
        /// The state says finished or returned, and no end was sent.
        EndNotSent = "end_not_sent",
        /// An end of processing was sent, and the state says that processing goes on.
        OpenWithAnEnd = "open_with_an_end",
        /// The promised date lies before the reception.
        PromiseBeforeReception = "promise_before_reception",
        /// Papers came in before they were asked for.
        AnsweredBeforeAsked = "answered_before_asked",
        /// Papers were asked for before the dossier was received.
        AskedBeforeReception = "asked_before_reception",
        /// A letter of apology is older than the reception.
        LetterBeforeReception = "letter_before_reception",
        /// A letter names a new date that is not after the one it replaces.
        NewDateNotLater = "new_date_not_later",
        /// The date inside the case code is after the reception.
        CodeAfterReception = "code_after_reception",
        /// A date lies outside the years 2000 to 2199: no dossier of these procedures is that old or that far.
        YearImpossible = "year_impossible",
        /// Two senders gave two receptions, or two ends.
        SendersDisagree = "senders_disagree",
    }
}

/// The facts of a case, as far as they can contradict each other.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The case code.
    pub code: &'a CaseCode,
    /// The state.
    pub status: CaseStatus,
    /// Reception.
    pub received: Option<NaiveDate>,
    /// The receipt's date.
    pub first_promise: Option<NaiveDate>,
    /// End of processing.
    pub finished: Option<NaiveDate>,
    /// Collection.
    pub returned: Option<NaiveDate>,
    /// Requests for papers.
    pub requests: &'a [Request],
    /// Letters: issue, replaced date, new date.
    pub letters: &'a [LetterDates],
    /// Whether two senders gave different receptions or ends.
    pub senders_disagree: bool,
    /// Today, as the server says.
    pub as_of: NaiveDate,
}

/// The dates of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterDates {
    /// Day of issue.
    pub issued: NaiveDate,
    /// The date it replaces.
    pub previous: Option<NaiveDate>,
    /// The new date.
    pub revised: Option<NaiveDate>,
}

/// The years in which dates of a dossier can lie.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// Every contradiction, in the order of [`Doubt`].
#[must_use]
pub fn doubts(facts: &Facts<'_>) -> Vec<Doubt> {
    use chrono::Datelike as _;
    let before = |one: Option<NaiveDate>, other: Option<NaiveDate>| {
        one.zip(other).is_some_and(|(one, other)| one < other)
    };
    let after_today = |date: Option<NaiveDate>| date.is_some_and(|date| date > facts.as_of);
    let Facts {
        status,
        received,
        finished,
        returned,
        ..
    } = *facts;
    let ended = status.is_finished();
    let going_on = matches!(
        status,
        CaseStatus::Received | CaseStatus::Processing | CaseStatus::SupplementRequested
    );
    let mut dates = vec![received, facts.first_promise, finished, returned];
    for request in facts.requests {
        dates.extend([request.asked, request.answered]);
    }
    for letter in facts.letters {
        dates.extend([Some(letter.issued), letter.previous, letter.revised]);
    }
    let coded = facts.code.hints().received;
    let found = [
        (
            Doubt::FinishedBeforeReception,
            before(finished, received) || before(returned, received),
        ),
        (Doubt::ReturnedBeforeFinished, before(returned, finished)),
        (
            Doubt::EndInTheFuture,
            after_today(finished) || after_today(returned),
        ),
        (
            Doubt::ReceptionInTheFuture,
            status.is_received() && after_today(received),
        ),
        (
            Doubt::EndNotSent,
            ended && finished.is_none() && returned.is_none(),
        ),
        (
            Doubt::OpenWithAnEnd,
            going_on && (finished.is_some() || returned.is_some()),
        ),
        (
            Doubt::PromiseBeforeReception,
            before(facts.first_promise, received),
        ),
        (
            Doubt::AnsweredBeforeAsked,
            facts
                .requests
                .iter()
                .any(|request| before(request.answered, request.asked)),
        ),
        (
            Doubt::AskedBeforeReception,
            facts
                .requests
                .iter()
                .any(|request| before(request.asked, received)),
        ),
        (
            Doubt::LetterBeforeReception,
            facts
                .letters
                .iter()
                .any(|letter| before(Some(letter.issued), received)),
        ),
        (
            Doubt::NewDateNotLater,
            facts.letters.iter().any(|letter| {
                letter
                    .previous
                    .zip(letter.revised)
                    .is_some_and(|(previous, revised)| revised <= previous)
            }),
        ),
        // Filed on an earlier day than received is usual; a code from the future is not.
        (Doubt::CodeAfterReception, before(received, coded)),
        (
            Doubt::YearImpossible,
            dates
                .into_iter()
                .flatten()
                .any(|date| !YEARS.contains(&date.year())),
        ),
        (Doubt::SendersDisagree, facts.senders_disagree),
    ];
    found
        .into_iter()
        .filter_map(|(doubt, holds)| holds.then_some(doubt))
        .collect()
}
