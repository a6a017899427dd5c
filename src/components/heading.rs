//! Headings whose level the host page decides.

use super::Cx;
use crate::html::Html;

/// A heading `depth` below the form's title.
pub(super) fn heading(out: &mut Html, cx: &Cx, depth: u8, text: &str) {
    with(out, cx, depth, "", text);
}

/// The same with attributes, such as those by which it takes the focus.
#[inline(never)]
pub(super) fn with(out: &mut Html, cx: &Cx, depth: u8, attributes: &'static str, text: &str) {
    let level = u32::from(cx.level.saturating_add(depth).clamp(2, 6));
    out.raw("<h").number(level).raw(attributes).raw(">");
    out.text(text).raw("</h").number(level).raw(">");
}
