//! What only time brings: a letter that will be owed, a promise that was broken. One server looks, the others know that
//! it does; what was told once is not told again, whoever looks.
//!
//! It looks at cases that were written since, and at each again on the day of its next event (`store/watch.rs`): what it
//! costs follows the cases that fall due. They are read and judged in a snapshot; a transaction that writes holds no
//! more than what was found, and the days on which to look again.

use std::sync::Arc;
use std::time::{Duration as Pause, Instant};

use chrono::{Days, Duration, NaiveDate, NaiveDateTime};
use dung_hen_domain::apology::{self, Facts, Reminder, Terms, lawful_until};
use dung_hen_domain::case::{CaseStatus, WireName as _};
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::rules;
use serde_json::{Value, json};

use super::{Audience, Event, summaries};
use crate::clock::Clock;
use crate::events::{APOLOGY_REMINDER, CASE_OVERDUE};
use crate::keys::random;
use crate::reference::Reference;
use crate::steady::Steady;
use crate::store::{CaseRecord, ErrorKind, NewJob, Store, StoreError, TakenJob, Writer};
use crate::view;

/// The kind of the job.
pub const WATCH_JOB: &str = "watch";
/// Its key: there is one.
const KEY: &str = "deadlines";
/// Between two looks whether it is time.
const LOOK: Pause = Pause::from_secs(5);
/// Between two watches.
const EVERY: i64 = 10;
/// For how many minutes it is one server's, from page to page: if that server dies, another goes on after as many.
const LEASE: i64 = 2;
/// More days than ever are off one after the other.
const DAYS_OFF: u64 = 31;
/// Cases of one page.
const PAGE: u32 = 200;
/// The name under which is kept what the cases were judged with.
const JUDGED_WITH: &str = "watched_with";

/// What was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Broken promises.
    pub overdue: usize,
    /// Reminders of letters.
    pub reminders: usize,
    /// Cases looked at.
    pub looked: usize,
    /// Agencies whose published satisfaction has moved.
    pub summaries: usize,
}

/// Watches until the process ends, while the clock is believed: who is told of a broken promise has been told.
pub async fn run(store: Store, reference: Arc<Reference>, clock: Clock, steady: Arc<Steady>) {
    loop {
        let (at, with, now) = (store.clone(), Arc::clone(&reference), clock.now());
        if !steady.holds(now) {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        let done = tokio::task::spawn_blocking(move || look(&at, &with, now)).await;
        match done {
            Ok(Ok(Some(told))) if told.looked > 0 || told.summaries > 0 => {
                tracing::info!(
                    told.looked,
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

/// When a server last watched, to a few minutes: the last time of a believed clock that the database knows of.
///
/// # Errors
/// [`StoreError`].
pub fn last(store: &Store) -> Result<Option<NaiveDateTime>, StoreError> {
    let due = store.read_now(|reader| reader.job_due(WATCH_JOB, KEY))?;
    Ok(due.map(|due| due - Duration::minutes(EVERY)))
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
    let taker = random()?;
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
    let told = tell_as(store, reference, now, Some(&job));
    // Where it failed, or another write held cases that it passed over, whoever looks next goes on at once.
    let all = told.is_ok() && !store.read_now(|reader| reader.looks_are_due(now.date()))?;
    let due = if all {
        now + Duration::minutes(EVERY)
    } else {
        now
    };
    store.write_now(move |writer| writer.postpone_job(&job, due))?;
    told.map(Some)
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
    tell_as(store, reference, now, None)
}

/// [`tell`] as the holder of this job; ends early where another has taken it over.
fn tell_as(
    store: &Store,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
    job: Option<&TakenJob>,
) -> Result<Told, StoreError> {
    let lease = Lease {
        job: job.cloned(),
        now,
        began: Instant::now(),
    };
    let mut told = Told::default();
    if !judge_again(store, reference, &lease)? {
        return Ok(told);
    }
    let mut judged: Vec<Judged> = Vec::new();
    loop {
        let own = lease.clone();
        let page = store.write_now(move |writer| {
            if !own.prolong(writer)? {
                return Ok(None);
            }
            let kept = settle(writer, &judged, now)?;
            let page = writer.take_looks(now.date(), PAGE)?;
            Ok::<_, StoreError>(Some((kept, page)))
        })?;
        let Some((kept, codes)) = page else {
            return Ok(told);
        };
        told.overdue += kept.overdue;
        told.reminders += kept.reminders;
        if codes.is_empty() {
            break;
        }
        told.looked += codes.len();
        judged = store.read_now(|reader| {
            let found = codes.iter().map(|code| {
                let record = match reader.find_case(code) {
                    // One that cannot be read must not keep all others from being told.
                    Err(error) if error.kind() == ErrorKind::Corrupt => {
                        tracing::error!("the deadline watch cannot read a case");
                        None
                    }
                    found => found?,
                };
                Ok(Judged::new(code, record.as_ref(), reference, now.date()))
            });
            found.collect::<Result<Vec<_>, StoreError>>()
        })?;
    }
    told.summaries = summaries::tell(store, reference, now)?;
    Ok(told)
}

/// For how long the watch is this server's: from each page on, [`LEASE`] minutes more.
#[derive(Clone)]
struct Lease {
    /// None: nobody else looks.
    job: Option<TakenJob>,
    /// The moment of the watch, and since when it runs: the clock of the cases stands still meanwhile, that of the lease
    /// does not.
    now: NaiveDateTime,
    began: Instant,
}

impl Lease {
    /// `false` where another has taken the watch over.
    fn prolong(&self, writer: &mut Writer<'_>) -> Result<bool, StoreError> {
        let Some(job) = &self.job else {
            return Ok(true);
        };
        let runs = Duration::from_std(self.began.elapsed()).unwrap_or_default();
        writer.keep_job(job, self.now + runs + Duration::minutes(LEASE))
    }
}

/// Another calendar, other terms or another version of this program: every case that may fall due is looked at again.
/// `false` where another has taken the watch over.
fn judge_again(store: &Store, reference: &Reference, lease: &Lease) -> Result<bool, StoreError> {
    let with = format!(
        "{} {} {}",
        env!("CARGO_PKG_VERSION"),
        reference.calendar.version(),
        reference.province.remind_working_days
    );
    if store.read_now(|reader| reader.figure_state(JUDGED_WITH))? == Some(with.clone()) {
        return Ok(true);
    }
    let mut after = 0;
    loop {
        let own = lease.clone();
        let page = store.write_now(move |writer| {
            let ours = own.prolong(writer)?;
            let last = if ours {
                writer.look_at_all_again(after, PAGE)?
            } else {
                None
            };
            Ok::<_, StoreError>((ours, last))
        })?;
        match page {
            (false, _) => return Ok(false),
            (true, Some(last)) => after = last,
            (true, None) => break,
        }
    }
    store.write_now(move |writer| writer.put_figure_state(JUDGED_WITH, &with))?;
    Ok(true)
}

/// What was found about a case on a day.
#[derive(Clone)]
struct Judged {
    code: String,
    event: Option<Found>,
    /// When to look again.
    next: Option<NaiveDate>,
}

/// An event of a case, before it is kept.
#[derive(Clone)]
struct Found {
    kind: &'static str,
    about: String,
    agency: String,
    data: Value,
}

impl Judged {
    fn new(
        code: &str,
        record: Option<&CaseRecord>,
        reference: &Reference,
        today: NaiveDate,
    ) -> Self {
        let case = record.and_then(|record| Case::new(record, reference));
        Self {
            code: code.to_owned(),
            event: case.as_ref().and_then(|case| case.event(today)),
            next: case.and_then(|case| case.next(today)),
        }
    }
}

/// Keeps the events that were found, and the days on which to look again.
fn settle(
    writer: &mut Writer<'_>,
    judged: &[Judged],
    now: NaiveDateTime,
) -> Result<Told, StoreError> {
    let mut told = Told::default();
    for one in judged {
        // Written meanwhile: what was found is of the case as it was, and the next page has it as it is now.
        if !writer.look_again(&one.code, now.date(), one.next)? {
            continue;
        }
        if let Some(found) = &one.event {
            let overdue = found.kind == CASE_OVERDUE;
            let event = Event {
                kind: found.kind,
                about: found.about.clone(),
                case_code: Some(&one.code),
                agency: &found.agency,
                audience: if overdue {
                    Audience::Applicant
                } else {
                    Audience::Agency
                },
                data: found.data.clone(),
            };
            let kept = usize::from(event.keep(writer, now)?);
            if overdue {
                told.overdue += kept;
            } else {
                told.reminders += kept;
            }
        }
    }
    Ok(told)
}

/// A case whose promise runs.
struct Case<'a> {
    record: &'a CaseRecord,
    reference: &'a Reference,
    letters: Vec<apology::Letter>,
    terms: Terms,
    promise: NaiveDate,
}

/// What is to be told of a case on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Overdue,
    Reminder(&'static str),
}

impl<'a> Case<'a> {
    fn new(record: &'a CaseRecord, reference: &'a Reference) -> Option<Self> {
        let runs = matches!(record.status, CaseStatus::Received | CaseStatus::Processing);
        let promise = record.promise.filter(|_| runs)?;
        let received = record.received_at.map(|moment| moment.date());
        Some(Self {
            record,
            reference,
            letters: view::letters_in_force(record),
            terms: view::terms(received.and_then(rules::for_reception), reference),
            promise,
        })
    }

    fn facts(&self, day: NaiveDate) -> Facts<'_> {
        Facts {
            status: self.record.status,
            promise: self.record.promise,
            finished: self.record.finished_at.map(|moment| moment.date()),
            as_of: day,
            letters: &self.letters,
            moved_after_letter: view::moved_after_letter(
                self.record.history.iter().map(|entry| entry.cause),
            ),
        }
    }

    /// `case.overdue` once for each promise; `apology.reminder` when the days before it have come, and on the last lawful
    /// day for a letter.
    fn stage(&self, day: NaiveDate) -> Option<Stage> {
        let facts = self.facts(day);
        if apology::is_broken(&facts) {
            return Some(Stage::Overdue);
        }
        self.record.received_at?;
        let standing = apology::assess_under(&facts, self.terms, &self.reference.calendar);
        Some(Stage::Reminder(match standing.reminder {
            Reminder::None => return None,
            Reminder::Due => "due",
            Reminder::LastDay => "last_day",
            Reminder::Passed => "passed",
        }))
    }

    fn event(&self, today: NaiveDate) -> Option<Found> {
        let about = format!("{}/{}", self.record.code, iso_date(self.promise));
        let mut data = of_case(
            self.record,
            self.reference,
            self.promise,
            &self.facts(today),
        );
        let (kind, about) = match self.stage(today)? {
            Stage::Overdue => (CASE_OVERDUE, about),
            Stage::Reminder(stage) => {
                let lead = self.terms.lead_days;
                let last = lawful_until(self.promise, lead, &self.reference.calendar);
                data["stage"] = json!(stage);
                data["last_lawful_day"] = json!(last.map(|last| iso_date(last.date)));
                data["last_lawful_day_settled"] =
                    json!(last.is_some_and(|last| last.in_working_days));
                (APOLOGY_REMINDER, format!("{about}/{stage}"))
            }
        };
        Some(Found {
            kind,
            about,
            agency: self.record.agency.clone(),
            data,
        })
    }

    /// The next day on which something else is to be told, if nobody writes the case before.
    fn next(&self, today: NaiveDate) -> Option<NaiveDate> {
        let now = self.stage(today);
        let tomorrow = today.succ_opt()?;
        // Nothing is told earlier than so many working days before the promise, and no run of days off comes near a
        // month (`apology::lawful_until` counts on it): a promise of the year 9999 costs no more than one of next year.
        let ahead = DAYS_OFF * u64::from(self.terms.remind_days + self.terms.lead_days + 1);
        let first = self
            .promise
            .checked_sub_days(Days::new(ahead))
            .map_or(tomorrow, |day| day.max(tomorrow));
        first
            .iter_days()
            .take_while(|day| *day <= self.promise.succ_opt().unwrap_or(NaiveDate::MAX))
            .find(|day| {
                let then = self.stage(*day);
                then.is_some() && then != now
            })
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    /// The case ends while it is judged: that it was overdue is not told any more.
    #[test]
    fn what_was_found_of_a_case_that_was_written_meanwhile_is_not_told() {
        let directory = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", directory.path().join("test.db").display());
        let store = Store::open(&address).unwrap();
        let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
        let now = day(15).and_hms_opt(9, 0, 0).unwrap();
        let mut case = CaseRecord::new("H98.1-261005-0001");
        case.status = CaseStatus::Processing;
        case.promise = Some(day(14));
        let found = |case: &CaseRecord| Judged {
            code: case.code.clone(),
            event: Some(Found {
                kind: CASE_OVERDUE,
                about: format!("{}/2026-10-14", case.code),
                agency: "H98.1".into(),
                data: json!({}),
            }),
            next: None,
        };
        let mut ended = case.clone();
        ended.status = CaseStatus::Returned;
        let told = store.write_now(move |writer| {
            writer.put_case(&case)?;
            writer.take_looks(now.date(), 1)?;
            let judged = [found(&case)];
            writer.put_case(&ended)?;
            let ended = settle(writer, &judged, now)?;
            // As it would have been told, had nobody written it.
            writer.put_case(&case)?;
            writer.take_looks(now.date(), 1)?;
            let open = settle(writer, &judged, now)?;
            Ok::<_, StoreError>((ended.overdue, open.overdue))
        });
        assert_eq!(told.unwrap(), (0, 1));
    }
}
