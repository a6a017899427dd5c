//! The promised date, big, and how the case stands against it.

use super::heading::heading;
use super::summary::{chip, day_row, row, timeliness_kind};
use super::when::{day, moment, short};
use super::{Cx, HISTORY};
use crate::api::Json;
use crate::html::Html;

/// The date in force, the dates before it, and the words that say early or late.
pub(super) fn promise(out: &mut Html, cx: &Cx, view: &impl Json) {
    let t = cx.t;
    let dates = view.field("dates_held");
    let kind = timeliness_kind(view);
    let promise = dates.day("promise");
    let other = |key| dates.day(key).filter(|date| Some(*date) != promise);
    out.raw("<div class=\"dh-card dh-promise dh-tone-")
        .raw(kind)
        .raw("\">");
    heading(out, cx, 2, t.promise());
    out.raw("<p class=\"dh-date\">");
    match promise {
        Some(date) => day(out, cx, date),
        None => _ = out.text(t.no_promise()),
    }
    out.raw("</p>");
    chip(out, kind, &view.words("timeliness_text", cx.lang));
    out.raw("<dl class=\"dh-facts\">");
    day_row(out, cx, t.first_promise(), other("first_promise"));
    day_row(out, cx, t.current_promise(), other("current"));
    if let Some(received) = dates.moment("received") {
        row(out, t.received(), |out| moment(out, cx, received));
    }
    day_row(out, cx, t.finished(), dates.day("finished"));
    day_row(out, cx, t.returned(), dates.day("returned"));
    out.raw("</dl>");
    history(out, cx, &dates.field("history").list());
    out.raw("</div>");
}

fn history(out: &mut Html, cx: &Cx, changes: &[impl Json]) {
    if changes.len() < 2 {
        return;
    }
    let t = cx.t;
    cx.details(out, HISTORY, "class=\"dh-details\"", t.promise_history());
    out.raw("<ol class=\"dh-history\">");
    for change in changes {
        out.raw("<li><span class=\"dh-strong\">");
        if let Some(due) = change.day("due") {
            short(out, cx, due);
        }
        out.raw("</span> ").text(t.due_cause(change.known("cause")));
        out.raw(". ").text(&change.words("who", cx.lang));
        if let Some(reason) = change.said("reason") {
            out.raw(" ").text(t.due_reason()).raw(" ");
            out.element("span lang=\"vi\"", &reason);
        }
        out.raw("</li>");
    }
    out.raw("</ol></details>");
}
