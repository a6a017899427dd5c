//! Satisfaction as published, and what the published step does not hold yet. When a step is taken:
//! `figures::satisfaction`.

use std::sync::Arc;

use chrono::NaiveDate;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::tables::{QUESTIONS, Question, Split, answers};

use super::ratings::read_label;
use super::sql::{Row, Sql, ToParam};
use super::{LevelCounts, RatingRecord, Reader, StoreError, Writer};
use crate::keys::Digest;
use crate::waiting::{Correction, Said};

/// The name of the cells that are labels.
pub const BY_LABEL: &str = "label";

/// Where answers are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SatisfactionKey {
    /// Questionnaire.
    pub instrument: String,
    /// Place, as kept.
    pub place: String,
    /// Split, or [`BY_LABEL`].
    pub split: String,
    /// Period; empty for a label.
    pub period: String,
    /// Value of the split, or the label.
    pub value: String,
    /// Question.
    pub question: Question,
}

/// One question of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SatisfactionRow {
    /// Value of the split.
    pub value: String,
    /// Question.
    pub question: Question,
    /// Answers per level.
    pub levels: LevelCounts,
    /// The step that changed it last.
    pub changed_on: NaiveDate,
}

/// Answers of one rating, with its label and questionnaire: what its row says now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Name of the row.
    pub handle: Digest,
    /// Label.
    pub label: BallotLabel,
    /// Questionnaire.
    pub instrument: String,
    /// What it says, in the order of [`Question`].
    pub levels: [Option<u8>; QUESTIONS],
}

/// An answer that counts otherwise than its rating says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The rating.
    pub rating: Arc<Answered>,
    /// Questionnaire of the answer: another than the rating's after a correction by another one.
    pub instrument: String,
    /// Question.
    pub question: Question,
    /// The label under which it counts or waits to be counted.
    pub label: String,
    /// The level that is published.
    pub published: Option<u8>,
}

impl Apart {
    /// The level that the rating names now.
    #[must_use]
    pub fn current(&self) -> Option<u8> {
        if self.instrument == self.rating.instrument {
            self.rating.levels[self.question as usize]
        } else {
            None
        }
    }
}

/// What is said, in the order of [`Question`].
fn levels_of(said: &Said) -> [Option<u8>; QUESTIONS] {
    answers(said.overall, said.factors, said.wrong)
}

const ANSWERED: &str =
    "r.handle, r.period, r.agency, r.level, r.procedure, r.field, r.outcome, r.timeliness,
     r.instrument, r.overall, r.access, r.procedures, r.officials, r.outcomes, r.feedback_handling, r.wrong";
const ANSWERED_COLUMNS: usize = 16;

fn answered(row: &Row<'_>) -> Result<Answered, StoreError> {
    let mut factors = [None; 5];
    for (place, level) in factors.iter_mut().enumerate() {
        *level = row.get(10 + place)?;
    }
    Ok(Answered {
        handle: row.get(0)?,
        label: read_label(row, 1)?,
        instrument: row.get(8)?,
        levels: answers(row.get(9)?, factors, row.get(15)?),
    })
}

fn question(row: &Row<'_>, index: usize) -> Result<Question, StoreError> {
    let name: String = row.get(index)?;
    Question::from_name(&name).ok_or_else(|| row.corrupt(index))
}

fn levels(row: &Row<'_>, from: usize) -> Result<LevelCounts, StoreError> {
    let mut levels = LevelCounts::default();
    for (place, count) in levels.iter_mut().enumerate() {
        *count = row.get(from + place)?;
    }
    Ok(levels)
}

fn apart(row: &Row<'_>) -> Result<Apart, StoreError> {
    Ok(Apart {
        rating: Arc::new(answered(row)?),
        instrument: row.get(ANSWERED_COLUMNS)?,
        question: question(row, ANSWERED_COLUMNS + 1)?,
        label: row.get(ANSWERED_COLUMNS + 2)?,
        published: row.get(ANSWERED_COLUMNS + 3)?,
    })
}

impl Reader<'_> {
    /// A published table: its values with each question; the empty value first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn satisfaction_table(
        &mut self,
        instrument: &str,
        place: &str,
        split: Split,
        period: &str,
    ) -> Result<Vec<SatisfactionRow>, StoreError> {
        self.query(
            "SELECT value, question, level_1, level_2, level_3, level_4, level_5, changed_on FROM satisfaction_cells
             WHERE instrument = ?1 AND place = ?2 AND split = ?3 AND period = ?4 ORDER BY value, question",
            &[&instrument, &place, &split.name(), &period],
            |row| {
                Ok(SatisfactionRow {
                    value: row.get(0)?,
                    question: question(row, 1)?,
                    levels: levels(row, 2)?,
                    changed_on: row.get(7)?,
                })
            },
        )
    }

    /// What is published of a label.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn satisfaction_of_label(
        &mut self,
        instrument: &str,
        label: &str,
        question: Question,
    ) -> Result<LevelCounts, StoreError> {
        let found = self.query_opt(
            "SELECT level_1, level_2, level_3, level_4, level_5 FROM satisfaction_cells
             WHERE instrument = ?1 AND place = '' AND split = ?2 AND period = '' AND value = ?3 AND question = ?4",
            &[&instrument, &BY_LABEL, &label, &question.name()],
            |row| levels(row, 0),
        )?;
        Ok(found.unwrap_or_default())
    }

    /// Every cell, those of the labels among them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn satisfaction_cells(
        &mut self,
        mut each: impl FnMut(SatisfactionKey, LevelCounts),
    ) -> Result<(), StoreError> {
        self.each(
            "SELECT instrument, place, split, period, value, question, level_1, level_2, level_3, level_4, level_5
             FROM satisfaction_cells",
            &[],
            |row| {
                let key = SatisfactionKey {
                    instrument: row.get(0)?,
                    place: row.get(1)?,
                    split: row.get(2)?,
                    period: row.get(3)?,
                    value: row.get(4)?,
                    question: question(row, 5)?,
                };
                each(key, levels(row, 6)?);
                Ok(())
            },
        )
    }

    /// Every rating of which a step holds something.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ratings_in_steps(&mut self, mut each: impl FnMut(Answered)) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT {ANSWERED} FROM ratings r
             WHERE NOT EXISTS (SELECT 1 FROM ratings_new n WHERE n.handle = r.handle)"
        );
        self.each(sql.as_str(), &[], |row| {
            each(answered(row)?);
            Ok(())
        })
    }

    /// Every answer apart.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn answers_apart(&mut self) -> Result<Vec<Apart>, StoreError> {
        let sql = format!(
            "SELECT {ANSWERED}, a.instrument, a.question, a.label, a.published
             FROM answers_apart a JOIN ratings r ON r.handle = a.handle"
        );
        self.query(sql.as_str(), &[], apart)
    }
}

impl Writer<'_> {
    /// Ratings of which no step holds anything yet, by their names. Nobody corrects them until the transaction ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn new_ratings(&mut self) -> Result<Vec<Answered>, StoreError> {
        let sql = format!(
            "SELECT {ANSWERED} FROM ratings_new n JOIN ratings r ON r.handle = n.handle ORDER BY r.handle"
        );
        let locked = format!("{sql} FOR UPDATE OF r");
        self.query(Sql::each(&sql, &locked), &[], answered)
    }

    /// Answers that wait for a step, likewise.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn waiting_answers(&mut self) -> Result<Vec<Apart>, StoreError> {
        let sql = format!(
            "SELECT {ANSWERED}, a.instrument, a.question, a.label, a.published
             FROM answers_apart a JOIN ratings r ON r.handle = a.handle WHERE a.waits = 1
             ORDER BY r.handle, a.instrument, a.question"
        );
        let locked = format!("{sql} FOR UPDATE OF r");
        self.query(Sql::each(&sql, &locked), &[], apart)
    }

    /// The rating is in the step, but for what is put apart.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn no_longer_new(&mut self, handle: &Digest) -> Result<(), StoreError> {
        self.execute("DELETE FROM ratings_new WHERE handle = ?1", &[handle])?;
        Ok(())
    }

    /// Puts an answer apart, or, where it counts as its rating says, no longer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_apart(&mut self, answer: &Apart) -> Result<(), StoreError> {
        let waits = answer.current() != answer.published;
        let elsewhere = answer.published.is_some() && answer.label != answer.rating.label.to_text();
        let key: [&dyn ToParam; 3] = [
            &answer.rating.handle,
            &answer.instrument,
            &answer.question.name(),
        ];
        if waits || elsewhere {
            let [handle, instrument, question] = key;
            self.execute(
                "INSERT INTO answers_apart (handle, instrument, question, label, published, waits)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (handle, instrument, question) DO UPDATE SET
                     label = excluded.label, published = excluded.published, waits = excluded.waits",
                &[handle, instrument, question, &answer.label, &answer.published, &waits],
            )?;
        } else {
            self.execute(
                "DELETE FROM answers_apart WHERE handle = ?1 AND instrument = ?2 AND question = ?3",
                &key,
            )?;
        }
        Ok(())
    }

    /// Locks the row of a rating that is about to be corrected.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn lock_rating(&mut self, handle: &Digest) -> Result<(), StoreError> {
        const LOOK: &str = "SELECT 1 FROM ratings WHERE handle = ?1";
        const LOCK: &str = "SELECT 1 FROM ratings WHERE handle = ?1 FOR UPDATE";
        self.query_opt(Sql::each(LOOK, LOCK), &[handle], |_| Ok(()))?;
        Ok(())
    }

    /// Notes what a correction changes, beside what is published of the rating; `before` is its row as it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn note_correction(
        &mut self,
        before: &RatingRecord,
        correction: &Correction,
    ) -> Result<(), StoreError> {
        let new = self.query_opt(
            "SELECT 1 FROM ratings_new WHERE handle = ?1",
            &[&before.handle],
            |_| Ok(()),
        )?;
        if new.is_some() {
            return Ok(());
        }
        let kept = self.query(
            "SELECT instrument, question, label, published FROM answers_apart WHERE handle = ?1",
            &[&before.handle],
            |row| {
                let key = (row.get::<String>(0)?, question(row, 1)?);
                Ok((key, (row.get::<String>(2)?, row.get::<Option<u8>>(3)?)))
            },
        )?;
        let own = before.label.to_text();
        let was = levels_of(&before.said);
        let rating = Arc::new(Answered {
            handle: before.handle,
            label: before.label.clone(),
            instrument: correction.instrument.clone(),
            levels: levels_of(&correction.said),
        });
        let mut instruments = vec![&before.instrument];
        if correction.instrument != before.instrument {
            instruments.push(&correction.instrument);
        }
        for instrument in instruments {
            for question in Question::ALL {
                let found = kept
                    .iter()
                    .find(|(key, _)| key.0 == *instrument && key.1 == *question);
                let (label, published) = match found {
                    Some((_, found)) => found.clone(),
                    // Without a row there: as the rating had it; of another questionnaire nothing.
                    None if *instrument == before.instrument => {
                        (own.clone(), was[*question as usize])
                    }
                    None => (own.clone(), None),
                };
                let answer = Apart {
                    rating: Arc::clone(&rating),
                    instrument: instrument.clone(),
                    question: *question,
                    label,
                    published,
                };
                // Most answers stay as they were.
                if found.is_some() || answer.current() != answer.published {
                    self.put_apart(&answer)?;
                }
            }
        }
        Ok(())
    }

    /// Adds differences to cells, in the order of their keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_to_satisfaction<'a>(
        &mut self,
        differences: impl IntoIterator<Item = (&'a SatisfactionKey, &'a [i64; 5])>,
        day: NaiveDate,
    ) -> Result<(), StoreError> {
        for (key, by) in differences {
            let [one, two, three, four, five] = by;
            self.execute(
                "INSERT INTO satisfaction_cells (instrument, place, split, period, value, question,
                     level_1, level_2, level_3, level_4, level_5, changed_on)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT (instrument, place, split, period, value, question) DO UPDATE SET
                     level_1 = satisfaction_cells.level_1 + excluded.level_1,
                     level_2 = satisfaction_cells.level_2 + excluded.level_2,
                     level_3 = satisfaction_cells.level_3 + excluded.level_3,
                     level_4 = satisfaction_cells.level_4 + excluded.level_4,
                     level_5 = satisfaction_cells.level_5 + excluded.level_5,
                     changed_on = excluded.changed_on",
                &[
                    &key.instrument,
                    &key.place,
                    &key.split,
                    &key.period,
                    &key.value,
                    &key.question.name(),
                    one,
                    two,
                    three,
                    four,
                    five,
                    &day,
                ],
            )?;
        }
        Ok(())
    }

    /// A word kept beside the figures, locked until the transaction ends; empty where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn locked_figure_state(&mut self, name: &str) -> Result<String, StoreError> {
        const LOOK: &str = "SELECT value FROM figure_state WHERE name = ?1";
        const LOCK: &str = "SELECT value FROM figure_state WHERE name = ?1 FOR UPDATE";
        self.execute(
            "INSERT INTO figure_state (name, value) VALUES (?1, '') ON CONFLICT (name) DO NOTHING",
            &[&name],
        )?;
        let value = self.query_opt(Sql::each(LOOK, LOCK), &[&name], |row| row.get(0))?;
        Ok(value.unwrap_or_default())
    }
}
