//! The computed date of every open case, kept with the calendar and the settings (hours, published limits) it was
//! computed with. When these change, the open cases, and they alone, are computed again; what another calendar moved is
//! kept with the days that changed. The promise is never touched.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::calendar::{DayKind, WorkingCalendar};
use dung_hen_domain::civil::{iso_date, parse_date, rfc3339};
use dung_hen_domain::deadline::{Answer, ProofDay};
use dung_hen_domain::promise::{Comparison, compare};
use dung_hen_domain::time_limit::Unit;
use dung_hen_domain::words::{self, Lang};

use crate::catalogue::Coverage;
use crate::reference::Reference;
use crate::store::{CaseRecord, ComputedEntry, Kept, MoveEntry, Store, StoreError, Writer};
use crate::tag;
use crate::view;
use crate::view::deadline::{Computed, computed};

/// Cases of one transaction.
const BATCH: i64 = 200;

/// What was done with a new calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Open cases computed.
    pub computed: usize,
    /// Those whose date moved.
    pub moved: usize,
}

/// Computes cases that were just written or are held, in the same transaction; how many dates moved.
///
/// # Errors
/// [`StoreError`].
pub fn write(
    writer: &mut Writer<'_>,
    cases: &[Kept],
    reference: &Reference,
    now: NaiveDateTime,
) -> Result<usize, StoreError> {
    let (mut dates, mut moves) = (Vec::with_capacity(cases.len()), Vec::new());
    for case in cases {
        let old = case.computed.as_ref();
        let new = if reference.province.is_unnamed {
            left_as_it_is(case)
        } else {
            entry(&case.record, reference)
        };
        let moved = old
            .zip(new.as_ref())
            .and_then(|(old, new)| movement(old, new, &reference.calendar, now));
        moves.extend(moved.map(|moved| (case.id, moved)));
        if new.is_some() || old.is_some() {
            dates.push((case.id, new));
        }
    }
    writer.add_moves(&moves)?;
    writer.put_computed(&dates)?;
    Ok(moves.len())
}

/// Computes every open case that was not computed with this calendar and these settings, a few hundred a transaction.
///
/// # Errors
/// [`StoreError`]; what was done before it stays done, and the next call goes on from there.
pub fn apply(
    store: &Store,
    reference: &std::sync::Arc<Reference>,
    now: NaiveDateTime,
) -> Result<Applied, StoreError> {
    let mut applied = Applied::default();
    let mut after = 0i64;
    loop {
        // All open cases are looked through where none is left, as at nearly every start: nobody who writes waits for it.
        let left = store.read_now(|reader| {
            let calendar = reference.calendar.version();
            reader.not_computed_with(calendar, &reference.computed_with, after, 1)
        })?;
        if left.is_empty() {
            return Ok(applied);
        }
        let reference = std::sync::Arc::clone(reference);
        let (done, last) = store.write_now(move |writer| -> Result<_, StoreError> {
            let calendar = reference.calendar.version().to_owned();
            let page =
                writer.not_computed_with(&calendar, &reference.computed_with, after, BATCH)?;
            let last = page.last().map(|(id, _)| *id);
            let codes: Vec<&str> = page.iter().map(|(_, code)| code.as_str()).collect();
            let cases = writer.hold_cases(&codes)?;
            let done = Applied {
                computed: cases.len(),
                moved: write(writer, &cases, &reference, now)?,
            };
            Ok((done, last))
        })?;
        applied.computed += done.computed;
        applied.moved += done.moved;
        match last {
            Some(last) => after = last,
            None => return Ok(applied),
        }
    }
}

fn is_open(record: &CaseRecord) -> bool {
    !record.status.is_finished() && !record.status.is_closed()
}

/// Who has not the province's file does not compute: what is kept stays, and nothing is said to have moved, until one
/// who has it computes the case, which settings without a name ask for.
fn left_as_it_is(case: &Kept) -> Option<ComputedEntry> {
    let old = case.computed.clone().filter(|_| is_open(&case.record))?;
    Some(ComputedEntry {
        settings: String::new(),
        ..old
    })
}

/// What is kept of an open case; `None` for one that is not open.
fn entry(record: &CaseRecord, reference: &Reference) -> Option<ComputedEntry> {
    if !is_open(record) {
        return None;
    }
    let settings = reference.computed_with.clone();
    let calendar = reference.calendar.version().to_owned();
    Some(match computed(record, reference)? {
        Ok(computed) => ComputedEntry {
            settings,
            ..kept(&computed, record, reference)
        },
        Err(why) => ComputedEntry {
            calendar,
            settings,
            reason: Some(why.code().to_owned()),
            ..ComputedEntry::default()
        },
    })
}

fn kept(computed: &Computed, record: &CaseRecord, reference: &Reference) -> ComputedEntry {
    let hours = reference.hours(&record.agency);
    // Where a period ends by the clock, other hours are another period.
    let by_the_clock = match computed.limit.unit() {
        Unit::SameDay => format!(" {}", hours.cut_off()),
        Unit::WorkingHour => format!(" {}", tag::of(format!("{hours:?}").as_bytes())),
        _ => String::new(),
    };
    let (due, unsettled_from, days) = match &computed.answer {
        Answer::Due(deadline) => (Some(deadline.due), None, &deadline.days),
        Answer::Unsettled {
            first_open, days, ..
        } => (None, Some(*first_open), days),
    };
    ComputedEntry {
        calendar: reference.calendar.version().to_owned(),
        basis: format!(
            "{} {} {}{by_the_clock}",
            rfc3339(computed.start.at),
            computed.limit.units(),
            computed.limit.unit().name()
        ),
        due,
        unsettled_from,
        reason: None,
        later: compare(record.promise, &computed.answer) == Comparison::Later,
        covered: computed.coverage == Coverage::Covered,
        special: special(days),
        ..ComputedEntry::default()
    }
}

/// The days of a proof that are not what their weekday says: `2026-11-23=o,…`.
fn special(days: &[ProofDay]) -> String {
    let marks: Vec<String> = days
        .iter()
        .filter_map(|day| Some(format!("{}={}", iso_date(day.date), mark(day.kind)?)))
        .collect();
    marks.join(",")
}

/// `o` for a weekday off, `w` for a weekend day worked.
const fn mark(kind: DayKind) -> Option<char> {
    match kind {
        DayKind::Working | DayKind::Weekend => None,
        DayKind::SwappedWorking { .. } => Some('w'),
        DayKind::Holiday(_) | DayKind::InLieu { .. } | DayKind::SwappedOff { .. } => Some('o'),
    }
}

fn read_special(text: &str) -> BTreeMap<NaiveDate, &str> {
    text.split(',')
        .filter_map(|part| {
            let (day, mark) = part.split_once('=')?;
            Some((parse_date(day)?, mark))
        })
        .collect()
}

/// The move from one calendar to another, where the same period ends otherwise.
fn movement(
    old: &ComputedEntry,
    new: &ComputedEntry,
    calendar: &WorkingCalendar,
    now: NaiveDateTime,
) -> Option<MoveEntry> {
    if old.calendar == new.calendar
        || old.basis != new.basis
        || old.due == new.due
        || old.reason.is_some()
        || new.reason.is_some()
    {
        return None;
    }
    let changed = changed(old, new);
    let why = |lang| why(old, new, &changed, calendar, lang);
    Some(MoveEntry {
        calendar: new.calendar.clone(),
        at: now,
        before: old.due,
        after: new.due,
        why_vi: why(Lang::Vi),
        why_en: why(Lang::En),
    })
}

/// The days that another calendar makes something else, as far as the old one had been read; and those that were
/// open then and are special now.
fn changed(old: &ComputedEntry, new: &ComputedEntry) -> Vec<NaiveDate> {
    let (before, after) = (read_special(&old.special), read_special(&new.special));
    let mut days: Vec<NaiveDate> = before
        .keys()
        .chain(after.keys())
        .copied()
        .filter(|day| before.get(day) != after.get(day))
        // Beyond the old last day nothing was read; beyond the new one nothing matters.
        .filter(|day| old.due.is_none_or(|due| *day <= due))
        .filter(|day| new.due.is_none_or(|due| *day <= due) || after.contains_key(day))
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn why(
    old: &ComputedEntry,
    new: &ComputedEntry,
    changed: &[NaiveDate],
    calendar: &WorkingCalendar,
    lang: Lang,
) -> String {
    let short = |date| words::date_in_words(date, lang);
    let mut out = match (old.due, new.due, lang) {
        (Some(old), Some(new), Lang::Vi) => format!(
            "Ngày hết hạn theo cách tính: {} → {}, vì lịch làm việc thay đổi",
            short(old),
            short(new)
        ),
        (Some(old), Some(new), Lang::En) => format!(
            "The computed last day: {} → {}, because the working calendar changed",
            short(old),
            short(new)
        ),
        (None, Some(new), Lang::Vi) => format!(
            "Ngày hết hạn nay tính được: {}, vì lịch làm việc đã được quyết định",
            short(new)
        ),
        (None, Some(new), Lang::En) => format!(
            "The last day can be computed now: {}, because the working calendar has been decided",
            short(new)
        ),
        (_, None, Lang::Vi) => {
            "Ngày hết hạn nay chưa tính được, vì lịch làm việc chưa được quyết định".to_owned()
        }
        (_, None, Lang::En) => {
            "The last day cannot be computed now, because the working calendar is not decided"
                .to_owned()
        }
    };
    let days: Vec<String> = changed
        .iter()
        .map(|day| {
            let what = view::day_kind_words(calendar, *day, lang);
            format!("{} {what}", short(*day))
        })
        .collect();
    if !days.is_empty() {
        out.push_str(": ");
        out.push_str(&days.join("; "));
    }
    out.push('.');
    out
}
