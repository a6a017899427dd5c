//! What every case has added to the cells of the figures, and what else is kept beside them. The cells: `cells`.

use chrono::NaiveDate;
use dung_hen_domain::outcomes::{All, Told};

use super::sql::{Sql, values};
use super::{Reader, StoreError, Writer};

/// A letter of apology as the public register shows it: no case, no person, no words of the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Code of the agency of the case.
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

/// Where a page of the register ended: what its last letter says, so that a letter issued meanwhile moves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterMark {
    /// Day of issue.
    pub issued: NaiveDate,
    /// Code of the agency of the case.
    pub agency: String,
    /// Number of the letter; empty without one.
    pub number: String,
    /// Letters shown so far that say the same, this one counted.
    pub same: u32,
}

/// Agency, month and kind of objections; how many there are, without a time to answer, answered, both, and answered in
/// time.
pub type ObjectionMonth = ([String; 3], [i64; 5]);

impl RegisterMark {
    /// After these letters, which came after `before`.
    #[must_use]
    pub fn after(shown: &[RegisterEntry], before: Option<&Self>) -> Option<Self> {
        let last = shown.last()?;
        let mut mark = Self {
            issued: last.issued,
            agency: last.agency.clone(),
            number: last.number.clone().unwrap_or_default(),
            same: 0,
        };
        let same = shown.iter().rev().take_while(|one| mark.says(one)).count();
        mark.same = u32::try_from(same).unwrap_or(u32::MAX);
        if same == shown.len()
            && let Some(before) = before.filter(|before| before.says(last))
        {
            mark.same = mark.same.saturating_add(before.same);
        }
        Some(mark)
    }

    fn says(&self, entry: &RegisterEntry) -> bool {
        let number = entry.number.as_deref().unwrap_or_default();
        (self.issued, &*self.agency, &*self.number) == (entry.issued, &*entry.agency, number)
    }
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

    /// Every objection, by agency, month and kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn objections_by_month(&mut self) -> Result<Vec<ObjectionMonth>, StoreError> {
        self.query(
            "SELECT agency, substr(received_at, 1, 7), kind, count(*), count(*) - count(due), count(answered_at),
                count(CASE WHEN due IS NULL THEN answered_at END),
                CAST(sum(CASE WHEN answered_at <= due || 'T24' THEN 1 ELSE 0 END) AS BIGINT)
             FROM objections GROUP BY 1, 2, 3",
            &[],
            |row| {
                let cell = [row.get(0)?, row.get(1)?, row.get(2)?];
                let counts = [
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                    row.get(7)?,
                ];
                Ok((cell, counts))
            },
        )
    }

    /// Letters issued from `from` to `to`, both counted, of one agency or all, after a mark: the newest first, at most
    /// `limit`. What it costs follows the letters it gives, and those of the mark's day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn register_of_apologies(
        &mut self,
        agency: Option<&str>,
        (from, to): (NaiveDate, NaiveDate),
        after: Option<&RegisterMark>,
        limit: u32,
    ) -> Result<Vec<RegisterEntry>, StoreError> {
        const ALL: &str = "SELECT case_agency, issued, number, previous_due, revised_due FROM letters
             WHERE issued >= ?1 AND issued <= ?2
                AND (issued < ?3 OR case_agency > ?4 OR (case_agency = ?4 AND coalesce(number, '') >= ?5))
             ORDER BY issued DESC, case_agency, number NULLS FIRST, case_id, sequence LIMIT ?6 OFFSET ?7";
        const OF_AGENCY: &str =
            "SELECT case_agency, issued, number, previous_due, revised_due FROM letters
             WHERE case_agency = ?4 AND issued >= ?1 AND issued <= ?2
                AND (issued < ?3 OR coalesce(number, '') >= ?5)
             ORDER BY issued DESC, number NULLS FIRST, case_id, sequence LIMIT ?6 OFFSET ?7";
        let until = after.map_or(to, |mark| mark.issued.min(to));
        // Of a day after the last, nothing is left out.
        let day = match after {
            Some(mark) => mark.issued,
            None => to.succ_opt().unwrap_or(to),
        };
        let number = after.map_or("", |mark| &mark.number);
        let same = after.map_or(0, |mark| mark.same);
        let beyond = after.map_or("", |mark| &mark.agency);
        let statement = if agency.is_some() { OF_AGENCY } else { ALL };
        self.query(
            statement,
            &[
                &from,
                &until,
                &day,
                &agency.unwrap_or(beyond),
                &number,
                &limit,
                &same,
            ],
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

    /// Agencies and months of reception before this one of which it was not decided yet whether anything is told of their
    /// results: agency, month.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn results_not_told(&mut self, before: &str) -> Result<Vec<[String; 2]>, StoreError> {
        self.query(
            "SELECT DISTINCT substr(place, 8), period FROM figure_cells
             WHERE split = 'outcome' AND place >= 'agency/' AND place < 'agency0' AND period < ?1
                AND substr(period, 6, 1) IN ('0', '1')
                AND NOT EXISTS (SELECT 1 FROM results_told
                    WHERE results_told.month = figure_cells.period AND results_told.agency = substr(figure_cells.place, 8))",
            &[&before],
            |row| Ok([row.get(0)?, row.get(1)?]),
        )
    }

    /// What was told of results of the months from the first to the second, both counted: agency, month, what; those of
    /// which nothing is told are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn results_told(
        &mut self,
        (from, to): (&str, &str),
    ) -> Result<Vec<(String, String, Told)>, StoreError> {
        self.query(
            "SELECT agency, month, granted, granted_late, refused, refused_late, all_in_time, all_unknown, all_late
             FROM results_told WHERE month >= ?1 AND month <= ?2 AND (granted > 0 OR granted_late > 0)
             ORDER BY agency, month",
            &[&from, &to],
            |row| {
                let all: [Option<i64>; 3] = [row.get(6)?, row.get(7)?, row.get(8)?];
                let all = match all {
                    [Some(in_time), Some(unknown), Some(late)] => Some(All {
                        in_time,
                        unknown,
                        late,
                    }),
                    _ => None,
                };
                let results = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
                Ok((row.get(0)?, row.get(1)?, Told { results, all }))
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
    /// Keeps what cases have added, each under its place, and when the clock alone changes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_counted(
        &mut self,
        all: &[(i64, String, Option<NaiveDate>)],
    ) -> Result<(), StoreError> {
        let rows = all
            .iter()
            .map(|(id, counted, turns_on)| values(&[id, counted, turns_on]));
        self.each_of(
            "INSERT INTO case_counted (case_id, counted, turns_on) VALUES (?1, ?2, ?3)
             ON CONFLICT (case_id) DO UPDATE SET counted = excluded.counted, turns_on = excluded.turns_on",
            &rows.collect::<Vec<_>>(),
            |_| Ok(()),
        )
    }

    /// A word kept beside the figures, which nobody changes before this transaction ends; any number may hold it so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn held_figure_state(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        const LOOK: &str = "SELECT value FROM figure_state WHERE name = ?1";
        const HOLD: &str = "SELECT value FROM figure_state WHERE name = ?1 FOR SHARE";
        self.query_opt(Sql::each(LOOK, HOLD), &[&name], |row| row.get(0))
    }

    /// Keeps a word beside the figures of a database in which no case was ever counted; in any other nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_figures(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO figure_state (name, value)
             SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM cases) AND NOT EXISTS (SELECT 1 FROM case_counted)
             ON CONFLICT DO NOTHING",
            &[&name, &value],
        )?;
        Ok(())
    }

    /// Tells how many results of an agency and month grant and how many refuse, or that nothing is told; what was told once
    /// stays: then `false`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tell_results(
        &mut self,
        [agency, month]: &[String; 2],
        told: Told,
    ) -> Result<bool, StoreError> {
        let [granted, granted_late, refused, refused_late] = told.results;
        let (in_time, unknown, late) = (
            told.all.map(|all| all.in_time),
            told.all.map(|all| all.unknown),
            told.all.map(|all| all.late),
        );
        let new = self.execute(
            "INSERT INTO results_told (month, agency, granted, granted_late, refused, refused_late, all_in_time, all_unknown,
                all_late)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
            &[
                month,
                agency,
                &granted,
                &granted_late,
                &refused,
                &refused_late,
                &in_time,
                &unknown,
                &late,
            ],
        )?;
        Ok(new > 0)
    }

    /// A case goes from one agency and month to another. Where the first was decided, nothing is told of the second: the
    /// case would count in two numbers, and their difference could be this case. Whether that is new.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn results_move(
        &mut self,
        [agency, month]: &[String; 2],
        to: &[String; 2],
    ) -> Result<bool, StoreError> {
        let decided = self.query_opt(
            "SELECT 1 FROM results_told WHERE month = ?1 AND agency = ?2",
            &[month, agency],
            |_| Ok(()),
        )?;
        match decided {
            Some(()) => self.tell_results(to, Told::default()),
            None => Ok(false),
        }
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
