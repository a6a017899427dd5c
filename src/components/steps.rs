//! The steps of a case: where it is, what is behind, what lies ahead.

use dung_hen_domain::case::STEPS;
use dung_hen_domain::wire::PublicView;
use dung_hen_domain::words;
use leptos::prelude::*;

use super::Cx;
use crate::i18n::{fill, number};

/// The steps as a list; one sentence where the case left the path or the server counts otherwise.
pub(super) fn steps(cx: &Cx, view: &PublicView) -> AnyView {
    let t = cx.t;
    let Some(now) = view.step else {
        return view! { <p class="dh-muted">{t.left_path}</p> }.into_any();
    };
    if view.steps != STEPS {
        let text = fill(
            t.step_of,
            &[&number(now.into()), &number(view.steps.into())],
        );
        return view! { <p>{text}</p> }.into_any();
    }
    let lang = cx.lang;
    let items = (1..=STEPS)
        .map(|step| {
            let (class, read, current) = if step < now {
                ("dh-step dh-done", t.step_done, None)
            } else if step == now {
                ("dh-step dh-now", t.step_now, Some("step"))
            } else {
                ("dh-step dh-next", t.step_next, None)
            };
            view! {
                <li class=class aria-current=current>
                    <span class="dh-step-name">{words::step(step, lang)}</span>
                    <span class="dh-quiet">" ("{read}")"</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! { <ol class="dh-steps" aria-label=t.progress>{items}</ol> }.into_any()
}
