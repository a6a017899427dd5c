//! Wrong proofs, by keyed hash of the code asked for.

use chrono::{Duration, NaiveDateTime};

use super::{AttemptLimit, Reader, StoreError, Writer};
use crate::keys::Digest;

impl Reader<'_> {
    /// Seconds to wait before another proof may be tried for this code, the longest of what its counters say; 0 where
    /// one may. One statement, whatever is counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn attempts_wait(
        &mut self,
        counters: &[(Digest, AttemptLimit); 2],
        now: NaiveDateTime,
    ) -> Result<u32, StoreError> {
        let [(first, _), (second, _)] = counters;
        let mut longest = 0;
        self.each(
            "SELECT code_hash, since, wrong FROM attempts WHERE code_hash IN (?1, ?2)",
            &[first, second],
            |row| {
                let (hash, since, wrong): (Digest, NaiveDateTime, u32) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                for (_, limit) in counters.iter().filter(|(counter, _)| *counter == hash) {
                    let left = (since + Duration::minutes(limit.minutes))
                        .signed_duration_since(now)
                        .num_seconds();
                    if wrong >= limit.wrong {
                        longest = longest.max(u32::try_from(left.max(0)).unwrap_or(u32::MAX));
                    }
                }
                Ok(())
            },
        )?;
        Ok(longest)
    }
}

impl Writer<'_> {
    /// Counts a wrong proof for this code, known or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_wrong_attempt(
        &mut self,
        code_hash: &Digest,
        limit: AttemptLimit,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        let window_start = now - Duration::minutes(limit.minutes);
        self.execute(
            "INSERT INTO attempts (code_hash, since, wrong) VALUES (?1, ?2, 1)
             ON CONFLICT (code_hash) DO UPDATE SET
                wrong = CASE WHEN attempts.since <= ?3 THEN 1 ELSE attempts.wrong + 1 END,
                since = CASE WHEN attempts.since <= ?3 THEN excluded.since ELSE attempts.since END",
            &[code_hash, &now, &window_start],
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
