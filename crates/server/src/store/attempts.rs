//! Wrong proofs, by keyed hash of the code asked for.

use chrono::{Duration, NaiveDateTime};

use super::{AttemptCount, AttemptLimit, Reader, StoreError, Writer};
use crate::keys::Digest;

impl Reader<'_> {
    /// What is counted under these two hashes, the smaller first. One statement, whatever is counted; and one way down the
    /// tree where they are neighbours, as those of one code are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn attempts(
        &mut self,
        counters: [&Digest; 2],
    ) -> Result<[Option<AttemptCount>; 2], StoreError> {
        let mut counts = [None; 2];
        self.each(
            "SELECT code_hash, since, wrong FROM attempts WHERE code_hash BETWEEN ?1 AND ?2",
            &[counters[0], counters[1]],
            |row| {
                let hash: Digest = row.get(0)?;
                let count = AttemptCount {
                    since: row.get(1)?,
                    wrong: row.get(2)?,
                };
                for (found, _) in counts
                    .iter_mut()
                    .zip(counters)
                    .filter(|(_, counter)| **counter == hash)
                {
                    *found = Some(count);
                }
                Ok(())
            },
        )?;
        Ok(counts)
    }
}

impl Writer<'_> {
    /// Counts so many wrong proofs for this code, known or not, the first of them at this moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_wrong_attempts(
        &mut self,
        code_hash: &Digest,
        limit: AttemptLimit,
        wrong: u32,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        let window_start = now - Duration::minutes(limit.minutes);
        self.execute(
            "INSERT INTO attempts (code_hash, since, wrong) VALUES (?1, ?2, ?4)
             ON CONFLICT (code_hash) DO UPDATE SET
                wrong = CASE WHEN attempts.since <= ?3 THEN excluded.wrong ELSE attempts.wrong + excluded.wrong END,
                since = CASE WHEN attempts.since <= ?3 THEN excluded.since ELSE attempts.since END",
            &[code_hash, &now, &window_start, &wrong],
        )?;
        Ok(())
    }

    /// Forgets what was counted from before this moment; how many rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_attempts(&mut self, before: NaiveDateTime) -> Result<u64, StoreError> {
        self.execute("DELETE FROM attempts WHERE since < ?1", &[&before])
    }
}
