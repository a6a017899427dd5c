//! The steps of a case: where it is, what is behind, what lies ahead.

use dung_hen_domain::case::STEPS;
use dung_hen_domain::words;

use super::Cx;
use crate::api::Json;
use crate::html::Html;
use crate::i18n::{fill, number};

/// The steps as a list; one sentence where the case left the path or the server counts otherwise.
pub(super) fn steps(out: &mut Html, cx: &Cx, view: &impl Json) {
    let t = cx.t;
    let Some(now) = view.field("step").number() else {
        out.raw("<p class=\"dh-muted\">").text(t.left_path());
        // The reason, or where it stands and whom to ask, is told in the first card.
        if view.field("end_reason").is_nothing() {
            out.raw(" ").text(t.left_ask());
        }
        out.raw("</p>");
        return;
    };
    let steps = view.field("steps").number().unwrap_or_default();
    if steps != u32::from(STEPS) {
        let counted = [&*number(now), &*number(steps)];
        out.element("p", &fill(t.step_of(), &counted));
        return;
    }
    out.raw("<ol class=\"dh-steps\" aria-label=\"")
        .text(t.progress())
        .raw("\">");
    for step in 1..=STEPS {
        let (open, read) = if u32::from(step) < now {
            ("<li class=\"dh-step dh-done\">", t.step_done())
        } else if u32::from(step) == now {
            (
                "<li class=\"dh-step dh-now\" aria-current=\"step\">",
                t.step_now(),
            )
        } else {
            ("<li class=\"dh-step dh-next\">", t.step_next())
        };
        out.raw(open)
            .element("span class=\"dh-step-name\"", words::step(step, cx.lang));
        out.raw("<span class=\"dh-quiet\"> (")
            .text(read)
            .raw(")</span></li>");
    }
    out.raw("</ol>");
}
