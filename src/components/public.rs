//! The answer to the code alone.

use super::Cx;
use super::heading::with;
use super::steps::steps;
use super::summary::{chip, day_row, link, status_kind, timeliness_kind};
use super::when::moment;
use crate::api::Json;
use crate::html::Html;

/// Whether the code is known, the state and the step; how to see everything.
pub(super) fn public(out: &mut Html, cx: &Cx, view: &impl Json) {
    let t = cx.t;
    head(out, cx, view, None);
    steps(out, cx, view);
    let dates = view.field("dates");
    if !dates.is_nothing() {
        out.raw("<dl class=\"dh-facts\">");
        day_row(out, cx, t.received(), dates.day("received"));
        day_row(out, cx, t.promise(), dates.day("promise"));
        out.raw("</dl>");
        let text = dates.words("timeliness_text", cx.lang);
        chip(out, timeliness_kind(&dates), &text);
    }
    as_of(out, cx, view);
    out.raw(
        "<div class=\"dh-fill\" data-part=\"remember\"></div></div><div class=\"dh-card dh-more\">",
    )
    .element("p", t.see_all());
    out.element(
        "button type=\"button\" class=\"dh-button dh-second\" data-do=\"proof\"",
        t.enter_proof(),
    );
    out.raw("</div>");
}

/// Code and state: the first card, left open.
pub(super) fn head(out: &mut Html, cx: &Cx, view: &impl Json, procedure: Option<String>) {
    out.raw("<div class=\"dh-card dh-head\">");
    out.element("p class=\"dh-over\"", cx.t.case_code());
    let code = view.said("case_code").unwrap_or_default();
    with(out, cx, 1, " id=\"dh-case\" tabindex=\"-1\"", &code);
    // Some procedures have names of ten lines: the state is not to be looked for below them.
    chip(out, status_kind(view), &view.words("status_text", cx.lang));
    out.maybe("p class=\"dh-lead\" lang=\"vi\"", procedure.as_ref());
    out.maybe(
        "p class=\"dh-note\"",
        view.field("outage").said(cx.lang.tag()).as_ref(),
    );
    // Told to the holder alone.
    let reason = view.field("end_reason");
    out.maybe("p", reason.said(cx.lang.tag()).as_ref()).maybe(
        "p class=\"dh-note\" lang=\"vi\"",
        reason.said("note").as_ref(),
    );
}

/// The server's now, and the case on the national portal.
pub(super) fn as_of(out: &mut Html, cx: &Cx, view: &impl Json) {
    let t = cx.t;
    if let Some(now) = view.moment("as_of") {
        out.raw("<p class=\"dh-muted dh-as-of\">")
            .text(t.as_of())
            .raw(" ");
        moment(out, cx, now);
        out.raw("</p>");
    }
    if let Some(url) = view.said("national_portal") {
        out.raw("<p>");
        link(out, cx, &url, t.national());
        out.raw("</p>");
    }
}
