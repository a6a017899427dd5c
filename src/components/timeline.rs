//! What happened to the case, oldest first.

use super::Cx;
use super::heading::heading;
use super::when::moment;
use crate::api::Json;
use crate::html::Html;

/// The events with unit, officer and the agency's words.
pub(super) fn timeline(out: &mut Html, cx: &Cx, events: &[impl Json]) {
    if events.is_empty() {
        return;
    }
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-half\">");
    heading(out, cx, 2, t.timeline());
    out.raw("<ol class=\"dh-timeline\">");
    for event in events {
        out.raw("<li>")
            .element("p class=\"dh-strong\"", t.event(event.known("kind")));
        if let Some(at) = event.moment("at") {
            out.raw("<p class=\"dh-muted\">");
            moment(out, cx, at);
            out.raw("</p>");
        }
        out.maybe("p lang=\"vi\"", event.said("unit").as_ref());
        if let Some(name) = event.said("officer") {
            out.raw("<p class=\"dh-muted\">").text(t.officer()).raw(" ");
            out.element("span lang=\"vi\"", &name).raw("</p>");
        }
        out.maybe(
            "p class=\"dh-note\" lang=\"vi\"",
            event.said("note").as_ref(),
        )
        .raw("</li>");
    }
    out.raw("</ol></div>");
}
