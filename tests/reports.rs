//! What the command line counts and writes, beside a second count of the sample in plain text: report II.06a, days late,
//! and `server verify`. Nothing of the domain crate is used; dates are eight digits compared as text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use dung_hen_tests::{listening, program};
use serde_json::Value;

const CLOCK: &str = "2026-10-15T09:00:00+07:00";
/// The quarter, and the day on which pending dossiers are looked at: its last.
const QUARTER: (&str, &str) = ("20260701", "20260930");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// The sample in a data directory of its own.
struct Imported(tempfile::TempDir);

impl Imported {
    fn new() -> Self {
        let imported = Self(tempfile::tempdir().unwrap());
        let output = imported.run(&["import", "data/sample/cases.ndjson"]);
        assert!(output.status.success(), "{output:?}");
        imported
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(program())
            .current_dir(root())
            .args(arguments)
            .args(["--province", "data/sample/province.toml", "--clock", CLOCK])
            .arg("--data")
            .arg(self.0.path())
            .output()
            .unwrap()
    }
}

fn date<'a>(item: &'a Value, field: &str) -> &'a str {
    let text = item[field].as_str().and_then(|text| text.get(..8));
    text.unwrap_or("")
}

/// A case: its agency, what was sent of it last, and its promise: the date on the receipt, or the one named when missing
/// documents came in.
struct Case {
    agency: String,
    last: Value,
    first_promise: String,
}

impl Case {
    fn promise(&self) -> &str {
        let supplements = self.last["DanhSachHoSoBoSung"].as_array();
        let renewed = supplements.into_iter().flatten();
        let mut renewed = renewed.map(|one| date(one, "NgayHenTraMoi"));
        renewed
            .rfind(|new| !new.is_empty())
            .unwrap_or(&self.first_promise)
    }
}

fn cases() -> Vec<Case> {
    let mut all: BTreeMap<String, Case> = BTreeMap::new();
    for line in read("data/sample/cases.ndjson").lines() {
        let envelope: Value = serde_json::from_str(line).unwrap();
        if envelope["service"] != "DongBoHoSoMC" {
            continue;
        }
        for item in envelope["data"].as_array().unwrap() {
            let code = item["MaHoSo"].as_str().unwrap().to_owned();
            let case = all.entry(code).or_insert_with(|| Case {
                agency: String::new(),
                last: Value::Null,
                first_promise: String::new(),
            });
            envelope["madonvi"]
                .as_str()
                .unwrap()
                .clone_into(&mut case.agency);
            if case.first_promise.is_empty() {
                date(item, "NgayHenTra").clone_into(&mut case.first_promise);
            }
            case.last = item.clone();
        }
    }
    all.into_values().collect()
}

/// Levels by agency code, out of the lines of the configuration.
fn levels() -> BTreeMap<String, String> {
    let mut levels = BTreeMap::new();
    let mut code = String::new();
    for line in read("data/sample/province.toml").lines() {
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let value = value.trim_matches('"').to_owned();
        match key {
            "code" => code = value,
            "level" => drop(levels.insert(code.clone(), value)),
            _ => {}
        }
    }
    levels
}

/// Columns 3 to 13 of a case; nothing where it is in none.
fn columns(case: &Case) -> Option<[u64; 11]> {
    let state = case.last["TrangThaiHoSo"].as_str().unwrap();
    let received = date(&case.last, "NgayTiepNhan");
    let (first, last) = QUARTER;
    if matches!(state, "1" | "3") || received.is_empty() || received > last {
        return None;
    }
    let finished = date(&case.last, "NgayKetThucXuLy");
    let handed_over = date(&case.last, "NgayTra");
    let end = match state {
        "7" | "8" | "9" | "10" if !finished.is_empty() => finished,
        "7" | "8" | "9" | "10" => handed_over,
        _ => "99999999",
    };
    let promise = case.promise();
    if end.is_empty() || end < first || end < received || promise.is_empty() {
        return None;
    }
    let mut columns = [0; 11];
    let mut tick = |column: usize| columns[column - 3] += 1;
    tick(3);
    match (received < first, case.last["KenhThucHien"].as_str()) {
        (true, _) => tick(6),
        (false, Some("2")) => tick(4),
        (false, _) => tick(5),
    }
    if end > last {
        tick(11);
        let waits = matches!(state, "5" | "6");
        tick(if waits || promise >= last { 12 } else { 13 });
    } else {
        if finished.is_empty() && end > promise {
            return None;
        }
        tick(7);
        tick(match end.cmp(promise) {
            std::cmp::Ordering::Greater => 10,
            std::cmp::Ordering::Less if !finished.is_empty() => 8,
            _ => 9,
        });
    }
    Some(columns)
}

fn said(columns: &Value) -> [u64; 11] {
    std::array::from_fn(|place| columns[(place + 3).to_string()].as_u64().unwrap())
}

#[test]
fn the_quarter_is_reported_as_a_second_count_has_it() {
    let imported = Imported::new();
    let report = |format: &str| {
        let output = imported.run(&[
            "report",
            "ii06a",
            "--quarter",
            "2026-Q3",
            "--format",
            format,
        ]);
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    let answer: Value = serde_json::from_slice(&report("json")).unwrap();

    let levels = levels();
    let mut counted: BTreeMap<(String, String), [u64; 11]> = BTreeMap::new();
    let mut total = [0; 11];
    for case in cases() {
        let Some(columns) = columns(&case) else {
            continue;
        };
        let level = levels.get(&case.agency).cloned();
        let level = level.unwrap_or_else(|| "unknown_level".to_owned());
        let field = case.last["TenLinhVuc"].as_str().unwrap_or("").trim();
        let row = counted.entry((level, field.to_owned())).or_default();
        for ((row, total), one) in row.iter_mut().zip(&mut total).zip(columns) {
            *row += one;
            *total += one;
        }
    }
    let mut printed = BTreeMap::new();
    for level in answer["levels"].as_array().unwrap() {
        for field in level["fields"].as_array().unwrap() {
            let key = (
                level["level"].as_str().unwrap().to_owned(),
                field["field"].as_str().unwrap().to_owned(),
            );
            printed.insert(key, said(&field["columns"]));
        }
    }
    assert_eq!(printed, counted);
    assert_eq!(said(&answer["total"]), total);
    assert!(
        total[0] > 100 && total.iter().all(|column| *column > 0),
        "{total:?}"
    );
    let [c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13] = total;
    assert_eq!((c3, c7), (c4 + c5 + c6, c8 + c9 + c10));
    assert_eq!((c11, c3), (c12 + c13, c7 + c11));

    // The same as CSV: a byte order mark for Excel, CRLF, thirteen columns, the sum in the last row of the table.
    let csv = report("csv");
    assert!(csv.starts_with("\u{feff}".as_bytes()));
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.lines().count() > counted.len() && csv.contains("\r\n"));
    let sum = csv
        .lines()
        .find(|line| line.starts_with(",Tổng số,"))
        .unwrap();
    let numbers: Vec<String> = total.iter().map(u64::to_string).collect();
    assert_eq!(sum.trim_end(), format!(",Tổng số,{}", numbers.join(",")));
    // Where Windows has Vietnamese settings, Excel wants the semicolon: the same fields, those that hold one quoted.
    let period = ["report", "ii06a", "--period", "2026-Q3"];
    let semicolons = imported.run(&[&period[..], &["--separator", "semicolon"]].concat());
    let semicolons = String::from_utf8(semicolons.stdout).unwrap();
    assert!(semicolons.starts_with("\u{feff}") && !semicolons.contains("sep="));
    assert!(semicolons.contains(&format!(";Tổng số;{}\r\n", numbers.join(";"))));
    assert!(semicolons.contains("\r\n\"Kỳ 2026-Q3: từ 01/07/2026 đến 30/09/2026; hồ sơ"));
    assert_eq!(semicolons.lines().count(), csv.lines().count());

    // And as a workbook, read by another program.
    let xlsx = imported.0.path().join("report.xlsx");
    fs::write(&xlsx, report("xlsx")).unwrap();
    let rows = python(ROWS, &xlsx);
    let sum = rows
        .lines()
        .find(|line| line.starts_with("Tổng số|"))
        .unwrap();
    assert_eq!(sum, format!("Tổng số|{}", numbers.join("|")));
}

/// Every row of the first sheet of a workbook, its cells as the file holds them.
const ROWS: &str = "import sys, zipfile, xml.etree.ElementTree as E\n\
    n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'\n\
    z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None\n\
    s = [''.join(t.text or '' for t in i.iter(n + 't')) for i in E.fromstring(z.read('xl/sharedStrings.xml'))]\n\
    for r in E.fromstring(z.read('xl/worksheets/sheet1.xml')).iter(n + 'row'):\n\
    \x20   print(*[s[int(c.find(n + 'v').text)] if c.get('t') == 's' else c.find(n + 'v').text for c in r], sep='|')\n";

fn python(script: &str, file: &Path) -> String {
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(file)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_period_that_is_none_is_refused() {
    let imported = Imported::new();
    let output = imported.run(&["report", "ii06a", "--quarter", "2026-Q7"]);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("2026-Q3")
    );
}

/// Letters of the sample issued in the quarter, counted in its own file: agency, number and day.
fn letters() -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for case in cases() {
        let letters = case.last["DanhSachXinLoi"].as_array();
        for letter in letters.into_iter().flatten() {
            let issued = date(letter, "NgayBanHanh");
            let (first, last) = QUARTER;
            if issued >= first && issued <= last {
                let number = letter["SoVanBan"].as_str().unwrap_or("").to_owned();
                all.push((case.agency.clone(), number, issued.to_owned()));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn the_register_of_apologies_is_a_file_that_names_no_case() {
    let imported = Imported::new();
    let report = |format: &str| {
        let period = ["report", "apologies", "--period", "2026-Q3", "--format"];
        let output = imported.run(&[&period[..], &[format]].concat());
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    let answer: Value = serde_json::from_slice(&report("json")).unwrap();
    let mut said: Vec<(String, String, String)> = answer["letters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|letter| {
            let text = |name: &str| letter[name].as_str().unwrap_or("").to_owned();
            (
                text("agency"),
                text("number"),
                text("issued").replace('-', ""),
            )
        })
        .collect();
    said.sort();
    assert_eq!(said, letters());
    assert!(said.len() > 10);
    let csv = report("csv");
    assert!(csv.starts_with("\u{feff}".as_bytes()));
    let csv = String::from_utf8(csv).unwrap();
    // Title and moment, heads, one line for each letter, two notes.
    assert_eq!(csv.matches("\r\n").count(), said.len() + 5);
    let xlsx = imported.0.path().join("register.xlsx");
    fs::write(&xlsx, report("xlsx")).unwrap();
    let rows = python(ROWS, &xlsx);
    let (agency, number, issued) = &said[0];
    assert!(rows.contains(&format!("|{agency}|{number}|")), "{rows}");
    // A day is a number in a workbook: 30 December 1899 is day 0.
    let serial = "import sys, datetime as d\n\
        print((d.datetime.strptime(open(sys.argv[1]).read(), '%Y%m%d') - d.datetime(1899, 12, 30)).days)";
    let day = imported.0.path().join("day");
    fs::write(&day, issued).unwrap();
    assert!(
        rows.contains(&format!("|{number}|{}|", python(serial, &day).trim())),
        "{rows}"
    );
    for case in cases() {
        let code = case.last["MaHoSo"].as_str().unwrap();
        assert!(!csv.contains(code) && !rows.contains(code), "{code}");
    }
}

/// `server serve` on the same data, ended with the value.
struct Serving(Child, String);

impl Serving {
    fn of(imported: &Imported) -> Self {
        let mut child = Command::new(program())
            .current_dir(root())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--province", "data/sample/province.toml", "--clock", CLOCK])
            .arg("--data")
            .arg(imported.0.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = format!("http://{}", listening(&mut child));
        let serving = Self(child, address);
        // The day's step is taken soon after the start; what is compared is of one step.
        let script = "import json, urllib.request as u\n\
            address = open(__import__('sys').argv[1]).read() + '/api/v1/metrics/satisfaction?period=2026'\n\
            while json.load(u.urlopen(address, timeout=60))['step'] is None: pass";
        let file = imported.0.path().join("address");
        fs::write(&file, &serving.1).unwrap();
        python(script, &file);
        serving
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The figures that a server publishes, and those that `tests/recompute.py` makes of the open data.
fn recompute(file: &Path, server: &str) -> Output {
    Command::new("python3")
        .arg(root().join("tests/recompute.py"))
        .arg(file)
        .args(["--server", server])
        .output()
        .unwrap()
}

#[test]
fn every_figure_is_made_again_from_the_open_data() {
    let imported = Imported::new();
    let serving = Serving::of(&imported);
    // As the server itself gives them, part by part.
    let output = recompute(Path::new("2026-09"), &serving.1);
    assert!(output.status.success(), "{output:?}");
    for period in ["2026", "2026-Q3"] {
        let file = imported.0.path().join("open.json");
        let write = |file: &Path| {
            let output = imported.run(&[
                "report",
                "open-data",
                "--period",
                period,
                "--output",
                file.to_str().unwrap(),
            ]);
            assert!(output.status.success(), "{output:?}");
            fs::read_to_string(file).unwrap()
        };
        let text = write(&file);
        // Reproducible: the same data and the same moment give the same bytes.
        assert_eq!(write(&imported.0.path().join("again.json")), text);
        let output = recompute(&file, &serving.1);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{period}: {said}");
        let compared: usize = said.split(' ').next().unwrap().parse().unwrap();
        assert!(compared > 10_000, "{period}: {said}");
        for case in cases() {
            let code = case.last["MaHoSo"].as_str().unwrap();
            assert!(!text.contains(code), "{code}");
        }
        if period == "2026" {
            continue;
        }
        // The comparison sees a single case too many.
        let mut data: Value = serde_json::from_str(&text).unwrap();
        let parts = data["parts"].as_array_mut().unwrap();
        let part = (parts.iter_mut()).find(|part| part["place"] == "agency/H98.101");
        let cell = part.unwrap()["cells"]
            .as_array_mut()
            .unwrap()
            .last_mut()
            .unwrap();
        let late = &mut cell[2][4];
        *late = (late.as_i64().unwrap() + 1).into();
        fs::write(&file, data.to_string()).unwrap();
        let output = recompute(&file, &serving.1);
        assert_eq!(output.status.code(), Some(1), "{period}: {output:?}");
    }
}

/// An empty cell is no nought, and a level's row no agency's: the workbook says so itself.
#[test]
fn the_workbook_says_what_an_empty_cell_is() {
    let imported = Imported::new();
    let directory = imported.0.path().join("workbook");
    let output = imported.run(&[
        "report",
        "workbook",
        "--period",
        "2026-Q3",
        "--format",
        "csv",
        "--output",
        directory.to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{output:?}");
    let sheet = |name: &str| fs::read_to_string(directory.join(name)).unwrap();
    let on_time = sheet("dung-hen.csv");
    let row = (on_time.lines()).find(|line| line.starts_with("H98.07,"));
    // Nothing finished: no share, but noughts.
    assert!(row.unwrap().contains(",0,0,0,,,"), "{on_time}");
    let methods = sheet("cach-tinh.csv");
    for what in ["\nÔ trống,", "\nMã trống,"] {
        assert!(methods.contains(what), "{methods}");
    }
}

#[test]
fn everything_counted_again_is_as_kept() {
    let imported = Imported::new();
    let output = imported.run(&["verify"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(
        said.starts_with(&format!(
            "{} cases counted again as of 2026-10-15",
            cases().len()
        )),
        "{said}"
    );
    assert!(said.trim_end().ends_with(" 0 differences"), "{said}");
}
