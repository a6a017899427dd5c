//! What one instance holds, and the commands that talk to the server.
//!
//! Signals are reference-counted (`Arc…`), because they outlive the view: JavaScript holds the
//! handle, and an answer may arrive after the element has gone. They are written with `try_*`.

use std::time::Duration;

use dung_hen_domain::case::WireName;
use dung_hen_domain::wire::{LookupRequest, ObjectionKind, ObjectionRequest};
use dung_hen_domain::words::Lang;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Json};
use crate::components;
use crate::config;
use crate::dom::{self, Host};
use crate::i18n::Strings;
use crate::state::{Lookup, LookupEvent, Objection, Phase, Query, Shared};

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
    /// The objection about the case on show.
    pub(crate) objection: Shared<Objection>,
}

impl App {
    /// An instance that draws into `root`.
    pub(crate) fn new(root: dom::Root, host: Host) -> Self {
        Self {
            root,
            setting: Shared::new(Setting::of(&host)),
            host,
            lookup: Shared::new(Default::default()),
            objection: Shared::new(Default::default()),
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
        self.objection.change(begun_anew);
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
            if generation == app.generation() {
                // What was answered and written about another case must not meet this one.
                app.objection.change(begun_anew);
                if app.step(LookupEvent::Answered(generation, answer)) {
                    app.tell();
                }
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

    /// The cleaned code of the case on show, and whether it is shown to its holder.
    fn about(&self) -> (String, bool) {
        self.lookup.peek(|lookup| match &lookup.phase {
            Phase::Holder(view) => (view.json().said("case_code").unwrap_or_default(), true),
            _ => (lookup.query.code.clone(), false),
        })
    }

    /// Sends the objection; the holder's proof goes with it. Beneath an unknown code there is one
    /// kind only, and nothing to choose.
    pub(crate) fn object(&self) {
        let (_, known) = self.about();
        if !known {
            self.note_objection(|objection| objection.choose(ObjectionKind::UnknownCode.name()));
        }
        let mut begun = false;
        self.objection.change(|objection| {
            begun = objection.begin(dom::random_number);
            true
        });
        if !begun {
            self.host.focus(".dh-objection [role=alert]");
            return;
        }
        let query = self.lookup.peek(|lookup| lookup.query.clone());
        let objection = self.objection.peek(Clone::clone);
        let text = objection.text.trim_ascii();
        let request = ObjectionRequest {
            case_code: query.code,
            proof: known.then(|| query.proof.trim_ascii().to_owned()),
            kind: objection.kind.unwrap_or_default(),
            text: (!text.is_empty()).then(|| text.to_owned()),
            contact: Some(objection.contact),
            contact_consent: objection.consent,
            name_case: objection.name_case,
            number: objection.number,
        };
        let app = self.clone();
        let generation = self.generation();
        spawn_local(async move {
            let answer = api::object(&app.host, &request).await;
            if generation != app.generation() {
                return;
            }
            match &answer {
                Ok(_) => app.host.emit("dh-objected", ""),
                Err(fault) => app.host.emit("dh-error", fault.reason()),
            }
            app.objection.change(|objection| {
                objection.finish(answer);
                true
            });
            app.host.focus(".dh-objection [tabindex]");
        });
    }

    /// Takes a choice or the text of the objection. What is shown already is not drawn again.
    pub(crate) fn note_objection(&self, take: impl FnOnce(&mut Objection) -> bool) {
        self.objection.change(take);
    }
}

fn begun_anew(objection: &mut Objection) -> bool {
    *objection = Objection::default();
    true
}
