//! The objection: what is wrong, a few words, a reference number.

use dung_hen_domain::case::WireName;
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_domain::words;

use super::Cx;
use super::fault::{inline, warning};
use super::heading::with;
use super::scale;
use super::when::day;
use crate::api::Json;
use crate::html::Html;
use crate::state::{Objection, ObjectionPhase};

/// The name of the choice.
pub(super) const KIND: &str = "dh-kind";
/// The name of the text.
pub(super) const TEXT: &str = "dh-text";
/// The name of the contact.
pub(super) const CONTACT: &str = "dh-contact";
/// The name of the consent to keep it.
pub(super) const CONSENT: &str = "dh-consent";
/// The name of the choice that names the case.
pub(super) const NAME_CASE: &str = "dh-name-case";

/// The questions, with what has been chosen and written. A single kind needs no choice.
pub(super) fn questions(out: &mut Html, cx: &Cx, kinds: &[ObjectionKind], objection: &Objection) {
    let t = cx.t;
    if kinds != [ObjectionKind::UnknownCode] {
        scale::open(
            out,
            "<fieldset class=\"dh-scale dh-kinds\">",
            t.object_kind(),
        );
        for kind in kinds {
            let chosen = objection.kind.as_deref() == Some(kind.name());
            let word = words::objection(*kind, cx.lang);
            scale::choice(out, KIND, kind.name(), word, chosen);
        }
        out.raw("</div></fieldset>");
    }
    out.element(
        "label class=\"dh-label\" for=\"dh-object-text\"",
        t.object_text(),
    );
    out.element("p class=\"dh-hint\" id=\"dh-object-hint\"", t.object_hint());
    // A newline right after the tag is not part of the text.
    out.raw("<textarea id=\"dh-object-text\" class=\"dh-input\" name=\"dh-text\" rows=\"4\" aria-describedby=\"dh-object-hint\">\n");
    out.text(&objection.text).raw("</textarea>");
    if kinds.iter().any(|kind| kind.is_confidential()) {
        tick(out, NAME_CASE, t.object_name_case(), objection.name_case);
    }
    out.element(
        "label class=\"dh-label\" for=\"dh-object-contact\"",
        t.object_contact(),
    );
    out.raw("<input id=\"dh-object-contact\" class=\"dh-input\" name=\"dh-contact\" autocomplete=\"off\" maxlength=\"200\" value=\"");
    out.text(&objection.contact).raw("\">");
    tick(out, CONSENT, t.object_consent(), objection.consent);
}

/// A box to tick; never ticked beforehand.
fn tick(out: &mut Html, name: &'static str, word: &str, ticked: bool) {
    out.raw("<label class=\"dh-choice\"><input type=\"checkbox\" name=\"")
        .raw(name)
        .raw(if ticked { "\" checked>" } else { "\">" });
    out.element("span", word).raw("</label>");
}

/// What came of it so far.
pub(super) fn outcome(out: &mut Html, cx: &Cx, phase: &ObjectionPhase) {
    let t = cx.t;
    match phase {
        ObjectionPhase::Writing | ObjectionPhase::Sending => {}
        ObjectionPhase::Missing => warning(out, t.object_missing()),
        ObjectionPhase::TooLong => warning(out, t.object_too_long()),
        ObjectionPhase::Failed(fault) => inline(out, cx, fault, t.object_kept()),
        ObjectionPhase::Done(receipt) => {
            with(
                out,
                cx,
                2,
                " id=\"dh-objected\" tabindex=\"-1\"",
                t.object_done(),
            );
            out.raw("<p>").text(t.object_reference()).raw(": ");
            out.element("strong class=\"dh-receipt\"", &receipt.reference)
                .raw("</p>");
            out.element("p", receipt.due_text.in_lang(cx.lang));
            out.element("p", receipt.goes_to.in_lang(cx.lang));
            out.element("p", t.object_keep());
        }
    }
}

/// A report that was made, and what was answered.
pub(super) fn report(
    out: &mut Html,
    cx: &Cx,
    view: &impl Json,
    depth: u8,
    attributes: &'static str,
) {
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-report\">");
    let title = [
        t.object_reference(),
        " ",
        &view.said("reference").unwrap_or_default(),
    ]
    .concat();
    with(out, cx, depth, attributes, &title);
    if let Some(kind) = view.known("kind") {
        out.element("p", words::objection(kind, cx.lang));
    }
    out.element("p", &view.words("due_text", cx.lang));
    if view.field("overdue").flag() {
        out.element("p class=\"dh-warn\"", t.object_overdue());
    }
    let answers = view.field("answers").list();
    if answers.is_empty() {
        out.element("p", t.object_waiting());
    }
    for answer in answers {
        out.raw("<p><strong lang=\"vi\">");
        out.text(&answer.said("body").unwrap_or_default()).raw(", ");
        out.text(&answer.said("person").unwrap_or_default())
            .raw("</strong>, ");
        if let Some(date) = answer.day("answered") {
            day(out, cx, date);
        }
        out.raw("</p>");
        out.element(
            "blockquote lang=\"vi\"",
            &answer.said("text").unwrap_or_default(),
        );
    }
    out.raw("</div>");
}
