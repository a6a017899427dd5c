//! What every case has added to the cells of the figures, and what else is kept beside them. The cells: `cells`.

use chrono::NaiveDate;

use super::sql::Sql;
use super::{Reader, StoreError, Writer};

/// A letter of apology as the public register shows it: no case, no person, no words of the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Agency code.
    pub agency: String,
    /// Day of issue.
    pub issued: NaiveDate,
    /// Number of the letter.
    pub number: Option<String>,
    /// The date it says was promised.
    pub previous_due: Option<NaiveDate>,
    /// The date it names.
    pub revised_due: Option<NaiveDate>,
}

impl Reader<'_> {
    /// Codes of cases whose counts only the clock changes, by `today`; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cases_that_turn(
        &mut self,
        today: NaiveDate,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        self.query(
            "SELECT cases.code FROM case_counted JOIN cases ON cases.id = case_counted.case_id
             WHERE case_counted.turns_on <= ?1 ORDER BY case_counted.turns_on, cases.id LIMIT ?2",
            &[&today, &limit],
            |row| row.get(0),
        )
    }

    /// Ids and codes of cases after this id, in order; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cases_after(&mut self, id: i64, limit: u32) -> Result<Vec<(i64, String)>, StoreError> {
        self.query(
            "SELECT id, code FROM cases WHERE id > ?1 ORDER BY id LIMIT ?2",
            &[&id, &limit],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// What cases that are no longer kept have added.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counted_of_erased(&mut self) -> Result<Vec<String>, StoreError> {
        self.query(
            "SELECT counted FROM case_counted
             WHERE NOT EXISTS (SELECT 1 FROM cases WHERE cases.id = case_counted.case_id)",
            &[],
            |row| row.get(0),
        )
    }

    /// Agency, month and kind of every objection, with how many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn objections_by_month(&mut self) -> Result<Vec<([String; 3], i64)>, StoreError> {
        self.query(
            "SELECT agency, substr(received_at, 1, 7), kind, count(*) FROM objections GROUP BY 1, 2, 3",
            &[],
            |row| Ok(([row.get(0)?, row.get(1)?, row.get(2)?], row.get(3)?)),
        )
    }

    /// Letters issued from `from` to `to`, both counted, of one agency or all: the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn register_of_apologies(
        &mut self,
        agency: Option<&str>,
        from: NaiveDate,
        to: NaiveDate,
        limit: u32,
    ) -> Result<Vec<RegisterEntry>, StoreError> {
        self.query(
            "SELECT cases.agency, letters.issued, letters.number, letters.previous_due, letters.revised_due
             FROM letters JOIN cases ON cases.id = letters.case_id
             WHERE letters.issued >= ?1 AND letters.issued <= ?2 AND (cases.agency = ?3 OR ?3 IS NULL)
             ORDER BY letters.issued DESC, cases.agency, letters.number LIMIT ?4",
            &[&from, &to, &agency, &limit],
            |row| {
                Ok(RegisterEntry {
                    agency: row.get(0)?,
                    issued: row.get(1)?,
                    number: row.get(2)?,
                    previous_due: row.get(3)?,
                    revised_due: row.get(4)?,
                })
            },
        )
    }

    /// A word kept beside the figures.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_state(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        self.query_opt(
            "SELECT value FROM figure_state WHERE name = ?1",
            &[&name],
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// What the case with this code has added, as it was written; the id first. The case is locked: of two who count it
    /// at once, the second sees what the first has added.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counted(&mut self, code: &str) -> Result<Option<(i64, Option<String>)>, StoreError> {
        // Two statements: after waiting for the lock, PostgreSQL shows only a new one what was written meanwhile.
        const ID: &str = "SELECT id FROM cases WHERE code = ?1";
        const ID_LOCKED: &str = "SELECT id FROM cases WHERE code = ?1 FOR UPDATE";
        let id: Option<i64> =
            self.query_opt(Sql::each(ID, ID_LOCKED), &[&code], |row| row.get(0))?;
        let Some(id) = id else { return Ok(None) };
        let counted = self.query_opt(
            "SELECT counted FROM case_counted WHERE case_id = ?1",
            &[&id],
            |row| row.get(0),
        )?;
        Ok(Some((id, counted)))
    }

    /// Keeps what a case has added, and when the clock alone changes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_counted(
        &mut self,
        case_id: i64,
        counted: &str,
        turns_on: Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO case_counted (case_id, counted, turns_on) VALUES (?1, ?2, ?3)
             ON CONFLICT (case_id) DO UPDATE SET counted = excluded.counted, turns_on = excluded.turns_on",
            &[&case_id, &counted, &turns_on],
        )?;
        Ok(())
    }

    /// Keeps a word beside the figures.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_figure_state(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO figure_state (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[&name, &value],
        )?;
        Ok(())
    }
}
