//! What the applicant must do: it comes before everything else.

use dung_hen_domain::wire::{Fee, Todo};
use leptos::prelude::*;

use super::Cx;
use super::heading::heading;
use super::when::day;

/// The list, most urgent first; nothing where there is nothing to do.
pub(super) fn todo(cx: &Cx, todo: &[Todo]) -> AnyView {
    if todo.is_empty() {
        return ().into_any();
    }
    let items = todo.iter().map(|todo| item(cx, todo)).collect::<Vec<_>>();
    view! {
        <div class="dh-card dh-todo">
            {heading(cx, 2, None, cx.t.todo)}
            <ul class="dh-plain">{items}</ul>
        </div>
    }
    .into_any()
}

fn item(cx: &Cx, todo: &Todo) -> AnyView {
    let t = cx.t;
    view! {
        <li>
            <p class="dh-strong">{t.todo_kind(todo.kind.known())}</p>
            {todo.note.clone().map(|note| view! { <p class="dh-note" lang="vi">{note}</p> })}
            {fees(cx, &todo.fees)}
            {todo.since.map(|since| view! { <p class="dh-muted">{t.since}" "{day(cx, since)}</p> })}
        </li>
    }
    .into_any()
}

fn fees(cx: &Cx, fees: &[Fee]) -> AnyView {
    if fees.is_empty() {
        return ().into_any();
    }
    let t = cx.t;
    let rows = fees
        .iter()
        .map(|fee| {
            view! {
                <tr>
                    <th scope="row" lang="vi">{fee.name.clone()}</th>
                    <td class="dh-number">{grouped(&fee.amount)}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <table class="dh-table">
            <caption>{t.fees}</caption>
            <thead>
                <tr>
                    <th scope="col">{t.fee_name}</th>
                    <th scope="col" class="dh-number">{t.fee_amount}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
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
