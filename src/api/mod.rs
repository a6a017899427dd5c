//! The calls to the server: JSON out, a typed answer or a [`Fault`] back.
//!
//! Requests are written by the wire types' own serde; small answers are read by hand (`read`). A case is
//! kept as the browser parsed it ([`View`]) and read where it is drawn: readers into typed views, and
//! the views themselves, would cost every citizen a tenth of the whole download.

mod json;
mod read;
mod write;

use std::sync::Arc;

use dung_hen_domain::wire::LookupRequest;
use gloo_net::http::{Headers, Response};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, RequestInit};

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

/// One question and its answer: `gloo-net` writes and reads, `public/parts/live.js` sends it in the name of whoever is at
/// the screen, the browser parses what comes.
async fn call(host: &Host, path: &str, body: Option<String>) -> Result<JsValue, Fault> {
    // Not by `Request::post`: its query parameters, of which there are none, bring the formatting of the standard library.
    let headers = Headers::new();
    headers.set("content-type", "application/json");
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers.into_raw());
    init.set_body(&body.ok_or(Fault::Nonsense)?.into());
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
    if answer.ok() {
        return Ok(json);
    }
    Err(Fault::Problem(Arc::new(
        Read::read(&json).ok_or(Fault::Nonsense)?,
    )))
}
