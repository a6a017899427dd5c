//! Ratings. No case code comes near this module, and no moment: ratings arrive in groups that share
//! everything but their answers (`waiting`).

use std::collections::HashSet;

use dung_hen_domain::ballot_label::{BallotLabel, ENOUGH};
use dung_hen_domain::satisfaction::instruments::instrument;

use super::sql::{Row, ToParam};
use super::{ErrorKind, RatingRecord, Reader, StoreError, Writer};
use crate::keys::Digest;
use crate::waiting::{Correction, Rating, Said};

impl Reader<'_> {
    /// The first of these ratings that there is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rating(&mut self, handles: &[Digest]) -> Result<Option<RatingRecord>, StoreError> {
        for handle in handles {
            let found = self.query_opt(
                "SELECT handle, period, agency, level, procedure, field, outcome, timeliness, instrument, language,
                    overall, access, procedures, officials, outcomes, feedback_handling, wrong
                 FROM ratings WHERE handle = ?1",
                &[handle],
                read_rating,
            )?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Which of these ballots have been used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn spent_among(&mut self, spent: &[Digest]) -> Result<HashSet<Digest>, StoreError> {
        let mut found = HashSet::new();
        for one in spent {
            let used =
                self.query_opt("SELECT 1 FROM spent WHERE number_hash = ?1", &[one], |_| {
                    Ok(())
                })?;
            if used.is_some() {
                found.insert(*one);
            }
        }
        Ok(found)
    }
}

/// A label in seven columns from `first` on, in the order of its fields.
pub(super) fn read_label(row: &Row<'_>, first: usize) -> Result<BallotLabel, StoreError> {
    Ok(BallotLabel {
        period: row.get(first)?,
        agency: row.get(first + 1)?,
        level: row.get(first + 2)?,
        procedure: row.get(first + 3)?,
        field: row.get(first + 4)?,
        outcome: row.get(first + 5)?,
        timeliness: row.get(first + 6)?,
    })
}

fn read_rating(row: &Row<'_>) -> Result<RatingRecord, StoreError> {
    Ok(RatingRecord {
        handle: row.get(0)?,
        label: read_label(row, 1)?,
        instrument: row.get(8)?,
        language: row.get(9)?,
        said: Said {
            overall: row.get(10)?,
            factors: [
                row.get(11)?,
                row.get(12)?,
                row.get(13)?,
                row.get(14)?,
                row.get(15)?,
            ],
            wrong: row.get(16)?,
        },
    })
}

/// What became of a group that was to enter.
#[derive(Debug, Default)]
pub struct Admitted {
    /// Ballots of the group that are spent now: their ratings need not wait any more.
    pub spent: HashSet<Digest>,
    /// Those of them whose rating says something else in the database than in the group: it was corrected after it had
    /// entered, and before that was known.
    pub outdated: HashSet<Digest>,
    /// How many entered from another room.
    pub elsewhere: i64,
}

impl Admitted {
    /// Both groups together.
    pub fn add(&mut self, other: Self) {
        self.spent.extend(other.spent);
        self.outdated.extend(other.outdated);
        self.elsewhere += other.elsewhere;
    }
}

impl Reader<'_> {
    /// Which of these have entered already, and how.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entered<'a>(
        &mut self,
        group: impl IntoIterator<Item = &'a Rating>,
    ) -> Result<Admitted, StoreError> {
        let mut admitted = Admitted::default();
        for rating in group {
            if self.spent_among(&[rating.spent])?.is_empty() {
                continue;
            }
            admitted.spent.insert(rating.spent);
            // Handles are of a room: a row without one entered from another.
            match self.rating(&[rating.handle])? {
                None => admitted.elsewhere += 1,
                Some(row) => {
                    if row.said != rating.said
                        || row.instrument != rating.instrument
                        || row.language != rating.language
                    {
                        admitted.outdated.insert(rating.spent);
                    }
                }
            }
        }
        Ok(admitted)
    }
}

impl Writer<'_> {
    /// Lets a group in, as [`Writer::add_ratings`] does, if without those who have entered already it is a group still.
    ///
    /// # Errors
    /// [`StoreError`]; [`ErrorKind::Conflict`] where another room let in so many of them at the same moment that too
    /// few were left.
    pub fn admit_ratings(&mut self, group: &[Rating]) -> Result<Admitted, StoreError> {
        let mut admitted = self.entered(group)?;
        let fresh: Vec<Rating> = group
            .iter()
            .filter(|rating| !admitted.spent.contains(&rating.spent))
            .cloned()
            .collect();
        if fresh.len() >= ENOUGH {
            let elsewhere = self.add_ratings(&fresh)?;
            let lost = usize::try_from(elsewhere).unwrap_or(0);
            if fresh.len() - lost < ENOUGH {
                return Err(StoreError::new(
                    ErrorKind::Conflict,
                    "a group entered from another room",
                ));
            }
            admitted.elsewhere += elsewhere;
            admitted
                .spent
                .extend(fresh.iter().map(|rating| rating.spent));
        }
        Ok(admitted)
    }

    /// Lets a group of ratings in, in the order given; those whose ballots are spent already are left
    /// out. How many of these entered from another room: handles are of a room, so its own, which it could not erase
    /// the first time, have their rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_ratings(&mut self, group: &[Rating]) -> Result<i64, StoreError> {
        // By their hashes: the order of these rows must say nothing about the order of those.
        let mut spent: Vec<_> = group
            .iter()
            .map(|rating| (rating.spent, &rating.label))
            .collect();
        spent.sort_unstable();
        let mut fresh = HashSet::new();
        for (number_hash, label) in spent {
            let quarter = BallotLabel::parse(label).and_then(|label| label.quarter());
            let added = self.execute(
                "INSERT INTO spent (number_hash, quarter) VALUES (?1, ?2) ON CONFLICT (number_hash) DO NOTHING",
                &[&number_hash, &quarter.unwrap_or_default()],
            )?;
            if added == 1 {
                fresh.insert(number_hash);
            }
        }
        for rating in group.iter().filter(|rating| fresh.contains(&rating.spent)) {
            self.insert_rating(rating)?;
            self.execute(
                "INSERT INTO ratings_new (handle) VALUES (?1)",
                &[&rating.handle],
            )?;
        }
        let mut elsewhere = 0;
        for rating in group.iter().filter(|rating| !fresh.contains(&rating.spent)) {
            elsewhere += i64::from(self.rating(&[rating.handle])?.is_none());
        }
        Ok(elsewhere)
    }

    fn insert_rating(&mut self, rating: &Rating) -> Result<(), StoreError> {
        let label = BallotLabel::parse(&rating.label)
            .ok_or_else(|| StoreError::corrupt("waiting.label"))?;
        let [access, procedures, officials, outcomes, feedback_handling] = &rating.said.factors;
        let scale = scale(&rating.instrument);
        let values: [&dyn ToParam; 18] = [
            &rating.handle,
            &label.period,
            &label.agency,
            &label.level,
            &label.procedure,
            &label.field,
            &label.outcome,
            &label.timeliness,
            &rating.instrument,
            &rating.language,
            &rating.said.overall,
            access,
            procedures,
            officials,
            outcomes,
            feedback_handling,
            &rating.said.wrong,
            &scale,
        ];
        self.execute(
            "INSERT INTO ratings (handle, period, agency, level, procedure, field, outcome, timeliness, instrument,
                language, overall, access, procedures, officials, outcomes, feedback_handling, wrong, scale)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            &values,
        )?;
        Ok(())
    }

    /// Puts other answers in the place of earlier ones.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn correct_ratings(&mut self, corrections: &[Correction]) -> Result<(), StoreError> {
        for one in corrections {
            self.lock_rating(&one.handle)?;
            let Some(before) = self.rating(&[one.handle])? else {
                continue;
            };
            self.note_correction(&before, one)?;
            let [access, procedures, officials, outcomes, feedback_handling] = &one.said.factors;
            self.execute(
                "UPDATE ratings SET instrument = ?2, language = ?3, overall = ?4, access = ?5, procedures = ?6,
                    officials = ?7, outcomes = ?8, feedback_handling = ?9, wrong = ?10, scale = ?11
                 WHERE handle = ?1",
                &[
                    &one.handle,
                    &one.instrument,
                    &one.language,
                    &one.said.overall,
                    access,
                    procedures,
                    officials,
                    outcomes,
                    feedback_handling,
                    &one.said.wrong,
                    &scale(&one.instrument),
                ],
            )?;
        }
        Ok(())
    }
}

/// The scale that a questionnaire asks with; it is published under its id and never changes.
fn scale(questionnaire: &str) -> &'static str {
    instrument(questionnaire).map_or("", |found| found.scale.id)
}
