//! Dead letters once more, on demand.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::Intake;
use super::dead::open;
use super::intake::{Fate, write_entries};
use crate::figures::Counting;
use crate::keys::Keys;
use crate::reference::Reference;
use crate::store::{Store, StoreError};

/// Letters of one transaction.
const PAGE: u32 = 100;

/// What a replay did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Stored now, and gone from the list.
    pub stored: usize,
    /// Still in the list.
    pub left: usize,
}

/// Tries every dead letter once more, a page a transaction; one that does not fit still stays.
///
/// # Errors
/// [`StoreError`].
pub fn replay(
    store: &Store,
    keys: &Keys,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
) -> Result<Replayed, StoreError> {
    let mut done = Replayed::default();
    let mut place: Option<(NaiveDateTime, String)> = None;
    loop {
        let after = place.clone();
        let page = store.read_now(move |reader| {
            let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
            reader.dead_letters(after, PAGE)
        })?;
        let Some(last) = page.last() else {
            return Ok(done);
        };
        place = Some((last.received_at, last.id.clone()));
        let (keys, counting) = (keys.clone(), Counting::new(reference, now));
        let all = page.len();
        let stored = store.write_now(move |writer| {
            let mut stored = 0;
            for letter in &page {
                let Some(entries) = open(letter, &keys) else {
                    continue;
                };
                let intake = Intake {
                    sender: letter.sender.clone(),
                    keys: keys.clone(),
                    now,
                    came_at: letter.received_at,
                    counting: counting.clone(),
                };
                let fates = write_entries(writer, &entries, &intake, || {})?;
                let whole = fates
                    .iter()
                    .all(|(_, fate)| matches!(fate, Fate::Case | Fate::Step));
                if whole && !fates.is_empty() {
                    // A step may have been let in with its case already.
                    writer.remove_dead_letters(&[&letter.id])?;
                    stored += 1;
                }
            }
            Ok::<_, StoreError>(stored)
        })?;
        done.stored += stored;
        done.left += all - stored;
    }
}
