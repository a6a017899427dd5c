//! The public register of apologies as a file: which agency apologised when, for which promise, until when. No case, no
//! person, no words of the letter.

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::period::Period;
use dung_hen_domain::words::{self, Lang};
use serde_json::{Value, json};

use super::{Cell, Table};
use crate::reference::Reference;
use crate::store::{Reader, RegisterEntry, StoreError};

/// Letters of a whole period: a province of four million writes a few thousand a month.
const ALL: u32 = u32::MAX;

const HEADS: [&str; 7] = [
    "TT",
    "Cơ quan",
    "Mã cơ quan",
    "Số văn bản",
    "Ngày ban hành",
    "Ngày hẹn cũ",
    "Ngày hẹn mới",
];

/// The letters issued in the period, the newest first, of one agency or all.
///
/// # Errors
/// [`StoreError`].
pub fn read(
    reader: &mut Reader<'_>,
    agency: Option<&str>,
    period: Period,
) -> Result<Vec<RegisterEntry>, StoreError> {
    let (from, to) = period.span();
    reader.register_of_apologies(agency, from, to, ALL)
}

/// As a table; days as ISO 8601 writes them, which every spreadsheet reads as the same day.
#[must_use]
pub fn table(
    entries: &[RegisterEntry],
    reference: &Reference,
    asked: &str,
    period: Period,
    now: NaiveDateTime,
) -> Table {
    let day = |day: Option<NaiveDate>| day.map_or(Cell::Empty, Cell::Day);
    let rows = (1u64..)
        .zip(entries)
        .map(|(number, entry)| {
            let row = vec![
                Cell::Number(number),
                reference.agency_name(&entry.agency).into(),
                entry.agency.as_str().into(),
                entry.number.as_deref().map_or(Cell::Empty, Cell::from),
                Cell::Day(entry.issued),
                day(entry.previous_due),
                day(entry.revised_due),
            ];
            (false, row)
        })
        .collect();
    let (first, last) = period.span();
    let short = |date| words::short_date(date, Lang::Vi);
    Table {
        name: format!("Sổ xin lỗi {asked}"),
        title: vec![
            format!("Sổ công khai xin lỗi, {}", reference.province.name.vi),
            format!(
                "Văn bản xin lỗi ban hành từ {} đến {}; lập lúc {}",
                short(first),
                short(last),
                rfc3339(now)
            ),
        ],
        heads: HEADS.map(str::to_owned).into(),
        rows,
        notes: vec![
            format!(
                "Tổng số: {} văn bản. Không có mã hồ sơ, không có tên ai.",
                entries.len()
            ),
            format!("Cách tính: {}#apology", crate::pages::DEFINITIONS_ADDRESS),
        ],
    }
}

/// As JSON.
#[must_use]
pub fn json(entries: &[RegisterEntry], asked: &str, now: NaiveDateTime) -> Value {
    json!({
        "report": "register_of_apologies",
        "period": asked,
        "made": rfc3339(now),
        "definition": format!("{}#apology", crate::pages::DEFINITIONS_ADDRESS),
        "letters": letters(entries),
    })
}

/// The rows as JSON.
#[must_use]
pub fn letters(entries: &[RegisterEntry]) -> Vec<Value> {
    entries
        .iter()
        .map(|entry| {
            json!({
                "agency": entry.agency,
                "number": entry.number,
                "issued": iso_date(entry.issued),
                "previous_due": entry.previous_due.map(iso_date),
                "revised_due": entry.revised_due.map(iso_date),
            })
        })
        .collect()
}
