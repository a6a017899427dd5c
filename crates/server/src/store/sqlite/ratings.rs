//! Ratings and their counters. No case code comes near this module.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::SqliteStore;
use crate::store::{Counter, Counters, RatingCounts, RatingOutcome, RatingRecord, StoreError};

impl SqliteStore {
    /// Keeps a rating once, and counts it in the same transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_rating(&self, rating: &RatingRecord) -> Result<RatingOutcome, StoreError> {
        let mut connection = self.writer();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let kept = read_rating(&transaction, rating)?;
        let outcome = match kept {
            None => {
                insert_rating(&transaction, rating)?;
                RatingOutcome::Stored
            }
            Some(kept) if same_answers(&kept, rating) => RatingOutcome::Repeated,
            Some(_) => RatingOutcome::Spent,
        };
        let counter = match outcome {
            RatingOutcome::Stored => Counter::Stored,
            RatingOutcome::Repeated => Counter::Repeated,
            RatingOutcome::Spent => Counter::Refused,
        };
        count(&transaction, counter)?;
        transaction.commit()?;
        Ok(outcome)
    }

    /// Counts a rating that was refused before it reached the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_refused_rating(&self) -> Result<(), StoreError> {
        count(&self.writer(), Counter::Refused)
    }

    /// The counters.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counters(&self) -> Result<Counters, StoreError> {
        let connection = self.reader();
        let mut statement =
            connection.prepare_cached("SELECT value FROM counters WHERE name = ?1")?;
        let mut value = |counter: Counter| -> Result<u64, StoreError> {
            let value: Option<i64> = statement
                .query_row([counter_name(counter)], |row| row.get(0))
                .optional()?;
            Ok(u64::try_from(value.unwrap_or(0)).unwrap_or(0))
        };
        Ok(Counters {
            stored: value(Counter::Stored)?,
            repeated: value(Counter::Repeated)?,
            refused: value(Counter::Refused)?,
        })
    }

    /// Answers per level for the months from `from` to `to`, both counted, of one agency or all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rating_counts(
        &self,
        agency: Option<&str>,
        from: &str,
        to: &str,
    ) -> Result<RatingCounts, StoreError> {
        let connection = self.reader();
        let mut statement = connection.prepare_cached(
            "SELECT overall, access, procedures, officials, outcomes, feedback_handling, count(*) FROM ratings
             WHERE month BETWEEN ?1 AND ?2 AND (?3 IS NULL OR agency = ?3)
             GROUP BY overall, access, procedures, officials, outcomes, feedback_handling",
        )?;
        let mut rows = statement.query(params![from, to, agency])?;
        let mut counts = RatingCounts::default();
        while let Some(row) = rows.next()? {
            let n = u64::try_from(row.get::<_, i64>(6)?).unwrap_or(0);
            let add = |cell: &mut [u64; 5], level: Option<u8>| {
                if let Some(slot) =
                    level.and_then(|level| cell.get_mut(usize::from(level).checked_sub(1)?))
                {
                    *slot += n;
                }
            };
            add(&mut counts.overall, Some(row.get(0)?));
            for (index, factor) in counts.factors.iter_mut().enumerate() {
                add(factor, row.get(index + 1)?);
            }
        }
        Ok(counts)
    }
}

/// The label may differ (a ballot asked for again in the next month) and the language too.
fn same_answers(a: &RatingRecord, b: &RatingRecord) -> bool {
    a.instrument == b.instrument && a.overall == b.overall && a.factors == b.factors
}

fn insert_rating(connection: &Connection, rating: &RatingRecord) -> Result<(), StoreError> {
    let [access, procedures, officials, outcomes, feedback_handling] = rating.factors;
    connection
        .prepare_cached(
            "INSERT INTO ratings (spent, agency, month, instrument, language, overall, access, procedures, officials,
                outcomes, feedback_handling)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            rating.spent,
            rating.agency,
            rating.month,
            rating.instrument,
            rating.language,
            rating.overall,
            access,
            procedures,
            officials,
            outcomes,
            feedback_handling,
        ])?;
    Ok(())
}

fn read_rating(
    connection: &Connection,
    like: &RatingRecord,
) -> Result<Option<RatingRecord>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT agency, month, instrument, language, overall, access, procedures, officials, outcomes,
                feedback_handling
             FROM ratings WHERE spent = ?1",
        )?
        .query_row([like.spent], |row| {
            Ok(RatingRecord {
                spent: like.spent,
                agency: row.get(0)?,
                month: row.get(1)?,
                instrument: row.get(2)?,
                language: row.get(3)?,
                overall: row.get(4)?,
                factors: [row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?],
            })
        })
        .optional()?)
}

const fn counter_name(counter: Counter) -> &'static str {
    match counter {
        Counter::Stored => "ratings_stored",
        Counter::Repeated => "ratings_repeated",
        Counter::Refused => "ratings_refused",
    }
}

fn count(connection: &Connection, counter: Counter) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO counters (name, value) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
        )?
        .execute([counter_name(counter)])?;
    Ok(())
}
