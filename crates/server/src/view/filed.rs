//! "If I file today": the deadline of a case that does not exist yet, computed as for one that does.

use chrono::{Days, NaiveDateTime, NaiveTime};
use dung_hen_domain::calendar::{DayKind, Knowledge};
use dung_hen_domain::case::{CaseStatus, Channel};
use dung_hen_domain::civil::IsoMoment;
use dung_hen_domain::wire::{FiledView, Text};
use dung_hen_domain::words;

use super::{deadline, not_computed, procedure};
use crate::reference::Reference;
use crate::store::CaseRecord;

/// No run of days off has ever come near a month.
const LONGEST_REST: u64 = 31;

/// What would be the deadline of a full dossier received at `at`. On a day off nobody receives: the next working
/// day is taken, and said.
#[must_use]
pub fn filed(
    code: &str,
    channel: Channel,
    at: NaiveDateTime,
    reference: &Reference,
    now: NaiveDateTime,
) -> FiledView {
    let (received, note) = reception(at, reference);
    let mut record = CaseRecord::new("");
    record.procedure = code.to_owned();
    record.channel = channel;
    record.status = CaseStatus::Received;
    record.received_at = Some(received);
    record.period_start = Some(received);
    let (deadline, not_computed) = match deadline::computed(&record, reference) {
        None => (None, None),
        Some(Ok(computed)) => (Some(deadline::view(&computed, &record, reference)), None),
        Some(Err(why)) => (None, Some(not_computed::before_filing(why))),
    };
    FiledView {
        as_of: IsoMoment(now),
        procedure: procedure(&record, reference),
        received: IsoMoment(received),
        note,
        deadline,
        not_computed,
    }
}

fn reception(at: NaiveDateTime, reference: &Reference) -> (NaiveDateTime, Option<Text>) {
    // The kind of a day on which agencies work; a plain one where the calendar does not reach.
    let works = |day| match reference.calendar.day(day) {
        Knowledge::Settled(kind) | Knowledge::Provisional(kind) => {
            kind.is_working().then_some(kind)
        }
        Knowledge::Unknown | Knowledge::BeforeCalendar => Some(DayKind::Working),
    };
    let day = at.date();
    if works(day).is_some() {
        return (at, None);
    }
    let next = (1..LONGEST_REST)
        .filter_map(|more| day.checked_add_days(Days::new(more)))
        .find_map(|day| Some((day, works(day)?)));
    let Some((next, kind)) = next else {
        return (at, None);
    };
    let opening = reference
        .hours("")
        .sessions_on(next, kind)
        .first()
        .map_or(NaiveTime::MIN, |(opens, _)| *opens);
    let note = Text::both(|lang| {
        format!(
            "{} {} {} {}.",
            words::long_date(day, lang),
            lang.pick(
                "là ngày nghỉ; ở đây tính như hồ sơ được tiếp nhận vào",
                "is a day off; it is computed here as if received on"
            ),
            words::long_date(next, lang),
            lang.pick("(ngày làm việc tiếp theo)", "(the next working day)"),
        )
    });
    (next.and_time(opening), Some(note))
}
