//! The rating: choose, send. Five factors for those who want to say more.

use dung_hen_domain::case::WireName;
use dung_hen_domain::satisfaction::SatisfactionFactor;
use dung_hen_domain::wire::{HolderView, RatingReceipt, RatingState};
use dung_hen_domain::words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Cx;
use super::fault::inline_fault;
use super::heading::heading;
use super::scale::scale;
use crate::state::RatingPhase;

/// Offered while the rating is open; one sentence where the ballot has been given out.
pub(super) fn rating(cx: &Cx, view: &HolderView) -> AnyView {
    let t = cx.t;
    match view.rating.known() {
        Some(RatingState::Open) => {}
        Some(RatingState::BallotGiven) => {
            return view! {
                <div class="dh-card dh-rating">
                    {heading(cx, 2, None, t.rate)}
                    <p>{t.rate_given}</p>
                </div>
            }
            .into_any();
        }
        Some(RatingState::NotYet) | None => return ().into_any(),
    }
    // Read by the one closure that draws everything, so that a redraw patches this part in place.
    let phase = cx.app.rating.with(|rating| rating.phase.clone());
    let body = match phase {
        RatingPhase::Done(receipt) => thanks(cx, &receipt),
        phase => form(cx, &view.public.case_code, &phase),
    };
    view! { <div class="dh-card dh-rating">{body}</div> }.into_any()
}

fn form(cx: &Cx, case_code: &str, phase: &RatingPhase) -> AnyView {
    let t = cx.t;
    let app = cx.app.clone();
    let case_code = case_code.to_owned();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        app.rate(case_code.clone());
    };
    let app = cx.app.clone();
    let overall = scale(cx, "dh-overall", t.rate_question, move |level| {
        app.note_rating(|rating| rating.choose(level));
    });
    let sending = *phase == RatingPhase::Sending;
    let problem = match phase {
        RatingPhase::Missing => {
            view! { <p class="dh-warn" role="alert" tabindex="-1">{t.rate_missing}</p> }.into_any()
        }
        RatingPhase::Failed(fault) => inline_fault(cx, fault, t.rate_kept),
        _ => ().into_any(),
    };
    view! {
        {heading(cx, 2, None, t.rate)}
        <form novalidate on:submit=send>
            {overall}
            <details class="dh-details">
                <summary>{t.rate_more}</summary>
                {factors(cx)}
            </details>
            {problem}
            <button type="submit" class="dh-button" aria-disabled=sending.then_some("true")>
                {if sending { t.sending } else { t.send }}
            </button>
            <p class="dh-muted">{t.rate_private}</p>
        </form>
    }
    .into_any()
}

fn factors(cx: &Cx) -> AnyView {
    const NAMES: [&str; 5] = [
        "dh-factor-0",
        "dh-factor-1",
        "dh-factor-2",
        "dh-factor-3",
        "dh-factor-4",
    ];
    SatisfactionFactor::ALL
        .iter()
        .zip(NAMES)
        .enumerate()
        .map(|(at, (factor, name))| {
            let app = cx.app.clone();
            scale(cx, name, words::factor(*factor, cx.lang), move |level| {
                app.rating
                    .try_update(|rating| rating.choose_factor(at, level));
            })
        })
        .collect::<Vec<_>>()
        .into_any()
}

fn thanks(cx: &Cx, receipt: &RatingReceipt) -> AnyView {
    let t = cx.t;
    view! {
        {heading(cx, 2, Some("dh-rated"), t.rate_thanks)}
        <p>{t.rate_receipt}": "<strong class="dh-receipt">{receipt.receipt.clone()}</strong></p>
        {receipt.repeated.then(|| view! { <p>{t.rate_repeated}</p> })}
    }
    .into_any()
}
