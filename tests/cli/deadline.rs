//! `deadline`: one date, or a file of them.

use std::process::{Command, Stdio};

use dung_hen_tests::program;

use crate::{run, text};

/// What the README prints is what the program prints, in both languages.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../../README.md");
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
