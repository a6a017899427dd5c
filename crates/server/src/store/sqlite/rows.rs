//! Between columns and types. Moments are `YYYY-MM-DDTHH:MM:SS+07:00`, dates `YYYY-MM-DD`, so that text order
//! is time order.

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::{CaseStatus, Channel, WireName};
use dung_hen_domain::civil::{iso_date, parse_date, parse_moment, rfc3339};
use rusqlite::Row;

use crate::keys::Digest;
use crate::store::{CaseRecord, StoreError};

/// The columns that [`case`] reads, in its order, after the id.
pub(super) const CASE_COLUMNS: &str = "id, code, agency, procedure, status, channel, received_at, period_start, \
     first_promise, promise, finished_at, returned_at, secret_hash, identity_hash, phone_hash, ballot_seal, detail";

pub(super) fn moment_text(moment: Option<NaiveDateTime>) -> Option<String> {
    moment.map(rfc3339)
}

pub(super) fn date_text(date: Option<NaiveDate>) -> Option<String> {
    date.map(iso_date)
}

pub(super) fn moment(
    text: Option<String>,
    column: &'static str,
) -> Result<Option<NaiveDateTime>, StoreError> {
    text.map(|text| parse_moment(&text).ok_or(StoreError::Corrupt(column)))
        .transpose()
}

pub(super) fn date(
    text: Option<String>,
    column: &'static str,
) -> Result<Option<NaiveDate>, StoreError> {
    text.map(|text| parse_date(&text).ok_or(StoreError::Corrupt(column)))
        .transpose()
}

pub(super) fn status(code: i64) -> Result<CaseStatus, StoreError> {
    CaseStatus::from_code(&code.to_string()).ok_or(StoreError::Corrupt("cases.status"))
}

pub(super) fn name<T: WireName>(text: &str, column: &'static str) -> Result<T, StoreError> {
    T::from_name(text).ok_or(StoreError::Corrupt(column))
}

fn digest(bytes: Option<Vec<u8>>, column: &'static str) -> Result<Option<Digest>, StoreError> {
    bytes
        .map(|bytes| bytes.try_into().map_err(|_| StoreError::Corrupt(column)))
        .transpose()
}

/// The id and the case of a row, without its history, letters and steps.
pub(super) fn case(row: &Row<'_>) -> Result<(i64, CaseRecord), StoreError> {
    let detail: String = row.get(16)?;
    let record = CaseRecord {
        code: row.get(1)?,
        agency: row.get(2)?,
        procedure: row.get(3)?,
        status: status(row.get(4)?)?,
        channel: name::<Channel>(&row.get::<_, String>(5)?, "cases.channel")?,
        received_at: moment(row.get(6)?, "cases.received_at")?,
        period_start: moment(row.get(7)?, "cases.period_start")?,
        first_promise: date(row.get(8)?, "cases.first_promise")?,
        promise: date(row.get(9)?, "cases.promise")?,
        finished_at: moment(row.get(10)?, "cases.finished_at")?,
        returned_at: moment(row.get(11)?, "cases.returned_at")?,
        secret_hash: digest(row.get(12)?, "cases.secret_hash")?,
        identity_hash: digest(row.get(13)?, "cases.identity_hash")?,
        phone_hash: digest(row.get(14)?, "cases.phone_hash")?,
        ballot_seal: digest(row.get(15)?, "cases.ballot_seal")?,
        detail: serde_json::from_str(&detail).map_err(|_| StoreError::Corrupt("cases.detail"))?,
        history: Vec::new(),
        letters: Vec::new(),
        progress: Vec::new(),
    };
    Ok((row.get(0)?, record))
}
