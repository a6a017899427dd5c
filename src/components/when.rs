//! Dates and moments, in words for people and in ISO for machines.

use dung_hen_domain::civil::{IsoDate, IsoMoment, clock, iso_date, iso_minute};

use super::Cx;
use crate::html::Html;

/// A date with its weekday.
#[inline(never)]
pub(super) fn day(out: &mut Html, cx: &Cx, date: IsoDate) {
    time(out, &iso_date(date.0), &cx.t.long_date(date.0));
}

/// A date without its weekday.
pub(super) fn short(out: &mut Html, cx: &Cx, date: IsoDate) {
    time(out, &iso_date(date.0), &cx.t.short_date(date.0));
}

/// A moment: hour and date. Midnight is how the senders write a day without an hour.
pub(super) fn moment(out: &mut Html, cx: &Cx, moment: IsoMoment) {
    let date = moment.0.date();
    let hour = clock(moment.0.time());
    if hour == "00:00" {
        return day(out, cx, IsoDate(date));
    }
    let text = [&hour, ", ", &cx.t.long_date(date)].concat();
    time(out, &iso_minute(moment.0), &text);
}

fn time(out: &mut Html, machine: &str, words: &str) {
    out.raw("<time datetime=\"").text(machine).raw("\">");
    out.text(words).raw("</time>");
}
