//! Cases on their way in: one, or many at once, each list of rows by one statement.
//!
//! A connector sends the cases of a day together, and a file those of years. Asked for and written one by one, each costs
//! a dozen statements, and on PostgreSQL as many ways there and back; so they are asked for and written by the page
//! ([`Writer::merge_cases`]), as those who count all of them read them ([`super::pages`]).

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::WireName as _;

use super::cases::{read_case, read_letter, read_promise, read_step};
use super::computed::{read_computed, read_move};
use super::pages::give;
use super::sql::{Among, Sql, ToParam, Value, values};
use super::{CaseRecord, ComputedEntry, Reader, StoreError, Writer, watch};

/// A statement about rows whose column is one of `?1`.
macro_rules! among {
    ($before:expr, $after:expr) => {
        Sql::each(
            concat!($before, " IN (SELECT value FROM json_each(?1))", $after),
            concat!($before, " = ANY(?1)", $after),
        )
    };
}

/// A row of a case, for one that is new or for one that is there.
macro_rules! insert_case {
    ($rest:literal) => {
        concat!(
            "INSERT INTO cases (code, agency, procedure, status, channel, received_at, period_start, first_promise,
                promise, finished_at, returned_at, secret_hash, identity_hash, phone_hash, detail, holder_hash, look_on)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
             ON CONFLICT (code) DO UPDATE SET ",
            $rest
        )
    };
}

/// Makes a case. One that is there already stays as it is, gives no row, and is held until the transaction ends.
const MAKE: &str = insert_case!("channel = excluded.channel WHERE FALSE RETURNING id, code");
/// Makes a case, or changes the one that is there.
const PUT: &str = insert_case!(
    "agency = excluded.agency, procedure = excluded.procedure, status = excluded.status, channel = excluded.channel,
                received_at = excluded.received_at, period_start = excluded.period_start,
                first_promise = excluded.first_promise, promise = excluded.promise, finished_at = excluded.finished_at,
                returned_at = excluded.returned_at, secret_hash = excluded.secret_hash,
                identity_hash = excluded.identity_hash, phone_hash = excluded.phone_hash, detail = excluded.detail,
                holder_hash = excluded.holder_hash, look_on = excluded.look_on, erased_at = NULL
             RETURNING id, code"
);

/// A case that was written with others, and what was kept of it before.
#[derive(Clone, Debug)]
pub struct Merged {
    /// Its place.
    pub id: i64,
    /// As it is now.
    pub record: CaseRecord,
    /// Whether it was there before.
    pub known: bool,
    /// What it had added to the figures.
    pub counted: Option<String>,
    /// Its computed date.
    pub computed: Option<ComputedEntry>,
}

impl Writer<'_> {
    /// Makes or changes the cases with these codes, each once and in an order that all writers keep: `merge` is given the
    /// place of a code and what is kept under it, and gives what shall be. Nobody else makes or changes them before this
    /// transaction ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn merge_cases(
        &mut self,
        codes: &[&str],
        merge: impl Fn(usize, Option<CaseRecord>) -> CaseRecord,
    ) -> Result<Vec<Merged>, StoreError> {
        // So that few are merged twice. Whether a case is there is said where it is made: somebody may make it just now.
        let asked = Among(codes.to_vec());
        let there: Vec<String> = self.query(
            among!("SELECT code FROM cases WHERE code", ""),
            &[&asked],
            |row| row.get(0),
        )?;
        let there: HashSet<&str> = there.iter().map(String::as_str).collect();
        let drafts: Vec<CaseRecord> = (0..)
            .zip(codes)
            .map(|(place, code)| match there.contains(code) {
                true => CaseRecord::new(code),
                false => merge(place, None),
            })
            .collect();
        let made = self.put_rows(MAKE, drafts.iter())?;
        let held: Vec<&str> = codes
            .iter()
            .copied()
            .filter(|code| !made.contains_key(*code))
            .collect();
        let mut known = self.known(&held)?;
        let mut all = Vec::with_capacity(codes.len());
        for (place, (draft, code)) in drafts.into_iter().zip(codes).enumerate() {
            all.push(match (made.get(*code), known.remove(*code)) {
                (Some(id), _) => Merged {
                    id: *id,
                    record: draft,
                    known: false,
                    counted: None,
                    computed: None,
                },
                (None, Some(kept)) => Merged {
                    record: merge(place, Some(kept.record)),
                    ..kept
                },
                (None, None) => return Err(StoreError::corrupt("cases.code")),
            });
        }
        self.put_rows(
            PUT,
            all.iter().filter(|one| one.known).map(|one| &one.record),
        )?;
        self.put_parts(&all)?;
        Ok(all)
    }

    /// Writes a case. Promises already kept are never changed: new ones are added after them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_case(&mut self, record: &CaseRecord) -> Result<(), StoreError> {
        let made = self.put_rows(PUT, [record])?;
        let id = made
            .get(&record.code)
            .ok_or_else(|| StoreError::corrupt("cases.id"))?;
        self.put_parts(&[Merged {
            id: *id,
            record: record.clone(),
            known: true,
            counted: None,
            computed: None,
        }])
    }

    /// Codes and places of those that were written.
    fn put_rows<'r>(
        &mut self,
        sql: &str,
        records: impl IntoIterator<Item = &'r CaseRecord>,
    ) -> Result<HashMap<String, i64>, StoreError> {
        let rows: Vec<_> = records.into_iter().map(row).collect::<Result<_, _>>()?;
        let mut made = HashMap::with_capacity(rows.len());
        self.each_of(sql, &rows, |row| {
            made.insert(row.get(1)?, row.get(0)?);
            Ok(())
        })?;
        Ok(made)
    }

    /// What the code alone shows, promises and letters.
    fn put_parts(&mut self, all: &[Merged]) -> Result<(), StoreError> {
        let shown: Vec<_> = all.iter().map(|one| shown(&one.record)).collect();
        self.each_of(
            "INSERT INTO case_shown (code, status, received, promise, finished, returned) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (code) DO UPDATE SET status = excluded.status, received = excluded.received,
                promise = excluded.promise, finished = excluded.finished, returned = excluded.returned",
            &shown,
            |_| Ok(()),
        )?;
        let (mut promises, mut letters) = (Vec::new(), Vec::new());
        for one in all {
            promises.extend(promise_rows(one));
            letters.extend(letter_rows(one));
        }
        self.each_of(
            "INSERT INTO due_history (case_id, sequence, due, recorded_at, cause, named_by, reason, sent_by, recorded_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
            &promises,
            |_| Ok(()),
        )?;
        let known: Vec<i64> = all
            .iter()
            .filter(|one| one.known)
            .map(|one| one.id)
            .collect();
        if !known.is_empty() {
            let delete = among!("DELETE FROM letters WHERE case_id", "");
            self.execute(delete, &[&Among(known)])?;
        }
        self.each_of(
            "INSERT INTO letters (case_id, sequence, issued, number, agency, reason, previous_due, revised_due, signer,
                evidence, recorded_by, recorded_at, case_agency)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            &letters,
            |_| Ok(()),
        )
    }

    /// Keeps what cases have added, each under its place, and when the clock alone changes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_all_counted(
        &mut self,
        all: &[(i64, String, Option<NaiveDate>)],
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = all
            .iter()
            .map(|(id, counted, turns_on)| vec![id.value(), counted.value(), turns_on.value()])
            .collect();
        self.each_of(
            "INSERT INTO case_counted (case_id, counted, turns_on) VALUES (?1, ?2, ?3)
             ON CONFLICT (case_id) DO UPDATE SET counted = excluded.counted, turns_on = excluded.turns_on",
            &rows,
            |_| Ok(()),
        )
    }

    /// Keeps the computed dates of cases, each under its place; `None` of one that is not open any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_all_computed(
        &mut self,
        all: &[(i64, Option<ComputedEntry>)],
    ) -> Result<(), StoreError> {
        let closed: Vec<i64> = all
            .iter()
            .filter(|(_, entry)| entry.is_none())
            .map(|(id, _)| *id)
            .collect();
        if !closed.is_empty() {
            let delete = among!("DELETE FROM computed WHERE case_id", "");
            self.execute(delete, &[&Among(closed)])?;
        }
        let open = all
            .iter()
            .filter_map(|(id, entry)| Some((id, entry.as_ref()?)));
        let rows: Vec<_> = open
            .map(|(id, entry)| {
                values(&[
                    id,
                    &entry.calendar,
                    &entry.basis,
                    &entry.due,
                    &entry.unsettled_from,
                    &entry.reason,
                    &entry.later,
                    &entry.covered,
                    &entry.special,
                ])
            })
            .collect();
        self.each_of(
            "INSERT INTO computed (case_id, calendar, basis, due, unsettled_from, reason, later, covered, special)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (case_id) DO UPDATE SET calendar = excluded.calendar, basis = excluded.basis,
                due = excluded.due, unsettled_from = excluded.unsettled_from, reason = excluded.reason,
                later = excluded.later, covered = excluded.covered, special = excluded.special",
            &rows,
            |_| Ok(()),
        )
    }

    /// Removes what was refused of these cases and came before this moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_older_refused(
        &mut self,
        codes: &[&str],
        before: NaiveDateTime,
    ) -> Result<u64, StoreError> {
        let delete = among!(
            "DELETE FROM dead_letters WHERE case_code",
            " AND reason = 'refused' AND service = 'DongBoHoSoMC' AND received_at < ?2"
        );
        self.execute(delete, &[&Among(codes.to_vec()), &before])
    }
}

impl Reader<'_> {
    /// Those of these cases for which steps wait.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn with_early_steps(&mut self, codes: &[&str]) -> Result<Vec<String>, StoreError> {
        self.query(
            among!(
                "SELECT DISTINCT case_code FROM dead_letters WHERE case_code",
                " AND reason = 'early' ORDER BY case_code"
            ),
            &[&Among(codes.to_vec())],
            |row| row.get(0),
        )
    }

    /// All that is kept of these cases, by their codes.
    fn known(&mut self, codes: &[&str]) -> Result<HashMap<String, Merged>, StoreError> {
        if codes.is_empty() {
            return Ok(HashMap::new());
        }
        let mut page = self.query(
            super::cases::CASES_AMONG,
            &[&Among(codes.to_vec())],
            read_case,
        )?;
        let places = Among(page.iter().map(|(id, _)| *id).collect());
        let promises = self.query(
            among!(
                "SELECT due, recorded_at, cause, named_by, reason, sent_by, recorded_by, case_id
                 FROM due_history WHERE case_id",
                " ORDER BY case_id, sequence"
            ),
            &[&places],
            |row| Ok((row.get(7)?, read_promise(row)?)),
        )?;
        let letters = self.query(
            among!(
                "SELECT issued, number, agency, reason, previous_due, revised_due, signer, evidence, recorded_by,
                    recorded_at, case_id
                 FROM letters WHERE case_id",
                " ORDER BY case_id, sequence"
            ),
            &[&places],
            |row| Ok((row.get(10)?, read_letter(row)?)),
        )?;
        let steps = self.query(
            among!(
                "SELECT at, unit, note, officer, title, case_id FROM progress WHERE case_id",
                " ORDER BY case_id, at, unit, note"
            ),
            &[&places],
            |row| Ok((row.get(5)?, read_step(row)?)),
        )?;
        let moves = self.query(
            among!(
                "SELECT calendar, at, due_before, due_after, why_vi, why_en, case_id FROM computed_moves WHERE case_id",
                " ORDER BY case_id, at, calendar"
            ),
            &[&places],
            |row| Ok((row.get(6)?, read_move(row)?)),
        )?;
        let counted = self.query(
            among!(
                "SELECT case_id, counted FROM case_counted WHERE case_id",
                ""
            ),
            &[&places],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut counted: HashMap<i64, String> = counted.into_iter().collect();
        let computed = self.query(
            among!(
                "SELECT calendar, basis, due, unsettled_from, reason, later, covered, special, case_id
                 FROM computed WHERE case_id",
                ""
            ),
            &[&places],
            |row| Ok((row.get(8)?, read_computed(row)?)),
        )?;
        let mut computed: HashMap<i64, ComputedEntry> = computed.into_iter().collect();
        give(&mut page, promises, |record| &mut record.history);
        give(&mut page, letters, |record| &mut record.letters);
        give(&mut page, steps, |record| &mut record.progress);
        give(&mut page, moves, |record| &mut record.moves);
        let known = page.into_iter().map(|(id, record)| {
            let kept = Merged {
                id,
                known: true,
                counted: counted.remove(&id),
                computed: computed.remove(&id),
                record,
            };
            (kept.record.code.clone(), kept)
        });
        Ok(known.collect())
    }
}

/// The values of a case, as [`MAKE`] and [`PUT`] take them.
fn row(record: &CaseRecord) -> Result<Vec<Value<'_>>, StoreError> {
    let detail =
        serde_json::to_string(&record.detail).map_err(|_| StoreError::corrupt("cases.detail"))?;
    // The deadline watch looks at it again, whatever changed.
    let look_on = watch::may_fall_due(record).then_some("");
    Ok(vec![
        record.code.value(),
        record.agency.value(),
        record.procedure.value(),
        Value::Int(record.status.code().into()),
        Value::Text(record.channel.name().into()),
        record.received_at.value(),
        record.period_start.value(),
        record.first_promise.value(),
        record.promise.value(),
        record.finished_at.value(),
        record.returned_at.value(),
        record.secret_hash.value(),
        record.identity_hash.value(),
        record.phone_hash.value(),
        detail.value().into_owned(),
        record.holder_hash.value(),
        look_on.map_or(Value::Null, |text| Value::Text(text.into())),
    ])
}

/// What the code alone shows, kept apart ([`Reader::find_shown`]).
fn shown(record: &CaseRecord) -> Vec<Value<'_>> {
    let [received, promise, finished, returned] = days(record)
        .map(|day| day.map_or(Value::Null, |day| Value::Int(day.to_epoch_days().into())));
    let status = Value::Int(record.status.code().into());
    vec![
        record.code.value(),
        status,
        received,
        promise,
        finished,
        returned,
    ]
}

fn promise_rows(one: &Merged) -> impl Iterator<Item = Vec<Value<'_>>> {
    (0i64..).zip(&one.record.history).map(|(sequence, entry)| {
        vec![
            one.id.value(),
            Value::Int(sequence),
            entry.due.value(),
            entry.recorded_at.value(),
            Value::Text(entry.cause.name().into()),
            entry.named_by.value(),
            entry.reason.value(),
            entry.sent_by.value(),
            entry.recorded_by.value(),
        ]
    })
}

fn letter_rows(one: &Merged) -> impl Iterator<Item = Vec<Value<'_>>> {
    (0i64..).zip(&one.record.letters).map(|(sequence, letter)| {
        vec![
            one.id.value(),
            Value::Int(sequence),
            letter.issued.value(),
            letter.number.value(),
            letter.agency.value(),
            letter.reason.value(),
            letter.previous_due.value(),
            letter.revised_due.value(),
            letter.signer.value(),
            letter.evidence.value(),
            letter.recorded_by.value(),
            letter.recorded_at.value(),
            one.record.agency.value(),
        ]
    })
}

/// The days that are kept with what is shown: reception, promise, end and collection.
pub(super) fn days(record: &CaseRecord) -> [Option<NaiveDate>; 4] {
    [
        record.received_at.map(|moment| moment.date()),
        record.promise,
        record.finished_at.map(|moment| moment.date()),
        record.returned_at.map(|moment| moment.date()),
    ]
}
