//! One set of SQL for two databases.
//!
//! The modules beside this one (`cases`, `ratings`, …) write each statement once, with parameters numbered `?1`, and
//! read its rows by [`Row::get`]. What the two databases do differently stays in this file, below it ([`super::value`];
//! [`super::statements`] and [`super::session`]), in [`super::sqlite`] and [`super::postgres`], which use it, and in the
//! paired files of `migrations/`. docs/ARCHITECTURE.md, "A table and a query", says
//! what to keep to.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::session::Session;
use super::tail::Added;
pub(super) use super::value::{Among, Row, Sql, ToParam, Value};
use super::{StoreError, statements};

/// A statement about rows whose column, the last thing before, is one of `?1`.
macro_rules! among {
    ($before:expr, $after:expr) => {
        super::sql::Sql::each(
            concat!($before, " IN (SELECT value FROM json_each(?1))", $after),
            concat!($before, " = ANY(?1)", $after),
        )
    };
}
pub(super) use among;

/// Which connection, of which database.
pub(super) enum Driver<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut Session),
}

/// Reads, all from one state of the database.
pub struct Reader<'c> {
    driver: Driver<'c>,
    /// The first statement that failed: whatever the work made of it, nothing is committed then. PostgreSQL does the
    /// same of its own; so both behave alike.
    pub(super) failed: Option<StoreError>,
    /// The tail of the figures, once it was read: a reader sees one moment, and a page asks for it a dozen times.
    pub(super) tail: Option<Rc<[Added]>>,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.driver {
            Driver::Sqlite(_) => "Reader(sqlite)",
            Driver::Postgres(_) => "Reader(postgres)",
        })
    }
}

impl<'c> Reader<'c> {
    pub(super) const fn new(driver: Driver<'c>) -> Self {
        Self {
            driver,
            failed: None,
            tail: None,
        }
    }

    /// Every row of the answer.
    pub(super) fn query<'s, T>(
        &mut self,
        sql: impl Into<Sql<'s>>,
        params: &[&dyn ToParam],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.each(sql, params, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// Every row of the answer, one by one.
    pub(super) fn each<'s>(
        &mut self,
        sql: impl Into<Sql<'s>>,
        params: &[&dyn ToParam],
        mut read: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (sql, values) = (sql.into(), values(params));
        // The text without its values, for the test that both answers of a look-up cost the same.
        tracing::trace!(target: "dung_hen::work", sql = sql.sqlite);
        let done = match &mut self.driver {
            Driver::Sqlite(connection) => {
                statements::each(connection, sql.sqlite, &values, &mut read)
            }
            Driver::Postgres(session) => session.each(sql.postgres, &values, &mut read),
        };
        self.note(done)
    }

    /// Every row of the answers to several questions, none of which needs the answer of another, with the place of its
    /// question: one way to PostgreSQL and back for all.
    pub(super) fn ask<'s>(
        &mut self,
        asked: impl IntoIterator<Item = (Sql<'s>, &'s [&'s dyn ToParam])>,
        mut read: impl FnMut(usize, &Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut questions = Vec::new();
        for (sql, params) in asked {
            tracing::trace!(target: "dung_hen::work", sql = sql.sqlite);
            let text = match self.driver {
                Driver::Sqlite(_) => sql.sqlite,
                Driver::Postgres(_) => sql.postgres,
            };
            questions.push((text, values(params)));
        }
        let done = match &mut self.driver {
            Driver::Sqlite(connection) => {
                let mut each = questions.iter().enumerate();
                each.try_for_each(|(which, (sql, values))| {
                    statements::each(connection, sql, values, &mut |row| read(which, row))
                })
            }
            Driver::Postgres(session) => session.ask(&questions, &mut read),
        };
        self.note(done)
    }

    /// The first row of the answer, if there is one.
    pub(super) fn query_opt<'s, T>(
        &mut self,
        sql: impl Into<Sql<'s>>,
        params: &[&dyn ToParam],
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(sql, params, read)?.into_iter().next())
    }

    fn note<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &outcome
            && self.failed.is_none()
        {
            self.failed = Some(error.clone());
        }
        outcome
    }
}

/// Reads and writes of one transaction: all of it is kept, or nothing.
pub struct Writer<'c>(Reader<'c>);

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writer({:?})", self.0)
    }
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Reader<'c> {
        &self.0
    }
}

impl<'c> DerefMut for Writer<'c> {
    fn deref_mut(&mut self) -> &mut Reader<'c> {
        &mut self.0
    }
}

impl<'c> Writer<'c> {
    pub(super) const fn new(driver: Driver<'c>) -> Self {
        Self(Reader::new(driver))
    }

    /// Runs a statement whose values are at hand already.
    pub(super) fn execute_values(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        tracing::trace!(target: "dung_hen::work", sql);
        let done = match &mut self.0.driver {
            Driver::Sqlite(connection) => statements::execute(connection, sql, values),
            Driver::Postgres(session) => session.execute(sql, values),
        };
        self.0.note(done)
    }

    /// Runs a statement once for each of these lists of values, in their order; every row of the answers. On PostgreSQL
    /// they go there together; an `INSERT` whose parameters are the values of one row is then a single statement, and
    /// no two of the rows may be in each other's way.
    pub(super) fn each_of(
        &mut self,
        sql: &str,
        all: &[Vec<Value<'_>>],
        mut read: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if !all.is_empty() {
            tracing::trace!(target: "dung_hen::work", sql);
        }
        let done = match &mut self.0.driver {
            Driver::Sqlite(connection) => all
                .iter()
                .try_for_each(|row| statements::each(connection, sql, row, &mut read)),
            Driver::Postgres(session) => session.each_of(sql, all, &mut read),
        };
        self.0.note(done)
    }

    /// Runs a statement without an answer; the number of rows it touched.
    pub(super) fn execute<'s>(
        &mut self,
        sql: impl Into<Sql<'s>>,
        params: &[&dyn ToParam],
    ) -> Result<u64, StoreError> {
        let sql = sql.into();
        let sql = match &self.0.driver {
            Driver::Sqlite(_) => sql.sqlite,
            Driver::Postgres(_) => sql.postgres,
        };
        self.execute_values(sql, &values(params))
    }
}

pub(super) fn values<'v>(params: &[&'v dyn ToParam]) -> Vec<Value<'v>> {
    params
        .iter()
        .map(|param| <dyn ToParam>::value(*param))
        .collect()
}
