//! Where the case is, who has it, since when, and what comes next.

use dung_hen_domain::words;

use super::Cx;
use super::heading::heading;
use super::steps::steps;
use super::when::moment;
use crate::api::Json;
use crate::html::Html;
use crate::i18n::{fill, number};

/// The card: the steps, those ahead greyed, then the hands the case is in.
pub(super) fn place(out: &mut Html, cx: &Cx, view: &impl Json) {
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-place dh-half\">");
    heading(out, cx, 2, t.progress());
    steps(out, cx, view);
    let place = view.field("place");
    if let Some(unit) = place.said("unit") {
        out.raw("<p>").text(t.place()).raw(" ");
        out.element("strong lang=\"vi\"", &unit);
        if let Some(name) = place.said("officer") {
            out.raw(" (").text(t.officer()).raw(" ");
            out.element("span lang=\"vi\"", &name).raw(")");
        }
        if let Some(since) = place.moment("since") {
            out.raw(", ").text(t.place_since()).raw(" ");
            moment(out, cx, since);
        }
        out.raw(".</p>");
    }
    let next = view.field("step").number().unwrap_or(5) + 1;
    if let (2..=5, Ok(step)) = (next, u8::try_from(next)) {
        out.raw("<p class=\"dh-muted\">")
            .text(t.next_step())
            .raw(" ");
        out.text(words::step(step, cx.lang)).raw(".</p>");
    }
    clocks(out, cx, &view.field("clocks"));
    let doubts = view.field("doubts").list();
    if !doubts.is_empty() {
        out.raw("<div class=\"dh-warn dh-doubts\">")
            .element("p", t.doubts());
        out.raw("<ul>");
        for doubt in &doubts {
            out.element("li", &doubt.in_lang(cx.lang));
        }
        out.raw("</ul></div>");
    }
    out.raw("</div>");
}

/// How long the case has waited, and for whom.
fn clocks(out: &mut Html, cx: &Cx, clocks: &impl Json) {
    let t = cx.t;
    for (key, template) in [("agency", t.clock_agency()), ("applicant", t.clock_mine())] {
        let clock = clocks.field(key);
        if clock.field("spans").list().is_empty() {
            continue;
        }
        let days = clock.field("working_days").number();
        let days = days.map_or_else(|| t.clock_open().to_owned(), number);
        out.element("p class=\"dh-clock\"", &fill(template, &[&days]));
    }
}
