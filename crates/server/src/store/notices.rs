//! Our notices as they were issued: number, agency, dates and a digest of each text. What ties a number to a
//! case is a keyed hash, and is not kept here.

use std::collections::HashSet;

use super::sql::values;
use super::{NoticeRecord, Reader, StoreError, Writer};
use crate::keys::Digest;

impl Reader<'_> {
    /// Every text that was issued under this number, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn notices(&mut self, number: &str) -> Result<Vec<NoticeRecord>, StoreError> {
        let mut found = Vec::new();
        self.each(
            "SELECT facts, agency, promised, issued, digest FROM notices WHERE number = ?1 ORDER BY issued, digest",
            &[&number],
            |row| {
                found.push(NoticeRecord {
                    number: number.to_owned(),
                    facts: row.get(0)?,
                    agency: row.get(1)?,
                    promised: row.get(2)?,
                    issued: row.get(3)?,
                    digest: row.get(4)?,
                });
                Ok(())
            },
        )?;
        Ok(found)
    }
}

impl Writer<'_> {
    /// Keeps notices, of which no two have number and facts in common; where the same facts were issued under the same
    /// number before, the first day stays. Number and facts of those that are new.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_notices<'n>(
        &mut self,
        all: impl IntoIterator<Item = &'n NoticeRecord>,
    ) -> Result<HashSet<(String, Digest)>, StoreError> {
        let row = |notice: &'n NoticeRecord| {
            values(&[
                &notice.number,
                &notice.facts,
                &notice.agency,
                &notice.promised,
                &notice.issued,
                &notice.digest,
            ])
        };
        let rows: Vec<_> = all.into_iter().map(row).collect();
        let mut new = HashSet::new();
        self.each_of(
            "INSERT INTO notices (number, facts, agency, promised, issued, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (number, facts) DO NOTHING RETURNING number, facts",
            &rows,
            |row| {
                new.insert((row.get(0)?, row.get(1)?));
                Ok(())
            },
        )?;
        Ok(new)
    }
}
