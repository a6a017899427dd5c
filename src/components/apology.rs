//! The agency's letters exactly as sent, and our notice, which never looks like one.

use dung_hen_domain::civil::{IsoDate, parse_date};

use super::Cx;
use super::heading::heading;
use super::summary::{day_row, said_row};
use super::when::short;
use crate::api::Json;
use crate::html::Html;
use crate::i18n::{fill, number};

/// Letters, newest last, then the notice.
pub(super) fn apology(out: &mut Html, cx: &Cx, view: &impl Json) {
    for sent in view.field("letters").list() {
        letter(out, cx, &sent);
    }
    let text = view.field("notice");
    if !text.is_nothing() {
        notice(out, cx, &text);
    }
}

fn letter(out: &mut Html, cx: &Cx, letter: &impl Json) {
    let t = cx.t;
    let sequence = letter.field("sequence").number().unwrap_or_default();
    out.raw("<article class=\"dh-card dh-letter\" data-sequence=\"")
        .number(sequence);
    out.raw("\">").maybe(
        "p class=\"dh-over\" lang=\"vi\"",
        letter.said("agency").as_ref(),
    );
    match sequence {
        0 | 1 => heading(out, cx, 2, t.letter()),
        later => heading(out, cx, 2, &fill(t.letter_again(), &[&number(later)])),
    }
    if letter.field("outside_rule").flag() {
        out.element("p class=\"dh-warn\"", t.outside_rule());
    }
    let lacks = letter.words("incomplete", cx.lang);
    if !lacks.is_empty() {
        out.element("p class=\"dh-warn\"", &lacks);
    }
    out.raw("<dl class=\"dh-facts\">");
    said_row(out, t.letter_number(), letter.said("number"));
    day_row(out, cx, t.letter_issued(), letter.day("issued"));
    said_row(out, t.letter_reason(), letter.said("reason"));
    day_row(out, cx, t.letter_previous(), letter.day("previous_due"));
    day_row(out, cx, t.letter_revised(), letter.day("revised_due"));
    said_row(out, t.letter_signer(), letter.said("signer"));
    out.raw("</dl>");
    print(out, cx, letter);
}

fn notice(out: &mut Html, cx: &Cx, notice: &impl Json) {
    let t = cx.t;
    out.raw("<article class=\"dh-card dh-notice\"><p class=\"dh-over\">")
        .text(t.notice_kind());
    out.raw(" · ")
        .text(t.letter_number())
        .raw(" ")
        .text(&notice.said("number").unwrap_or_default())
        .raw("</p>");
    heading(out, cx, 2, &notice.words("title", cx.lang));
    let body = notice.field("adopted_by");
    if !body.is_nothing() {
        out.raw("<p class=\"dh-adopted\">")
            .text(t.adopted_by())
            .raw(": ");
        out.element("strong", &body.in_lang(cx.lang)).raw("</p>");
    }
    out.raw("<div class=\"dh-prose\">");
    for text in notice.field("paragraphs").list() {
        out.element("p", &text.in_lang(cx.lang));
    }
    out.raw("</div>").element(
        "p class=\"dh-disclaimer\"",
        &notice.words("disclaimer", cx.lang),
    );
    if let Some(code) = notice.said("fingerprint").filter(|code| !code.is_empty()) {
        out.raw("<p class=\"dh-muted dh-seal\">")
            .text(t.fingerprint())
            .raw(" ");
        out.element("span class=\"dh-code\"", &code).raw("</p>");
    }
    let history = notice.field("history").list();
    if history.len() > 1 {
        out.raw("<p class=\"dh-muted\">")
            .text(t.notice_history())
            .raw(" ");
        for (at, day) in history.iter().enumerate() {
            out.raw(if at > 0 { "; " } else { "" });
            if let Some(day) = day.text().as_deref().and_then(parse_date) {
                short(out, cx, IsoDate(day));
            }
        }
        out.raw(".</p>");
    }
    out.raw("<div class=\"dh-fill dh-no-print\" data-part=\"act\"></div>");
    print(out, cx, notice);
}

/// The button, whose part is loaded when it is pressed, and the end of the article. There may be several: to those who
/// only hear it, it says which.
fn print(out: &mut Html, cx: &Cx, article: &impl Json) {
    out.raw("<p class=\"dh-no-print\"><button type=\"button\" class=\"dh-button dh-second\" data-load=\"print\">")
        .text(cx.t.print())
        .raw(" ");
    out.element(
        "span class=\"dh-quiet\"",
        &article.said("number").unwrap_or_default(),
    )
    .raw("</button></p></article>");
}
