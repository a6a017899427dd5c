//! The agency's letters exactly as sent, and our notice, which never looks like one.

use dung_hen_domain::wire::{ApologyLetter, ApologyView, Notice};
use leptos::prelude::*;

use super::Cx;
use super::heading::heading;
use super::summary::row;
use super::when::day;
use crate::dom;
use crate::i18n::{fill, number};

/// Letters, newest last, then the notice.
pub(super) fn apology(cx: &Cx, view: &ApologyView) -> AnyView {
    let letters = view
        .letters
        .iter()
        .map(|sent| letter(cx, sent))
        .collect::<Vec<_>>();
    view! {
        {letters}
        {view.notice.as_ref().map(|text| notice(cx, text))}
    }
    .into_any()
}

fn letter(cx: &Cx, letter: &ApologyLetter) -> AnyView {
    let t = cx.t;
    let title = match letter.sequence {
        0 | 1 => t.letter.to_owned(),
        later => fill(t.letter_again, &[&number(later)]),
    };
    let said = |label, text: &Option<String>| {
        text.clone()
            .map(|text| row(label, view! { <span lang="vi">{text}</span> }))
    };
    view! {
        <article class="dh-card dh-letter" data-sequence=letter.sequence>
            <p class="dh-over" lang="vi">{letter.agency.clone()}</p>
            {heading(cx, 2, None, title)}
            {letter.outside_rule.then(|| view! { <p class="dh-warn">{t.outside_rule}</p> })}
            <dl class="dh-facts">
                {said(t.letter_number, &letter.number)}
                {row(t.letter_issued, day(cx, letter.issued))}
                {said(t.letter_reason, &letter.reason)}
                {letter.previous_due.map(|date| row(t.letter_previous, day(cx, date)))}
                {letter.revised_due.map(|date| row(t.letter_revised, day(cx, date)))}
                {said(t.letter_signer, &letter.signer)}
            </dl>
            {print(cx)}
        </article>
    }
    .into_any()
}

fn notice(cx: &Cx, notice: &Notice) -> AnyView {
    let t = cx.t;
    let paragraphs = notice
        .paragraphs
        .iter()
        .map(|text| view! { <p>{text.in_lang(cx.lang).to_owned()}</p> })
        .collect::<Vec<_>>();
    let adopted = notice.adopted_by.as_ref().map(|body| {
        view! { <p class="dh-adopted">{t.adopted_by}": "<strong>{body.in_lang(cx.lang).to_owned()}</strong></p> }
    });
    view! {
        <article class="dh-card dh-notice">
            <p class="dh-over">{t.notice_kind}" · "{t.letter_number}" "{notice.number.clone()}</p>
            {heading(cx, 2, None, notice.title.in_lang(cx.lang))}
            {adopted}
            <div class="dh-prose">{paragraphs}</div>
            <p class="dh-disclaimer">{notice.disclaimer.in_lang(cx.lang).to_owned()}</p>
            {print(cx)}
        </article>
    }
    .into_any()
}

fn print(cx: &Cx) -> AnyView {
    view! {
        <p class="dh-no-print">
            <button type="button" class="dh-button dh-second" on:click=|_| dom::print()>{cx.t.print}</button>
        </p>
    }
    .into_any()
}
