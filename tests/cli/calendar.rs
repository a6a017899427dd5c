//! `calendar`: what is settled, by whom, and what is missing.

use crate::{run, text};

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
