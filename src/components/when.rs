//! Dates and moments, in words for people and in ISO for machines.

use dung_hen_domain::civil::{IsoDate, IsoMoment, clock, iso_date, iso_minute};
use dung_hen_domain::words::{long_date, short_date};
use leptos::prelude::*;

use super::Cx;

/// A date with its weekday.
pub(super) fn day(cx: &Cx, date: IsoDate) -> AnyView {
    view! { <time datetime=iso_date(date.0)>{long_date(date.0, cx.lang)}</time> }.into_any()
}

/// A date without its weekday.
pub(super) fn short(cx: &Cx, date: IsoDate) -> AnyView {
    view! { <time datetime=iso_date(date.0)>{short_date(date.0, cx.lang)}</time> }.into_any()
}

/// A moment: hour and date. Midnight is how the senders write a day without an hour.
pub(super) fn moment(cx: &Cx, moment: IsoMoment) -> AnyView {
    let date = moment.0.date();
    let hour = clock(moment.0.time());
    if hour == "00:00" {
        return day(cx, IsoDate(date));
    }
    let text = [hour, long_date(date, cx.lang)].join(", ");
    view! { <time datetime=iso_minute(moment.0)>{text}</time> }.into_any()
}
