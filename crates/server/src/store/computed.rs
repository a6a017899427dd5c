//! The computed date of each open case, and how it moved when the calendar changed.

use chrono::{NaiveDate, NaiveDateTime};

use super::sql::Row;
use super::{ComputedEntry, LatePromise, MoveEntry, Reader, StoreError, Writer};

impl Reader<'_> {
    /// What is kept of a case's computed date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn computed(&mut self, code: &str) -> Result<Option<ComputedEntry>, StoreError> {
        self.query_opt(
            "SELECT d.calendar, d.basis, d.due, d.unsettled_from, d.reason, d.later, d.covered, d.special
             FROM computed d JOIN cases c ON c.id = d.case_id WHERE c.code = ?1",
            &[&code],
            read_computed,
        )
    }

    /// Open cases after the one with the id `after` that were not computed with `calendar`, in the order of their
    /// ids: id and code, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn not_computed_with(
        &mut self,
        calendar: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        self.query(
            "SELECT c.id, c.code FROM cases c LEFT JOIN computed d ON d.case_id = c.id
             WHERE c.status IN (2, 4, 5, 6) AND c.id > ?1 AND (d.calendar <> ?2 OR d.case_id IS NULL)
             ORDER BY c.id LIMIT ?3",
            &[&after, &calendar, &limit],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Open cases whose promise lies after the limit, of one agency or all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn late_promises(&mut self, agency: Option<&str>) -> Result<Vec<LatePromise>, StoreError> {
        self.query(
            "SELECT c.code, c.agency, c.procedure, c.received_at, c.promise, d.due, d.covered
             FROM computed d JOIN cases c ON c.id = d.case_id
             WHERE d.later = 1 AND (c.agency = ?1 OR ?1 IS NULL) ORDER BY c.agency, c.promise, c.code",
            &[&agency],
            |row| {
                let received: Option<NaiveDateTime> = row.get(3)?;
                Ok(LatePromise {
                    code: row.get(0)?,
                    agency: row.get(1)?,
                    procedure: row.get(2)?,
                    received: received.map(|moment| moment.date()),
                    promise: row.get(4)?,
                    due: row.get(5)?,
                    covered: row.get::<i64>(6)? == 1,
                })
            },
        )
    }
}

pub(super) fn read_computed(row: &Row<'_>) -> Result<ComputedEntry, StoreError> {
    Ok(ComputedEntry {
        calendar: row.get(0)?,
        basis: row.get(1)?,
        due: row.get(2)?,
        unsettled_from: row.get(3)?,
        reason: row.get(4)?,
        later: row.get::<i64>(5)? == 1,
        covered: row.get::<i64>(6)? == 1,
        special: row.get(7)?,
    })
}

pub(super) fn read_move(row: &Row<'_>) -> Result<MoveEntry, StoreError> {
    Ok(MoveEntry {
        calendar: row.get(0)?,
        at: row.get(1)?,
        before: row.get(2)?,
        after: row.get(3)?,
        why_vi: row.get(4)?,
        why_en: row.get(5)?,
    })
}

impl Writer<'_> {
    /// Keeps the computed date of a case; `None` where it is not open any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_computed(
        &mut self,
        code: &str,
        entry: Option<&ComputedEntry>,
    ) -> Result<(), StoreError> {
        let Some(entry) = entry else {
            self.execute(
                "DELETE FROM computed WHERE case_id = (SELECT id FROM cases WHERE code = ?1)",
                &[&code],
            )?;
            return Ok(());
        };
        self.execute(
            "INSERT INTO computed (case_id, calendar, basis, due, unsettled_from, reason, later, covered, special)
             SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM cases WHERE code = ?1
             ON CONFLICT (case_id) DO UPDATE SET calendar = excluded.calendar, basis = excluded.basis,
                due = excluded.due, unsettled_from = excluded.unsettled_from, reason = excluded.reason,
                later = excluded.later, covered = excluded.covered, special = excluded.special",
            &[
                &code,
                &entry.calendar,
                &entry.basis,
                &entry.due,
                &entry.unsettled_from,
                &entry.reason,
                &entry.later,
                &entry.covered,
                &entry.special,
            ],
        )?;
        Ok(())
    }

    /// Adds a move; one a calendar, and the first one stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_move(&mut self, code: &str, entry: &MoveEntry) -> Result<(), StoreError> {
        let before: Option<NaiveDate> = entry.before;
        self.execute(
            "INSERT INTO computed_moves (case_id, calendar, at, due_before, due_after, why_vi, why_en)
             SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM cases WHERE code = ?1
             ON CONFLICT DO NOTHING",
            &[
                &code,
                &entry.calendar,
                &entry.at,
                &before,
                &entry.after,
                &entry.why_vi,
                &entry.why_en,
            ],
        )?;
        Ok(())
    }
}
