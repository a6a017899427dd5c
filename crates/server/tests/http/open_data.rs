//! Open data, and files of what the board shows: a fixture counted by hand, and a program that shares no code with this
//! one (`tests/recompute.py`) beside every figure that the server publishes of it.
//!
//! # Worked by hand, October 2026, as of Thursday 15/10; target on time 96 %, satisfied 93 %
//!
//! H98.1, each case promised for Wed 14/10:
//!
//! | case | ended | counts as |
//! |---|---|---|
//! | 0001 to 0010 | Tue 13/10 | early |
//! | 0011 | Thu 15/10 | late by 1 day; letter of 13/10, the last working day before the promise: in time |
//! | 0012 | open | overdue by 1 day; letter missing |
//!
//! H98.2: one case, ended on Wed 14/10: on time.
//!
//! So of H98.1: on time 10 of 11 = 90.909… → 90.91 %, below. Of the province: 11 of 12 = 91.67 %, below. Apologies owed 2,
//! in time 1, missing 1.
//!
//! The ten early ones take ballots in their order: the first four get a coarse label, for too few share a finer one; they
//! do not rate. 0005 to 0009 share the finest label and rate 5, 5, 4, 4, 2, and the officials with 4. Satisfied: 4 of
//! 5 = 80 %. Wilson, z² = 3.841459: centre = (0.8 + 3.841459/10) / (1 + 3.841459/5) = 1.184146 / 1.768292 = 0.669655;
//! half = 1.959964 / 1.768292 × √(0.8 × 0.2 / 5 + 3.841459/100) = 1.108394 × √0.0704146 = 0.294120:
//! 37.55 % to 96.38 %, which holds 93 %: not enough answers. Officials: 5 of 5 = 100 %, from 56.55 %
//! (1 / (1 + 3.841459/5) = 0.565517).
//!
//! # Every other figure
//!
//! * Received: H98.1 12, H98.2 1, province 13. Within time, waiting, unknown, not counted: none. Filed online: none of
//!   these; finished 11, 1, 12, none with an electronic result; of no fee is it known how it was paid.
//! * Days late: the 15th less the 14th = 1, of 0011; open days overdue likewise 1, of 0012.
//! * Postponed: 0011, from the 14th to the 21st = 7 days. By the last date named it was on time: 11 of 11, 12 of 12.
//! * Targets of communes, filed online and electronic results: 20 %; of the province as a whole there is none.
//! * Served, as they can be rated: those that ended, and 0012, whose promise is broken since the 15th: 12, 1, 13. Invited,
//!   and signs: what was counted today is shown from tomorrow on. Answered: 5.
//! * Named after a bad factor: 5 rated the officials, nobody with 1 or 2: 0 of 5 for each of its three criteria. The other
//!   factors have no answer; nobody was asked the sixteen criteria or the three levels.
//! * QĐ 766, progress: (10 + 1) of (11 + late 1 + overdue 1) = 11 of 13; 20 × 11/13 = 16.923 → 16.92. Dossiers: disliked is
//!   the one answer 2, objections none. At the least 13 − (2 + 1) = 10: 6 × (10/13) / 0.9 = 5.128 → 5.13; at the most
//!   13 − max(2, 1) = 11: 6 × (11/13) / 0.9 = 5.641 → 5.64. No time to answer is set: no score for answers.
//! * TT 01/2018, indicator 1: (2 × 10 + 1) / 12 = 1.75 → 1.8; indicator 7: nobody objected, late ones are not covered:
//!   (2 × 10 + 1) / 11 = 1.909 → 1.9, at the least as at the most.
//! * Counters: 5 received, 5 stored; of days that are over, none.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use dung_hen_domain::period::Period;
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_domain::words::{self, Lang};
use dung_hen_server::report::{Separator, Table, workbook};
use serde_json::{Value, json};

use crate::support::{Server, case_of, code, rating};

/// The fixture, with the step of the day taken.
pub(crate) fn counted_by_hand() -> Server {
    counted_by_hand_with("")
}

/// The same in a province configured otherwise.
pub(crate) fn counted_by_hand_with(configuration: &str) -> Server {
    let done = |day: &str| json!({ "NgayKetThucXuLy": format!("202610{day}100000") });
    let mut late = done("15");
    late["DanhSachXinLoi"] = json!([{ "NgayBanHanh": "20261013090000", "SoVanBan": "12/PXL", "LyDo": "bí mật của người nộp",
        "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000", "NguoiKy": "Nguyễn Văn Ký" }]);
    let mut cases: Vec<String> = (1..=10)
        .map(|number| case_of("H98.1", &code(number), "10", done("13")))
        .collect();
    cases.push(case_of("H98.1", &code(11), "10", late));
    cases.push(case_of("H98.1", &code(12), "4", json!({})));
    cases.push(case_of("H98.2", "H98.2-261005-0001", "10", done("14")));
    let server = Server::configured(&cases.join("\n"), configuration);
    let ballots: Vec<Value> = (1..=10)
        .map(|number| server.ballot(&code(number), number))
        .collect();
    for (ballot, level) in ballots[4..].iter().zip([5, 5, 4, 4, 2]) {
        let answer = server.post("/api/v1/ratings", &rating(ballot, level));
        assert_eq!(answer.status, 201, "{:?}", answer.body);
    }
    server.keep_house();
    server
}

fn recompute(server: &Server, data: &Value, more: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/recompute.py");
    let mut child = Command::new("python3")
        .args([script, "-", "--server", &server.url])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(data.to_string().as_bytes()).unwrap();
    drop(input);
    child.wait_with_output().unwrap()
}

/// The open data of a period put together from the index, every part and every page of letters.
pub(crate) fn open_data(server: &Server, period: &str) -> Value {
    let good = |path: &str| {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {:?}", answer.body);
        answer.body
    };
    let mut data = good(&format!("/api/v1/open-data?period={period}"));
    let parts: Vec<Value> = (data["parts"].as_array().unwrap().iter())
        .map(|part| good(part["address"].as_str().unwrap()))
        .collect();
    data["parts"] = json!(parts);
    let mut letters = Vec::new();
    let mut page = data["letters_of_apology"].clone();
    while let Some(address) = page.as_str() {
        let found = good(address);
        letters.extend(found["letters"].as_array().unwrap().clone());
        page = found["next"].clone();
    }
    data["letters_of_apology"] = json!(letters);
    data
}

/// What of the open data is of this place.
pub(crate) fn part<'a>(data: &'a mut Value, place: &str) -> &'a mut Value {
    let parts = data["parts"].as_array_mut().unwrap().iter_mut();
    let mut found = parts.filter(|part| part["place"] == place);
    found.next().unwrap()
}

/// Whether open data, what the server answers, and the workbook say the same, to the last digit.
pub(crate) fn agrees(server: &Server, period: &str) {
    let data = open_data(server, period);
    let file = workbook_of(server, period);
    let output = recompute(server, &data, &["--workbook", &file]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{period}: {said}");
}

/// The workbook of a period as a file.
fn workbook_of(server: &Server, period: &str) -> String {
    let file = server.directory.path().join("workbook.xlsx");
    let sheets = sheets_of(server, period).into_iter();
    let sheets: Vec<Table> = sheets.map(|(_, table)| table).collect();
    std::fs::write(&file, Table::xlsx(&sheets).unwrap()).unwrap();
    file.to_str().unwrap().to_owned()
}

pub(crate) fn sheets_of(server: &Server, period: &str) -> Vec<(&'static str, Table)> {
    let (state, span) = (&server.state, Period::parse(period).unwrap());
    let content = state.store.read_now(|reader| {
        workbook::read(reader, &state.reference, period, span, state.now().date())
    });
    workbook::tables(
        &content.unwrap(),
        &state.reference,
        period,
        span,
        state.now(),
    )
}

#[test]
fn the_figures_are_those_counted_by_hand() {
    let server = counted_by_hand();
    let of = |path: &str| server.get(&format!("/api/v1/metrics/{path}")).body;
    let share = |answer: &Value| answer["on_time_share"].clone();
    let province = of("timeliness?period=2026-10");
    assert_eq!(
        share(&province),
        json!({ "part": 11, "n": 12, "percent": 91.67, "target": 96.0, "standing": "below", "verdict": "not_met" })
    );
    let one = of("timeliness?period=2026-10&agency=H98.1");
    assert_eq!(share(&one)["percent"], 90.91);
    assert_eq!(
        (&one["days_late"], &one["open_days_overdue"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        one["apologies"],
        json!({ "owed": 2, "issued_in_time": 1, "issued_late": 0, "missing": 1, "second_postponements": 0 })
    );
    let said = of("satisfaction?period=2026-10&agency=H98.1");
    assert_eq!(
        said["overall"],
        json!({ "suppressed": false, "n": 5, "satisfied": 4, "percent": 80.0, "wilson95": [37.55, 96.38],
            "target": 93.0, "standing": "below", "verdict": "not_enough_data" })
    );
    assert_eq!(said["factors"]["officials"]["percent"], 100.0);
    assert_eq!(
        said["factors"]["officials"]["wilson95"],
        json!([56.55, 100.0])
    );
    assert_eq!(said["factors"]["access"]["suppressed"], true);
}

#[test]
fn every_published_figure_is_made_again_from_the_open_data() {
    let server = counted_by_hand();
    for period in ["2026-10", "2026-Q4", "2026"] {
        let data = open_data(&server, period);
        for known in ["calendar", "methods", "thresholds"] {
            assert!(!data[known].as_object().unwrap().is_empty(), "{known}");
        }
        let output = recompute(&server, &data, &[]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{period}: {said}");
        let compared: usize = said.split(' ').next().unwrap().parse().unwrap();
        assert!(compared > 1_000, "{period}: {said}");
        // One satisfied answer more, and the figures differ.
        let mut other = data.clone();
        let cells = &mut part(&mut other, "agency/H98.1")["satisfaction"]["cells"];
        let cell = (cells.as_array_mut().unwrap().iter_mut())
            .find(|cell| cell[3] == "overall" && cell[4] == 5)
            .unwrap();
        cell[5] = json!(5);
        let output = recompute(&server, &other, &[]);
        assert_eq!(output.status.code(), Some(1), "{period}");
        // No case, nobody, no words of a letter.
        let text = data.to_string();
        for secret in ["H98.1-261005", "bí mật", "Nguyễn Văn Ký", "Trần Thị"] {
            assert!(!text.contains(secret), "{period}: {secret}");
        }
    }
}

/// The workbook, read by another program, holds the figures of the open data to the last digit; as CSV, too.
#[test]
fn the_workbook_holds_the_figures_of_the_open_data() {
    let server = counted_by_hand();
    for period in ["2026-10", "2026"] {
        let data = open_data(&server, period);
        let tables = sheets_of(&server, period);
        let csv = tables.iter().find(|(name, _)| *name == "hai-long").unwrap();
        let csv = csv.1.csv(Separator::Comma).unwrap();
        assert!(csv.starts_with("\u{feff}".as_bytes()));
        let csv = String::from_utf8(csv).unwrap();
        // 80 %, from 37.55 % to 96.38 %, as whole hundredths: no decimal sign that a country reads otherwise.
        assert!(
            csv.contains("H98.1,UBND phường Một,5,4,8000,3755,9638,dưới,chưa đủ dữ liệu,"),
            "{csv}"
        );
        // A period is no day: it stays the text it is.
        let methods = &tables[0].1;
        let methods = String::from_utf8(methods.csv(Separator::Comma).unwrap()).unwrap();
        let kept = format!("Kỳ,\"=\"\"{period}\"\"\"\r\n");
        assert!(methods.contains(&kept), "{methods}");
        let file = workbook_of(&server, period);
        let output = recompute(&server, &data, &["--workbook", &file]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{period}: {said}");
        assert!(said.contains("cells of the workbook"), "{said}");
        // A workbook of another moment is seen.
        let mut other = data.clone();
        let cells = &mut part(&mut other, "agency/H98.1")["satisfaction"]["cells"];
        for cell in cells.as_array_mut().unwrap() {
            if cell[3] == "officials" {
                cell[5] = json!(4);
            }
        }
        let output = recompute(&server, &other, &["--workbook", &file]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("workbook Hài lòng H98.1"), "{said}");
    }
}

/// Five hold one opinion of an agency, four of another: the four are in no cell, and no cell is of fewer than five.
#[test]
fn open_data_hold_no_cell_of_fewer_than_five_answers() {
    let server = counted_by_hand();
    let mut seen = 0;
    for part in open_data(&server, "2026-10")["parts"].as_array().unwrap() {
        for cell in part["satisfaction"]["cells"].as_array().unwrap() {
            let n = cell[4].as_u64().unwrap();
            assert!(n == 0 || n >= 5, "{cell}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn objections_about_money_and_conduct_are_in_the_open_data_of_the_province_alone() {
    let server = counted_by_hand();
    for kind in ["asked_to_pay_extra", "date_moved"] {
        let body = json!({ "kind": kind, "case_code": code(11), "proof": "1234", "text": "…",
            "number": crate::support::number('a') });
        let mut body = body;
        if kind == "date_moved" {
            body["number"] = json!(crate::support::number('b'));
        }
        let answer = server.post("/api/v1/objections", &body);
        assert_eq!(answer.status, 201, "{:?}", answer.body);
    }
    let mut data = open_data(&server, "2026-10");
    // No time to answer is set here, and nobody has answered.
    let one = |kind: &str| {
        json!({ "kind": kind, "received": 1, "without_term": 1, "within_term": 0, "answered": 0,
            "answered_without_term": 0, "answered_in_time": 0, "overdue": 0 })
    };
    let (moved, money) = (one("date_moved"), one("asked_to_pay_extra"));
    for (place, told) in [
        ("", json!([moved, money])),
        ("level/commune", json!([moved])),
        ("agency/H98.1", json!([moved])),
        ("agency/H98.2", json!([])),
    ] {
        assert_eq!(part(&mut data, place)["objections"], told, "{place:?}");
    }
    // Nor does the board tell them of an agency, or of a level that may have but one.
    for (of, told) in [
        ("", true),
        ("&level=commune", false),
        ("&agency=H98.1", false),
    ] {
        let page = server.get(&format!("/board?period=2026-10{of}")).body;
        let words = words::objection(ObjectionKind::AskedToPayExtra, Lang::Vi);
        assert_eq!(page.as_str().unwrap().contains(words), told, "{of}");
    }
    let output = recompute(&server, &data, &[]);
    assert!(output.status.success(), "{output:?}");
}

/// Who has a part already gets none, for as long as nothing changes, whatever the hour.
#[test]
fn a_part_that_has_not_changed_is_not_sent_again() {
    let mut server = counted_by_hand();
    let tag = |server: &Server, path: &str| {
        let answer = server.get(&format!("/api/v1/open-data{path}"));
        answer.header("etag").unwrap().to_owned()
    };
    let paths = [
        "?period=2026-10",
        "/figures?period=2026-10",
        "/figures?period=2026-10&level=commune",
        "/figures?period=2026-10&agency=H98.1",
        "/letters?period=2026-10",
    ];
    let before = paths.map(|path| tag(&server, path));
    server.restart_at("2026-10-15T10:30:00+07:00");
    assert_eq!(paths.map(|path| tag(&server, path)), before);
    let path = format!("/api/v1/open-data{}", paths[3]);
    let again = server.get_with(&path, "if-none-match", &before[3]);
    assert_eq!(again.status, 304);
    // One more case of H98.1: its part, that of its level and that of the province are others; the letters are not.
    server.import(&case_of("H98.1", &code(13), "4", json!({})));
    let after = paths.map(|path| tag(&server, path));
    let changed: Vec<bool> = before.iter().zip(&after).map(|(a, b)| a != b).collect();
    assert_eq!(changed, [false, true, true, true, false]);
}

/// A case that comes again under another agency: what is left of the first, noughts, is still a part that answers.
#[test]
fn every_part_of_the_index_is_there() {
    let code = "H98.1-261005-0001";
    let server = Server::with(&case_of("H98.9", code, "4", json!({})));
    server.keep_house();
    server.import(&case_of("H98.1", code, "4", json!({})));
    server.keep_house();
    let mut data = open_data(&server, "2026-10");
    let received = |part: &Value| part["cells"][0][2][0].as_i64().unwrap_or(0);
    assert_eq!(received(part(&mut data, "agency/H98.1")), 1);
    assert_eq!(received(part(&mut data, "agency/H98.9")), 0);
    let output = recompute(&server, &data, &[]);
    assert!(output.status.success(), "{output:?}");
}

/// An empty name is no name, as in every other question; cases that name no agency have a word of their own.
#[test]
fn nobodys_cases_have_a_name_of_their_own() {
    let cases = [("", "0001"), ("H98.1", "0002"), ("H98.1", "0003")];
    let cases = cases
        .map(|(agency, number)| case_of(agency, &format!("H98.1-261005-{number}"), "4", json!({})));
    let server = Server::with(&cases.join("\n"));
    let place = |of: &str| {
        let answer = server.get(&format!("/api/v1/open-data/figures?period=2026-10{of}"));
        answer.body["place"]
            .as_str()
            .map(str::to_owned)
            .ok_or(answer.status)
    };
    assert_eq!(place("&agency="), Ok(String::new()));
    assert_eq!(place("&agency=-"), Ok("agency/".to_owned()));
    assert_eq!(
        place("&agency=-&level=unknown_level"),
        Ok("agency/".to_owned())
    );
    assert_eq!(place("&agency=-&level=commune"), Err(422));
    let mut data = open_data(&server, "2026-10");
    assert_eq!(part(&mut data, "agency/")["cells"][0][2][0], 1);
}

#[test]
fn a_period_that_is_none_has_no_open_data() {
    let server = Server::with("");
    for path in ["", "/figures", "/letters"] {
        for period in ["", "?period=soon"] {
            let path = format!("/api/v1/open-data{path}{period}");
            assert_eq!(server.get(&path).code(), "period_invalid", "{path}");
        }
    }
    let of = |path: &str| server.get(&format!("/api/v1/open-data/{path}"));
    assert_eq!(
        of("figures?period=2026&agency=H99").code(),
        "agency_unknown"
    );
    assert_eq!(of("figures?period=2026&level=town").code(), "level_unknown");
    assert_eq!(of("letters?period=2026&after=x").code(), "not_found");
    let file = server.get("/board/tai-ve/nothing.csv?period=2026-10");
    assert_eq!(file.status, 404);
    let file = server.get("/board/tai-ve/so-xin-loi.csv?period=2026-13");
    assert_eq!(file.status, 422);
}

#[test]
fn the_register_can_be_taken_away_as_a_file() {
    let server = counted_by_hand();
    let csv = server.get("/board/tai-ve/so-xin-loi.csv?period=2026-10&agency=H98.1");
    assert_eq!(csv.status, 200);
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        csv.header("content-disposition"),
        Some("attachment; filename=\"so-xin-loi-2026-10-H98.1.csv\"")
    );
    let text = csv.body.as_str().unwrap();
    // ureq takes the byte order mark for what it is; the letters are right.
    assert!(
        text.contains("1,UBND phường Một,H98.1,12/PXL,2026-10-13,2026-10-14,2026-10-21\r\n"),
        "{text}"
    );
    for secret in ["H98.1-261005", "bí mật", "Nguyễn Văn Ký"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let semicolons =
        server.get("/board/tai-ve/so-xin-loi-cham-phay.csv?period=2026-10&agency=H98.1");
    let text = semicolons.body.as_str().unwrap();
    assert!(
        text.contains("1;UBND phường Một;H98.1;12/PXL;2026-10-13;2026-10-14;2026-10-21\r\n"),
        "{text}"
    );
    let other = server.get("/board/tai-ve/so-xin-loi.csv?period=2026-10&agency=H98.2");
    assert!(!other.body.as_str().unwrap().contains("12/PXL"));
    let page = server.get("/board/xin-loi?period=2026-10").body;
    let page = page.as_str().unwrap();
    for file in [
        "so-xin-loi.csv",
        "so-xin-loi-cham-phay.csv",
        "so-xin-loi.xlsx",
    ] {
        assert!(
            page.contains(&format!("/board/tai-ve/{file}?period=2026-10")),
            "{file}"
        );
    }
}
