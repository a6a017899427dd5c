//! What the public is told of cases by outcome: never, by a code that it knows, whether this case was granted or refused.
//!
//! Promised for Wednesday 14 October 2026; ended on Tuesday the 13th in time, on Thursday the 15th late by a day.

use std::collections::BTreeMap;

use dung_hen_domain::figures::Measure;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_server::figures::{BY_OUTCOME, Counting, places, verify, watch};
use serde_json::{Value, json};

use crate::open_data::{agrees, open_data};
use crate::support::{Server, TWO_LEVELS, case_of, until};

/// The day after the last of November.
const DECEMBER: &str = "2026-12-01T09:00:00+07:00";

/// A case of this agency that ended on this day of October; what its result says.
fn ended(agency: &str, code: &str, day: &str, says: &str) -> String {
    let more = json!({ "NgayKetThucXuLy": format!("202610{day}083000"), "KetQuaGiaiQuyet": says });
    case_of(agency, code, "10", more)
}

/// So many of these.
fn many(agency: &str, name: &str, n: usize, day: &str, says: &str) -> Vec<String> {
    (0..n)
        .map(|one| ended(agency, &format!("{name}-{one}"), day, says))
        .collect()
}

/// The work of the night: what may be told of results is decided.
fn night(server: &Server) {
    let state = &server.state;
    places::bring_up(&state.store, &state.reference).unwrap();
    places::tell_results(&state.store, state.now().date()).unwrap();
}

/// Everything the public is told: the board, what the API says by outcome, and open data.
fn everything_public(server: &Server) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    for period in ["2026-10", "2026-Q4", "2026"] {
        for place in ["", "&agency=H98.1", "&agency=H98.9", "&level=commune"] {
            let path = format!("/api/v1/metrics/timeliness?period={period}{place}&by=outcome");
            let answer = server.get(&path);
            assert_eq!(answer.status, 200, "{path}: {:?}", answer.body);
            told.insert(path, answer.body.to_string());
            let path = format!("/board?period={period}{place}");
            told.insert(path.clone(), page(server, &path));
        }
        told.insert(
            format!("open data {period}"),
            open_data(server, period).to_string(),
        );
    }
    told
}

fn page(server: &Server, path: &str) -> String {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}");
    answer.body.as_str().unwrap().to_owned()
}

/// Rows by outcome of a place and period: how many were received.
fn rows(server: &Server, period: &str, place: &str) -> BTreeMap<String, u64> {
    let path = format!("/api/v1/metrics/timeliness?period={period}{place}&by=outcome");
    let answer = server.get(&path);
    let rows = answer.body["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let value = row["value"].as_str().unwrap().to_owned();
        (value, row["received"].as_u64().unwrap())
    })
    .collect()
}

fn counts(rows: &[(&str, u64)]) -> BTreeMap<String, u64> {
    rows.iter()
        .map(|(row, n)| ((*row).to_owned(), *n))
        .collect()
}

/// What was told of results: granted, granted late, refused, refused late.
fn told(server: &Server, period: &str, place: &str) -> [u64; 4] {
    let path = format!("/api/v1/metrics/timeliness?period={period}{place}&by=outcome");
    let results = server.get(&path).body["results"].clone();
    ["granted", "granted_late", "refused", "refused_late"].map(|row| results[row].as_u64().unwrap())
}

/// With few cases beside it, with many while the month runs, and with many of which one more is open: whether this one
/// was granted or refused changes not one byte. That it ended does. Nor where it came after the month was told.
#[test]
fn nothing_public_tells_whether_a_case_was_granted_or_refused() {
    let few = many("H98.1", "A", 3, "13", "1");
    let mut much = many("H98.1", "A", 9, "13", "1");
    much.extend(many("H98.1", "B", 9, "13", "2"));
    much.extend(many("H98.1", "C", 9, "15", "1"));
    much.extend(many("H98.1", "D", 9, "15", "2"));
    let mut open = much.clone();
    open.push(case_of("H98.1", "OPEN", "4", json!({})));
    let october = crate::support::NOW;
    for (name, others, now) in [
        ("few, running", &few, october),
        ("few, over", &few, DECEMBER),
        ("many, running", &much, october),
        ("many, over, one open", &open, DECEMBER),
        ("many, over, told", &much, DECEMBER),
    ] {
        for day in ["13", "15"] {
            let told = ["1", "2"].map(|says| {
                let mut server = Server::of_province(&others.join("\n"), TWO_LEVELS);
                server.at(now);
                if name == "many, over, told" {
                    night(&server);
                }
                server.import(&case_of("H98.1", "X", "4", json!({})));
                let before = rows(&server, "2026-10", "&agency=H98.1");
                server.import(&ended("H98.1", "X", day, says));
                let after = rows(&server, "2026-10", "&agency=H98.1");
                let row = if day == "13" {
                    "decided"
                } else {
                    "decided_late"
                };
                let n = |rows: &BTreeMap<String, u64>, row| rows.get(row).copied().unwrap_or(0);
                assert_eq!(n(&after, row), n(&before, row) + 1, "{name}: {after:?}");
                assert_eq!(n(&after, "open") + 1, n(&before, "open"), "{name}");
                night(&server);
                let nines = if name == "many, over, told" { 9 } else { 0 };
                assert_eq!(told(&server, "2026-10", ""), [nines; 4], "{name}");
                everything_public(&server)
            });
            let [granted, refused] = told;
            for (path, said) in &granted {
                assert_eq!(said, &refused[path], "{name}, {path}");
            }
        }
    }
}

/// Where the code alone shows dates: nine granted a day early, nine refused on the promised day, nine granted a day late,
/// nine refused a week late. A row of its own would say so, and with it of each case what its result says.
#[test]
fn what_the_code_shows_of_days_finds_no_case_in_a_row() {
    let mut cases = many("H98.1", "A", 9, "13", "1");
    cases.extend(many("H98.1", "B", 9, "14", "2"));
    cases.extend(many("H98.1", "C", 9, "15", "1"));
    cases.extend(many("H98.1", "D", 9, "21", "2"));
    let province = format!("public_dates = true\n{TWO_LEVELS}");
    let mut server = Server::of_province(&cases.join("\n"), &province);
    server.at(DECEMBER);
    for (code, stands) in [("A-1", "early"), ("B-1", "on_time")] {
        let shown = server.lookup(code, None).body;
        assert_eq!(shown["dates"]["timeliness"], stands, "{code}");
    }
    // 9 + 9 = 18 in time, 18 late.
    let all = counts(&[("decided", 18), ("decided_late", 18)]);
    for (period, place) in [("2026-10", "&agency=H98.1"), ("2026", "")] {
        assert_eq!(rows(&server, period, place), all);
    }
    // How many there are of each says nothing of days.
    night(&server);
    assert_eq!(told(&server, "2026-10", ""), [9; 4]);
    agrees(&server, "2026-10");
}

/// Sixteen cases of H98.1, half of them granted, and two more, X and Y, of which one was granted and one refused: 9 and 9 are
/// told. Whatever happens to X afterwards, whoever reads everything, before and after, is not told which of the two it was.
#[test]
fn what_happens_to_a_case_after_its_month_was_told_tells_nothing_of_it() {
    let at = |day: &str, more: Value| {
        let mut more = more;
        more["NgayKetThucXuLy"] = json!(format!("202610{day}083000"));
        more
    };
    let opposite = |says: &str| if says == "1" { "2" } else { "1" };
    let letter = json!([{ "NgayBanHanh": "20261013090000", "SoVanBan": "7/PXL", "NgayHenTraTruoc": "20261014170000",
        "NgayHenTraMoi": "20261021170000" }]);
    type Change<'a> = &'a dyn Fn(&str) -> Vec<String>;
    let changes: [(&str, Change<'_>); 9] = [
        ("corrected", &|says| {
            vec![ended("H98.1", "X", "13", opposite(says))]
        }),
        ("withdrawn", &|_| {
            vec![case_of("H98.1", "X", "7", at("13", json!({})))]
        }),
        ("opened again", &|_| {
            vec![case_of("H98.1", "X", "4", json!({}))]
        }),
        ("opened again, and ended as before", &|says| {
            vec![
                case_of("H98.1", "X", "4", json!({})),
                ended("H98.1", "X", "13", says),
            ]
        }),
        ("late after all", &|says| {
            vec![ended("H98.1", "X", "15", says)]
        }),
        ("on the day itself", &|says| {
            vec![ended("H98.1", "X", "14", says)]
        }),
        ("with a letter", &|says| {
            let more = json!({ "DanhSachXinLoi": letter, "KetQuaGiaiQuyet": says });
            vec![case_of("H98.1", "X", "10", at("13", more))]
        }),
        // There six of each and an open one wait to be told of.
        (
            "sent by another agency, whose month is told then",
            &|says| {
                vec![
                    ended("H98.9", "X", "13", says),
                    ended("H98.9", "E", "13", "1"),
                ]
            },
        ),
        ("received in another month", &|says| {
            let more = json!({ "NgayTiepNhan": "20261102080000", "NgayHenTra": "20261113170000",
                "NgayKetThucXuLy": "20261110083000", "KetQuaGiaiQuyet": says });
            vec![case_of("H98.1", "X", "10", more)]
        }),
    ];
    for (name, change) in changes {
        let worlds = ["1", "2"].map(|says| {
            let mut cases = many("H98.1", "A", 8, "13", "1");
            cases.extend(many("H98.1", "B", 8, "13", "2"));
            cases.push(ended("H98.1", "X", "13", says));
            cases.push(ended("H98.1", "Y", "13", opposite(says)));
            cases.extend(many("H98.9", "C", 6, "13", "1"));
            cases.extend(many("H98.9", "D", 6, "13", "2"));
            cases.push(case_of("H98.9", "E", "4", json!({})));
            let mut server = Server::of_province(&cases.join("\n"), TWO_LEVELS);
            server.at(DECEMBER);
            for one in 0..12 {
                let says = if one < 6 { "1" } else { "2" };
                server.import(&of_november("H98.1", &format!("N-{one}"), says));
            }
            server.import(&of_november_open("H98.1", "O"));
            night(&server);
            assert_eq!(told(&server, "2026", ""), [9, 0, 9, 0], "{name}");
            let before = everything_public(&server);
            for envelope in change(says) {
                server.import(&envelope);
            }
            server.import(&of_november("H98.1", "O", "1"));
            let after = everything_public(&server);
            assert_ne!(before, after, "{name}");
            server.at("2026-12-02T09:00:00+07:00");
            night(&server);
            assert_eq!(
                told(&server, "2026-10", "&agency=H98.1"),
                [9, 0, 9, 0],
                "{name}"
            );
            [before, after, everything_public(&server)]
        });
        let [granted, refused] = worlds;
        for (granted, refused) in granted.iter().zip(&refused) {
            for (path, said) in granted {
                assert_eq!(said, &refused[path], "{name}, {path}");
            }
        }
    }
}

/// Nobody has to ask for it: the watch of the day does so, from the start of a server on.
#[test]
fn the_watch_of_the_day_tells_what_may_be_told() {
    let mut cases = many("H98.1", "A", 5, "13", "1");
    cases.extend(many("H98.1", "B", 6, "13", "2"));
    let mut server = Server::of_province(&cases.join("\n"), TWO_LEVELS);
    server.at(DECEMBER);
    let (store, now) = (server.state.store.clone(), server.state.now());
    let reference = std::sync::Arc::clone(&server.state.reference);
    let counting = move |moment| Counting::new(&reference, moment);
    let watch = server.spawn(watch::run(store, counting, move || Some(now)));
    until("both are told", || {
        told(&server, "2026-10", "") == [5, 0, 6, 0]
    });
    watch.abort();
}

/// What was once found too few is not told when one more makes it five: that would be this one.
#[test]
fn one_more_does_not_make_a_month_told() {
    let mut cases = many("H98.1", "A", 6, "13", "1");
    cases.extend(many("H98.1", "B", 4, "13", "2"));
    let mut server = Server::of_province(&cases.join("\n"), TWO_LEVELS);
    server.at(DECEMBER);
    night(&server);
    assert_eq!(told(&server, "2026-10", ""), [0; 4]);
    server.import(&ended("H98.1", "A-0", "13", "2"));
    night(&server);
    assert_eq!(told(&server, "2026-10", ""), [0; 4]);
}

/// A case received in November, promised for the 30th, ended on the 13th.
fn of_november(agency: &str, code: &str, says: &str) -> String {
    let more = json!({
        "NgayTiepNhan": "20261105080000", "NgayHenTra": "20261130170000",
        "NgayKetThucXuLy": "20261113083000", "KetQuaGiaiQuyet": says,
    });
    case_of(agency, code, "10", more)
}

/// A case received in November that is still open.
fn of_november_open(agency: &str, code: &str) -> String {
    let more = json!({ "NgayTiepNhan": "20261105080000", "NgayHenTra": "20261230170000" });
    case_of(agency, code, "4", more)
}

/// | agency, month | granted | refused | open | published |
/// |---|---|---|---|---|
/// | H98.1, October | 5 | 5 | | 10, of which 5 and 5 |
/// | H98.1, November | 5 | 4 | | 9 |
/// | H98.9, October | 6 | 5 | 1 | 11, open 1 |
///
/// So of the quarter's 10 + 9 + 11 = 30 results 5 and 5 are told. Kept: 5 + 5 + 6 = 16 granted, 5 + 4 + 5 = 14 refused.
#[test]
fn a_quarter_is_the_sum_of_what_its_months_and_agencies_publish() {
    let mut cases = many("H98.1", "A", 5, "13", "1");
    cases.extend(many("H98.1", "B", 5, "13", "2"));
    cases.extend(many("H98.9", "C", 6, "13", "1"));
    cases.extend(many("H98.9", "D", 5, "13", "2"));
    cases.push(case_of("H98.9", "E", "4", json!({})));
    let mut server = Server::of_province(&cases.join("\n"), TWO_LEVELS);
    server.at(DECEMBER);
    for one in 0..9 {
        let says = if one < 5 { "1" } else { "2" };
        server.import(&of_november("H98.1", &format!("N-{one}"), says));
    }
    // Read from the tail of what was written, and from the cells.
    for brought_up in [false, true] {
        if brought_up {
            night(&server);
        }
        let units = [
            ("2026-10", "&agency=H98.1", &[("decided", 10)][..]),
            ("2026-11", "&agency=H98.1", &[("decided", 9)]),
            ("2026-10", "&agency=H98.9", &[("decided", 11), ("open", 1)]),
            ("2026-11", "&agency=H98.9", &[]),
        ];
        let mut sum = BTreeMap::new();
        for (month, agency, expected) in units {
            let told = rows(&server, month, agency);
            assert_eq!(told, counts(expected), "{month} {agency}");
            for (row, n) in told {
                *sum.entry(row).or_default() += n;
            }
        }
        let whole = [("decided", 30), ("open", 1)];
        assert_eq!(sum, counts(&whole));
        assert_eq!(rows(&server, "2026-Q4", ""), sum);
        assert_eq!(rows(&server, "2026", ""), sum);
        let commune = [("decided", 19)];
        assert_eq!(rows(&server, "2026-Q4", "&level=commune"), counts(&commune));
        let october = [("decided", 21), ("open", 1)];
        assert_eq!(rows(&server, "2026-10", ""), counts(&october));
        let five = if brought_up { [5, 0, 5, 0] } else { [0; 4] };
        for (period, place, expected) in [
            ("2026-10", "&agency=H98.1", five),
            ("2026-10", "&agency=H98.9", [0; 4]),
            ("2026-11", "", [0; 4]),
            ("2026-10", "", five),
            ("2026-Q4", "&level=commune", five),
            ("2026-Q4", "&level=province", [0; 4]),
            ("2026", "", five),
        ] {
            assert_eq!(told(&server, period, place), expected, "{period}{place}");
        }
        // Open data and whoever counts them again say the same.
        agrees(&server, "2026-Q4");
        agrees(&server, "2026-10");
    }
    let data = open_data(&server, "2026-Q4");
    assert_eq!(
        data["thresholds"]["granted_and_refused"],
        json!({ "cases_of_each": 5, "month_is_over": true, "none_open": true, "told_once": true })
    );
    // The board says the same, and no nought where it tells nothing.
    let board = |month| {
        page(
            &server,
            &format!("/board?period={month}&agency=H98.1&lang=en"),
        )
    };
    let row = |name, n| format!("{name}</th><td class=\"number\">{n}</td>");
    for (month, all, apart) in [("2026-10", 10, true), ("2026-11", 9, false)] {
        let board = board(month);
        assert!(board.contains(&row("a result, not late", all)), "{board}");
        assert_eq!(
            board.contains(&row("granted, not late", 5)),
            apart,
            "{board}"
        );
        assert_eq!(
            board.contains(&row("refused, not late", 5)),
            apart,
            "{board}"
        );
    }

    // What is kept is exact, and stays so.
    let reference = std::sync::Arc::clone(&server.state.reference);
    let kept = |row: &str| {
        let (months, reference) = (("2026-10", "2026-12"), std::sync::Arc::clone(&reference));
        let totals = server.state.store.read_now(|reader| {
            places::totals(reader, &reference, &Place::Province, BY_OUTCOME, months)
        });
        totals.unwrap()[row].get(Measure::Received)
    };
    assert_eq!((kept("granted"), kept("refused")), (16, 14));
    let counting = Counting::new(&reference, server.state.now());
    let verified = server
        .state
        .store
        .read_now(|reader| verify::verify(reader, &counting, |_| {}))
        .unwrap();
    assert!(
        verified.differences.is_empty(),
        "{:?}",
        verified.differences
    );
}

/// On time of granted and of refused: agency months; in time and all, at least and at most.
fn on_time(server: &Server, period: &str, place: &str) -> [[u64; 5]; 2] {
    let path = format!("/api/v1/metrics/timeliness?period={period}{place}&by=outcome");
    let said = server.get(&path).body["results_on_time"].clone();
    ["granted", "refused"].map(|of| {
        let [least, most] = ["at_least", "at_most"].map(|end| {
            let share = &said[of][end];
            [&share["part"], &share["n"]].map(|n| n.as_u64().unwrap())
        });
        let months = said[of]["agency_months"].as_u64().unwrap();
        [months, least[0], least[1], most[0], most[1]]
    })
}

/// | agency, month | granted in time, late | refused in time, late | all late | told |
/// |---|---|---|---|---|
/// | H98.1, October | 9, 6 | 8, 5 | 11 | both pairs |
/// | H98.1, November | 6, 0 | 6, 0 | 0 | in time; late there is none |
/// | H98.9, October | 7, 1 | 5, 0 | 1 | in time; the late one may be either |
///
/// Granted on time 9 of 15, 6 of 6, 7 of 8 to 7 of 7: of the quarter 22 of 29 to 22 of 28. Refused 8 of 13, 6 of 6, 5 of 6 to
/// 5 of 5: 19 of 25 to 19 of 24.
#[test]
fn on_time_of_granted_and_of_refused_follows_from_what_was_told() {
    let mut cases = many("H98.1", "A", 9, "13", "1");
    cases.extend(many("H98.1", "B", 8, "13", "2"));
    cases.extend(many("H98.1", "C", 6, "15", "1"));
    cases.extend(many("H98.1", "D", 5, "15", "2"));
    cases.extend(many("H98.9", "E", 7, "13", "1"));
    cases.extend(many("H98.9", "F", 5, "13", "2"));
    cases.push(ended("H98.9", "G", "15", "1"));
    let mut server = Server::of_province(&cases.join("\n"), TWO_LEVELS);
    server.at(DECEMBER);
    for one in 0..12 {
        let says = if one < 6 { "1" } else { "2" };
        server.import(&of_november("H98.1", &format!("N-{one}"), says));
    }
    assert_eq!(on_time(&server, "2026", ""), [[0; 5]; 2]);
    night(&server);
    let expected = [
        (
            "2026-10",
            "&agency=H98.1",
            [[1, 9, 15, 9, 15], [1, 8, 13, 8, 13]],
        ),
        (
            "2026-11",
            "&agency=H98.1",
            [[1, 6, 6, 6, 6], [1, 6, 6, 6, 6]],
        ),
        (
            "2026-10",
            "&agency=H98.9",
            [[1, 7, 8, 7, 7], [1, 5, 6, 5, 5]],
        ),
        ("2026-11", "&agency=H98.9", [[0; 5]; 2]),
        (
            "2026-Q4",
            "&level=commune",
            [[2, 15, 21, 15, 21], [2, 14, 19, 14, 19]],
        ),
        ("2026-10", "", [[2, 16, 23, 16, 22], [2, 13, 19, 13, 18]]),
        ("2026-Q4", "", [[3, 22, 29, 22, 28], [3, 19, 25, 19, 24]]),
        ("2026", "", [[3, 22, 29, 22, 28], [3, 19, 25, 19, 24]]),
    ];
    let all_as_expected = |server: &Server| {
        for (period, place, shares) in expected {
            assert_eq!(on_time(server, period, place), shares, "{period}{place}");
        }
        agrees(server, "2026-Q4");
        agrees(server, "2026-10");
    };
    all_as_expected(&server);
    // Beside the target of 96 %: 60 % is below it; 100 % is not; 75.86 to 78.57 % are; 87.5 to 100 % may be either.
    let verdict = |period: &str, place: &str| {
        let path = format!("/api/v1/metrics/timeliness?period={period}{place}&by=outcome");
        let granted = server.get(&path).body["results_on_time"]["granted"].clone();
        assert_eq!(granted["target"], 96.0);
        granted["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("2026-10", "&agency=H98.1"), "not_met");
    assert_eq!(verdict("2026-11", "&agency=H98.1"), "met");
    assert_eq!(verdict("2026-Q4", ""), "not_met");
    assert_eq!(verdict("2026-10", "&agency=H98.9"), "not_enough_data");
    assert_eq!(verdict("2026-11", "&agency=H98.9"), "not_enough_data");
    // 16 of 23 is 69.565 %, 16 of 22 is 72.727 %.
    let said = server.get("/api/v1/metrics/timeliness?period=2026-10&by=outcome");
    let granted = &said.body["results_on_time"]["granted"];
    let percents = ["at_least", "at_most"].map(|end| granted[end]["percent"].as_f64());
    assert_eq!(percents, [Some(69.57), Some(72.73)]);
    for (path, words) in [
        (
            "/board?period=2026-10&agency=H98.1&lang=en",
            "granted</th><td>60.00 % (9/15), not met<",
        ),
        (
            "/board?period=2026-10&lang=en",
            "granted</th><td>from 69.57 % (16/23) to 72.73 % (16/22), not met<",
        ),
        (
            "/board?period=2026-10&agency=H98.9&lang=vi",
            "được giải quyết</th><td>từ 87,50 % (7/8) đến 100,00 % (7/7), chưa đủ dữ liệu<",
        ),
    ] {
        let board = page(&server, path);
        assert!(board.contains(words), "{path}: {board}");
    }
    let nothing = page(&server, "/board?period=2026-11&agency=H98.9&lang=en");
    assert!(!nothing.contains("On time among these"), "{nothing}");
    // One that was late after all, and one more that was: of that night nothing changes.
    server.import(&ended("H98.1", "A-0", "15", "1"));
    server.import(&of_november("H98.1", "N-12", "1"));
    night(&server);
    all_as_expected(&server);
}

/// Totals and shares are what they were: the sum of the rows is the whole.
#[test]
fn rows_by_outcome_sum_up_to_the_whole() {
    let mut cases = many("H98.1", "A", 5, "13", "1");
    cases.extend(many("H98.1", "B", 3, "15", "2"));
    cases.extend(many("H98.1", "C", 2, "15", "1"));
    let mut server = Server::of_province(&cases.join("\n"), TWO_LEVELS);
    server.at(DECEMBER);
    let path = "/api/v1/metrics/timeliness?period=2026-10&by=outcome";
    let body = server.get(path).body;
    // 5 in time, none refused; 3 + 2 = 5 late.
    let told = [("decided", 5), ("decided_late", 5)];
    assert_eq!(rows(&server, "2026-10", ""), counts(&told));
    for measure in ["received", "early", "late", "days_late"] {
        let sum: i64 = (body["rows"].as_array().unwrap().iter())
            .map(|row| row[measure].as_i64().unwrap())
            .sum();
        assert_eq!(Value::from(sum), body[measure], "{measure}");
    }
    assert_eq!(body["on_time_share"]["part"], 5);
    assert_eq!(body["on_time_share"]["n"], 10);
}
