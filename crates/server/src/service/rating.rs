//! Ratings: a ballot and answers, nothing else. The same ballot again is the same rating.
//!
//! A rating is safe in the waiting room before it is acknowledged; it enters the database in company, for which nobody
//! waits (`settle`).

use std::io;
use std::pin::pin;

use chrono::NaiveDate;
use dung_hen_ballot::Number;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::integrity::Counted;
use dung_hen_domain::satisfaction::{Criterion, INSTRUMENT, Level, SatisfactionFactor};
use dung_hen_domain::wire::{
    Answers, CorrectionRequest, MAX_COMMENT, RatingReceipt, RatingRequest,
};
use dung_hen_domain::words::Lang;

use super::ballot::{genuine, valid};
use super::integrity;
use super::settle;
use super::sheet;
use super::to_its_end::ToItsEnd;
use crate::error::{AppError, disk};
use crate::keys::{Digest, Purpose, handle, random};
use crate::state::AppState;
use crate::waiting::{
    Coming, Comment, Correction, Entered, Entry, Kept, Rating, Said, WaitingRoom, correct_until,
};
use crate::worker::in_place;

/// Checks and keeps a rating; every refusal is counted.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ratings`.
pub async fn store(state: &AppState, request: RatingRequest) -> Result<RatingReceipt, AppError> {
    let state = state.clone();
    // Also where the citizen hangs up: a group that it completes enters, what the disk did not take is taken back, and
    // what became of it is counted.
    ToItsEnd::of(async move {
        let mut agency = String::new();
        let outcome = keep(&state, &request, &mut agency).await;
        match &outcome {
            // Counted as stored together with it.
            Ok(receipt) if !receipt.repeated => {}
            Ok(_) => integrity::count(&state, &agency, Counted::Repeated).await,
            Err(error) => integrity::refused(&state, &agency, error).await,
        }
        outcome
    })
    .await
}

/// Checks and keeps other answers for a rating, for whoever holds its number.
///
/// # Errors
/// As docs/API.md lists them for `POST /api/v1/ratings/corrections`.
pub async fn correct(
    state: &AppState,
    request: CorrectionRequest,
) -> Result<RatingReceipt, AppError> {
    let state = state.clone();
    ToItsEnd::of(async move {
        let mut agency = String::new();
        let outcome = put_right(&state, &request, &mut agency).await;
        match &outcome {
            Ok(_) => integrity::count(&state, &agency, Counted::Corrected).await,
            Err(error) => integrity::refused(&state, &agency, error).await,
        }
        outcome
    })
    .await
}

/// Names the agency of the label once the label is known to be ours.
async fn keep(
    state: &AppState,
    request: &RatingRequest,
    agency: &mut String,
) -> Result<RatingReceipt, AppError> {
    let today = state.now().date();
    let coming = state.waiting.coming();
    let (number, label) = genuine(state, &request.ballot)?;
    agency.clone_from(&label.agency);
    valid(&label, today)?;
    let (said, instrument, language) = answers(&request.answers)?;
    let comment = comment(&request.answers, &label)?;
    let rating = Rating {
        spent: spent(state, &number),
        // Known when the key of the week is.
        handle: Digest::default(),
        label: label.to_text(),
        instrument,
        language,
        said,
    };
    let placed = place(state, &number, rating, comment, (agency, today), coming).await?;
    Ok(match placed {
        Some(until) => receipt(state, &number, true, until),
        None => receipt(state, &number, false, correct_until(today)),
    })
}

/// What became of a rating at the door.
enum AtDoor {
    /// It is kept; and whether anyone has company enough to enter the database.
    Kept(bool),
    /// It waits already, and says the same; until when it can be corrected.
    Repeated(NaiveDate),
    /// The ballot was used for another one.
    Spent,
    /// It has left for the database meanwhile, perhaps.
    Left,
    /// Too many are on their way.
    Full,
}

/// Finds a rating its place, on the disk; where it had one already, until when it can be corrected.
async fn place(
    state: &AppState,
    number: &Number,
    rating: Rating,
    comment: Option<Comment>,
    (agency, today): (&str, NaiveDate),
    coming: Coming,
) -> Result<Option<NaiveDate>, AppError> {
    let spent = rating.spent;
    let mut coming = Some(coming);
    let until = tokio::time::Instant::now() + state.waiting.patience();
    let mut missed = 0;
    loop {
        let mut relieved = pin!(state.waiting.relieved().notified());
        relieved.as_mut().enable();
        // Whoever leaves the room is in the database before: so one of the two knows the ballot, or nobody does.
        let departed = state.waiting.departed();
        if entered(state, spent).await? {
            return same_in_database(state, number, &rating, today)
                .await
                .map(Some);
        }
        let kept = Kept::default();
        let came = Came {
            state: state.clone(),
            number: *number,
            rating: rating.clone(),
            comment: comment.clone(),
            agency: agency.to_owned(),
            today,
            departed,
            kept: kept.clone(),
        };
        let at_door = if missed < 2 {
            let keep = move |room: &mut WaitingRoom| came.keep(room);
            state.waiting.keeping_of(coming.take(), keep).await
        } else {
            // Servers that share the room let it change all the time: this one keeps them out while it asks.
            came.ask_inside(state).await?
        };
        // Written, numbers and all, and then the wait for the disk failed.
        if at_door.is_err() && kept.is_there() {
            let mut room = state.waiting.enter().await.map_err(disk)?;
            in_place(move || {
                room.take_back_kept(&kept);
                drop(room);
            });
        }
        match at_door.map_err(disk)? {
            AtDoor::Kept(company) => {
                if company {
                    settle::soon(state);
                }
                return Ok(None);
            }
            AtDoor::Repeated(until) => return Ok(Some(until)),
            AtDoor::Spent => return Err(AppError::BallotSpent),
            AtDoor::Left => missed += 1,
            AtDoor::Full => {
                settle::soon(state);
                if !state.waiting.relief(relieved.as_mut(), until).await {
                    return Err(AppError::StoreUnavailable);
                }
            }
        }
    }
}

/// A rating at the door, with what is needed there.
struct Came {
    state: AppState,
    number: Number,
    rating: Rating,
    comment: Option<Comment>,
    agency: String,
    today: NaiveDate,
    /// How many had left before the database was asked for it.
    departed: u64,
    /// Filled where it was kept by this request and no earlier one.
    kept: Kept,
}

impl Came {
    /// As [`Came::keep`], with the database asked while nobody else is inside.
    async fn ask_inside(mut self, state: &AppState) -> Result<io::Result<AtDoor>, AppError> {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        self.departed = state.waiting.departed();
        if entered(state, self.rating.spent).await? {
            return Ok(Ok(AtDoor::Left));
        }
        // Its numbers are written too before the moment that is waited for; or it is taken back before anyone finds it.
        let at_door = in_place(|| {
            let at_door = self.keep(&mut room);
            room.seal().and(at_door)
        });
        let moment = room.moment();
        room.leave();
        let synced = state.waiting.on_disk(moment).await;
        Ok(synced.and(at_door))
    }

    fn keep(mut self, room: &mut WaitingRoom) -> io::Result<AtDoor> {
        let spent = self.rating.spent;
        if let Some(kept) = room.rating(&spent) {
            let same = kept.said == self.rating.said && kept.instrument == self.rating.instrument;
            if !same {
                return Ok(AtDoor::Spent);
            }
            let kept = kept.handle;
            let until = correctable(
                &room.live_keys(self.today, self.state.clock_holds())?,
                &self.number,
                kept,
            );
            // Where it is on its way to the disk still, the answer waits for it.
            room.vouch()?;
            return Ok(AtDoor::Repeated(until.unwrap_or(self.today)));
        }
        if room.left_since(self.departed, &spent) {
            return Ok(AtDoor::Left);
        }
        if room.unsettled() >= self.state.waiting.room_for() {
            return Ok(AtDoor::Full);
        }
        self.rating.handle = handle(
            &room.week_key(self.today, self.state.clock_holds())?,
            self.number.as_bytes(),
        );
        let entry = Entry {
            rating: Some(self.rating),
            comment: self.comment,
            ..Entry::default()
        };
        room.is_day(self.today)?;
        room.keep(entry)?;
        let mut kinds = vec![(Counted::Stored, 1)];
        // A demonstration may play at a moment that stands still.
        if !self.state.demo {
            let settings = &self.state.reference.province.integrity;
            kinds.extend(room.odd(&self.agency, &spent, self.state.now(), settings));
        }
        room.count_kept(&self.kept, spent, &self.agency, self.today, kinds);
        Ok(AtDoor::Kept(room.has_company()))
    }
}

/// Whether a ballot is spent in the database.
async fn entered(state: &AppState, spent: Digest) -> Result<bool, AppError> {
    let spent = state
        .store
        .find_one(move |store| store.spent_among(&[spent]).map_err(AppError::from))
        .await?;
    Ok(!spent.is_empty())
}

/// The rating that the database has for this ballot says the same, and can be corrected so long; or it is another one.
async fn same_in_database(
    state: &AppState,
    number: &Number,
    rating: &Rating,
    today: NaiveDate,
) -> Result<NaiveDate, AppError> {
    let keys = {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        room.live_keys(today, state.clock_holds()).map_err(disk)?
    };
    let handles = handles(&keys, number);
    let kept = state
        .store
        .find(move |store| store.rating(&handles).map_err(AppError::from))
        .await?;
    let same = kept
        .filter(|kept| kept.said == rating.said && kept.instrument == rating.instrument)
        .ok_or(AppError::BallotSpent)?;
    Ok(correctable(&keys, number, same.handle).unwrap_or(today))
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
    let keys = room.live_keys(today, state.clock_holds()).map_err(disk)?;
    if let Some(kept) = room.rating(&spent).cloned() {
        let until = correctable(&keys, &number, kept.handle).unwrap_or(today);
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
        kept_instead(state, room, entry).await?;
        return Ok(receipt(state, &number, false, until));
    }
    let handles = handles(&keys, &number);
    // Nobody is kept out while the database is asked: whoever has left the room is there for good.
    drop(room);
    let kept = state
        .store
        .read(move |store| store.rating(&handles).map_err(AppError::from))
        .await?
        .ok_or(AppError::RatingNotCorrectable)?;
    agency.clone_from(&kept.label.agency);
    let until = correctable(&keys, &number, kept.handle).unwrap_or(today);
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
    let room = state.waiting.enter().await.map_err(disk)?;
    kept_instead(state, room, entry).await?;
    Ok(receipt(state, &number, false, until))
}

/// Keeps what is said instead, on the disk; a comment of it may be the one that others waited for.
async fn kept_instead(
    state: &AppState,
    mut room: Entered<'_>,
    entry: Entry,
) -> Result<(), AppError> {
    let moment = in_place(|| room.keep(entry)).map_err(disk)?;
    let company = room.has_company();
    drop(room);
    state.waiting.on_disk(moment).await.map_err(disk)?;
    if company {
        settle::soon(state);
    }
    Ok(())
}

fn spent(state: &AppState, number: &Number) -> Digest {
    state.keys.hash(Purpose::Spent, &[number.as_bytes()])
}

fn handles(keys: &[(Digest, NaiveDate)], number: &Number) -> Vec<Digest> {
    keys.iter()
        .map(|(key, _)| handle(key, number.as_bytes()))
        .collect()
}

/// The last day of the key under which a rating has its name, however late it is sent again or corrected. `None` once that
/// key is erased: then it can be corrected only as long as it waits.
fn correctable(keys: &[(Digest, NaiveDate)], number: &Number, name: Digest) -> Option<NaiveDate> {
    let of_name = |(key, _): &&(Digest, NaiveDate)| handle(key, number.as_bytes()) == name;
    keys.iter().find(of_name).map(|(_, until)| *until)
}

fn receipt(state: &AppState, number: &Number, repeated: bool, until: NaiveDate) -> RatingReceipt {
    RatingReceipt {
        receipt: number.groups().collect::<Vec<_>>().join("-"),
        repeated,
        correct_until: iso_date(until),
        more: sheet::invited(state, number)
            .map(ToOwned::to_owned)
            .collect(),
    }
}

/// Whether these answers would be kept with a good ballot: asked before a ballot is given for them.
///
/// # Errors
/// What is wrong with them.
pub fn check(said: &Answers) -> Result<(), AppError> {
    answers(said)?;
    comment(said, &BallotLabel::default())?;
    Ok(())
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
