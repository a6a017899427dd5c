//! Look-up: one answer to the code alone, another to the code with a proof; a few bytes to whoever
//! has the answer already. The reference number of an objection is asked for in the same way.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDateTime;
use dung_hen_domain::civil::IsoMoment;
use dung_hen_domain::wire::{LookupAnswer, LookupRequest};
use sha2::{Digest as _, Sha256};

use crate::error::AppError;
use crate::json::Json;
use crate::service::asker::Asker;
use crate::service::{access, notice, objection};
use crate::state::AppState;
use crate::store::CaseRecord;
use crate::view;

pub(super) async fn lookup(
    State(state): State<AppState>,
    asker: Asker,
    Json(request): Json<LookupRequest>,
) -> Result<axum::Json<LookupAnswer>, AppError> {
    let mut answer = answer(&state, &asker, &request).await?;
    let version = version(&mut answer)?;
    if !version.is_empty() && request.have.as_deref() == Some(&version) {
        return Ok(axum::Json(LookupAnswer::Unchanged));
    }
    if let LookupAnswer::Public(view) = &mut answer {
        view.version = version;
    } else if let LookupAnswer::Holder(view) = &mut answer {
        view.public.version = version;
    }
    Ok(axum::Json(answer))
}

async fn answer(
    state: &AppState,
    asker: &Asker,
    request: &LookupRequest,
) -> Result<LookupAnswer, AppError> {
    if let Some(reference) = objection::reference(&request.case_code) {
        let view = objection::find(state, reference).await?;
        return Ok(LookupAnswer::Objection(Box::new(view)));
    }
    let code = access::clean_code(&request.case_code)?;
    if let Some(record) = access::by_token(state, asker, &code).await? {
        return holder(state, &record).await;
    }
    if let Some(proof) = access::given(request.proof.as_deref()) {
        let record = access::by_proof(state, asker, code, proof).await?;
        return holder(state, &record).await;
    }
    let record = access::by_code(state, asker, code).await?;
    let view = view::public(&record, &state.reference, state.now());
    Ok(LookupAnswer::Public(Box::new(view)))
}

async fn holder(state: &AppState, record: &CaseRecord) -> Result<LookupAnswer, AppError> {
    let objected = objection::of_case(state, &record.code).await?;
    let now = state.now();
    let mut view = view::holder(record, &state.reference, &state.keys, now, objected);
    notice::issue(state, &mut view, now.date()).await?;
    Ok(LookupAnswer::Holder(Box::new(view)))
}

/// Names what an answer says: the same text, the same name. The moment it was made at is no part of it.
fn version(answer: &mut LookupAnswer) -> Result<String, AppError> {
    let moment = match answer {
        LookupAnswer::Public(view) => &mut view.as_of,
        LookupAnswer::Holder(view) => &mut view.public.as_of,
        LookupAnswer::Objection(_) | LookupAnswer::Unchanged => return Ok(String::new()),
    };
    let now = std::mem::replace(moment, IsoMoment(NaiveDateTime::default()));
    let text = serde_json::to_vec(&answer).map_err(|_| AppError::Internal("version"))?;
    match answer {
        LookupAnswer::Public(view) => view.as_of = now,
        LookupAnswer::Holder(view) => view.public.as_of = now,
        LookupAnswer::Objection(_) | LookupAnswer::Unchanged => {}
    }
    Ok(URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..12]))
}
