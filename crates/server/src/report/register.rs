//! The public register of apologies as a file: which agency apologised when, for which promise, until when. No case, no
//! person, no words of the letter.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_domain::words::{self, Lang};
use serde_json::{Value, json};

use super::table::made;
use super::{Cell, Table};
use crate::figures::places;
use crate::reference::Reference;
use crate::store::{Reader, RegisterEntry, RegisterMark, StoreError};

/// Letters of a whole period: a province of four million writes a few thousand a month.
const ALL: u32 = u32::MAX;
/// Letters read at once to find those of a level.
const BATCH: u32 = 1_000;

const HEADS: [&str; 7] = [
    "TT",
    "Cơ quan",
    "Mã cơ quan",
    "Số văn bản",
    "Ngày ban hành",
    "Ngày hẹn cũ",
    "Ngày hẹn mới",
];

/// The letters issued in the period, the newest first, of a place.
///
/// # Errors
/// [`StoreError`].
pub fn read(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    period: Period,
) -> Result<Vec<RegisterEntry>, StoreError> {
    page(reader, reference, place, period, None, ALL)
}

/// Of these the first after a mark, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub fn page(
    reader: &mut Reader<'_>,
    reference: &Reference,
    place: &Place,
    period: Period,
    after: Option<&RegisterMark>,
    limit: u32,
) -> Result<Vec<RegisterEntry>, StoreError> {
    let agency = match place {
        Place::Agency(agency) => Some(agency.as_str()),
        Place::Province => None,
        // The configuration says which agencies these are; no table does.
        Place::Level(_) => {
            let mut found = Vec::new();
            let mut after = after.cloned();
            loop {
                let batch =
                    reader.register_of_apologies(None, period.span(), after.as_ref(), BATCH)?;
                let whole = batch.len() == BATCH as usize;
                after = RegisterMark::after(&batch, after.as_ref());
                for entry in batch {
                    if found.len() == limit as usize {
                        return Ok(found);
                    }
                    if places::within(reference, place, &entry.agency) {
                        found.push(entry);
                    }
                }
                if !whole || found.len() == limit as usize {
                    return Ok(found);
                }
            }
        }
    };
    reader.register_of_apologies(agency, period.span(), after, limit)
}

/// Where a page ended, as it stands in an address: day, letters that say the same, agency, number.
#[must_use]
pub fn text(mark: &RegisterMark) -> String {
    let day = iso_date(mark.issued);
    let text = format!("{day}~{}~{}~{}", mark.same, mark.agency, mark.number);
    URL_SAFE_NO_PAD.encode(text)
}

/// Reads what [`text`] wrote: the beginning where nothing stands; `None` where it wrote no such thing.
#[must_use]
pub fn mark(text: &str) -> Option<Option<RegisterMark>> {
    if text.is_empty() {
        return Some(None);
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let mut parts = text.splitn(4, '~');
    Some(Some(RegisterMark {
        issued: NaiveDate::parse_from_str(parts.next()?, "%Y-%m-%d").ok()?,
        same: parts.next()?.parse().ok()?,
        agency: parts.next()?.to_owned(),
        number: parts.next()?.to_owned(),
    }))
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
                "Văn bản xin lỗi ban hành từ {} đến {}; {}",
                short(first),
                short(last),
                made(now)
            ),
        ],
        heads: HEADS.map(str::to_owned).into(),
        rows,
        notes: vec![
            format!(
                "Tổng số: {} văn bản. Không có mã hồ sơ, không có tên ai.",
                entries.len()
            ),
            format!(
                "Cách tính: {}#apology",
                crate::addresses::DEFINITIONS_ADDRESS
            ),
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
        "definition": format!("{}#apology", crate::addresses::DEFINITIONS_ADDRESS),
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
