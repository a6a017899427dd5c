//! A file or body of envelopes: one per line, or a JSON array, or one envelope alone. An error names line and field.
//! Each item is read for itself: what cannot be read says why (`refusals` tells it of a whole file).

use serde_json::value::RawValue;

use super::envelope::{CaseItem, Coded, Envelope, Head, Note, ProgressItem, Service};
use super::known;
use super::merge::owes_reason;

/// One item, ready to be merged.
#[derive(Clone, Debug)]
pub enum Item {
    /// A case of the agency with this code.
    Case(Option<String>, Box<CaseItem>),
    /// A step.
    Progress(Box<ProgressItem>),
}

/// Why a file was refused. Holds no value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// Line, from 1.
    pub line: usize,
    /// Path of the field, such as `data[3].NgayHenTra`; empty where it is none of the fields.
    pub field: String,
    /// What was expected.
    pub message: String,
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.field.is_empty() {
            write!(f, ", field {}", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for FileError {}

/// An item that cannot be read, with what may be kept of it.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The service of its envelope.
    pub service: Service,
    /// The agency of its envelope.
    pub agency: Option<String>,
    /// The case, where its code could be read.
    pub case_code: Option<String>,
    /// What is wrong.
    pub error: FileError,
    /// The fields that are read, as JSON; every other one is dropped.
    pub kept: String,
}

/// An item, or why it is none.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Ready to be merged.
    Item(Item),
    /// Not readable.
    Refused(Box<Refused>),
}

/// Reads what can be read of a file, item by item.
///
/// # Errors
/// [`FileError`] where the file as a whole is not of its form.
pub fn read_each(text: &str) -> Result<Vec<Entry>, FileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut entries = Vec::new();
    let mut envelopes = 0usize;
    let mut lines = Lines::of(text);
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    for value in values {
        let value = value.map_err(|error| FileError {
            message: format!("{}{}", syntax(&error, 0).message, looks_like(text)),
            ..syntax(&error, 0)
        })?;
        let start = lines.line_of(value.get());
        if value.get().starts_with('[') {
            let inner: Vec<&RawValue> =
                serde_json::from_str(value.get()).map_err(|error| syntax(&error, start - 1))?;
            for envelope in inner {
                envelopes += 1;
                let line = lines.line_of(envelope.get());
                read_envelope(envelope.get(), line, &mut entries)?;
            }
        } else {
            envelopes += 1;
            read_envelope(value.get(), start, &mut entries)?;
        }
    }
    if envelopes == 0 {
        return Err(FileError {
            line: 1,
            field: String::new(),
            message: "no envelope in the file".into(),
        });
    }
    Ok(entries)
}

fn read_envelope(raw: &str, line: usize, entries: &mut Vec<Entry>) -> Result<(), FileError> {
    let head: Head = typed(raw, line).map_err(|mut error: FileError| {
        if error.message == NO_SERVICE {
            error.message.push_str(ENVELOPE);
        }
        error
    })?;
    let service = Service::named(&head.service).ok_or_else(|| FileError {
        line,
        field: "service".into(),
        message: "DongBoHoSoMC or CapNhatTienDoHoSoMC expected".into(),
    })?;
    let envelope: Envelope<&RawValue> = typed(raw, line)?;
    let mut lines = Lines {
        line,
        ..Lines::of(raw)
    };
    for (index, item) in envelope.data.0.iter().enumerate() {
        let line = lines.line_of(item.get());
        let agency = envelope.madonvi.0.clone();
        let read = read_item(service, agency.clone(), item.get(), line, index);
        entries.push(match read {
            Ok(item) => Entry::Item(item),
            Err(error) => Entry::Refused(Box::new(Refused {
                service,
                agency,
                case_code: code_of(item.get()),
                error,
                kept: known::keep(service, item.get()),
            })),
        });
    }
    Ok(())
}

fn read_item(
    service: Service,
    agency: Option<String>,
    raw: &str,
    line: usize,
    index: usize,
) -> Result<Item, FileError> {
    let within = |field: &str| match field {
        "" => format!("data[{index}]"),
        field => format!("data[{index}].{field}"),
    };
    let placed = |error: FileError| FileError {
        field: within(&error.field),
        ..error
    };
    match service {
        Service::Cases => {
            let item: CaseItem = typed(raw, line).map_err(placed)?;
            check(&item).map_err(|(field, message)| FileError {
                line,
                field: within(field),
                message: message.into(),
            })?;
            Ok(Item::Case(agency, Box::new(item)))
        }
        Service::Progress => {
            let item: ProgressItem = typed(raw, line).map_err(placed)?;
            if item.thoi_diem_xu_ly.0.is_none() {
                return Err(FileError {
                    line,
                    field: within("ThoiDiemXuLy"),
                    message: "missing".into(),
                });
            }
            Ok(Item::Progress(Box::new(item)))
        }
    }
}

/// The code of an item of which something else is wrong.
fn code_of(raw: &str) -> Option<String> {
    let item: Coded = serde_json::from_str(raw).ok()?;
    Some(item.ma_ho_so.0.as_str().to_owned())
}

/// What the form alone cannot tell.
fn check(item: &CaseItem) -> Result<(), (&'static str, &'static str)> {
    if item.ma_tthc.0.is_none() {
        return Err(("MaTTHC", "missing"));
    }
    if item.ghi_chu == Note::Other && owes_reason(item.trang_thai_ho_so.0) {
        return Err(("GhiChu", "a text expected"));
    }
    let received = item.ngay_tiep_nhan.0;
    if received.is_none() && item.trang_thai_ho_so.0.is_received() {
        return Err(("NgayTiepNhan", "missing for a case that was received"));
    }
    if let Some(received) = received {
        for (field, moment) in [
            ("NgayHenTra", item.ngay_hen_tra.0),
            ("NgayKetThucXuLy", item.ngay_ket_thuc_xu_ly.0),
            ("NgayTra", item.ngay_tra.0),
        ] {
            if moment.is_some_and(|moment| moment.date() < received.date()) {
                return Err((field, "before NgayTiepNhan"));
            }
        }
    }
    if item
        .danh_sach_xin_loi
        .0
        .iter()
        .any(|letter| letter.ngay_ban_hanh.0.is_none())
    {
        return Err(("DanhSachXinLoi", "NgayBanHanh missing"));
    }
    Ok(())
}

fn typed<'a, T: serde::Deserialize<'a>>(raw: &'a str, line: usize) -> Result<T, FileError> {
    let mut reader = serde_json::Deserializer::from_str(raw);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| FileError {
        line: line + error.inner().line().saturating_sub(1),
        field: match error.path().to_string() {
            path if path == "." => String::new(),
            path => path,
        },
        message: without_values(error.inner()),
    })
}

/// The message without the position and without any value of the file.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match text.split_once(": ") {
        // "invalid type: string "Nguyễn …", expected …" would repeat what was sent.
        Some((kind, rest)) if kind.starts_with("invalid") => {
            let expected = match rest.rsplit("expected ").next() {
                Some(ours) if ours.starts_with("struct ") => "an object",
                Some(expected) => expected,
                None => "another value",
            };
            format!("{kind}, {expected} expected")
        }
        _ => text.to_owned(),
    }
}

/// What is said of an object that is none of ours, and what one of ours looks like.
const NO_SERVICE: &str = "missing field `service`";
const ENVELOPE: &str = "; an envelope {\"service\":…,\"madonvi\":…,\"data\":[…]} expected";

/// What a text that is not JSON was meant to be, where its beginning tells.
fn looks_like(text: &str) -> &'static str {
    let text = text.trim_start();
    let first = text.lines().next().unwrap_or_default();
    if text.starts_with('<') {
        ": it looks like XML; envelopes in JSON are read"
    } else if first.starts_with(|one: char| one.is_alphabetic() || one == '"')
        && first.contains([',', ';', '\t'])
    {
        ": it looks like a table (CSV); envelopes in JSON are read"
    } else {
        ""
    }
}

fn syntax(error: &serde_json::Error, lines_before: usize) -> FileError {
    let message = if error.is_eof() {
        "the file is cut off"
    } else {
        "not JSON"
    };
    FileError {
        line: lines_before + error.line().max(1),
        field: String::new(),
        message: message.into(),
    }
}

/// Where the slices of a text stand; asked for in their order, so that every line is counted once.
struct Lines<'a> {
    text: &'a str,
    counted: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            counted: 0,
            line: 1,
        }
    }

    /// The line of `part`, a slice of the text.
    fn line_of(&mut self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize)
            .saturating_sub(self.text.as_ptr() as usize)
            .min(self.text.len());
        let from = self.counted.min(offset);
        self.line += self.text.as_bytes()[from..offset]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        self.counted = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first thing that is wrong.
    fn wrong(text: &str) -> FileError {
        let entries = match read_each(text) {
            Ok(entries) => entries,
            Err(error) => return error,
        };
        let mut refused = entries.into_iter().filter_map(|entry| match entry {
            Entry::Item(_) => None,
            Entry::Refused(refused) => Some(refused.error),
        });
        refused.next().unwrap()
    }

    fn refused(text: &str) -> (usize, String) {
        let error = wrong(text);
        (error.line, error.field)
    }

    /// How many items a text has, each of which can be read.
    fn items(text: &str) -> usize {
        let entries = read_each(text).unwrap();
        let readable = |entry: &Entry| matches!(entry, Entry::Item(_));
        assert!(entries.iter().all(readable));
        entries.len()
    }

    const GOOD: &str = r#"{"service":"DongBoHoSoMC","madonvi":"H98.1","data":[{"MaHoSo":"H98.1-260901-0001","MaTTHC":"1.004222","NgayTiepNhan":"20260901080000","NgayHenTra":"20260914170000","TrangThaiHoSo":"4","ChuHoSo":"X"}]}"#;

    #[test]
    fn lines_arrays_and_single_envelopes_are_read() {
        assert_eq!(items(GOOD), 1);
        assert_eq!(items(&format!("{GOOD}\n{GOOD}\n")), 2);
        assert_eq!(items(&format!("\u{feff}[{GOOD},\n{GOOD}]")), 2);
    }

    #[test]
    fn an_error_names_line_and_field() {
        let bad = GOOD.replace("20260914170000", "20261314170000");
        assert_eq!(
            refused(&format!("{GOOD}\n{bad}")),
            (2, "data[0].NgayHenTra".into())
        );
        let bad = GOOD.replace("\"4\"", "\"11\"");
        assert_eq!(
            refused(&format!("[{GOOD},\n\n{bad}]")),
            (3, "data[0].TrangThaiHoSo".into())
        );
        let bad = GOOD.replace("\"MaTTHC\":\"1.004222\",", "");
        assert_eq!(refused(&bad), (1, "data[0].MaTTHC".into()));
        let bad = GOOD.replace("20260914170000", "20260831170000");
        assert_eq!(refused(&bad), (1, "data[0].NgayHenTra".into()));
        assert_eq!(
            refused(&GOOD.replace("DongBoHoSoMC", "Khac")),
            (1, "service".into())
        );
    }

    #[test]
    fn what_is_of_no_field_names_none() {
        let no_item = GOOD.replace("\"data\":[{", "\"data\":[7,{");
        for (text, told) in [
            ("", "line 1: no envelope in the file"),
            ("\nxin chào", "line 2: not JSON"),
            ("7", "line 1: invalid type, an object expected"),
            (
                "{}",
                "line 1: missing field `service`; an envelope {\"service\":…,\"madonvi\":…,\"data\":[…]} expected",
            ),
            (
                &no_item,
                "line 1, field data[0]: invalid type, an object expected",
            ),
        ] {
            assert_eq!(wrong(text).to_string(), told, "{text}");
        }
    }

    #[test]
    fn a_cut_off_file_is_refused_as_such() {
        for end in [GOOD.len() / 2, GOOD.len() - 1] {
            let text = format!("{GOOD}\n{}", &GOOD[..end]);
            let error = wrong(&text);
            assert_eq!(
                (error.line, error.message.as_str()),
                (2, "the file is cut off"),
                "{end}"
            );
        }
        assert!(read_each("").is_err());
        assert!(read_each("xin chào").is_err());
    }

    #[test]
    fn messages_repeat_nothing_that_was_sent() {
        let bad = GOOD.replace("\"4\"", "{\"Nguyễn Thị Bí Mật\":1}");
        let message = wrong(&bad).to_string();
        assert!(!message.contains("Bí Mật"), "{message}");
        let bad = GOOD.replace(r#"[{"MaHoSo""#, r#""Bí Mật", "x":[{"MaHoSo""#);
        let message = wrong(&bad).to_string();
        assert!(!message.contains("Bí Mật"), "{message}");
    }
}
