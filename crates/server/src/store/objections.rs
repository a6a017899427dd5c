//! Objections and their answers.

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::objection::ObjectionKind;

use super::sql::Row;
use super::{AnswerEntry, ObjectionRecord, ObjectionScope, Reader, StoreError, Writer};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT reference, kind, agency, case_code, known, received_at, due, text, contact, consent_on
             FROM objections ",
            $rest
        )
    };
}

/// Those that name a case, oldest first.
pub(super) const OBJECTIONS_OF: &str =
    select!("WHERE case_code = ?1 ORDER BY received_at, reference");

impl Reader<'_> {
    /// The objection with this reference number, with its answers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_objection(
        &mut self,
        reference: &str,
    ) -> Result<Option<ObjectionRecord>, StoreError> {
        let found = self.query_opt(select!("WHERE reference = ?1"), &[&reference], record)?;
        let Some(mut record) = found else {
            return Ok(None);
        };
        record.answers = self.answers(reference)?;
        Ok(Some(record))
    }

    /// The answers to these.
    pub(super) fn answer_all(&mut self, all: &mut [ObjectionRecord]) -> Result<(), StoreError> {
        for record in all {
            record.answers = self.answers(&record.reference)?;
        }
        Ok(())
    }

    /// Objections without an answer, the oldest first, after the place of another one (RFC 3339 moment, reference).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_objections(
        &mut self,
        scope: &ObjectionScope,
        after: Option<(&str, &str)>,
        limit: u32,
    ) -> Result<Vec<ObjectionRecord>, StoreError> {
        let (confidential, agency) = match scope {
            ObjectionScope::All => (None, None),
            ObjectionScope::Confidential => (Some(true), None),
            ObjectionScope::Agency(agency) => (Some(false), agency.as_ref()),
        };
        let (since, reference) = after.unwrap_or_default();
        self.query(
            select!(
                "WHERE answered_at IS NULL AND (received_at > ?1 OR (received_at = ?1 AND reference > ?2))
                    AND (confidential = ?3 OR ?3 IS NULL) AND (agency = ?4 OR ?4 IS NULL)
                 ORDER BY received_at, reference LIMIT ?5"
            ),
            &[&since, &reference, &confidential, &agency, &limit],
            record,
        )
    }

    /// Objections received from `first` to `last`, both counted, that nobody has answered and whose time to answer is
    /// not over on `today`, by agency and kind. What it costs follows all that are within their time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn objections_within_term(
        &mut self,
        (first, last): (NaiveDate, NaiveDate),
        today: NaiveDate,
    ) -> Result<Vec<(String, ObjectionKind, u64)>, StoreError> {
        self.query(
            "SELECT agency, kind, count(*) FROM objections
             WHERE answered_at IS NULL AND due >= ?1
                AND substr(received_at, 1, 10) >= ?2 AND substr(received_at, 1, 10) <= ?3
             GROUP BY agency, kind",
            &[&today, &first, &last],
            |row| Ok((row.get(0)?, row.name(1)?, row.get(2)?)),
        )
    }

    fn answers(&mut self, reference: &str) -> Result<Vec<AnswerEntry>, StoreError> {
        self.query(
            "SELECT answered_at, body, person, text FROM objection_answers WHERE reference = ?1 ORDER BY sequence",
            &[&reference],
            |row| {
                Ok(AnswerEntry {
                    answered_at: row.get(0)?,
                    body: row.get(1)?,
                    person: row.get(2)?,
                    text: row.get(3)?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Keeps an objection once: sent again, the one kept first comes back. And whether it is new.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_objection(
        &mut self,
        objection: &ObjectionRecord,
    ) -> Result<(ObjectionRecord, bool), StoreError> {
        let added = self.execute(
            "INSERT INTO objections (reference, kind, confidential, agency, case_code, known, received_at, due, text,
                contact, consent_on)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT DO NOTHING",
            &[
                &objection.reference,
                &objection.kind.name(),
                &objection.kind.is_confidential(),
                &objection.agency,
                &objection.case_code,
                &objection.known,
                &objection.received_at,
                &objection.due,
                &objection.text,
                &objection.contact,
                &objection.consent_on,
            ],
        )?;
        let kept = self
            .find_objection(&objection.reference)?
            .ok_or_else(|| StoreError::corrupt("objections.reference"))?;
        Ok((kept, added == 1))
    }

    /// Adds an answer after those kept; whether it is the first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_answer(
        &mut self,
        reference: &str,
        answer: &AnswerEntry,
    ) -> Result<bool, StoreError> {
        // Before anything else, so that two who answer at once come one after the other.
        let first = self.execute(
            "UPDATE objections SET answered_at = ?2 WHERE reference = ?1 AND answered_at IS NULL",
            &[&reference, &answer.answered_at],
        )?;
        self.execute(
            "UPDATE objections SET last_answer = ?2 WHERE reference = ?1",
            &[&reference, &answer.answered_at],
        )?;
        self.execute(
            "INSERT INTO objection_answers (reference, sequence, answered_at, body, person, text)
             SELECT ?1, coalesce(max(sequence), 0) + 1, ?2, ?3, ?4, ?5 FROM objection_answers WHERE reference = ?1",
            &[
                &reference,
                &answer.answered_at,
                &answer.body,
                &answer.person,
                &answer.text,
            ],
        )?;
        Ok(first == 1)
    }

    /// Erases contacts whose newest answer is older than `contacts_before`, and what was written, with the case, where
    /// it is older than `texts_before`; agency, kind and days stay for the figures. How many of each.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_objections(
        &mut self,
        contacts_before: NaiveDateTime,
        texts_before: NaiveDateTime,
    ) -> Result<(u64, u64), StoreError> {
        let contacts = self.execute(
            "UPDATE objections SET contact = NULL WHERE last_answer < ?1 AND contact IS NOT NULL",
            &[&contacts_before],
        )?;
        let texts = self.execute(
            "UPDATE objections SET text = NULL, case_code = NULL WHERE last_answer < ?1 AND text IS NOT NULL",
            &[&texts_before],
        )?;
        Ok((contacts, texts))
    }
}

pub(super) fn record(row: &Row<'_>) -> Result<ObjectionRecord, StoreError> {
    Ok(ObjectionRecord {
        reference: row.get(0)?,
        kind: row.name(1)?,
        agency: row.get(2)?,
        case_code: row.get(3)?,
        known: row.get(4)?,
        received_at: row.get(5)?,
        due: row.get(6)?,
        text: row.get(7)?,
        contact: row.get(8)?,
        consent_on: row.get(9)?,
        answers: Vec::new(),
    })
}
