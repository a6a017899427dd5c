//! Cases, their promises, letters and steps; attempts; objections.

use chrono::{Duration, NaiveDateTime};
use dung_hen_domain::apology::Letter;
use dung_hen_domain::case::WireName;
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::wire::DueCause;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::SqliteStore;
use super::rows::{CASE_COLUMNS, case, date, date_text, moment, moment_text, name, status};
use crate::keys::Digest;
use crate::store::{
    ATTEMPT_WINDOW_MINUTES, BallotOutcome, CaseFacts, CaseRecord, DueEntry, LetterEntry,
    MAX_ATTEMPTS, ObjectionRecord, ProgressEntry, StoreError,
};

/// Writes of one import: all or nothing.
#[derive(Debug)]
pub struct ImportWriter<'a> {
    transaction: Transaction<'a>,
}

impl SqliteStore {
    /// The case with this code, with everything that belongs to it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_case(&self, code: &str) -> Result<Option<CaseRecord>, StoreError> {
        read_case(&self.reader(), code)
    }

    /// Runs `work` in one transaction: an error leaves nothing behind.
    ///
    /// # Errors
    /// What `work` returns, or [`StoreError`].
    pub fn import<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&ImportWriter<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.writer();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let writer = ImportWriter { transaction };
        let outcome = work(&writer)?;
        writer.transaction.commit().map_err(StoreError::from)?;
        Ok(outcome)
    }

    /// Seconds to wait before another proof may be tried for this code; 0 where one may.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn attempts_wait(&self, code_hash: &Digest, now: NaiveDateTime) -> Result<u32, StoreError> {
        let row: Option<(String, u32)> = self
            .reader()
            .prepare_cached("SELECT since, wrong FROM attempts WHERE code_hash = ?1")?
            .query_row([code_hash], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((since, wrong)) = row else {
            return Ok(0);
        };
        let since = moment(Some(since), "attempts.since")?.unwrap_or(now);
        let left = (since + Duration::minutes(ATTEMPT_WINDOW_MINUTES))
            .signed_duration_since(now)
            .num_seconds();
        if wrong < MAX_ATTEMPTS || left <= 0 {
            return Ok(0);
        }
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// Counts a wrong proof for this code, known or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_wrong_attempt(
        &self,
        code_hash: &Digest,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        let window_start = rfc3339(now - Duration::minutes(ATTEMPT_WINDOW_MINUTES));
        self.writer()
            .prepare_cached(
                "INSERT INTO attempts (code_hash, since, wrong) VALUES (?1, ?2, 1)
                 ON CONFLICT (code_hash) DO UPDATE SET
                    wrong = CASE WHEN since <= ?3 THEN 1 ELSE wrong + 1 END,
                    since = CASE WHEN since <= ?3 THEN ?2 ELSE since END",
            )?
            .execute(params![code_hash, rfc3339(now), window_start])?;
        Ok(())
    }

    /// Marks the case's ballot as given to the number behind `seal`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn give_ballot(&self, code: &str, seal: &Digest) -> Result<BallotOutcome, StoreError> {
        let mut connection = self.writer();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "UPDATE cases SET ballot_seal = ?2 WHERE code = ?1 AND ballot_seal IS NULL",
            params![code, seal],
        )?;
        let kept: Option<Vec<u8>> = transaction.query_row(
            "SELECT ballot_seal FROM cases WHERE code = ?1",
            [code],
            |row| row.get(0),
        )?;
        transaction.commit()?;
        let same = kept.is_some_and(|kept| crate::keys::equal(&kept, seal));
        Ok(if same {
            BallotOutcome::Given
        } else {
            BallotOutcome::GivenToAnother
        })
    }

    /// Keeps an objection.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_objection(&self, objection: &ObjectionRecord) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached(
                "INSERT INTO objections (reference, kind, case_code, known, text, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                objection.reference,
                objection.kind,
                objection.case_code,
                objection.known,
                objection.text,
                rfc3339(objection.received_at),
            ])?;
        Ok(())
    }

    /// Whether any case belongs to this agency.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agency_exists(&self, agency: &str) -> Result<bool, StoreError> {
        Ok(self
            .reader()
            .prepare_cached("SELECT 1 FROM cases WHERE agency = ?1 LIMIT 1")?
            .exists([agency])?)
    }

    /// The facts of all cases received from `from` up to but not including `to` (ISO dates), of one
    /// agency or all. A case without a day of reception is in no period.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn case_facts(
        &self,
        agency: Option<&str>,
        from: &str,
        to: &str,
    ) -> Result<Vec<CaseFacts>, StoreError> {
        let connection = self.reader();
        let mut statement = connection.prepare_cached(
            "SELECT id, status, promise, finished_at, returned_at, period_start FROM cases
             WHERE received_at >= ?1 AND received_at < ?2 AND (?3 IS NULL OR agency = ?3)",
        )?;
        let mut rows = statement.query(params![from, to, agency])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let start = moment(row.get(5)?, "cases.period_start")?.map(|moment| moment.date());
            let letters = read_letters(&connection, id)?;
            all.push(CaseFacts {
                status: status(row.get(1)?)?,
                promise: date(row.get(2)?, "cases.promise")?,
                finished: moment(row.get(3)?, "cases.finished_at")?.map(|moment| moment.date()),
                returned: moment(row.get(4)?, "cases.returned_at")?.map(|moment| moment.date()),
                causes: read_history(&connection, id)?
                    .into_iter()
                    .map(|entry| entry.cause)
                    .collect(),
                letters: letters
                    .iter()
                    .filter(|letter| start.is_none_or(|start| letter.issued >= start))
                    .map(|letter| Letter {
                        issued: letter.issued,
                        revised_due: letter.revised_due,
                    })
                    .collect(),
            });
        }
        Ok(all)
    }
}

impl ImportWriter<'_> {
    /// The case as it stands inside this import.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_case(&self, code: &str) -> Result<Option<CaseRecord>, StoreError> {
        read_case(&self.transaction, code)
    }

    /// Writes a case. Promises already kept are never changed: new ones are added after them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_case(&self, record: &CaseRecord) -> Result<(), StoreError> {
        let detail = serde_json::to_string(&record.detail)
            .map_err(|_| StoreError::Corrupt("cases.detail"))?;
        let id: i64 = self
            .transaction
            .prepare_cached(
                "INSERT INTO cases (code, agency, procedure, status, channel, received_at, period_start, first_promise,
                    promise, finished_at, returned_at, secret_hash, identity_hash, phone_hash, detail)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
                 ON CONFLICT (code) DO UPDATE SET agency = ?2, procedure = ?3, status = ?4, channel = ?5,
                    received_at = ?6, period_start = ?7, first_promise = ?8, promise = ?9, finished_at = ?10,
                    returned_at = ?11, secret_hash = ?12, identity_hash = ?13, phone_hash = ?14, detail = ?15
                 RETURNING id",
            )?
            .query_row(
                params![
                    record.code,
                    record.agency,
                    record.procedure,
                    record.status.code(),
                    record.channel.name(),
                    moment_text(record.received_at),
                    moment_text(record.period_start),
                    date_text(record.first_promise),
                    date_text(record.promise),
                    moment_text(record.finished_at),
                    moment_text(record.returned_at),
                    record.secret_hash,
                    record.identity_hash,
                    record.phone_hash,
                    detail,
                ],
                |row| row.get(0),
            )?;
        let mut history = self.transaction.prepare_cached(
            "INSERT OR IGNORE INTO due_history (case_id, sequence, due, recorded_at, cause) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (sequence, entry) in (0i64..).zip(&record.history) {
            history.execute(params![
                id,
                sequence,
                iso_date(entry.due),
                rfc3339(entry.recorded_at),
                entry.cause.name()
            ])?;
        }
        self.transaction
            .prepare_cached("DELETE FROM letters WHERE case_id = ?1")?
            .execute([id])?;
        let mut letters = self.transaction.prepare_cached(
            "INSERT INTO letters (case_id, sequence, issued, number, agency, reason, previous_due, revised_due, signer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (sequence, letter) in (0i64..).zip(&record.letters) {
            letters.execute(params![
                id,
                sequence,
                iso_date(letter.issued),
                letter.number,
                letter.agency,
                letter.reason,
                date_text(letter.previous_due),
                date_text(letter.revised_due),
                letter.signer,
            ])?;
        }
        Ok(())
    }

    /// Adds a step; `false` where the case is not known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_progress(&self, code: &str, step: &ProgressEntry) -> Result<bool, StoreError> {
        let id: Option<i64> = self
            .transaction
            .prepare_cached("SELECT id FROM cases WHERE code = ?1")?
            .query_row([code], |row| row.get(0))
            .optional()?;
        let Some(id) = id else { return Ok(false) };
        self.transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO progress (case_id, at, unit, note, officer, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![id, rfc3339(step.at), step.unit, step.note, step.officer, step.title])?;
        Ok(true)
    }
}

fn read_case(connection: &Connection, code: &str) -> Result<Option<CaseRecord>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {CASE_COLUMNS} FROM cases WHERE code = ?1"))?;
    let mut rows = statement.query([code])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let (id, mut record) = case(row)?;
    record.history = read_history(connection, id)?;
    record.letters = read_letters(connection, id)?;
    record.progress = read_progress(connection, id)?;
    Ok(Some(record))
}

fn read_history(connection: &Connection, id: i64) -> Result<Vec<DueEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT due, recorded_at, cause FROM due_history WHERE case_id = ?1 ORDER BY sequence",
    )?;
    let mut rows = statement.query([id])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(DueEntry {
            due: date(row.get(0)?, "due_history.due")?
                .ok_or(StoreError::Corrupt("due_history.due"))?,
            recorded_at: moment(row.get(1)?, "due_history.recorded_at")?
                .ok_or(StoreError::Corrupt("due_history.recorded_at"))?,
            cause: name::<DueCause>(&row.get::<_, String>(2)?, "due_history.cause")?,
        });
    }
    Ok(all)
}

fn read_letters(connection: &Connection, id: i64) -> Result<Vec<LetterEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT issued, number, agency, reason, previous_due, revised_due, signer FROM letters
         WHERE case_id = ?1 ORDER BY sequence",
    )?;
    let mut rows = statement.query([id])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(LetterEntry {
            issued: date(row.get(0)?, "letters.issued")?
                .ok_or(StoreError::Corrupt("letters.issued"))?,
            number: row.get(1)?,
            agency: row.get(2)?,
            reason: row.get(3)?,
            previous_due: date(row.get(4)?, "letters.previous_due")?,
            revised_due: date(row.get(5)?, "letters.revised_due")?,
            signer: row.get(6)?,
        });
    }
    Ok(all)
}

fn read_progress(connection: &Connection, id: i64) -> Result<Vec<ProgressEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT at, unit, note, officer, title FROM progress WHERE case_id = ?1 ORDER BY at",
    )?;
    let mut rows = statement.query([id])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(ProgressEntry {
            at: moment(row.get(0)?, "progress.at")?.ok_or(StoreError::Corrupt("progress.at"))?,
            unit: row.get(1)?,
            note: row.get(2)?,
            officer: row.get(3)?,
            title: row.get(4)?,
        });
    }
    Ok(all)
}
