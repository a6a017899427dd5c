//! Cells of the figures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_server::config::Province;
use dung_hen_server::figures::verify::{self, LookUps};
use dung_hen_server::figures::{Counting, places};
use dung_hen_server::reference::Reference;
use dung_hen_server::store::{Cell, CellKey, Reader, Store, StoreError};

use crate::support::{Fixture, behind_its_back, case, moment, on_both};

on_both!(
    cells_add_up_over_months_and_agencies,
    every_place_and_period_is_brought_up_to_what_was_written,
    two_who_bring_cells_up_at_once_lose_and_double_nothing,
    a_unit_that_ended_is_of_its_level_when_the_province_says_so,
    another_level_of_an_agency_makes_the_cells_of_levels_again,
    what_a_case_added_is_kept_and_turns_on_its_day,
    two_who_count_at_once_lose_nothing,
    verify_sees_what_the_code_alone_shows_wrongly,
);

fn key(agency: &str, month: &str, split: &'static str, value: &str) -> CellKey {
    CellKey {
        agency: agency.to_owned(),
        month: month.to_owned(),
        split,
        value: value.to_owned(),
    }
}

fn late(n: i64) -> Counts {
    let mut counts = Counts::default();
    counts.add_to(Measure::Late, n);
    counts
}

/// Late: A 2 in September, 3 in October; B 5 in October. By field: A's 3 of October are 1 and 2.
fn cells_add_up_over_months_and_agencies(fixture: &Fixture) {
    fixture
        .store
        .write_now(|store| {
            let cells = [
                (key("A", "2026-09", "", ""), late(2)),
                (key("A", "2026-10", "", ""), late(4)),
                // A difference may be negative.
                (key("A", "2026-10", "", ""), late(-1)),
                (key("B", "2026-10", "", ""), late(5)),
                (key("A", "2026-10", "field", "Đất đai"), late(1)),
                (key("A", "2026-10", "field", "Hộ tịch"), late(2)),
            ];
            store.add_to_cells(cells.iter().map(|(key, counts)| (key, counts)))
        })
        .unwrap();
    let sums = |agency: Option<&'static str>, split: &'static str, from: &'static str| {
        let rows = fixture
            .store
            .read_now(|store| store.figure_sums(agency, split, (from, "2026-10")))
            .unwrap();
        let short = |row: &dung_hen_server::store::CellSum| {
            format!(
                "{} {} {}",
                row.agency,
                row.value,
                row.counts.get(Measure::Late)
            )
        };
        rows.iter().map(short).collect::<Vec<_>>()
    };
    assert_eq!(sums(None, "", "2026-09"), ["A  5", "B  5"]);
    assert_eq!(sums(Some("A"), "", "2026-09"), ["A  5"]);
    assert_eq!(sums(Some("A"), "", "2026-10"), ["A  3"]);
    assert_eq!(
        sums(Some("A"), "field", "2026-10"),
        ["A Hộ tịch 2", "A Đất đai 1"]
    );
    assert!(sums(Some("C"), "", "2026-09").is_empty());
}

fn add(fixture: &Fixture, cells: &'static [(&str, &str, &str, &str, i64)]) {
    fixture
        .store
        .write_now(move |store| {
            let cells: Vec<_> = cells
                .iter()
                .map(|(agency, month, split, value, n)| {
                    (key(agency, month, split, value), late(*n))
                })
                .collect();
            store.add_to_cells(cells.iter().map(|(key, counts)| (key, counts)))
        })
        .unwrap();
}

/// H98.1 and H98.2 are communes, H98.D a department; nobody configured X.
fn level_of(agency: &str) -> &'static str {
    match agency {
        "H98.1" | "H98.2" => "commune",
        "H98.D" => "province",
        _ => "unknown",
    }
}

fn bring_up(fixture: &Fixture) {
    while fixture
        .store
        .write_now(|store| {
            store.locked_figure_state("levels")?;
            store.bring_up_cells(level_of)
        })
        .unwrap()
    {}
}

/// Late by value, in a place and from month to month.
fn totals(fixture: &Fixture, place: &Place, split: &str, span: (&str, &str)) -> String {
    let within = |agency: &str| match place {
        Place::Province => true,
        Place::Level(level) => level_of(agency) == level,
        Place::Agency(code) => agency == code,
    };
    let totals = fixture
        .store
        .read_now(|store| store.figure_totals(place, split, span, within))
        .unwrap();
    let of = |(value, counts): (&String, &Counts)| format!("{value}={}", counts.get(Measure::Late));
    totals.iter().map(of).collect::<Vec<_>>().join(" ")
}

/// August and October 2026 in two communes, a department and an agency nobody configured. Communes: 2 + 3 in October of
/// H98.1, 5 in August of H98.2; department 7 in October; X 11 in August. Province: 28 in the year; third quarter
/// 5 + 11 = 16, fourth 2 + 3 + 7 = 12. By procedure: P is 2 of H98.1 and 7 of the department, Q is 3 of H98.1.
fn every_place_and_period_is_brought_up_to_what_was_written(fixture: &Fixture) {
    add(
        fixture,
        &[
            ("H98.1", "2026-10", "", "", 5),
            ("H98.1", "2026-10", "procedure", "P", 2),
            ("H98.1", "2026-10", "procedure", "Q", 3),
            ("H98.2", "2026-08", "", "", 5),
        ],
    );
    add(
        fixture,
        &[
            ("H98.D", "2026-10", "", "", 7),
            ("H98.D", "2026-10", "procedure", "P", 7),
            ("X", "2026-08", "", "", 11),
        ],
    );
    let all = |fixture: &Fixture| {
        let level = |name: &str| Place::Level(name.to_owned());
        let agency = |code: &str| Place::Agency(code.to_owned());
        let year = ("2026-01", "2026-12");
        [
            totals(fixture, &Place::Province, "", year),
            totals(fixture, &Place::Province, "", ("2026-07", "2026-09")),
            totals(fixture, &Place::Province, "", ("2026-10", "2026-12")),
            totals(fixture, &Place::Province, "", ("2026-10", "2026-10")),
            totals(fixture, &Place::Province, "procedure", year),
            totals(fixture, &level("commune"), "", year),
            totals(
                fixture,
                &level("commune"),
                "procedure",
                ("2026-10", "2026-10"),
            ),
            totals(fixture, &level("province"), "", ("2026-08", "2026-10")),
            totals(fixture, &level("unknown"), "", ("2026-08", "2026-08")),
            totals(
                fixture,
                &agency("H98.1"),
                "procedure",
                ("2026-10", "2026-12"),
            ),
            totals(fixture, &agency("X"), "", year),
            totals(fixture, &agency("X"), "", ("2026-10", "2026-10")),
        ]
    };
    let expected = [
        "=28", "=16", "=12", "=12", "P=9 Q=3", "=10", "P=2 Q=3", "=7", "=11", "P=2 Q=3", "=11", "",
    ];
    // The same before they are brought up, while they are, and after.
    assert_eq!(all(fixture), expected);
    bring_up(fixture);
    assert!(!fixture.store.read_now(|store| store.has_tail()).unwrap());
    assert_eq!(all(fixture), expected);
    add(fixture, &[("H98.D", "2026-10", "", "", -7)]);
    add(fixture, &[("H98.D", "2026-10", "", "", 7)]);
    assert_eq!(all(fixture), expected);
    bring_up(fixture);
    assert_eq!(all(fixture), expected);
    // Three agencies' months, quarters and years, whole and by procedure where there is one; their levels; the province.
    let kept = fixture
        .store
        .read_now(|store| kept_cells(store, |cell| cell.join("/")))
        .unwrap();
    let quarter = |cell: &&String| cell.starts_with("2026-Q4/");
    assert_eq!(
        kept.iter()
            .filter(quarter)
            .map(String::as_str)
            .collect::<Vec<_>>(),
        [
            "2026-Q4///",
            "2026-Q4//agency/H98.1/",
            "2026-Q4//agency/H98.D/",
            "2026-Q4//level/commune/",
            "2026-Q4//level/province/",
            "2026-Q4/procedure//P",
            "2026-Q4/procedure//Q",
            "2026-Q4/procedure/agency/H98.1/P",
            "2026-Q4/procedure/agency/H98.1/Q",
            "2026-Q4/procedure/agency/H98.D/P",
            "2026-Q4/procedure/level/commune/P",
            "2026-Q4/procedure/level/commune/Q",
            "2026-Q4/procedure/level/province/P",
        ]
    );
}

fn kept_cells(
    store: &mut Reader<'_>,
    show: impl Fn(Cell) -> String,
) -> Result<Vec<String>, StoreError> {
    let mut kept = Vec::new();
    store.figure_cells(|cell, _| kept.push(show(cell)))?;
    kept.sort();
    Ok(kept)
}

/// The province of [`level_of`], with `more` in its configuration.
fn reference(more: &str) -> Arc<Reference> {
    let text = format!(
        r#"
code = "H98"
name = {{ vi = "Tỉnh Mẫu", en = "Sample Province" }}
agencies = [
    {{ code = "H98.1", name = "UBND phường Một", level = "commune" }},
    {{ code = "H98.2", name = "UBND phường Hai", level = "commune" }},
    {{ code = "H98.D", name = "Sở Mẫu", level = "province" }},
]
{more}"#
    );
    Arc::new(Reference::new(Province::parse(&text).unwrap()).unwrap())
}

/// Four servers write, each twenty-five times, and bring the cells up meanwhile; a fifth reads, and what it reads never
/// becomes less.
fn two_who_bring_cells_up_at_once_lose_and_double_nothing(fixture: &Fixture) {
    const WRITERS: usize = 4;
    const TIMES: usize = 25;
    let reference = reference("");
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let own = Store::open(&fixture.address).unwrap();
                for n in 0..TIMES {
                    add(fixture, &[("H98.1", "2026-10", "", "", 1)]);
                    if n % 5 == 0 {
                        places::bring_up(&own, &reference).unwrap();
                    }
                }
                done.fetch_add(1, Ordering::Release);
            });
        }
        let mut before = 0;
        loop {
            let last = done.load(Ordering::Acquire) == WRITERS;
            let now = totals(fixture, &Place::Province, "", ("2026-10", "2026-10"));
            let now = now.strip_prefix('=').map_or(0, |n| n.parse().unwrap());
            assert!(now >= before, "{now} after {before}");
            before = now;
            if last {
                break;
            }
        }
        assert_eq!(before, WRITERS * TIMES);
    });
    bring_up(fixture);
    for span in [
        ("2026-10", "2026-10"),
        ("2026-10", "2026-12"),
        ("2026-01", "2026-12"),
    ] {
        for place in [Place::Province, Place::Level("commune".to_owned())] {
            assert_eq!(totals(fixture, &place, "", span), "=100");
        }
    }
}

/// A unit that ended had two cases under no level; then the province says that it was a commune.
fn a_unit_that_ended_is_of_its_level_when_the_province_says_so(fixture: &Fixture) {
    add(
        fixture,
        &[
            ("H98.1", "2026-10", "", "", 3),
            ("H98.OLD", "2026-10", "", "", 2),
        ],
    );
    let of = |reference: &Arc<Reference>, level: &str| {
        let (place, reference) = (Place::Level(level.to_owned()), Arc::clone(reference));
        let span = ("2026-10", "2026-10");
        let whole = fixture
            .store
            .read_now(|store| places::whole(store, &reference, &place, span));
        whole.unwrap().get(Measure::Late)
    };
    let before = reference("");
    places::bring_up(&fixture.store, &before).unwrap();
    assert_eq!(
        (of(&before, "commune"), of(&before, "unknown_level")),
        (3, 2)
    );
    let succession = |level: &str| {
        reference(&format!(
            r#"[[successions]]
code = "H98.OLD"
name = "UBND xã Cũ"
level = "{level}"
ended = "2026-11-01"
successors = ["H98.1"]
source = "QĐ 9/QĐ-UBND"
"#
        ))
    };
    for (level, communes, departments) in [("commune", 5, 0), ("province", 3, 2)] {
        let after = succession(level);
        let found = |after: &Arc<Reference>| (of(after, "commune"), of(after, "province"));
        assert_eq!(found(&after), (communes, departments), "summed at once");
        places::bring_up(&fixture.store, &after).unwrap();
        assert_eq!(found(&after), (communes, departments), "and kept");
        assert_eq!(of(&after, "unknown_level"), 0);
    }
}

/// H98.2 becomes a department: its 5 leave the communes.
fn another_level_of_an_agency_makes_the_cells_of_levels_again(fixture: &Fixture) {
    add(
        fixture,
        &[
            ("H98.1", "2026-10", "", "", 2),
            ("H98.2", "2026-10", "", "", 5),
        ],
    );
    bring_up(fixture);
    let of = |level: &str| {
        let place = Place::Level(level.to_owned());
        totals(fixture, &place, "", ("2026-01", "2026-12"))
    };
    assert_eq!(
        (of("commune"), of("province")),
        ("=7".to_owned(), String::new())
    );
    fixture
        .store
        .write_now(|store| {
            store.make_levels(|agency| {
                if agency == "H98.2" {
                    "province"
                } else {
                    level_of(agency)
                }
            })
        })
        .unwrap();
    assert_eq!(
        (of("commune"), of("province")),
        ("=2".to_owned(), "=5".to_owned())
    );
    assert_eq!(
        totals(fixture, &Place::Province, "", ("2026-01", "2026-12")),
        "=7"
    );
}

fn what_a_case_added_is_kept_and_turns_on_its_day(fixture: &Fixture) {
    let turning = |day| {
        fixture
            .store
            .read_now(|store| store.cases_that_turn(moment(day, 0).date(), 10))
            .unwrap()
    };
    fixture
        .store
        .write_now(|store| {
            store.put_case(&case("A-1"))?;
            store.put_case(&case("A-2"))?;
            let held = store.hold_cases(&["A-2", "A-1", "NONE"])?;
            let days = [Some(moment(15, 0).date()), None];
            let counted = held.into_iter().zip(days).map(|(kept, day)| {
                assert_eq!(kept.counted, None);
                (kept.id, "what it added".to_owned(), day)
            });
            store.put_counted(&counted.collect::<Vec<_>>())
        })
        .unwrap();
    assert_eq!(turning(14), [""; 0]);
    assert_eq!(turning(15), ["A-1"]);
    assert_eq!(turning(30), ["A-1"]);
    let kept = fixture.store.read_now(|store| store.kept_cases(&["A-1"]));
    assert_eq!(kept.unwrap()[0].counted.as_deref(), Some("what it added"));
    let none = fixture.store.write_now(|store| store.hold_cases(&["NONE"]));
    assert!(none.unwrap().is_empty());
}

/// Each reads what was added, and adds one to it: the lock on the case keeps the others waiting.
fn two_who_count_at_once_lose_nothing(fixture: &Fixture) {
    const WRITERS: usize = 4;
    const TIMES: usize = 20;
    fixture
        .store
        .write_now(|store| {
            store.put_case(&case("A-1"))?;
            let held = store.hold_cases(&["A-1"])?;
            store.put_counted(&[(held[0].id, "0".to_owned(), None)])
        })
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                for _ in 0..TIMES {
                    fixture
                        .store
                        .write_now(|store| {
                            let held = store.hold_cases(&["A-1"])?.remove(0);
                            let before: usize = held.counted.unwrap().parse().unwrap();
                            store.put_counted(&[(held.id, (before + 1).to_string(), None)])?;
                            let added = late(1);
                            store.add_to_cells([(&key("A", "2026-10", "", ""), &added)])
                        })
                        .unwrap();
                }
            });
        }
    });
    let kept = fixture.store.read_now(|store| store.kept_cases(&["A-1"]));
    let counted = kept.unwrap().remove(0).counted;
    assert_eq!(counted, Some((WRITERS * TIMES).to_string()));
    let sums = fixture
        .store
        .read_now(|store| store.figure_sums(Some("A"), "", ("2026-10", "2026-10")))
        .unwrap();
    assert_eq!(sums[0].counts.get(Measure::Late), 80);
}

/// As where a program that does not know the table has written cases.
fn verify_sees_what_the_code_alone_shows_wrongly(fixture: &Fixture) {
    let found = || {
        let counting = Counting {
            reference: reference(""),
            as_of: moment(15, 0).date(),
        };
        let verified = fixture
            .store
            .read_now(|store| verify::verify(store, &counting, |_| {}));
        verified.unwrap().look_ups
    };
    fixture
        .store
        .write_now(|store| {
            for code in ["A-1", "A-2", "A-3", "A-4", "A-5"] {
                let mut one = case(code);
                one.finished_at = Some(moment(13, 10));
                store.put_case(&one)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(found(), LookUps::default());
    behind_its_back(
        fixture,
        "DELETE FROM case_shown WHERE code = 'A-1';
         UPDATE case_shown SET status = 10 WHERE code = 'A-2';
         UPDATE case_shown SET finished = finished + 1 WHERE code = 'A-3';
         UPDATE case_shown SET promise = NULL WHERE code = 'A-4';
         INSERT INTO case_shown (code, status) VALUES ('B-1', 4);",
    );
    let expected = LookUps {
        unfound: vec!["A-1".to_owned()],
        outdated: ["A-2", "A-3", "A-4"].map(str::to_owned).to_vec(),
        unknown: vec!["B-1".to_owned()],
    };
    assert_eq!(found(), expected);

    // As OPERATIONS.md has it: made again as the step of the schema made it.
    let step = match fixture.address.starts_with("sqlite:") {
        true => include_str!("../../migrations/sqlite/0024_shown.sql"),
        false => include_str!("../../migrations/postgres/0024_shown.sql"),
    };
    let filled = &step[step.find("INSERT").unwrap()..];
    let again = format!("BEGIN; DELETE FROM case_shown; {filled} COMMIT;");
    behind_its_back(fixture, &again);
    assert_eq!(found(), LookUps::default());
}
