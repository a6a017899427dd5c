//! Electronic results, and how the paper one travels.

use dung_hen_domain::case::CaseStatus;

use super::Cx;
use super::heading::heading;
use super::summary::link;
use crate::api::Json;
use crate::html::Html;

/// Shown once there is a result, or something was said about returning it.
pub(super) fn results(out: &mut Html, cx: &Cx, view: &impl Json) {
    let there = view.known("status").is_some_and(CaseStatus::is_finished);
    let results = view.field("results").list();
    let note = view.said("return_note");
    if !there && results.is_empty() && note.is_none() {
        return;
    }
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-results\">");
    heading(out, cx, 2, t.results);
    if !results.is_empty() {
        out.raw("<ul class=\"dh-plain\">");
        for result in &results {
            let name = result.said("name").unwrap_or_default();
            match result.said("url") {
                Some(url) => {
                    out.raw("<li lang=\"vi\">");
                    link(out, cx, &url, &name);
                }
                None => {
                    out.raw("<li>").element("span lang=\"vi\"", &name);
                    out.raw(" (").text(t.result_no_link).raw(")");
                }
            }
            out.raw("</li>");
        }
        out.raw("</ul>");
    }
    out.element(
        "p",
        if view.field("return_by_post").flag() {
            t.by_post
        } else {
            t.at_counter
        },
    );
    out.maybe("p class=\"dh-note\" lang=\"vi\"", note.as_ref());
    if let Some(url) = view.said("tracking") {
        out.raw("<p>");
        link(out, cx, &url, t.tracking);
        out.raw("</p>");
    }
    out.raw("</div>");
}
