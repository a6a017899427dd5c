//! Which cases the deadline watch looks at, and when next.
//!
//! `cases.look_on` is the day; empty in a case that was written since ([`Writer::put_case`]), nothing where no more can
//! fall due. The watch puts a page of them to today ([`Writer::take_looks`]), reads and judges them outside any
//! transaction that writes, and then sets the day that each comes again ([`Writer::look_again`]), unless the case was
//! written meanwhile.

use chrono::NaiveDate;
use dung_hen_domain::case::CaseStatus;

use super::sql::Sql;
use super::{CaseRecord, Reader, StoreError, Writer};

/// Whether anything of this case can fall due while nobody writes it.
pub(super) fn may_fall_due(record: &CaseRecord) -> bool {
    let runs = matches!(record.status, CaseStatus::Received | CaseStatus::Processing);
    runs && record.promise.is_some()
}

impl Reader<'_> {
    /// Whether any case is to be looked at today, one that another write holds as well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn looks_are_due(&mut self, today: NaiveDate) -> Result<bool, StoreError> {
        let found = self.query_opt(
            "SELECT 1 FROM cases WHERE look_on <= ?1 LIMIT 1",
            &[&today],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }
}

impl Writer<'_> {
    /// Up to `limit` codes of cases to be looked at today, in order; those that another write holds are passed over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_looks(&mut self, today: NaiveDate, limit: u32) -> Result<Vec<String>, StoreError> {
        const SQLITE: &str = "UPDATE cases SET look_on = ?1
             WHERE id IN (SELECT id FROM cases WHERE look_on <= ?1 ORDER BY look_on, code LIMIT ?2)
             RETURNING code";
        const POSTGRES: &str = "WITH chosen AS MATERIALIZED (
                SELECT id FROM cases WHERE look_on <= ?1 ORDER BY look_on, code LIMIT ?2 FOR UPDATE SKIP LOCKED)
             UPDATE cases SET look_on = ?1 FROM chosen WHERE cases.id = chosen.id
             RETURNING cases.code";
        let mut codes: Vec<String> =
            self.query(Sql::each(SQLITE, POSTGRES), &[&today, &limit], |row| {
                row.get(0)
            })?;
        codes.sort_unstable();
        Ok(codes)
    }

    /// The case that was taken `today` is looked at next on this day, or no more; `false` where it was written meanwhile:
    /// what was found of it is no more so, and its next look stays as the write has set it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn look_again(
        &mut self,
        code: &str,
        today: NaiveDate,
        next: Option<NaiveDate>,
    ) -> Result<bool, StoreError> {
        let done = self.execute(
            "UPDATE cases SET look_on = ?3 WHERE code = ?1 AND look_on = ?2",
            &[&code, &today, &next],
        )?;
        Ok(done == 1)
    }

    /// Every case that may fall due is looked at again, up to `limit` of those whose id is greater than `after`; the
    /// last id, `None` at the end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn look_at_all_again(&mut self, after: i64, limit: u32) -> Result<Option<i64>, StoreError> {
        let ids: Vec<i64> = self.query(
            "UPDATE cases SET look_on = ''
             WHERE id IN (SELECT id FROM cases WHERE id > ?1 AND status IN (?3, ?4) AND promise IS NOT NULL
                ORDER BY id LIMIT ?2)
             RETURNING id",
            &[
                &after,
                &limit,
                &CaseStatus::Received.code(),
                &CaseStatus::Processing.code(),
            ],
            |row| row.get(0),
        )?;
        Ok(ids.into_iter().max())
    }
}
