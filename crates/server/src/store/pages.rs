//! Many cases at once, in the order in which they came: for whoever counts all of them. A page costs as many statements
//! as one case does elsewhere, and reads each leaf of a tree once.

use chrono::NaiveDate;

use super::cases::{CASES_AFTER, read_case, read_letter, read_promise};
use super::{CaseRecord, Reader, StoreError};

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
        let promises = self.query(
            "SELECT due, recorded_at, cause, named_by, reason, sent_by, recorded_by, case_id
             FROM due_history WHERE case_id > ?1 AND case_id <= ?2 ORDER BY case_id, sequence",
            &[&id, &last],
            |row| Ok((row.get(7)?, read_promise(row)?)),
        )?;
        give(&mut page, promises, |record| &mut record.history);
        let letters = self.query(
            "SELECT issued, number, agency, reason, previous_due, revised_due, signer, evidence, recorded_by, recorded_at,
                case_id
             FROM letters WHERE case_id > ?1 AND case_id <= ?2 ORDER BY case_id, sequence",
            &[&id, &last],
            |row| Ok((row.get(10)?, read_letter(row)?)),
        )?;
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
}

/// To each case of a page what belongs to it; both are in the order of their ids.
pub(super) fn give<T>(
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
