//! One line of the proof: what a day is, its number, and why.

use chrono::{Datelike, NaiveDate};
use dung_hen_domain::calendar::{DayKind, Knowledge, WorkingCalendar};
use dung_hen_domain::civil::IsoDate;
use dung_hen_domain::deadline::{ProofDay, Role};
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use dung_hen_domain::wire::{DayMark, DeadlineDay, Text};
use dung_hen_domain::words;

pub(super) fn line(day: &ProofDay, limit: TimeLimit) -> DeadlineDay {
    let (number, minutes) = match day.role {
        Role::Counted(number) => (Some(number), None),
        Role::CountedMinutes(minutes) => (None, Some(minutes)),
        Role::Reception | Role::Skipped | Role::RolledTo => (None, None),
    };
    let mark = mark(day);
    // The number of a month- or year-long count says nothing a citizen can check by hand.
    let number = number.filter(|_| !matches!(limit.unit(), Unit::Month | Unit::Year));
    DeadlineDay {
        date: IsoDate(day.date),
        mark: mark.into(),
        number,
        minutes,
        note: note(day.kind),
    }
}

fn mark(day: &ProofDay) -> DayMark {
    match (day.role, day.kind) {
        (Role::Reception, _) => DayMark::Start,
        (Role::RolledTo, _) => DayMark::RolledTo,
        (Role::Counted(_) | Role::CountedMinutes(_), DayKind::Working) => DayMark::Working,
        (Role::Counted(_) | Role::CountedMinutes(_), DayKind::SwappedWorking { .. }) => {
            DayMark::SwappedWorking
        }
        (Role::Counted(_) | Role::CountedMinutes(_), _) => DayMark::CountedDayOff,
        (Role::Skipped, DayKind::Weekend) => DayMark::Weekend,
        (Role::Skipped, DayKind::Holiday(_)) => DayMark::Holiday,
        (Role::Skipped, DayKind::InLieu { .. }) => DayMark::InLieu,
        (Role::Skipped, DayKind::SwappedOff { .. }) => DayMark::SwappedOff,
        (Role::Skipped, DayKind::Working | DayKind::SwappedWorking { .. }) => DayMark::NotCounted,
    }
}

/// Why a day is counted or not, in words.
#[must_use]
pub fn day_words(day: &ProofDay, lang: words::Lang) -> String {
    with_note(mark(day), day.kind, lang)
}

fn with_note(mark: DayMark, kind: DayKind, lang: words::Lang) -> String {
    let mut out = words::day_mark(mark, lang).to_owned();
    if let Some(note) = note(kind) {
        out.push_str(": ");
        out.push_str(note.in_lang(lang));
    }
    out
}

fn note(kind: DayKind) -> Option<Text> {
    let pair_words = |pair: Option<NaiveDate>, lang| {
        pair.map(|pair| {
            format!(
                "{} {}",
                words::weekday(pair.weekday(), lang),
                words::day_and_month(pair, lang)
            )
        })
        .unwrap_or_default()
    };
    match kind {
        DayKind::Working | DayKind::Weekend => None,
        DayKind::Holiday(holiday) => Some(Text::both(|lang| words::holiday(holiday, lang))),
        DayKind::InLieu { holiday, pair } => Some(Text::both(|lang| {
            format!(
                "{} {} ({})",
                lang.pick("bù cho", "for"),
                words::holiday(holiday, lang),
                pair_words(pair, lang)
            )
        })),
        DayKind::SwappedOff { pair, .. } => Some(Text::both(|lang| {
            format!(
                "{} {}",
                lang.pick("làm bù vào", "worked instead on"),
                pair_words(pair, lang)
            )
        })),
        DayKind::SwappedWorking { pair } => Some(Text::both(|lang| {
            format!(
                "{} {}",
                lang.pick("thay cho", "for"),
                pair_words(pair, lang)
            )
        })),
    }
}

/// What a day is, in words: its name and the other day of its pair.
pub(super) fn kind_words(kind: DayKind) -> Text {
    let mark = match kind {
        DayKind::Working => DayMark::Working,
        DayKind::SwappedWorking { .. } => DayMark::SwappedWorking,
        DayKind::Weekend => DayMark::Weekend,
        DayKind::Holiday(_) => DayMark::Holiday,
        DayKind::InLieu { .. } => DayMark::InLieu,
        DayKind::SwappedOff { .. } => DayMark::SwappedOff,
    };
    Text::both(|lang| with_note(mark, kind, lang))
}

/// What a day is on the calendar, in words; a day not settled is what statute says of it.
#[must_use]
pub fn day_kind_words(calendar: &WorkingCalendar, date: NaiveDate, lang: words::Lang) -> String {
    match calendar.day(date) {
        Knowledge::Settled(kind) | Knowledge::Provisional(kind) => {
            kind_words(kind).in_lang(lang).to_owned()
        }
        Knowledge::Unknown | Knowledge::BeforeCalendar => lang
            .pick("chưa có trong lịch", "not in the calendar")
            .to_owned(),
    }
}
