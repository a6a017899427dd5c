//! Headings whose level the host page decides.

use leptos::prelude::*;

use super::Cx;

/// A heading `depth` below the form's title. With an id it can take the focus.
pub(super) fn heading(
    cx: &Cx,
    depth: u8,
    id: Option<&'static str>,
    text: impl Into<String>,
) -> AnyView {
    let text = text.into();
    let tabindex = id.map(|_| "-1");
    match cx.level.saturating_add(depth) {
        0..=2 => view! { <h2 id=id tabindex=tabindex>{text}</h2> }.into_any(),
        3 => view! { <h3 id=id tabindex=tabindex>{text}</h3> }.into_any(),
        4 => view! { <h4 id=id tabindex=tabindex>{text}</h4> }.into_any(),
        5 => view! { <h5 id=id tabindex=tabindex>{text}</h5> }.into_any(),
        _ => view! { <h6 id=id tabindex=tabindex>{text}</h6> }.into_any(),
    }
}
