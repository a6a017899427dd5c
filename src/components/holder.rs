//! Everything a holder sees, what they must do first.

use dung_hen_domain::wire::HolderView;
use dung_hen_domain::words;

use super::heading::heading;
use super::public::{as_of, head};
use super::summary::{link, row, said_row, text_row};
use super::{Cx, apology, deadline, promise, results, timeline, todo};
use crate::html::Html;

/// The holder's view of a case; rating and objection come after it.
pub(super) fn holder(out: &mut Html, cx: &Cx, view: &HolderView) {
    head(out, cx, &view.public, Some(&view.procedure.name));
    out.raw("</div>");
    todo::todo(out, cx, &view.todo);
    promise::promise(out, cx, view);
    apology::apology(out, cx, &view.apology);
    results::results(out, cx, view);
    timeline::timeline(out, cx, &view.timeline);
    if let Some(deadline) = &view.deadline {
        deadline::deadline(out, cx, view, deadline);
    }
    about(out, cx, view);
}

/// What does not change from day to day: it can wait until here.
fn about(out: &mut Html, cx: &Cx, view: &HolderView) {
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-about\">");
    heading(out, cx, 2, t.about);
    out.raw("<dl class=\"dh-facts\">");
    let name = &view.procedure.name;
    match &view.procedure.source_url {
        Some(url) => row(out, t.procedure, |out| {
            out.raw("<span lang=\"vi\">");
            link(out, cx, url, name);
            out.raw("</span>");
        }),
        None => said_row(out, t.procedure, Some(name)),
    }
    said_row(out, t.agency, Some(&view.agency.name));
    said_row(out, t.contact, view.agency.contact.as_ref());
    if let Some(channel) = view.channel.known() {
        text_row(out, t.filed, words::channel(channel, cx.lang));
    }
    out.raw("</dl>");
    as_of(out, cx, &view.public);
    out.raw("</div>");
}
