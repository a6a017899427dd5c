//! Objections.

use super::{ObjectionRecord, StoreError, Writer};

impl Writer<'_> {
    /// Keeps an objection.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_objection(&mut self, objection: &ObjectionRecord) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO objections (reference, kind, case_code, known, text, received_at, agency)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                &objection.reference,
                &objection.kind,
                &objection.case_code,
                &objection.known,
                &objection.text,
                &objection.received_at,
                &objection.agency,
            ],
        )?;
        Ok(())
    }
}
