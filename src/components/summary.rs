//! Small shared shapes: rows of facts, chips, links.

use dung_hen_domain::case::{CaseStatus, Decision};
use dung_hen_domain::civil::IsoDate;
use dung_hen_domain::timeliness::Timeliness;

use super::Cx;
use super::when::day;
use crate::api::Json;
use crate::html::Html;

/// One row of a `<dl>`.
pub(super) fn row(out: &mut Html, label: &str, value: impl FnOnce(&mut Html)) {
    open_row(out, label);
    value(out);
    out.raw("</dd></div>");
}

/// A row with a text of ours.
pub(super) fn text_row(out: &mut Html, label: &str, text: &str) {
    open_row(out, label);
    out.text(text).raw("</dd></div>");
}

/// A row with a text in Vietnamese, as somebody else wrote it.
#[inline(never)]
pub(super) fn said_row(out: &mut Html, label: &str, text: Option<String>) {
    if let Some(text) = text {
        open_row(out, label);
        out.element("span lang=\"vi\"", &text).raw("</dd></div>");
    }
}

/// A row with a day.
#[inline(never)]
pub(super) fn day_row(out: &mut Html, cx: &Cx, label: &str, date: Option<IsoDate>) {
    if let Some(date) = date {
        open_row(out, label);
        day(out, cx, date);
        out.raw("</dd></div>");
    }
}

#[inline(never)]
fn open_row(out: &mut Html, label: &str) {
    out.raw("<div class=\"dh-row\">")
        .element("dt", label)
        .raw("<dd>");
}

/// A word with a shape; the class decides shape and colour, the word says it all.
#[inline(never)]
pub(super) fn chip(out: &mut Html, kind: &'static str, text: &str) {
    out.raw("<p class=\"dh-chips\"><span class=\"dh-chip dh-is-");
    out.raw(kind).raw("\">").text(text).raw("</span></p>");
}

/// The shape of a state.
pub(super) fn status_kind(view: &impl Json) -> &'static str {
    match view.known("status") {
        Some(CaseStatus::Finished | CaseStatus::Returned) => {
            if view.known("decision") == Some(Decision::Refused) {
                "stop"
            } else {
                "good"
            }
        }
        Some(CaseStatus::SupplementRequested | CaseStatus::PaymentRequested) => "wait",
        Some(CaseStatus::NotAccepted | CaseStatus::Withdrawn | CaseStatus::Stopped) => "stop",
        Some(CaseStatus::Registered | CaseStatus::Received | CaseStatus::Processing) => "go",
        None => "plain",
    }
}

/// The shape of a timeliness.
pub(super) fn timeliness_kind(view: &impl Json) -> &'static str {
    match view.known("timeliness") {
        Some(Timeliness::Early | Timeliness::OnTime) => "good",
        Some(Timeliness::WithinTime) => "go",
        Some(Timeliness::DueSoon) => "soon",
        Some(Timeliness::Late | Timeliness::Overdue) => "late",
        Some(Timeliness::Paused) => "wait",
        Some(Timeliness::NotApplicable | Timeliness::Unknown) | None => "plain",
    }
}

/// A link out of the page; only `http` and `https` addresses become links.
#[inline(never)]
pub(super) fn link(out: &mut Html, cx: &Cx, url: &str, text: &str) {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        out.text(text);
        return;
    }
    out.raw("<a href=\"").text(url);
    out.raw("\" target=\"_blank\" rel=\"noopener noreferrer\">");
    out.text(text).raw(" ");
    out.element("span class=\"dh-quiet\"", cx.t.new_window())
        .raw("</a>");
}
