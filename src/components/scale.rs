//! Choices: words one under the other, nothing chosen beforehand.

use dung_hen_domain::satisfaction::Level;
use dung_hen_domain::words;

use super::Cx;
use crate::html::Html;

/// One question with the five levels: no faces, no colours. `name` is unique within the shadow root.
pub(super) fn scale(
    out: &mut Html,
    cx: &Cx,
    name: &'static str,
    question: &str,
    chosen: Option<u8>,
) {
    open(out, "<fieldset class=\"dh-scale\">", question);
    for (level, value) in (1..=5)
        .filter_map(Level::new)
        .zip(["1", "2", "3", "4", "5"])
    {
        let word = words::level(level, cx.lang);
        choice(out, name, value, word, chosen == Some(level.get()));
    }
    out.raw("</div></fieldset>");
}

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
