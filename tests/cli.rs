//! The program as a person at a terminal meets it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

use dung_hen_tests::province::{Province, ask, code};
use dung_hen_tests::{listening, program};

fn run(arguments: &[&str], input: &str) -> Output {
    let program = program();
    let mut child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}; build the server first", program.display()));
    let mut stdin = child.stdin.take().expect("stdin");
    // A program that needs no input may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program's output")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// What the README prints is what the program prints, in both languages.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../README.md");
    for lang in ["vi", "en"] {
        let words = "deadline --received 2024-04-24 --amount 5 --unit working_day --lang";
        let arguments: Vec<&str> = words.split(' ').chain([lang]).collect();
        let output = run(&arguments, "");
        assert!(output.status.success());
        let block = format!("```\n{}```\n", text(&output.stdout));
        assert!(readme.contains(&block), "{lang}:\n{block}");
    }
}

#[test]
fn a_deadline_is_printed_with_its_proof() {
    let output = run(
        &[
            "deadline",
            "--received",
            "2024-04-24",
            "--amount",
            "5",
            "--unit",
            "working_day",
        ],
        "",
    );
    assert!(output.status.success());
    let printed = text(&output.stdout);
    let mut lines = printed.lines();
    assert!(
        lines
            .next()
            .is_some_and(|first| first.starts_with("2024-05-04"))
    );
    // Wed 24/4 to Sat 4/5: eleven days, one line each, after the line with the limit.
    assert_eq!(lines.count(), 12);
    for reason in [
        "làm bù vào Thứ Bảy 4 tháng 5",
        "Ngày Chiến thắng 30/4",
        "thay cho Thứ Hai 29 tháng 4",
    ] {
        assert!(printed.contains(reason), "{reason}\n{printed}");
    }
}

#[test]
fn a_deadline_for_machines_adds_up() {
    let output = run(
        &[
            "deadline",
            "--received",
            "2024-04-24",
            "--amount",
            "5",
            "--json",
        ],
        "",
    );
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["due"], "2024-05-04");
    assert_eq!(answer["certainty"], "settled");
    let days = answer["days"].as_array().expect("days");
    assert_eq!(
        days.iter().filter(|day| !day["counted"].is_null()).count(),
        5
    );
}

/// Every row gets its line, in order; the program succeeds because every row was answered.
#[test]
fn rows_are_answered_one_by_one() {
    // (row, its answer)
    let rows = [
        ("2024-04-24,5,working_day", "2024-05-04"),
        // 3/11/2026 + 20 calendar days = Mon 23/11, not settled.
        ("2026-11-03,20,calendar_day", "unsettled"),
        // Wed 10:00 + 8 h: 1.5 + 4 h, then 2.5 h from 07:30 on Thursday.
        ("2024-04-24T10:00,8,working_hour", "2024-04-25T10:00"),
        ("2024-01-31,1,month", "2024-02-29"),
        ("2024-02-29,1,year", "2025-02-28"),
        ("2024-03-04,2,week", "2024-03-18"),
        ("2024-04-26T15:30,0,same_day", "2024-05-02"),
        ("2024-04-26,,same_day", "2024-04-26"),
        // Five and a half working days end within the sixth: Thu 25, Fri 26, 2/5, 3/5, 4/5, Mon 6/5.
        ("2024-04-24,5.5,working_day", "2024-05-06"),
        ("2024-04-24,5.5,calendar_day", "error:bad_amount"),
        ("24/04/2024,5,working_day", "error:bad_date"),
        ("2024-02-30,5,working_day", "error:bad_date"),
        ("2024-04-24,five,working_day", "error:bad_amount"),
        ("2024-04-24,-5,working_day", "error:bad_amount"),
        ("2024-04-24,0,working_day", "error:amount_out_of_range"),
        (
            "2024-04-24,99999999999999999999,month",
            "error:amount_out_of_range",
        ),
        ("2024-04-24,5,fortnight", "error:unknown_unit"),
        ("2024-04-24,8,working_hour", "error:time_required"),
        ("2019-04-24,5,working_day", "error:before_calendar"),
        ("2024-04-24,5", "error:bad_row"),
    ];
    let mut input = "received,amount,unit\n".to_owned();
    for (row, _) in rows {
        input.push_str(row);
        input.push('\n');
    }
    let output = run(&["deadline", "--csv", "-"], &input);
    assert!(output.status.success());
    let printed = text(&output.stdout);
    let answers: Vec<&str> = printed.lines().collect();
    assert_eq!(answers.len(), rows.len());
    for ((row, expected), answer) in rows.iter().zip(answers) {
        assert_eq!(answer, *expected, "{row}");
    }
}

/// Thu 19/11/2026 + 5, with Mon 23/11 open: 27/11, or Sat 28/11, or Mon 30/11, each with its condition.
#[test]
fn possible_dates_are_shown_with_their_conditions() {
    let asked = ["deadline", "--received", "2026-11-19", "--amount", "5"];
    let output = run(&asked, "");
    assert!(output.status.success());
    let printed = text(&output.stdout);
    for part in [
        "chưa thể tính: lịch nghỉ chưa chốt từ 2026-11-23",
        "2026-11-27 (Thứ Sáu): nếu Thứ Hai 23 tháng 11 năm 2026 vẫn là ngày làm việc",
        "2026-11-28 (Thứ Bảy): nếu Thứ Hai 23 tháng 11 năm 2026 thành ngày nghỉ và làm bù vào",
        "2026-11-30 (Thứ Hai): nếu Thứ Hai 23 tháng 11 năm 2026 thành ngày nghỉ và đến hết 30 tháng 11 năm 2026 không",
        "Giả định: đến hết năm 2026 không có hoán đổi nào khác",
    ] {
        assert!(printed.contains(part), "{part}\n{printed}");
    }
    let output = run(&[asked.as_slice(), &["--json"]].concat(), "");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["certainty"], "unsettled");
    let dates: Vec<&str> = answer["possible"]
        .as_array()
        .expect("dates")
        .iter()
        .filter_map(|one| one["due"].as_str())
        .collect();
    assert_eq!(dates, ["2026-11-27", "2026-11-28", "2026-11-30"]);
}

/// Six months from 15/10/2026 reach into 2027, of which more is open than can be listed.
#[test]
fn where_no_date_can_be_listed_the_reason_stands_instead() {
    let output = run(
        &[
            "deadline",
            "--received",
            "2026-10-15",
            "--amount",
            "6",
            "--unit",
            "month",
        ],
        "",
    );
    let printed = text(&output.stdout);
    assert!(
        printed.contains("Tết Nguyên đán 2027: chưa có quyết định"),
        "{printed}"
    );
    assert!(!printed.contains("Có thể là"), "{printed}");
}

/// Exit code and standard output of `calendar check` on a day.
fn calendar_check(as_of: &str, lang: &str) -> (Option<i32>, String) {
    let output = run(&["calendar", "check", "--as-of", as_of, "--lang", lang], "");
    (output.status.code(), text(&output.stdout))
}

/// The calendar is settled up to Sun 22/11/2026; sixty days before that is 23/9/2026
/// (7 days of September after the 23rd + 31 + 22 = 60).
#[test]
fn the_calendar_check_asks_for_sixty_days() {
    for (as_of, code) in [
        ("2024-06-01", 0),
        ("2026-09-23", 0),
        ("2026-09-24", 1),
        ("2026-11-22", 1),
        // Open, unknown, and before the calendar.
        ("2026-11-23", 1),
        ("2028-01-01", 1),
        ("2020-12-31", 1),
        ("9999-12-31", 1),
    ] {
        let (exit, printed) = calendar_check(as_of, "vi");
        assert_eq!(exit, Some(code), "{as_of}\n{printed}");
        assert_eq!(
            printed.contains("chưa đủ 60 ngày tới"),
            code == 1,
            "{as_of}"
        );
    }
}

#[test]
fn the_calendar_check_says_what_is_settled_and_what_is_missing() {
    let (_, printed) = calendar_check("2026-11-22", "vi");
    for part in [
        "2025: đã chốt cả năm",
        "2026: chốt đến hết 22/11/2026; còn thiếu:",
        "Thứ Hai 23 tháng 11 năm 2026: tháng 9 năm 2026 có đề xuất hoán đổi",
        "2027: chưa chốt; còn thiếu:",
        "Tết Nguyên đán 2027: chưa có quyết định",
        "Tính được hạn đến hết 22/11/2026",
    ] {
        assert!(printed.contains(part), "{part}\n{printed}");
    }
    let (_, printed) = calendar_check("2026-11-23", "en");
    assert!(
        printed.contains("No deadline can be computed from 23 November 2026 on"),
        "{printed}"
    );
}

/// From 1 October on, next year's calendar is asked for, even where sixty days are at hand.
#[test]
fn from_october_next_year_is_needed() {
    for (as_of, warned) in [
        ("2024-10-01", false),
        ("2026-09-30", false),
        ("2026-10-01", true),
    ] {
        let (_, printed) = calendar_check(as_of, "en");
        assert_eq!(
            printed.contains("WARNING: the calendar of 2027 is not settled"),
            warned,
            "{as_of}\n{printed}"
        );
    }
}

#[test]
fn the_calendar_check_knows_a_day_when_it_sees_one() {
    let output = run(&["calendar", "check", "--as-of", "22/11/2026"], "");
    assert_eq!(output.status.code(), Some(2));
    // Without a day it is today's; whatever that is, something is said.
    let output = run(&["calendar", "check"], "");
    assert!(text(&output.stdout).contains("Lịch làm việc"));
}

/// Who mistypes the directory is told so by whatever needs one that is there: not shown an empty database, nor the
/// fingerprint of a key that no service has, nor left with a key that a restored database does not fit.
#[test]
fn what_needs_a_database_makes_none() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("mistyped");
    let data = data.to_str().expect("UTF-8");
    let commands = [
        "verify --province P",
        "promises --province P",
        "ballot-keys",
        "key list",
        "key rotate K",
        "key revoke K",
        "audit verify",
        "connector list",
        "connector status",
        "connector replay --province P",
        "events list",
        "events replay",
        "report apologies --province P --period 2026-09 --output F",
        "report open-data --province P --period 2026-09 --output F",
        "calendar apply --province P",
        "erase --province P",
        "erase --case H98.22-260901-0001",
        "backup F",
        "import no-such-file.ndjson",
    ];
    let out = directory.path().join("out");
    let out = out.to_str().expect("UTF-8");
    for command in commands {
        let words = command.split(' ').map(|word| match word {
            "P" => concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample/province.toml"),
            "F" => out,
            other => other,
        });
        let arguments: Vec<&str> = words.chain(["--data", data]).collect();
        let output = run(&arguments, "");
        let told = text(&output.stderr);
        assert!(!output.status.success(), "{command}");
        let names = ["mistyped", "no-such-file.ndjson"];
        assert!(
            names.iter().any(|name| told.contains(name)),
            "{command}: {told}"
        );
        assert!(!directory.path().join("mistyped").exists(), "{command}");
    }
}

/// What a person mistypes is named, with what was expected; and where, for a file.
#[test]
fn what_is_mistyped_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("tinh.toml");
    std::fs::write(&file, "code = \"H98\"\nnam = 3\n").expect("a file");
    let file = file.to_str().expect("UTF-8");
    for (command, words) in [
        (
            "deadline --received 15/10/2026 --amount 5 --unit working_day",
            "--received: a day such as 2026-10-15",
        ),
        (
            "deadline --received 2026-10-15 --amount five --unit working_day",
            "--amount: a number",
        ),
        (
            "deadline --received 2026-10-15 --amount 5 --unit days",
            "--unit: working_day",
        ),
        (
            "deadline --received 2026-10-15 --amount 5 --unit working_hour",
            "needs the hour",
        ),
        (
            "events list --state lost",
            "[possible values: waiting, delivered, failed]",
        ),
        (
            "key add someone --scope officer",
            "[possible values: connector, gateway]",
        ),
        (
            "serve --province P",
            "tinh.toml: configuration: TOML parse error at line 2",
        ),
    ] {
        let arguments: Vec<&str> = command
            .split(' ')
            .map(|word| if word == "P" { file } else { word })
            .collect();
        let output = run(&arguments, "");
        let told = text(&output.stderr);
        assert!(
            !output.status.success() && told.contains(words),
            "{command}: {told}"
        );
    }
}

/// `server key list | head -1` ends in peace.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(program())
        .args(["doctor", "--province", "no-such-file.toml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    let told = text(&output.stderr);
    assert!(
        told.contains("checks failed") && !told.contains("panicked"),
        "{told}"
    );
}

#[test]
fn a_file_without_the_header_is_refused() {
    let output = run(&["deadline", "--csv", "-"], "2024-04-24,5,working_day\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("received,amount,unit"));
}

#[test]
fn a_broken_import_says_line_and_field_and_stores_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("broken.ndjson");
    let good = r#"{"service":"DongBoHoSoMC","data":[{"MaHoSo":"H98.1-260901-0001","MaTTHC":"1.004222","NgayTiepNhan":"20260901080000","TrangThaiHoSo":"4"}]}"#;
    std::fs::write(
        &file,
        format!(
            "{good}\n{}",
            good.replace("20260901080000", "20261301080000")
        ),
    )
    .expect("a file");
    let data = directory.path().join("data");
    let (file, data) = (file.display().to_string(), data.display().to_string());
    let output = run(&["import", &file, "--data", &data], "");
    assert!(!output.status.success());
    let said = text(&output.stderr);
    assert!(
        said.contains("line 2, field data[0].NgayTiepNhan"),
        "{said}"
    );
    assert!(said.contains("nothing of the file was stored"), "{said}");
}

/// A demonstration, killed with the value.
struct Demo {
    child: Child,
    address: String,
}

impl Demo {
    /// Starts on a free port; its standard output is closed after the first line, as `| head -1` does.
    fn start() -> Self {
        let mut child = Command::new(program())
            .args(["demo", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server: build it first");
        let address = listening(&mut child);
        Self { child, address }
    }

    fn health(&self) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream
            .write_all(b"GET /health HTTP/1.0\r\n\r\n")
            .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_reader_that_goes_away_does_not_stop_the_server() {
    let demo = Demo::start();
    for _ in 0..3 {
        assert!(demo.health().starts_with("HTTP/1.0 200"));
    }
}

#[test]
fn a_port_in_use_is_a_clear_message() {
    let demo = Demo::start();
    let output = run(&["demo", "--listen", &demo.address], "");
    assert!(!output.status.success());
    let said = text(&output.stderr);
    assert!(
        said.contains("in use") && said.contains("--listen"),
        "{said}"
    );
}

#[test]
fn ctrl_c_stops_it_cleanly() {
    let mut demo = Demo::start();
    assert!(demo.health().contains("\"ok\""));
    let pid = demo.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .expect("kill")
            .success()
    );
    assert_eq!(demo.child.wait().expect("an end").code(), Some(0));
}

/// The province's file settles the swap: Thu 19/11/2026 + 5 working days is Sat 28/11; a file with a fault is refused by name.
#[test]
fn a_province_s_calendar_file_is_laid_over_the_shipped_one() {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    write(
        "lich.json",
        r#"{"version": "h98", "years": [{"year": 2026, "settled_until": "2026-12-31", "open": [], "sources": ["Công văn 1"],
            "days": [{"date": "2026-11-23", "kind": "swapped_off", "holiday": "culture_day", "pair": "2026-11-28"},
            {"date": "2026-11-28", "kind": "swapped_working_day", "holiday": "culture_day", "pair": "2026-11-23"}]}]}"#,
    );
    write(
        "sai.json",
        r#"{"version": "h98", "years": [{"year": 2026, "sources": []}]}"#,
    );
    let province = |name: &str, file: &str| {
        write(
            name,
            &format!(
                "code = \"H98\"\nname = {{ vi = \"A\", en = \"B\" }}\ncalendar_file = \"{file}\"\n"
            ),
        )
    };
    let good = province("province.toml", "lich.json");
    let asked = ["deadline", "--received", "2026-11-19", "--amount", "5"];
    let with: Vec<&str> = asked.iter().copied().chain(["--province", &good]).collect();
    assert!(text(&run(&asked, "").stdout).starts_with("chưa thể tính"));
    assert!(text(&run(&with, "").stdout).starts_with("2026-11-28"));
    let check = [
        "calendar",
        "check",
        "--as-of",
        "2026-11-22",
        "--lang",
        "en",
        "--province",
        &good,
    ];
    assert!(text(&run(&check, "").stdout).contains("computed up to 31 December 2026"));
    let show = [
        "calendar",
        "show",
        "--year",
        "2026",
        "--lang",
        "en",
        "--province",
        &good,
    ];
    let shown = text(&run(&show, "").stdout);
    assert!(shown.contains("2026-11-28  announced  worked in exchange: for Monday 23 November  (Công văn 1) [province's file]"));
    assert!(shown.contains("2026-01-01  announced  public holiday: New Year's Day  (9441/TB-BNV"));
    let bad = province("sai.toml", "sai.json");
    let refused = run(&["calendar", "check", "--province", &bad], "");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("calendar_file: calendar: 2026: \"sources\""));
}

/// A year of which statute alone is known.
#[test]
fn the_calendar_shows_the_layer_of_each_day() {
    let shown = text(&run(&["calendar", "show", "--year", "2027", "--lang", "en"], "").stdout);
    assert!(shown.contains("2027: not settled; missing:"));
    assert!(shown.contains("2027-05-03  statutory, not settled  day in lieu: for Labour Day"));
    let json = text(&run(&["calendar", "show", "--year", "2027", "--json"], "").stdout);
    assert!(json.contains("\"layer\": \"provisional\""));
}

/// The server keeps the pages of its look-ups in memory: not longer than they are true.
#[test]
fn what_another_process_imports_is_in_the_next_look_up() {
    let province = Province::new(None);
    province.import_overdue(3);
    let server = province.serve();
    let step = |index: usize| {
        let asked = serde_json::json!({ "case_code": code(index) });
        let (status, answer) =
            ask(&server.address, "POST", "/api/v1/lookup", &asked).expect("an answer");
        (status, answer["status"].clone())
    };
    let under_way = (200, serde_json::json!("processing"));
    for _ in 0..20 {
        assert_eq!(step(2), under_way);
        assert_eq!(step(3).0, 404);
    }
    province.import(4);
    assert_eq!(step(2), (200, serde_json::json!("returned")), "changed");
    assert_eq!(step(3), (200, serde_json::json!("returned")), "new");
}
