//! Electronic results, and how the paper one travels.

use dung_hen_domain::wire::HolderView;
use leptos::prelude::*;

use super::Cx;
use super::heading::heading;
use super::summary::link;
use dung_hen_domain::case::CaseStatus;

/// Shown once there is a result, or something was said about returning it.
pub(super) fn results(cx: &Cx, view: &HolderView) -> AnyView {
    let there = view
        .public
        .status
        .known()
        .is_some_and(CaseStatus::is_finished);
    if !there && view.results.is_empty() && view.return_note.is_none() {
        return ().into_any();
    }
    let t = cx.t;
    let links = view
        .results
        .iter()
        .map(|result| match &result.url {
            Some(url) => view! { <li lang="vi">{link(cx, url, &result.name)}</li> }.into_any(),
            None => view! { <li><span lang="vi">{result.name.clone()}</span>" ("{t.result_no_link}")"</li> }.into_any(),
        })
        .collect::<Vec<_>>();
    view! {
        <div class="dh-card dh-results">
            {heading(cx, 2, None, t.results)}
            {(!links.is_empty()).then(|| view! { <ul class="dh-plain">{links}</ul> })}
            <p>{if view.return_by_post { t.by_post } else { t.at_counter }}</p>
            {view.return_note.clone().map(|note| view! { <p class="dh-note" lang="vi">{note}</p> })}
        </div>
    }
    .into_any()
}
