//! Our notices as they were issued: number, agency, dates and a digest of each text. What ties a number to a
//! case is a keyed hash, and is not kept here.

use super::{NoticeRecord, Reader, StoreError, Writer};

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
    /// Keeps a notice, unless the same facts were issued under its number before: the first day stays. Whether it is
    /// new.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_notice(&mut self, notice: &NoticeRecord) -> Result<bool, StoreError> {
        let added = self.execute(
            "INSERT INTO notices (number, facts, agency, promised, issued, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (number, facts) DO NOTHING",
            &[
                &notice.number,
                &notice.facts,
                &notice.agency,
                &notice.promised,
                &notice.issued,
                &notice.digest,
            ],
        )?;
        Ok(added == 1)
    }
}
