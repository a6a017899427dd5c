//! The promised date, big, and how the case stands against it.

use dung_hen_domain::wire::HolderView;

use super::heading::heading;
use super::summary::{chip, day_row, row, timeliness_kind};
use super::when::{day, moment, short};
use super::{Cx, HISTORY};
use crate::html::Html;

/// The date in force, the dates before it, and the words that say early or late.
pub(super) fn promise(out: &mut Html, cx: &Cx, view: &HolderView) {
    let t = cx.t;
    let dates = &view.dates_held;
    let kind = timeliness_kind(&view.timeliness);
    let other = |date| if date == dates.promise { None } else { date };
    out.raw("<div class=\"dh-card dh-promise dh-tone-")
        .raw(kind)
        .raw("\">");
    heading(out, cx, 2, t.promise);
    out.raw("<p class=\"dh-date\">");
    match dates.promise {
        Some(date) => day(out, cx, date),
        None => _ = out.text(t.no_promise),
    }
    out.raw("</p>");
    chip(out, kind, view.timeliness_text.in_lang(cx.lang));
    out.raw("<dl class=\"dh-facts\">");
    day_row(out, cx, t.first_promise, other(dates.first_promise));
    day_row(out, cx, t.current_promise, other(dates.current));
    if let Some(received) = dates.received {
        row(out, t.received, |out| moment(out, cx, received));
    }
    day_row(out, cx, t.finished, dates.finished);
    day_row(out, cx, t.returned, dates.returned);
    out.raw("</dl>");
    history(out, cx, view);
    out.raw("</div>");
}

fn history(out: &mut Html, cx: &Cx, view: &HolderView) {
    let changes = &view.dates_held.history;
    if changes.len() < 2 {
        return;
    }
    let t = cx.t;
    cx.details(out, HISTORY, t.promise_history);
    out.raw("<ol class=\"dh-history\">");
    for change in changes {
        out.raw("<li><span class=\"dh-strong\">");
        short(out, cx, change.due);
        out.raw("</span> ")
            .text(t.due_cause(change.cause.known()))
            .raw("</li>");
    }
    out.raw("</ol></details>");
}
