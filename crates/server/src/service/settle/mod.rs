//! From the waiting room into the database: groups as soon as they are enough, the rest with time.
//!
//! Nobody who rates waits for it. One task lets in all groups that are there, and then the next ones; what has entered
//! is erased in the room after the commit, so at any moment a rating is in one of the two or in both, never in neither.

mod night;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dung_hen_domain::integrity::Counted;

pub use self::night::keep_house;
use crate::error::{AppError, disk};
use crate::keys::Digest;
use crate::state::AppState;
use crate::store::{Admitted, StoreError, Writer};
use crate::waiting::{AtWork, Correction, Entry, Rating, Turn, WaitingRoom};
use crate::worker::in_place;

/// Between two rounds at least this many times what the first took: who rates needs the disk more.
const REST: u32 = 4;
/// Those who leave the room while nobody else is inside, at most.
const AT_ONCE: usize = 64;
/// The longest such rest.
const LONGEST_REST: Duration = Duration::from_millis(250);
/// While many rate at once a round waits for more: so long in all, with a look now and then.
const WHILE_MANY_RATE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(25);

/// Lets into the database, in the background, what has company; whoever is at it already goes on with that.
pub fn soon(state: &AppState) {
    if let Some(at_work) = state.waiting.begin() {
        tokio::spawn(work_off(state.clone(), at_work));
    }
}

async fn work_off(state: AppState, mut at_work: AtWork) {
    loop {
        let began = Instant::now();
        match settle(&state).await {
            Ok(()) => rest((began.elapsed() * REST).min(LONGEST_REST), &state).await,
            Err(error) => {
                tracing::error!(
                    error.kind = error.code(),
                    "ratings could not enter the database"
                );
                tokio::time::sleep(state.waiting.again()).await;
            }
        }
        if has_company(&state).await {
            continue;
        }
        drop(at_work);
        // Whoever came in between found that somebody was at work.
        if !has_company(&state).await {
            return;
        }
        match state.waiting.begin() {
            Some(again) => at_work = again,
            None => return,
        }
    }
}

/// Each round costs waits for the disk and many enter as easily as few: so the next one comes later while many rate at
/// once, but before there is no room for them.
async fn rest(shortest: Duration, state: &AppState) {
    let began = Instant::now();
    tokio::time::sleep(shortest).await;
    let mut crowd = Crowd::default();
    while began.elapsed() < WHILE_MANY_RATE
        && !state.waiting.is_crowded()
        && crowd.goes_on(state.waiting.many(), state.waiting.pause(), Instant::now())
    {
        tokio::time::sleep(LOOK).await;
    }
}

/// Many who rate at once, as whoever looks now and then sees them.
#[derive(Debug, Default)]
struct Crowd(Option<(u64, Instant)>);

impl Crowd {
    /// Whether somebody came since the look before, or all may still wait for the disk: until they are answered nobody
    /// comes, and that can take longer than a look.
    fn goes_on(&mut self, last: Option<u64>, pause: Duration, now: Instant) -> bool {
        let Some(last) = last else { return false };
        match self.0 {
            Some((before, seen)) if before == last => now.duration_since(seen) < pause,
            _ => {
                self.0 = Some((last, now));
                true
            }
        }
    }
}

async fn has_company(state: &AppState) -> bool {
    let room = state.waiting.enter().await;
    // Where one cannot look, somebody may have.
    room.map_or(true, |room| room.has_company())
}

/// Lets into the database what has company, and erases it in the room.
///
/// # Errors
/// [`AppError::Internal`]; nothing is lost then.
pub async fn settle(state: &AppState) -> Result<(), AppError> {
    let turn = state.waiting.turn().await.map_err(disk)?;
    settle_in(&turn, state).await
}

async fn settle_in(_turn: &Turn<'_>, state: &AppState) -> Result<(), AppError> {
    // All groups of a kind enter in one transaction; ratings and comments never in the same.
    let rated = ratings(state).await;
    // A group of ratings that cannot enter holds up no comment.
    comments(state).await.and(rated)
}

async fn ratings(state: &AppState) -> Result<(), AppError> {
    let groups = {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        in_place(|| room.set_out()).map_err(disk)?
    };
    if groups.is_empty() {
        return Ok(());
    }
    let groups = Arc::new(groups);
    let entering: HashMap<&Digest, &Rating> = groups
        .iter()
        .flatten()
        .map(|rating| (&rating.spent, rating))
        .collect();
    let (entered, all) = admit(state, &groups, |store, group| store.admit_ratings(group)).await;
    let mut admitted = Admitted::default();
    entered.into_iter().for_each(|one| admitted.add(one));
    let left = |entry: &Entry| {
        let mut left = entry.clone();
        left.rating
            .take_if(|rating| admitted.spent.contains(&rating.spent))
            .into_iter()
            .for_each(|rating| {
                // Corrected while it was under way: what entered is not what it says now.
                let before = entering.get(&rating.spent);
                if admitted.outdated.contains(&rating.spent) || before != Some(&&rating) {
                    left.correction = Some(correction(rating));
                }
            });
        left
    };
    let gone: Vec<Digest> = admitted.spent.iter().copied().collect();
    let departed = depart(state, &gone, left).await;
    let mut room = state.waiting.enter().await.map_err(disk)?;
    room.arrived();
    let moment = departed?;
    // Another server, with a room of its own, was handed the same rating, and it entered from there.
    let today = state.now().date();
    let later = [(Counted::RepeatedLater, admitted.elsewhere)];
    room.count("", today, &later);
    room.leave();
    // The zeros are on the disk too.
    let synced = state.waiting.on_disk_with_others(moment).await;
    synced.map_err(disk)?;
    all
}

/// Takes out who has entered, some at a time, so that whoever rates does not wait until all are erased: meanwhile they are
/// in both places. Of whom something is left last and together, with one wait for the disk.
async fn depart(
    state: &AppState,
    gone: &[Digest],
    left: impl Fn(&Entry) -> Entry,
) -> Result<u64, AppError> {
    let whole = |entry: &Entry| {
        let left = left(entry);
        if left.is_empty() { left } else { entry.clone() }
    };
    for some in gone.chunks(AT_ONCE) {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        in_place(|| {
            let departed = room.depart_of(some, whole);
            drop(room);
            departed
        })
        .map_err(disk)?;
    }
    let mut room = state.waiting.enter().await.map_err(disk)?;
    in_place(|| {
        let departed = room.depart_of(gone, left);
        drop(room);
        departed
    })
    .map_err(disk)
}

async fn comments(state: &AppState) -> Result<(), AppError> {
    let groups = {
        let mut room = state.waiting.enter().await.map_err(disk)?;
        in_place(|| room.set_out_comments()).map_err(disk)?
    };
    if groups.is_empty() {
        return Ok(());
    }
    let groups = Arc::new(groups);
    let (there, all) = admit(state, &groups, |store, group| store.admit_comments(group)).await;
    let there: HashSet<Digest> = there.into_iter().flatten().collect();
    let mut room = state.waiting.enter().await.map_err(disk)?;
    let departed = in_place(|| {
        room.depart(|entry| {
            let mut left = entry.clone();
            left.comment.take_if(|one| there.contains(&one.id));
            left
        })
    });
    room.arrived();
    drop(room);
    // The zeros are on the disk too.
    let synced = state
        .waiting
        .on_disk_with_others(departed.map_err(disk)?)
        .await;
    synced.map_err(disk)?;
    all
}

/// Lets groups in, all in one transaction. Where the database is there and does not take them so, one by one: a group that
/// cannot enter holds up no other. What became of those that entered, and why others did not.
async fn admit<G: Send + Sync + 'static, T: Send + 'static>(
    state: &AppState,
    groups: &Arc<Vec<G>>,
    enter: impl Fn(&mut Writer<'_>, &G) -> Result<T, StoreError> + Copy + Send + 'static,
) -> (Vec<T>, Result<(), AppError>) {
    let write = |these: std::ops::Range<usize>| {
        let groups = Arc::clone(groups);
        state.store.write(move |store| {
            let these = groups.get(these.clone()).unwrap_or_default();
            these.iter().map(|group| enter(store, group)).collect()
        })
    };
    let mut outcome = match write(0..groups.len()).await {
        Ok(entered) => return (entered, Ok(())),
        Err(error) => Err(error),
    };
    let mut entered: Vec<T> = Vec::new();
    for at in 0..groups.len() {
        if groups.len() == 1
            || outcome
                .as_ref()
                .is_err_and(|error| error.kind().is_of_all())
        {
            break;
        }
        match write(at..at + 1).await {
            Ok(one) => entered.extend(one),
            Err(error) => outcome = Err(error),
        }
    }
    (entered, outcome.map_err(AppError::from))
}

/// What a rating says, for its row in the database.
fn correction(rating: Rating) -> Correction {
    Correction {
        handle: rating.handle,
        instrument: rating.instrument,
        language: rating.language,
        said: rating.said,
    }
}

/// Takes out of each entry what has entered the database.
fn leave(room: &mut WaitingRoom, take: impl Fn(&mut Entry)) -> Result<(), AppError> {
    in_place(|| {
        room.remove(|entry| {
            let mut left = entry.clone();
            take(&mut left);
            left
        })
    })
    .map_err(disk)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// A disk that takes 40 ms, looked at each 25: all 64 come within 5 ms of an answer, then nobody until the next.
    #[test]
    fn a_crowd_that_waits_for_a_slow_disk_goes_on() {
        let (mut crowd, began) = (Crowd::default(), Instant::now());
        for look in 0..80 {
            let at = ms(25 * look);
            let batches = u64::try_from(at.as_millis()).unwrap() / 45;
            assert!(
                crowd.goes_on(Some(batches * 64), ms(56), began + at),
                "{at:?}"
            );
        }
        let (ended, last) = (began + ms(80 * 25), Some(99 * 64));
        assert!(crowd.goes_on(last, ms(56), ended));
        assert!(crowd.goes_on(last, ms(56), ended + ms(50)));
        assert!(
            !crowd.goes_on(last, ms(56), ended + ms(75)),
            "all have gone"
        );
    }

    #[test]
    fn where_the_disk_answers_at_once_a_crowd_that_does_not_come_again_has_gone() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        assert!(crowd.goes_on(Some(7), ms(1), now));
        assert!(crowd.goes_on(Some(8), ms(1), now + LOOK));
        assert!(!crowd.goes_on(Some(8), ms(1), now + 2 * LOOK));
        assert!(!crowd.goes_on(None, ms(1), now + 3 * LOOK), "one at a time");
    }
}
