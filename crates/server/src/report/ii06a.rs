//! Report II.06a/VPCP/KSTT from the cases, as a table and as JSON.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::period::Period;
use dung_hen_domain::report::{Beside, BrokenIdentity, Columns, Draft, Facts, Report, Span};
use dung_hen_domain::words::{self, Lang};
use serde_json::{Value, json};

use super::table::made;
use super::{Cell, Table};
use crate::reference::Reference;
use crate::store::{Reader, StoreError};
use crate::view;

/// Cases read at once.
const BATCH: u32 = 1_000;

/// Heads of the columns, as the form numbers them.
const HEADS: [&str; 13] = [
    "TT (1)",
    "Lĩnh vực, cấp giải quyết (2)",
    "Tiếp nhận: tổng số (3)",
    "Tiếp nhận trực tuyến (4)",
    "Tiếp nhận trực tiếp, BCCI (5)",
    "Từ kỳ trước chuyển sang (6)",
    "Đã giải quyết: tổng số (7)",
    "Trước hạn (8)",
    "Đúng hạn (9)",
    "Quá hạn (10)",
    "Đang giải quyết: tổng số (11)",
    "Trong hạn (12)",
    "Quá hạn (13)",
];

/// Why there is no report.
#[derive(Debug)]
pub enum ReportError {
    /// The store failed.
    Store(StoreError),
    /// An identity does not hold: nothing is printed.
    Identity(BrokenIdentity),
}

impl From<StoreError> for ReportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for ReportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => write!(f, "{error}"),
            Self::Identity(error) => write!(f, "{error}"),
        }
    }
}

/// Counts the report of a period as it stands on `today`, of one agency or of all; every identity holds, or there is
/// none.
///
/// # Errors
/// [`ReportError`].
pub fn count(
    reader: &mut Reader<'_>,
    reference: &Reference,
    only: Option<&str>,
    period: Period,
    today: NaiveDate,
) -> Result<Report, ReportError> {
    let mut draft = Draft::new(span(period, today));
    each(reader, reference, |agency, facts| {
        if only.is_none_or(|only| only == agency) {
            draft.add(facts);
        }
    })?;
    draft.check().map_err(ReportError::Identity)
}

/// The same for each agency by itself.
///
/// # Errors
/// [`ReportError`].
pub fn count_by_agency(
    reader: &mut Reader<'_>,
    reference: &Reference,
    period: Period,
    today: NaiveDate,
) -> Result<BTreeMap<String, Report>, ReportError> {
    let mut drafts = BTreeMap::<String, Draft>::new();
    each(reader, reference, |agency, facts| {
        let draft = drafts
            .entry(agency.to_owned())
            .or_insert_with(|| Draft::new(span(period, today)));
        draft.add(facts);
    })?;
    drafts
        .into_iter()
        .map(|(agency, draft)| Ok((agency, draft.check().map_err(ReportError::Identity)?)))
        .collect()
}

fn span(period: Period, today: NaiveDate) -> Span {
    let (first, last) = period.span();
    Span {
        first,
        last,
        as_on: last.min(today),
    }
}

/// Every case, with its agency.
fn each(
    reader: &mut Reader<'_>,
    reference: &Reference,
    mut add: impl FnMut(&str, &Facts<'_>),
) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let batch = reader.standing_after(after, BATCH)?;
        let Some((id, _)) = batch.last() else { break };
        after = *id;
        for (_, record) in &batch {
            let field = view::procedure_field(record, reference);
            let facts = Facts {
                field: &field,
                level: reference.level_of(&record.agency),
                channel: record.channel,
                status: record.status,
                received: record.received_at.map(|moment| moment.date()),
                promise: record.promise,
                finished: record.finished_at.map(|moment| moment.date()),
                returned: record.returned_at.map(|moment| moment.date()),
            };
            add(&record.agency, &facts);
        }
    }
    Ok(())
}

const fn beside_words(why: Beside) -> &'static str {
    match why {
        Beside::NoReception => "không có ngày tiếp nhận",
        Beside::NoEnd => "đã kết thúc nhưng không có ngày kết thúc",
        Beside::NoPromise => "không có ngày hẹn trả",
        Beside::LatenessUnknown => "trả sau ngày hẹn, không rõ ngày giải quyết xong",
        Beside::Contradiction => "các ngày mâu thuẫn: kết thúc trước khi tiếp nhận",
    }
}

fn numbers(columns: &Columns) -> impl Iterator<Item = Cell> {
    columns.values().into_iter().map(Cell::Number)
}

/// The report as the form prints it; `place` is whose it is.
#[must_use]
pub fn table(report: &Report, asked: &str, place: &str, now: NaiveDateTime) -> Table {
    let span = report.span();
    let short = |date| words::short_date(date, Lang::Vi);
    let mut rows = Vec::new();
    for (level, part) in ('A'..='Z').zip(report.levels()) {
        let name = words::agency_level(part.level, Lang::Vi);
        let mut row = vec![Cell::Text(level.to_string()), name.into()];
        row.extend(numbers(&part.sum));
        rows.push((true, row));
        for (number, (field, columns)) in (1u64..).zip(&part.fields) {
            let name = if field.is_empty() {
                "(không rõ lĩnh vực)"
            } else {
                field
            };
            let mut row = vec![Cell::Number(number), name.into()];
            row.extend(numbers(columns));
            rows.push((false, row));
        }
    }
    let mut sum = vec![Cell::Empty, "Tổng số".into()];
    sum.extend(numbers(report.total()));
    rows.push((true, sum));
    let mut notes = vec![
        "Kiểm: 3 = 4 + 5 + 6; 7 = 8 + 9 + 10; 11 = 12 + 13; 3 = 7 + 11 đúng với từng dòng, từng cấp và tổng số.".to_owned(),
        format!("Cách tính: {}#ii-06a", crate::addresses::DEFINITIONS_ADDRESS),
    ];
    notes.extend(report.beside().iter().map(|(why, n)| {
        format!(
            "Không xếp được vào cột nào: {n} hồ sơ, {}.",
            beside_words(*why)
        )
    }));
    Table {
        name: format!("II.06a {asked}"),
        title: vec![
            format!("Biểu II.06a: tình hình, kết quả giải quyết thủ tục hành chính, {place}"),
            format!(
                "Kỳ {asked}: từ {} đến {}; hồ sơ đang giải quyết xét ngày {}; {}; đơn vị: hồ sơ",
                short(span.first),
                short(span.last),
                short(span.as_on),
                made(now)
            ),
        ],
        heads: HEADS.iter().map(|head| (*head).to_owned()).collect(),
        rows,
        notes,
    }
}

/// The report as JSON, columns by number.
#[must_use]
pub fn json(report: &Report, asked: &str, now: NaiveDateTime) -> Value {
    let columns = |columns: &Columns| {
        let numbered = (3u8..).zip(columns.values());
        let map: serde_json::Map<String, Value> = numbered
            .map(|(number, value)| (number.to_string(), json!(value)))
            .collect();
        Value::Object(map)
    };
    let span = report.span();
    let levels: Vec<Value> = report
        .levels()
        .iter()
        .map(|part| {
            let fields: Vec<Value> = part
                .fields
                .iter()
                .map(|(field, values)| json!({ "field": field, "columns": columns(values) }))
                .collect();
            json!({ "level": part.level.name(), "columns": columns(&part.sum), "fields": fields })
        })
        .collect();
    let beside: serde_json::Map<String, Value> = report
        .beside()
        .iter()
        .map(|(why, n)| (why.name().to_owned(), json!(n)))
        .collect();
    json!({
        "report": "II.06a/VPCP/KSTT",
        "period": asked,
        "first": iso_date(span.first),
        "last": iso_date(span.last),
        "pending_as_on": iso_date(span.as_on),
        "made": rfc3339(now),
        "definition": format!("{}#ii-06a", crate::addresses::DEFINITIONS_ADDRESS),
        "levels": levels,
        "total": columns(report.total()),
        "in_no_column": beside,
    })
}
