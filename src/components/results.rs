//! Electronic results, and how the paper one travels.

use dung_hen_domain::case::CaseStatus;
use dung_hen_domain::wire::HolderView;

use super::Cx;
use super::heading::heading;
use super::summary::link;
use crate::html::Html;

/// Shown once there is a result, or something was said about returning it.
pub(super) fn results(out: &mut Html, cx: &Cx, view: &HolderView) {
    let status = view.public.status.known();
    let there = status.is_some_and(CaseStatus::is_finished);
    if !there && view.results.is_empty() && view.return_note.is_none() {
        return;
    }
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-results\">");
    heading(out, cx, 2, t.results);
    if !view.results.is_empty() {
        out.raw("<ul class=\"dh-plain\">");
        for result in &view.results {
            match &result.url {
                Some(url) => {
                    out.raw("<li lang=\"vi\">");
                    link(out, cx, url, &result.name);
                }
                None => {
                    out.raw("<li>").element("span lang=\"vi\"", &result.name);
                    out.raw(" (").text(t.result_no_link).raw(")");
                }
            }
            out.raw("</li>");
        }
        out.raw("</ul>");
    }
    out.element(
        "p",
        if view.return_by_post {
            t.by_post
        } else {
            t.at_counter
        },
    );
    out.maybe("p class=\"dh-note\" lang=\"vi\"", view.return_note.as_ref());
    out.raw("</div>");
}
