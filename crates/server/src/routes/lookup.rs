//! Look-up: one answer to the code alone, another to the code with a proof; a few bytes to whoever
//! has the answer already. The reference number of an objection is asked for in the same way.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDateTime;
use dung_hen_domain::civil::{IsoMoment, rfc3339};
use dung_hen_domain::wire::{LookupAnswer, LookupRequest};
use sha2::{Digest as _, Sha256};

use crate::error::AppError;
use crate::json::Json;
use crate::service::asker::Asker;
use crate::service::{access, notice, objection};
use crate::state::AppState;
use crate::store::Opened;
use crate::view;

pub(super) async fn lookup(
    State(state): State<AppState>,
    asker: Asker,
    Json(request): Json<LookupRequest>,
) -> Result<Response, AppError> {
    let answer = answer(&state, &asker, &request).await?;
    let written = Written::of(answer)?;
    if written.is(request.have.as_deref()) {
        return Ok(axum::Json(LookupAnswer::Unchanged).into_response());
    }
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind)], written.whole()?).into_response())
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
    let code = access::read_code(state, &request.case_code).await?;
    if let Some(opened) = access::by_token(state, asker, &code).await? {
        return holder(state, &opened).await;
    }
    if let Some(proof) = access::given(request.proof.as_deref()) {
        let opened = access::by_proof(state, asker, code, proof).await?;
        return holder(state, &opened).await;
    }
    let record = access::by_code(state, asker, code).await?;
    let view = view::public(&record, &state.reference, state.now());
    Ok(LookupAnswer::Public(Box::new(view)))
}

async fn holder(state: &AppState, opened: &Opened) -> Result<LookupAnswer, AppError> {
    let record = &opened.record;
    let objected = objection::of_case(state, &opened.objections);
    let now = state.now();
    let mut view = view::holder(record, &state.reference, &state.keys, now, objected);
    notice::issue(state, &mut view, now.date()).await?;
    state.guard.quick.opened(&record.code, now);
    Ok(LookupAnswer::Holder(Box::new(view)))
}

/// An answer as text. Its version names what it says: the same text, the same name. The moment it was made at is no
/// part of that, so the text is written once with what stands for both, and both are put in their places afterwards.
struct Written {
    text: Vec<u8>,
    as_of: Option<IsoMoment>,
    version: String,
}

/// Bytes that hold most answers to a holder without being moved while they are written.
const USUAL: usize = 4096;

/// What stands for the moment and for the version, as long as they are. No text that anybody sent looks like these:
/// inside of a string the quotation marks would be escaped.
const NO_MOMENT: &[u8] = br#""as_of":"1970-01-01T00:00:00+07:00""#;
const NO_VERSION: &[u8] = br#""version":"----------------""#;

impl Written {
    fn of(mut answer: LookupAnswer) -> Result<Self, AppError> {
        let view = match &mut answer {
            LookupAnswer::Public(view) => Some(&mut **view),
            LookupAnswer::Holder(view) => Some(&mut view.public),
            LookupAnswer::Objection(_) | LookupAnswer::Unchanged => None,
        };
        let as_of = view.map(|view| {
            "----------------".clone_into(&mut view.version);
            std::mem::replace(&mut view.as_of, IsoMoment(NaiveDateTime::default()))
        });
        let mut text = Vec::with_capacity(USUAL);
        serde_json::to_writer(&mut text, &answer).map_err(|_| AppError::Internal("answer"))?;
        let version = as_of.map_or_else(String::new, |_| {
            URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..12])
        });
        Ok(Self {
            text,
            as_of,
            version,
        })
    }

    /// Whether the asker has it already.
    fn is(&self, have: Option<&str>) -> bool {
        self.as_of.is_some() && have == Some(&self.version)
    }

    fn whole(mut self) -> Result<Vec<u8>, AppError> {
        if let Some(IsoMoment(as_of)) = self.as_of {
            let moment = format!(r#""as_of":"{}""#, rfc3339(as_of));
            let version = format!(r#""version":"{}""#, self.version);
            put(&mut self.text, NO_MOMENT, moment.as_bytes())?;
            put(&mut self.text, NO_VERSION, version.as_bytes())?;
        }
        Ok(self.text)
    }
}

/// Puts `there` where `wanted`, which is as long, stands first.
fn put(text: &mut [u8], wanted: &[u8], there: &[u8]) -> Result<(), AppError> {
    let mut places = text.windows(wanted.len());
    let start = places.position(|part| part == wanted);
    let place = start.and_then(|start| text.get_mut(start..start + there.len()));
    let place = place.filter(|place| place.len() == wanted.len());
    place
        .ok_or(AppError::Internal("version"))?
        .copy_from_slice(there);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dung_hen_domain::civil::parse_moment;

    #[test]
    fn moment_and_version_are_put_where_they_belong() {
        let mut view: dung_hen_domain::wire::PublicView =
            serde_json::from_value(serde_json::json!({
                // A code is cleaned before it gets here; were it not, it could not look like the moment.
                "case_code": r#""as_of":"1970-01-01T00:00:00+07:00""version":"""#,
                "as_of": "2026-10-15T09:00:00+07:00",
                "status": "processing",
                "status_text": { "vi": "Đang xử lý", "en": "Being processed" },
                "steps": 10,
            }))
            .unwrap();
        let answer = LookupAnswer::Public(Box::new(view.clone()));
        let written = Written::of(answer).unwrap();
        let version = written.version.clone();
        assert!(written.is(Some(&version)) && !written.is(Some("")) && !written.is(None));
        let read: LookupAnswer = serde_json::from_slice(&written.whole().unwrap()).unwrap();
        view.version.clone_from(&version);
        assert_eq!(read, LookupAnswer::Public(Box::new(view.clone())));

        // Later the same, and another state another.
        view.as_of = IsoMoment(parse_moment("2026-10-15T10:00:00+07:00").unwrap());
        view.version.clear();
        let later = Written::of(LookupAnswer::Public(Box::new(view.clone()))).unwrap();
        assert_eq!(later.version, version);
        view.step = Some(3);
        let other = Written::of(LookupAnswer::Public(Box::new(view))).unwrap();
        assert_ne!(other.version, version);
    }
}
