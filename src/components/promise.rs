//! The promised date, big, and how the case stands against it.

use dung_hen_domain::wire::HolderView;
use leptos::prelude::*;

use super::Cx;
use super::heading::heading;
use super::summary::{chip, row, timeliness_kind};
use super::when::{day, moment, short};

/// The date in force, the dates before it, and the words that say early or late.
pub(super) fn promise(cx: &Cx, view: &HolderView) -> AnyView {
    let t = cx.t;
    let dates = &view.dates_held;
    let kind = timeliness_kind(&view.timeliness);
    let big = match dates.promise {
        Some(date) => day(cx, date),
        None => t.no_promise.into_any(),
    };
    let first = dates
        .first_promise
        .filter(|first| Some(*first) != dates.promise);
    let current = dates
        .current
        .filter(|current| Some(*current) != dates.promise);
    view! {
        <div class=["dh-card dh-promise dh-tone-", kind].concat()>
            {heading(cx, 2, None, t.promise)}
            <p class="dh-date">{big}</p>
            <p class="dh-chips">{chip(kind, view.timeliness_text.in_lang(cx.lang))}</p>
            <dl class="dh-facts">
                {first.map(|date| row(t.first_promise, day(cx, date)))}
                {current.map(|date| row(t.current_promise, day(cx, date)))}
                {row(t.received, moment(cx, dates.received))}
                {dates.finished.map(|date| row(t.finished, day(cx, date)))}
                {dates.returned.map(|date| row(t.returned, day(cx, date)))}
            </dl>
            {history(cx, view)}
        </div>
    }
    .into_any()
}

fn history(cx: &Cx, view: &HolderView) -> AnyView {
    let changes = &view.dates_held.history;
    if changes.len() < 2 {
        return ().into_any();
    }
    let t = cx.t;
    let items = changes
        .iter()
        .map(|change| {
            view! {
                <li>
                    <span class="dh-strong">{short(cx, change.due)}</span>
                    " "
                    {t.due_cause(change.cause.known())}
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details class="dh-details">
            <summary>{t.promise_history}</summary>
            <ol class="dh-history">{items}</ol>
        </details>
    }
    .into_any()
}
