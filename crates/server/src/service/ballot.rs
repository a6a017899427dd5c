//! Ballots: one per case, on proof of being its holder.
//!
//! The asker blinds a number; the server answers for a label and keeps on the case a seal of the blinded request. The
//! number itself is seen for the first time with the rating, and then nothing leads back to the request.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_ballot::{Issuer, Number, Output};
use dung_hen_domain::ballot_label::{BallotLabel, Outcome};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::integrity::Counted;
use dung_hen_domain::wire::{Ballot, BallotAnswer, BallotRequest, RatingState};

use super::access::{self, Shown};
use super::asker::Asker;
use super::integrity;
use crate::error::AppError;
use crate::keys::{Digest, Purpose};
use crate::reference::Reference;
use crate::state::AppState;
use crate::store::{BallotMark, BallotOutcome, CaseRecord, Contest};
use crate::view;
use crate::waiting::month;

/// By which way a ballot is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By a program that blinds: the element.
    Api,
    /// By the page without JavaScript.
    Page,
}

/// Gives the ballot of a case to the blinded number that asks for it; every refusal is counted.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ballots`.
pub async fn give(
    state: &AppState,
    asker: &Asker,
    request: &BallotRequest,
    way: Way,
) -> Result<BallotAnswer, AppError> {
    let outcome = give_to(state, asker, request, way).await;
    if let Err(error) = &outcome {
        integrity::refused(state, "", error).await;
    }
    outcome
}

async fn give_to(
    state: &AppState,
    asker: &Asker,
    request: &BallotRequest,
    way: Way,
) -> Result<BallotAnswer, AppError> {
    let blinded: Digest = bytes(&request.blinded).ok_or(AppError::BallotRequestInvalid)?;
    let code = access::read_code(state, &request.case_code).await?;
    let proof = access::given(Some(&request.proof));
    let (record, shown) = access::as_holder(state, asker, code, proof).await?;
    let now = state.now();
    if view::rating_state(&record, now) == RatingState::NotYet {
        return Err(AppError::RatingNotOpen);
    }
    // An officer can hold the receipt's secret and the digits, too: only the portal says that it is the holder.
    if request.contest && shown != Shown::Token {
        return Err(AppError::ContestNeedsToken);
    }
    // Malformed requests are refused before the case is marked.
    if !dung_hen_ballot::is_request(&blinded) {
        return Err(AppError::BallotRequestInvalid);
    }
    let finest = finest(&record, &state.reference, now);
    let of_case = |purpose| {
        state
            .keys
            .hash(purpose, &[record.code.as_bytes(), &blinded])
    };
    let mark = BallotMark {
        seal: of_case(Purpose::BallotSeal),
        mask: of_case(Purpose::BallotMask),
    };
    let contest = request.contest.then(|| Contest {
        agency: record.agency.clone(),
        months: (month(could_be_rated_from(&record, now)), month(now.date())),
        day: now.date(),
    });
    let case_code = record.code.clone();
    let outcome = state
        .store
        .write(move |store| {
            store
                .give_ballot(&case_code, &mark, &finest, contest.as_ref())
                .map_err(AppError::from)
        })
        .await?;
    let BallotOutcome::Given { label, now: given } = outcome else {
        return Err(AppError::BallotAlreadyGiven);
    };
    if given {
        let kinds = kinds(state, asker, &record, shown, way);
        integrity::count_ballot(state, &record.agency, &kinds).await;
    }
    evaluate(state, &blinded, &label)
}

/// How a ballot was obtained, and what is odd about it. None of this is kept with the case, and nothing of it could be
/// kept with a rating.
fn kinds(
    state: &AppState,
    asker: &Asker,
    record: &CaseRecord,
    shown: Shown,
    way: Way,
) -> Vec<(Counted, i64)> {
    let proof = match shown {
        Shown::Token => Counted::PortalToken,
        Shown::Secret => Counted::ReceiptSecret,
        Shown::Digits => Counted::LastDigits,
    };
    let seconds = state.reference.province.integrity.quick_seconds;
    // A demonstration may play at a moment that stands still.
    let quick = state
        .guard
        .quick
        .is_quick(&record.code, asker.network(), state.now(), seconds)
        && !state.demo;
    let nothing_handed_over = record.status.is_finished()
        && record.detail.results.is_empty()
        && record.returned_at.is_none();
    [
        (proof, true),
        (Counted::DeskNetwork, asker.is_at_desk_of(&record.agency)),
        (Counted::WithoutJavascript, way == Way::Page),
        (Counted::TooQuick, quick),
        (Counted::WithoutResult, nothing_handed_over),
    ]
    .into_iter()
    .filter(|(_, holds)| *holds)
    .map(|(kind, _)| (kind, 1))
    .collect()
}

/// The first day on which the case can have been rated.
fn could_be_rated_from(record: &CaseRecord, now: NaiveDateTime) -> NaiveDate {
    let ended = record
        .status
        .is_finished()
        .then_some(record.finished_at)
        .flatten();
    let first = match (ended, record.first_promise) {
        (Some(ended), Some(promise)) => Some(ended.date().min(promise)),
        (Some(ended), None) => Some(ended.date()),
        (None, _) => record.received_at.map(|at| at.date()),
    };
    first.unwrap_or(now.date()).min(now.date())
}

fn evaluate(
    state: &AppState,
    blinded: &Digest,
    label: &BallotLabel,
) -> Result<BallotAnswer, AppError> {
    let period = label.quarter().ok_or(AppError::Internal("label"))?;
    let text = label.to_text();
    let answer = of_quarter(state, &period)?
        .answer(blinded, text.as_bytes(), &mut rand_core::OsRng)
        .map_err(|_| AppError::BallotRequestInvalid)?;
    Ok(BallotAnswer {
        label: text,
        period,
        answer: URL_SAFE_NO_PAD.encode(answer),
    })
}

/// The output that makes number and answer a ballot, for whoever has no browser to unblind it in.
///
/// # Errors
/// [`AppError::Internal`].
pub fn finish(state: &AppState, number: &Number, given: &BallotAnswer) -> Result<String, AppError> {
    let output = of_quarter(state, &given.period)?
        .output(number.as_bytes(), given.label.as_bytes())
        .map_err(|_| AppError::Internal("ballot"))?;
    Ok(URL_SAFE_NO_PAD.encode(output))
}

/// The key of a quarter.
///
/// # Errors
/// [`AppError::Internal`], for one seed in 2^252.
pub(super) fn of_quarter(state: &AppState, quarter: &str) -> Result<Arc<Issuer>, AppError> {
    state.issuers.of(&state.keys, quarter)
}

/// Whether this server gave a ballot.
///
/// # Errors
/// [`AppError::Internal`].
fn fits(
    state: &AppState,
    quarter: &str,
    label: &str,
    number: &Number,
    output: &Output,
) -> Result<bool, AppError> {
    let issuers = &state.issuers;
    issuers.fits(&state.keys, quarter, label, number, output)
}

/// The number and the label of a ballot that this server gave.
pub(super) fn genuine(
    state: &AppState,
    ballot: &Ballot,
) -> Result<(Number, BallotLabel), AppError> {
    let number = Number::parse(&ballot.number).map_err(|_| AppError::BallotInvalid)?;
    let label = BallotLabel::parse(&ballot.label).ok_or(AppError::BallotInvalid)?;
    let output = bytes(&ballot.output).ok_or(AppError::BallotInvalid)?;
    let quarter = label.quarter().ok_or(AppError::BallotInvalid)?;
    if !fits(state, &quarter, &ballot.label, &number, &output)? {
        return Err(AppError::BallotInvalid);
    }
    Ok((number, label))
}

/// The number and the label of a ballot that is good today.
pub(super) fn good_today(
    state: &AppState,
    ballot: &Ballot,
    today: NaiveDate,
) -> Result<(Number, BallotLabel), AppError> {
    let (number, label) = genuine(state, ballot)?;
    valid(&label, today)?;
    Ok((number, label))
}

/// Whether a ballot of this label is good today.
pub(super) fn valid(label: &BallotLabel, today: NaiveDate) -> Result<(), AppError> {
    match quarters_ago(&label.period, today) {
        0 | 1 => Ok(()),
        ago if ago < 0 => Err(AppError::BallotNotYetValid),
        _ => Err(AppError::BallotExpired),
    }
}

/// How many quarters before the one of `today`.
fn quarters_ago(quarter: &str, today: NaiveDate) -> i32 {
    let index = |period: &str| {
        let label = BallotLabel {
            period: period.to_owned(),
            ..BallotLabel::default()
        };
        let quarter = label.quarter()?;
        let (year, quarter) = quarter.split_once("-Q")?;
        Some(year.parse::<i32>().ok()? * 4 + quarter.parse::<i32>().ok()?)
    };
    match (index(&month(today)), index(quarter)) {
        (Some(now), Some(then)) => now - then,
        _ => i32::MAX,
    }
}

/// The finest label of a case.
#[must_use]
pub fn finest(record: &CaseRecord, reference: &Reference, now: NaiveDateTime) -> BallotLabel {
    let agency = view::agency(record, reference);
    let procedure = reference.catalogue.get(&record.procedure);
    let outcome = Outcome::of(record.status, record.detail.decision);
    let late = match (outcome, record.promise, record.finished_at) {
        (Outcome::Open, ..) => "late",
        (_, Some(promise), Some(finished)) if outcome.is_result() => {
            if finished.date() > promise {
                "late"
            } else {
                "in_time"
            }
        }
        _ => "",
    };
    BallotLabel {
        period: month(now.date()),
        agency: record.agency.clone(),
        level: agency
            .level
            .known()
            .map_or("", |level| level.name())
            .to_owned(),
        procedure: record.procedure.clone(),
        field: procedure.map(|row| row.field.clone()).unwrap_or_default(),
        outcome: outcome.name().to_owned(),
        timeliness: late.to_owned(),
    }
}

/// Reads so many bytes from base64url.
pub(super) fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
