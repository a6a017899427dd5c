//! Second questionnaires: who is invited, and the sheets that come.
//!
//! The lot is drawn from the ballot's number, under a key of the server. The number is the browser's own, blinded until
//! the rating shows it, and a case has one ballot: so nobody can draw again, neither citizen nor officer knows or
//! chooses, and the lot says nothing about the case. A sheet carries the ballot and its answers, is kept apart from the
//! rating, and is never more than a count in the database.

use dung_hen_ballot::Number;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::satisfaction::instruments::{Instrument, instrument};
use dung_hen_domain::satisfaction::sheet::{SIXTEEN, THREE, chosen};
use dung_hen_domain::wire::{SheetReceipt, SheetRequest};
use dung_hen_domain::words::Lang;

use super::ballot::good_today;
use super::integrity;
use crate::error::{AppError, disk};
use crate::keys::Purpose;
use crate::state::AppState;
use crate::waiting::{Entry, Sheet};
use crate::worker::in_place;

/// The questionnaires that whoever rated with this number is invited to.
pub fn invited(state: &AppState, number: &Number) -> impl Iterator<Item = &'static str> {
    let questions = state.reference.province.questions;
    let lot = state.keys.hash(Purpose::Lot, &[number.as_bytes()]);
    let lot = u32::from_be_bytes([lot[0], lot[1], lot[2], lot[3]]);
    let three = questions.three_levels.then_some(THREE);
    let sixteen = chosen(lot, questions.sixteen_one_in).then_some(SIXTEEN);
    three.into_iter().chain(sixteen)
}

/// Checks and keeps a sheet; every refusal is counted.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ratings/sheets`.
pub async fn store(state: &AppState, request: &SheetRequest) -> Result<SheetReceipt, AppError> {
    let outcome = keep(state, request).await;
    if let Err(error) = &outcome {
        integrity::refused(state, "", error).await;
    }
    outcome
}

async fn keep(state: &AppState, request: &SheetRequest) -> Result<SheetReceipt, AppError> {
    let today = state.now().date();
    let (number, label) = good_today(state, &request.ballot, today)?;
    let asked = instrument(&request.instrument)
        .filter(|asked| asked.has_sheet())
        .ok_or(AppError::UnknownInstrument)?;
    if !invited(state, &number).any(|id| id == asked.id) {
        return Err(AppError::NotInvited);
    }
    let label = BallotLabel {
        period: label.period,
        agency: label.agency,
        level: label.level,
        ..BallotLabel::default()
    };
    let sheet = Sheet {
        spent: state
            .keys
            .hash(Purpose::Sheet, &[number.as_bytes(), asked.id.as_bytes()]),
        label: label.to_text(),
        instrument: asked.id.to_owned(),
        language: Lang::from_tag(&request.language).tag().to_owned(),
        levels: levels(asked, request)?,
    };
    let spent = sheet.spent;
    // Asked before anyone is kept out of the room. One that leaves for the database in between is found there by the
    // night, which counts each once.
    let counted = state
        .store
        .read(move |store| store.sheets_spent(&[spent]).map_err(AppError::from))
        .await?;
    let mut room = state.waiting.enter().await.map_err(disk)?;
    if let Some(kept) = room.sheet(&spent) {
        if *kept != sheet {
            return Err(AppError::BallotSpent);
        }
        // It may be on its way to the disk still.
        let moment = room.vouch().map_err(disk)?;
        drop(room);
        state.waiting.on_disk(moment).await.map_err(disk)?;
        return Ok(SheetReceipt { repeated: true });
    }
    if !counted.is_empty() {
        return Ok(SheetReceipt { repeated: true });
    }
    let entry = Entry {
        sheet: Some(sheet),
        ..Entry::default()
    };
    let moment = in_place(|| room.keep(entry)).map_err(disk)?;
    let others = room.others();
    drop(room);
    if let Err(error) = state.waiting.on_disk(moment).await {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        in_place(move || {
            room.take_back(&spent, others);
            drop(room);
        });
        return Err(disk(error));
    }
    Ok(SheetReceipt { repeated: false })
}

/// A level for each question in the order of the sheet. Every question must be named once, answered or not; a sheet
/// without any answer is none.
fn levels(asked: &Instrument, request: &SheetRequest) -> Result<Vec<Option<u8>>, AppError> {
    let mut left = request.answers.clone();
    let mut levels = Vec::new();
    for question in asked.sheet() {
        let place = left
            .iter()
            .position(|answer| answer.question == question.name())
            .ok_or(AppError::AnswerOutOfRange)?;
        let level = left.swap_remove(place).level;
        if level.is_some_and(|level| !asked.has_level(level)) {
            return Err(AppError::AnswerOutOfRange);
        }
        levels.push(level);
    }
    if !left.is_empty() || levels.iter().all(Option::is_none) {
        return Err(AppError::AnswerOutOfRange);
    }
    Ok(levels)
}
