//! Timeliness by agency and period, counted by hand.

use std::sync::Arc;

use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_server::config::Province;
use dung_hen_server::connector::intake::import_text;
use dung_hen_server::figures::watch::Watched;
use dung_hen_server::figures::{Counting, verify, watch};
use dung_hen_server::reference::Reference;
use dung_hen_server::store::CellKey;
use serde_json::json;

use crate::support::{Server, case_of};

#[test]
fn timeliness_adds_up() {
    // Promise for all: Wed 14/10/2026; now: Thu 15/10.
    let done = |day: &str| json!({ "NgayKetThucXuLy": format!("202610{day}100000") });
    let letter = json!([{ "NgayBanHanh": "20261013090000", "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000" }]);
    let cases = [
        case_of("H98.1", "A-1", "10", done("13")), // early
        case_of("H98.1", "A-2", "9", done("14")),  // on time
        case_of("H98.1", "A-3", "10", done("15")), // late, no letter
        case_of("H98.1", "A-4", "4", json!({})),   // overdue, no letter
        case_of(
            "H98.1",
            "A-5",
            "4",
            json!({ "NgayHenTra": "20261021170000", "DanhSachXinLoi": letter }),
        ), // overdue, letter in time
        case_of("H98.1", "A-6", "5", json!({})),   // paused
        case_of("H98.1", "A-7", "7", json!({})),   // withdrawn: received, not counted
        case_of("H98.1", "A-8", "1", json!({})),   // only filed: not received
        case_of("H98.2", "B-1", "10", done("13")), // another agency
        case_of(
            "H98.1",
            "A-9",
            "10",
            json!({ "NgayTiepNhan": "20260905080000", "NgayKetThucXuLy": "20260915080000" }),
        ), // another month
    ];
    let server = Server::with(&cases.join("\n"));
    let figures = server
        .get("/api/v1/metrics/timeliness?period=2026-10&agency=H98.1")
        .body;
    for (key, expected) in [
        ("received", 7),
        ("early", 1),
        ("on_time", 1),
        ("late", 1),
        ("open_within_time", 0),
        ("open_overdue", 2),
        ("open_paused", 1),
        ("unknown", 0),
        ("not_counted", 2),
    ] {
        assert_eq!(figures[key], expected, "{key}");
    }
    let apologies = json!({ "owed": 3, "issued_in_time": 1, "issued_late": 0, "missing": 2, "second_postponements": 0 });
    assert_eq!(figures["apologies"], apologies);
    // 2 of 3 finished cases: 66.67 %.
    let share = json!({ "part": 2, "n": 3, "percent": 66.67, "target": 96.0, "standing": "below", "verdict": "not_met" });
    assert_eq!(figures["on_time_share"], share);
    assert_eq!(
        server.get("/api/v1/metrics/timeliness?period=2026").body["received"],
        9
    );
    assert_eq!(
        server.get("/api/v1/metrics/timeliness?period=2025").body["on_time_share"]["percent"],
        json!(null)
    );
}

/// Each "how this is counted" in an answer is a section of the page that is served.
#[test]
fn every_figure_says_how_it_is_counted() {
    let server = Server::with("");
    let page = server.get("/dinh-nghia");
    assert_eq!(page.status, 200);
    let page = page.body.as_str().unwrap().to_owned();
    for figure in ["satisfaction", "timeliness", "criteria"] {
        let answer = server
            .get(&format!("/api/v1/metrics/{figure}?period=2026-10"))
            .body;
        let definitions = answer["definitions"].as_object().unwrap();
        assert!(definitions.len() >= 3, "{definitions:?}");
        for address in definitions.values() {
            let section = address.as_str().unwrap().strip_prefix("/dinh-nghia#");
            let anchor = format!("<a id=\"{}\"></a>", section.unwrap());
            assert!(page.contains(&anchor), "{address}");
        }
    }
}

/// The server's figures of October on another day, without a server that runs at that day: cells brought up to it.
fn counting(server: &Server, day: u32) -> Counting {
    let date = chrono::NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
    Counting {
        reference: Arc::clone(&server.state.reference),
        as_of: date,
    }
}

fn differences(server: &Server, counting: &Counting) -> Vec<String> {
    let verified = server
        .state
        .store
        .read_now(|reader| verify::verify(reader, counting, |_| {}))
        .unwrap();
    assert!(verified.cases > 0);
    verified
        .differences
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// What is erased of a person stays counted: a case that ended with a file, and one that ended with a paper.
#[test]
fn what_was_erased_counts_as_before() {
    let ended = |code: &str, address: Option<&str>| {
        let paper = json!([{ "TenGiayTo": "Giấy", "DuongDanTepTinKetQua": address }]);
        let more = json!({ "NgayKetThucXuLy": "20261013100000", "DanhSachGiayToKetQua": paper });
        case_of("H98.1", code, "10", more)
    };
    let cases = [
        ended("A-1", Some("https://kq.example.vn/1")),
        ended("A-2", None),
    ];
    let server = Server::with(&cases.join("\n"));
    let shown = || {
        let answer = server.get("/api/v1/metrics/timeliness?period=2026-10");
        answer.body
    };
    let before = shown();
    let now = server.state.now();
    for code in ["A-1", "A-2"] {
        let erased = server
            .state
            .store
            .write_now(move |writer| writer.erase_case(code, now));
        assert!(erased.unwrap());
    }
    assert_eq!(shown(), before);
    assert_eq!(differences(&server, &counting(&server, 15)), [""; 0]);
}

/// Three cases promised for Wed 21/10, 22/10 and 14/10; now is 15/10.
/// On 21/10 nothing has turned: the promised day is not late. On 22/10 the first is overdue by one day, on 25/10 both
/// are, by 4 and 3 days. The third has been overdue since 15/10 and never turns again.
#[test]
fn the_clock_turns_cases_when_their_day_has_passed_and_no_others() {
    let cases = [
        case_of(
            "H98.1",
            "A-1",
            "4",
            json!({ "NgayHenTra": "20261021170000" }),
        ),
        case_of(
            "H98.1",
            "A-2",
            "4",
            json!({ "NgayHenTra": "20261022170000" }),
        ),
        case_of("H98.1", "A-3", "4", json!({})),
    ];
    let server = Server::with(&cases.join("\n"));
    let bring_up =
        |day| watch::bring_up(&server.state.store, &counting(&server, day), |_| {}).unwrap();
    let overdue = || {
        let figures = server.get("/api/v1/metrics/timeliness?period=2026-10").body;
        (
            figures["open_within_time"].as_u64(),
            figures["open_overdue"].as_u64(),
        )
    };
    // The import has counted everything, with this calendar and method.
    assert_eq!(bring_up(15), Watched::default());
    assert_eq!(overdue(), (Some(2), Some(1)));
    assert_eq!(bring_up(21), Watched::default());
    assert_eq!(overdue(), (Some(2), Some(1)));
    assert_eq!(
        bring_up(22),
        Watched {
            turned: 1,
            recounted: 0
        }
    );
    assert_eq!(overdue(), (Some(1), Some(2)));
    assert_eq!(
        bring_up(25),
        Watched {
            turned: 1,
            recounted: 0
        }
    );
    assert_eq!(overdue(), (Some(0), Some(3)));
    assert_eq!(bring_up(25), Watched::default());
    assert_eq!(differences(&server, &counting(&server, 25)), [""; 0]);
    // Days overdue on the 25th: 4 + 3 + 11.
    let cells = server
        .state
        .store
        .read_now(|reader| reader.figure_sums(None, "", ("2026-10", "2026-10")))
        .unwrap();
    assert_eq!(
        cells[0].counts.days_overdue(counting(&server, 25).as_of),
        18
    );
}

/// The figures of October with a unit that ended: cases of its time with its code are counted under it.
fn counting_with_unit_that_ended(server: &Server) -> Counting {
    let province = r#"
code = "H98"
name = { vi = "Tỉnh Mẫu", en = "Sample Province" }
agencies = [{ code = "H98.1", name = "UBND phường Một", level = "commune" }]

[[successions]]
code = "H98.31"
name = "Huyện"
level = "district"
ended = "2026-10-31"
successors = ["H98.1"]
source = "NQ"
"#;
    let reference = Reference::new(Province::parse(province).unwrap()).unwrap();
    Counting {
        reference: Arc::new(reference),
        ..counting(server, 15)
    }
}

fn case_of_the_unit(number: u32) -> String {
    let more = json!({ "NgayKetThucXuLy": "20261013100000" });
    case_of("H98.1", &format!("H98.31-261005-{number:04}"), "10", more)
}

/// Server and command line import with the same settings or with others; what the others counted is counted again.
#[test]
fn what_was_imported_with_other_settings_is_counted_again_and_nothing_else() {
    let server = Server::with("");
    let state = &server.state;
    let (own, other) = (
        counting(&server, 15),
        counting_with_unit_that_ended(&server),
    );
    let import = |counting: &Counting, cases: std::ops::Range<u32>| {
        let cases: Vec<String> = cases.map(case_of_the_unit).collect();
        let (text, reference) = (cases.join("\n"), &counting.reference);
        import_text(&state.store, &text, &state.keys, state.now(), reference).unwrap();
    };
    let bring_up = |counting: &Counting| {
        let done = watch::bring_up(&state.store, counting, |_| {}).unwrap();
        assert_eq!(differences(&server, counting), [""; 0]);
        (done.recounted, done.turned)
    };
    import(&own, 0..3);
    assert_eq!(bring_up(&own), (0, 0));
    // Of a file that was imported with other settings, its cases alone: an old one, written anew, and two new ones.
    import(&other, 2..5);
    assert_ne!(differences(&server, &own), [""; 0]);
    assert_eq!(bring_up(&own), (0, 3));
    assert_eq!(bring_up(&own), (0, 0));
    // A server with other settings: all of them.
    assert_eq!(bring_up(&other), (5, 0));
    import(&own, 5..6);
    assert_eq!(bring_up(&other), (0, 1));
}

/// Another calendar or method comes, and the count ends half-way; then the one before is back.
#[test]
fn a_count_that_was_broken_off_is_not_taken_for_done() {
    let server = Server::with(&case_of_the_unit(1));
    let other = counting_with_unit_that_ended(&server);
    let store = &server.state.store;
    let broken_off = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        watch::bring_up(store, &other, |_| panic!("the server is stopped"))
    }));
    assert!(broken_off.is_err());
    let own = counting(&server, 15);
    assert_ne!(differences(&server, &own), [""; 0]);
    // What is written meanwhile with the settings of before is not lost to whoever goes on with the others.
    server.import(&case_of_the_unit(2));
    let done = watch::bring_up(store, &own, |_| {}).unwrap();
    assert_eq!((done.recounted, done.turned), (2, 0));
    assert_eq!(differences(&server, &own), [""; 0]);
}

/// Whatever is written, in whatever order, the kept cells are those of a count from the beginning.
#[test]
fn kept_cells_are_those_of_a_count_from_the_beginning() {
    let server = Server::with_connector_key("key");
    let send = |line: String| {
        let answer = server.post_raw("/api/v1/connector", "application/json", &line, Some("key"));
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    };
    let today = counting(&server, 15);
    let letter = json!([{ "NgayBanHanh": "20261016090000", "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000" }]);
    for (agency, status, extra) in [
        ("H98.1", "2", json!({})),
        ("H98.1", "4", json!({ "KenhThucHien": "2" })),
        // A letter of tomorrow, and a new date.
        (
            "H98.1",
            "4",
            json!({ "NgayHenTra": "20261021170000", "DanhSachXinLoi": letter }),
        ),
        // The case moves to another agency and another month of reception.
        ("H98.2", "4", json!({ "NgayTiepNhan": "20260905080000" })),
        (
            "H98.2",
            "10",
            json!({ "NgayKetThucXuLy": "20261015100000" }),
        ),
    ] {
        send(case_of(agency, "A-1", status, extra));
        assert_eq!(differences(&server, &today), [""; 0], "after {status}");
    }
    let left = server.get("/api/v1/metrics/timeliness?period=2026-10&agency=H98.1");
    assert_eq!(left.body["received"], 0, "nothing of it is left there");

    // Finished a day late, and received in October again. Break its cell: it is found, and named.
    server
        .state
        .store
        .write_now(|writer| {
            let key = CellKey {
                agency: "H98.2".to_owned(),
                month: "2026-10".to_owned(),
                split: "",
                value: String::new(),
            };
            let mut counts = Counts::default();
            counts.add_to(Measure::Late, 7);
            writer.add_to_cells([(&key, &counts)])
        })
        .unwrap();
    // Wrong in every place and period that the cell is part of.
    let mut wrong = differences(&server, &today);
    wrong.sort();
    let places = ["agency/H98.2", "level/commune", "province"];
    let periods = ["2026", "2026-10", "2026-Q4"];
    let expected: Vec<String> = places
        .iter()
        .flat_map(|place| {
            periods.map(|period| format!("{place} {period} late: kept 8, counted again 1"))
        })
        .collect();
    assert_eq!(wrong, expected);
}

/// Two of commune H98.1 (online, in time; at the counter, late by one day), one of another agency.
#[test]
fn figures_are_split_by_what_was_fixed_in_advance() {
    let cases = [
        case_of(
            "H98.1",
            "A-1",
            "10",
            json!({ "NgayKetThucXuLy": "20261013100000", "KenhThucHien": "2" }),
        ),
        case_of(
            "H98.1",
            "A-2",
            "10",
            json!({ "NgayKetThucXuLy": "20261015100000" }),
        ),
        case_of(
            "H98.2",
            "B-1",
            "10",
            json!({ "NgayKetThucXuLy": "20261014100000" }),
        ),
    ];
    let server = Server::with(&cases.join("\n"));
    let by = |by: &str| {
        let path = format!("/api/v1/metrics/timeliness?period=2026-10&agency=H98.1&by={by}");
        server.get(&path).body
    };
    let rows = by("channel");
    let rows = rows["rows"].as_array().unwrap();
    let said: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                &row["value"],
                &row["received"],
                &row["late"],
                &row["days_late"],
            )
        })
        .map(|(value, received, late, days)| format!("{value} {received} {late} {days}"))
        .collect();
    assert_eq!(said, ["\"direct\" 1 1 1", "\"online\" 1 0 0"]);
    assert_eq!(by("agency")["rows"].as_array().unwrap().len(), 1);
    let whole = server.get("/api/v1/metrics/timeliness?period=2026-10&agency=H98.1");
    assert_eq!(whole.body["rows"], json!(null));
    assert_eq!(
        by("channel")["online_share"],
        json!({ "part": 1, "n": 2, "percent": 50.0, "target": 20.0, "standing": "at_or_above" })
    );
    let bad = server.get("/api/v1/metrics/timeliness?period=2026-10&by=shoe_size");
    assert_eq!(bad.code(), "split_unknown");
    let bad = server.get("/api/v1/metrics/timeliness?period=2026-10&level=moon");
    assert_eq!(bad.code(), "level_unknown");
    let none = server.get("/api/v1/metrics/timeliness?period=2026-10&level=ministry");
    assert_eq!(none.body["received"], 0);
}

/// | received | agency | procedure, field | ended |
/// |---|---|---|---|
/// | 31/12/2025 | H98.1 | births, civil status | early |
/// | 30/06/2026 | H98.1 | births, civil status | late by a day |
/// | 01/07/2026 | H98.1 | residence | on the day |
/// | 30/09/2026 | H98.2 | residence | late by a day |
/// | 01/10/2026 | H98.1 | births, whose sender calls the field Y | early |
#[test]
fn procedures_fields_and_the_edges_of_periods_are_as_counted_by_hand() {
    let of = |number: u32,
              agency: &str,
              (day, promised, ended): (&str, &str, &str),
              births: bool,
              field: &str| {
        let more = json!({
            "NgayTiepNhan": format!("{day}235900"), "NgayHenTra": format!("{promised}170000"),
            "NgayKetThucXuLy": format!("{ended}100000"), "TenLinhVuc": field,
            "MaTTHC": if births { "1.001193" } else { "1.004222" },
        });
        case_of(agency, &format!("P-{number}"), "10", more)
    };
    let cases = [
        of(
            1,
            "H98.1",
            ("20251231", "20260109", "20260108"),
            true,
            "Hộ tịch",
        ),
        of(
            2,
            "H98.1",
            ("20260630", "20260709", "20260710"),
            true,
            "Hộ tịch",
        ),
        of(
            3,
            "H98.1",
            ("20260701", "20260710", "20260710"),
            false,
            "Cư trú",
        ),
        of(
            4,
            "H98.2",
            ("20260930", "20261009", "20261010"),
            false,
            "Cư trú",
        ),
        of(5, "H98.1", ("20261001", "20261012", "20261009"), true, "Y"),
    ];
    let server = Server::with(&cases.join("\n"));
    let said = |query: &str| -> Vec<String> {
        let body = server
            .get(&format!("/api/v1/metrics/timeliness?{query}"))
            .body;
        let shown = |row: &serde_json::Value| {
            let value = row["value"].as_str().unwrap_or("all");
            format!(
                "{value}: {} {} {}",
                row["early"], row["on_time"], row["late"]
            )
        };
        match body["rows"].as_array() {
            Some(rows) => rows.iter().map(shown).collect(),
            None => vec![shown(&body)],
        }
    };
    for (query, expected) in [
        ("period=2025", &["all: 1 0 0"][..]),
        ("period=2025-12", &["all: 1 0 0"]),
        ("period=2026-01", &["all: 0 0 0"]),
        ("period=2026-Q2", &["all: 0 0 1"]),
        ("period=2026-Q3", &["all: 0 1 1"]),
        ("period=2026-Q4", &["all: 1 0 0"]),
        ("period=2026", &["all: 1 1 2"]),
        ("period=2026&agency=H98.1", &["all: 1 1 1"]),
        (
            "period=2026&by=procedure",
            &["1.001193: 1 0 1", "1.004222: 0 1 1"],
        ),
        ("period=2026-Q3&by=procedure", &["1.004222: 0 1 1"]),
        (
            "period=2026&agency=H98.1&by=procedure",
            &["1.001193: 1 0 1", "1.004222: 0 1 0"],
        ),
        (
            "period=2026&by=field",
            &["Cư trú: 0 1 1", "Hộ tịch: 0 0 1", "Y: 1 0 0"],
        ),
        (
            "period=2026&level=commune&by=field",
            &["Cư trú: 0 1 1", "Hộ tịch: 0 0 1", "Y: 1 0 0"],
        ),
        ("period=2026-10&agency=H98.1&by=field", &["Y: 1 0 0"]),
        ("period=2026&by=agency", &["H98.1: 1 1 1", "H98.2: 0 0 1"]),
    ] {
        assert_eq!(said(query), expected, "{query}");
    }
}

#[test]
fn objections_are_counted_in_the_month_they_came() {
    let server = Server::with(&case_of(
        "H98.1",
        "A-1",
        "10",
        json!({ "MaTraCuu": "AB12CD", "NgayKetThucXuLy": "20261013100000" }),
    ));
    for (kind, proof) in [
        ("not_received", json!("AB12CD")),
        ("unknown_code", json!(null)),
    ] {
        let body = json!({ "kind": kind, "case_code": "A-1", "proof": proof });
        assert_eq!(
            server.post("/api/v1/objections", &body).status,
            201,
            "{kind}"
        );
    }
    let of = |query: &str| {
        server
            .get(&format!("/api/v1/metrics/timeliness?period=2026-10{query}"))
            .body["objections"]
            .clone()
    };
    assert_eq!(of("")["received"], 2);
    assert_eq!(of("&agency=H98.1")["received"], 1);
    assert_eq!(of("&agency=H98.1")["kinds"]["not_received"], 1);
    assert_eq!(of("")["kinds"]["unknown_code"], 1);
    assert_eq!(differences(&server, &counting(&server, 15)), [""; 0]);
}
