//! The four calls to the server: JSON out, a typed answer or a [`Fault`] back.
//!
//! The exchange itself is `embed.js`, where it costs a tenth of what it would cost here.

mod json;
mod read;

use std::sync::Arc;

use dung_hen_domain::wire::{
    Ballot, BallotRequest, LookupRequest, ObjectionReceipt, ObjectionRequest, RatingReceipt,
    RatingRequest,
};
use wasm_bindgen::JsValue;

use self::json::{Body, Json};
use self::read::Read;
use crate::dom::Host;
use crate::state::{Answer, Fault};

/// Looks a case up.
pub(crate) async fn lookup(host: &Host, request: &LookupRequest) -> Result<Answer, Fault> {
    let json = call(host, "lookup", lookup_body(request)).await?;
    match json.field("access").text().as_deref() {
        Some("public") => take(&json).map(|view| Answer::Public(Arc::new(view))),
        Some("holder") => take(&json).map(|view| Answer::Holder(Arc::new(view))),
        _ => Err(Fault::Nonsense),
    }
}

/// Asks for the ballot of a case.
pub(crate) async fn ballot(host: &Host, request: &BallotRequest) -> Result<Ballot, Fault> {
    take(&call(host, "ballots", ballot_body(request)).await?)
}

/// Sends a rating.
pub(crate) async fn rate(host: &Host, request: &RatingRequest) -> Result<RatingReceipt, Fault> {
    take(&call(host, "ratings", rating_body(request)).await?)
}

/// Sends an objection.
pub(crate) async fn object(
    host: &Host,
    request: &ObjectionRequest,
) -> Result<ObjectionReceipt, Fault> {
    take(&call(host, "objections", objection_body(request)).await?)
}

fn take<A: Read>(json: &JsValue) -> Result<A, Fault> {
    A::read(json).ok_or(Fault::Nonsense)
}

/// One exchange: `embed.js` gives the fault's name, or whether it went well and the JSON.
async fn call(host: &Host, path: &str, body: String) -> Result<JsValue, Fault> {
    let answer = host
        .post(&["api/v1/", path].concat(), &body)
        .await
        .map_err(|_| Fault::Nonsense)?;
    match answer.field("fault").text().as_deref() {
        Some("offline") => return Err(Fault::Offline),
        Some("timeout") => return Err(Fault::Timeout),
        Some(_) => return Err(Fault::Nonsense),
        None => {}
    }
    let json = answer.field("json");
    if answer.field("ok").is_truthy() {
        Ok(json)
    } else {
        Err(Fault::Problem(Arc::new(take(&json)?)))
    }
}

fn lookup_body(request: &LookupRequest) -> String {
    Body::default()
        .raw("{\"case_code\":")
        .text(&request.case_code)
        .maybe(",\"proof\":", request.proof.as_ref())
        .raw("}")
        .finish()
}

fn ballot_body(request: &BallotRequest) -> String {
    Body::default()
        .raw("{\"case_code\":")
        .text(&request.case_code)
        .raw(",\"proof\":")
        .text(&request.proof)
        .raw(",\"ballot_request\":")
        .text(&request.ballot_request)
        .raw("}")
        .finish()
}

fn rating_body(request: &RatingRequest) -> String {
    let ballot = &request.ballot;
    let mut body = Body::default()
        .raw("{\"ballot\":{\"label\":{\"agency\":")
        .text(&ballot.label.agency)
        .raw(",\"month\":")
        .text(&ballot.label.month)
        .raw("},\"number\":")
        .text(&ballot.number)
        .raw(",\"signature\":")
        .text(&ballot.signature)
        .raw("},\"instrument\":")
        .text(&request.instrument)
        .raw(",\"language\":")
        .text(&request.language)
        .raw(",\"overall\":")
        .digit(request.overall)
        .raw(",\"factors\":[");
    let mut between = "";
    for answer in &request.factors {
        body = body
            .raw(between)
            .raw("{\"factor\":")
            .text(&answer.factor)
            .raw(",\"level\":")
            .digit(answer.level)
            .raw("}");
        between = ",";
    }
    body.raw("]}").finish()
}

fn objection_body(request: &ObjectionRequest) -> String {
    Body::default()
        .raw("{\"case_code\":")
        .text(&request.case_code)
        .maybe(",\"proof\":", request.proof.as_ref())
        .raw(",\"kind\":")
        .text(&request.kind)
        .maybe(",\"text\":", request.text.as_ref())
        .raw("}")
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dung_hen_domain::wire::{BallotLabel, FactorAnswer};
    use serde::Serialize;

    const NASTY: &str = "a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}</script>\u{2028}Ánh 🙂";

    fn same(written: &str, request: &impl Serialize) {
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(written).unwrap(),
            serde_json::to_value(request).unwrap()
        );
    }

    #[test]
    fn the_bodies_are_those_of_the_wire_types() {
        for proof in [None, Some(NASTY.to_owned())] {
            let request = LookupRequest {
                case_code: NASTY.into(),
                proof: proof.clone(),
            };
            same(&lookup_body(&request), &request);
            let request = ObjectionRequest {
                case_code: "A".into(),
                text: proof.clone(),
                proof,
                kind: NASTY.into(),
            };
            same(&objection_body(&request), &request);
        }
        let request = BallotRequest {
            case_code: "A".into(),
            proof: NASTY.into(),
            ballot_request: "n".into(),
        };
        same(&ballot_body(&request), &request);
        let factor = |level| FactorAnswer {
            factor: NASTY.into(),
            level,
        };
        for factors in [vec![], vec![factor(1)], vec![factor(5), factor(3)]] {
            let request = RatingRequest {
                ballot: Ballot {
                    label: BallotLabel {
                        agency: NASTY.into(),
                        month: "2026-10".into(),
                    },
                    number: "n".into(),
                    signature: "s".into(),
                },
                instrument: "i".into(),
                language: "vi".into(),
                overall: 4,
                factors,
            };
            same(&rating_body(&request), &request);
        }
    }
}
