//! What is drawn, one part per file: plain functions of data and language.
//!
//! Leptos holds what reacts: which phase is on show, the two forms, their buttons and outcomes.
//! What stays as it is once drawn is one string of HTML each (`crate::html`). A part is drawn again
//! only when what it reads has changed: a report that fails leaves the chosen radio buttons, the
//! written text and its cursor alone, because they are another part than its outcome.

mod apology;
mod deadline;
mod fault;
mod heading;
mod holder;
mod objection;
mod place;
mod promise;
mod public;
mod results;
mod scale;
mod steps;
mod summary;
mod timeline;
mod todo;
mod when;

use std::sync::Arc;

use dung_hen_domain::case::WireName;
use dung_hen_domain::wire::{ObjectionKind, RatingState};
use dung_hen_domain::words::Lang;
use leptos::ev::{Custom, Event};
use leptos::html::div;
use leptos::prelude::*;

use crate::api::Json;
use crate::app::App;
use crate::dom;
use crate::html::Html;
use crate::i18n::Strings;
use crate::state::{ObjectionPhase, Phase};

/// Details that stay open when the language or the case changes: one bit each.
const HISTORY: u8 = 1;

/// What every part needs: the language with its texts, the heading level, what is open.
struct Cx {
    lang: Lang,
    t: &'static Strings,
    level: u8,
    open: u8,
}

impl Cx {
    /// Read from the instance, so that what is drawn with it is drawn again on a change.
    fn of(app: &App) -> Self {
        let setting = app.setting.with(|setting| *setting);
        let mut open = 0;
        if app.shows(".dh-promise [open]") {
            open |= HISTORY;
        }
        Self {
            lang: setting.lang,
            t: setting.t,
            level: setting.level,
            open,
        }
    }

    /// Begins details, open where they were.
    fn details(&self, out: &mut Html, which: u8, summary: &str) {
        out.raw(if self.open & which == 0 {
            "<details class=\"dh-details\">"
        } else {
            "<details class=\"dh-details\" open>"
        });
        out.element("summary", summary);
    }
}

/// Everything below the form.
pub(crate) fn root(app: App) -> impl IntoView {
    move || app.lookup.with(|lookup| shown(&app, &lookup.phase))
}

/// Leaves nothing behind where there is nothing to show.
///
/// Types are code here: whatever Leptos makes for one type it makes again for the next. So views are not boxed as
/// `AnyView`, whose table brings all that any view can do; the three listeners are of one type, and so is what is drawn
/// as a string, texts of buttons too.
fn shown(app: &App, phase: &Phase) -> Option<impl IntoView + use<>> {
    let class = match phase {
        Phase::Idle | Phase::Loading { .. } => return None,
        Phase::Public(_) => "dh-case dh-public",
        Phase::Holder(_) => "dh-case dh-holder",
        Phase::Failed(_) | Phase::Objection(_) => "dh-case",
    };
    let rated = match phase {
        Phase::Holder(view) => matches!(
            view.json().known("rating"),
            Some(RatingState::Open | RatingState::BallotGiven)
        ),
        _ => false,
    };
    let kinds: Arc<[ObjectionKind]> = match phase {
        // Those of a newer server have no words here and are left out.
        Phase::Holder(view) => (view.json().field("objections").list().iter())
            .filter_map(|kind| ObjectionKind::from_name(&kind.text()?))
            .collect(),
        // The one kind that needs no case.
        Phase::Failed(fault) if fault.is_unknown_case() => [ObjectionKind::UnknownCode].into(),
        _ => [].into(),
    };
    let rating = rated.then(|| {
        view! { <div class="dh-card dh-rating" data-part="rating"></div> }
    });
    let objection = (!kinds.is_empty()).then(|| {
        let known = matches!(phase, Phase::Holder(_));
        let open = app.shows(".dh-objection[open]");
        let title = drawn(app, move |_, cx, out| {
            out.text(if known {
                cx.t.object()
            } else {
                cx.t.have_receipt()
            });
        });
        view! {
            <details class="dh-card dh-objection" open=open>
                <summary inner_html=title></summary>
                {objection_form(app, kinds)}
            </details>
        }
    });
    let phase = phase.clone();
    let fixed = drawn(app, move |_, cx, out| match &phase {
        Phase::Public(view) => public::public(out, cx, view.json()),
        Phase::Holder(view) => {
            holder::holder(out, cx, view.json());
        }
        Phase::Failed(fault) => fault::failed(out, cx, fault),
        Phase::Objection(view) => {
            objection::report(out, cx, view.json(), 1, " id=\"dh-case\" tabindex=\"-1\"");
        }
        Phase::Idle | Phase::Loading { .. } => {}
    });
    let (click, input, submit) = (app.clone(), app.clone(), app.clone());
    Some(
        div()
            .class(class)
            .on(
                heard("click"),
                Box::new(move |event| clicked(&click, &event)) as Hear,
            )
            .on(
                heard("input"),
                Box::new(move |event| changed(&input, &event)) as Hear,
            )
            .on(
                heard("submit"),
                Box::new(move |event| submitted(&submit, &event)) as Hear,
            )
            .child((part("dh-part", fixed), rating, objection)),
    )
}

fn heard(name: &'static str) -> Custom<Event> {
    Custom::new(name)
}

type Hear = Box<dyn FnMut(Event)>;

/// Questions, outcome and button; what has been sent hides questions and button.
fn objection_form(app: &App, kinds: Arc<[ObjectionKind]>) -> impl IntoView + use<> {
    let questions = drawn(app, move |app, cx, out| {
        app.objection
            .peek(|objection| objection::questions(out, cx, &kinds, objection));
    });
    let outcome = drawn(app, |app, cx, out| {
        app.objection
            .with(|objection| objection::outcome(out, cx, &objection.phase));
    });
    let label = drawn(app, |app, cx, out| {
        out.text(if is_sending(app) {
            cx.t.sending()
        } else {
            cx.t.object_send()
        });
    });
    let (sent, busy) = (app.clone(), app.clone());
    let sent = move || {
        sent.objection
            .with(|objection| matches!(objection.phase, ObjectionPhase::Done(_)).then_some(""))
    };
    view! {
        <form novalidate data-sent=sent>
            {part("dh-part dh-ask", questions)}
            {part("dh-part", outcome)}
            <button
                type="submit"
                class="dh-button"
                aria-disabled=move || is_sending(&busy).then_some("true")
                inner_html=label
            ></button>
        </form>
    }
}

fn is_sending(app: &App) -> bool {
    app.objection
        .with(|objection| matches!(objection.phase, ObjectionPhase::Sending))
}

/// A part that is one string.
fn part(class: &'static str, html: Drawn) -> impl IntoView {
    view! { <div class=class inner_html=html></div> }
}

/// Drawn at first, and again when something it has read changes.
type Drawn = Box<dyn Fn() -> String + Send>;

fn drawn(app: &App, draw: impl Fn(&App, &Cx, &mut Html) + Send + 'static) -> Drawn {
    let app = app.clone();
    Box::new(move || {
        let mut out = Html::default();
        draw(&app, &Cx::of(&app), &mut out);
        out.finish()
    })
}

fn clicked(app: &App, event: &Event) {
    match dom::asked(event).as_deref() {
        Some("proof") => app.host.focus_proof(),
        Some("again") => app.retry(),
        _ => {}
    }
}

fn submitted(app: &App, event: &Event) {
    event.prevent_default();
    app.object();
}

fn changed(app: &App, event: &Event) {
    let Some((name, value)) = dom::changed(event) else {
        return;
    };
    match name.as_str() {
        objection::KIND => app.note_objection(|objection| objection.choose(&value)),
        objection::CONTACT => app.note_objection(|objection| objection.reach(value)),
        objection::CONSENT => app.note_objection(|objection| objection.consent()),
        objection::NAME_CASE => app.note_objection(|objection| objection.name_case()),
        objection::TEXT => app.note_objection(|objection| objection.write(value)),
        _ => {}
    }
}

/// Tells the live region where the look-up stands. Errors speak for themselves (`role=alert`).
pub(crate) fn announce(app: &App) {
    let setting = app.setting.peek(|setting| *setting);
    let lang = setting.lang;
    app.lookup.peek(|lookup| match &lookup.phase {
        Phase::Loading { slow: true } => app.host.say(setting.t.looking(), true),
        Phase::Public(view) => app.host.say(&view.json().words("status_text", lang), false),
        Phase::Holder(view) => {
            let view = view.json();
            let notice = view.field("apology").field("notice");
            let text = [
                view.words("status_text", lang),
                view.words("timeliness_text", lang),
                notice.words("title", lang),
            ]
            .join(". ");
            app.host.say(&text, false);
        }
        Phase::Idle | Phase::Loading { .. } | Phase::Failed(_) | Phase::Objection(_) => {
            app.host.say("", false);
        }
    });
}
