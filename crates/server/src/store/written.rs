//! Cases on their way in: one, or many at once, each list of rows by one statement.
//!
//! A connector sends the cases of a day together, and a file those of years. Asked for and written one by one, each costs
//! a dozen statements, and on PostgreSQL as many ways there and back; so they are asked for and written by the page
//! ([`Writer::merge_cases`]), as those who count all of them read them ([`super::pages`]).

use std::collections::{HashMap, HashSet};

use dung_hen_domain::case::WireName as _;

use super::pages::Kept;
use super::sql::{Among, ToParam, Value, among, values};
use super::{CaseRecord, ProgressEntry, StoreError, Writer, watch};

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

impl Writer<'_> {
    /// Makes or changes the cases with these codes, each once and in an order that all writers keep: `merge` is given the
    /// place of a code and what is kept under it, and gives what shall be. Nobody else makes or changes them before this
    /// transaction ends. In the order of the codes, each case as it is now, and beside it what was kept before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn merge_cases(
        &mut self,
        codes: &[&str],
        mut merge: impl FnMut(usize, Option<CaseRecord>) -> CaseRecord,
    ) -> Result<Vec<Kept>, StoreError> {
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
        let known = self.kept_cases(&held)?.into_iter();
        let mut known: HashMap<String, Kept> =
            known.map(|kept| (kept.record.code.clone(), kept)).collect();
        let places: Vec<i64> = known.values().map(|kept| kept.id).collect();
        let mut all = Vec::with_capacity(codes.len());
        for (place, (draft, code)) in drafts.into_iter().zip(codes).enumerate() {
            all.push(match (made.get(*code), known.remove(*code)) {
                (Some(id), _) => Kept {
                    id: *id,
                    record: draft,
                    counted: None,
                    computed: None,
                },
                (None, Some(kept)) => Kept {
                    record: merge(place, Some(kept.record)),
                    ..kept
                },
                (None, None) => return Err(StoreError::corrupt("cases.code")),
            });
        }
        let records = all.iter().map(|kept| &kept.record);
        self.put_rows(
            PUT,
            records.filter(|record| !made.contains_key(&record.code)),
        )?;
        let rows = all.iter().map(|kept| (kept.id, &kept.record));
        self.put_parts(rows.collect(), places)?;
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
        self.put_parts(vec![(*id, record)], vec![*id])
    }

    /// Adds steps, each to the case with its code; of each whether that is known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_steps(&mut self, all: &[(&str, ProgressEntry)]) -> Result<Vec<bool>, StoreError> {
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let codes = all.iter().map(|(code, _)| *code).collect();
        let known: HashMap<String, i64> = self
            .query(
                among!("SELECT code, id FROM cases WHERE code", ""),
                &[&Among(codes)],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?
            .into_iter()
            .collect();
        let place = |code: &str| known.get(code).copied();
        let mut steps: Vec<_> = all
            .iter()
            .filter_map(|(code, step)| Some((place(code)?, step)))
            .collect();
        // So that two who send the same ones come one after the other.
        steps.sort_by_key(|(id, step)| (*id, step.at, &step.unit, &step.note));
        let rows = steps.iter().map(|(id, step)| {
            values(&[
                id,
                &step.at,
                &step.unit,
                &step.note,
                &step.officer,
                &step.title,
            ])
        });
        self.each_of(
            "INSERT INTO progress (case_id, at, unit, note, officer, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            &rows.collect::<Vec<_>>(),
            |_| Ok(()),
        )?;
        Ok(all
            .iter()
            .map(|(code, _)| known.contains_key(*code))
            .collect())
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

    /// What the code alone shows, promises and letters of cases, some of which were there.
    fn put_parts(
        &mut self,
        all: Vec<(i64, &CaseRecord)>,
        known: Vec<i64>,
    ) -> Result<(), StoreError> {
        self.put_shown(all.iter().map(|(_, record)| *record))?;
        let (mut promises, mut letters) = (Vec::new(), Vec::new());
        for (id, record) in all {
            promises.extend(promise_rows(id, record));
            letters.extend(letter_rows(id, record));
        }
        self.each_of(
            "INSERT INTO due_history (case_id, sequence, due, recorded_at, cause, named_by, reason, sent_by, recorded_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
            &promises,
            |_| Ok(()),
        )?;
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

fn promise_rows(id: i64, record: &CaseRecord) -> impl Iterator<Item = Vec<Value<'_>>> {
    (0i64..).zip(&record.history).map(move |(sequence, entry)| {
        vec![
            Value::Int(id),
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

fn letter_rows(id: i64, record: &CaseRecord) -> impl Iterator<Item = Vec<Value<'_>>> {
    (0i64..)
        .zip(&record.letters)
        .map(move |(sequence, letter)| {
            vec![
                Value::Int(id),
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
                record.agency.value(),
            ]
        })
}
