//! The public register of apologies, page by page.

use chrono::Datelike as _;
use dung_hen_server::store::{LetterEntry, RegisterEntry, RegisterMark};

use crate::support::{Fixture, case, moment, on_both};

on_both!(
    pages_hold_every_letter_once,
    a_letter_that_comes_meanwhile_moves_no_page,
    a_case_that_moves_takes_its_letters_along,
);

fn letter(day: u32, number: Option<&str>) -> LetterEntry {
    LetterEntry {
        issued: moment(day, 0).date(),
        number: number.map(str::to_owned),
        revised_due: Some(moment(day + 1, 0).date()),
        ..LetterEntry::default()
    }
}

fn put(fixture: &Fixture, code: &str, agency: &str, letters: Vec<LetterEntry>) {
    let mut case = case(code);
    case.agency = agency.to_owned();
    case.letters = letters;
    fixture
        .store
        .write_now(move |store| store.put_case(&case))
        .unwrap();
}

/// 1/10: B 1. 2/10: A without a number (twice) and 7 (three times), B 2. 3/10: B without a number.
fn fill(fixture: &Fixture) {
    let seven = || letter(2, Some("7"));
    put(fixture, "1", "A", vec![seven(), letter(2, None), seven()]);
    put(
        fixture,
        "2",
        "B",
        vec![letter(1, Some("1")), letter(3, None)],
    );
    put(fixture, "3", "A", vec![letter(2, None), seven()]);
    put(fixture, "4", "B", vec![letter(2, Some("2"))]);
}

const OF_ALL: [&str; 8] = [
    "3 B -", "2 A -", "2 A -", "2 A 7", "2 A 7", "2 A 7", "2 B 2", "1 B 1",
];

fn words(entry: &RegisterEntry) -> String {
    let day = entry.issued.day();
    let number = entry.number.as_deref().unwrap_or("-");
    format!("{day} {} {number}", entry.agency)
}

fn page(
    fixture: &Fixture,
    agency: Option<&'static str>,
    (from, to): (u32, u32),
    after: Option<&RegisterMark>,
    limit: u32,
) -> Vec<RegisterEntry> {
    let span = (moment(from, 0).date(), moment(to, 0).date());
    let after = after.cloned();
    fixture
        .store
        .read_now(move |store| store.register_of_apologies(agency, span, after.as_ref(), limit))
        .unwrap()
}

/// Of pages of this size, one after the other.
fn all(
    fixture: &Fixture,
    agency: Option<&'static str>,
    span: (u32, u32),
    limit: u32,
) -> Vec<String> {
    let (mut shown, mut after) = (Vec::new(), None);
    loop {
        let entries = page(fixture, agency, span, after.as_ref(), limit);
        let Some(mark) = RegisterMark::after(&entries, after.as_ref()) else {
            return shown;
        };
        after = Some(mark);
        shown.extend(entries.iter().map(words));
        assert!(shown.len() <= OF_ALL.len(), "{shown:?}");
    }
}

fn pages_hold_every_letter_once(fixture: &Fixture) {
    fill(fixture);
    for limit in 1..=9 {
        assert_eq!(all(fixture, None, (1, 31), limit), OF_ALL, "{limit}");
        assert_eq!(
            all(fixture, Some("A"), (1, 31), limit),
            OF_ALL[1..6],
            "{limit}"
        );
        let of_b = ["3 B -", "2 B 2", "1 B 1"];
        assert_eq!(all(fixture, Some("B"), (1, 31), limit), of_b, "{limit}");
        assert_eq!(all(fixture, None, (2, 2), limit), OF_ALL[1..7], "{limit}");
        assert_eq!(all(fixture, Some("C"), (1, 31), limit), [""; 0]);
    }
}

fn a_letter_that_comes_meanwhile_moves_no_page(fixture: &Fixture) {
    fill(fixture);
    let first = page(fixture, None, (1, 31), None, 4);
    let mark = RegisterMark::after(&first, None).unwrap();
    // Newer ones, and one of the same day that sorts before the mark.
    put(
        fixture,
        "5",
        "A",
        vec![letter(9, None), letter(2, Some("5"))],
    );
    let next = page(fixture, None, (1, 31), Some(&mark), 9);
    let next: Vec<String> = next.iter().map(words).collect();
    assert_eq!(next, OF_ALL[4..]);
}

fn a_case_that_moves_takes_its_letters_along(fixture: &Fixture) {
    fill(fixture);
    put(fixture, "4", "C", vec![letter(2, Some("2"))]);
    assert_eq!(all(fixture, Some("B"), (1, 31), 9), ["3 B -", "1 B 1"]);
    assert_eq!(all(fixture, Some("C"), (1, 31), 9), ["2 C 2"]);
}
