//! Our notices: each text is issued once, on the day it is first shown, and can be confirmed from then on.

use chrono::NaiveDate;
use dung_hen_domain::civil::IsoDate;
use dung_hen_domain::wire::{HolderView, Notice};
use sha2::{Digest as _, Sha256};

use crate::error::AppError;
use crate::keys::{Digest, readable};
use crate::owed::Shown;
use crate::state::AppState;
use crate::store::NoticeRecord;
use crate::view::apology::{dated, whole};

/// Issues the notice in a view, or finds when it was issued, and writes day, fingerprint and history into it.
///
/// # Errors
/// [`AppError`] of the store.
pub async fn issue(
    state: &AppState,
    view: &mut HolderView,
    today: NaiveDate,
) -> Result<(), AppError> {
    let (Some(draft), Some(promised)) = (view.apology.notice.take(), view.dates_held.promise)
    else {
        return Ok(());
    };
    // Once issued it stands for good: not by a clock that is doubted.
    if !state.clock_holds() {
        return Ok(());
    }
    let number = draft.number.clone();
    let facts: Digest = Sha256::digest(whole(&draft)).into();
    let known = kept(state, &number).await?;
    let record = match known.iter().find(|record| record.facts == facts) {
        Some(record) => record.clone(),
        None => {
            let record = NoticeRecord {
                number: number.clone(),
                facts,
                agency: view.agency.name.clone(),
                promised: promised.0,
                issued: today,
                digest: Sha256::digest(whole(&dated(draft.clone(), today))).into(),
            };
            let shown = Shown {
                notice: record,
                case_code: view.public.case_code.clone(),
                agency: view.agency.code.clone(),
            };
            // Somebody else may have been shown it in the same moment: one day stands, and both are shown that.
            state.owed.shown(&state.store, shown).await?
        }
    };
    let mut history: Vec<IsoDate> = known.iter().map(|record| IsoDate(record.issued)).collect();
    if !known.contains(&record) {
        history.push(IsoDate(record.issued));
    }
    view.apology.notice = Some(Notice {
        fingerprint: fingerprint(&record.digest),
        page: format!("thong-bao/{number}"),
        history,
        ..dated(draft, record.issued)
    });
    Ok(())
}

/// Every text issued under a number, oldest first.
///
/// # Errors
/// [`AppError`] of the store.
pub async fn kept(state: &AppState, number: &str) -> Result<Vec<NoticeRecord>, AppError> {
    // Before the database is asked: what is not owed any more by then is there.
    let owed = state.owed.notices(number);
    let number = number.to_owned();
    let mut all = state
        .store
        .find_one(move |store| store.notices(&number).map_err(AppError::from))
        .await?;
    for one in owed {
        // Another server may have shown the same facts before: the first day stays.
        if all.iter().all(|kept| kept.facts != one.facts) {
            all.push(one);
        }
    }
    all.sort_by_key(|notice| (notice.issued, notice.digest));
    Ok(all)
}

/// A digest as people compare it.
#[must_use]
pub fn fingerprint(digest: &Digest) -> String {
    readable(digest, 3)
}
