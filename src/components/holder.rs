//! Everything a holder sees, what they must do first.

use dung_hen_domain::words;

use super::heading::heading;
use super::public::{as_of, head};
use super::summary::{link, row, said_row, text_row};
use super::{Cx, apology, deadline, objection, place, promise, results, timeline, todo};
use crate::api::Json;
use crate::html::Html;

/// The holder's view of a case; rating and objection come after it.
pub(super) fn holder(out: &mut Html, cx: &Cx, view: &impl Json) {
    head(out, cx, view, view.field("procedure").said("name"));
    out.raw("</div>");
    todo::todo(out, cx, &view.field("todo").list());
    place::place(out, cx, view);
    promise::promise(out, cx, view);
    apology::apology(out, cx, &view.field("apology"));
    results::results(out, cx, view);
    for report in view.field("objected").list() {
        objection::report(out, cx, &report, 2, "");
    }
    timeline::timeline(out, cx, &view.field("timeline").list());
    let (why, why_not) = (view.field("deadline"), view.field("not_computed"));
    if !why.is_nothing() {
        deadline::deadline(out, cx, &why);
    } else if !why_not.is_nothing() {
        deadline::not_computed(out, cx, &why_not);
    }
    about(out, cx, view);
}

/// What does not change from day to day: it can wait until here.
fn about(out: &mut Html, cx: &Cx, view: &impl Json) {
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-about\">");
    heading(out, cx, 2, t.about());
    out.raw("<dl class=\"dh-facts\">");
    let procedure = view.field("procedure");
    let name = procedure.said("name");
    match (procedure.said("source_url"), &name) {
        (Some(url), Some(name)) => row(out, t.procedure(), |out| {
            out.raw("<span lang=\"vi\">");
            link(out, cx, &url, name);
            out.raw("</span>");
        }),
        _ => said_row(out, t.procedure(), name),
    }
    let agency = view.field("agency");
    said_row(out, t.agency(), agency.said("name"));
    said_row(out, t.contact(), agency.said("contact"));
    if let Some(channel) = view.known("channel") {
        text_row(out, t.filed(), words::channel(channel, cx.lang));
    }
    out.raw("</dl>");
    as_of(out, cx, view);
    out.raw("<div class=\"dh-fill\" data-part=\"remember\"></div></div>");
}
