//! The cases due, for the officer's list.

use chrono::NaiveDate;

use super::{CaseRecord, Reader, StoreError};

/// Open cases promised by `?1`, of one agency or all, for which no letter since the period last started names a date
/// after that day.
macro_rules! due {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM cases WHERE status IN (2, 4) AND promise <= ?1 AND (agency = ?2 OR ?2 IS NULL)
                AND NOT EXISTS (SELECT 1 FROM letters WHERE letters.case_id = cases.id
                    AND letters.issued >= substr(coalesce(cases.period_start, ''), 1, 10)
                    AND letters.revised_due > ?1) ",
            $rest
        )
    };
}

/// Cases finished after their promise, of one agency or all, for which no letter has been issued by `?1` since the period
/// last started. Those that were erased are no longer shown to anybody.
macro_rules! finished_late {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM cases WHERE status IN (9, 10) AND erased_at IS NULL
                AND substr(finished_at, 1, 10) > promise AND (agency = ?2 OR ?2 IS NULL)
                AND NOT EXISTS (SELECT 1 FROM letters WHERE letters.case_id = cases.id
                    AND letters.issued >= substr(coalesce(cases.period_start, ''), 1, 10)
                    AND letters.issued <= ?1) ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// Cases due by `until`, the longest overdue first, after the place of another one (promise, code).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cases_due(
        &mut self,
        agency: Option<&str>,
        until: NaiveDate,
        after: Option<(NaiveDate, &str)>,
        limit: u32,
    ) -> Result<Vec<CaseRecord>, StoreError> {
        let (promise, code) = after.unwrap_or((NaiveDate::MIN, ""));
        // Text of the first year of all sorts before every date.
        let promise = after.map_or(String::new(), |_| promise.to_string());
        let codes: Vec<String> = self.query(
            due!(
                "code",
                "AND promise >= ?3 AND (promise > ?3 OR code > ?4) ORDER BY promise, code LIMIT ?5"
            ),
            &[&until, &agency, &promise, &code, &limit],
            |row| row.get(0),
        )?;
        self.cases_of(codes)
    }

    fn cases_of(&mut self, codes: Vec<String>) -> Result<Vec<CaseRecord>, StoreError> {
        let mut all = Vec::with_capacity(codes.len());
        for code in codes {
            all.extend(self.find_case(&code)?);
        }
        Ok(all)
    }

    /// Cases finished late whose letter is still owed on the day `today`, the last promised first, after the place of
    /// another one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cases_finished_late(
        &mut self,
        agency: Option<&str>,
        today: NaiveDate,
        after: Option<(NaiveDate, &str)>,
        limit: u32,
    ) -> Result<Vec<CaseRecord>, StoreError> {
        // Where nothing came before, text that sorts after every date.
        let promise = after.map_or_else(|| "9999-99-99".to_owned(), |(day, _)| day.to_string());
        let code = after.map_or("", |(_, code)| code);
        let codes: Vec<String> = self.query(
            finished_late!(
                "code",
                "AND promise <= ?3 AND (promise < ?3 OR code < ?4) ORDER BY promise DESC, code DESC LIMIT ?5"
            ),
            &[&today, &agency, &promise, &code, &limit],
            |row| row.get(0),
        )?;
        self.cases_of(codes)
    }

    /// How many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_cases_finished_late(
        &mut self,
        agency: Option<&str>,
        today: NaiveDate,
    ) -> Result<u64, StoreError> {
        let count = self.query_opt(finished_late!("count(*)", ""), &[&today, &agency], |row| {
            row.get(0)
        })?;
        Ok(count.unwrap_or(0))
    }

    /// How many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_cases_due(
        &mut self,
        agency: Option<&str>,
        until: NaiveDate,
    ) -> Result<u64, StoreError> {
        let count = self.query_opt(due!("count(*)", ""), &[&until, &agency], |row| row.get(0))?;
        Ok(count.unwrap_or(0))
    }
}
