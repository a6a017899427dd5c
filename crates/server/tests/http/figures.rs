//! Timeliness by agency and period, counted by hand.

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
    for figure in ["satisfaction", "timeliness"] {
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
