//! Items of connectors that could not be stored yet, and how each sender stands.
//!
//! An item is kept sealed under a key that is not in the database, for thirty days. The same item sent again is the same
//! letter. A step that came before its case is let in with the case.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDateTime;

use super::sql::{Among, Row, among, values};
use super::{Reader, StoreError, Writer};
use crate::keys::Digest;

/// Why an item is a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadReason {
    /// Something is wrong with it.
    Refused,
    /// Its case is not known yet.
    Early,
}

impl DeadReason {
    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Early => "early",
        }
    }
}

/// An item that could not be stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number.
    pub id: String,
    /// Keyed hash of what it holds.
    pub digest: Digest,
    /// `DongBoHoSoMC` or `CapNhatTienDoHoSoMC`.
    pub service: String,
    /// Who sent it: the name of a key, or `pull/…`.
    pub sender: String,
    /// The case, where its code could be read.
    pub case_code: Option<String>,
    /// `refused` or `early`.
    pub reason: String,
    /// The field that is wrong.
    pub field: String,
    /// What was expected; no value.
    pub message: String,
    /// When it came first.
    pub received_at: NaiveDateTime,
    /// How often it came again.
    pub repeats: u32,
    /// The item.
    pub sealed: Vec<u8>,
}

/// How a sender stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderRecord {
    /// The name of its key, or `pull/…`.
    pub name: String,
    /// When something of it was last taken.
    pub last_at: Option<NaiveDateTime>,
    /// Items stored so far.
    pub stored: u64,
    /// Items refused so far.
    pub refused: u64,
    /// Where a pull goes on.
    pub cursor: Option<String>,
    /// Since when it fails; a success ends that.
    pub failed_at: Option<NaiveDateTime>,
    /// Why.
    pub failure: Option<String>,
}

fn letter(row: &Row<'_>) -> Result<DeadLetter, StoreError> {
    Ok(DeadLetter {
        id: row.get(0)?,
        digest: row.get(1)?,
        service: row.get(2)?,
        sender: row.get(3)?,
        case_code: row.get(4)?,
        reason: row.get(5)?,
        field: row.get(6)?,
        message: row.get(7)?,
        received_at: row.get(8)?,
        repeats: row.get(9)?,
        sealed: row.get(10)?,
    })
}

impl Reader<'_> {
    /// Dead letters, the oldest first, after the place of another one (moment, id).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dead_letters(
        &mut self,
        after: Option<(NaiveDateTime, &str)>,
        limit: u32,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        let (at, id) = match after {
            Some((at, id)) => (dung_hen_domain::civil::rfc3339(at), id),
            None => (String::new(), ""),
        };
        self.query(
            "SELECT id, digest, service, sender, case_code, reason, field, message, received_at, repeats, sealed
             FROM dead_letters WHERE received_at > ?1 OR (received_at = ?1 AND id > ?2)
             ORDER BY received_at, id LIMIT ?3",
            &[&at, &id, &limit],
            letter,
        )
    }

    /// How many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_dead_letters(&mut self) -> Result<u64, StoreError> {
        let count = self.query_opt("SELECT count(*) FROM dead_letters", &[], |row| row.get(0))?;
        Ok(count.unwrap_or(0))
    }

    /// Steps that wait for these cases, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn early_steps(&mut self, codes: &[&str]) -> Result<Vec<DeadLetter>, StoreError> {
        self.query(
            among!(
                "SELECT id, digest, service, sender, case_code, reason, field, message, received_at, repeats, sealed
                 FROM dead_letters WHERE case_code",
                " AND reason = 'early' ORDER BY received_at, id"
            ),
            &[&Among(codes.to_vec())],
            letter,
        )
    }

    /// How each sender stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn senders(&mut self) -> Result<Vec<SenderRecord>, StoreError> {
        self.query(
            "SELECT name, last_at, stored, refused, cursor, failed_at, failure FROM senders ORDER BY name",
            &[],
            |row| {
                Ok(SenderRecord {
                    name: row.get(0)?,
                    last_at: row.get(1)?,
                    stored: row.get(2)?,
                    refused: row.get(3)?,
                    cursor: row.get(4)?,
                    failed_at: row.get(5)?,
                    failure: row.get(6)?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Keeps items that could not be stored; the same one again is counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_dead_letters(&mut self, letters: Vec<DeadLetter>) -> Result<(), StoreError> {
        // By what they hold, so that two who send the same ones come one after the other.
        let mut once = BTreeMap::<Digest, DeadLetter>::new();
        for letter in letters {
            match once.entry(letter.digest) {
                Entry::Vacant(place) => drop(place.insert(letter)),
                Entry::Occupied(mut first) => {
                    let first = first.get_mut();
                    first.repeats += 1 + letter.repeats;
                    (first.reason, first.field) = (letter.reason, letter.field);
                    first.message = letter.message;
                }
            }
        }
        let rows = once.values().map(|letter| {
            values(&[
                &letter.id,
                &letter.digest,
                &letter.service,
                &letter.sender,
                &letter.case_code,
                &letter.reason,
                &letter.field,
                &letter.message,
                &letter.received_at,
                &letter.repeats,
                &letter.sealed,
            ])
        });
        self.each_of(
            "INSERT INTO dead_letters (id, digest, service, sender, case_code, reason, field, message, received_at,
                repeats, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (digest) DO UPDATE SET repeats = dead_letters.repeats + excluded.repeats + 1,
                reason = excluded.reason, field = excluded.field, message = excluded.message",
            &rows.collect::<Vec<_>>(),
            |_| Ok(()),
        )
    }

    /// Removes dead letters; how many were there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_dead_letters(&mut self, ids: &[&str]) -> Result<u64, StoreError> {
        if ids.is_empty() {
            return Ok(0);
        }
        let delete = among!("DELETE FROM dead_letters WHERE id", "");
        self.execute(delete, &[&Among(ids.to_vec())])
    }

    /// Removes what was refused of these cases and came before this moment; how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_older_refused(
        &mut self,
        codes: &[&str],
        before: NaiveDateTime,
    ) -> Result<u64, StoreError> {
        let delete = among!(
            "DELETE FROM dead_letters WHERE case_code",
            " AND reason = 'refused' AND service = 'DongBoHoSoMC' AND received_at < ?2"
        );
        self.execute(delete, &[&Among(codes.to_vec()), &before])
    }

    /// Erases dead letters that came before this moment; how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_dead_letters(&mut self, before: NaiveDateTime) -> Result<u64, StoreError> {
        self.execute(
            "DELETE FROM dead_letters WHERE received_at < ?1",
            &[&before],
        )
    }

    /// A sender got something in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sender_heard(
        &mut self,
        name: &str,
        stored: u32,
        refused: u32,
        cursor: Option<&str>,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO senders (name, last_at, stored, refused, cursor) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (name) DO UPDATE SET last_at = excluded.last_at, stored = senders.stored + excluded.stored,
                refused = senders.refused + excluded.refused, cursor = coalesce(excluded.cursor, senders.cursor),
                failed_at = NULL, failure = NULL",
            &[&name, &now, &stored, &refused, &cursor],
        )?;
        Ok(())
    }

    /// A pull failed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sender_failed(
        &mut self,
        name: &str,
        why: &str,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO senders (name, stored, refused, failed_at, failure) VALUES (?1, 0, 0, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET failed_at = coalesce(senders.failed_at, excluded.failed_at),
                failure = excluded.failure",
            &[&name, &now, &why],
        )?;
        Ok(())
    }
}
