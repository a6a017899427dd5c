//! The computed date of each open case, and how it moved when the calendar changed.

use chrono::NaiveDateTime;

use super::sql::{Among, Row, among, values};
use super::{ComputedEntry, LatePromise, MoveEntry, Reader, StoreError, Writer};

impl Reader<'_> {
    /// Open cases after the one with the id `after` that were not computed with `calendar` and `settings`, in the
    /// order of their ids: id and code, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn not_computed_with(
        &mut self,
        calendar: &str,
        settings: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        self.query(
            "SELECT c.id, c.code FROM cases c LEFT JOIN computed d ON d.case_id = c.id
             WHERE c.status IN (2, 4, 5, 6) AND c.id > ?1
               AND (d.calendar <> ?2 OR d.settings <> ?3 OR d.case_id IS NULL)
             ORDER BY c.id LIMIT ?4",
            &[&after, &calendar, &settings, &limit],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Of these cases those that were handed in elsewhere and of which nobody sent when the competent agency received them:
    /// their period begins with its first step.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begun_by_a_step(&mut self, codes: &[&str]) -> Result<Vec<String>, StoreError> {
        // Inside a text of the detail each of these quotation marks would have a backslash before it.
        const ELSEWHERE: &str = r#"%"handed_elsewhere":true%"#;
        const SENT: &str = r#"%"competent_received":"%"#;
        self.query(
            among!(
                "SELECT code FROM cases WHERE detail LIKE ?2 AND detail NOT LIKE ?3 AND code",
                ""
            ),
            &[&Among(codes.to_vec()), &ELSEWHERE, &SENT],
            |row| row.get(0),
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
        settings: row.get(8)?,
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
    /// Keeps the computed dates of cases, each under its place; `None` of one that is not open any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_computed(&mut self, all: &[(i64, Option<ComputedEntry>)]) -> Result<(), StoreError> {
        let closed = all.iter().filter(|(_, entry)| entry.is_none());
        let closed: Vec<i64> = closed.map(|(id, _)| *id).collect();
        if !closed.is_empty() {
            let delete = among!("DELETE FROM computed WHERE case_id", "");
            self.execute(delete, &[&Among(closed)])?;
        }
        let open = all
            .iter()
            .filter_map(|(id, entry)| Some((id, entry.as_ref()?)));
        let rows = open.map(|(id, entry)| {
            values(&[
                id,
                &entry.calendar,
                &entry.basis,
                &entry.due,
                &entry.unsettled_from,
                &entry.reason,
                &entry.later,
                &entry.covered,
                &entry.special,
                &entry.settings,
            ])
        });
        self.each_of(
            "INSERT INTO computed (case_id, calendar, basis, due, unsettled_from, reason, later, covered, special,
                settings)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (case_id) DO UPDATE SET calendar = excluded.calendar, basis = excluded.basis,
                due = excluded.due, unsettled_from = excluded.unsettled_from, reason = excluded.reason,
                later = excluded.later, covered = excluded.covered, special = excluded.special,
                settings = excluded.settings",
            &rows.collect::<Vec<_>>(),
            |_| Ok(()),
        )
    }

    /// Adds moves, each under the place of its case; one a calendar, and the first one stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_moves(&mut self, all: &[(i64, MoveEntry)]) -> Result<(), StoreError> {
        let rows = all.iter().map(|(id, entry)| {
            values(&[
                id,
                &entry.calendar,
                &entry.at,
                &entry.before,
                &entry.after,
                &entry.why_vi,
                &entry.why_en,
            ])
        });
        self.each_of(
            "INSERT INTO computed_moves (case_id, calendar, at, due_before, due_after, why_vi, why_en)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
            &rows.collect::<Vec<_>>(),
            |_| Ok(()),
        )
    }
}
