//! Ballots: one per case, on proof of being its holder.
//!
//! The case keeps a seal of the asker's number; the ballot is signed and forgotten. The rating
//! that comes later carries number and signature, and nothing of the case.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Datelike;
use dung_hen_domain::wire::{Ballot, BallotLabel, BallotRequest, RatingState};

use super::access;
use crate::error::AppError;
use crate::keys::{Digest, Keys, Purpose};
use crate::state::AppState;
use crate::store::BallotOutcome;
use crate::view;

/// Gives the ballot of a case to the number that asks for it.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ballots`.
pub async fn give(state: &AppState, request: &BallotRequest) -> Result<Ballot, AppError> {
    let number = number(&request.ballot_request).ok_or(AppError::BallotRequestInvalid)?;
    let code = access::clean_code(&request.case_code)?;
    let proof = access::given(Some(&request.proof)).ok_or(AppError::ProofRequired)?;
    let record = access::as_holder(state, code, proof).await?;
    let now = state.now();
    if view::rating_state(&record, now) == RatingState::NotYet {
        return Err(AppError::RatingNotOpen);
    }
    let seal = state
        .keys
        .hash(Purpose::BallotSeal, &[record.code.as_bytes(), &number]);
    let case_code = record.code.clone();
    let outcome = state
        .store
        .write(move |store| store.give_ballot(&case_code, &seal).map_err(AppError::from))
        .await?;
    if outcome == BallotOutcome::GivenToAnother {
        return Err(AppError::BallotAlreadyGiven);
    }
    let label = BallotLabel {
        agency: record.agency,
        month: format!("{:04}-{:02}", now.year(), now.month()),
    };
    let signature = URL_SAFE_NO_PAD.encode(signature(&state.keys, &label, &number));
    Ok(Ballot {
        label,
        number: URL_SAFE_NO_PAD.encode(number),
        signature,
    })
}

/// Reads a number of 32 bytes.
pub(super) fn number(text: &str) -> Option<Digest> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// The signature that makes number and label a ballot.
pub(super) fn signature(keys: &Keys, label: &BallotLabel, number: &Digest) -> Digest {
    keys.hash(
        Purpose::BallotSignature,
        &[label.agency.as_bytes(), label.month.as_bytes(), number],
    )
}
