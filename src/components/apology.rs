//! The agency's letters exactly as sent, and our notice, which never looks like one.

use dung_hen_domain::wire::{ApologyLetter, ApologyView, Notice};

use super::Cx;
use super::heading::heading;
use super::summary::{day_row, said_row};
use crate::html::Html;
use crate::i18n::{fill, number};

/// Letters, newest last, then the notice.
pub(super) fn apology(out: &mut Html, cx: &Cx, view: &ApologyView) {
    for sent in &view.letters {
        letter(out, cx, sent);
    }
    if let Some(text) = &view.notice {
        notice(out, cx, text);
    }
}

fn letter(out: &mut Html, cx: &Cx, letter: &ApologyLetter) {
    let t = cx.t;
    out.raw("<article class=\"dh-card dh-letter\" data-sequence=\"")
        .number(letter.sequence);
    out.raw("\">")
        .element("p class=\"dh-over\" lang=\"vi\"", &letter.agency);
    match letter.sequence {
        0 | 1 => heading(out, cx, 2, t.letter),
        later => heading(out, cx, 2, &fill(t.letter_again, &[&number(later)])),
    }
    if letter.outside_rule {
        out.element("p class=\"dh-warn\"", t.outside_rule);
    }
    out.raw("<dl class=\"dh-facts\">");
    said_row(out, t.letter_number, letter.number.as_ref());
    day_row(out, cx, t.letter_issued, Some(letter.issued));
    said_row(out, t.letter_reason, letter.reason.as_ref());
    day_row(out, cx, t.letter_previous, letter.previous_due);
    day_row(out, cx, t.letter_revised, letter.revised_due);
    said_row(out, t.letter_signer, letter.signer.as_ref());
    out.raw("</dl>");
    print(out, cx);
}

fn notice(out: &mut Html, cx: &Cx, notice: &Notice) {
    let t = cx.t;
    let lang = cx.lang;
    out.raw("<article class=\"dh-card dh-notice\"><p class=\"dh-over\">")
        .text(t.notice_kind);
    out.raw(" · ")
        .text(t.letter_number)
        .raw(" ")
        .text(&notice.number)
        .raw("</p>");
    heading(out, cx, 2, notice.title.in_lang(lang));
    if let Some(body) = &notice.adopted_by {
        out.raw("<p class=\"dh-adopted\">")
            .text(t.adopted_by)
            .raw(": ");
        out.element("strong", body.in_lang(lang)).raw("</p>");
    }
    out.raw("<div class=\"dh-prose\">");
    for text in &notice.paragraphs {
        out.element("p", text.in_lang(lang));
    }
    out.raw("</div>")
        .element("p class=\"dh-disclaimer\"", notice.disclaimer.in_lang(lang));
    print(out, cx);
}

/// The button, and the end of the article.
fn print(out: &mut Html, cx: &Cx) {
    out.raw("<p class=\"dh-no-print\">");
    out.element(
        "button type=\"button\" class=\"dh-button dh-second\" data-do=\"print\"",
        cx.t.print,
    );
    out.raw("</p></article>");
}
