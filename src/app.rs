//! What one instance holds, and the commands that talk to the server.
//!
//! Signals are reference-counted (`Arc…`), because they outlive the view: JavaScript holds the
//! handle, and an answer may arrive after the element has gone. They are written with `try_*`.

use std::time::Duration;

use dung_hen_domain::wire::LookupRequest;
use dung_hen_domain::words::Lang;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::components;
use crate::config;
use crate::dom::{self, Host};
use crate::i18n::Strings;
use crate::state::{Lookup, LookupEvent, Phase, Query, Shared};

/// After this long a citizen is told that we are still looking.
const SLOW: Duration = Duration::from_secs(1);

/// How everything is shown.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    /// Which of the two languages the server's texts are shown in.
    pub(crate) lang: Lang,
    /// The texts of the screen.
    pub(crate) t: &'static Strings,
    /// Heading level of the form's title, 2 to 5.
    pub(crate) level: u8,
}

impl Setting {
    fn of(host: &Host) -> Self {
        Self {
            lang: Lang::from_tag(&host.lang()),
            t: dom::texts(host),
            level: config::level(&host.level()),
        }
    }
}

/// One instance of the element.
#[derive(Clone)]
pub(crate) struct App {
    /// What `embed.js` does for us.
    pub(crate) host: Host,
    root: dom::Root,
    /// How everything is shown.
    pub(crate) setting: Shared<Setting>,
    /// The look-up.
    pub(crate) lookup: Shared<Lookup>,
}

impl App {
    /// An instance that draws into `root`.
    pub(crate) fn new(root: dom::Root, host: Host) -> Self {
        Self {
            root,
            setting: Shared::new(Setting::of(&host)),
            host,
            lookup: Shared::new(Default::default()),
        }
    }

    /// Takes the settings anew; the server's address is asked for when it is needed.
    pub(crate) fn set(&self) {
        let new = Setting::of(&self.host);
        self.setting.change(|setting| {
            *setting = new;
            true
        });
        components::announce(self);
    }

    /// Shows the case as it is now. What was written and chosen stays; nothing takes the focus.
    pub(crate) fn changed(&self, answer: wasm_bindgen::JsValue) {
        if let Ok(answer) = api::answer(&self.host, answer) {
            self.step(LookupEvent::Changed(answer));
        }
    }

    /// Whether there is a match in what is drawn.
    pub(crate) fn shows(&self, selector: &str) -> bool {
        dom::has(&self.root, selector)
    }

    /// Makes whatever is on its way stale, and leaves nothing of what was shown or written.
    pub(crate) fn forget(&self) {
        self.step(LookupEvent::Asked(Query::default()));
    }

    fn step(&self, event: LookupEvent) -> bool {
        let changed = self.lookup.change(|lookup| lookup.step(event));
        if changed {
            components::announce(self);
        }
        changed
    }

    fn generation(&self) -> u32 {
        self.lookup.peek(|lookup| lookup.generation)
    }

    /// Looks a case up; an earlier look-up becomes stale.
    pub(crate) fn look_up(&self, query: Query) {
        let proof = query.proof.trim_ascii();
        let request = LookupRequest {
            case_code: query.code.clone(),
            proof: (!proof.is_empty()).then(|| proof.to_owned()),
            have: None,
        };
        self.host.blame("");
        self.step(LookupEvent::Asked(query));
        let generation = self.generation();
        let slow = self.clone();
        set_timeout(move || _ = slow.step(LookupEvent::Slow(generation)), SLOW);
        let app = self.clone();
        spawn_local(async move {
            let answer = api::lookup(&app.host, &request).await;
            if app.step(LookupEvent::Answered(generation, answer)) {
                app.tell();
            }
        });
    }

    /// Asks the same again.
    pub(crate) fn retry(&self) {
        self.look_up(self.lookup.peek(|lookup| lookup.query.clone()));
    }

    /// After an answer: focus follows it, and the host page hears of it. The host page's listeners
    /// run inside `emit` and may look up again, so no signal is held while they do.
    fn tell(&self) {
        let (event, what, about_code) = self.lookup.peek(|lookup| match &lookup.phase {
            Phase::Public(_) => ("dh-case-shown", "public".to_owned(), false),
            Phase::Holder(_) => ("dh-case-shown", "holder".to_owned(), false),
            Phase::Failed(fault) => ("dh-error", fault.reason().to_owned(), fault.is_about_code()),
            Phase::Idle | Phase::Loading { .. } | Phase::Objection(_) => ("", String::new(), false),
        });
        if about_code {
            self.host.blame("wrong");
        }
        self.host.focus("#dh-error, #dh-case");
        if !event.is_empty() {
            self.host.emit(event, &what);
        }
    }
}
