//! The rating: choose, send. Five factors for those who want to say more.

use dung_hen_domain::case::WireName;
use dung_hen_domain::satisfaction::SatisfactionFactor;
use dung_hen_domain::words;

use super::fault::{inline, warning};
use super::heading::{heading, with};
use super::scale::scale;
use super::{Cx, FACTORS};
use crate::html::Html;
use crate::state::{Rating, RatingPhase};

/// The name of the first question.
pub(super) const OVERALL: &str = "dh-overall";
/// The names of the factors.
pub(super) const NAMES: [&str; 5] = [
    "dh-factor-0",
    "dh-factor-1",
    "dh-factor-2",
    "dh-factor-3",
    "dh-factor-4",
];

/// One sentence where the ballot has been given out.
pub(super) fn given(out: &mut Html, cx: &Cx) {
    out.raw("<div class=\"dh-card dh-rating\">");
    heading(out, cx, 2, cx.t.rate);
    out.element("p", cx.t.rate_given).raw("</div>");
}

/// The questions, with what has been chosen.
pub(super) fn questions(out: &mut Html, cx: &Cx, rating: &Rating) {
    let t = cx.t;
    heading(out, cx, 2, t.rate);
    scale(out, cx, OVERALL, t.rate_question, rating.overall);
    cx.details(out, FACTORS, t.rate_more);
    let factors = SatisfactionFactor::ALL.iter().zip(NAMES);
    for ((factor, name), chosen) in factors.zip(rating.factors) {
        scale(out, cx, name, words::factor(*factor, cx.lang), chosen);
    }
    out.raw("</details>")
        .element("p class=\"dh-muted\"", t.rate_private);
}

/// What came of it so far.
pub(super) fn outcome(out: &mut Html, cx: &Cx, phase: &RatingPhase) {
    let t = cx.t;
    match phase {
        RatingPhase::Choosing | RatingPhase::Sending => {}
        RatingPhase::Missing => warning(out, t.rate_missing),
        RatingPhase::Failed(fault) => inline(out, cx, fault, t.rate_kept),
        RatingPhase::Done(receipt) => {
            with(
                out,
                cx,
                2,
                " id=\"dh-rated\" tabindex=\"-1\"",
                t.rate_thanks,
            );
            out.raw("<p>").text(t.rate_receipt).raw(": ");
            out.element("strong class=\"dh-receipt\"", &receipt.receipt)
                .raw("</p>");
            if receipt.repeated {
                out.element("p", t.rate_repeated);
            }
        }
    }
}
