//! Many cases at once: in the order in which they came, for whoever counts all of them; or those with some codes, for whoever
//! changes them. A page costs as many statements as one case does elsewhere, and reads each leaf of a tree once.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::cases::{
    CASES_AFTER, CASES_AMONG, letters, moves, promises, read_case, read_letter, read_promise,
    read_step, steps,
};
use super::computed::{read_computed, read_move};
use super::sql::{Among, Sql, ToParam, among};
use super::{CaseRecord, ComputedEntry, Reader, StoreError, Writer};

/// What belongs to the cases with these places, the case last in each row.
const PARTS_AMONG: [Sql<'_>; 6] = [
    Sql::each(
        promises!("IN (SELECT value FROM json_each(?1))"),
        promises!("= ANY(?1)"),
    ),
    Sql::each(
        letters!("IN (SELECT value FROM json_each(?1))"),
        letters!("= ANY(?1)"),
    ),
    Sql::each(
        steps!("IN (SELECT value FROM json_each(?1))"),
        steps!("= ANY(?1)"),
    ),
    Sql::each(
        moves!("IN (SELECT value FROM json_each(?1))"),
        moves!("= ANY(?1)"),
    ),
    among!(
        "SELECT counted, case_id FROM case_counted WHERE case_id",
        ""
    ),
    among!(
        "SELECT calendar, basis, due, unsettled_from, reason, later, covered, special, settings, case_id
         FROM computed WHERE case_id",
        ""
    ),
];

/// A case, and what is kept beside it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its place.
    pub id: i64,
    /// With everything that belongs to it.
    pub record: CaseRecord,
    /// What it has added to the figures.
    pub counted: Option<String>,
    /// Its computed date.
    pub computed: Option<ComputedEntry>,
}

/// A case as the figures look at it, and what they keep of it.
#[derive(Clone, Debug)]
pub struct CountedCase {
    /// With promises and letters, without steps and moves.
    pub record: CaseRecord,
    /// What it has added, as it was written; `None` for one that was never counted.
    pub counted: Option<String>,
    /// The day on which the clock alone changes that.
    pub turns_on: Option<NaiveDate>,
}

impl Reader<'_> {
    /// Up to `limit` cases after this id as they stand, without promises, letters, steps and moves; the id first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn standing_after(
        &mut self,
        id: i64,
        limit: u32,
    ) -> Result<Vec<(i64, CaseRecord)>, StoreError> {
        self.query(CASES_AFTER, &[&id, &limit], read_case)
    }

    /// The same with promises and letters, which is what cases are counted by.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn promised_after(
        &mut self,
        id: i64,
        limit: u32,
    ) -> Result<Vec<(i64, CaseRecord)>, StoreError> {
        let mut page = self.standing_after(id, limit)?;
        let Some((last, _)) = page.last() else {
            return Ok(page);
        };
        let last = *last;
        let promises = self.query(promises!("> ?1 AND case_id <= ?2"), &[&id, &last], |row| {
            Ok((row.get(7)?, read_promise(row)?))
        })?;
        give(&mut page, promises, |record| &mut record.history);
        let letters = self.query(letters!("> ?1 AND case_id <= ?2"), &[&id, &last], |row| {
            Ok((row.get(10)?, read_letter(row)?))
        })?;
        give(&mut page, letters, |record| &mut record.letters);
        Ok(page)
    }

    /// The same with what the figures keep of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counted_after(
        &mut self,
        id: i64,
        limit: u32,
    ) -> Result<Vec<(i64, CountedCase)>, StoreError> {
        let page = self.promised_after(id, limit)?;
        let last = page.last().map_or(id, |(last, _)| *last);
        let mut counted = self
            .query(
                "SELECT case_id, counted, turns_on FROM case_counted WHERE case_id > ?1 AND case_id <= ?2 ORDER BY case_id",
                &[&id, &last],
                |row| Ok((row.get::<i64>(0)?, row.get(1)?, row.get(2)?)),
            )?
            .into_iter()
            .peekable();
        let with = page.into_iter().map(|(id, record)| {
            // What is kept of a case that was erased belongs to no case here.
            while counted.next_if(|(of, ..)| *of < id).is_some() {}
            let found = counted.next_if(|(of, ..)| *of == id);
            let (counted, turns_on) =
                found.map_or((None, None), |(_, text, day)| (Some(text), day));
            let case = CountedCase {
                record,
                counted,
                turns_on,
            };
            (id, case)
        });
        Ok(with.collect())
    }

    /// All that is kept of the cases with these codes, in the order in which they came.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn kept_cases(&mut self, codes: &[&str]) -> Result<Vec<Kept>, StoreError> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let mut page = self.query(CASES_AMONG, &[&Among(codes.to_vec())], read_case)?;
        if page.is_empty() {
            return Ok(Vec::new());
        }
        let places = Among(page.iter().map(|(id, _)| *id).collect());
        let places: &[&dyn ToParam] = &[&places];
        let (mut promises, mut letters) = (Vec::new(), Vec::new());
        let (mut steps, mut moves) = (Vec::new(), Vec::new());
        let (mut counted, mut computed) = (HashMap::new(), HashMap::new());
        self.ask(PARTS_AMONG.map(|sql| (sql, places)), |part, row| {
            match part {
                0 => promises.push((row.get(7)?, read_promise(row)?)),
                1 => letters.push((row.get(10)?, read_letter(row)?)),
                2 => steps.push((row.get(5)?, read_step(row)?)),
                3 => moves.push((row.get(6)?, read_move(row)?)),
                4 => drop(counted.insert(row.get::<i64>(1)?, row.get(0)?)),
                _ => drop(computed.insert(row.get::<i64>(9)?, read_computed(row)?)),
            }
            Ok(())
        })?;
        give(&mut page, promises, |record| &mut record.history);
        give(&mut page, letters, |record| &mut record.letters);
        give(&mut page, steps, |record| &mut record.progress);
        give(&mut page, moves, |record| &mut record.moves);
        let kept = page.into_iter().map(|(id, record)| Kept {
            id,
            counted: counted.remove(&id),
            computed: computed.remove(&id),
            record,
        });
        Ok(kept.collect())
    }
}

impl Writer<'_> {
    /// [`Reader::kept_cases`] that nobody else changes before this transaction ends. They are held in the order of their
    /// codes, in which all who hold several do so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn hold_cases(&mut self, codes: &[&str]) -> Result<Vec<Kept>, StoreError> {
        // A statement by itself: after waiting, PostgreSQL shows only a new one what was written meanwhile. SQLite has
        // one writer.
        const HOLD: Sql<'_> = Sql::each(
            "SELECT 1 WHERE ?1 IS NULL",
            "SELECT 1 FROM cases WHERE code = ANY(?1) ORDER BY code FOR NO KEY UPDATE",
        );
        self.query_opt(HOLD, &[&Among(codes.to_vec())], |_| Ok(()))?;
        self.kept_cases(codes)
    }
}

/// To each case of a page what belongs to it; both are in the order of their ids.
fn give<T>(
    page: &mut [(i64, CaseRecord)],
    found: Vec<(i64, T)>,
    list: impl Fn(&mut CaseRecord) -> &mut Vec<T>,
) {
    let mut found = found.into_iter().peekable();
    for (id, record) in page {
        while found.next_if(|(of, _)| of < id).is_some() {}
        while let Some((_, one)) = found.next_if(|(of, _)| of == id) {
            list(record).push(one);
        }
    }
}
