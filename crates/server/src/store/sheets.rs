//! Second questionnaires: counts, and the hashes of what has been counted.

use std::collections::{BTreeMap, HashSet};

use dung_hen_domain::ballot_label::{BallotLabel, ENOUGH};
use dung_hen_domain::satisfaction::instruments::instrument;

use super::{LevelCounts, Reader, StoreError, Writer};
use crate::keys::Digest;
use crate::waiting::Sheet;

/// Of whom and when.
#[derive(Clone, Debug)]
pub struct SheetsOf {
    /// Questionnaire.
    pub instrument: &'static str,
    /// Agency code; `None`: every agency.
    pub agency: Option<String>,
    /// Level of the agency; `None`: every level.
    pub level: Option<String>,
    /// First and last month.
    pub months: (String, String),
    /// First and last quarter that lie whole within them, for labels that know no month.
    pub quarters: (String, String),
}

/// Published answers of second questionnaires to one question, by the label of their ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetCell {
    /// Questionnaire.
    pub instrument: String,
    /// Month or, where the label knows none, quarter.
    pub period: String,
    /// Agency code; empty where the label names none.
    pub agency: String,
    /// Level of the agency; empty where the label names none.
    pub level: String,
    /// Question.
    pub question: String,
    /// Answers per level.
    pub levels: LevelCounts,
}

impl Reader<'_> {
    /// Published answers per level, 1 to 5, by question.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheet_counts(
        &mut self,
        of: &SheetsOf,
    ) -> Result<BTreeMap<String, LevelCounts>, StoreError> {
        let mut counts = BTreeMap::new();
        self.each(
            "SELECT question, CAST(sum(level_1) AS BIGINT), CAST(sum(level_2) AS BIGINT),
                CAST(sum(level_3) AS BIGINT), CAST(sum(level_4) AS BIGINT), CAST(sum(level_5) AS BIGINT)
             FROM sheet_counts
             WHERE instrument = ?1 AND (period BETWEEN ?2 AND ?3 OR period BETWEEN ?4 AND ?5)
                AND (agency = ?6 OR ?6 IS NULL) AND (level = ?7 OR ?7 IS NULL)
             GROUP BY question",
            &[
                &of.instrument,
                &of.months.0,
                &of.months.1,
                &of.quarters.0,
                &of.quarters.1,
                &of.agency,
                &of.level,
            ],
            |row| {
                let mut levels = LevelCounts::default();
                for (place, level) in levels.iter_mut().enumerate() {
                    *level = row.get(place + 1)?;
                }
                counts.insert(row.get(0)?, levels);
                Ok(())
            },
        )?;
        Ok(counts)
    }

    /// The same row by row, of all questionnaires, for the months and quarters of a period; languages together. A row
    /// holds nothing or what is enough: the step of each language is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheets_of_period(
        &mut self,
        months: &(String, String),
        quarters: &(String, String),
    ) -> Result<Vec<SheetCell>, StoreError> {
        self.query(
            "SELECT instrument, period, agency, level, question, CAST(sum(level_1) AS BIGINT), CAST(sum(level_2) AS BIGINT),
                CAST(sum(level_3) AS BIGINT), CAST(sum(level_4) AS BIGINT), CAST(sum(level_5) AS BIGINT)
             FROM sheet_counts
             WHERE (period BETWEEN ?1 AND ?2 OR period BETWEEN ?3 AND ?4)
                AND level_1 + level_2 + level_3 + level_4 + level_5 > 0
             GROUP BY instrument, period, agency, level, question
             ORDER BY instrument, period, agency, level, question",
            &[&months.0, &months.1, &quarters.0, &quarters.1],
            |row| {
                let mut levels = LevelCounts::default();
                for (place, level) in levels.iter_mut().enumerate() {
                    *level = row.get(place + 5)?;
                }
                Ok(SheetCell {
                    instrument: row.get(0)?,
                    period: row.get(1)?,
                    agency: row.get(2)?,
                    level: row.get(3)?,
                    question: row.get(4)?,
                    levels,
                })
            },
        )
    }

    /// Which of these sheets have been counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheets_spent(&mut self, spent: &[Digest]) -> Result<HashSet<Digest>, StoreError> {
        let mut found = HashSet::new();
        for one in spent {
            let used = self.query_opt(
                "SELECT 1 FROM sheets_spent WHERE number_hash = ?1",
                &[one],
                |_| Ok(()),
            )?;
            if used.is_some() {
                found.insert(*one);
            }
        }
        Ok(found)
    }
}

impl Writer<'_> {
    /// Counts a group of sheets of one label, questionnaire and language; those counted already are left out. Then
    /// publishes the answers to each question that are enough.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_sheets(&mut self, group: &[Sheet]) -> Result<(), StoreError> {
        let Some(first) = group.first() else {
            return Ok(());
        };
        let corrupt = || StoreError::corrupt("waiting.sheet");
        let label = BallotLabel::parse(&first.label).ok_or_else(corrupt)?;
        let quarter = label.quarter().unwrap_or_default();
        let asked = instrument(&first.instrument).ok_or_else(corrupt)?;
        let mut sheets: Vec<&Sheet> = group.iter().collect();
        // By their hashes: the order of these rows says nothing about who came first.
        sheets.sort_unstable_by_key(|sheet| sheet.spent);
        let mut counts = vec![[0i64; 5]; asked.sheet().count()];
        for sheet in sheets {
            let added = self.execute(
                "INSERT INTO sheets_spent (number_hash, quarter) VALUES (?1, ?2) ON CONFLICT (number_hash) DO NOTHING",
                &[&sheet.spent, &quarter],
            )?;
            if added == 0 {
                continue;
            }
            for (count, level) in counts.iter_mut().zip(&sheet.levels) {
                let place = level.and_then(|level| usize::from(level).checked_sub(1));
                if let Some(slot) = place.and_then(|place| count.get_mut(place)) {
                    *slot += 1;
                }
            }
        }
        let enough = i64::try_from(ENOUGH).unwrap_or(i64::MAX);
        for (question, levels) in asked.sheet().zip(counts) {
            let [one, two, three, four, five] = levels;
            self.execute(
                "INSERT INTO sheet_counts (instrument, period, agency, level, language, question,
                    waits_1, waits_2, waits_3, waits_4, waits_5)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (instrument, period, agency, level, language, question) DO UPDATE SET
                    waits_1 = sheet_counts.waits_1 + excluded.waits_1, waits_2 = sheet_counts.waits_2 + excluded.waits_2,
                    waits_3 = sheet_counts.waits_3 + excluded.waits_3, waits_4 = sheet_counts.waits_4 + excluded.waits_4,
                    waits_5 = sheet_counts.waits_5 + excluded.waits_5",
                &[
                    &first.instrument,
                    &label.period,
                    &label.agency,
                    &label.level,
                    &first.language,
                    &question.name(),
                    &one,
                    &two,
                    &three,
                    &four,
                    &five,
                ],
            )?;
        }
        self.execute(
            "UPDATE sheet_counts SET level_1 = level_1 + waits_1, level_2 = level_2 + waits_2, level_3 = level_3 + waits_3,
                level_4 = level_4 + waits_4, level_5 = level_5 + waits_5,
                waits_1 = 0, waits_2 = 0, waits_3 = 0, waits_4 = 0, waits_5 = 0
             WHERE instrument = ?2 AND period = ?3 AND agency = ?4 AND level = ?5 AND language = ?6
                AND waits_1 + waits_2 + waits_3 + waits_4 + waits_5 >= ?1",
            &[
                &enough,
                &first.instrument,
                &label.period,
                &label.agency,
                &label.level,
                &first.language,
            ],
        )?;
        Ok(())
    }
}
