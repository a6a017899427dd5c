//! Numbers that left a waiting room, and contested ballots. Nothing here names a case or a rating.

use chrono::NaiveDate;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::integrity::Counted;

use super::{Contest, Reader, StoreError, Writer};

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

impl Reader<'_> {
    /// The numbers of all rooms for the periods from `from` to `to`, both counted, by period and agency. Days and
    /// months do not mix: texts of one length order as they should.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tallies(&mut self, from: &str, to: &str) -> Result<Vec<TallyRow>, StoreError> {
        let length = i64::try_from(from.len()).unwrap_or_default();
        let mut rows = Vec::new();
        self.each(
            "SELECT period, agency, kind, room, value FROM tallies
             WHERE period BETWEEN ?1 AND ?2 AND length(period) = ?3 ORDER BY period, agency, kind, room",
            &[&from, &to, &length],
            |row| {
                let kind: String = row.get(2)?;
                // A kind of a newer version is not ours to show.
                if let Some(kind) = Counted::from_name(&kind) {
                    rows.push(TallyRow {
                        period: row.get(0)?,
                        agency: row.get(1)?,
                        kind,
                        room: row.get(3)?,
                        value: row.get(4)?,
                    });
                }
                Ok(())
            },
        )?;
        Ok(rows)
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
    /// Raises the numbers of a room; none ever falls.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn raise_tallies(&mut self, rows: &[TallyRow]) -> Result<(), StoreError> {
        for row in rows {
            let value = i64::try_from(row.value).unwrap_or(i64::MAX);
            self.execute(
                "INSERT INTO tallies (period, agency, kind, room, value) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (period, agency, kind, room) DO UPDATE SET value =
                    CASE WHEN excluded.value > tallies.value THEN excluded.value ELSE tallies.value END",
                &[&row.period, &row.agency, &row.kind.name(), &row.room, &value],
            )?;
        }
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
