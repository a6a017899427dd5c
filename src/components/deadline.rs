//! Why the date is the date: one sentence, the law, and every day of the count.

use dung_hen_domain::wire::{DeadlineDay, DeadlineView, HolderView};

use super::heading::heading;
use super::summary::{day_row, row, said_row, text_row};
use super::when::day;
use super::{Cx, DAYS};
use crate::html::Html;
use crate::i18n::{fill, number};

/// The card. The promise on the receipt rules; the computed date is a check.
pub(super) fn deadline(out: &mut Html, cx: &Cx, view: &HolderView, deadline: &DeadlineView) {
    let t = cx.t;
    let lang = cx.lang;
    out.raw("<div class=\"dh-card dh-deadline\">");
    heading(out, cx, 2, t.deadline);
    // Where there is no date, the sentence is the warning: it says from which day on and why.
    let sentence = match (deadline.due, deadline.unsettled_from) {
        (None, Some(_)) => "p class=\"dh-sentence dh-warn dh-unsettled\"",
        _ => "p class=\"dh-sentence\"",
    };
    out.element(sentence, deadline.sentence.in_lang(lang));
    match deadline.agrees {
        Some(true) => _ = out.element("p class=\"dh-agrees\"", t.agrees),
        Some(false) => _ = out.element("p class=\"dh-warn dh-differs\"", t.differs),
        None => {}
    }
    out.raw("<dl class=\"dh-facts\">");
    text_row(out, t.limit, deadline.limit.in_lang(lang));
    let starts = if deadline.restarted {
        t.starts_again
    } else {
        t.starts
    };
    day_row(out, cx, starts, Some(deadline.starts));
    if let Some(due) = deadline.due {
        row(out, t.computed, |out| {
            if let Some(hour) = &deadline.due_time {
                out.text(hour).raw(", ");
            }
            day(out, cx, due);
        });
    }
    said_row(
        out,
        t.published_limit,
        view.procedure.limit_as_published.as_ref(),
    );
    out.raw("</dl>");
    days(out, cx, &deadline.days);
    if !deadline.basis.is_empty() {
        out.raw("<div class=\"dh-basis\">");
        heading(out, cx, 3, t.basis);
        out.raw("<ul>");
        for law in &deadline.basis {
            out.element("li", law.text.in_lang(lang));
        }
        out.raw("</ul></div>");
    }
    out.raw("</div>");
}

fn days(out: &mut Html, cx: &Cx, days: &[DeadlineDay]) {
    if days.is_empty() {
        return;
    }
    let t = cx.t;
    cx.details(out, DAYS, t.day_by_day);
    out.raw("<table class=\"dh-table dh-days\">");
    out.element("caption class=\"dh-quiet\"", t.day_by_day)
        .raw("<thead><tr>");
    for column in [t.col_day, t.col_count, t.col_reason] {
        out.element("th scope=\"col\"", column);
    }
    out.raw("</tr></thead><tbody>");
    for one in days {
        line(out, cx, one);
    }
    out.raw("</tbody></table></details>");
}

fn line(out: &mut Html, cx: &Cx, one: &DeadlineDay) {
    let t = cx.t;
    let (template, values) = match (one.minutes, one.number) {
        (Some(minutes), _) if minutes % 60 == 0 => (t.hours, [minutes / 60, 0]),
        (Some(minutes), _) => (t.hours_minutes, [minutes / 60, minutes % 60]),
        (None, Some(nth)) => (t.nth, [nth, 0]),
        (None, None) => (t.not_counted, [0, 0]),
    };
    let [first, second] = values.map(number);
    out.raw(if one.minutes.is_some() || one.number.is_some() {
        "<tr class=\"dh-counted\"><th scope=\"row\">"
    } else {
        "<tr class=\"dh-skipped\"><th scope=\"row\">"
    });
    day(out, cx, one.date);
    out.raw("</th>")
        .element("td", &fill(template, &[&first, &second]));
    let mark = t.day_mark(one.mark.known());
    out.raw("<td>").text(mark);
    if let Some(note) = &one.note {
        if !mark.is_empty() {
            out.raw(": ");
        }
        out.text(note.in_lang(cx.lang));
    }
    out.raw("</td></tr>");
}
