//! Monthly briefs, kept as they were made.

use chrono::NaiveDateTime;

use super::{Reader, StoreError, Writer};

/// A brief that is kept, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BriefKept {
    /// Agency code.
    pub agency: String,
    /// Month, `YYYY-MM`.
    pub month: String,
    /// When it was made.
    pub made_at: NaiveDateTime,
}

impl Reader<'_> {
    /// The briefs of an agency, or of all: the newest months first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn briefs(
        &mut self,
        agency: Option<&str>,
        limit: u32,
    ) -> Result<Vec<BriefKept>, StoreError> {
        self.query(
            "SELECT agency, month, made_at FROM briefs WHERE (agency = ?1 OR ?1 IS NULL)
             ORDER BY month DESC, agency LIMIT ?2",
            &[&agency, &limit],
            |row| {
                Ok(BriefKept {
                    agency: row.get(0)?,
                    month: row.get(1)?,
                    made_at: row.get(2)?,
                })
            },
        )
    }

    /// Agencies whose brief of this month is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agencies_with_brief(&mut self, month: &str) -> Result<Vec<String>, StoreError> {
        self.query(
            "SELECT agency FROM briefs WHERE month = ?1 ORDER BY agency",
            &[&month],
            |row| row.get(0),
        )
    }

    /// The content of a brief.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn brief(&mut self, agency: &str, month: &str) -> Result<Option<String>, StoreError> {
        self.query_opt(
            "SELECT content FROM briefs WHERE agency = ?1 AND month = ?2",
            &[&agency, &month],
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// Keeps a brief; `false` where that of this agency and month is kept already: the first one stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_brief(&mut self, kept: &BriefKept, content: &str) -> Result<bool, StoreError> {
        let added = self.execute(
            "INSERT INTO briefs (agency, month, made_at, content) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (agency, month) DO NOTHING",
            &[&kept.agency, &kept.month, &kept.made_at, &content],
        )?;
        Ok(added == 1)
    }
}
