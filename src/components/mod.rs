//! What is drawn, one part per file: plain functions of data and language.
//!
//! They hold no signals of their own: what must outlive a redraw (answers chosen, text written) is
//! in [`App`]. A redraw patches the page in place, so open details and typed text stay.

mod apology;
mod deadline;
mod fault;
mod heading;
mod holder;
mod objection;
mod promise;
mod public;
mod rating;
mod results;
mod scale;
mod steps;
mod summary;
mod timeline;
mod todo;
mod when;

use dung_hen_domain::words::Lang;
use leptos::prelude::*;

use crate::app::App;
use crate::i18n::{Strings, strings};
use crate::state::Phase;

/// What every part needs: the instance, the language with its texts, and the heading level.
#[derive(Clone)]
pub(crate) struct Cx {
    app: App,
    lang: Lang,
    t: &'static Strings,
    level: u8,
}

/// Everything below the form.
pub(crate) fn root(app: App) -> AnyView {
    let heard = app.clone();
    // Kept by the owner that `mount_to` made, and dropped with it.
    Effect::new(move || announce(&heard));
    (move || {
        let lang = app.lang.get();
        let cx = Cx {
            lang,
            t: strings(lang),
            level: app.level.get(),
            app: app.clone(),
        };
        app.lookup.with(|lookup| match &lookup.phase {
            Phase::Idle | Phase::Loading { .. } => ().into_any(),
            Phase::Public(view) => public::public(&cx, view),
            Phase::Holder(view) => holder::holder(&cx, view),
            Phase::Failed(fault) => fault::failed(&cx, fault),
        })
    })
    .into_any()
}

/// Tells the live region where the look-up stands. Errors speak for themselves (`role=alert`).
fn announce(app: &App) {
    let lang = app.lang.get();
    app.lookup.with(|lookup| match &lookup.phase {
        Phase::Loading { slow: true } => app.host.say(strings(lang).looking, true),
        Phase::Public(view) => app.host.say(view.status_text.in_lang(lang), false),
        Phase::Holder(view) => {
            let mut text = [
                view.public.status_text.in_lang(lang),
                view.timeliness_text.in_lang(lang),
            ]
            .join(". ");
            if let Some(notice) = &view.apology.notice {
                text.push_str(". ");
                text.push_str(notice.title.in_lang(lang));
            }
            app.host.say(&text, false);
        }
        Phase::Idle | Phase::Loading { .. } | Phase::Failed(_) => app.host.say("", false),
    });
}
