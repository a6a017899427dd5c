//! Objections, their answers, and what is erased when.

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_server::store::{AnswerEntry, ObjectionRecord, ObjectionScope};

use crate::support::{Fixture, moment, on_both};

on_both!(
    an_objection_sent_again_is_the_first,
    answers_stand_one_after_the_other,
    each_scope_reads_its_own,
    the_list_goes_on_where_the_page_ended,
    contacts_go_first_and_texts_later,
    the_first_answer_is_known_and_who_waits_is_counted,
);

pub(crate) fn objection(
    reference: &str,
    kind: ObjectionKind,
    received_at: NaiveDateTime,
) -> ObjectionRecord {
    ObjectionRecord {
        reference: reference.to_owned(),
        kind,
        agency: "H98.1".to_owned(),
        case_code: Some("H98.1-1".to_owned()),
        known: true,
        received_at,
        due: NaiveDate::from_ymd_opt(2026, 10, 22),
        text: Some("Lời kể".to_owned()),
        contact: Some("0900".to_owned()),
        consent_on: Some(received_at.date()),
        answers: Vec::new(),
    }
}

/// An answer of this day of October, at noon.
pub(crate) fn answer(day: u32) -> AnswerEntry {
    AnswerEntry {
        answered_at: moment(day, 12),
        body: "UBND phường Một".to_owned(),
        person: "Bà Mẫu".to_owned(),
        text: format!("Ngày {day}"),
    }
}

fn add(fixture: &Fixture, record: &ObjectionRecord) -> ObjectionRecord {
    let record = record.clone();
    fixture
        .store
        .write_now(move |store| store.add_objection(&record))
        .unwrap()
        .0
}

fn say(fixture: &Fixture, reference: &'static str, day: u32) {
    fixture
        .store
        .write_now(move |store| store.add_answer(reference, &answer(day)))
        .unwrap();
}

fn find(fixture: &Fixture, reference: &str) -> ObjectionRecord {
    fixture
        .store
        .read_now(|store| store.find_objection(reference))
        .unwrap()
        .unwrap()
}

fn an_objection_sent_again_is_the_first(fixture: &Fixture) {
    let first = objection("PA-1", ObjectionKind::DateMoved, moment(15, 9));
    assert_eq!(add(fixture, &first), first);
    let again = ObjectionRecord {
        text: None,
        received_at: moment(16, 9),
        ..first.clone()
    };
    assert_eq!(add(fixture, &again), first);
    let all = fixture
        .store
        .read_now(|store| store.open_objections(&ObjectionScope::All, None, 9))
        .unwrap();
    assert_eq!(all, [first]);
}

fn answers_stand_one_after_the_other(fixture: &Fixture) {
    add(
        fixture,
        &objection("PA-1", ObjectionKind::DateMoved, moment(15, 9)),
    );
    say(fixture, "PA-1", 16);
    say(fixture, "PA-1", 19);
    assert_eq!(find(fixture, "PA-1").answers, [answer(16), answer(19)]);
}

fn open(
    fixture: &Fixture,
    scope: &ObjectionScope,
    after: Option<(&str, &str)>,
    limit: u32,
) -> Vec<String> {
    fixture
        .store
        .read_now(|store| store.open_objections(scope, after, limit))
        .unwrap()
        .into_iter()
        .map(|record| record.reference)
        .collect()
}

fn each_scope_reads_its_own(fixture: &Fixture) {
    let mut other = objection("PA-2", ObjectionKind::DateMoved, moment(15, 10));
    other.agency = "H98.2".to_owned();
    add(fixture, &other);
    add(
        fixture,
        &objection("PA-3", ObjectionKind::AskedToPayExtra, moment(15, 0)),
    );
    add(
        fixture,
        &objection("PA-1", ObjectionKind::DateMoved, moment(15, 9)),
    );
    add(
        fixture,
        &objection("PA-4", ObjectionKind::DateMoved, moment(15, 8)),
    );
    say(fixture, "PA-4", 16);
    let agency = |code: &str| ObjectionScope::Agency(Some(code.to_owned()));
    for (scope, references) in [
        (ObjectionScope::All, vec!["PA-3", "PA-1", "PA-2"]),
        (ObjectionScope::Confidential, vec!["PA-3"]),
        (ObjectionScope::Agency(None), vec!["PA-1", "PA-2"]),
        (agency("H98.1"), vec!["PA-1"]),
        (agency("H98.3"), vec![]),
    ] {
        assert_eq!(open(fixture, &scope, None, 10), references, "{scope:?}");
    }
}

fn the_list_goes_on_where_the_page_ended(fixture: &Fixture) {
    // Two of the same moment: the reference decides.
    for (reference, hour) in [("PA-B", 9), ("PA-A", 9), ("PA-C", 10)] {
        add(
            fixture,
            &objection(reference, ObjectionKind::DateMoved, moment(15, hour)),
        );
    }
    let first = open(fixture, &ObjectionScope::All, None, 1);
    assert_eq!(first, ["PA-A"]);
    let place = find(fixture, "PA-A").place();
    let after = place.split_once('~');
    assert_eq!(
        open(fixture, &ObjectionScope::All, after, 10),
        ["PA-B", "PA-C"]
    );
}

fn contacts_go_first_and_texts_later(fixture: &Fixture) {
    for reference in ["PA-1", "PA-2"] {
        add(
            fixture,
            &objection(reference, ObjectionKind::DateMoved, moment(1, 9)),
        );
    }
    say(fixture, "PA-1", 5);
    let erase = |contacts: u32, texts: u32| {
        fixture
            .store
            .write_now(move |store| store.erase_objections(moment(contacts, 0), moment(texts, 0)))
            .unwrap()
    };
    // The answer is of the 5th at noon.
    assert_eq!(erase(5, 5), (0, 0));
    assert_eq!(erase(6, 5), (1, 0));
    let one = find(fixture, "PA-1");
    assert_eq!((one.contact, one.text.is_some()), (None, true));
    assert_eq!(erase(31, 31), (0, 1));
    let one = find(fixture, "PA-1");
    assert_eq!((one.text, one.case_code), (None, None));
    // The other waits for its answer, however long.
    assert!(find(fixture, "PA-2").contact.is_some());
}

/// Due on Thu 22/10. Of the first four one waits for its answer; of the rest one has no time, one is of November.
fn the_first_answer_is_known_and_who_waits_is_counted(fixture: &Fixture) {
    for (reference, kind, day) in [
        ("PA-1", ObjectionKind::DateMoved, 1),
        ("PA-2", ObjectionKind::DateMoved, 15),
        ("PA-3", ObjectionKind::DateMoved, 31),
        ("PA-4", ObjectionKind::Conduct, 15),
    ] {
        add(fixture, &objection(reference, kind, moment(day, 0)));
    }
    let mut none = objection("PA-5", ObjectionKind::UnknownCode, moment(15, 9));
    (none.agency, none.due) = (String::new(), None);
    add(fixture, &none);
    let answered = |reference: &'static str, day| {
        fixture
            .store
            .write_now(move |store| store.add_answer(reference, &answer(day)))
            .unwrap()
    };
    // Answered on the 22nd at noon: in time; on the 23rd: not. Once more is not the first.
    assert!(answered("PA-1", 22));
    assert!(!answered("PA-1", 23));
    assert!(answered("PA-2", 23));
    assert!(answered("PA-5", 23));
    let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
    let waiting = |from: u32, to: u32, today: u32| {
        let span = (day(from), day(to));
        fixture
            .store
            .read_now(|store| store.objections_within_term(span, day(today)))
            .unwrap()
    };
    let conduct = ("H98.1".to_owned(), ObjectionKind::Conduct, 1);
    let moved = ("H98.1".to_owned(), ObjectionKind::DateMoved, 1);
    // The last day is within the time, the day after it is not; that of the 31st counts on the 31st alone.
    assert_eq!(waiting(1, 31, 22), [conduct.clone(), moved]);
    assert_eq!(waiting(1, 30, 22), [conduct]);
    assert_eq!(waiting(1, 31, 23), []);
    assert_eq!(waiting(1, 14, 22), []);
    let mut months = fixture
        .store
        .read_now(|store| store.objections_by_month())
        .unwrap();
    months.sort();
    let month = |agency: &str, kind: ObjectionKind, counts: [i64; 5]| {
        let kind = dung_hen_domain::case::WireName::name(kind);
        let cell = [agency, "2026-10", kind].map(str::to_owned);
        (cell, counts)
    };
    assert_eq!(
        months,
        [
            // All, without a term, answered, both, in time.
            month("", ObjectionKind::UnknownCode, [1, 1, 1, 1, 0]),
            month("H98.1", ObjectionKind::Conduct, [1, 0, 0, 0, 0]),
            month("H98.1", ObjectionKind::DateMoved, [3, 0, 2, 0, 1]),
        ]
    );
}
