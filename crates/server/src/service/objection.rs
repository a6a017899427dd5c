//! Objections: a short report with a reference number.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::wire::{
    MAX_OBJECTION_TEXT, ObjectionKind, ObjectionReceipt, ObjectionRequest,
};

use super::access;
use crate::error::AppError;
use crate::figures::Ledger;
use crate::keys::{random, readable};
use crate::state::AppState;
use crate::store::ObjectionRecord;

/// The kind with this machine name.
///
/// # Errors
/// [`AppError::UnknownObjectionKind`].
fn kind(name: &str) -> Result<ObjectionKind, AppError> {
    ObjectionKind::from_name(name).ok_or(AppError::UnknownObjectionKind)
}

/// Keeps an objection. Every kind but "unknown code" needs the holder's proof; that one tells
/// nothing of any case, known or not.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/objections`.
pub async fn add(
    state: &AppState,
    request: &ObjectionRequest,
) -> Result<ObjectionReceipt, AppError> {
    let kind = kind(&request.kind)?;
    let text = request
        .text
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > MAX_OBJECTION_TEXT) {
        return Err(AppError::TextTooLong);
    }
    let code = access::clean_code(&request.case_code)?;
    let known = kind != ObjectionKind::UnknownCode;
    let mut agency = String::new();
    if known {
        let proof = access::given(request.proof.as_deref()).ok_or(AppError::ProofRequired)?;
        agency = access::as_holder(state, code.clone(), proof).await?.agency;
    }
    let random = random().map_err(|_| AppError::Internal("randomness"))?;
    let reference = format!("PA-{}", readable(&random, 2));
    let record = ObjectionRecord {
        reference: reference.clone(),
        kind: kind.name().to_owned(),
        agency,
        case_code: code.as_str().to_owned(),
        known,
        text: text.map(str::to_owned),
        received_at: state.now(),
    };
    state
        .store
        .write(move |store| {
            let mut ledger = Ledger::default();
            ledger.count_objection(&record);
            store.add_objection(&record)?;
            Ok::<_, AppError>(ledger.write(store)?)
        })
        .await?;
    Ok(ObjectionReceipt { reference })
}
