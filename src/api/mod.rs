//! The calls to the server: JSON out, a typed answer or a [`Fault`] back.
//!
//! Requests are written by the wire types' own serde; small answers are read by hand (`read`). A case is
//! kept as the browser parsed it ([`View`]) and read where it is drawn: readers into typed views, and
//! the views themselves, would cost every citizen a tenth of the whole download.

mod json;
mod read;
mod write;

use std::sync::Arc;

use dung_hen_domain::wire::{LookupRequest, ObjectionReceipt, ObjectionRequest};
use gloo_net::http::{Headers, Response};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, RequestCredentials, RequestInit};

pub(crate) use self::json::Json;
use self::read::Read;
use crate::dom::Host;
use crate::state::{Answer, Fault};

/// A case as the browser parsed it. Signals ask for `Send`; the browser has one thread.
#[derive(Clone)]
pub(crate) struct View(SendWrapper<JsValue>);

impl View {
    /// The fields, under their names in docs/API.md.
    pub(crate) fn json(&self) -> &JsValue {
        &self.0
    }
}

/// Looks a case up. `embed.js` gets the answer, too, for the parts it loads on demand.
pub(crate) async fn lookup(host: &Host, request: &LookupRequest) -> Result<Answer, Fault> {
    answer(host, call(host, "lookup", write::json(request)).await?)
}

/// Reads an answer to a look-up: what every case has must be there, or it is none of ours.
pub(crate) fn answer(host: &Host, json: JsValue) -> Result<Answer, Fault> {
    let access = json.said("access").unwrap_or_default();
    let needed: &[&str] = match access.as_str() {
        "public" => &["status_text"],
        "holder" => &[
            "status_text",
            "timeliness_text",
            "procedure",
            "agency",
            "dates_held",
            "apology",
        ],
        "objection" if json.said("reference").is_some() => {
            return Ok(Answer::Objection(View(SendWrapper::new(json))));
        }
        _ => return Err(Fault::Nonsense),
    };
    if json.said("case_code").is_none() || needed.iter().any(|key| json.field(key).is_nothing()) {
        return Err(Fault::Nonsense);
    }
    host.answered(&json);
    let view = View(SendWrapper::new(json));
    Ok(match access.as_str() {
        "public" => Answer::Public(view),
        _ => Answer::Holder(view),
    })
}

/// Sends an objection.
pub(crate) async fn object(
    host: &Host,
    request: &ObjectionRequest,
) -> Result<ObjectionReceipt, Fault> {
    take(&call(host, "objections", write::json(request)).await?)
}

fn take<A: Read>(json: &JsValue) -> Result<A, Fault> {
    A::read(json).ok_or(Fault::Nonsense)
}

/// Refused for want of a valid token.
const UNAUTHORIZED: u16 = 401;

/// Someone tries out codes: a little work first.
const PUZZLE: u16 = 428;

/// One question and its answer, in the name of whoever is at the screen: the portal's token goes along when there is
/// one. (A rating goes without; `public/ballot/send.js` sends it.) A token that was refused is replaced once by a fresh one.
async fn call(host: &Host, path: &str, body: Option<String>) -> Result<JsValue, Fault> {
    let body = body.ok_or(Fault::Nonsense)?.into();
    let mut again = false;
    let mut solution = String::new();
    loop {
        let token = host.bearer(again).await.as_string().unwrap_or_default();
        let (status, json) = exchange(host, path, &body, &token, &solution).await?;
        if (200..300).contains(&status) {
            return Ok(json);
        }
        if status == PUZZLE && solution.is_empty() {
            solution = host.solve(&json).await.as_string().unwrap_or_default();
            if !solution.is_empty() {
                continue;
            }
        }
        if again || token.is_empty() || status != UNAUTHORIZED {
            return Err(Fault::Problem(Arc::new(take(&json)?)));
        }
        again = true;
    }
}

/// There and back: `gloo-net` writes and reads, `embed.js` sends, the browser parses what comes.
async fn exchange(
    host: &Host,
    path: &str,
    body: &JsValue,
    token: &str,
    solution: &str,
) -> Result<(u16, JsValue), Fault> {
    // Not by `Request::post`: its query parameters, of which there are none, bring the formatting of the standard library.
    let headers = Headers::new();
    headers.set("content-type", "application/json");
    if !token.is_empty() {
        headers.set("authorization", &["Bearer ", token].concat());
    }
    if !solution.is_empty() {
        headers.set("x-puzzle", solution);
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers.into_raw());
    init.set_credentials(RequestCredentials::Omit);
    init.set_body(body);
    let address = [&host.api(), "api/v1/", path].concat();
    let request = Request::new_with_str_and_init(&address, &init).map_err(|_| Fault::Nonsense)?;
    let silence = |late: JsValue| match late.as_bool() {
        Some(true) => Fault::Timeout,
        _ => Fault::Offline,
    };
    let answer = host.send(request).await.map_err(silence)?;
    let answer = Response::from(answer.unchecked_into::<web_sys::Response>());
    let text = answer.text().await.map_err(|_| Fault::Offline)?;
    let json = js_sys::JSON::parse(&text).map_err(|_| Fault::Nonsense)?;
    Ok((answer.status(), json))
}
