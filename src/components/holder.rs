//! Everything a holder sees, what they must do first.

use dung_hen_domain::wire::HolderView;
use dung_hen_domain::words;
use leptos::prelude::*;

use super::heading::heading;
use super::public::as_of;
use super::steps::steps;
use super::summary::{chip, link, row, status_kind};
use super::{Cx, apology, deadline, objection, promise, rating, results, timeline, todo};

/// The holder's view of a case.
pub(super) fn holder(cx: &Cx, view: &HolderView) -> AnyView {
    view! {
        <div class="dh-case dh-holder">
            {head(cx, view)}
            {todo::todo(cx, &view.todo)}
            {promise::promise(cx, view)}
            {apology::apology(cx, &view.apology)}
            {results::results(cx, view)}
            {timeline::timeline(cx, &view.timeline)}
            {view.deadline.as_ref().map(|deadline| deadline::deadline(cx, view, deadline))}
            {about(cx, view)}
            {rating::rating(cx, view)}
            {objection::objection(cx, &view.objections)}
        </div>
    }
    .into_any()
}

fn head(cx: &Cx, view: &HolderView) -> AnyView {
    let public = &view.public;
    view! {
        <div class="dh-card dh-head">
            <p class="dh-over">{cx.t.case_code}</p>
            {heading(cx, 1, Some("dh-case"), public.case_code.clone())}
            <p class="dh-lead" lang="vi">{view.procedure.name.clone()}</p>
            <p class="dh-chips">{chip(status_kind(&public.status), public.status_text.in_lang(cx.lang))}</p>
            {steps(cx, public)}
        </div>
    }
    .into_any()
}

/// What does not change from day to day: it can wait until here.
fn about(cx: &Cx, view: &HolderView) -> AnyView {
    let t = cx.t;
    let filed = view
        .channel
        .known()
        .map(|channel| row(t.filed, words::channel(channel, cx.lang)));
    let procedure = match &view.procedure.source_url {
        Some(url) => link(cx, url, &view.procedure.name),
        None => view.procedure.name.clone().into_any(),
    };
    view! {
        <div class="dh-card dh-about">
            {heading(cx, 2, None, t.about)}
            <dl class="dh-facts">
                {row(t.procedure, view! { <span lang="vi">{procedure}</span> })}
                {row(t.agency, view! { <span lang="vi">{view.agency.name.clone()}</span> })}
                {view.agency.contact.clone().map(|contact| row(t.contact, view! { <span lang="vi">{contact}</span> }))}
                {filed}
            </dl>
            {as_of(cx, &view.public)}
        </div>
    }
    .into_any()
}
