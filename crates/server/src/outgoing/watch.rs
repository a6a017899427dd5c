//! What only time brings: a letter that will be owed, a promise that was broken. One server looks, the others know that
//! it does; what was told once is not told again, whoever looks.

use std::sync::Arc;
use std::time::Duration as Pause;

use chrono::{Duration, Months, NaiveDate, NaiveDateTime};
use dung_hen_domain::apology::{self, Facts, Reminder, lawful_until};
use dung_hen_domain::calendar::Knowledge;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::indices::rounded;
use dung_hen_domain::period::Period;
use dung_hen_domain::rules;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use serde_json::{Value, json};

use super::{APOLOGY_REMINDER, Audience, CASE_OVERDUE, Event, RATING_SUMMARY};
use crate::clock::Clock;
use crate::config::TargetFigure;
use crate::figures::satisfaction;
use crate::keys::random;
use crate::reference::Reference;
use crate::store::{CaseRecord, ErrorKind, NewJob, Store, StoreError, Writer};
use crate::view;

/// The kind of the job.
pub const WATCH_JOB: &str = "watch";
/// Its key: there is one.
const KEY: &str = "deadlines";
/// Between two looks whether it is time.
const LOOK: Pause = Pause::from_secs(5);
/// Between two watches.
const EVERY: i64 = 10;
/// For how long it is one server's.
const LEASE: i64 = 30;
/// Cases of one transaction.
const PAGE: u32 = 100;

/// What was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Broken promises.
    pub overdue: usize,
    /// Reminders of letters.
    pub reminders: usize,
    /// Agencies whose published satisfaction has moved.
    pub summaries: usize,
}

/// Watches until the process ends.
pub async fn run(store: Store, reference: Arc<Reference>, clock: Clock) {
    loop {
        let (at, with) = (store.clone(), Arc::clone(&reference));
        let done = tokio::task::spawn_blocking(move || look(&at, &with, clock.now())).await;
        match done {
            Ok(Ok(Some(told))) if told != Told::default() => {
                tracing::info!(
                    told.overdue,
                    told.reminders,
                    told.summaries,
                    "events of the deadline watch"
                );
            }
            Ok(Ok(_)) => {}
            // Tried again at the next look.
            Ok(Err(error)) => {
                tracing::error!(error.kind = ?error.kind(), "the deadline watch could not tell");
            }
            Err(_) => tracing::error!("the deadline watch stopped half-way"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Watches if it is time and no other server does; `None` where it is not this one's turn.
///
/// # Errors
/// [`StoreError`]; what was told is kept, and the next watch carries on.
pub fn look(
    store: &Store,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
) -> Result<Option<Told>, StoreError> {
    let known = store.read_now(|reader| reader.job_counts(WATCH_JOB, now))?;
    if known.waiting > 0 && known.due == 0 {
        return Ok(None);
    }
    let taker = random()
        .map_err(|_| StoreError::new(ErrorKind::Other, "no random bytes from the machine"))?;
    let taken = store.write_now(move |writer| {
        writer.add_job(&NewJob {
            kind: WATCH_JOB.into(),
            key: KEY.to_owned(),
            lane: None,
            payload: String::new(),
            due: now,
        })?;
        writer.take_jobs(WATCH_JOB, now, Duration::minutes(LEASE), 1, &taker)
    })?;
    let Some(job) = taken.into_iter().next() else {
        return Ok(None);
    };
    let told = tell(store, reference, now)?;
    store.write_now(move |writer| writer.postpone_job(&job, now + Duration::minutes(EVERY)))?;
    Ok(Some(told))
}

/// Tells of everything that is to be told at `now` and was not.
///
/// # Errors
/// [`StoreError`].
pub fn tell(
    store: &Store,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
) -> Result<Told, StoreError> {
    let today = now.date();
    let overdue = each_page(
        store,
        move |reader, after| reader.overdue_untold(today, after, PAGE),
        reference,
        now,
        overdue,
    )?;
    let until = horizon(today, reference);
    let reminders = each_page(
        store,
        move |reader, after| reader.promised_between(today, until, after, PAGE),
        reference,
        now,
        remind,
    )?;
    let summaries = summaries(store, reference, now)?;
    Ok(Told {
        overdue,
        reminders,
        summaries,
    })
}

/// `rating.summary` for each agency whose published figures of this month or the one before have moved: what anyone may
/// read (`GET /metrics/satisfaction`), and as coarse.
fn summaries(
    store: &Store,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
) -> Result<usize, StoreError> {
    let today = now.date();
    let months: Vec<String> = [Some(today), today.checked_sub_months(Months::new(1))]
        .into_iter()
        .flatten()
        .filter_map(|day| Some(Period::month_of(day)?.months().0))
        .collect();
    let reference = Arc::clone(reference);
    store.write_now(move |writer| {
        let mut count = 0;
        for (code, agency) in &reference.agencies {
            for month in &months {
                let place = Place::Agency(code.clone());
                let table = satisfaction::table(writer, INSTRUMENT, &place, month, Split::Whole)?;
                let share = table.whole.share(Question::Overall);
                let (Some(share), Some(changed)) = (share, table.whole.changed_on) else {
                    continue;
                };
                let event = Event {
                    kind: RATING_SUMMARY,
                    about: format!("{code}/{month}/{}", iso_date(changed)),
                    case_code: None,
                    agency: code,
                    audience: Audience::Everyone,
                    data: json!({
                        "agency": code,
                        "agency_name": agency.name,
                        "period": month,
                        "changed_on": iso_date(changed),
                        "n": share.n,
                        "satisfied": share.part,
                        "percent": share.percent().map(rounded),
                        "target": reference.province.targets.percent(
                            TargetFigure::Satisfied,
                            Some(reference.level_of(code)),
                            today,
                        ),
                        "official_index": false,
                    }),
                };
                count += usize::from(event.keep(writer, now)?);
            }
        }
        Ok::<_, StoreError>(count)
    })
}

/// Calls `tell` for each case on each page, a page a transaction; how many events that made.
fn each_page(
    store: &Store,
    page: impl Fn(&mut crate::store::Reader<'_>, &str) -> Result<Vec<String>, StoreError>,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
    tell: fn(&mut Writer<'_>, &CaseRecord, &Reference, NaiveDateTime) -> Result<bool, StoreError>,
) -> Result<usize, StoreError> {
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let codes = store.read_now(|reader| page(reader, &after))?;
        let Some(last) = codes.last().cloned() else {
            return Ok(count);
        };
        after = last;
        let with = Arc::clone(reference);
        count += store.write_now(move |writer| {
            let mut count = 0;
            for code in &codes {
                if let Some(record) = writer.find_case(code)? {
                    count += usize::from(tell(writer, &record, &with, now)?);
                }
            }
            Ok::<_, StoreError>(count)
        })?;
    }
}

/// The last day of promises of which a reminder may be due. Days that are not settled count as off, so that the list is
/// rather too long.
fn horizon(today: NaiveDate, reference: &Reference) -> NaiveDate {
    // The lead time of a letter and the province's days, with a day to spare.
    let mut left = reference.province.remind_working_days.max(1) + 2;
    let mut day = today;
    for _ in 0..120 {
        let Some(next) = day.succ_opt().filter(|_| left > 0) else {
            break;
        };
        day = next;
        let working =
            matches!(reference.calendar.day(day), Knowledge::Settled(kind) if kind.is_working());
        left -= u32::from(working);
    }
    day
}

fn facts<'a>(record: &CaseRecord, letters: &'a [apology::Letter], today: NaiveDate) -> Facts<'a> {
    Facts {
        status: record.status,
        promise: record.promise,
        finished: record.finished_at.map(|moment| moment.date()),
        as_of: today,
        letters,
        moved_after_letter: view::moved_after_letter(
            record.history.iter().map(|entry| entry.cause),
        ),
    }
}

/// `case.overdue`, once for each promise.
fn overdue(
    writer: &mut Writer<'_>,
    record: &CaseRecord,
    reference: &Reference,
    now: NaiveDateTime,
) -> Result<bool, StoreError> {
    let letters = view::letters_in_force(record);
    let facts = facts(record, &letters, now.date());
    let (Some(promise), true) = (record.promise, apology::is_broken(&facts)) else {
        return Ok(false);
    };
    let event = Event {
        kind: CASE_OVERDUE,
        about: format!("{}/{}", record.code, iso_date(promise)),
        case_code: Some(&record.code),
        agency: &record.agency,
        audience: Audience::Applicant,
        data: of_case(record, reference, promise, &facts),
    };
    event.keep(writer, now)
}

/// `apology.reminder`: when the days before a promise have come, and on the last lawful day for a letter.
fn remind(
    writer: &mut Writer<'_>,
    record: &CaseRecord,
    reference: &Reference,
    now: NaiveDateTime,
) -> Result<bool, StoreError> {
    let letters = view::letters_in_force(record);
    let facts = facts(record, &letters, now.date());
    let (Some(promise), Some(received)) = (record.promise, record.received_at) else {
        return Ok(false);
    };
    let terms = view::terms(rules::for_reception(received.date()), reference);
    let stage = match apology::assess_under(&facts, terms, &reference.calendar).reminder {
        Reminder::None => return Ok(false),
        Reminder::Due => "due",
        Reminder::LastDay => "last_day",
        Reminder::Passed => "passed",
    };
    let mut data = of_case(record, reference, promise, &facts);
    data["stage"] = json!(stage);
    data["last_lawful_day"] = json!(
        lawful_until(promise, terms.lead_days, &reference.calendar).map(|last| iso_date(last.date))
    );
    let event = Event {
        kind: APOLOGY_REMINDER,
        about: format!("{}/{}/{stage}", record.code, iso_date(promise)),
        case_code: Some(&record.code),
        agency: &record.agency,
        audience: Audience::Agency,
        data,
    };
    event.keep(writer, now)
}

/// What a gateway needs to write to the applicant; it asks the one-stop system for the number.
fn of_case(
    record: &CaseRecord,
    reference: &Reference,
    promise: NaiveDate,
    facts: &Facts<'_>,
) -> Value {
    let received = record.received_at.map(|moment| moment.date());
    let terms = view::terms(received.and_then(rules::for_reception), reference);
    let standing = apology::assess_under(facts, terms, &reference.calendar);
    json!({
        "case_code": record.code,
        "agency": record.agency,
        "agency_name": view::agency(record, reference).name,
        "procedure": record.procedure,
        "received": received.map(iso_date),
        "first_promise": record.first_promise.map(iso_date),
        "promise": iso_date(promise),
        "revised_due": facts.letters.iter().rev().find_map(|letter| letter.revised_due).map(iso_date),
        "apology": standing.state.name(),
    })
}
