//! The cases due.

use chrono::NaiveDate;
use dung_hen_domain::case::CaseStatus;
use dung_hen_server::store::{CaseRecord, LetterEntry};

use crate::support::{Fixture, case, moment, on_both};

on_both!(
    open_cases_by_their_promise,
    a_letter_that_names_a_later_date_takes_a_case_off,
    the_list_goes_on_where_the_page_ended,
    letters_owed_for_what_was_finished_late,
);

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, day).unwrap()
}

/// Received on the 5th, promised for this day.
fn promised(code: &str, promise: u32) -> CaseRecord {
    let mut record = case(code);
    record.received_at = Some(moment(5, 8));
    record.period_start = record.received_at;
    record.promise = Some(day(promise));
    record
}

fn put(fixture: &Fixture, record: &CaseRecord) {
    let record = record.clone();
    fixture
        .store
        .write_now(move |store| store.put_case(&record))
        .unwrap();
}

fn due(
    fixture: &Fixture,
    agency: Option<&str>,
    until: u32,
    after: Option<(NaiveDate, &str)>,
    limit: u32,
) -> (Vec<String>, u64) {
    fixture
        .store
        .read_now(|store| {
            let found = store.cases_due(agency, day(until), after, limit)?;
            Ok::<_, dung_hen_server::store::StoreError>((
                found.into_iter().map(|record| record.code).collect(),
                store.count_cases_due(agency, day(until))?,
            ))
        })
        .unwrap()
}

fn open_cases_by_their_promise(fixture: &Fixture) {
    put(fixture, &promised("B", 19));
    put(fixture, &promised("A", 19));
    put(fixture, &promised("C", 2));
    put(fixture, &promised("LATER", 20));
    let mut other = promised("OTHER", 10);
    other.agency = "H98.2".to_owned();
    put(fixture, &other);
    for (code, status) in [
        ("DONE", CaseStatus::Finished),
        ("PAUSED", CaseStatus::SupplementRequested),
        ("GONE", CaseStatus::Withdrawn),
        ("FILED", CaseStatus::Registered),
    ] {
        put(
            fixture,
            &CaseRecord {
                status,
                ..promised(code, 2)
            },
        );
    }
    let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(
        due(fixture, None, 19, None, 10),
        (codes(&["C", "OTHER", "A", "B"]), 4)
    );
    assert_eq!(
        due(fixture, Some("H98.2"), 19, None, 10),
        (codes(&["OTHER"]), 1)
    );
}

fn a_letter_that_names_a_later_date_takes_a_case_off(fixture: &Fixture) {
    let letter = |issued: u32, revised: Option<u32>| LetterEntry {
        issued: day(issued),
        revised_due: revised.map(day),
        ..LetterEntry::default()
    };
    for (code, letters) in [
        ("NAMES-NEXT", vec![letter(9, Some(28))]),
        // On the list again: the date that the letter named has come near.
        ("NAMED-NEAR", vec![letter(9, Some(19))]),
        ("NAMES-NONE", vec![letter(9, None)]),
        // Of a period before this one.
        ("BEFORE", vec![letter(4, Some(28))]),
    ] {
        put(
            fixture,
            &CaseRecord {
                letters,
                ..promised(code, 12)
            },
        );
    }
    let (codes, total) = due(fixture, None, 19, None, 10);
    assert_eq!(codes, ["BEFORE", "NAMED-NEAR", "NAMES-NONE"]);
    assert_eq!(total, 3);
}

fn the_list_goes_on_where_the_page_ended(fixture: &Fixture) {
    for (code, promise) in [("B", 12), ("A", 12), ("C", 13)] {
        put(fixture, &promised(code, promise));
    }
    assert_eq!(due(fixture, None, 19, None, 1), (vec!["A".to_owned()], 3));
    let after = Some((day(12), "A"));
    assert_eq!(due(fixture, None, 19, after, 10).0, ["B", "C"]);
}

/// The day is 20/10. Owed is the letter of what was finished after its promise and has none since its period began.
fn letters_owed_for_what_was_finished_late(fixture: &Fixture) {
    let finished = |code: &str, promise: u32, end: u32| CaseRecord {
        status: CaseStatus::Finished,
        finished_at: Some(moment(end, 16)),
        ..promised(code, promise)
    };
    let with_letter = |code: &str, issued: u32| CaseRecord {
        letters: vec![LetterEntry {
            issued: day(issued),
            ..LetterEntry::default()
        }],
        ..finished(code, 12, 14)
    };
    for record in [
        finished("LATE", 12, 13),
        finished("LATER", 13, 19),
        finished("ALSO", 13, 19),
        // On the promised day is on time, whatever the hour.
        finished("IN-TIME", 12, 12),
        promised("OPEN", 12),
        with_letter("HAS-ONE", 15),
        // Of a period before this one, and of a day that has not come.
        with_letter("BEFORE", 4),
        with_letter("TO-COME", 21),
        CaseRecord {
            status: CaseStatus::Returned,
            agency: "H98.2".to_owned(),
            ..finished("OTHER", 9, 14)
        },
        CaseRecord {
            status: CaseStatus::Withdrawn,
            ..finished("GONE", 12, 14)
        },
        finished("ERASED", 11, 14),
    ] {
        put(fixture, &record);
    }
    let store = &fixture.store;
    assert!(
        store
            .write_now(|store| store.erase_case("ERASED", moment(20, 8)))
            .unwrap()
    );
    let owed = |agency: Option<&'static str>, after: Option<(NaiveDate, &'static str)>, limit| {
        let read = store.read_now(move |store| {
            let found = store.cases_finished_late(agency, day(20), after, limit)?;
            let codes: Vec<String> = found.into_iter().map(|record| record.code).collect();
            let count = store.count_cases_finished_late(agency, day(20))?;
            Ok::<_, dung_hen_server::store::StoreError>((codes, count))
        });
        read.unwrap()
    };
    let (codes, count) = owed(None, None, 10);
    assert_eq!(
        codes,
        ["LATER", "ALSO", "TO-COME", "LATE", "BEFORE", "OTHER"]
    );
    assert_eq!(count, 6);
    assert_eq!(owed(Some("H98.2"), None, 10), (vec!["OTHER".to_owned()], 1));
    assert_eq!(owed(None, None, 1).0, ["LATER"]);
    let next = owed(None, Some((day(13), "LATER")), 2).0;
    assert_eq!(next, ["ALSO", "TO-COME"]);
}
