//! The four calls to the server: JSON out, a typed answer or a [`Fault`] back.
//!
//! Requests are written by the wire types' own serde; answers are read by hand (`read`), because the
//! derived readers of the large views cost every citizen ten times as much.

mod json;
mod read;

use std::sync::Arc;

use dung_hen_domain::wire::{
    Ballot, BallotRequest, LookupRequest, ObjectionReceipt, ObjectionRequest, RatingReceipt,
    RatingRequest,
};
use gloo_net::http::Request;
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::RequestCredentials;

use self::json::Json;
use self::read::Read;
use crate::dom::Host;
use crate::state::{Answer, Fault};

/// Looks a case up.
pub(crate) async fn lookup(host: &Host, request: &LookupRequest) -> Result<Answer, Fault> {
    let json = call(host, "lookup", request).await?;
    match json.field("access").text().as_deref() {
        Some("public") => take(&json).map(|view| Answer::Public(Arc::new(view))),
        Some("holder") => take(&json).map(|view| Answer::Holder(Arc::new(view))),
        _ => Err(Fault::Nonsense),
    }
}

/// Asks for the ballot of a case.
pub(crate) async fn ballot(host: &Host, request: &BallotRequest) -> Result<Ballot, Fault> {
    take(&call(host, "ballots", request).await?)
}

/// Sends a rating.
pub(crate) async fn rate(host: &Host, request: &RatingRequest) -> Result<RatingReceipt, Fault> {
    take(&call(host, "ratings", request).await?)
}

/// Sends an objection.
pub(crate) async fn object(
    host: &Host,
    request: &ObjectionRequest,
) -> Result<ObjectionReceipt, Fault> {
    take(&call(host, "objections", request).await?)
}

fn take<A: Read>(json: &JsValue) -> Result<A, Fault> {
    A::read(json).ok_or(Fault::Nonsense)
}

/// One exchange. `gloo-net` sends; the browser parses what comes back.
async fn call(host: &Host, path: &str, request: &impl Serialize) -> Result<JsValue, Fault> {
    let body = serde_wasm_bindgen::to_value(request)
        .ok()
        .and_then(|value| js_sys::JSON::stringify(&value).ok())
        .ok_or(Fault::Nonsense)?;
    exchange(host, path, body.into()).await
}

async fn exchange(host: &Host, path: &str, body: JsValue) -> Result<JsValue, Fault> {
    let patience = host.patience();
    let request = Request::post(&[&host.api(), "api/v1/", path].concat())
        .header("content-type", "application/json")
        .credentials(RequestCredentials::Omit)
        .abort_signal(Some(&patience))
        .body(body)
        .map_err(|_| Fault::Nonsense)?;
    let silence = |_| {
        if patience.aborted() {
            Fault::Timeout
        } else {
            Fault::Offline
        }
    };
    let answer = request.send().await.map_err(silence)?;
    let text = answer.text().await.map_err(silence)?;
    let json = js_sys::JSON::parse(&text).map_err(|_| Fault::Nonsense)?;
    if answer.ok() {
        Ok(json)
    } else {
        Err(Fault::Problem(Arc::new(take(&json)?)))
    }
}
