//! Choices: words one under the other, nothing chosen beforehand.

use crate::html::Html;

/// Question and beginning of the choices.
pub(super) fn open(out: &mut Html, fieldset: &'static str, question: &str) {
    out.raw(fieldset).element("legend", question);
    out.raw("<div class=\"dh-choices\">");
}

/// One choice.
#[inline(never)]
pub(super) fn choice(
    out: &mut Html,
    name: &'static str,
    value: &'static str,
    word: &str,
    chosen: bool,
) {
    out.raw("<label class=\"dh-choice\"><input type=\"radio\" name=\"")
        .raw(name);
    out.raw("\" value=\"").raw(value).raw("\"");
    out.raw(if chosen { " checked>" } else { ">" });
    out.element("span", word).raw("</label>");
}
