//! The answer to the code alone.

use dung_hen_domain::wire::PublicView;
use leptos::prelude::*;

use super::Cx;
use super::heading::heading;
use super::steps::steps;
use super::summary::{chip, link, row, status_kind, timeliness_kind};
use super::when::{day, moment};

/// Whether the code is known, the state and the step; how to see everything.
pub(super) fn public(cx: &Cx, view: &PublicView) -> AnyView {
    let t = cx.t;
    let host = cx.app.host.clone();
    let dates = view.dates.as_ref().map(|dates| {
        view! {
            <dl class="dh-facts">
                {row(t.received, day(cx, dates.received))}
                {dates.promise.map(|promise| row(t.promise, day(cx, promise)))}
            </dl>
            <p>{chip(timeliness_kind(&dates.timeliness), dates.timeliness_text.in_lang(cx.lang))}</p>
        }
    });
    view! {
        <div class="dh-case dh-public">
            <div class="dh-card dh-head">
                <p class="dh-over">{t.case_code}</p>
                {heading(cx, 1, Some("dh-case"), view.case_code.clone())}
                <p class="dh-chips">{chip(status_kind(&view.status), view.status_text.in_lang(cx.lang))}</p>
                {steps(cx, view)}
                {dates}
                {as_of(cx, view)}
            </div>
            <div class="dh-card dh-more">
                <p>{t.see_all}</p>
                <button type="button" class="dh-button dh-second" on:click=move |_| host.focus_proof()>
                    {t.enter_proof}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// The server's now, and the case on the national portal.
pub(super) fn as_of(cx: &Cx, view: &PublicView) -> AnyView {
    let t = cx.t;
    view! {
        <p class="dh-muted dh-as-of">{t.as_of}" "{moment(cx, view.as_of)}</p>
        {view.national_portal.as_ref().map(|url| view! { <p>{link(cx, url, t.national)}</p> })}
    }
    .into_any()
}
