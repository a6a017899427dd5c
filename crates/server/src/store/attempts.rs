//! Wrong proofs, by keyed hash of the code asked for.

use chrono::{Duration, NaiveDateTime};

use super::{ATTEMPT_WINDOW_MINUTES, MAX_ATTEMPTS, Reader, StoreError, Writer};
use crate::keys::Digest;

impl Reader<'_> {
    /// Seconds to wait before another proof may be tried for this code; 0 where one may.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn attempts_wait(
        &mut self,
        code_hash: &Digest,
        now: NaiveDateTime,
    ) -> Result<u32, StoreError> {
        let row: Option<(NaiveDateTime, u32)> = self.query_opt(
            "SELECT since, wrong FROM attempts WHERE code_hash = ?1",
            &[code_hash],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let Some((since, wrong)) = row else {
            return Ok(0);
        };
        let left = (since + Duration::minutes(ATTEMPT_WINDOW_MINUTES))
            .signed_duration_since(now)
            .num_seconds();
        if wrong < MAX_ATTEMPTS || left <= 0 {
            return Ok(0);
        }
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
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
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        let window_start = now - Duration::minutes(ATTEMPT_WINDOW_MINUTES);
        self.execute(
            "INSERT INTO attempts (code_hash, since, wrong) VALUES (?1, ?2, 1)
             ON CONFLICT (code_hash) DO UPDATE SET
                wrong = CASE WHEN attempts.since <= ?3 THEN 1 ELSE attempts.wrong + 1 END,
                since = CASE WHEN attempts.since <= ?3 THEN excluded.since ELSE attempts.since END",
            &[code_hash, &now, &window_start],
        )?;
        Ok(())
    }
}
