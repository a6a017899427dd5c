//! Wrong proofs, by keyed hash of the code asked for.

use chrono::{Duration, NaiveDateTime};

use super::sql::{Row, Value, values};
use super::{AttemptCount, AttemptLimit, Reader, StoreError, Writer};
use crate::keys::Digest;

/// What is counted under two hashes, the smaller first: one way down the tree where they are neighbours, as those of one
/// code are.
pub(super) const ATTEMPTS: &str =
    "SELECT code_hash, since, wrong FROM attempts WHERE code_hash BETWEEN ?1 AND ?2";

/// A row of [`ATTEMPTS`], into its place.
pub(super) fn read(
    row: &Row<'_>,
    counters: [&Digest; 2],
    counts: &mut [Option<AttemptCount>; 2],
) -> Result<(), StoreError> {
    let hash: Digest = row.get(0)?;
    let count = AttemptCount {
        since: row.get(1)?,
        wrong: row.get(2)?,
    };
    for (found, counter) in counts.iter_mut().zip(counters) {
        if *counter == hash {
            *found = Some(count);
        }
    }
    Ok(())
}

impl Reader<'_> {
    /// What is counted under these two hashes, the smaller first. One statement, whatever is counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn attempts(
        &mut self,
        counters: [&Digest; 2],
    ) -> Result<[Option<AttemptCount>; 2], StoreError> {
        let mut counts = [None; 2];
        self.each(ATTEMPTS, &[counters[0], counters[1]], |row| {
            read(row, counters, &mut counts)
        })?;
        Ok(counts)
    }
}

impl Writer<'_> {
    /// Counts so many wrong proofs for each of these codes, known or not, the first of them at this moment: one way to
    /// PostgreSQL and back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_wrong_attempts<'c>(
        &mut self,
        all: impl IntoIterator<Item = (&'c Digest, AttemptLimit, u32, NaiveDateTime)>,
    ) -> Result<(), StoreError> {
        let row =
            |(code_hash, limit, wrong, now): (&'c Digest, AttemptLimit, u32, NaiveDateTime)| {
                let window_start = now - Duration::minutes(limit.minutes);
                let values = values(&[code_hash, &now, &window_start, &wrong]);
                values.into_iter().map(Value::into_owned).collect()
            };
        let all: Vec<Vec<Value<'_>>> = all.into_iter().map(row).collect();
        self.each_of(
            "INSERT INTO attempts (code_hash, since, wrong) VALUES (?1, ?2, ?4)
             ON CONFLICT (code_hash) DO UPDATE SET
                wrong = CASE WHEN attempts.since <= ?3 THEN excluded.wrong ELSE attempts.wrong + excluded.wrong END,
                since = CASE WHEN attempts.since <= ?3 THEN excluded.since ELSE attempts.since END",
            &all,
            |_| Ok(()),
        )
    }

    /// Forgets what was counted from before this moment; how many rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_attempts(&mut self, before: NaiveDateTime) -> Result<u64, StoreError> {
        self.execute("DELETE FROM attempts WHERE since < ?1", &[&before])
    }
}
