//! What happened to the case, oldest first.

use dung_hen_domain::wire::TimelineEvent;

use super::Cx;
use super::heading::heading;
use super::when::moment;
use crate::html::Html;

/// The events with unit, officer and the agency's words.
pub(super) fn timeline(out: &mut Html, cx: &Cx, events: &[TimelineEvent]) {
    if events.is_empty() {
        return;
    }
    let t = cx.t;
    out.raw("<div class=\"dh-card\">");
    heading(out, cx, 2, t.timeline);
    out.raw("<ol class=\"dh-timeline\">");
    for event in events {
        out.raw("<li>")
            .element("p class=\"dh-strong\"", t.event(event.kind.known()));
        out.raw("<p class=\"dh-muted\">");
        moment(out, cx, event.at);
        out.raw("</p>").maybe("p lang=\"vi\"", event.unit.as_ref());
        if let Some(name) = &event.officer {
            out.raw("<p class=\"dh-muted\">").text(t.officer).raw(" ");
            out.element("span lang=\"vi\"", name).raw("</p>");
        }
        out.maybe("p class=\"dh-note\" lang=\"vi\"", event.note.as_ref())
            .raw("</li>");
    }
    out.raw("</ol></div>");
}
