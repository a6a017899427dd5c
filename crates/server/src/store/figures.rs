//! Cells of the figures: agency and month, each with one further split; and what every case has added to them.

use std::fmt::Write as _;
use std::sync::LazyLock;

use chrono::NaiveDate;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, MEASURES, Measure};

use super::sql::{Row, Sql, ToParam};
use super::{Reader, StoreError, Writer};

/// The columns of the counts, in the order of [`Measure`].
fn columns(of: impl Fn(&str) -> String) -> String {
    let names: Vec<String> = Measure::ALL.iter().map(|m| of(m.name())).collect();
    names.join(", ")
}

/// A statement made once of the names of the measures; the same for both databases.
fn made(text: String) -> Sql<'static> {
    Sql::from(&*Box::leak(text.into_boxed_str()))
}

static ADD: LazyLock<Sql<'static>> = LazyLock::new(|| {
    let mut places = String::new();
    for place in 0..MEASURES {
        let _ = write!(places, ", ?{}", place + 5);
    }
    made(format!(
        "INSERT INTO figure_cells (agency, month, split, value, {}) VALUES (?1, ?2, ?3, ?4{places})
         ON CONFLICT (agency, split, month, value) DO UPDATE SET {}",
        columns(str::to_owned),
        columns(|name| format!("{name} = figure_cells.{name} + excluded.{name}")),
    ))
});

static SUM_BY_AGENCY: LazyLock<Sql<'static>> = LazyLock::new(|| {
    made(format!(
        "SELECT agency, value, {} FROM figure_cells
         WHERE split = ?1 AND month >= ?2 AND month <= ?3 GROUP BY agency, value ORDER BY agency, value",
        columns(|name| format!("CAST(sum({name}) AS BIGINT)")),
    ))
});

static SUM_OF_AGENCY: LazyLock<Sql<'static>> = LazyLock::new(|| {
    made(format!(
        "SELECT agency, value, {} FROM figure_cells
         WHERE agency = ?1 AND split = ?2 AND month >= ?3 AND month <= ?4 GROUP BY agency, value ORDER BY value",
        columns(|name| format!("CAST(sum({name}) AS BIGINT)")),
    ))
});

static ALL: LazyLock<Sql<'static>> = LazyLock::new(|| {
    made(format!(
        "SELECT agency, month, split, value, {} FROM figure_cells",
        columns(str::to_owned),
    ))
});

static BETWEEN: LazyLock<Sql<'static>> = LazyLock::new(|| {
    made(format!(
        "SELECT agency, month, split, value, {} FROM figure_cells
         WHERE month >= ?1 AND month <= ?2 ORDER BY agency, month, split, value",
        columns(str::to_owned),
    ))
});

/// Which cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// Agency code; empty where it is not known.
    pub agency: String,
    /// Month, `YYYY-MM`.
    pub month: String,
    /// What the cell is split by.
    pub split: &'static str,
    /// The value of the split; empty for the whole.
    pub value: String,
}

/// A row of sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellSum {
    /// Agency code.
    pub agency: String,
    /// The value of the split.
    pub value: String,
    /// The counts.
    pub counts: Counts,
}

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

fn counts(row: &Row<'_>, from: usize) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for (place, count) in counts.0.iter_mut().enumerate() {
        *count = row.get(from + place)?;
    }
    Ok(counts)
}

fn sum(row: &Row<'_>) -> Result<CellSum, StoreError> {
    Ok(CellSum {
        agency: row.get(0)?,
        value: row.get(1)?,
        counts: counts(row, 2)?,
    })
}

impl Reader<'_> {
    /// Sums over the months from `from` to `to`, both counted, of one agency or of each: a row for each value of the
    /// split. The cost follows agencies and months, never cases.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_sums(
        &mut self,
        agency: Option<&str>,
        split: &str,
        (from, to): (&str, &str),
    ) -> Result<Vec<CellSum>, StoreError> {
        match agency {
            Some(agency) => self.query(*SUM_OF_AGENCY, &[&agency, &split, &from, &to], sum),
            None => self.query(*SUM_BY_AGENCY, &[&split, &from, &to], sum),
        }
    }

    /// Every cell: agency, month, split, value, counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_cells(
        &mut self,
        mut each: impl FnMut([String; 4], Counts),
    ) -> Result<(), StoreError> {
        self.each(*ALL, &[], |row| {
            each(
                [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?],
                counts(row, 4)?,
            );
            Ok(())
        })
    }

    /// Every cell of the months from `from` to `to`, both counted: agency, month, split, value, counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_cells_between(
        &mut self,
        (from, to): (&str, &str),
        mut each: impl FnMut([String; 4], Counts),
    ) -> Result<(), StoreError> {
        self.each(*BETWEEN, &[&from, &to], |row| {
            each(
                [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?],
                counts(row, 4)?,
            );
            Ok(())
        })
    }

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

    /// Adds differences to cells, in the order of their keys, so that two servers never wait for each other in a
    /// circle.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_to_cells<'a>(
        &mut self,
        differences: impl IntoIterator<Item = (&'a CellKey, &'a Counts)>,
    ) -> Result<(), StoreError> {
        for (key, counts) in differences {
            let mut params: Vec<&dyn ToParam> =
                vec![&key.agency, &key.month, &key.split, &key.value];
            params.extend(counts.0.iter().map(|count| count as &dyn ToParam));
            self.execute(*ADD, &params)?;
        }
        Ok(())
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
