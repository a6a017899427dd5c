//! Why the date is the date: one sentence, the law, and every day of the count.

use dung_hen_domain::wire::{DeadlineDay, DeadlineView, HolderView};
use leptos::prelude::*;

use super::Cx;
use super::heading::heading;
use super::summary::row;
use super::when::day;
use crate::i18n::{fill, number};

/// The card. The promise on the receipt rules; the computed date is a check.
pub(super) fn deadline(cx: &Cx, view: &HolderView, deadline: &DeadlineView) -> AnyView {
    let t = cx.t;
    let lang = cx.lang;
    let starts = if deadline.restarted {
        t.starts_again
    } else {
        t.starts
    };
    let verdict = match deadline.agrees {
        Some(true) => view! { <p class="dh-agrees">{t.agrees}</p> }.into_any(),
        Some(false) => view! { <p class="dh-warn dh-differs">{t.differs}</p> }.into_any(),
        None => ().into_any(),
    };
    // Where there is no date, the sentence is the warning: it says from which day on and why.
    let sentence = match (deadline.due, deadline.unsettled_from) {
        (None, Some(_)) => "dh-sentence dh-warn dh-unsettled",
        _ => "dh-sentence",
    };
    let due = deadline.due.map(|due| {
        let hour = deadline
            .due_time
            .clone()
            .map(|hour| [hour.as_str(), ", "].concat());
        row(t.computed, view! { <span>{hour}{day(cx, due)}</span> })
    });
    let published = view
        .procedure
        .limit_as_published
        .clone()
        .map(|text| row(t.published_limit, view! { <span lang="vi">{text}</span> }));
    let basis = deadline
        .basis
        .iter()
        .map(|law| view! { <li>{law.in_lang(lang).to_owned()}</li> })
        .collect::<Vec<_>>();
    view! {
        <div class="dh-card dh-deadline">
            {heading(cx, 2, None, t.deadline)}
            <p class=sentence>{deadline.sentence.in_lang(lang).to_owned()}</p>
            {verdict}
            <dl class="dh-facts">
                {row(t.limit, deadline.limit.in_lang(lang).to_owned())}
                {row(starts, day(cx, deadline.starts))}
                {due}
                {published}
            </dl>
            {days(cx, &deadline.days)}
            {(!basis.is_empty()).then(|| view! {
                <div class="dh-basis">
                    {heading(cx, 3, None, t.basis)}
                    <ul>{basis}</ul>
                </div>
            })}
        </div>
    }
    .into_any()
}

fn days(cx: &Cx, days: &[DeadlineDay]) -> AnyView {
    if days.is_empty() {
        return ().into_any();
    }
    let t = cx.t;
    let rows = days.iter().map(|one| line(cx, one)).collect::<Vec<_>>();
    view! {
        <details class="dh-details">
            <summary>{t.day_by_day}</summary>
            <table class="dh-table dh-days">
                <caption class="dh-quiet">{t.day_by_day}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t.col_day}</th>
                        <th scope="col">{t.col_count}</th>
                        <th scope="col">{t.col_reason}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}

fn line(cx: &Cx, one: &DeadlineDay) -> AnyView {
    let t = cx.t;
    let count = match (one.minutes, one.number) {
        (Some(minutes), _) if minutes % 60 == 0 => fill(t.hours, &[&number(minutes / 60)]),
        (Some(minutes), _) => fill(
            t.hours_minutes,
            &[&number(minutes / 60), &number(minutes % 60)],
        ),
        (None, Some(nth)) => fill(t.nth, &[&number(nth)]),
        (None, None) => t.not_counted.to_owned(),
    };
    let counted = one.minutes.is_some() || one.number.is_some();
    let mark = t.day_mark(one.mark.known());
    let reason = match &one.note {
        Some(note) if mark.is_empty() => note.in_lang(cx.lang).to_owned(),
        Some(note) => [mark, note.in_lang(cx.lang)].join(": "),
        None => mark.to_owned(),
    };
    view! {
        <tr class=if counted { "dh-counted" } else { "dh-skipped" }>
            <th scope="row">{day(cx, one.date)}</th>
            <td>{count}</td>
            <td>{reason}</td>
        </tr>
    }
    .into_any()
}
