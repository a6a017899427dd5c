//! Ratings: a ballot and answers, nothing else. The same ballot again is the same rating.
//!
//! A rating is safe in the waiting room before it is acknowledged, and enters the database in company (`waiting`).

use std::collections::HashSet;

use chrono::NaiveDate;
use dung_hen_ballot::Number;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::integrity::Counted;
use dung_hen_domain::satisfaction::{Criterion, INSTRUMENT, Level, SatisfactionFactor};
use dung_hen_domain::wire::{
    Answers, Ballot, CorrectionRequest, MAX_COMMENT, RatingReceipt, RatingRequest,
};
use dung_hen_domain::words::Lang;

use super::ballot::{bytes, issuer};
use super::integrity;
use super::sheet;
use crate::error::AppError;
use crate::figures::satisfaction;
use crate::keys::{Digest, Purpose, handle, random};
use crate::state::AppState;
use crate::waiting::{Comment, Correction, Entry, Rating, Said, WaitingRoom, correct_until, month};

/// Checks and keeps a rating; every refusal is counted.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ratings`.
pub async fn store(state: &AppState, request: &RatingRequest) -> Result<RatingReceipt, AppError> {
    let mut agency = String::new();
    let outcome = keep(state, request, &mut agency).await;
    match &outcome {
        // Counted as stored together with it.
        Ok(receipt) if !receipt.repeated => {
            // The rating is safe; what goes wrong here is tried again with the next one and by the clock.
            if let Err(error) = settle(state).await {
                tracing::error!(
                    error.kind = error.code(),
                    "ratings could not enter the database"
                );
            }
        }
        Ok(_) => uncounted(integrity::count(state, &agency, Counted::Repeated).await),
        Err(error) => uncounted(integrity::refused(state, &agency, error).await),
    }
    outcome
}

/// Checks and keeps other answers for a rating, for whoever holds its number.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ratings/corrections`.
pub async fn correct(
    state: &AppState,
    request: &CorrectionRequest,
) -> Result<RatingReceipt, AppError> {
    let mut agency = String::new();
    let outcome = put_right(state, request, &mut agency).await;
    match &outcome {
        Ok(_) => uncounted(integrity::count(state, &agency, Counted::Corrected).await),
        Err(error) => uncounted(integrity::refused(state, &agency, error).await),
    }
    outcome
}

/// What the citizen is told stands: it is on the disk, or refused, whether it could be counted or not.
fn uncounted(counted: Result<(), AppError>) {
    if let Err(error) = counted {
        tracing::error!(error.kind = error.code(), "a rating could not be counted");
    }
}

/// Names the agency of the label once the label is known to be ours.
async fn keep(
    state: &AppState,
    request: &RatingRequest,
    agency: &mut String,
) -> Result<RatingReceipt, AppError> {
    let today = state.now().date();
    let (number, label) = genuine(state, &request.ballot)?;
    agency.clone_from(&label.agency);
    valid(&label, today)?;
    let (said, instrument, language) = answers(&request.answers)?;
    let comment = comment(&request.answers, &label)?;
    let spent = spent(state, &number);
    let mut room = state.waiting.enter().await.map_err(disk)?;
    if let Some(kept) = room.rating(&spent) {
        if kept.said != said || kept.instrument != instrument {
            return Err(AppError::BallotSpent);
        }
        // It may be on its way to the disk still.
        let moment = room.moment();
        drop(room);
        state.waiting.on_disk(moment).await.map_err(disk)?;
        return Ok(receipt(state, &number, true, today));
    }
    let handles = handles(&room.live_keys(today).map_err(disk)?, &number);
    let kept = state
        .store
        .find(move |store| store.spent_ballot(&spent, &handles).map_err(AppError::from))
        .await?;
    if let Some(kept) = kept {
        let same = kept.is_some_and(|kept| kept.said == said && kept.instrument == instrument);
        return if same {
            Ok(receipt(state, &number, true, today))
        } else {
            Err(AppError::BallotSpent)
        };
    }
    let week = tokio::task::block_in_place(|| room.week_key(today)).map_err(disk)?;
    let rating = Rating {
        spent,
        handle: handle(&week, number.as_bytes()),
        label: label.to_text(),
        instrument,
        language,
        said,
    };
    let entry = Entry {
        rating: Some(rating),
        comment,
        ..Entry::default()
    };
    tokio::task::block_in_place(|| room.keep(entry)).map_err(disk)?;
    let mut kinds = vec![(Counted::Stored, 1)];
    // A demonstration may play at a moment that stands still.
    if !state.demo {
        let settings = &state.reference.province.integrity;
        kinds.extend(room.odd(agency, &spent, state.now(), settings));
    }
    if let Err(error) = integrity::count_in(&mut room, agency, today, &kinds) {
        // Neither kept nor counted: the element sends it again.
        room.take_back(&spent);
        return Err(error);
    }
    let moment = room.moment();
    drop(room);
    if let Err(error) = state.waiting.on_disk(moment).await {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        room.take_back(&spent);
        integrity::count_in(&mut room, agency, today, &[(Counted::Stored, -1)])?;
        return Err(disk(error));
    }
    Ok(receipt(state, &number, false, today))
}

async fn put_right(
    state: &AppState,
    request: &CorrectionRequest,
    agency: &mut String,
) -> Result<RatingReceipt, AppError> {
    let today = state.now().date();
    let number = Number::parse(&request.number).map_err(|_| AppError::ReceiptMistyped)?;
    let (said, instrument, language) = answers(&request.answers)?;
    let spent = spent(state, &number);
    let mut room = state.waiting.enter().await.map_err(disk)?;
    if let Some(kept) = room.rating(&spent).cloned() {
        let label = BallotLabel::parse(&kept.label).unwrap_or_default();
        agency.clone_from(&label.agency);
        let entry = Entry {
            comment: comment(&request.answers, &label)?,
            rating: Some(Rating {
                said,
                instrument,
                language,
                ..kept
            }),
            ..Entry::default()
        };
        let moment = tokio::task::block_in_place(|| room.keep(entry)).map_err(disk)?;
        drop(room);
        state.waiting.on_disk(moment).await.map_err(disk)?;
        return Ok(receipt(state, &number, false, today));
    }
    let handles = handles(&room.live_keys(today).map_err(disk)?, &number);
    let asked = handles.clone();
    let kept = state
        .store
        .read(move |store| store.rating(&asked).map_err(AppError::from))
        .await?
        .ok_or(AppError::RatingNotCorrectable)?;
    agency.clone_from(&kept.label.agency);
    let entry = Entry {
        comment: comment(&request.answers, &kept.label)?,
        correction: Some(Correction {
            handle: kept.handle,
            instrument,
            language,
            said,
        }),
        ..Entry::default()
    };
    let moment = tokio::task::block_in_place(|| room.keep(entry)).map_err(disk)?;
    drop(room);
    state.waiting.on_disk(moment).await.map_err(disk)?;
    Ok(receipt(state, &number, false, today))
}

fn spent(state: &AppState, number: &Number) -> Digest {
    state.keys.hash(Purpose::Spent, &[number.as_bytes()])
}

fn handles(keys: &[Digest], number: &Number) -> Vec<Digest> {
    keys.iter()
        .map(|key| handle(key, number.as_bytes()))
        .collect()
}

fn receipt(state: &AppState, number: &Number, repeated: bool, today: NaiveDate) -> RatingReceipt {
    RatingReceipt {
        receipt: number.groups().collect::<Vec<_>>().join("-"),
        repeated,
        correct_until: iso_date(correct_until(today)),
        more: sheet::invited(state, number)
            .map(ToOwned::to_owned)
            .collect(),
    }
}

/// The waiting room could not be read or written.
pub fn disk(error: std::io::Error) -> AppError {
    tracing::error!(error.kind = ?error.kind(), "the waiting room failed");
    AppError::StoreUnavailable
}

/// The number and the label of a ballot that this server gave.
fn genuine(state: &AppState, ballot: &Ballot) -> Result<(Number, BallotLabel), AppError> {
    let number = Number::parse(&ballot.number).map_err(|_| AppError::BallotInvalid)?;
    let label = BallotLabel::parse(&ballot.label).ok_or(AppError::BallotInvalid)?;
    let output = bytes(&ballot.output).ok_or(AppError::BallotInvalid)?;
    let quarter = label.quarter().ok_or(AppError::BallotInvalid)?;
    let issuer = issuer(&state.keys, &quarter)?;
    if !issuer.fits(number.as_bytes(), ballot.label.as_bytes(), &output) {
        return Err(AppError::BallotInvalid);
    }
    Ok((number, label))
}

/// The number and the label of a ballot that is good today.
pub(super) fn ballot(
    state: &AppState,
    ballot: &Ballot,
    today: NaiveDate,
) -> Result<(Number, BallotLabel), AppError> {
    let (number, label) = genuine(state, ballot)?;
    valid(&label, today)?;
    Ok((number, label))
}

/// Whether a ballot of this label is good today.
fn valid(label: &BallotLabel, today: NaiveDate) -> Result<(), AppError> {
    match quarters_ago(&label.period, today) {
        0 | 1 => Ok(()),
        ago if ago < 0 => Err(AppError::BallotNotYetValid),
        _ => Err(AppError::BallotExpired),
    }
}

/// How many quarters before the one of `today`.
fn quarters_ago(quarter: &str, today: NaiveDate) -> i32 {
    let index = |period: &str| {
        let label = BallotLabel {
            period: period.to_owned(),
            ..BallotLabel::default()
        };
        let quarter = label.quarter()?;
        let (year, quarter) = quarter.split_once("-Q")?;
        Some(year.parse::<i32>().ok()? * 4 + quarter.parse::<i32>().ok()?)
    };
    match (index(&month(today)), index(quarter)) {
        (Some(now), Some(then)) => now - then,
        _ => i32::MAX,
    }
}

fn answers(answers: &Answers) -> Result<(Said, String, String), AppError> {
    if answers.instrument != INSTRUMENT {
        return Err(AppError::UnknownInstrument);
    }
    let level = |level: u8| {
        Level::new(level)
            .map(Level::get)
            .ok_or(AppError::AnswerOutOfRange)
    };
    let mut factors = [None; 5];
    for answer in &answers.factors {
        let factor =
            SatisfactionFactor::from_name(&answer.factor).ok_or(AppError::AnswerOutOfRange)?;
        let slot = &mut factors[factor as usize];
        if slot.replace(level(answer.level)?).is_some() {
            return Err(AppError::AnswerOutOfRange);
        }
    }
    let bad = |factor: SatisfactionFactor| factors[factor as usize].is_some_and(|level| level <= 2);
    let mut wrong = SatisfactionFactor::ALL
        .iter()
        .any(|f| bad(*f))
        .then_some(0u16);
    for name in &answers.wrong {
        let criterion = Criterion::from_name(name).ok_or(AppError::AnswerOutOfRange)?;
        let bit = 1u16 << criterion as u16;
        // Asked after a bad factor only; each named once.
        match &mut wrong {
            Some(named) if bad(criterion.factor()) && *named & bit == 0 => *named |= bit,
            _ => return Err(AppError::AnswerOutOfRange),
        }
    }
    let said = Said {
        overall: level(answers.overall)?,
        factors,
        wrong,
    };
    let language = Lang::from_tag(&answers.language).tag().to_owned();
    Ok((said, INSTRUMENT.to_owned(), language))
}

fn comment(answers: &Answers, label: &BallotLabel) -> Result<Option<Comment>, AppError> {
    let text: String = answers
        .comment
        .as_deref()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    let text = text.trim();
    if text.chars().count() > MAX_COMMENT {
        return Err(AppError::CommentTooLong);
    }
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(Comment {
        id: random().map_err(|_| AppError::Internal("randomness"))?,
        agency: label.agency.clone(),
        level: label.level.clone(),
        language: Lang::from_tag(&answers.language).tag().to_owned(),
        text: text.to_owned(),
    }))
}

/// Lets into the database what has company, and erases it here.
///
/// # Errors
/// [`AppError::Internal`]; nothing is lost then.
pub async fn settle(state: &AppState) -> Result<(), AppError> {
    let mut room = state.waiting.enter().await.map_err(disk)?;
    // All groups of a kind enter in one transaction; ratings and comments never in the same.
    let groups = room.ready().map_err(disk)?;
    if !groups.is_empty() {
        let gone: HashSet<Digest> = groups.iter().flatten().map(|rating| rating.spent).collect();
        let known = state
            .store
            .write(move |store| {
                let mut known = 0;
                for group in &groups {
                    known += store.add_ratings(group)?;
                }
                Ok::<_, AppError>(known)
            })
            .await?;
        leave(&mut room, |entry| {
            entry.rating.take_if(|rating| gone.contains(&rating.spent));
        })?;
        // Another server, with a room of its own, was handed the same rating, and it entered from there.
        let today = state.now().date();
        integrity::count_in(&mut room, "", today, &[(Counted::RepeatedLater, known)])?;
    }
    let groups = room.comments_ready().map_err(disk)?;
    if !groups.is_empty() {
        let gone: HashSet<Digest> = groups.iter().flatten().map(|comment| comment.id).collect();
        state
            .store
            .write(move |store| {
                groups
                    .iter()
                    .try_for_each(|group| store.add_comments(group).map_err(AppError::from))
            })
            .await?;
        leave(&mut room, |entry| {
            entry.comment.take_if(|comment| gone.contains(&comment.id));
        })?;
    }
    Ok(())
}

/// Takes out of each entry what has entered the database.
pub(super) fn leave(room: &mut WaitingRoom, take: impl Fn(&mut Entry)) -> Result<(), AppError> {
    tokio::task::block_in_place(|| {
        room.remove(|entry| {
            let mut left = entry.clone();
            take(&mut left);
            left
        })
    })
    .map_err(disk)
}

/// What only time brings: ratings that a power cut left in both places, corrections (once a day, so that no moment
/// tells whose they are), labels whose period is over and that found no company, keys that are over, and the step of
/// the day in what is published.
///
/// # Errors
/// [`AppError::Internal`]; nothing is lost then, and the next time does it.
pub async fn keep_house(state: &AppState) -> Result<(), AppError> {
    let today = state.now().date();
    {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        room.live_keys(today).map_err(disk)?;
        let waiting: Vec<(Digest, Digest)> = room
            .all_ratings()
            .map(|rating| (rating.spent, rating.handle))
            .collect();
        let (gone, elsewhere) = state
            .store
            .read(move |store| {
                let spent: Vec<Digest> = waiting.iter().map(|(spent, _)| *spent).collect();
                let gone = store.spent_among(&spent)?;
                // Handles are of this room: a row without one entered from another.
                let mut elsewhere = 0;
                for (_, handle) in waiting.iter().filter(|(spent, _)| gone.contains(spent)) {
                    elsewhere += i64::from(store.rating(&[*handle])?.is_none());
                }
                Ok::<_, AppError>((gone, elsewhere))
            })
            .await?;
        leave(&mut room, |entry| {
            entry.rating.take_if(|rating| gone.contains(&rating.spent));
        })?;
        integrity::count_in(&mut room, "", today, &[(Counted::RepeatedLater, elsewhere)])?;
        let corrections = room.waiting_corrections().map_err(disk)?;
        if !corrections.is_empty() {
            let applied: Vec<Digest> = corrections.iter().map(|one| one.handle).collect();
            state
                .store
                .write(move |store| store.correct_ratings(&corrections).map_err(AppError::from))
                .await?;
            leave(&mut room, |entry| {
                entry
                    .correction
                    .take_if(|one| applied.contains(&one.handle));
            })?;
        }
        let week_ago = today - chrono::Days::new(7);
        let over = |label: &BallotLabel| label.is_over(week_ago);
        while tokio::task::block_in_place(|| room.coarsen(over)).map_err(disk)? {}
    }
    settle(state).await?;
    // What is published moves last: with all that has entered and been corrected by now.
    let stepped = state
        .store
        .write(move |store| satisfaction::take_step(store, today).map_err(AppError::from))
        .await?;
    if let Some(done) = stepped {
        tracing::info!(
            answers.moved = done.moved,
            answers.waiting = done.waiting,
            "the step of satisfaction is taken"
        );
        // Once a day, as the step is.
        sheet::settle(state).await?;
    }
    integrity::hand_over(state).await
}
