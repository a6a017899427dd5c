//! What is drawn, one part per file: plain functions of data and language.
//!
//! Leptos holds what reacts: which phase is on show, and in which language. A phase is one string of HTML
//! (`crate::html`). What a citizen fills in is drawn by the parts that `data-part` names (`public/parts`), which keep
//! what was written when a case is drawn again.

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
mod steps;
mod summary;
mod timeline;
mod todo;
mod when;

use dung_hen_domain::wire::RatingState;
use dung_hen_domain::words::Lang;
use leptos::ev::{Event, click};
use leptos::html::div;
use leptos::prelude::*;

use crate::api::Json;
use crate::app::App;
use crate::dom;
use crate::html::Html;
use crate::i18n::Strings;
use crate::state::Phase;

/// Details that stay open when the language or the case changes: one bit each.
const HISTORY: u8 = 1;
const OBJECTION: u8 = 2;

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
        if app.shows(".dh-objection[open]") {
            open |= OBJECTION;
        }
        Self {
            lang: setting.lang,
            t: setting.t,
            level: setting.level,
            open,
        }
    }

    /// Begins details, open where they were.
    fn details(&self, out: &mut Html, which: u8, attributes: &'static str, summary: &str) {
        out.raw("<details ").raw(attributes);
        out.raw(if self.open & which == 0 {
            ">"
        } else {
            " open>"
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
/// Types are code here: whatever Leptos makes for one type it makes again for the next. So there is one element, one
/// listener and one string.
fn shown(app: &App, phase: &Phase) -> Option<impl IntoView + use<>> {
    let class = match phase {
        Phase::Idle | Phase::Loading { .. } => return None,
        Phase::Public(_) => "dh-case dh-public",
        Phase::Holder(_) => "dh-case dh-holder",
        Phase::Failed(_) | Phase::Objection(_) => "dh-case",
    };
    let (clicked, app, phase) = (app.clone(), app.clone(), phase.clone());
    let html = move || {
        let mut out = Html::default();
        draw(&mut out, &Cx::of(&app), &phase);
        out.finish()
    };
    Some(
        div()
            .class(class)
            .on(click, move |event| pressed(&clicked, &event))
            .inner_html(html),
    )
}

fn draw(out: &mut Html, cx: &Cx, phase: &Phase) {
    match phase {
        Phase::Public(view) => public::public(out, cx, view.json()),
        Phase::Holder(view) => {
            let view = view.json();
            holder::holder(out, cx, view);
            if let Some(RatingState::Open | RatingState::BallotGiven) = view.known("rating") {
                out.raw("<div class=\"dh-card dh-rating\" data-part=\"rating\"></div>");
            }
            if !view.field("objections").list().is_empty() {
                objection::offer(out, cx, cx.t.object());
            }
        }
        Phase::Failed(fault) => {
            fault::failed(out, cx, fault);
            // The one kind that needs no case.
            if fault.is_unknown_case() {
                objection::offer(out, cx, cx.t.have_receipt());
            }
        }
        Phase::Objection(view) => {
            objection::report(out, cx, view.json(), 1, " id=\"dh-case\" tabindex=\"-1\"");
        }
        Phase::Idle | Phase::Loading { .. } => {}
    }
}

fn pressed(app: &App, event: &Event) {
    match dom::asked(event).as_deref() {
        Some("proof") => app.host.focus_proof(),
        Some("again") => app.retry(),
        _ => {}
    }
}

/// Tells the live region where the look-up stands. Errors speak for themselves (`role=alert`).
pub(crate) fn announce(app: &App) {
    let setting = app.setting.peek(|setting| *setting);
    let lang = setting.lang;
    let (text, shown) = app.lookup.peek(|lookup| match &lookup.phase {
        Phase::Loading { slow: true } => (setting.t.looking().to_owned(), true),
        Phase::Public(view) => (view.json().words("status_text", lang), false),
        Phase::Holder(view) => {
            let view = view.json();
            let apology = view.field("apology");
            // The agency's letter, and our notice only where there is none: it would say no more than that.
            let title = match apology.field("letters").list().is_empty() {
                true => apology.field("notice").words("title", lang),
                false => setting.t.letter().to_owned(),
            };
            let text = [
                view.words("status_text", lang),
                view.words("timeliness_text", lang),
                title,
            ];
            (text.join(". "), false)
        }
        Phase::Idle | Phase::Loading { .. } | Phase::Failed(_) | Phase::Objection(_) => {
            (String::new(), false)
        }
    });
    app.host.say(&text, shown);
}
