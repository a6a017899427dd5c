//! Cells of the figures.

use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_server::store::{CellKey, StoreError};

use crate::support::{Fixture, case, moment, on_both};

on_both!(
    cells_add_up_over_months_and_agencies,
    what_a_case_added_is_kept_and_turns_on_its_day,
    two_who_count_at_once_lose_nothing,
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
            for (code, day) in [("A-1", Some(15)), ("A-2", None)] {
                let (id, before) = store.counted(code)?.unwrap();
                assert_eq!(before, None);
                store.put_counted(id, "what it added", day.map(|day| moment(day, 0).date()))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(turning(14), [""; 0]);
    assert_eq!(turning(15), ["A-1"]);
    assert_eq!(turning(30), ["A-1"]);
    let kept = fixture
        .store
        .write_now(|store| store.counted("A-1"))
        .unwrap();
    assert_eq!(kept.unwrap().1.as_deref(), Some("what it added"));
    assert!(
        fixture
            .store
            .write_now(|store| store.counted("NONE"))
            .unwrap()
            .is_none()
    );
}

/// Each reads what was added, and adds one to it: the lock on the case keeps the others waiting.
fn two_who_count_at_once_lose_nothing(fixture: &Fixture) {
    const WRITERS: usize = 4;
    const TIMES: usize = 20;
    fixture
        .store
        .write_now(|store| {
            store.put_case(&case("A-1"))?;
            let (id, _) = store.counted("A-1")?.unwrap();
            store.put_counted(id, "0", None)
        })
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                for _ in 0..TIMES {
                    fixture
                        .store
                        .write_now(|store| {
                            let (id, before) = store.counted("A-1")?.unwrap();
                            let before: usize = before.unwrap().parse().unwrap();
                            store.put_counted(id, &(before + 1).to_string(), None)?;
                            let added = late(1);
                            store.add_to_cells([(&key("A", "2026-10", "", ""), &added)])
                        })
                        .unwrap();
                }
            });
        }
    });
    let kept = fixture
        .store
        .write_now(|store| store.counted("A-1"))
        .unwrap();
    assert_eq!(kept.unwrap().1.unwrap(), (WRITERS * TIMES).to_string());
    let sums = fixture
        .store
        .read_now(|store| store.figure_sums(Some("A"), "", ("2026-10", "2026-10")))
        .unwrap();
    assert_eq!(sums[0].counts.get(Measure::Late), 80);
}
