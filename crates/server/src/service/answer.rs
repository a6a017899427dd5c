//! Objections as those read them who answer: the hotline all, the inspectorate those about money and conduct, an
//! agency its own without those.

use dung_hen_domain::civil::{IsoDate, IsoMoment};
use dung_hen_domain::wire::{
    AnswerRequest, MAX_OBJECTION_TEXT, ObjectionForOfficer, ObjectionList, ObjectionView,
};

use super::objection::{reference, text};
use super::officer::Officer;
use crate::config::Role;
use crate::error::AppError;
use crate::figures::Ledger;
use crate::outgoing;
use crate::state::AppState;
use crate::store::{AnswerEntry, ObjectionRecord, ObjectionScope};
use crate::view;

/// Objections on one page.
pub const PAGE: u32 = 100;

/// What this officer may read.
fn scope(officer: &Officer) -> Result<ObjectionScope, AppError> {
    if officer.has(Role::Hotline) {
        return Ok(ObjectionScope::All);
    }
    match (
        officer.has(Role::Inspectorate),
        officer.has(Role::Objections),
    ) {
        (true, _) => Ok(ObjectionScope::Confidential),
        (false, true) => Ok(ObjectionScope::Agency(officer.agency.clone())),
        (false, false) => Err(AppError::RoleMissing),
    }
}

/// Whether `scope` holds this objection.
fn within(scope: &ObjectionScope, record: &ObjectionRecord) -> bool {
    match scope {
        ObjectionScope::All => true,
        ObjectionScope::Confidential => record.kind.is_confidential(),
        ObjectionScope::Agency(agency) => {
            !record.kind.is_confidential()
                && agency
                    .as_ref()
                    .is_none_or(|agency| *agency == record.agency)
        }
    }
}

/// Objections without an answer, the oldest first.
///
/// # Errors
/// [`AppError::RoleMissing`].
pub async fn list(
    state: &AppState,
    officer: &Officer,
    after: Option<String>,
) -> Result<ObjectionList, AppError> {
    let scope = scope(officer)?;
    let asked = scope.clone();
    let mut records = state
        .store
        .read(move |reader| {
            let after = after.as_deref().and_then(|place| place.split_once('~'));
            reader
                .open_objections(&asked, after, PAGE + 1)
                .map_err(AppError::from)
        })
        .await?;
    let more = records.len() > PAGE as usize;
    records.truncate(PAGE as usize);
    let now = state.now();
    Ok(ObjectionList {
        as_of: IsoMoment(now),
        next: records.last().filter(|_| more).map(ObjectionRecord::place),
        objections: records
            .into_iter()
            .filter(|record| within(&scope, record))
            .map(|record| {
                let view = view::objection(&record, &state.reference, now);
                ObjectionForOfficer {
                    reference: record.reference,
                    kind: view.kind,
                    agency: record.agency,
                    case_code: record.case_code,
                    received: IsoDate(record.received_at.date()),
                    due: view.due,
                    overdue: view.overdue,
                    text: record.text,
                    contact: record.contact,
                    answers: view.answers,
                }
            })
            .collect(),
    })
}

/// Keeps an answer; its reporter sees it at once. A later one stands beside the first.
///
/// # Errors
/// [`AppError::RoleMissing`]; [`AppError::ObjectionNotFound`], also for one that is not the officer's to read;
/// [`AppError::AnswerMissing`], [`AppError::TextTooLong`].
pub async fn answer(
    state: &AppState,
    officer: &Officer,
    request: &AnswerRequest,
) -> Result<ObjectionView, AppError> {
    let scope = scope(officer)?;
    let reference = reference(&request.reference).ok_or(AppError::ObjectionNotFound)?;
    let said = text(
        Some(&request.text),
        MAX_OBJECTION_TEXT,
        AppError::TextTooLong,
    )?
    .ok_or(AppError::AnswerMissing)?;
    let now = state.now();
    let entry = AnswerEntry {
        answered_at: now,
        body: officer.body.clone(),
        person: officer.name.clone(),
        text: said,
    };
    let (keys, actor) = (state.keys.clone(), officer.actor());
    let record = state
        .store
        .write(move |writer| {
            let mut record = writer
                .find_objection(&reference)?
                .filter(|record| within(&scope, record))
                .ok_or(AppError::ObjectionNotFound)?;
            // The same answer sent again is one answer.
            let last = record.answers.last();
            if last.is_none_or(|last| (&last.person, &last.text) != (&entry.person, &entry.text)) {
                if writer.add_answer(&record.reference, &entry)? {
                    let mut ledger = Ledger::default();
                    ledger.count_answer(&record, entry.answered_at);
                    ledger.write(writer)?;
                }
                record.answers.push(entry.clone());
                outgoing::objection_answered(writer, &record, now)?;
                writer.audit(&keys, now, &actor, "objection.answer", &record.reference)?;
            }
            Ok::<_, AppError>(record)
        })
        .await?;
    Ok(view::objection(&record, &state.reference, now))
}
