//! Ratings and their counts. No case code comes near this module.

use super::{
    Counter, Counters, RatingCounts, RatingOutcome, RatingRecord, Reader, StoreError, Writer,
};

impl Reader<'_> {
    /// The counters.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counters(&mut self) -> Result<Counters, StoreError> {
        let mut value = |counter: Counter| -> Result<u64, StoreError> {
            let value = self.query_opt(
                "SELECT value FROM counters WHERE name = ?1",
                &[&counter_name(counter)],
                |row| row.get(0),
            )?;
            Ok(value.unwrap_or(0))
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
        &mut self,
        agency: Option<&str>,
        from: &str,
        to: &str,
    ) -> Result<RatingCounts, StoreError> {
        let mut counts = RatingCounts::default();
        self.each(
            "SELECT overall, access, procedures, officials, outcomes, feedback_handling, count(*) FROM ratings
             WHERE month BETWEEN ?1 AND ?2 AND (agency = ?3 OR ?3 IS NULL)
             GROUP BY overall, access, procedures, officials, outcomes, feedback_handling",
            &[&from, &to, &agency],
            |row| {
                let n: u64 = row.get(6)?;
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
                Ok(())
            },
        )?;
        Ok(counts)
    }

    fn kept_rating(&mut self, like: &RatingRecord) -> Result<Option<RatingRecord>, StoreError> {
        self.query_opt(
            "SELECT agency, month, instrument, language, overall, access, procedures, officials, outcomes,
                feedback_handling
             FROM ratings WHERE spent = ?1",
            &[&like.spent],
            |row| {
                Ok(RatingRecord {
                    spent: like.spent,
                    agency: row.get(0)?,
                    month: row.get(1)?,
                    instrument: row.get(2)?,
                    language: row.get(3)?,
                    overall: row.get(4)?,
                    factors: [row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?],
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Keeps a rating once, and counts it in the same transaction. Of two that come at the same moment the second
    /// waits at the key, and then finds the first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_rating(&mut self, rating: &RatingRecord) -> Result<RatingOutcome, StoreError> {
        let [access, procedures, officials, outcomes, feedback_handling] = &rating.factors;
        let stored = self.execute(
            "INSERT INTO ratings (spent, agency, month, instrument, language, overall, access, procedures, officials,
                outcomes, feedback_handling)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (spent) DO NOTHING",
            &[
                &rating.spent,
                &rating.agency,
                &rating.month,
                &rating.instrument,
                &rating.language,
                &rating.overall,
                access,
                procedures,
                officials,
                outcomes,
                feedback_handling,
            ],
        )?;
        let outcome = if stored == 1 {
            RatingOutcome::Stored
        } else {
            match self.kept_rating(rating)? {
                Some(kept) if same_answers(&kept, rating) => RatingOutcome::Repeated,
                _ => RatingOutcome::Spent,
            }
        };
        self.count(match outcome {
            RatingOutcome::Stored => Counter::Stored,
            RatingOutcome::Repeated => Counter::Repeated,
            RatingOutcome::Spent => Counter::Refused,
        })?;
        Ok(outcome)
    }

    /// Counts a rating that was refused before it reached the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_refused_rating(&mut self) -> Result<(), StoreError> {
        self.count(Counter::Refused)
    }

    fn count(&mut self, counter: Counter) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO counters (name, value) VALUES (?1, 1)
             ON CONFLICT (name) DO UPDATE SET value = counters.value + 1",
            &[&counter_name(counter)],
        )?;
        Ok(())
    }
}

/// The label may differ (a ballot asked for again in the next month) and the language too.
fn same_answers(a: &RatingRecord, b: &RatingRecord) -> bool {
    a.instrument == b.instrument && a.overall == b.overall && a.factors == b.factors
}

const fn counter_name(counter: Counter) -> &'static str {
    match counter {
        Counter::Stored => "ratings_stored",
        Counter::Repeated => "ratings_repeated",
        Counter::Refused => "ratings_refused",
    }
}
