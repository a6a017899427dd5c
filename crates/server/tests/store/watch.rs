//! Which cases the deadline watch takes, and what a write in between does to that.

use dung_hen_domain::case::CaseStatus;
use dung_hen_server::store::CaseRecord;

use crate::support::{Fixture, case, moment, on_both};

on_both!(
    a_case_is_taken_when_written_and_when_its_day_has_come,
    what_was_written_meanwhile_is_taken_again,
    all_that_may_fall_due_are_taken_again_on_demand,
);

fn put(fixture: &Fixture, record: CaseRecord) {
    let put = fixture
        .store
        .write_now(move |store| store.put_case(&record));
    put.unwrap();
}

/// What is taken on this day of October.
fn taken(fixture: &Fixture, day: u32) -> Vec<String> {
    let today = moment(day, 0).date();
    let taken = fixture
        .store
        .write_now(move |store| store.take_looks(today, 10));
    taken.unwrap()
}

fn again(fixture: &Fixture, code: &'static str, today: u32, next: Option<u32>) -> bool {
    let (today, next) = (
        moment(today, 0).date(),
        next.map(|day| moment(day, 0).date()),
    );
    let done = fixture
        .store
        .write_now(move |store| store.look_again(code, today, next));
    done.unwrap()
}

fn a_case_is_taken_when_written_and_when_its_day_has_come(fixture: &Fixture) {
    put(fixture, case("A-2"));
    put(fixture, case("A-1"));
    let mut paused = case("A-3");
    paused.status = CaseStatus::SupplementRequested;
    put(fixture, paused);
    let mut without = case("A-4");
    without.promise = None;
    put(fixture, without);
    assert_eq!(taken(fixture, 6), ["A-1", "A-2"]);
    let due = fixture
        .store
        .read_now(|store| store.looks_are_due(moment(6, 0).date()));
    assert!(due.unwrap());
    // Whoever took them and died: they are taken again.
    assert_eq!(taken(fixture, 6), ["A-1", "A-2"]);
    assert!(again(fixture, "A-1", 6, Some(12)));
    assert!(again(fixture, "A-2", 6, None));
    let due = fixture
        .store
        .read_now(|store| store.looks_are_due(moment(11, 0).date()));
    assert!(!due.unwrap());
    assert_eq!(taken(fixture, 11), [""; 0]);
    assert_eq!(taken(fixture, 12), ["A-1"]);
}

fn what_was_written_meanwhile_is_taken_again(fixture: &Fixture) {
    put(fixture, case("A-1"));
    assert_eq!(taken(fixture, 6), ["A-1"]);
    put(fixture, case("A-1"));
    // What was found of it is not so any more, which its finder is told.
    assert!(!again(fixture, "A-1", 6, None));
    assert_eq!(taken(fixture, 6), ["A-1"]);
    assert!(again(fixture, "A-1", 6, None));
    assert_eq!(taken(fixture, 6), [""; 0]);
    let mut finished = case("A-1");
    finished.status = CaseStatus::Returned;
    put(fixture, finished);
    assert_eq!(taken(fixture, 6), [""; 0]);
}

fn all_that_may_fall_due_are_taken_again_on_demand(fixture: &Fixture) {
    for code in ["A-1", "A-2", "A-3"] {
        put(fixture, case(code));
    }
    let mut finished = case("A-4");
    finished.status = CaseStatus::Returned;
    put(fixture, finished);
    taken(fixture, 6);
    assert!(again(fixture, "A-1", 6, Some(12)));
    assert!(again(fixture, "A-2", 6, Some(12)));
    assert!(again(fixture, "A-3", 6, None));
    let mut after = 0;
    let mut pages = 0;
    let page = |after| {
        let page = fixture
            .store
            .write_now(move |store| store.look_at_all_again(after, 1));
        page.unwrap()
    };
    while let Some(last) = page(after) {
        assert!(last > after);
        after = last;
        pages += 1;
    }
    // A-3, of which nothing more was expected, as well: other terms may find something.
    assert_eq!(pages, 3);
    assert_eq!(taken(fixture, 6), ["A-1", "A-2", "A-3"]);
}
