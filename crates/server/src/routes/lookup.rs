//! Look-up: one answer to the code alone, another to the code with a proof.

use axum::extract::State;
use dung_hen_domain::wire::{LookupAnswer, LookupRequest};

use crate::error::AppError;
use crate::json::Json;
use crate::service::access;
use crate::state::AppState;
use crate::view;

pub(super) async fn lookup(
    State(state): State<AppState>,
    Json(request): Json<LookupRequest>,
) -> Result<axum::Json<LookupAnswer>, AppError> {
    let code = access::clean_code(&request.case_code)?;
    let now = state.now();
    if let Some(proof) = access::given(request.proof.as_deref()) {
        let record = access::as_holder(&state, code, proof).await?;
        let view = view::holder(&record, &state.reference, &state.keys, now);
        return Ok(axum::Json(LookupAnswer::Holder(Box::new(view))));
    }
    let record = state
        .store
        .read(move |store| store.find_case(code.as_str()).map_err(AppError::from))
        .await?;
    let record = record.ok_or(AppError::CaseNotFound)?;
    Ok(axum::Json(LookupAnswer::Public(Box::new(view::public(
        &record,
        &state.reference,
        now,
    )))))
}
