//! Errors: what happened, and what to do now.

use super::Cx;
use super::heading::with;
use crate::html::Html;
use crate::i18n::{fill, number};
use crate::state::Fault;

/// The look-up failed.
pub(super) fn failed(out: &mut Html, cx: &Cx, fault: &Fault) {
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-fault\" role=\"alert\" data-reason=\"");
    out.text(fault.reason()).raw("\">");
    let title = if fault.is_unknown_case() {
        t.fault_not_found()
    } else {
        t.fault()
    };
    with(out, cx, 1, " id=\"dh-error\" tabindex=\"-1\"", title);
    sentence(out, cx, fault);
    if fault.may_pass() {
        out.element(
            "button type=\"button\" class=\"dh-button\" data-do=\"again\"",
            t.again(),
        );
    }
    out.raw("</div>");
}

fn sentence(out: &mut Html, cx: &Cx, fault: &Fault) {
    let t = cx.t;
    let said = match fault {
        Fault::Problem(problem) => problem.message.in_lang(cx.lang),
        Fault::Offline => t.offline(),
        Fault::Timeout => t.timeout(),
        Fault::Nonsense => t.nonsense(),
    };
    out.element("p", said);
    if let Some(minutes) = fault.wait_minutes() {
        out.element("p", &fill(t.wait(), &[&number(minutes)]));
    }
}
