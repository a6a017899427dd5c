//! What JavaScript can call: nothing but the entry points of the module. A panic is a trap: public/parts/live.js sees it
//! and shows what works without the module, of which nothing is called again.

use std::any::Any;

use leptos::mount::mount_to;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

use crate::app::App;
use crate::components;
use crate::dom::Host;
use crate::state::Query;

/// Mounts one instance into `root`.
#[wasm_bindgen]
pub fn mount(root: HtmlElement, host: Host) -> Handle {
    let app = App::new(root.clone(), host);
    let view = mount_to(root, {
        let app = app.clone();
        move || components::root(app)
    });
    Handle {
        app,
        view: Some(Box::new(view)),
    }
}

/// One mounted instance. After [`Handle::destroy`] every method does nothing.
#[wasm_bindgen]
pub struct Handle {
    app: App,
    /// Leptos' handle; dropping it unmounts.
    view: Option<Box<dyn Any>>,
}

#[wasm_bindgen]
impl Handle {
    /// Looks a case up; `proof` may be empty.
    pub fn lookup(&self, code: String, proof: String) {
        if self.view.is_some() {
            self.app.look_up(Query { code, proof });
        }
    }

    /// Takes the settings anew: language and heading level.
    pub fn set(&self) {
        if self.view.is_some() {
            self.app.set();
        }
    }

    /// Shows a later answer about the case on show.
    pub fn changed(&self, answer: JsValue) {
        if self.view.is_some() {
            self.app.changed(answer);
        }
    }

    /// Shows nothing, as before the first look-up.
    pub fn forget(&self) {
        self.app.forget();
    }

    /// Unmounts; answers still on their way are dropped.
    pub fn destroy(&mut self) {
        self.app.forget();
        self.view = None;
    }
}
