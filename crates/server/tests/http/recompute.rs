//! A new calendar computes open cases again; what moved is kept. Promises later than the limit.

use std::sync::Arc;

use dung_hen_server::config::Province;
use dung_hen_server::connector::intake::import_text;
use dung_hen_server::recompute;
use dung_hen_server::reference::Reference;
use dung_hen_server::store::StoreError;
use serde_json::json;

use crate::law::{CODE, calendar_file, held};
use crate::support::{Server, case, case_of};

/// A province's calendar by this version that makes Monday 12/10/2026 a day off for a Saturday worked.
fn swapped(worked: &str) -> Arc<Reference> {
    let (_kept, line) = calendar_file(&format!(
        r#"{{"version": "{worked}", "years": [{{"year": 2026, "sources": ["Công văn 2/UBND"], "days": [
            {{"date": "2026-10-12", "kind": "swapped_off", "holiday": "national_day", "pair": "{worked}"}},
            {{"date": "{worked}", "kind": "swapped_working_day", "holiday": "national_day", "pair": "2026-10-12"}}]}}]}}"#
    ));
    let text = format!("{line}\ncode = \"H98\"\nname = {{ vi = \"A\", en = \"B\" }}");
    Arc::new(Reference::new(Province::parse(&text).unwrap()).unwrap())
}

/// 7 working days from Mon 5/10/2026 end on Wed 14/10. With Mon 12/10 off and Sat 17/10 worked:
/// 6 (1), 7 (2), 8 (3), 9 (4), 13 (5), 14 (6), Thu 15 (7). With Sat 10/10 worked instead: 10 (5), 13 (6), Wed 14 (7).
#[test]
fn a_new_calendar_computes_open_cases_again_and_keeps_what_moved() {
    let done = case("A-9", "9", json!({ "NgayKetThucXuLy": "20261009080000" }));
    let server = Server::with(&format!("{}\n{done}", case(CODE, "4", json!({}))));
    let store = server.state.store.clone();
    let now = server.state.now();
    let apply = |reference: &Arc<Reference>| recompute::apply(&store, reference, now).unwrap();
    // The import has computed the open case with the calendar that ships; the finished one needs nothing.
    let same = apply(&server.state.reference);
    assert_eq!((same.computed, same.moved), (0, 0));
    let later = apply(&swapped("2026-10-17"));
    assert_eq!((later.computed, later.moved), (1, 1));
    // The same once more does nothing.
    let again = apply(&swapped("2026-10-17"));
    assert_eq!((again.computed, again.moved), (0, 0));
    let deadline = held(&server, CODE)["deadline"].clone();
    let moved = deadline["moved"].as_array().unwrap();
    assert_eq!(moved.len(), 1);
    assert_eq!(
        (&moved[0]["from"], &moved[0]["to"]),
        (&json!("2026-10-14"), &json!("2026-10-15"))
    );
    assert_eq!(
        moved[0]["why"]["vi"],
        "Ngày hết hạn theo cách tính: 14 tháng 10 năm 2026 → 15 tháng 10 năm 2026, vì lịch làm việc thay đổi: \
         12 tháng 10 năm 2026 nghỉ hoán đổi: làm bù vào Thứ Bảy 17 tháng 10."
    );
    // The promise is where it was.
    let view = held(&server, CODE);
    assert_eq!(view["dates_held"]["promise"], "2026-10-14");
    assert_eq!(view["dates_held"]["history"].as_array().unwrap().len(), 1);
    // Back to the 14th, with both days that made it so.
    assert_eq!(apply(&swapped("2026-10-10")).moved, 1);
    let view = held(&server, CODE);
    let moved = view["deadline"]["moved"].as_array().unwrap();
    assert_eq!(moved.len(), 2);
    let why = moved
        .iter()
        .map(|one| one["why"]["en"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        why.contains("15 October 2026 → 14 October 2026")
            && why.contains("10 October 2026 worked in exchange"),
        "{why}"
    );
    let (_, page) = server.post_form(
        "/tra-cuu",
        &[("case_code", CODE), ("proof", "1234"), ("lang", "vi")],
    );
    assert!(page.contains("14 tháng 10 năm 2026 → 15 tháng 10 năm 2026"));
}

/// A same-day case of Mon 5/10/2026, 15:30, promised for Tue 6/10. Received until 15:00 it would be due the same day, so
/// it is due on the 6th, as promised; received until 16:00 it is due on the 5th, and the promise is a day too late.
#[test]
fn other_hours_of_the_province_compute_open_cases_again() {
    let server = Server::with("");
    let store = server.state.store.clone();
    let now = server.state.now();
    let until = |hour: u8, calendar: &str| {
        let text = format!(
            "{calendar}\ncode = \"H98\"\nname = {{ vi = \"A\", en = \"B\" }}\nsame_day_cut_off = \"{hour}:00\"\n"
        );
        Arc::new(Reference::new(Province::parse(&text).unwrap()).unwrap())
    };
    let same_day = case(
        CODE,
        "4",
        json!({ "MaTTHC": "1.001193", "NgayTiepNhan": "20261005153000", "NgayHenTra": "20261006170000" }),
    );
    import_text(&store, &same_day, &server.state.keys, now, &until(15, "")).unwrap();
    let late = || {
        let found = store.read_now(|reader| reader.late_promises(None)).unwrap();
        let due = found.into_iter().map(|one| one.due.unwrap().to_string());
        due.collect::<Vec<_>>()
    };
    let apply = |reference: &Arc<Reference>| {
        let done = recompute::apply(&store, reference, now).unwrap();
        (done.computed, done.moved)
    };
    assert_eq!((apply(&until(15, "")), late()), ((0, 0), vec![]));
    assert_eq!(apply(&until(16, "")), (1, 0));
    assert_eq!(late(), ["2026-10-05"]);
    assert_eq!(apply(&until(16, "")), (0, 0));
    // Other hours and another calendar at once: it was not the calendar that moved this date.
    let (_kept, line) = calendar_file(
        r#"{"version": "later", "years": [{"year": 2026, "sources": ["Công văn 3/UBND"]}]}"#,
    );
    assert_eq!((apply(&until(15, &line)), late()), ((1, 0), vec![]));
    assert_eq!(held(&server, CODE)["deadline"]["moved"], json!([]));
}

/// Whoever imports without the province's file knows neither its calendar nor its hours: nothing is said to have moved,
/// and who has the file computes what came. The days are those of the first test.
#[test]
fn an_import_without_the_province_says_nothing_of_its_calendar() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let store = server.state.store.clone();
    let now = server.state.now();
    let ours = swapped("2026-10-17");
    let apply = || {
        let done = recompute::apply(&store, &ours, now).unwrap();
        (done.computed, done.moved)
    };
    let moves = || {
        held(&server, CODE)["deadline"]["moved"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((apply(), moves()), ((1, 1), 1));
    let unnamed = Arc::new(Reference::new(Province::unnamed().unwrap()).unwrap());
    let lines = format!(
        "{}\n{}",
        case(CODE, "4", json!({})),
        case("A-2", "4", json!({}))
    );
    import_text(&store, &lines, &server.state.keys, now, &unnamed).unwrap();
    assert_eq!(moves(), 1, "nobody has changed the calendar");
    // Both are computed with the province's calendar, and both are where it puts them: on Thu 15/10.
    assert_eq!((apply(), moves()), ((2, 0), 1));
    assert_eq!(apply(), (0, 0));
}

/// At nearly every start nothing is to be computed: then looking through all open cases holds up nobody who writes.
#[test]
fn with_nothing_to_compute_nobody_who_writes_waits() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let (store, reference) = (server.state.store.clone(), &server.state.reference);
    let (reference, now) = (Arc::clone(reference), server.state.now());
    let looking = store.clone();
    let computed = store.write_now(move |_| {
        let (done, is_done) = std::sync::mpsc::channel();
        let (looking, reference) = (looking.clone(), Arc::clone(&reference));
        std::thread::spawn(move || {
            let applied = recompute::apply(&looking, &reference, now);
            let _ = done.send(applied.map(|applied| applied.computed));
        });
        // Long: it only tells one that waits for this write from one that is busy.
        let longest = std::time::Duration::from_secs(60);
        Ok::<_, StoreError>(is_done.recv_timeout(longest).ok().and_then(Result::ok))
    });
    assert_eq!(computed.unwrap(), Some(0), "waits for whoever writes");
}

/// What changes in the case itself is no move of the calendar.
#[test]
fn a_supplement_is_not_a_move_of_the_calendar() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let store = server.state.store.clone();
    let restarted = case(
        CODE,
        "4",
        json!({ "DanhSachHoSoBoSung": [{
            "NgayBoSung": "20261006090000", "NgayTiepNhanBoSung": "20261008090000", "NgayHenTraTruoc": "20261014170000",
            "NgayHenTraMoi": "20261019170000",
        }] }),
    );
    import_text(
        &store,
        &restarted,
        &server.state.keys,
        server.state.now(),
        &swapped("2026-10-17"),
    )
    .unwrap();
    assert_eq!(held(&server, CODE)["deadline"]["moved"], json!([]));
}

/// Handed in elsewhere on Mon 5/10; the limit of 7 working days runs from the first step of the competent agency.
/// From Wed 7/10 it ends on Fri 16/10, from Tue 6/10 on Thu 15/10.
#[test]
fn a_step_that_comes_after_its_case_moves_the_computed_date() {
    let sent = case(
        CODE,
        "4",
        json!({ "PhiDiaGioi": "1", "NgayHenTra": "20261016170000" }),
    );
    let step = |at: &str, unit: &str| {
        json!({ "service": "CapNhatTienDoHoSoMC", "data": [
            { "MaHoSo": CODE, "ThoiDiemXuLy": at, "PhongBanXuLy": unit },
        ] })
        .to_string()
    };
    let kept = |server: &Server| {
        let store = &server.state.store;
        store.read_now(|reader| reader.late_promises(None)).unwrap()
    };
    let late = |server: &Server| -> Vec<Option<String>> {
        let all = kept(server).into_iter();
        all.map(|one| one.due.map(|due| due.to_string())).collect()
    };
    let server = Server::with(&sent);
    server.import(&step("20261006080000", "Bộ phận Một cửa phường Hai"));
    assert!(late(&server).is_empty(), "no start is known yet");
    server.import(&step("20261007100000", "Công an phường Một"));
    assert!(late(&server).is_empty(), "promised for the last day");
    // An earlier one, which comes later: the promise is beyond the limit now.
    server.import(&step("20261006090000", "Công an phường Một"));
    assert_eq!(late(&server), [Some("2026-10-15".to_owned())]);
    assert_eq!(held(&server, CODE)["deadline"]["due"], "2026-10-15");
    // No calendar changed: nothing is said to have moved.
    assert_eq!(held(&server, CODE)["deadline"]["moved"], json!([]));
    // The step comes first and waits for its case.
    let server = Server::with("");
    server.import(&step("20261006090000", "Công an phường Một"));
    server.import(&sent);
    assert_eq!(late(&server), [Some("2026-10-15".to_owned())]);
    // What ends the case ends this, too, whatever step comes after it.
    server.import(&case(
        CODE,
        "9",
        json!({ "PhiDiaGioi": "1", "NgayKetThucXuLy": "20261012080000" }),
    ));
    server.import(&step("20261006100000", "Công an phường Một"));
    assert!(late(&server).is_empty());
}

/// Flagged to the agency in every case, published only where the source covers the reception.
#[test]
fn promises_later_than_the_limit_are_listed_for_the_agency() {
    let lines = [
        case("A-1", "4", json!({ "NgayHenTra": "20261015170000" })),
        case("A-2", "4", json!({})),
        case_of(
            "H98.2",
            "A-3",
            "4",
            json!({ "NgayTiepNhan": "20260302080000", "NgayHenTra": "20260401170000" }),
        ),
        case(
            "A-4",
            "10",
            json!({ "NgayHenTra": "20261015170000", "NgayKetThucXuLy": "20261014080000", "NgayTra": "20261014080000" }),
        ),
    ];
    let server = Server::with(&lines.join("\n"));
    let list = |agency: Option<&'static str>| {
        let found = server
            .state
            .store
            .read_now(move |store| store.late_promises(agency))
            .unwrap();
        found
            .into_iter()
            .map(|one| (one.code, one.covered))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        list(None),
        [("A-1".to_owned(), true), ("A-3".to_owned(), false)]
    );
    assert_eq!(list(Some("H98.2")), [("A-3".to_owned(), false)]);
}
