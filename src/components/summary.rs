//! Small shared shapes: rows of facts, chips, links.

use dung_hen_domain::case::CaseStatus;
use dung_hen_domain::timeliness::Timeliness;
use dung_hen_domain::wire::Open;
use leptos::prelude::*;

use super::Cx;

/// One row of a `<dl>`.
pub(super) fn row(label: &'static str, value: impl IntoAny) -> AnyView {
    view! {
        <div class="dh-row">
            <dt>{label}</dt>
            <dd>{value.into_any()}</dd>
        </div>
    }
    .into_any()
}

/// A word with a shape; the class decides shape and colour, the word says it all.
pub(super) fn chip(kind: &'static str, text: &str) -> AnyView {
    view! { <span class=["dh-chip dh-is-", kind].concat()>{text.to_owned()}</span> }.into_any()
}

/// The shape of a state.
pub(super) fn status_kind(status: &Open<CaseStatus>) -> &'static str {
    match status.known() {
        Some(CaseStatus::Finished | CaseStatus::Returned) => "good",
        Some(CaseStatus::SupplementRequested | CaseStatus::PaymentRequested) => "wait",
        Some(CaseStatus::NotAccepted | CaseStatus::Withdrawn | CaseStatus::Stopped) => "stop",
        Some(CaseStatus::Registered | CaseStatus::Received | CaseStatus::Processing) => "go",
        None => "plain",
    }
}

/// The shape of a timeliness.
pub(super) fn timeliness_kind(timeliness: &Open<Timeliness>) -> &'static str {
    match timeliness.known() {
        Some(Timeliness::Early | Timeliness::OnTime) => "good",
        Some(Timeliness::WithinTime) => "go",
        Some(Timeliness::DueSoon) => "soon",
        Some(Timeliness::Late | Timeliness::Overdue) => "late",
        Some(Timeliness::Paused) => "wait",
        Some(Timeliness::NotApplicable | Timeliness::Unknown) | None => "plain",
    }
}

/// A link out of the page; only `http` and `https` addresses become links.
pub(super) fn link(cx: &Cx, url: &str, text: &str) -> AnyView {
    let text = text.to_owned();
    if url.starts_with("https://") || url.starts_with("http://") {
        let hint = cx.t.new_window;
        view! {
            <a href=url.to_owned() target="_blank" rel="noopener noreferrer">
                {text}
                <span class="dh-quiet">" "{hint}</span>
            </a>
        }
        .into_any()
    } else {
        text.into_any()
    }
}
