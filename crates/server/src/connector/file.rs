//! A file of envelopes: one per line, or a JSON array, or one envelope alone. Every envelope is
//! read before anything is stored; an error names line and field.

use serde_json::value::RawValue;

use super::envelope::{CaseItem, Envelope, Head, ProgressItem};

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
    /// Path of the field, such as `data[3].NgayHenTra`.
    pub field: String,
    /// What was expected.
    pub message: String,
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "line {}, field {}: {}",
            self.line, self.field, self.message
        )
    }
}

impl std::error::Error for FileError {}

/// Reads all items of a file.
///
/// # Errors
/// [`FileError`] for the first thing that is wrong.
pub fn read(text: &str) -> Result<Vec<Item>, FileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut items = Vec::new();
    let mut envelopes = 0usize;
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    for value in values {
        let value = value.map_err(|error| syntax(&error, 0))?;
        let start = line_of(text, value.get());
        if value.get().starts_with('[') {
            let inner: Vec<&RawValue> =
                serde_json::from_str(value.get()).map_err(|error| syntax(&error, start - 1))?;
            for envelope in inner {
                envelopes += 1;
                read_envelope(envelope.get(), line_of(text, envelope.get()), &mut items)?;
            }
        } else {
            envelopes += 1;
            read_envelope(value.get(), start, &mut items)?;
        }
    }
    if envelopes == 0 {
        return Err(FileError {
            line: 1,
            field: ".".into(),
            message: "no envelope in the file".into(),
        });
    }
    Ok(items)
}

fn read_envelope(raw: &str, line: usize, items: &mut Vec<Item>) -> Result<(), FileError> {
    let head: Head = typed(raw, line)?;
    match head.service.as_str() {
        "DongBoHoSoMC" => {
            let envelope: Envelope<CaseItem> = typed(raw, line)?;
            for (index, item) in envelope.data.into_iter().enumerate() {
                check(&item).map_err(|(field, message)| FileError {
                    line,
                    field: format!("data[{index}].{field}"),
                    message: message.into(),
                })?;
                items.push(Item::Case(envelope.madonvi.0.clone(), Box::new(item)));
            }
        }
        "CapNhatTienDoHoSoMC" => {
            let envelope: Envelope<ProgressItem> = typed(raw, line)?;
            for (index, item) in envelope.data.into_iter().enumerate() {
                if item.thoi_diem_xu_ly.0.is_none() {
                    return Err(FileError {
                        line,
                        field: format!("data[{index}].ThoiDiemXuLy"),
                        message: "missing".into(),
                    });
                }
                items.push(Item::Progress(Box::new(item)));
            }
        }
        _ => {
            return Err(FileError {
                line,
                field: "service".into(),
                message: "DongBoHoSoMC or CapNhatTienDoHoSoMC expected".into(),
            });
        }
    }
    Ok(())
}

/// What the form alone cannot tell.
fn check(item: &CaseItem) -> Result<(), (&'static str, &'static str)> {
    if item.ma_tthc.0.is_none() {
        return Err(("MaTTHC", "missing"));
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
        field: error.path().to_string(),
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
            let expected = rest.rsplit("expected ").next().unwrap_or("another value");
            format!("{kind}, {expected} expected")
        }
        _ => text.to_owned(),
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
        field: ".".into(),
        message: message.into(),
    }
}

/// The line of `part`, a slice of `text`.
fn line_of(text: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize)
        .saturating_sub(text.as_ptr() as usize)
        .min(text.len());
    1 + text.as_bytes()[..offset]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (usize, String) {
        let error = read(text).unwrap_err();
        (error.line, error.field)
    }

    const GOOD: &str = r#"{"service":"DongBoHoSoMC","madonvi":"H98.1","data":[{"MaHoSo":"H98.1-260901-0001","MaTTHC":"1.004222","NgayTiepNhan":"20260901080000","NgayHenTra":"20260914170000","TrangThaiHoSo":"4","ChuHoSo":"X"}]}"#;

    #[test]
    fn lines_arrays_and_single_envelopes_are_read() {
        assert_eq!(read(GOOD).unwrap().len(), 1);
        assert_eq!(read(&format!("{GOOD}\n{GOOD}\n")).unwrap().len(), 2);
        assert_eq!(
            read(&format!("\u{feff}[{GOOD},\n{GOOD}]")).unwrap().len(),
            2
        );
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
    fn a_cut_off_file_is_refused_as_such() {
        for end in [GOOD.len() / 2, GOOD.len() - 1] {
            let text = format!("{GOOD}\n{}", &GOOD[..end]);
            let error = read(&text).unwrap_err();
            assert_eq!(
                (error.line, error.message.as_str()),
                (2, "the file is cut off"),
                "{end}"
            );
        }
        assert!(read("").is_err());
        assert!(read("xin chào").is_err());
    }

    #[test]
    fn messages_repeat_nothing_that_was_sent() {
        let bad = GOOD.replace("\"4\"", "{\"Nguyễn Thị Bí Mật\":1}");
        let message = read(&bad).unwrap_err().to_string();
        assert!(!message.contains("Bí Mật"), "{message}");
        let bad = GOOD.replace(r#"[{"MaHoSo""#, r#""Bí Mật", "x":[{"MaHoSo""#);
        let message = read(&bad).unwrap_err().to_string();
        assert!(!message.contains("Bí Mật"), "{message}");
    }
}
