//! Why the date is the date: one sentence. The rest is drawn by `public/parts/why.js`.

use super::Cx;
use super::heading::heading;
use crate::api::Json;
use crate::html::Html;

/// The same card where nothing can be computed: why not.
pub(super) fn not_computed(out: &mut Html, cx: &Cx, why: &impl Json) {
    out.raw("<div class=\"dh-card dh-deadline\">");
    heading(out, cx, 2, cx.t.deadline());
    out.element("p class=\"dh-sentence\"", &why.words("text", cx.lang))
        .raw("</div>");
}

/// The card. What follows the sentence is not needed for the first answer and is loaded after it.
pub(super) fn deadline(out: &mut Html, cx: &Cx, deadline: &impl Json) {
    out.raw("<div class=\"dh-card dh-deadline\">");
    heading(out, cx, 2, cx.t.deadline());
    // Where there is no date, the sentence is the warning: it says from which day on and why.
    let open = deadline.day("due").is_none() && deadline.day("unsettled_from").is_some();
    let sentence = if open {
        "p class=\"dh-sentence dh-warn dh-unsettled\""
    } else {
        "p class=\"dh-sentence\""
    };
    out.element(sentence, &deadline.words("sentence", cx.lang));
    out.raw("<div class=\"dh-fill\" data-part=\"why\"></div></div>");
}
