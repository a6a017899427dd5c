//! Cases, their promises, letters and steps.

use chrono::{NaiveDate, NaiveTime};
use dung_hen_domain::case::{CaseStatus, WireName};

use super::sql::{Row, ToParam};
use super::{
    CaseRecord, DueEntry, LetterEntry, Opened, ProgressEntry, Proofs, Reader, StoreError, Writer,
    watch,
};

/// A case, for [`read_case`].
macro_rules! case_where {
    ($which:literal) => {
        concat!(
            "SELECT id, code, agency, procedure, status, channel, received_at, period_start, first_promise, promise,
                finished_at, returned_at, secret_hash, identity_hash, phone_hash, ballot_seal, detail, holder_hash
             FROM cases WHERE ",
            $which
        )
    };
}
/// By its code.
const CASE: &str = case_where!("code = ?1");
/// By its place, where that is known: without going down the tree of codes.
const CASE_AT: &str = case_where!("id = ?1");
/// The next ones after a place.
pub(super) const CASES_AFTER: &str = case_where!("id > ?1 ORDER BY id LIMIT ?2");

impl Reader<'_> {
    /// Whether the database answers about its tables.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_there(&mut self) -> Result<(), StoreError> {
        self.query_opt("SELECT 1 FROM cases LIMIT 1", &[], |_| Ok(()))?;
        Ok(())
    }

    /// The case with this code, with everything that belongs to it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_case(&mut self, code: &str) -> Result<Option<CaseRecord>, StoreError> {
        let found = self.query_opt(CASE, &[&code], read_case)?;
        self.whole(found)
    }

    /// The same with its objections, if `opens` says of its proofs that it may be read. It is asked once, known or not; and where it says
    /// no, that has cost what an unknown code costs: one statement, and nothing of the case but its hashes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_case(
        &mut self,
        code: &str,
        opens: impl FnOnce(Option<&Proofs>) -> bool,
    ) -> Result<Option<Opened>, StoreError> {
        let kept = self.query_opt(
            "SELECT id, secret_hash, identity_hash, phone_hash, holder_hash FROM cases WHERE code = ?1",
            &[&code],
            |row| {
                let proofs = Proofs {
                    secret: row.get(1)?,
                    identity: row.get(2)?,
                    phone: row.get(3)?,
                    holder: row.get(4)?,
                };
                Ok((row.get::<i64>(0)?, proofs))
            },
        )?;
        let opened = opens(kept.as_ref().map(|(_, proofs)| proofs));
        let Some((id, _)) = kept.filter(|_| opened) else {
            return Ok(None);
        };
        let found = self.query_opt(CASE_AT, &[&id], read_case)?;
        let Some(record) = self.whole(found)? else {
            return Ok(None);
        };
        let objections = self.objections_of(code)?;
        Ok(Some(Opened { record, objections }))
    }

    fn whole(
        &mut self,
        found: Option<(i64, CaseRecord)>,
    ) -> Result<Option<CaseRecord>, StoreError> {
        let Some((id, mut record)) = found else {
            return Ok(None);
        };
        record.history = self.history(id)?;
        record.letters = self.letters(id)?;
        record.progress = self.progress(id)?;
        record.moves = self.moves(id)?;
        Ok(Some(record))
    }

    /// The case with this code as it stands, without history, letters, steps and moves: one statement.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_standing(&mut self, code: &str) -> Result<Option<CaseRecord>, StoreError> {
        Ok(self
            .query_opt(CASE, &[&code], read_case)?
            .map(|(_, record)| record))
    }

    /// What is kept for the code alone: state, and the days of reception, promise, end and collection, each moment at
    /// midnight. Everything else is as in [`CaseRecord::new`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_shown(&mut self, code: &str) -> Result<Option<CaseRecord>, StoreError> {
        self.query_opt(
            "SELECT status, received, promise, finished, returned FROM case_shown WHERE code = ?1",
            &[&code],
            |row| {
                let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
                Ok(CaseRecord {
                    status: status(row, 0)?,
                    received_at: day(row, 1)?.map(midnight),
                    promise: day(row, 2)?,
                    finished_at: day(row, 3)?.map(midnight),
                    returned_at: day(row, 4)?.map(midnight),
                    ..CaseRecord::new(code)
                })
            },
        )
    }

    /// Whether the code alone shows this case as it stands; `None` where it shows nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_shown_as(&mut self, record: &CaseRecord) -> Result<Option<bool>, StoreError> {
        let shown = self.find_shown(&record.code)?;
        Ok(shown.map(|shown| shown.status == record.status && days(&shown) == days(record)))
    }

    /// Codes that show something and belong to no case.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn shown_of_no_case(&mut self) -> Result<Vec<String>, StoreError> {
        self.query(
            "SELECT code FROM case_shown
             WHERE NOT EXISTS (SELECT 1 FROM cases WHERE cases.code = case_shown.code) ORDER BY code",
            &[],
            |row| row.get(0),
        )
    }

    /// Whether any case belongs to this agency.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agency_exists(&mut self, agency: &str) -> Result<bool, StoreError> {
        let found = self.query_opt(
            "SELECT 1 FROM cases WHERE agency = ?1 LIMIT 1",
            &[&agency],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn history(&mut self, id: i64) -> Result<Vec<DueEntry>, StoreError> {
        self.query(
            "SELECT due, recorded_at, cause, named_by, reason, sent_by, recorded_by
             FROM due_history WHERE case_id = ?1 ORDER BY sequence",
            &[&id],
            read_promise,
        )
    }

    fn letters(&mut self, id: i64) -> Result<Vec<LetterEntry>, StoreError> {
        self.query(
            "SELECT issued, number, agency, reason, previous_due, revised_due, signer, evidence, recorded_by, recorded_at
             FROM letters WHERE case_id = ?1 ORDER BY sequence",
            &[&id],
            read_letter,
        )
    }

    fn progress(&mut self, id: i64) -> Result<Vec<ProgressEntry>, StoreError> {
        self.query(
            "SELECT at, unit, note, officer, title FROM progress WHERE case_id = ?1 ORDER BY at, unit, note",
            &[&id],
            |row| {
                Ok(ProgressEntry {
                    at: row.get(0)?,
                    unit: row.get(1)?,
                    note: row.get(2)?,
                    officer: row.get(3)?,
                    title: row.get(4)?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Writes a case. Promises already kept are never changed: new ones are added after them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_case(&mut self, record: &CaseRecord) -> Result<(), StoreError> {
        let detail = serde_json::to_string(&record.detail)
            .map_err(|_| StoreError::corrupt("cases.detail"))?;
        // The deadline watch looks at it again, whatever changed.
        let look_on = watch::may_fall_due(record).then_some("");
        let columns: [&dyn ToParam; 17] = [
            &record.code,
            &record.agency,
            &record.procedure,
            &record.status.code(),
            &record.channel.name(),
            &record.received_at,
            &record.period_start,
            &record.first_promise,
            &record.promise,
            &record.finished_at,
            &record.returned_at,
            &record.secret_hash,
            &record.identity_hash,
            &record.phone_hash,
            &detail,
            &record.holder_hash,
            &look_on,
        ];
        let id: i64 = self
            .query_opt(
                "INSERT INTO cases (code, agency, procedure, status, channel, received_at, period_start, first_promise,
                    promise, finished_at, returned_at, secret_hash, identity_hash, phone_hash, detail, holder_hash,
                    look_on)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                 ON CONFLICT (code) DO UPDATE SET agency = excluded.agency, procedure = excluded.procedure,
                    status = excluded.status, channel = excluded.channel, received_at = excluded.received_at,
                    period_start = excluded.period_start, first_promise = excluded.first_promise,
                    promise = excluded.promise, finished_at = excluded.finished_at, returned_at = excluded.returned_at,
                    secret_hash = excluded.secret_hash, identity_hash = excluded.identity_hash,
                    phone_hash = excluded.phone_hash, detail = excluded.detail, holder_hash = excluded.holder_hash,
                    look_on = excluded.look_on, erased_at = NULL
                 RETURNING id",
                &columns,
                |row| row.get(0),
            )?
            .ok_or_else(|| StoreError::corrupt("cases.id"))?;
        self.put_shown(record)?;
        for (sequence, entry) in (0i64..).zip(&record.history) {
            self.execute(
                "INSERT INTO due_history (case_id, sequence, due, recorded_at, cause, named_by, reason, sent_by, recorded_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
                &[
                    &id,
                    &sequence,
                    &entry.due,
                    &entry.recorded_at,
                    &entry.cause.name(),
                    &entry.named_by,
                    &entry.reason,
                    &entry.sent_by,
                    &entry.recorded_by,
                ],
            )?;
        }
        self.execute("DELETE FROM letters WHERE case_id = ?1", &[&id])?;
        for (sequence, letter) in (0i64..).zip(&record.letters) {
            self.execute(
                "INSERT INTO letters (case_id, sequence, issued, number, agency, reason, previous_due, revised_due, signer,
                    evidence, recorded_by, recorded_at, case_agency)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                &[
                    &id,
                    &sequence,
                    &letter.issued,
                    &letter.number,
                    &letter.agency,
                    &letter.reason,
                    &letter.previous_due,
                    &letter.revised_due,
                    &letter.signer,
                    &letter.evidence,
                    &letter.recorded_by,
                    &letter.recorded_at,
                    &record.agency,
                ],
            )?;
        }
        Ok(())
    }

    /// What the code alone shows, kept apart ([`Reader::find_shown`]).
    fn put_shown(&mut self, record: &CaseRecord) -> Result<(), StoreError> {
        let [received, promise, finished, returned] =
            days(record).map(|day| day.map(|day| day.to_epoch_days()));
        self.execute(
            "INSERT INTO case_shown (code, status, received, promise, finished, returned) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (code) DO UPDATE SET status = excluded.status, received = excluded.received,
                promise = excluded.promise, finished = excluded.finished, returned = excluded.returned",
            &[
                &record.code,
                &record.status.code(),
                &received,
                &promise,
                &finished,
                &returned,
            ],
        )?;
        Ok(())
    }

    /// Adds a step; `false` where the case is not known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_progress(&mut self, code: &str, step: &ProgressEntry) -> Result<bool, StoreError> {
        let id: Option<i64> =
            self.query_opt("SELECT id FROM cases WHERE code = ?1", &[&code], |row| {
                row.get(0)
            })?;
        let Some(id) = id else { return Ok(false) };
        self.execute(
            "INSERT INTO progress (case_id, at, unit, note, officer, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            &[&id, &step.at, &step.unit, &step.note, &step.officer, &step.title],
        )?;
        Ok(true)
    }
}

/// The days that are kept with what is shown: reception, promise, end and collection.
fn days(record: &CaseRecord) -> [Option<NaiveDate>; 4] {
    [
        record.received_at.map(|moment| moment.date()),
        record.promise,
        record.finished_at.map(|moment| moment.date()),
        record.returned_at.map(|moment| moment.date()),
    ]
}

/// The id and the case of a row, without its history, letters and steps.
pub(super) fn read_case(row: &Row<'_>) -> Result<(i64, CaseRecord), StoreError> {
    let detail: String = row.get(16)?;
    let record = CaseRecord {
        code: row.get(1)?,
        agency: row.get(2)?,
        procedure: row.get(3)?,
        status: status(row, 4)?,
        channel: name(row, 5)?,
        received_at: row.get(6)?,
        period_start: row.get(7)?,
        first_promise: row.get(8)?,
        promise: row.get(9)?,
        finished_at: row.get(10)?,
        returned_at: row.get(11)?,
        secret_hash: row.get(12)?,
        identity_hash: row.get(13)?,
        phone_hash: row.get(14)?,
        ballot_seal: row.get(15)?,
        holder_hash: row.get(17)?,
        detail: serde_json::from_str(&detail).map_err(|_| row.corrupt(16))?,
        history: Vec::new(),
        letters: Vec::new(),
        progress: Vec::new(),
        moves: Vec::new(),
    };
    Ok((row.get(0)?, record))
}

pub(super) fn read_promise(row: &Row<'_>) -> Result<DueEntry, StoreError> {
    Ok(DueEntry {
        due: row.get(0)?,
        recorded_at: row.get(1)?,
        cause: name(row, 2)?,
        named_by: row.get(3)?,
        reason: row.get(4)?,
        sent_by: row.get(5)?,
        recorded_by: row.get(6)?,
    })
}

pub(super) fn read_letter(row: &Row<'_>) -> Result<LetterEntry, StoreError> {
    Ok(LetterEntry {
        issued: row.get(0)?,
        number: row.get(1)?,
        agency: row.get(2)?,
        reason: row.get(3)?,
        previous_due: row.get(4)?,
        revised_due: row.get(5)?,
        signer: row.get(6)?,
        evidence: row.get(7)?,
        recorded_by: row.get(8)?,
        recorded_at: row.get(9)?,
    })
}

fn status(row: &Row<'_>, index: usize) -> Result<CaseStatus, StoreError> {
    let code: i64 = row.get(index)?;
    CaseStatus::from_code(&code.to_string()).ok_or_else(|| row.corrupt(index))
}

/// The day in this column, which counts from 1970-01-01.
fn day(row: &Row<'_>, index: usize) -> Result<Option<NaiveDate>, StoreError> {
    let days: Option<i32> = row.get(index)?;
    days.map(|days| NaiveDate::from_epoch_days(days).ok_or_else(|| row.corrupt(index)))
        .transpose()
}

/// The machine name in this column.
pub(super) fn name<T: WireName>(row: &Row<'_>, index: usize) -> Result<T, StoreError> {
    T::from_name(&row.get::<String>(index)?).ok_or_else(|| row.corrupt(index))
}
