//! A small province counted by hand: every published figure with its derivation.
//!
//! Now is Thursday 15 October 2026. Every promise was Wednesday 14 October; a letter is in time up to the last working
//! day before it, Tuesday 13 October.
//!
//! | case | agency | channel | fees | ended | letters | counts as |
//! |---|---|---|---|---|---|---|
//! | A-1 | commune H98.1 | online | cashless | 13/10, electronic result, told to grant | | early |
//! | A-2 | H98.1 | counter | cash | 14/10, not told what it says | | on time |
//! | A-3 | H98.1 | counter | – | 15/10, told to refuse | none; date moved to 21/10 | late by 1 day; by the last date in time |
//! | A-4 | H98.1 | counter | – | open | 13/10, to 21/10 | overdue by 1 day, letter in time |
//! | A-5 | H98.1 | counter | – | open | 13/10, to 21/10; 15/10, to 28/10 | overdue by 1 day, letter in time, postponed twice |
//! | A-6 | H98.1 | counter | – | withdrawn 12/10; told to refuse, which a withdrawn case has no result for | | received, not counted |
//! | A-7 | H98.1 | counter | – | not accepted, no day | | not received, not counted |
//! | B-1 | department H98.9 | online | – | 13/10, told to grant | | early |

use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::integrity::Counted;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_server::figures::satisfaction::take_step;
use dung_hen_server::figures::{BY_OUTCOME, places};
use dung_hen_server::store::TallyRow;
use dung_hen_server::waiting::{Rating, Said};
use serde_json::{Value, json};

use crate::support::{Server, TWO_LEVELS, case_of};

/// The province's own target.
const TARGET: &str = r#"
[[targets]]
figure = "on_time"
percent = 60.0
from = "2026-10-15"
source = "QĐ 9/QĐ-UBND"
"#;

fn server() -> Server {
    let ended = |day: &str, mut more: Value| {
        more["NgayKetThucXuLy"] = json!(format!("202610{day}100000"));
        more
    };
    let letter = |issued: &str, before: &str, after: &str| {
        let at = |day: &str| format!("202610{day}170000");
        json!({ "NgayBanHanh": format!("202610{issued}090000"), "NgayHenTraTruoc": at(before), "NgayHenTraMoi": at(after) })
    };
    let first = letter("13", "14", "21");
    let a = |code: &str, state: &str, extra: Value| case_of("H98.1", code, state, extra);
    let online = json!({
        "KenhThucHien": "2",
        "ThanhToanKhongTienMat": "1",
        "KetQuaGiaiQuyet": "1",
        "DanhSachGiayToKetQua": [{ "TenGiayTo": "Giấy", "DuongDanTepTinKetQua": "https://kq.example.vn/1" }],
    });
    let cases = [
        a("A-1", "10", ended("13", online)),
        a(
            "A-2",
            "9",
            ended("14", json!({ "ThanhToanKhongTienMat": "0" })),
        ),
        a("A-3", "4", json!({})),
        a(
            "A-3",
            "10",
            ended(
                "15",
                json!({ "NgayHenTra": "20261021170000", "KetQuaGiaiQuyet": "2" }),
            ),
        ),
        a(
            "A-4",
            "4",
            json!({ "NgayHenTra": "20261021170000", "DanhSachXinLoi": [first] }),
        ),
        a(
            "A-5",
            "4",
            json!({ "NgayHenTra": "20261028170000", "DanhSachXinLoi": [first, letter("15", "21", "28")] }),
        ),
        a("A-6", "7", ended("12", json!({ "KetQuaGiaiQuyet": "2" }))),
        a("A-7", "3", json!({})),
        case_of(
            "H98.9",
            "B-1",
            "10",
            ended("13", json!({ "KenhThucHien": "2", "KetQuaGiaiQuyet": 1 })),
        ),
    ];
    Server::of_province(&cases.join("\n"), &format!("{TWO_LEVELS}{TARGET}"))
}

fn figures(server: &Server, query: &str) -> Value {
    server
        .get(&format!("/api/v1/metrics/timeliness?period=2026-10{query}"))
        .body
}

/// Each name with its value.
fn assert_each(figures: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&figures[name], value, "{name}");
    }
}

#[test]
fn cases_of_an_agency_are_as_counted_by_hand() {
    let server = server();
    let commune = figures(&server, "&agency=H98.1");
    let expected = json!({
        // All but A-7.
        "received": 6,
        // A-1; A-2; A-3.
        "early": 1, "on_time": 1, "late": 1, "days_late": 1,
        // A-4 and A-5, a day each since the 14th.
        "open_overdue": 2, "open_days_overdue": 2,
        "open_within_time": 0, "open_paused": 0, "unknown": 0,
        // A-6 and A-7.
        "not_counted": 2,
        // A-3 and A-4 by 7 days, A-5 by 14.
        "postponed": 3, "days_postponed": 28,
        // A-3 has none; A-4 and A-5 had the first in time; A-5 has a second.
        "apologies": { "owed": 3, "issued_in_time": 2, "issued_late": 0, "missing": 1, "second_postponements": 1 },
        // A-1 and A-2 of A-1 to A-3: 66.67 %, above the province's own 60 %; a full count, so "met".
        "on_time_share": { "part": 2, "n": 3, "percent": 66.67, "target": 60.0, "standing": "at_or_above", "verdict": "met" },
        // By 21/10 A-3 was in time, too.
        "on_time_by_last_date_share": { "part": 3, "n": 3, "percent": 100.0 },
        // A-1 of the six received: 16.67 %, below the 20 % for communes.
        "online_share": { "part": 1, "n": 6, "percent": 16.67, "target": 20.0, "standing": "below" },
        // A-1 of A-1 and A-2; for communes no target is set.
        "cashless_share": { "part": 1, "n": 2, "percent": 50.0, "target": null, "standing": null },
        // A-1 of the three finished: 33.33 %, above the 20 % for communes.
        "electronic_result_share": { "part": 1, "n": 3, "percent": 33.33, "target": 20.0, "standing": "at_or_above" },
    });
    assert_each(&commune, &expected);
}

#[test]
fn splits_and_targets_are_as_counted_by_hand() {
    let server = server();
    let rows = |by: &str, query: &str| {
        let answer = figures(&server, &format!("&by={by}{query}"));
        let rows = answer["rows"].as_array().unwrap().clone();
        let named = rows
            .into_iter()
            .map(|row| (row["value"].as_str().unwrap().to_owned(), row));
        named.collect::<std::collections::BTreeMap<_, _>>()
    };
    // A-1, A-2 and B-1, of so few no more is said than that there is a result, and of A-3 that it was late; A-7, which was
    // not received; A-4 and A-5; A-6. What is kept of them stays exact (below).
    let by_outcome: Vec<_> = rows("outcome", "")
        .into_iter()
        .map(|(value, row)| format!("{value} {} {}", row["received"], row["not_counted"]))
        .collect();
    assert_eq!(
        by_outcome,
        [
            "decided 3 0",
            "decided_late 1 0",
            "not_accepted 0 1",
            "open 2 0",
            "withdrawn 1 1"
        ]
    );
    // Of the late one: the day late, the letter that is missing.
    let late = &rows("outcome", "&agency=H98.1")["decided_late"];
    assert_eq!(
        (
            &late["late"],
            &late["days_late"],
            &late["apologies"]["missing"]
        ),
        (&json!(1), &json!(1), &json!(1))
    );
    // Kept: A-2; A-1 and B-1; A-7; A-4 and A-5; A-3; A-6.
    let reference = std::sync::Arc::clone(&server.state.reference);
    let kept = server.state.store.read_now(|reader| {
        let october = ("2026-10", "2026-10");
        places::totals(reader, &reference, &Place::Province, BY_OUTCOME, october)
    });
    let kept: Vec<_> = (kept.unwrap().iter())
        .map(|(row, n)| format!("{row} {} {}", n.get(M::Received), n.get(M::NotCounted)))
        .collect();
    assert_eq!(
        kept,
        [
            "decided 1 0",
            "granted 2 0",
            "not_accepted 0 1",
            "open 2 0",
            "refused_late 1 0",
            "withdrawn 1 1"
        ]
    );
    // B-1 alone is of the department: 100 %, target 70; of its result nothing was sent: 0 of 1, target 60; nobody says
    // how its fees were paid.
    let levels = rows("level", "");
    let department = &levels["province"];
    assert_each(
        department,
        &json!({
            "online_share": { "part": 1, "n": 1, "percent": 100.0, "target": 70.0, "standing": "at_or_above" },
            "cashless_share": { "part": 0, "n": 0, "percent": null, "target": 30.0, "standing": "empty" },
            "electronic_result_share": { "part": 0, "n": 1, "percent": 0.0, "target": 60.0, "standing": "below" },
        }),
    );
    assert_eq!(levels["commune"]["online_share"]["target"], 20.0);
    assert_eq!(rows("agency", "")["H98.9"]["online_share"]["target"], 70.0);
    // Of the whole province each level has its own target, so there is none.
    let whole = figures(&server, "");
    let online = json!({ "part": 2, "n": 7, "percent": 28.57, "target": null, "standing": null });
    assert_eq!(whole["online_share"], online);
    // Each target with its day and document: 1 on time, 3 online, 2 cashless, 3 electronic.
    let targets = whole["targets"].as_array().unwrap();
    assert_eq!(targets.len(), 9);
    let own = json!({ "figure": "on_time", "level": null, "percent": 60.0, "from": "2026-10-15", "until": null, "source": "QĐ 9/QĐ-UBND", "own": true });
    assert!(targets.contains(&own));
    for target in targets.iter().filter(|target| **target != own) {
        assert_eq!(
            (&target["own"], &target["from"]),
            (&json!(false), &json!("2023-03-02"))
        );
        assert!(target["source"].as_str().unwrap().contains("Đồng Nai"));
    }
    // As the workbook and whoever counts again have it, fees and all.
    crate::open_data::agrees(&server, "2026-10");
    // The province's own began with 15 October: none in September.
    let september = server.get("/api/v1/metrics/timeliness?period=2026-09").body;
    let share = json!({ "part": 0, "n": 0, "percent": null, "target": null, "standing": null, "verdict": null });
    assert_eq!(september["on_time_share"], share);
}

/// 30 ratings of the procedure, 28 of them satisfied: 24 of cases that were granted and 6 of refused ones; the 24
/// answered about officials, all of them "very satisfied", and 4 about access, who are not published. 6 ratings that name
/// no procedure, all dissatisfied.
#[test]
fn satisfaction_is_as_counted_by_hand() {
    let server = server();
    const GRANTED: &str = "2026-10|H98.1|commune|1.004222|Đăng ký, quản lý cư trú|granted|in_time";
    const REFUSED: &str = "2026-10|H98.1|commune|1.004222|Đăng ký, quản lý cư trú|refused|in_time";
    const COARSE: &str = "2026-10|H98.1|commune||||";
    let ratings: Vec<Rating> = (0..36u8)
        .map(|n| Rating {
            spent: [n; 32],
            handle: [n | 0x80; 32],
            label: match n {
                0..24 => GRANTED,
                24..30 => REFUSED,
                _ => COARSE,
            }
            .to_owned(),
            instrument: INSTRUMENT.to_owned(),
            language: "vi".to_owned(),
            said: Said {
                overall: match n {
                    0..20 => 5,
                    20..28 => 4,
                    28 => 3,
                    29 => 2,
                    _ => 1,
                },
                factors: [
                    (n < 4).then_some(4),
                    None,
                    (n < 24).then_some(5),
                    None,
                    None,
                ],
                wrong: None,
            },
        })
        .collect();
    let store = &server.state.store;
    store
        .write_now(move |store| store.add_ratings(&ratings))
        .unwrap();
    let asked = "/api/v1/metrics/satisfaction?period=2026-10&agency=H98.1&by=procedure";
    assert_eq!(server.get(asked).body["overall"]["n"], Value::Null);
    let today = server.state.now().date();
    store
        .write_now(move |store| take_step(store, today))
        .unwrap();
    let answer = server.get(asked).body;
    assert_eq!(
        (&answer["step"], &answer["changed_on"]),
        (&json!("2026-10-15"), &json!("2026-10-15"))
    );
    // 28 of 36: 77.78 %. p = 0.77778, z² = 3.84146; centre (0.77778 + 0.05335) / 1.10671 = 0.75099,
    // half 1.95996 / 1.10671 × √(0.77778 × 0.22222 / 36 + 3.84146 / 5184) = 1.77099 × √0.0055422 = 0.13184 (rounded):
    // 61.92 to 88.28, all of it below 93: not met.
    let whole = json!({
        "suppressed": false, "n": 36, "satisfied": 28, "percent": 77.78, "wilson95": [61.92, 88.28],
        "target": 93.0, "standing": "below", "verdict": "not_met",
    });
    assert_eq!(answer["overall"], whole);
    // 28 of 30: 93.33 %, above 93; but the interval of 78.68 to 98.15 holds 93: not enough answers.
    let row = &answer["rows"][0];
    assert_eq!(row["value"], "1.004222");
    let fine = json!({
        "suppressed": false, "n": 30, "satisfied": 28, "percent": 93.33, "wilson95": [78.68, 98.15],
        "target": 93.0, "standing": "at_or_above", "verdict": "not_enough_data",
    });
    assert_eq!(row["overall"], fine);
    // 24 of 24: p = 1, so centre − half = (1 − z²/48 … ) gives 24 / (24 + z²) = 24 / 27.84146 = 86.20 to 100.
    let officials = json!({
        "suppressed": false, "n": 24, "satisfied": 24, "percent": 100.0, "wilson95": [86.2, 100.0],
        "target": 93.0, "standing": "at_or_above", "verdict": "not_enough_data",
    });
    assert_eq!(answer["factors"]["officials"], officials);
    // Four are not five; nobody answered about procedures: both look alike.
    for factor in ["access", "procedures"] {
        let none = json!({ "suppressed": true, "n": null, "target": 93.0 });
        assert_eq!(answer["factors"][factor], none, "{factor}");
    }
    // Of the granted all 24; of the refused the four of level 4: 66.67 %. p = 0.66667; centre (0.66667 + 0.32012) /
    // 1.64024 = 0.60161, half 1.95996 / 1.64024 × √(0.66667 × 0.33333 / 6 + 3.84146 / 144) = 0.30162: 30.00 to 90.32.
    let by_outcome = server
        .get("/api/v1/metrics/satisfaction?period=2026-10&agency=H98.1&by=outcome")
        .body;
    let told: Vec<_> = by_outcome["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let all = &row["overall"];
            json!([row["value"], all["satisfied"], all["n"], all["wilson95"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["granted", 24, 24, [86.2, 100.0]]),
            json!(["refused", 4, 6, [30.0, 90.32]])
        ]
    );
    assert_eq!(by_outcome["rest"]["overall"]["n"], 6);
    // The six that name no procedure: 0 of 6; 36 = 30 + 6.
    assert_eq!(
        (
            &answer["rest"]["overall"]["n"],
            &answer["rest"]["overall"]["satisfied"]
        ),
        (&json!(6), &json!(0))
    );
    // Rated from: A-1 13/10, A-2 14/10, A-3, A-4 and A-5 15/10 (the day after the promise), A-6 12/10; not A-7, whose
    // day nobody sent. 36 answered; their
    // ballots were not given here.
    assert_eq!(
        answer["denominators"],
        json!({ "served": 6, "invited": 0, "answered": 36 })
    );
    let province = server
        .get("/api/v1/metrics/satisfaction?period=2026&by=level")
        .body;
    assert_eq!(
        province["denominators"],
        json!({ "served": 7, "invited": 0, "answered": 36 })
    );
    assert_eq!(province["rows"][0]["value"], "commune");
    assert_eq!(province["targets"][0]["percent"], 93.0);
}

/// Ratings `from` to `to` of one label, all at this level for the whole; access at the same level.
fn rated(from: u8, to: u8, level: u8, wrong: Option<u16>) -> Vec<Rating> {
    let rating = |n: u8| Rating {
        spent: [n; 32],
        handle: [n | 0x80; 32],
        label: "2026-10|H98.1|commune||||".to_owned(),
        instrument: INSTRUMENT.to_owned(),
        language: "vi".to_owned(),
        said: Said {
            overall: level,
            factors: [Some(level), None, None, None, None],
            wrong,
        },
    };
    (from..to).map(rating).collect()
}

/// 15/10: six ratings, all at level 5: 6 of 6. 16/10: four more came, at level 2, who named the signs (bit 0): not
/// five, so nothing moves and nothing is said of them. 17/10: a fifth came, likewise, and all five go in:
/// 6 of 11 satisfied = 54.55 %; the signs named by 5 of the 11 who rated access.
/// 18/10: nobody came; the day of the last step is told, and that the cell changed the day before.
#[test]
fn steps_and_what_was_named_are_as_counted_by_hand() {
    let server = server();
    let step = |day: u32, ratings: Vec<Rating>| {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
        server
            .state
            .store
            .write_now(move |store| {
                store.add_ratings(&ratings)?;
                take_step(store, day)
            })
            .unwrap();
        let of = |figure: &str| {
            let path = format!("/api/v1/metrics/{figure}?period=2026-Q4&agency=H98.1");
            server.get(&path).body
        };
        let answer = of("satisfaction");
        let signs = &of("criteria")["factors"]["access"]["signage"]["named"];
        json!([
            answer["step"],
            answer["changed_on"],
            answer["overall"]["satisfied"],
            answer["overall"]["n"],
            answer["overall"]["percent"],
            signs["named"],
            signs["raters"],
        ])
    };
    let first = json!(["2026-10-15", "2026-10-15", 6, 6, 100.0, 0, 6]);
    assert_eq!(step(15, rated(0, 6, 5, None)), first);
    let same = json!(["2026-10-16", "2026-10-15", 6, 6, 100.0, 0, 6]);
    assert_eq!(step(16, rated(6, 10, 2, Some(1))), same);
    let second = json!(["2026-10-17", "2026-10-17", 6, 11, 54.55, 5, 11]);
    assert_eq!(step(17, rated(10, 11, 2, Some(1))), second);
    let third = json!(["2026-10-18", "2026-10-17", 6, 11, 54.55, 5, 11]);
    assert_eq!(step(18, Vec::new()), third);
    // The board says the same.
    let board = server.get("/board?period=2026-Q4&agency=H98.1").body;
    let board = board.as_str().unwrap();
    for words in ["54,55 % (6/11)", "5 trong 11"] {
        assert!(board.contains(words), "{words}");
    }
}

/// Two rooms. Of H98.1 in October the one released 10 ballots by the receipt's secret, the other 5, and 5 by a token;
/// 5 of them from the desk's network, 5 all-equal ratings: 15 + 5 = 20 invited. The province's own numbers of the month
/// are 25 and 5, which is more than the steps of its agencies. In September nothing.
/// Counters: the days hold 7 + 6 = 13 stored on the 1st, 4 on the 2nd, 2 repeated, 1 refused: received
/// 13 + 4 + 2 + 1 = 20. Of the agency 15 stored are released, so 17 − 15 = 2 stored are elsewhere.
#[test]
fn integrity_and_counters_are_as_counted_by_hand() {
    let server = server();
    let row = |(period, agency, kind, room, value): (&str, &str, Counted, &str, u64)| TallyRow {
        period: period.to_owned(),
        agency: agency.to_owned(),
        kind,
        room: room.to_owned(),
        value,
    };
    let rows: Vec<TallyRow> = [
        ("2026-10", "H98.1", Counted::ReceiptSecret, "one", 10),
        ("2026-10", "H98.1", Counted::ReceiptSecret, "two", 5),
        ("2026-10", "H98.1", Counted::PortalToken, "one", 5),
        ("2026-10", "H98.1", Counted::DeskNetwork, "one", 5),
        ("2026-10", "H98.1", Counted::AllEqual, "two", 5),
        ("2026-10", "H98.1", Counted::Stored, "one", 15),
        ("2026-10", "", Counted::ReceiptSecret, "one", 25),
        ("2026-10", "", Counted::PortalToken, "two", 5),
        ("2026-10-01", "", Counted::Stored, "one", 7),
        ("2026-10-01", "", Counted::Stored, "two", 6),
        ("2026-10-02", "", Counted::Stored, "one", 4),
        ("2026-10-02", "", Counted::Repeated, "one", 2),
        ("2026-10-02", "", Counted::Refused, "two", 1),
    ]
    .map(row)
    .into();
    // Once more, and from an older state: no number grows by being told again, none shrinks.
    let older: Vec<TallyRow> = rows
        .iter()
        .map(|row| TallyRow {
            value: row.value / 2,
            ..row.clone()
        })
        .collect();
    for rows in [rows.clone(), rows, older] {
        let store = &server.state.store;
        store
            .write_now(move |store| store.raise_tallies(&rows))
            .unwrap();
    }
    let of = |query: &str| {
        let path = format!("/api/v1/metrics/satisfaction?{query}");
        let answer = server.get(&path).body;
        (
            answer["integrity"].clone(),
            answer["denominators"]["invited"].clone(),
        )
    };
    let (beside, invited) = of("period=2026-10&agency=H98.1");
    assert_eq!(invited, 20);
    let ballots = json!({ "portal_token": 5, "receipt_secret": 15, "last_digits": 0 });
    assert_eq!(beside["ballots"], ballots);
    let among = json!({ "desk_network": 5, "without_javascript": 0 });
    assert_eq!(beside["among_them"], among);
    let signs =
        json!({ "burst": 0, "too_quick": 0, "equal_run": 0, "all_equal": 5, "without_result": 0 });
    assert_eq!(beside["signs"], signs);
    // The level is the sum of its agencies; the province has numbers of its own; a longer period is the sum of months.
    assert_eq!(of("period=2026-Q4&level=commune").1, 20);
    assert_eq!(of("period=2026").1, 30);
    assert_eq!(of("period=2026-09").1, 0);
    let counters = server.get("/api/v1/counters?period=2026-10").body;
    assert_each(
        &counters,
        &json!({ "received": 20, "stored": 17, "repeated": 2, "corrected": 0, "refused": 1 }),
    );
    assert_eq!(counters["days"][0]["stored"], 13);
    assert_eq!(counters["days"][1]["received"], 7);
    assert_eq!(counters["sum"]["received"], 20);
    assert_eq!(counters["agencies"][0]["stored"], 15);
    assert_eq!(counters["elsewhere"]["stored"], 2);
}

/// A reader adds them up: what was received is finished, open, waiting, withdrawn, stopped or not known.
#[test]
fn the_numbers_of_the_board_add_up_to_what_was_received() {
    let done = |day: &str| json!({ "NgayKetThucXuLy": format!("202610{day}100000") });
    let cases = [
        case_of("H98.1", "A-1", "10", done("13")),
        case_of("H98.1", "A-2", "10", done("15")),
        case_of("H98.1", "A-3", "4", json!({})),
        case_of("H98.1", "A-4", "5", json!({})),
        case_of("H98.1", "A-5", "7", json!({})),
        case_of("H98.1", "A-6", "8", json!({})),
        case_of("H98.1", "A-7", "3", json!({})),
        case_of("H98.1", "A-8", "10", json!({ "NgayHenTra": null })),
    ];
    let server = Server::with(&cases.join("\n"));
    let board = server.get("/board?period=2026-10").body;
    let board = board.as_str().unwrap();
    let counts = board.split("<dl class=\"counts\">").nth(1).unwrap();
    let counts = counts.split("</dl>").next().unwrap();
    let numbers: Vec<u64> = (counts.split("<dd>").skip(1))
        .map(|rest| rest.split('<').next().unwrap().parse().unwrap())
        .collect();
    // Received; early, on time, late; within time, overdue, waiting; withdrawn or stopped; not known; days late.
    let [received, parts @ .., days] = &numbers[..] else {
        panic!("{counts}")
    };
    assert_eq!(
        (*received, parts.iter().sum(), *days),
        (7, 7, 1),
        "{counts}"
    );
    assert_eq!(parts[6..], [2, 1], "{counts}");
}
