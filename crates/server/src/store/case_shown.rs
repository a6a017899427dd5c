//! What the code alone shows, kept apart from the case (`case_shown`, docs/decisions/0030): a look-up by the code reads
//! nothing else. It is written with the case, and `server verify` holds both against each other.

use chrono::{NaiveDate, NaiveTime};

use super::cases::status;
use super::sql::{Row, ToParam as _, Value};
use super::{CaseRecord, Reader, StoreError, Writer};

impl Reader<'_> {
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
}

impl Writer<'_> {
    /// Writes what the codes of these cases show.
    pub(super) fn put_shown<'r>(
        &mut self,
        records: impl Iterator<Item = &'r CaseRecord>,
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = records.map(row).collect();
        self.each_of(
            "INSERT INTO case_shown (code, status, received, promise, finished, returned) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (code) DO UPDATE SET status = excluded.status, received = excluded.received,
                promise = excluded.promise, finished = excluded.finished, returned = excluded.returned",
            &rows,
            |_| Ok(()),
        )
    }
}

/// The values of a case, as [`Writer::put_shown`] takes them.
fn row(record: &CaseRecord) -> Vec<Value<'_>> {
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

/// The days that are kept with what is shown: reception, promise, end and collection.
fn days(record: &CaseRecord) -> [Option<NaiveDate>; 4] {
    [
        record.received_at.map(|moment| moment.date()),
        record.promise,
        record.finished_at.map(|moment| moment.date()),
        record.returned_at.map(|moment| moment.date()),
    ]
}

/// The day in this column, which counts from 1970-01-01.
fn day(row: &Row<'_>, index: usize) -> Result<Option<NaiveDate>, StoreError> {
    let days: Option<i32> = row.get(index)?;
    days.map(|days| NaiveDate::from_epoch_days(days).ok_or_else(|| row.corrupt(index)))
        .transpose()
}
