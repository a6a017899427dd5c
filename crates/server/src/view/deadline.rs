//! Why the date is the date, in the words of both languages. The computed date is a check;
//! the promise on the receipt rules.

use chrono::{Datelike, NaiveDate};
use dung_hen_domain::calendar::DayKind;
use dung_hen_domain::civil::{IsoDate, clock};
use dung_hen_domain::deadline::{Answer, ProofDay, Reception, Role, compute};
use dung_hen_domain::legal_basis::LegalBasis;
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use dung_hen_domain::wire::{DayMark, DeadlineDay, DeadlineView, DueCause, Text};
use dung_hen_domain::{rules, words};

use crate::state::Reference;
use crate::store::CaseRecord;

const CIVIL_CODE: &str = "Bộ luật Dân sự 2015";

/// The deadline of a case; `None` where nothing can be computed from what is published, or the
/// source does not cover the day of reception.
pub(super) fn view(record: &CaseRecord, reference: &Reference) -> Option<DeadlineView> {
    if !record.status.is_received() {
        return None;
    }
    let received = record.received_at?;
    let start = record.period_start.unwrap_or(received);
    let published = reference.catalogue.get(&record.procedure)?;
    if published
        .valid_until
        .is_some_and(|last| received.date() > last)
    {
        return None;
    }
    let limit = published.limit(record.channel)?;
    let answer = compute(
        &reference.calendar,
        &reference.hours,
        Reception::from(start),
        limit,
    )
    .ok()?;
    let restarted = record
        .history
        .iter()
        .any(|entry| entry.cause == DueCause::Supplement);
    let limit_text = Text::both(|lang| limit_words(limit, lang));
    let (due, due_time, unsettled_from, days) = match answer {
        Answer::Due(deadline) => (Some(deadline.due), deadline.due_time, None, deadline.days),
        Answer::Unsettled {
            first_open, days, ..
        } => (None, None, Some(first_open), days),
    };
    Some(DeadlineView {
        sentence: sentence(&limit_text, start.date(), restarted, due, unsettled_from),
        limit: limit_text,
        starts: IsoDate(start.date()),
        restarted,
        due: due.map(IsoDate),
        due_time: due_time.map(clock),
        unsettled_from: unsettled_from.map(IsoDate),
        agrees: due.and_then(|due| Some(record.promise? == due)),
        days: days.iter().map(|day| line(day, limit)).collect(),
        basis: basis(received.date(), limit, restarted),
    })
}

/// A limit in words: "5 ngày làm việc", "same day".
#[must_use]
pub fn limit_words(limit: TimeLimit, lang: words::Lang) -> String {
    if limit.unit() == Unit::SameDay {
        return words::unit(limit.unit(), false, lang).to_owned();
    }
    let half = limit.ends_with_half();
    let whole = if half {
        limit.units() - 1
    } else {
        limit.units()
    };
    let fraction = match (half, lang) {
        (false, _) => "",
        (true, words::Lang::Vi) => ",5",
        (true, words::Lang::En) => ".5",
    };
    format!(
        "{whole}{fraction} {}",
        words::unit(limit.unit(), whole == 1 && !half, lang)
    )
}

fn sentence(
    limit: &Text,
    start: NaiveDate,
    restarted: bool,
    due: Option<NaiveDate>,
    unsettled: Option<NaiveDate>,
) -> Text {
    use words::Lang::{En, Vi};
    let start_vi = words::short_date(start, Vi);
    let start_en = words::short_date(start, En);
    let (from_vi, from_en) = if restarted {
        (
            format!("từ ngày nhận đủ giấy tờ bổ sung ({start_vi})"),
            format!("from the day the missing papers came in ({start_en})"),
        )
    } else {
        (
            format!("từ ngày tiếp nhận ({start_vi})"),
            format!("from the day of reception ({start_en})"),
        )
    };
    match (due, unsettled) {
        (Some(due), _) => Text {
            vi: format!(
                "Thời hạn {} tính {from_vi}, hết hạn vào {}.",
                limit.vi,
                words::long_date(due, Vi)
            ),
            en: format!(
                "The limit of {}, counted {from_en}, ends on {}.",
                limit.en,
                words::long_date(due, En)
            ),
        },
        (None, Some(open)) => Text {
            vi: format!(
                "Thời hạn {} tính {from_vi} kéo qua ngày {}. Lịch nghỉ từ ngày đó chưa có quyết định trong dữ liệu của hệ thống, nên chưa thể tính ngày hết hạn.",
                limit.vi,
                words::short_date(open, Vi)
            ),
            en: format!(
                "The limit of {}, counted {from_en}, runs past {}. The days off from then on are not decided in the data of this system, so the last day cannot be computed yet.",
                limit.en,
                words::short_date(open, En)
            ),
        },
        (None, None) => Text::default(),
    }
}

fn basis(received: NaiveDate, limit: TimeLimit, restarted: bool) -> Vec<Text> {
    let mut all = Vec::new();
    if let Some(set) = rules::for_reception(received) {
        all.push(set.period_start);
        if restarted {
            all.push(set.restart);
        }
    }
    match limit.unit() {
        Unit::WorkingHour => all.push(LegalBasis::verified(CIVIL_CODE, 147, 1)),
        Unit::SameDay => {}
        Unit::WorkingDay => all.push(LegalBasis::verified(CIVIL_CODE, 147, 2)),
        Unit::CalendarDay | Unit::Week | Unit::Month | Unit::Year => {
            all.push(LegalBasis::verified(CIVIL_CODE, 147, 2));
            all.push(LegalBasis::verified(CIVIL_CODE, 148, 5));
        }
    }
    all.iter()
        .map(|basis| Text::both(|lang| basis.words(lang)))
        .collect()
}

fn line(day: &ProofDay, limit: TimeLimit) -> DeadlineDay {
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
    let mut out = words::day_mark(mark(day), lang).to_owned();
    if let Some(note) = note(day.kind) {
        out.push_str(": ");
        out.push_str(note.in_lang(lang));
    }
    out
}

fn note(kind: DayKind) -> Option<Text> {
    let pair_words = |pair: Option<NaiveDate>, lang| {
        pair.map(|pair| {
            format!(
                "{} {:02}/{:02}",
                words::weekday(pair.weekday(), lang),
                pair.day(),
                pair.month()
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
