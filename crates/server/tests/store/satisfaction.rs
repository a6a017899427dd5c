//! Satisfaction in steps: what is published when, and that it is what a count from the beginning gives.

use chrono::NaiveDate;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use dung_hen_server::figures::satisfaction::{Published, Stepped, Table, table, take_step};
use dung_hen_server::store::StoreError;
use dung_hen_server::waiting::{Correction, Rating, Said};

use crate::support::{Fixture, on_both};

on_both!(
    a_step_publishes_what_has_company_once_a_day,
    a_clock_set_back_takes_no_step_twice,
    fewer_than_five_corrections_wait,
    one_who_corrects_five_times_is_one,
    never_one_to_four_are_left,
    answers_alone_count_under_a_coarser_label,
    of_two_who_take_the_step_at_once_one_does,
);

const MARRIAGE: &str = "2026-10|A|commune|1.1|Hộ tịch|decided|in_time";
const BIRTH: &str = "2026-10|A|commune|1.2|Hộ tịch|decided|late";

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// A rating by its number: the whole, and access where answered.
fn rating(n: u8, label: &str, overall: u8, access: Option<u8>) -> Rating {
    Rating {
        spent: [n; 32],
        handle: [n ^ 0x80; 32],
        label: label.to_owned(),
        instrument: INSTRUMENT.to_owned(),
        language: "vi".to_owned(),
        said: said(overall, access),
    }
}

fn said(overall: u8, access: Option<u8>) -> Said {
    Said {
        overall,
        factors: [access, None, None, None, None],
        wrong: None,
    }
}

fn add(fixture: &Fixture, group: Vec<Rating>) {
    fixture
        .store
        .write_now(move |store| store.add_ratings(&group))
        .unwrap();
}

fn correct(
    fixture: &Fixture,
    numbers: impl IntoIterator<Item = u8>,
    overall: u8,
    access: Option<u8>,
) {
    let corrections: Vec<_> = numbers
        .into_iter()
        .map(|n| Correction {
            handle: [n ^ 0x80; 32],
            instrument: INSTRUMENT.to_owned(),
            language: "vi".to_owned(),
            said: said(overall, access),
        })
        .collect();
    fixture
        .store
        .write_now(move |store| store.correct_ratings(&corrections))
        .unwrap();
}

fn step(fixture: &Fixture, today: NaiveDate) -> Option<Stepped> {
    let done = fixture
        .store
        .write_now(move |store| take_step(store, today))
        .unwrap();
    crate::satisfaction::verified(fixture);
    done
}

/// Nothing differs from a count from the beginning.
fn verified(fixture: &Fixture) {
    let differences = fixture
        .store
        .read_now(|store| {
            let mut differences = Vec::new();
            dung_hen_server::figures::verify::satisfaction(store, &mut differences)?;
            Ok::<_, StoreError>(differences)
        })
        .unwrap();
    assert_eq!(differences, []);
}

fn read(fixture: &Fixture, place: Place, period: &'static str, split: Split) -> Table {
    fixture
        .store
        .read_now(move |store| table(store, INSTRUMENT, &place, period, split))
        .unwrap()
}

fn agency() -> Place {
    Place::Agency("A".to_owned())
}

/// Satisfied of all, of the question about the whole.
fn overall(published: &Published) -> Option<(u64, u64)> {
    published
        .share(Question::Overall)
        .map(|share| (share.part, share.n))
}

fn access(published: &Published) -> Option<(u64, u64)> {
    published
        .share(Question::Access)
        .map(|share| (share.part, share.n))
}

fn a_step_publishes_what_has_company_once_a_day(fixture: &Fixture) {
    // Five of one label, all satisfied; three of them answered "access", and with it whether each of its three criteria
    // was wrong: 5 answers move, 3 × (1 + 3) wait.
    add(
        fixture,
        (1..=5)
            .map(|n| rating(n, MARRIAGE, 5, (n <= 3).then_some(2)))
            .collect(),
    );
    let whole = || read(fixture, Place::Province, "2026-Q4", Split::Whole);
    assert_eq!((whole().step, overall(&whole().whole)), (None, None));
    let done = step(fixture, day(10, 20));
    assert_eq!(
        done,
        Some(Stepped {
            moved: 5,
            waiting: 12
        })
    );
    assert_eq!(whole().step, Some(day(10, 20)));
    assert_eq!(overall(&whole().whole), Some((5, 5)));
    // Three are not five.
    assert_eq!(access(&whole().whole), None);
    assert_eq!(whole().whole.levels(Question::Access), &[0; 5]);

    // Six more of another label, two of them satisfied: not before tomorrow.
    add(
        fixture,
        (11..=16)
            .map(|n| rating(n, BIRTH, if n <= 12 { 4 } else { 1 }, None))
            .collect(),
    );
    assert_eq!(step(fixture, day(10, 20)), None);
    assert_eq!(overall(&whole().whole), Some((5, 5)));
    assert!(step(fixture, day(10, 21)).is_some());
    assert_eq!(overall(&whole().whole), Some((7, 11)));
    let by = |split| {
        let table = read(fixture, agency(), "2026-10", split);
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|(value, row)| {
                format!(
                    "{value} {:?} {}",
                    overall(row).unwrap(),
                    row.changed_on.unwrap()
                )
            })
            .collect();
        assert_eq!(overall(&table.rest), None);
        rows
    };
    assert_eq!(
        by(Split::Procedure),
        ["1.1 (5, 5) 2026-10-20", "1.2 (2, 6) 2026-10-21"]
    );
    assert_eq!(by(Split::Field), ["Hộ tịch (7, 11) 2026-10-21"]);
    assert_eq!(
        by(Split::Outcome),
        [
            "decided (5, 5) 2026-10-20",
            "decided_late (2, 6) 2026-10-21"
        ]
    );
}

/// A clock that was a day ahead has taken the step of this day already; one that was far ahead holds nothing up.
fn a_clock_set_back_takes_no_step_twice(fixture: &Fixture) {
    add(
        fixture,
        (1..=5).map(|n| rating(n, MARRIAGE, 5, None)).collect(),
    );
    assert!(step(fixture, day(10, 21)).is_some());
    assert_eq!(step(fixture, day(10, 20)), None);
    assert_eq!(step(fixture, day(10, 21)), None);
    assert!(step(fixture, day(10, 22)).is_some());
    assert!(step(fixture, day(12, 24)).is_some());
    assert!(step(fixture, day(10, 23)).is_some());
}

fn fewer_than_five_corrections_wait(fixture: &Fixture) {
    add(
        fixture,
        (1..=8).map(|n| rating(n, MARRIAGE, 5, None)).collect(),
    );
    step(fixture, day(10, 20));
    let whole = || overall(&read(fixture, agency(), "2026-10", Split::Whole).whole);
    correct(fixture, 1..=4, 1, None);
    step(fixture, day(10, 21));
    assert_eq!(whole(), Some((8, 8)));
    // One takes it back: three wait. Then two more change: five.
    correct(fixture, [4], 5, None);
    step(fixture, day(10, 22));
    assert_eq!(whole(), Some((8, 8)));
    correct(fixture, 5..=6, 1, None);
    step(fixture, day(10, 23));
    assert_eq!(whole(), Some((3, 8)));
}

fn one_who_corrects_five_times_is_one(fixture: &Fixture) {
    add(
        fixture,
        (1..=8).map(|n| rating(n, MARRIAGE, 5, None)).collect(),
    );
    step(fixture, day(10, 20));
    for (today, level) in (21..).zip([1, 2, 3, 2, 1]) {
        correct(fixture, [1], level, None);
        step(fixture, day(10, today));
    }
    let whole = read(fixture, agency(), "2026-10", Split::Whole).whole;
    assert_eq!(overall(&whole), Some((8, 8)));
}

fn never_one_to_four_are_left(fixture: &Fixture) {
    add(
        fixture,
        (1..=6).map(|n| rating(n, MARRIAGE, 5, Some(4))).collect(),
    );
    step(fixture, day(10, 20));
    let whole = || access(&read(fixture, agency(), "2026-10", Split::Whole).whole);
    assert_eq!(whole(), Some((6, 6)));
    // Five take their answer back: the sixth would stand alone.
    correct(fixture, 1..=5, 5, None);
    step(fixture, day(10, 21));
    assert_eq!(whole(), Some((6, 6)));
    correct(fixture, [6], 5, None);
    step(fixture, day(10, 22));
    assert_eq!(whole(), None);
    let cells = read(fixture, agency(), "2026-10", Split::Whole).whole;
    assert_eq!(cells.levels(Question::Access), &[0; 5]);
}

/// Three answered about access in one label, two in another: five of the agency's month and field.
fn answers_alone_count_under_a_coarser_label(fixture: &Fixture) {
    let group = |from: u8, label: &'static str, answered: u8| -> Vec<_> {
        (from..from + 5)
            .map(|n| rating(n, label, 5, (n < from + answered).then_some(4)))
            .collect()
    };
    // Another outcome would have to be left out first: both were in time.
    const OTHER: &str = "2026-10|A|commune|1.2|Hộ tịch|decided|in_time";
    add(fixture, group(1, MARRIAGE, 3));
    add(fixture, group(11, OTHER, 2));
    let by = |split| read(fixture, agency(), "2026-10", split);
    step(fixture, day(11, 7));
    assert_eq!(access(&by(Split::Whole).whole), None);
    // A week after October is over.
    step(fixture, day(11, 8));
    assert_eq!(access(&by(Split::Whole).whole), Some((5, 5)));
    assert_eq!(access(&by(Split::Field).rows["Hộ tịch"]), Some((5, 5)));
    assert_eq!(access(&by(Split::Procedure).rows["1.1"]), None);
    assert_eq!(access(&by(Split::Procedure).rest), Some((5, 5)));
    // Corrected later, it moves where it counts.
    correct(fixture, [1, 2, 3, 11, 12], 5, Some(1));
    step(fixture, day(11, 9));
    assert_eq!(access(&by(Split::Procedure).rest), Some((0, 5)));
    assert_eq!(access(&by(Split::Whole).whole), Some((0, 5)));
}

fn of_two_who_take_the_step_at_once_one_does(fixture: &Fixture) {
    add(
        fixture,
        (1..=8).map(|n| rating(n, MARRIAGE, 5, None)).collect(),
    );
    let taken = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let done = fixture
                    .store
                    .write_now(|store| take_step(store, day(10, 20)))
                    .unwrap();
                taken.fetch_add(
                    usize::from(done.is_some()),
                    std::sync::atomic::Ordering::Relaxed,
                );
            });
        }
    });
    assert_eq!(taken.into_inner(), 1);
    let whole = read(fixture, agency(), "2026-10", Split::Whole).whole;
    assert_eq!(overall(&whole), Some((8, 8)));
}
