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
    heading(out, cx, 2, t.results());
    // What is there electronically is not to be fetched.
    let mut paper = results.is_empty();
    if !paper {
        out.raw("<ul class=\"dh-plain\">");
        for result in &results {
            let name = result.said("name").unwrap_or_default();
            out.raw("<li lang=\"vi\">");
            match result.said("url") {
                Some(url) => link(out, cx, &url, &name),
                None => {
                    paper = true;
                    out.text(&name);
                }
            }
            out.raw("</li>");
        }
        out.raw("</ul>");
    }
    if view.field("return_by_post").flag() {
        out.element("p", t.by_post());
    } else if paper {
        out.element("p", t.at_counter());
    }
    out.maybe("p class=\"dh-note\" lang=\"vi\"", note.as_ref());
    if let Some(url) = view.said("tracking") {
        out.raw("<p>");
        link(out, cx, &url, t.tracking());
        out.raw("</p>");
    }
    out.raw("</div>");
}
