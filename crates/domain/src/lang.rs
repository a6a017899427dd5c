//! The languages of the software, and how each writes a date.
//!
//! Below everything else, so that calendar, deadlines and legal bases can speak without knowing the vocabulary in
//! [`crate::words`], which knows them.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::civil::push_padded;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Vietnamese, the first language.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// Reads a language tag such as `vi-VN`; anything but English is Vietnamese.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag
            .get(0..2)
            .is_some_and(|two| two.eq_ignore_ascii_case("en"))
        {
            Self::En
        } else {
            Self::Vi
        }
    }

    /// The language tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The one of two texts.
    #[must_use]
    pub const fn pick<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}

/// A date with its weekday: `Thứ Sáu, 4 tháng 12 năm 2026`, `Friday, 4 December 2026`.
#[must_use]
pub fn long_date(date: NaiveDate, lang: Lang) -> String {
    let mut out = String::from(weekday(date.weekday(), lang));
    out.push_str(", ");
    out.push_str(&date_in_words(date, lang));
    out
}

/// `4 tháng 12 năm 2026`, `4 December 2026`: for sentences. Screen readers say the digits of `4/12/2026` one number
/// after the other, without “tháng” and “năm”.
#[must_use]
pub fn date_in_words(date: NaiveDate, lang: Lang) -> String {
    let mut out = day_and_month(date, lang);
    out.push_str(lang.pick(" năm ", " "));
    push_padded(&mut out, date.year().unsigned_abs(), 4);
    out
}

/// `4 tháng 12`, `4 December`.
#[must_use]
pub fn day_and_month(date: NaiveDate, lang: Lang) -> String {
    let mut out = String::new();
    push_padded(&mut out, date.day(), 1);
    out.push_str(lang.pick(" tháng ", " "));
    match lang {
        Lang::Vi => push_padded(&mut out, date.month(), 1),
        Lang::En => out.push_str(month_en(date.month())),
    }
    out
}

/// `04/12/2026`, `4 December 2026`: for tables and lists of officers and reports.
#[must_use]
pub fn short_date(date: NaiveDate, lang: Lang) -> String {
    let mut out = String::new();
    match lang {
        Lang::Vi => {
            push_padded(&mut out, date.day(), 2);
            out.push('/');
            push_padded(&mut out, date.month(), 2);
            out.push('/');
        }
        Lang::En => {
            push_padded(&mut out, date.day(), 1);
            out.push(' ');
            out.push_str(month_en(date.month()));
            out.push(' ');
        }
    }
    push_padded(&mut out, date.year().unsigned_abs(), 4);
    out
}

/// The day of the week.
#[must_use]
pub const fn weekday(weekday: Weekday, lang: Lang) -> &'static str {
    let (vi, en) = match weekday {
        Weekday::Mon => ("Thứ Hai", "Monday"),
        Weekday::Tue => ("Thứ Ba", "Tuesday"),
        Weekday::Wed => ("Thứ Tư", "Wednesday"),
        Weekday::Thu => ("Thứ Năm", "Thursday"),
        Weekday::Fri => ("Thứ Sáu", "Friday"),
        Weekday::Sat => ("Thứ Bảy", "Saturday"),
        Weekday::Sun => ("Chủ Nhật", "Sunday"),
    };
    lang.pick(vi, en)
}

const fn month_en(month: u32) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}
