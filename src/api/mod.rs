//! The four calls to the server: JSON out, a typed answer or a [`Fault`] back.
//!
//! JSON is read and written by the browser itself; a parser of our own would be paid for by every
//! citizen's data plan. No cookie travels with any call.

use std::time::Duration;

use dung_hen_domain::wire::{
    Ballot, BallotRequest, LookupAnswer, LookupRequest, ObjectionReceipt, ObjectionRequest,
    Problem, RatingReceipt, RatingRequest,
};
use gloo_net::http::Request;
use leptos::prelude::set_timeout_with_handle;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCredentials};

use crate::state::Fault;

/// How long a citizen waits before we say that the server does not answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Looks a case up.
///
/// The tag is read first and the view after it: the derived reader of the tagged enum would carry
/// a second reader of every type in it, and weighs more than the rest of this module.
pub(crate) async fn lookup(base: &str, request: &LookupRequest) -> Result<LookupAnswer, Fault> {
    let json = call(base, "lookup", request).await?;
    let Access { access } = read(json.clone())?;
    match access.as_str() {
        "public" => read(json).map(|view| LookupAnswer::Public(Box::new(view))),
        "holder" => read(json).map(LookupAnswer::Holder),
        _ => Err(Fault::Nonsense),
    }
}

/// The tag of a [`LookupAnswer`].
#[derive(Deserialize)]
struct Access {
    access: String,
}

/// Asks for the ballot of a case.
pub(crate) async fn ballot(base: &str, request: &BallotRequest) -> Result<Ballot, Fault> {
    read(call(base, "ballots", request).await?)
}

/// Sends a rating.
pub(crate) async fn rate(base: &str, request: &RatingRequest) -> Result<RatingReceipt, Fault> {
    read(call(base, "ratings", request).await?)
}

/// Sends an objection.
pub(crate) async fn object(
    base: &str,
    request: &ObjectionRequest,
) -> Result<ObjectionReceipt, Fault> {
    read(call(base, "objections", request).await?)
}

async fn call<Q: Serialize>(base: &str, path: &str, question: &Q) -> Result<JsValue, Fault> {
    let body = serde_wasm_bindgen::to_value(question).map_err(|_| Fault::Nonsense)?;
    let (ok, json) = post([base, "api/v1/", path].concat(), body).await?;
    if ok {
        Ok(json)
    } else {
        Err(Fault::Problem(Box::new(read::<Problem>(json)?)))
    }
}

fn read<A: DeserializeOwned>(json: JsValue) -> Result<A, Fault> {
    serde_wasm_bindgen::from_value(json).map_err(|_| Fault::Nonsense)
}

/// One exchange: whether the status was a success, and the body as the browser's JSON.
async fn post(url: String, body: JsValue) -> Result<(bool, JsValue), Fault> {
    let text = js_sys::JSON::stringify(&body).map_err(|_| Fault::Nonsense)?;
    let abort = AbortController::new().map_err(|_| Fault::Nonsense)?;
    let signal = abort.signal();
    let timer = set_timeout_with_handle(move || abort.abort(), TIMEOUT).ok();
    let answer = exchange(url, text, &signal).await;
    if let Some(timer) = timer {
        timer.clear();
    }
    answer.map_err(|fault| {
        if signal.aborted() {
            Fault::Timeout
        } else {
            fault
        }
    })
}

async fn exchange(
    url: String,
    text: js_sys::JsString,
    signal: &AbortSignal,
) -> Result<(bool, JsValue), Fault> {
    let response = Request::post(&url)
        .header("content-type", "application/json")
        .credentials(RequestCredentials::Omit)
        .abort_signal(Some(signal))
        .body(text)
        .map_err(|_| Fault::Nonsense)?
        .send()
        .await
        .map_err(|_| Fault::Offline)?;
    let ok = response.ok();
    let json = web_sys::Response::from(response)
        .json()
        .map_err(|_| Fault::Nonsense)?;
    let json = JsFuture::from(json).await.map_err(|_| Fault::Nonsense)?;
    Ok((ok, json))
}
