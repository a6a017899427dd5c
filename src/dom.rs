//! The few things we ask of the browser and of `embed.js`, so that nothing else names them.

use std::sync::{Mutex, PoisonError};

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement};

use crate::i18n::Strings;

#[wasm_bindgen]
extern "C" {
    /// What `embed.js` hands over for one element: its settings and what it does for us.
    #[derive(Clone)]
    pub type Host;

    /// Tag of the language, of the two the server words, that goes with the one on show.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn lang(this: &Host) -> String;
    /// Name of the language pack on show; empty for Vietnamese.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn pack(this: &Host) -> String;
    /// A text of the language pack on show, by its place in `vi.rs`.
    #[wasm_bindgen(method)]
    pub(crate) fn word(this: &Host, at: u32) -> Option<String>;
    /// Hands an answer over for the parts that are loaded on demand.
    #[wasm_bindgen(method)]
    pub(crate) fn answered(this: &Host, answer: &JsValue);
    /// Heading level of the form's title.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn level(this: &Host) -> String;
    /// Puts a text into the element's live region; `shown` where eyes need it, too.
    #[wasm_bindgen(method)]
    pub(crate) fn say(this: &Host, text: &str, shown: bool);
    /// Fires an event on the element.
    #[wasm_bindgen(method)]
    pub(crate) fn emit(this: &Host, name: &str, what: &str);
    /// Marks the case code with the text `embed.js` has under this key; an empty key takes it away.
    #[wasm_bindgen(method)]
    pub(crate) fn blame(this: &Host, key: &str);
    /// Moves the focus to the proof field.
    #[wasm_bindgen(method, js_name = focusProof)]
    pub(crate) fn focus_proof(this: &Host);
    /// Moves the focus to the first match in what we drew, once it is drawn.
    #[wasm_bindgen(method)]
    pub(crate) fn focus(this: &Host, selector: &str);
    /// Address of the server, with a slash at the end.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn api(this: &Host) -> String;
    /// Sends a request of ours, with the portal's token where the visitor is signed in. Where no answer comes it fails,
    /// with whether that took too long.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn send(this: &Host, request: web_sys::Request) -> Result<JsValue, JsValue>;
}

/// The texts in the language on show. A pack is read once and kept: pages switch to and fro.
pub(crate) fn texts(host: &Host) -> &'static Strings {
    static READ: Mutex<Vec<(String, &'static Strings)>> = Mutex::new(Vec::new());
    let pack = host.pack();
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, texts)) = read.iter().find(|(name, _)| *name == pack) {
        return texts;
    }
    let texts = Box::leak(Box::new(Strings::read(&|at| host.word(at))));
    read.push((pack, texts));
    texts
}

/// The element we draw into.
pub(crate) type Root = HtmlElement;

/// Whether there is a match inside `root`.
pub(crate) fn has(root: &Root, selector: &str) -> bool {
    matches!(root.query_selector(selector), Ok(Some(_)))
}

/// What a click asks for: the `data-do` of the button.
pub(crate) fn asked(event: &Event) -> Option<String> {
    target(event)?.get_attribute("data-do")
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
