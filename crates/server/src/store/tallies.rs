//! Numbers that left a waiting room, and contested ballots. Nothing here names a case or a rating.

use chrono::NaiveDate;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::integrity::Counted;

use super::sql::Row;
use super::{Contest, Reader, StoreError, Writer};

/// Length of a day, `YYYY-MM-DD`.
const DAY: usize = 10;

/// A number of one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyRow {
    /// `YYYY-MM-DD` or `YYYY-MM`.
    pub period: String,
    /// Agency code; empty for the whole province.
    pub agency: String,
    /// What was counted.
    pub kind: Counted,
    /// The room that counted.
    pub room: String,
    /// How many.
    pub value: u64,
}

/// What all rooms counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallySum {
    /// `YYYY-MM-DD` or `YYYY-MM`.
    pub period: String,
    /// Agency code; empty for the whole province.
    pub agency: String,
    /// What was counted.
    pub kind: Counted,
    /// How many.
    pub value: u64,
}

impl Reader<'_> {
    /// What all rooms counted of an agency, or of each, in a month; the empty code is the whole province.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tallies_of_month(
        &mut self,
        month: &str,
        agency: Option<&str>,
    ) -> Result<Vec<TallySum>, StoreError> {
        const ALL: &str = "SELECT agency, kind, CAST(sum(value) AS BIGINT) FROM tallies
             WHERE period = ?1 GROUP BY agency, kind ORDER BY agency, kind";
        const ONE: &str = "SELECT agency, kind, CAST(sum(value) AS BIGINT) FROM tallies
             WHERE period = ?1 AND agency = ?2 GROUP BY agency, kind ORDER BY agency, kind";
        let mut sums = Vec::new();
        let mut read = |row: &Row<'_>| {
            let kind: String = row.get(1)?;
            // A kind of a newer version is not ours to show.
            if let Some(kind) = Counted::from_name(&kind) {
                sums.push(TallySum {
                    period: month.to_owned(),
                    agency: row.get(0)?,
                    kind,
                    value: row.get(2)?,
                });
            }
            Ok(())
        };
        match agency {
            Some(agency) => self.each(ONE, &[&month, &agency], &mut read)?,
            None => self.each(ALL, &[&month], &mut read)?,
        }
        Ok(sums)
    }

    /// What all rooms counted on each day of the whole province, from `from` to before `to`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tallies_by_day(&mut self, from: &str, to: &str) -> Result<Vec<TallySum>, StoreError> {
        let mut sums = Vec::new();
        self.each(
            "SELECT period, kind, CAST(sum(value) AS BIGINT) FROM tallies
             WHERE period >= ?1 AND period < ?2 AND length(period) = 10 AND agency = '' GROUP BY period, kind",
            &[&from, &to],
            |row| {
                let kind: String = row.get(1)?;
                if let Some(kind) = Counted::from_name(&kind) {
                    sums.push(TallySum {
                        period: row.get(0)?,
                        agency: String::new(),
                        kind,
                        value: row.get(2)?,
                    });
                }
                Ok(())
            },
        )?;
        Ok(sums)
    }

    /// What all rooms counted since the beginning, on all days that they handed over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tallies_of_all_days(&mut self) -> Result<Vec<(Counted, u64)>, StoreError> {
        let found = self.query(
            "SELECT kind, CAST(sum(value) AS BIGINT) FROM tallies WHERE period = '' GROUP BY kind",
            &[],
            |row| Ok((row.get::<String>(0)?, row.get(1)?)),
        )?;
        let named = found.into_iter();
        Ok(named
            .filter_map(|(kind, value)| Some((Counted::from_name(&kind)?, value)))
            .collect())
    }

    /// What a room handed over of one day of the whole province.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tally_of_room(
        &mut self,
        day: &str,
        kind: Counted,
        room: &str,
    ) -> Result<u64, StoreError> {
        self.tally(day, "", kind, room)
    }

    fn tally(
        &mut self,
        period: &str,
        agency: &str,
        kind: Counted,
        room: &str,
    ) -> Result<u64, StoreError> {
        let value = self.query_opt(
            "SELECT value FROM tallies WHERE period = ?1 AND agency = ?2 AND kind = ?3 AND room = ?4",
            &[&period, &agency, &kind.name(), &room],
            |row| row.get(0),
        )?;
        Ok(value.unwrap_or(0))
    }

    /// Cases whose first ballot is contested and can have been given in the months from `from` to `to`, by agency; those
    /// contested before the day `today`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn contested(
        &mut self,
        from: &str,
        to: &str,
        today: NaiveDate,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let mut cases = Vec::new();
        self.each(
            "SELECT agency, cases FROM contested 
             WHERE first_month <= ?2 AND last_month >= ?1 AND day < ?3 ORDER BY agency",
            &[&from, &to, &today],
            |row| {
                cases.push((row.get(0)?, row.get(1)?));
                Ok(())
            },
        )?;
        Ok(cases)
    }
}

impl Writer<'_> {
    /// Raises the numbers of a room; none ever falls. The sum of its days grows with them. Servers that share a room pass
    /// one by one: what is added is the difference to what is there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn raise_tallies(&mut self, rows: &[TallyRow]) -> Result<(), StoreError> {
        self.locked_figure_state("tallies")?;
        for row in rows {
            let before = self.tally(&row.period, &row.agency, row.kind, &row.room)?;
            let more = row.value.saturating_sub(before);
            if more == 0 {
                continue;
            }
            self.raise(&row.period, row, more)?;
            if row.agency.is_empty() && row.period.len() == DAY {
                self.raise("", row, more)?;
            }
        }
        Ok(())
    }

    fn raise(&mut self, period: &str, row: &TallyRow, more: u64) -> Result<(), StoreError> {
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        self.execute(
            "INSERT INTO tallies (period, agency, kind, room, value) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (period, agency, kind, room) DO UPDATE SET value = tallies.value + excluded.value",
            &[&period, &row.agency, &row.kind.name(), &row.room, &more],
        )?;
        Ok(())
    }

    /// Counts one more case whose first ballot is contested.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn count_contested(&mut self, contest: &Contest) -> Result<(), StoreError> {
        let (first, last) = &contest.months;
        self.execute(
            "INSERT INTO contested (agency, first_month, last_month, day, cases) VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT (agency, first_month, last_month, day) DO UPDATE SET cases = contested.cases + 1",
            &[&contest.agency, first, last, &contest.day],
        )?;
        Ok(())
    }
}
