//! Ratings: a ballot and answers, nothing else. The same ballot again is the same rating.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::{INSTRUMENT, Level, SatisfactionFactor};
use dung_hen_domain::wire::{RatingReceipt, RatingRequest};
use dung_hen_domain::words::Lang;

use super::ballot::{number, signature};
use crate::error::AppError;
use crate::keys::{Digest, Purpose, equal, readable};
use crate::state::AppState;
use crate::store::{RatingOutcome, RatingRecord};

/// Checks and keeps a rating; every refusal is counted.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ratings`.
pub async fn store(state: &AppState, request: &RatingRequest) -> Result<RatingReceipt, AppError> {
    let (record, number) = match check(state, request) {
        Ok(checked) => checked,
        Err(error) => {
            refused(state).await?;
            return Err(error);
        }
    };
    let outcome = state
        .store
        .write(move |store| store.add_rating(&record).map_err(AppError::from))
        .await?;
    if outcome == RatingOutcome::Spent {
        return Err(AppError::BallotSpent);
    }
    let receipt = readable(&state.keys.hash(Purpose::Receipt, &[&number]), 4);
    Ok(RatingReceipt {
        receipt,
        repeated: outcome == RatingOutcome::Repeated,
    })
}

/// Counts a rating that was refused.
///
/// # Errors
/// [`AppError::Internal`].
pub async fn refused(state: &AppState) -> Result<(), AppError> {
    state
        .store
        .write(|store| store.count_refused_rating().map_err(AppError::from))
        .await
}

fn check(state: &AppState, request: &RatingRequest) -> Result<(RatingRecord, Digest), AppError> {
    let ballot = &request.ballot;
    let number = number(&ballot.number).ok_or(AppError::BallotInvalid)?;
    let signed = self::number(&ballot.signature).ok_or(AppError::BallotInvalid)?;
    if !equal(&signed, &signature(&state.keys, &ballot.label, &number)) {
        return Err(AppError::BallotInvalid);
    }
    if request.instrument != INSTRUMENT {
        return Err(AppError::UnknownInstrument);
    }
    let level = |level: u8| {
        Level::new(level)
            .map(Level::get)
            .ok_or(AppError::AnswerOutOfRange)
    };
    let mut factors = [None; 5];
    for answer in &request.factors {
        let factor =
            SatisfactionFactor::from_name(&answer.factor).ok_or(AppError::AnswerOutOfRange)?;
        let slot = &mut factors[factor as usize];
        if slot.replace(level(answer.level)?).is_some() {
            return Err(AppError::AnswerOutOfRange);
        }
    }
    let record = RatingRecord {
        spent: state.keys.hash(Purpose::Spent, &[&number]),
        agency: ballot.label.agency.clone(),
        month: ballot.label.month.clone(),
        instrument: INSTRUMENT.to_owned(),
        language: Lang::from_tag(&request.language).tag().to_owned(),
        overall: level(request.overall)?,
        factors,
    };
    Ok((record, number))
}
