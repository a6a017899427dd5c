//! Errors: what happened, and what to do now.

use leptos::prelude::*;

use super::heading::heading;
use super::{Cx, objection};
use crate::i18n::{fill, number};
use crate::state::Fault;

/// The look-up failed.
pub(super) fn failed(cx: &Cx, fault: &Fault) -> AnyView {
    let t = cx.t;
    let unknown = fault.is_unknown_case();
    let app = cx.app.clone();
    let again = fault.may_pass().then(|| {
        view! {
            <button type="button" class="dh-button" on:click=move |_| app.retry()>{t.again}</button>
        }
    });
    view! {
        <div class="dh-card dh-fault" role="alert" data-reason=fault.reason().to_owned()>
            {heading(cx, 1, Some("dh-error"), if unknown { t.fault_not_found } else { t.fault })}
            <p>{sentence(cx, fault)}</p>
            {wait(cx, fault)}
            {again}
        </div>
        {unknown.then(|| objection::unknown_code(cx))}
    }
    .into_any()
}

/// A rating or an objection failed: what happened, and that nothing is lost.
pub(super) fn inline_fault(cx: &Cx, fault: &Fault, kept: &'static str) -> AnyView {
    let kept = fault.may_pass().then(|| [" ", kept].concat());
    view! {
        <div class="dh-warn" role="alert" tabindex="-1" data-reason=fault.reason().to_owned()>
            <p>{sentence(cx, fault)}{kept}</p>
            {wait(cx, fault)}
        </div>
    }
    .into_any()
}

fn sentence(cx: &Cx, fault: &Fault) -> String {
    match fault {
        Fault::Problem(problem) => problem.message.in_lang(cx.lang).to_owned(),
        Fault::Offline => cx.t.offline.to_owned(),
        Fault::Timeout => cx.t.timeout.to_owned(),
        Fault::Nonsense => cx.t.nonsense.to_owned(),
    }
}

fn wait(cx: &Cx, fault: &Fault) -> AnyView {
    match fault.wait_minutes() {
        Some(minutes) => view! { <p>{fill(cx.t.wait, &[&number(minutes)])}</p> }.into_any(),
        None => ().into_any(),
    }
}
