//! Five words to choose from: no faces, no colours, nothing chosen beforehand.

use dung_hen_domain::satisfaction::Level;
use dung_hen_domain::words;
use leptos::prelude::*;

use super::Cx;

/// One question with the five levels. `name` is unique within the shadow root.
pub(super) fn scale(
    cx: &Cx,
    name: &'static str,
    question: &'static str,
    chosen: impl Fn(u8) + Clone + Send + 'static,
) -> AnyView {
    let lang = cx.lang;
    let choices = (1..=5u8)
        .filter_map(Level::new)
        .map(|level| {
            let chosen = chosen.clone();
            view! {
                <label class="dh-choice">
                    <input type="radio" name=name value=level.get() on:change=move |_| chosen(level.get())/>
                    <span>{words::level(level, lang)}</span>
                </label>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <fieldset class="dh-scale">
            <legend>{question}</legend>
            <div class="dh-choices">{choices}</div>
        </fieldset>
    }
    .into_any()
}
