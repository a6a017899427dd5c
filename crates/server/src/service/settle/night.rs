//! What only time brings, once a day or after a start: what lets nobody in by itself.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::integrity::Counted;

use super::super::integrity;
use super::{admit, correction, leave, settle_in, soon};
use crate::error::{AppError, disk};
use crate::figures::satisfaction;
use crate::keys::Digest;
use crate::state::AppState;
use crate::store::Admitted;
use crate::waiting::{Comment, Correction, Rating, Turn, WaitingRoom};
use crate::worker::in_place;

/// Those of whom the database is asked at once, at most.
const SLICE: usize = 512;

/// What only time brings: ratings and comments that a power cut left in both places, corrections (once a day, so that no moment
/// tells whose they are), labels whose period is over and that found no company, keys that are over, and the step of
/// the day in what is published.
///
/// # Errors
/// [`AppError::Internal`]; nothing is lost then, and the next time does it.
pub async fn keep_house(state: &AppState) -> Result<(), AppError> {
    let today = state.now().date();
    let turn = state.waiting.turn().await.map_err(disk)?;
    tidy(&turn, state, today).await?;
    corrections(&turn, state).await?;
    {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        let week_ago = today - chrono::Days::new(7);
        let over = |label: &BallotLabel| label.is_over(week_ago);
        while in_place(|| room.coarsen(over)).map_err(disk)? {}
    }
    if settle_in(&turn, state).await.is_err() {
        // It is told and tried again there: no group holds up the rest of this night, and what was corrected need not go
        // over a second time before the next.
        soon(state);
    }
    drop(turn);
    // What is published moves last: with all that has entered and been corrected by now.
    let stepped = state
        .store
        .write(move |store| satisfaction::take_step(store, today).map_err(AppError::from))
        .await?;
    let mut counted = Ok(());
    if let Some(done) = stepped {
        tracing::info!(
            answers.moved = done.moved,
            answers.waiting = done.waiting,
            "the step of satisfaction is taken"
        );
        // Once a day, as the step is.
        counted = sheets(state).await;
    }
    integrity::hand_over(state).await.and(counted)
}

/// Takes out what a power cut left in both places. Nobody is kept out of the room while the database is asked; who lets
/// groups in is, by the turn.
async fn tidy(_turn: &Turn<'_>, state: &AppState, today: NaiveDate) -> Result<(), AppError> {
    let (waiting, commented) = {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        room.live_keys(today, state.clock_holds()).map_err(disk)?;
        let waiting: Vec<Rating> = room.all_ratings().cloned().collect();
        let commented: Vec<Comment> = room.all_comments().cloned().collect();
        (waiting, commented)
    };
    let before: HashMap<Digest, Rating> = waiting
        .iter()
        .map(|rating| (rating.spent, rating.clone()))
        .collect();
    let mut entered = Admitted::default();
    for some in waiting.chunks(SLICE).map(<[_]>::to_vec) {
        let read = state
            .store
            .read(move |store| store.entered(&some).map_err(AppError::from));
        entered.add(read.await?);
    }
    let mut published = HashSet::new();
    for some in commented.chunks(SLICE).map(<[_]>::to_vec) {
        let read = state
            .store
            .read(move |store| store.comments_there(&some).map_err(AppError::from));
        published.extend(read.await?);
    }
    let mut room = state.waiting.enter().await.map_err(disk)?;
    // Corrected while the database was asked: what it has is not what the rating says now.
    let is_outdated = |rating: &Rating| {
        entered.outdated.contains(&rating.spent) || before.get(&rating.spent) != Some(rating)
    };
    let outdated: HashSet<Digest> = room
        .all_ratings()
        .filter(|rating| entered.spent.contains(&rating.spent) && is_outdated(rating))
        .map(|rating| rating.handle)
        .collect();
    leave(&mut room, |entry| {
        entry.comment.take_if(|one| published.contains(&one.id));
        // What the rating itself says is newer.
        entry
            .correction
            .take_if(|one| outdated.contains(&one.handle));
        if let Some(rating) = entry
            .rating
            .take_if(|rating| entered.spent.contains(&rating.spent))
            && outdated.contains(&rating.handle)
        {
            entry.correction = Some(correction(rating));
        }
    })?;
    let later = [(Counted::RepeatedLater, entered.elsewhere)];
    room.count("", today, &later);
    room.leave();
    Ok(())
}

/// Lets the corrections go over. One that is corrected again meanwhile stays: the next night has it.
async fn corrections(_turn: &Turn<'_>, state: &AppState) -> Result<(), AppError> {
    let corrections = {
        let room = state.waiting.enter().await.map_err(disk)?;
        room.waiting_corrections().map_err(disk)?
    };
    if corrections.is_empty() {
        return Ok(());
    }
    let applied: HashMap<Digest, Correction> = corrections
        .iter()
        .map(|one| (one.handle, one.clone()))
        .collect();
    state
        .store
        .write(move |store| store.correct_ratings(&corrections).map_err(AppError::from))
        .await?;
    let mut room = state.waiting.enter().await.map_err(disk)?;
    leave(&mut room, |entry| {
        entry
            .correction
            .take_if(|one| applied.get(&one.handle) == Some(one));
    })
}

/// Counts the sheets that have company, once a day.
///
/// # Errors
/// [`AppError::Internal`]; nothing is lost then.
async fn sheets(state: &AppState) -> Result<(), AppError> {
    // So no other server counts the same.
    let _turn = state.waiting.turn().await.map_err(disk)?;
    let waiting: Vec<Digest> = {
        let room = state.waiting.enter().await.map_err(disk)?;
        room.all_sheets().map(|sheet| sheet.spent).collect()
    };
    // What a power cut left in both places.
    let gone = state
        .store
        .read(move |store| store.sheets_spent(&waiting).map_err(AppError::from))
        .await?;
    let groups = {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        leave_counted(&mut room, &gone)?;
        room.sheets_ready()
    };
    if groups.is_empty() {
        return Ok(());
    }
    let (counted, all) = admit(state, &Arc::new(groups), |store, group| {
        store.add_sheets(group)?;
        Ok(group.iter().map(|sheet| sheet.spent).collect::<Vec<_>>())
    })
    .await;
    let gone: HashSet<Digest> = counted.into_iter().flatten().collect();
    let mut room = state.waiting.enter().await.map_err(disk)?;
    leave_counted(&mut room, &gone)?;
    all
}

fn leave_counted(room: &mut WaitingRoom, gone: &HashSet<Digest>) -> Result<(), AppError> {
    leave(room, |entry| {
        entry.sheet.take_if(|sheet| gone.contains(&sheet.spent));
    })
}
