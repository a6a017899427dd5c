//! The objection: where it can be written, and one that has been made.

use super::heading::with;
use super::when::day;
use super::{Cx, OBJECTION};
use crate::api::Json;
use crate::html::Html;

/// Where `public/parts/object.js` lets it be written, once it is opened.
pub(super) fn offer(out: &mut Html, cx: &Cx, title: &str) {
    cx.details(
        out,
        OBJECTION,
        "class=\"dh-card dh-objection\" data-part=\"object\"",
        title,
    );
    out.raw("</details>");
}

/// A report that was made, and what was answered.
pub(super) fn report(
    out: &mut Html,
    cx: &Cx,
    view: &impl Json,
    depth: u8,
    attributes: &'static str,
) {
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-report\">");
    let title = [
        t.object_reference(),
        " ",
        &view.said("reference").unwrap_or_default(),
    ]
    .concat();
    with(out, cx, depth, attributes, &title);
    out.element("p", &view.words("kind_text", cx.lang));
    out.element("p", &view.words("due_text", cx.lang));
    if view.field("overdue").flag() {
        out.element("p class=\"dh-warn\"", t.object_overdue());
    }
    let answers = view.field("answers").list();
    if answers.is_empty() {
        out.element("p", t.object_waiting());
    }
    for answer in answers {
        out.raw("<p><strong lang=\"vi\">");
        out.text(&answer.said("body").unwrap_or_default()).raw(", ");
        out.text(&answer.said("person").unwrap_or_default())
            .raw("</strong>, ");
        if let Some(date) = answer.day("answered") {
            day(out, cx, date);
        }
        out.raw("</p>");
        out.element(
            "blockquote lang=\"vi\"",
            &answer.said("text").unwrap_or_default(),
        );
    }
    out.raw("</div>");
}
