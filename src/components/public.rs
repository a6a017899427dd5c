//! The answer to the code alone.

use dung_hen_domain::wire::PublicView;

use super::Cx;
use super::heading::with;
use super::steps::steps;
use super::summary::{chip, day_row, link, status_kind, timeliness_kind};
use super::when::moment;
use crate::html::Html;

/// Whether the code is known, the state and the step; how to see everything.
pub(super) fn public(out: &mut Html, cx: &Cx, view: &PublicView) {
    let t = cx.t;
    head(out, cx, view, None);
    if let Some(dates) = &view.dates {
        out.raw("<dl class=\"dh-facts\">");
        day_row(out, cx, t.received, Some(dates.received));
        day_row(out, cx, t.promise, dates.promise);
        out.raw("</dl>");
        let text = dates.timeliness_text.in_lang(cx.lang);
        chip(out, timeliness_kind(&dates.timeliness), text);
    }
    as_of(out, cx, view);
    out.raw("</div><div class=\"dh-card dh-more\">")
        .element("p", t.see_all);
    out.element(
        "button type=\"button\" class=\"dh-button dh-second\" data-do=\"proof\"",
        t.enter_proof,
    );
    out.raw("</div>");
}

/// Code, state and steps: the first card, left open.
pub(super) fn head(out: &mut Html, cx: &Cx, view: &PublicView, procedure: Option<&String>) {
    out.raw("<div class=\"dh-card dh-head\">");
    out.element("p class=\"dh-over\"", cx.t.case_code);
    with(
        out,
        cx,
        1,
        " id=\"dh-case\" tabindex=\"-1\"",
        &view.case_code,
    );
    out.maybe("p class=\"dh-lead\" lang=\"vi\"", procedure);
    chip(
        out,
        status_kind(&view.status),
        view.status_text.in_lang(cx.lang),
    );
    steps(out, cx, view);
}

/// The server's now, and the case on the national portal.
pub(super) fn as_of(out: &mut Html, cx: &Cx, view: &PublicView) {
    let t = cx.t;
    out.raw("<p class=\"dh-muted dh-as-of\">")
        .text(t.as_of)
        .raw(" ");
    moment(out, cx, view.as_of);
    out.raw("</p>");
    if let Some(url) = &view.national_portal {
        out.raw("<p>");
        link(out, cx, url, t.national);
        out.raw("</p>");
    }
}
