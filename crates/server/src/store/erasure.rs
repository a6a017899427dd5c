//! Erasing what was kept of people once it is no longer needed. Code, agency, dates and the promises stay: a promise that
//! was broken does not become whole because time has passed, and published figures must be countable again.

use chrono::NaiveDateTime;

use super::{Detail, Reader, StoreError, Writer};

/// Cases of one transaction, so that nobody waits long behind it.
const BATCH: usize = 500;

impl Reader<'_> {
    /// Ids and details of cases that ended before this moment and have not been erased, at most a batch.
    fn due_for_erasure(
        &mut self,
        ended_before: NaiveDateTime,
        code: Option<&str>,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let read = |row: &super::sql::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        if let Some(code) = code {
            return self.query(
                "SELECT id, detail FROM cases WHERE code = ?1",
                &[&code],
                read,
            );
        }
        let mut found = self.query(
            "SELECT id, detail FROM cases
             WHERE erased_at IS NULL AND coalesce(returned_at, finished_at) < ?1 LIMIT 500",
            &[&ended_before],
            read,
        )?;
        found.truncate(BATCH);
        Ok(found)
    }
}

impl Writer<'_> {
    /// Erases the contents of a batch of cases that ended before this moment; how many. Again until there are none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_ended_cases(
        &mut self,
        ended_before: NaiveDateTime,
        now: NaiveDateTime,
    ) -> Result<usize, StoreError> {
        let found = self.due_for_erasure(ended_before, None)?;
        self.erase(&found, now)
    }

    /// Erases the contents of one case, ended or not; `false` where it is not known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_case(&mut self, code: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
        let found = self.due_for_erasure(now, Some(code))?;
        Ok(self.erase(&found, now)? > 0)
    }

    fn erase(&mut self, found: &[(i64, String)], now: NaiveDateTime) -> Result<usize, StoreError> {
        for (id, detail) in found {
            let mut detail: Detail =
                serde_json::from_str(detail).map_err(|_| StoreError::corrupt("cases.detail"))?;
            // What figures are counted from stays, and the seal of a ballot: one case, one ballot. Texts and papers go.
            detail.return_note = None;
            detail.end_note = None;
            detail.had_electronic_result = detail.has_electronic_result();
            detail.results.clear();
            detail.fees.clear();
            for supplement in &mut detail.supplements {
                supplement.content = None;
                supplement.by = None;
            }
            let detail =
                serde_json::to_string(&detail).map_err(|_| StoreError::corrupt("cases.detail"))?;
            self.execute(
                "UPDATE cases SET secret_hash = NULL, identity_hash = NULL, phone_hash = NULL, holder_hash = NULL,
                    detail = ?2, erased_at = ?3 WHERE id = ?1",
                &[id, &detail, &now],
            )?;
            self.execute("DELETE FROM progress WHERE case_id = ?1", &[id])?;
            self.execute(
                "DELETE FROM dead_letters WHERE case_code = (SELECT code FROM cases WHERE id = ?1)",
                &[id],
            )?;
            self.execute(
                "UPDATE due_history SET named_by = NULL, reason = NULL, recorded_by = NULL WHERE case_id = ?1",
                &[id],
            )?;
            self.execute(
                "UPDATE letters SET signer = NULL, reason = NULL WHERE case_id = ?1",
                &[id],
            )?;
        }
        Ok(found.len())
    }
}
