//! The officer's list, and the letters that agencies have signed.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use dung_hen_domain::apology::{ApologyState, lawful_until, postponement_numbers};
use dung_hen_domain::calendar::Knowledge;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{IsoDate, IsoMoment, iso_date, parse_date};
use dung_hen_domain::deadline::Answer;
use dung_hen_domain::letter::signed_by;
use dung_hen_domain::letter_check::{Context, Draft, LetterFault, LetterFlag, faults, flags};
use dung_hen_domain::promise::{Comparison, compare};
use dung_hen_domain::rules;
use dung_hen_domain::wire::{
    DueCase, DueCause, DueList, DueRequest, DueState, LetterDraft, LetterRecorded, LetterRequest,
    MAX_EVIDENCE, Text, Told,
};

use super::officer::Officer;
use super::{access, told};
use crate::config::Role;
use crate::error::AppError;
use crate::figures::{Counting, Ledger};
use crate::outgoing;
use crate::reference::Reference;
use crate::state::AppState;
use crate::store::{CaseRecord, DueEntry, LetterEntry};
use crate::view;

/// Most working days ahead that can be asked for.
pub const MAX_DAYS: u32 = 20;
/// Cases on one page of the list.
pub const PAGE: u32 = 100;

/// The cases due within some working days, and those overdue for which no letter names a date to come; or, where asked
/// for, those finished late whose letter is still owed.
///
/// # Errors
/// [`AppError::RoleMissing`]; [`AppError::AgencyUnknown`] for another agency than the officer's.
pub async fn due_list(
    state: &AppState,
    officer: &Officer,
    asked: DueRequest,
) -> Result<DueList, AppError> {
    officer.must(Role::Letters)?;
    let agency = match asked.agency.filter(|agency| !agency.is_empty()) {
        Some(agency) if officer.sees(&agency) => Some(agency),
        Some(_) => return Err(AppError::AgencyUnknown),
        None => officer.agency.clone(),
    };
    let days = asked
        .days
        .unwrap_or(dung_hen_domain::timeliness::DUE_SOON_WORKING_DAYS)
        .min(MAX_DAYS);
    let now = state.now();
    let until = horizon(now.date(), days, &state.reference);
    let late = asked.finished_late;
    let until = if late { now.date() } else { until };
    let after = asked.after.as_deref().and_then(read_place);
    let gateways = told::gateways(&state.reference.province);
    let (records, more, total) = state
        .store
        .read(move |reader| {
            let after = after
                .as_ref()
                .map(|(promise, code)| (*promise, code.as_str()));
            let agency = agency.as_deref();
            let (mut found, total) = if late {
                let found = reader.cases_finished_late(agency, until, after, PAGE + 1)?;
                (found, reader.count_cases_finished_late(agency, until)?)
            } else {
                let found = reader.cases_due(agency, until, after, PAGE + 1)?;
                (found, reader.count_cases_due(agency, until)?)
            };
            let more = found.len() > PAGE as usize;
            found.truncate(PAGE as usize);
            let mut records = Vec::with_capacity(found.len());
            for record in found {
                let told = told::of(reader, &record.code, &gateways)?;
                records.push((record, told));
            }
            Ok::<_, AppError>((records, more, total))
        })
        .await?;
    let next = records
        .last()
        .filter(|_| more)
        .and_then(|(last, _)| Some(format!("{}~{}", iso_date(last.promise?), last.code)));
    Ok(DueList {
        as_of: IsoMoment(now),
        days,
        until: IsoDate(until),
        cases: records
            .into_iter()
            .filter_map(|(record, told)| due_case(record, told, &state.reference, now))
            .collect(),
        total,
        next,
    })
}

fn read_place(text: &str) -> Option<(NaiveDate, String)> {
    let (promise, code) = text.split_once('~')?;
    Some((parse_date(promise)?, code.to_owned()))
}

/// The last day of the list. Days that are not settled are taken as off, so that the list is rather too long.
fn horizon(today: NaiveDate, days: u32, reference: &Reference) -> NaiveDate {
    let mut day = today;
    let mut left = days;
    // Twenty working days never span three months.
    for _ in 0..90 {
        if left == 0 {
            break;
        }
        let Some(next) = day.succ_opt() else { break };
        day = next;
        let working =
            matches!(reference.calendar.day(day), Knowledge::Settled(kind) if kind.is_working());
        left -= u32::from(working);
    }
    day
}

/// A case as the officer sees it; `None` without a promise or a day of reception.
fn due_case(
    record: CaseRecord,
    told: Option<Vec<Told>>,
    reference: &Reference,
    now: NaiveDateTime,
) -> Option<DueCase> {
    let record = &record;
    let context = context(record, reference, now)?;
    let agency = view::agency(record, reference);
    let set = rules::for_reception(record.received_at?.date());
    let terms = view::terms(set, reference);
    let last = lawful_until(context.promise, terms.lead_days, &reference.calendar);
    let lawful = last.map(|last| last.date);
    let today = now.date();
    let revised = (context.replaces != context.promise).then_some(context.replaces);
    let state = if context.finished.is_some() {
        DueState::FinishedLate
    } else if revised.is_some() {
        DueState::NewDateNear
    } else if today > context.promise {
        DueState::Overdue
    } else if lawful == Some(today) {
        DueState::LastDay
    } else if lawful.is_some_and(|last| today > last) {
        DueState::LetterLate
    } else {
        DueState::DueSoon
    };
    let received = record.received_at.map(|moment| IsoDate(moment.date()));
    let procedure = view::procedure(record, reference);
    Some(DueCase {
        case_code: record.code.clone(),
        agency: record.agency.clone(),
        agency_name: agency.name.clone(),
        state: state.into(),
        received,
        first_promise: record.first_promise.map(IsoDate),
        promise: IsoDate(context.promise),
        revised_due: revised.map(IsoDate),
        finished: context.finished.map(IsoDate),
        last_lawful_day: lawful.map(IsoDate),
        last_lawful_day_settled: last.is_some_and(|last| last.in_working_days),
        promise_later_than: limit_ends(record, reference).map(IsoDate),
        told,
        letter: LetterDraft {
            form: set
                .map(|set| set.apology_form.value.name_vi().to_owned())
                .unwrap_or_default(),
            agency: agency.name,
            case_code: record.code.clone(),
            procedure: procedure.name,
            field: procedure.field,
            received,
            previous_due: IsoDate(context.replaces),
            unit: record.detail.unit.clone(),
            letters: context.postponed,
            outside_rule: context.postponed >= context.allowed,
            basis: set.map_or_else(Text::default, |set| {
                Text::both(|lang| set.apology.words(lang))
            }),
        },
    })
}

/// One case, with the fields of its letter.
///
/// # Errors
/// [`AppError::RoleMissing`]; [`AppError::CaseNotFound`], also for a case that is not the officer's to see;
/// [`AppError::LetterNotOwed`].
pub async fn one(state: &AppState, officer: &Officer, code: &str) -> Result<DueCase, AppError> {
    officer.must(Role::Letters)?;
    let code = access::read_code(state, code).await?;
    let gateways = told::gateways(&state.reference.province);
    let (record, told) = state
        .store
        .read(move |reader| {
            let record = reader.find_case(code.as_str())?;
            let told = told::of(reader, code.as_str(), &gateways)?;
            Ok::<_, AppError>(record.map(|record| (record, told)))
        })
        .await?
        .filter(|(record, _)| officer.sees(&record.agency))
        .ok_or(AppError::CaseNotFound)?;
    let now = state.now();
    Some(record)
        .filter(|record| may_take(record, &state.reference, now))
        .and_then(|record| due_case(record, told, &state.reference, now))
        .ok_or(AppError::LetterNotOwed)
}

/// Whether a letter may be recorded: about a case that is open, or one that was finished late while none had come.
fn may_take(record: &CaseRecord, reference: &Reference, now: NaiveDateTime) -> bool {
    let status = record.status;
    if status.is_finished() {
        let (assessed, _) = view::assessed(record, reference, now);
        return assessed.state == ApologyState::FinishedLateWithout;
    }
    status.is_received() && !status.is_closed()
}

/// What a letter about this case is checked against.
fn context(record: &CaseRecord, reference: &Reference, now: NaiveDateTime) -> Option<Context> {
    let promise = record.promise?;
    let received = record.received_at?;
    let letters = view::letters_in_force(record);
    let named = letters.iter().rev().find_map(|letter| letter.revised_due);
    let moved = view::moved_after_letter(record.history.iter().map(|entry| entry.cause));
    let postponed = postponement_numbers(&letters)
        .into_iter()
        .max()
        .unwrap_or(0)
        .saturating_add(u32::from(moved));
    let set = rules::for_reception(received.date());
    Some(Context {
        started: record.period_start.unwrap_or(received).date(),
        promise,
        replaces: named.unwrap_or(promise),
        letter_out: !letters.is_empty(),
        postponed,
        allowed: view::terms(set, reference).postponements,
        finished: (record.status.is_finished())
            .then_some(record.finished_at)
            .flatten()
            .map(|end| end.date()),
        as_of: now.date(),
    })
}

/// The case as it stood when its letter at this place was recorded, as far as a letter is checked against it.
fn before(record: &CaseRecord, at: usize) -> CaseRecord {
    let mut before = record.clone();
    let revised = before.letters.get(at).and_then(|letter| letter.revised_due);
    before.letters.truncate(at);
    let named = |entry: &DueEntry| entry.cause == DueCause::Apology && Some(entry.due) == revised;
    if let Some(place) = before.history.iter().position(named) {
        let later = before.history.split_off(place);
        let promised =
            |entry: &&DueEntry| matches!(entry.cause, DueCause::Receipt | DueCause::Supplement);
        // Papers that came in since have begun another period.
        if later
            .iter()
            .any(|entry| entry.cause == DueCause::Supplement)
        {
            before.period_start = None;
            before.promise = before.history.iter().rfind(promised).map(|entry| entry.due);
        }
    }
    before
}

/// Where the promise in force is later than the published limit: the day on which that ends.
fn limit_ends(record: &CaseRecord, reference: &Reference) -> Option<NaiveDate> {
    let computed = view::deadline::computed(record, reference)?.ok()?;
    let later = compare(record.promise, &computed.answer) == Comparison::Later;
    match computed.answer {
        Answer::Due(deadline) if later => Some(deadline.due),
        _ => None,
    }
}

/// Records a letter that the agency has signed; its holder sees it at once.
///
/// # Errors
/// [`AppError::RoleMissing`]; [`AppError::CaseNotFound`] for a case that is not the officer's to see;
/// [`AppError::LetterRefused`], [`AppError::LetterNeedsConfirmation`], [`AppError::LetterExists`].
pub async fn record(
    state: &AppState,
    officer: &Officer,
    request: &LetterRequest,
) -> Result<LetterRecorded, AppError> {
    officer.must(Role::Letters)?;
    let code = access::read_code(state, &request.case_code).await?;
    let day = |text: &str, fault: LetterFault| {
        parse_date(text.trim())
            .filter(|day| (2000..2200).contains(&day.year()))
            .ok_or(fault)
    };
    let issued = day(&request.issued, LetterFault::IssuedUnread);
    let revised_due = Some(request.revised_due.as_str())
        .filter(|text| !text.trim().is_empty())
        .map(|text| day(text, LetterFault::NewDateUnread))
        .transpose();
    let (issued, revised_due) = match (issued, revised_due) {
        (Ok(issued), Ok(revised_due)) => (issued, revised_due),
        (issued, revised_due) => {
            let unread = [issued.err(), revised_due.err()];
            return Err(AppError::LetterRefused(
                unread.into_iter().flatten().collect(),
            ));
        }
    };
    let evidence = request.evidence.trim();
    if evidence.is_empty() || evidence.chars().count() > MAX_EVIDENCE {
        return Err(AppError::EvidenceMissing);
    }
    let (letter, evidence) = (request.clone(), evidence.to_owned());
    let (officer, reference, now) = (officer.clone(), state.reference.clone(), state.now());
    let keys = state.keys.clone();
    let counting = Counting::new(&state.reference, now);
    let (found, repeated) = state
        .store
        .write(move |writer| {
            let mut held = writer.hold_cases(&[code.as_str()])?;
            let record = (held.first_mut().map(|kept| &mut kept.record))
                .filter(|record| officer.sees(&record.agency))
                .ok_or(AppError::CaseNotFound)?;
            let entry = LetterEntry {
                issued,
                number: Some(letter.number.trim().to_owned()),
                agency: Some(view::agency(record, &reference).name),
                reason: Some(letter.reason.trim().to_owned()),
                previous_due: None,
                revised_due,
                signer: Some(letter.signer.trim().to_owned()),
                evidence: Some(evidence.clone()),
                recorded_by: Some(officer.name.clone()),
                recorded_at: Some(now),
            };
            let draft = Draft {
                number: &letter.number,
                reason: &letter.reason,
                signer: &letter.signer,
                issued,
                revised_due,
            };
            if let Some((at, known)) = record
                .letters
                .iter()
                .enumerate()
                .find(|(_, known)| known.number == entry.number)
            {
                let same = (
                    known.issued,
                    known.revised_due,
                    &known.reason,
                    &known.signer,
                ) == (issued, revised_due, &entry.reason, &entry.signer);
                if !same {
                    return Err(AppError::LetterExists);
                }
                let context = context(&before(record, at), &reference, now);
                let flags = context.map(|context| flags(&draft, &context, &reference.calendar));
                return Ok((flags.unwrap_or_default(), true));
            }
            let context = context(record, &reference, now).ok_or(AppError::LetterNotOwed)?;
            if !may_take(record, &reference, now) {
                return Err(AppError::LetterNotOwed);
            }
            let faults = faults(&draft, &context);
            if !faults.is_empty() {
                return Err(AppError::LetterRefused(faults));
            }
            let flags = flags(&draft, &context, &reference.calendar);
            let unseen: Vec<LetterFlag> = flags
                .iter()
                .filter(|flag| !letter.confirmed.iter().any(|name| name == flag.name()))
                .copied()
                .collect();
            if !unseen.is_empty() {
                return Err(AppError::LetterNeedsConfirmation(unseen));
            }
            let entry = LetterEntry {
                previous_due: Some(context.replaces),
                ..entry
            };
            outgoing::letters_recorded(writer, [(&*record, &entry)], now)?;
            record.history.extend(revised_due.map(|due| DueEntry {
                named_by: signed_by(entry.signer.as_ref(), entry.agency.as_ref()),
                reason: entry.reason.clone(),
                recorded_by: Some(format!("{}, {}", officer.name, officer.body)),
                ..DueEntry::new(due, now, DueCause::Apology)
            }));
            record.letters.push(entry);
            record.letters.sort_by_key(|letter| letter.issued);
            writer.put_case(record)?;
            let subject = format!("{} {}", record.code, letter.number.trim());
            writer.audit(&keys, now, &officer.actor(), "letter.record", &subject)?;
            let mut ledger = Ledger::default();
            ledger.count_cases(writer, &held, &counting)?;
            ledger.write(writer)?;
            Ok((flags, false))
        })
        .await?;
    let code = access::read_code(state, &request.case_code).await?;
    let record = state
        .store
        .read(move |reader| reader.find_case(code.as_str()).map_err(AppError::from))
        .await?
        .ok_or(AppError::CaseNotFound)?;
    let number = request.number.trim();
    let letter = view::letters(&record, &state.reference)
        .into_iter()
        .find(|letter| letter.number.as_deref() == Some(number))
        .ok_or(AppError::Internal("letter"))?;
    Ok(LetterRecorded {
        letter,
        flags: found.into_iter().map(Into::into).collect(),
        repeated,
    })
}
