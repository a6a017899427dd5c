//! The objection: what is wrong, a few words, a reference number.

use dung_hen_domain::case::WireName;
use dung_hen_domain::wire::{ObjectionKind, Open};
use dung_hen_domain::words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Cx;
use super::fault::inline_fault;
use super::heading::heading;
use crate::state::ObjectionPhase;

/// Kinds the state allows; those of a newer server have no words here and are left out.
pub(super) fn objection(cx: &Cx, kinds: &[Open<ObjectionKind>]) -> AnyView {
    let kinds: Vec<_> = kinds.iter().filter_map(Open::known).collect();
    if kinds.is_empty() {
        return ().into_any();
    }
    section(cx, cx.t.object, &kinds, true)
}

/// Beneath an unknown code: the one kind that needs no case.
pub(super) fn unknown_code(cx: &Cx) -> AnyView {
    section(cx, cx.t.have_receipt, &[ObjectionKind::UnknownCode], false)
}

fn section(cx: &Cx, title: &'static str, kinds: &[ObjectionKind], known: bool) -> AnyView {
    let phase = cx.app.objection.with(|objection| objection.phase.clone());
    let body = match phase {
        ObjectionPhase::Done(reference) => done(cx, &reference),
        phase => form(cx, kinds, known, &phase),
    };
    view! {
        <details class="dh-card dh-objection">
            <summary>{title}</summary>
            {body}
        </details>
    }
    .into_any()
}

fn form(cx: &Cx, kinds: &[ObjectionKind], known: bool, phase: &ObjectionPhase) -> AnyView {
    let t = cx.t;
    let app = cx.app.clone();
    let only = kinds
        .first()
        .copied()
        .filter(|_| kinds.len() == 1 && !known);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(kind) = only {
            app.note_objection(|objection| objection.choose(kind.name()));
        }
        app.object(known);
    };
    let app = cx.app.clone();
    let write = move |event| {
        let text = event_target_value(&event);
        app.note_objection(|objection| objection.write(text));
    };
    let sending = *phase == ObjectionPhase::Sending;
    let problem = match phase {
        ObjectionPhase::Missing => warning(t.object_missing),
        ObjectionPhase::TooLong => warning(t.object_too_long),
        ObjectionPhase::Failed(fault) => inline_fault(cx, fault, t.object_kept),
        _ => ().into_any(),
    };
    view! {
        <form novalidate on:submit=send>
            {only.is_none().then(|| choices(cx, kinds))}
            <label class="dh-label" for="dh-object-text">{t.object_text}</label>
            <p class="dh-hint" id="dh-object-hint">{t.object_hint}</p>
            <textarea id="dh-object-text" class="dh-input" rows="4" aria-describedby="dh-object-hint" on:input=write></textarea>
            {problem}
            <button type="submit" class="dh-button" aria-disabled=sending.then_some("true")>
                {if sending { t.sending } else { t.object_send }}
            </button>
        </form>
    }
    .into_any()
}

fn warning(text: &'static str) -> AnyView {
    view! { <p class="dh-warn" role="alert" tabindex="-1">{text}</p> }.into_any()
}

fn choices(cx: &Cx, kinds: &[ObjectionKind]) -> AnyView {
    let lang = cx.lang;
    let choices = kinds
        .iter()
        .map(|kind| {
            let kind = *kind;
            let app = cx.app.clone();
            let choose = move |_| app.note_objection(|objection| objection.choose(kind.name()));
            view! {
                <label class="dh-choice">
                    <input type="radio" name="dh-kind" value=kind.name() on:change=choose/>
                    <span>{words::objection(kind, lang)}</span>
                </label>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <fieldset class="dh-scale dh-kinds">
            <legend>{cx.t.object_kind}</legend>
            <div class="dh-choices">{choices}</div>
        </fieldset>
    }
    .into_any()
}

fn done(cx: &Cx, reference: &str) -> AnyView {
    let t = cx.t;
    view! {
        {heading(cx, 2, Some("dh-objected"), t.object_done)}
        <p>{t.object_reference}": "<strong class="dh-receipt">{reference.to_owned()}</strong></p>
        <p>{t.object_keep}</p>
    }
    .into_any()
}
