//! What the applicant must do: it comes before everything else.

use super::Cx;
use super::heading::heading;
use super::when::day;
use crate::api::Json;
use crate::html::Html;

/// The list, most urgent first; nothing where there is nothing to do.
pub(super) fn todo(out: &mut Html, cx: &Cx, todo: &[impl Json]) {
    if todo.is_empty() {
        return;
    }
    let t = cx.t;
    out.raw("<div class=\"dh-card dh-todo\">");
    heading(out, cx, 2, t.todo());
    out.raw("<ul class=\"dh-plain\">");
    for todo in todo {
        out.raw("<li>")
            .element("p class=\"dh-strong\"", t.todo_kind(todo.known("kind")));
        out.maybe(
            "p class=\"dh-note\" lang=\"vi\"",
            todo.said("note").as_ref(),
        );
        fees(out, cx, &todo.field("fees").list());
        if let Some(since) = todo.day("since") {
            out.raw("<p class=\"dh-muted\">").text(t.since()).raw(" ");
            day(out, cx, since);
            out.raw("</p>");
        }
        out.raw("</li>");
    }
    out.raw("</ul></div>");
}

fn fees(out: &mut Html, cx: &Cx, fees: &[impl Json]) {
    if fees.is_empty() {
        return;
    }
    let t = cx.t;
    out.raw("<table class=\"dh-table\">")
        .element("caption", t.fees());
    out.raw("<thead><tr>")
        .element("th scope=\"col\"", t.fee_name());
    out.element("th scope=\"col\" class=\"dh-number\"", t.fee_amount());
    out.raw("</tr></thead><tbody>");
    for fee in fees {
        let [name, amount] = ["name", "amount"].map(|key| fee.said(key).unwrap_or_default());
        out.raw("<tr>")
            .element("th scope=\"row\" lang=\"vi\"", &name);
        out.element("td class=\"dh-number\"", &grouped(&amount))
            .raw("</tr>");
    }
    out.raw("</tbody></table>");
}

/// Digits in groups of three, as money is written in Vietnam; anything else as it was sent.
fn grouped(amount: &str) -> String {
    if amount.is_empty() || !amount.bytes().all(|byte| byte.is_ascii_digit()) {
        return amount.to_owned();
    }
    let mut out = String::with_capacity(amount.len() + amount.len() / 3);
    for (at, digit) in amount.chars().enumerate() {
        if at > 0 && (amount.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn amounts_are_grouped_and_never_read_as_numbers() {
        for (sent, shown) in [
            ("0", "0"),
            ("500", "500"),
            ("1500", "1.500"),
            ("1250000", "1.250.000"),
            ("15.000", "15.000"),
            ("miễn phí", "miễn phí"),
            ("", ""),
        ] {
            assert_eq!(grouped(sent), shown);
        }
    }
}
