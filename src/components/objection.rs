//! The objection: what is wrong, a few words, a reference number.

use dung_hen_domain::case::WireName;
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_domain::words;

use super::Cx;
use super::fault::{inline, warning};
use super::heading::with;
use super::scale;
use crate::html::Html;
use crate::state::{Objection, ObjectionPhase};

/// The name of the choice.
pub(super) const KIND: &str = "dh-kind";
/// The name of the text.
pub(super) const TEXT: &str = "dh-text";

/// The questions, with what has been chosen and written. A single kind needs no choice.
pub(super) fn questions(out: &mut Html, cx: &Cx, kinds: &[ObjectionKind], objection: &Objection) {
    let t = cx.t;
    if kinds != [ObjectionKind::UnknownCode] {
        scale::open(out, "<fieldset class=\"dh-scale dh-kinds\">", t.object_kind);
        for kind in kinds {
            let chosen = objection.kind.as_deref() == Some(kind.name());
            let word = words::objection(*kind, cx.lang);
            scale::choice(out, KIND, kind.name(), word, chosen);
        }
        out.raw("</div></fieldset>");
    }
    out.element(
        "label class=\"dh-label\" for=\"dh-object-text\"",
        t.object_text,
    );
    out.element("p class=\"dh-hint\" id=\"dh-object-hint\"", t.object_hint);
    // A newline right after the tag is not part of the text.
    out.raw("<textarea id=\"dh-object-text\" class=\"dh-input\" name=\"dh-text\" rows=\"4\" aria-describedby=\"dh-object-hint\">\n");
    out.text(&objection.text).raw("</textarea>");
}

/// What came of it so far.
pub(super) fn outcome(out: &mut Html, cx: &Cx, phase: &ObjectionPhase) {
    let t = cx.t;
    match phase {
        ObjectionPhase::Writing | ObjectionPhase::Sending => {}
        ObjectionPhase::Missing => warning(out, t.object_missing),
        ObjectionPhase::TooLong => warning(out, t.object_too_long),
        ObjectionPhase::Failed(fault) => inline(out, cx, fault, t.object_kept),
        ObjectionPhase::Done(reference) => {
            with(
                out,
                cx,
                2,
                " id=\"dh-objected\" tabindex=\"-1\"",
                t.object_done,
            );
            out.raw("<p>").text(t.object_reference).raw(": ");
            out.element("strong class=\"dh-receipt\"", reference)
                .raw("</p>");
            out.element("p", t.object_keep);
        }
    }
}
