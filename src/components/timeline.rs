//! What happened to the case, oldest first.

use dung_hen_domain::wire::TimelineEvent;
use leptos::prelude::*;

use super::Cx;
use super::heading::heading;
use super::when::moment;

/// The events with unit, officer and the agency's words.
pub(super) fn timeline(cx: &Cx, events: &[TimelineEvent]) -> AnyView {
    if events.is_empty() {
        return ().into_any();
    }
    let items = events
        .iter()
        .map(|event| item(cx, event))
        .collect::<Vec<_>>();
    view! {
        <div class="dh-card">
            {heading(cx, 2, None, cx.t.timeline)}
            <ol class="dh-timeline">{items}</ol>
        </div>
    }
    .into_any()
}

fn item(cx: &Cx, event: &TimelineEvent) -> AnyView {
    let t = cx.t;
    view! {
        <li>
            <p class="dh-strong">{t.event(event.kind.known())}</p>
            <p class="dh-muted">{moment(cx, event.at)}</p>
            {event.unit.clone().map(|unit| view! { <p lang="vi">{unit}</p> })}
            {event.officer.clone().map(|name| view! { <p class="dh-muted">{t.officer}" "<span lang="vi">{name}</span></p> })}
            {event.note.clone().map(|note| view! { <p class="dh-note" lang="vi">{note}</p> })}
        </li>
    }
    .into_any()
}
