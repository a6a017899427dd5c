//! Units that ended: the board of what they did, and who succeeded them.

use serde_json::json;

use super::page;
use crate::support::{Server, case_of};

/// The last minute of 30 June 2025 is the district's, the first of 1 July is not; a code that only begins with the same
/// digits is another's; a unit below the district and its code as it was written before belong to it; a province that was
/// merged keeps its own cases, and so does a district of it.
#[test]
fn a_unit_that_ended_is_known_by_its_last_day_and_its_codes() {
    let histories = r#"
successions = [
  { code = "H98.31", also_written = ["000.00.31.H98"], name = "UBND huyện Cũ", level = "district", ended = "2025-06-30",
    successors = ["H98.1"], source = "NQ 00/2025 (mẫu)" },
  { code = "H10", name = "Tỉnh Sáp Nhập", level = "province", ended = "2025-06-30",
    successors = ["H98"], source = "NQ 00/2025 (mẫu)" },
]"#;
    let sent = |code: &str, at: &str| {
        let dates = json!({ "NgayTiepNhan": at, "NgayHenTra": "20250711170000", "NgayKetThucXuLy": "20250710100000" });
        case_of("H98.1", code, "10", dates)
    };
    let (last, first) = ("20250630235900", "20250701000000");
    let cases = [
        sent("H98.31-250630-0001", last),
        sent("H98.31-250701-0002", first),
        sent("H98.310-250630-0003", last),
        sent("H98.31.02-250630-0004", last),
        sent("000.00.31.H98-250630-0005", last),
        sent("000.00.31.H98-250701-0006", first),
        sent("000.00.32.H98-250630-0007", last),
        sent("H10.05-250630-0008", last),
        sent("H10.05-250701-0009", first),
    ];
    let server = Server::configured(&cases.join("\n"), histories);
    let received = |agency: &str| {
        let path = format!("/api/v1/metrics/timeliness?period=2025&agency={agency}");
        server.get(&path).body["received"].clone()
    };
    // 0001 and 0005.
    assert_eq!(received("H98.31"), 2);
    assert_eq!(received("H98.31.02"), 1);
    assert_eq!(received("H10.05"), 1);
    // 0002, 0003, 0006, 0007 and 0009.
    assert_eq!(received("H98.1"), 5);
    // Their page: the district with the unit below it; the province with its district.
    let history = page(&server, "/board/lich-su");
    let of = |name: &str| {
        let from = history.find(name).unwrap();
        let words = "100,00 % (";
        let share = from + history[from..].find(words).unwrap() + words.len();
        history[share..share + 3].to_owned()
    };
    assert_eq!(
        (of("UBND huyện Cũ"), of("Tỉnh Sáp Nhập")),
        ("3/3".to_owned(), "1/1".to_owned())
    );
    // All of them together are all of the province's, once each.
    let whole = server.get("/api/v1/metrics/timeliness?period=2025").body["received"].clone();
    assert_eq!(whole, 9);
}

/// District H98.31 ended on 30 June 2025. A received on 2 June, by the district: its own, though the ward closed it.
/// B received on 2 July under the district's code: the ward's. C: the ward's own.
#[test]
fn a_district_that_was_abolished_keeps_its_own_figures() {
    let histories = r#"
successions = [{ code = "H98.31", name = "UBND huyện Cũ", level = "district", ended = "2025-06-30",
    successors = ["H98.1"], source = "NQ 00/2025 (mẫu)" }]"#;
    let of = |agency: &str, code: &str, day: &str, promised: &str, end: &str| {
        let dates = json!({ "NgayTiepNhan": format!("{day}080000"), "NgayHenTra": format!("{promised}170000"),
            "NgayKetThucXuLy": format!("{end}100000") });
        case_of(agency, code, "10", dates)
    };
    let cases = [
        of(
            "H98.31",
            "H98.31-250602-0001",
            "20250602",
            "20250611",
            "20250702",
        ),
        of(
            "H98.1",
            "H98.31-250702-0002",
            "20250702",
            "20250711",
            "20250710",
        ),
        of(
            "H98.1",
            "H98.1-250702-0003",
            "20250702",
            "20250711",
            "20250710",
        ),
    ];
    let server = Server::configured(&cases.join("\n"), histories);
    // The successor's system sends the district's case on as its own.
    server.import(&of(
        "H98.1",
        "H98.31-250602-0001",
        "20250602",
        "20250611",
        "20250702",
    ));
    let timeliness = |agency: &str| {
        let path = format!("/api/v1/metrics/timeliness?period=2025&agency={agency}");
        let answer = server.get(&path).body;
        (answer["received"].clone(), answer["late"].clone())
    };
    assert_eq!(timeliness("H98.31"), (json!(1), json!(1)));
    assert_eq!(timeliness("H98.1"), (json!(2), json!(0)));
    let history = page(&server, "/board/lich-su");
    for words in [
        "UBND huyện Cũ",
        "30/06/2025",
        "NQ 00/2025 (mẫu)",
        "UBND phường Một",
        "0,00 % (0/1)",
        "Cấp huyện",
    ] {
        assert!(history.contains(words), "{words}: {history}");
    }
    let ward = page(&server, "/board?period=2025&agency=H98.1");
    assert!(
        ward.contains("Kế thừa nhiệm vụ của") && ward.contains("100,00 % (2/2)"),
        "{ward}"
    );
    let district = page(&server, "/board?period=2025&agency=H98.31");
    assert!(district.contains("Đơn vị này kết thúc ngày"), "{district}");
    let data = server.get("/api/v1/open-data?period=2025").body;
    assert_eq!(data["units_that_ended"][0]["ended"], "2025-06-30");
    // Counted again from the cases: the same.
    let state = &server.state;
    let counting = dung_hen_server::figures::Counting::new(&state.reference, state.now());
    let done = dung_hen_server::figures::watch::bring_up(&state.store, &counting, |_| {}).unwrap();
    assert_eq!(done.recounted, 0, "the import has counted them");
    let verified = state
        .store
        .read_now(|reader| dung_hen_server::figures::verify::verify(reader, &counting, |_| {}))
        .unwrap();
    assert_eq!((verified.cases, verified.differences), (3, Vec::new()));
    assert_eq!(timeliness("H98.31"), (json!(1), json!(1)));
}

#[test]
fn a_unit_that_ended_needs_a_day_successors_and_a_source() {
    use dung_hen_server::config::Province;
    let head = "code = \"H98\"\nname = { vi = \"a\", en = \"b\" }\n";
    let with = |ended: &str, successors: &str, source: &str| {
        let unit = format!(
            "{head}[[successions]]\ncode = \"H98.31\"\nname = \"Huyện\"\nlevel = \"district\"\nended = \"{ended}\"\nsuccessors = [{successors}]\nsource = \"{source}\"\n"
        );
        Province::parse(&unit)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(with("2025-06-30", "\"H98.1\"", "NQ"), Ok(()));
    for (outcome, key) in [
        (with("30/6/2025", "\"H98.1\"", "NQ"), "ended"),
        (with("2025-06-30", "", "NQ"), "successors"),
        (with("2025-06-30", "\"H98.31\"", "NQ"), "successors"),
        (with("2025-06-30", "\"H98.1\"", " "), "source"),
    ] {
        let said = outcome.unwrap_err();
        assert!(said.contains("H98.31") && said.contains(key), "{said}");
    }
}
