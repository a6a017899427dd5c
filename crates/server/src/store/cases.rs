//! A case, its promises, letters, steps and moves: how they are read, and one by its code. Many at once stand in
//! [`super::pages`], writing in [`super::written`], what a code alone shows in [`super::case_shown`].

use dung_hen_domain::case::CaseStatus;

use super::attempts::{self, ATTEMPTS};
use super::computed::read_move;
use super::objections::{OBJECTIONS_OF, record as read_objection};
use super::sql::{Row, Sql, ToParam};
use super::{
    AttemptCount, CaseRecord, DueEntry, LetterEntry, MoveEntry, Opened, ProgressEntry, Proofs,
    Reader, StoreError,
};
use crate::keys::Digest;

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
/// What opens a case.
const PROOFS: &str =
    "SELECT id, secret_hash, identity_hash, phone_hash, holder_hash FROM cases WHERE code = ?1";
/// The next ones after a place.
pub(super) const CASES_AFTER: &str = case_where!("id > ?1 ORDER BY id LIMIT ?2");
/// Those with one of these codes.
pub(super) const CASES_AMONG: Sql<'_> = Sql::each(
    case_where!("code IN (SELECT value FROM json_each(?1)) ORDER BY id"),
    case_where!("code = ANY(?1) ORDER BY id"),
);

/// Promises of cases, for [`read_promise`]; the case comes last.
macro_rules! promises {
    ($which:literal) => {
        concat!(
            "SELECT due, recorded_at, cause, named_by, reason, sent_by, recorded_by, case_id
             FROM due_history WHERE case_id ",
            $which,
            " ORDER BY case_id, sequence"
        )
    };
}
pub(super) use promises;
/// Letters of cases, for [`read_letter`]; the case comes last.
macro_rules! letters {
    ($which:literal) => {
        concat!(
            "SELECT issued, number, agency, reason, previous_due, revised_due, signer, evidence, recorded_by,
                recorded_at, case_id
             FROM letters WHERE case_id ",
            $which,
            " ORDER BY case_id, sequence"
        )
    };
}
pub(super) use letters;
/// Steps of cases, for [`read_step`]; the case comes last.
macro_rules! steps {
    ($which:literal) => {
        concat!(
            "SELECT at, unit, note, officer, title, case_id FROM progress WHERE case_id ",
            $which,
            " ORDER BY case_id, at, unit, note"
        )
    };
}
pub(super) use steps;
/// Moves of computed dates of cases, for [`read_move`]; the case comes last.
macro_rules! moves {
    ($which:literal) => {
        concat!(
            "SELECT calendar, at, due_before, due_after, why_vi, why_en, case_id FROM computed_moves WHERE case_id ",
            $which,
            " ORDER BY case_id, at, calendar"
        )
    };
}
pub(super) use moves;
/// What belongs to one case.
const PARTS: [&str; 4] = [
    promises!("= ?1"),
    letters!("= ?1"),
    steps!("= ?1"),
    moves!("= ?1"),
];

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
        let kept = self.query_opt(PROOFS, &[&code], read_proofs)?;
        let opened = opens(kept.as_ref().map(|(_, proofs)| proofs));
        self.opened(code, kept.filter(|_| opened))
    }

    /// [`Reader::open_case`] that is told what is counted under these two hashes as well ([`Reader::attempts`]): two
    /// statements, one way to PostgreSQL and back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_case_counted(
        &mut self,
        code: &str,
        counters: [&Digest; 2],
        opens: impl FnOnce([Option<AttemptCount>; 2], Option<&Proofs>) -> bool,
    ) -> Result<Option<Opened>, StoreError> {
        let (mut counts, mut kept) = ([None; 2], None);
        let counters_asked: &[&dyn ToParam] = &[counters[0], counters[1]];
        let code_asked: &[&dyn ToParam] = &[&code];
        let questions = [(ATTEMPTS, counters_asked), (PROOFS, code_asked)];
        self.ask(questions.map(|(sql, of)| (sql.into(), of)), |which, row| {
            match which {
                0 => attempts::read(row, counters, &mut counts)?,
                _ => kept = Some(read_proofs(row)?),
            }
            Ok(())
        })?;
        let opened = opens(counts, kept.as_ref().map(|(_, proofs)| proofs));
        self.opened(code, kept.filter(|_| opened))
    }

    fn opened(
        &mut self,
        code: &str,
        kept: Option<(i64, Proofs)>,
    ) -> Result<Option<Opened>, StoreError> {
        let Some((id, _)) = kept else {
            return Ok(None);
        };
        let (mut found, mut parts, mut objections) = (None, Parts::default(), Vec::new());
        let id: &[&dyn ToParam] = &[&id];
        let code: &[&dyn ToParam] = &[&code];
        let questions = [(CASE_AT, id), (OBJECTIONS_OF, code)];
        let questions = questions.into_iter().chain(PARTS.map(|sql| (sql, id)));
        self.ask(questions.map(|(sql, of)| (sql.into(), of)), |which, row| {
            match which {
                0 => found = Some(read_case(row)?),
                1 => objections.push(read_objection(row)?),
                part => parts.read(part - 2, row)?,
            }
            Ok(())
        })?;
        let Some((_, mut record)) = found else {
            return Ok(None);
        };
        parts.give(&mut record);
        self.answer_all(&mut objections)?;
        Ok(Some(Opened { record, objections }))
    }

    fn whole(
        &mut self,
        found: Option<(i64, CaseRecord)>,
    ) -> Result<Option<CaseRecord>, StoreError> {
        let Some((id, mut record)) = found else {
            return Ok(None);
        };
        let mut parts = Parts::default();
        let id: &[&dyn ToParam] = &[&id];
        self.ask(PARTS.map(|sql| (sql.into(), id)), |part, row| {
            parts.read(part, row)
        })?;
        parts.give(&mut record);
        Ok(Some(record))
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
}

/// Promises, letters, steps and moves of a case, as they are read.
#[derive(Default)]
struct Parts {
    history: Vec<DueEntry>,
    letters: Vec<LetterEntry>,
    progress: Vec<ProgressEntry>,
    moves: Vec<MoveEntry>,
}

impl Parts {
    /// Of the lists in this order.
    fn read(&mut self, part: usize, row: &Row<'_>) -> Result<(), StoreError> {
        match part {
            0 => self.history.push(read_promise(row)?),
            1 => self.letters.push(read_letter(row)?),
            2 => self.progress.push(read_step(row)?),
            _ => self.moves.push(read_move(row)?),
        }
        Ok(())
    }

    fn give(self, record: &mut CaseRecord) {
        record.history = self.history;
        record.letters = self.letters;
        record.progress = self.progress;
        record.moves = self.moves;
    }
}

/// The id and the case of a row, without its history, letters and steps.
pub(super) fn read_case(row: &Row<'_>) -> Result<(i64, CaseRecord), StoreError> {
    let detail: String = row.get(16)?;
    let record = CaseRecord {
        code: row.get(1)?,
        agency: row.get(2)?,
        procedure: row.get(3)?,
        status: status(row, 4)?,
        channel: row.name(5)?,
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
        cause: row.name(2)?,
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

pub(super) fn read_step(row: &Row<'_>) -> Result<ProgressEntry, StoreError> {
    Ok(ProgressEntry {
        at: row.get(0)?,
        unit: row.get(1)?,
        note: row.get(2)?,
        officer: row.get(3)?,
        title: row.get(4)?,
    })
}

fn read_proofs(row: &Row<'_>) -> Result<(i64, Proofs), StoreError> {
    let proofs = Proofs {
        secret: row.get(1)?,
        identity: row.get(2)?,
        phone: row.get(3)?,
        holder: row.get(4)?,
    };
    Ok((row.get(0)?, proofs))
}

pub(super) fn status(row: &Row<'_>, index: usize) -> Result<CaseStatus, StoreError> {
    let code: i64 = row.get(index)?;
    CaseStatus::from_code(&code.to_string()).ok_or_else(|| row.corrupt(index))
}
