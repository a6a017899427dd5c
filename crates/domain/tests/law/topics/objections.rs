//! Objections: the province's own terms, counted by the same engine; without a term no date.

use chrono::NaiveDateTime;
use dung_hen_domain::calendar::WorkingHours;
use dung_hen_domain::civil::parse_moment;
use dung_hen_domain::objection::{ObjectionKind, Term, due, term};
use dung_hen_domain::time_limit::{TimeLimit, Unit};

use crate::{calendar, date};

fn a_term(from: &str, kinds: &[ObjectionKind], amount: u32) -> Term {
    Term {
        from: date(from),
        kinds: kinds.to_vec(),
        limit: TimeLimit::new(amount, Unit::WorkingDay).unwrap(),
        source: format!("QĐ {amount}"),
    }
}

fn moment(text: &str) -> NaiveDateTime {
    parse_moment(text).unwrap()
}

#[test]
fn without_a_term_there_is_none_to_name() {
    assert_eq!(
        term(&[], ObjectionKind::DateMoved, date("2026-10-15")),
        None
    );
    let later = [a_term("2026-11-01", &[], 5)];
    assert_eq!(
        term(&later, ObjectionKind::DateMoved, date("2026-10-31")),
        None
    );
}

#[test]
fn a_term_of_the_kind_comes_before_one_for_all_and_the_newest_before_older_ones() {
    let terms = [
        a_term("2026-01-01", &[], 10),
        a_term("2026-03-01", &[ObjectionKind::UnknownCode], 3),
        a_term("2026-06-01", &[], 7),
        a_term("2027-01-01", &[], 1),
    ];
    for (kind, day, source) in [
        (ObjectionKind::DateMoved, "2026-05-31", "QĐ 10"),
        (ObjectionKind::DateMoved, "2026-06-01", "QĐ 7"),
        (ObjectionKind::UnknownCode, "2026-02-28", "QĐ 10"),
        (ObjectionKind::UnknownCode, "2026-12-31", "QĐ 3"),
    ] {
        let found = term(&terms, kind, date(day)).unwrap();
        assert_eq!(found.source, source, "{kind:?} {day}");
    }
}

#[test]
fn the_due_day_is_counted_like_every_deadline() {
    let five = a_term("2026-01-01", &[], 5);
    let asked = |received| {
        due(
            &five,
            moment(received),
            &calendar(),
            &WorkingHours::default(),
        )
    };
    // Thu 15/10/2026, not counted; Fri 16 (1), Mon 19 (2), Tue 20 (3), Wed 21 (4), Thu 22 (5).
    assert_eq!(asked("2026-10-15T09:00:00+07:00"), Some(date("2026-10-22")));
    // Fri 24/04/2026; Mon 27/04 is a day off in lieu of 10/3 lunar; Tue 28 (1), Wed 29 (2), Thu 30/4 and Fri 1/5
    // off, Mon 4/5 (3), Tue 5 (4), Wed 6 (5).
    assert_eq!(asked("2026-04-24T16:00:00+07:00"), Some(date("2026-05-06")));
    // Thu 19/11/2026: Fri 20 (1), then Mon 23/11, which is not settled: no date.
    assert_eq!(asked("2026-11-19T09:00:00+07:00"), None);
}

#[test]
fn money_and_conduct_never_reach_the_agency() {
    use dung_hen_domain::case::WireName as _;
    let confidential: Vec<_> = ObjectionKind::ALL
        .iter()
        .filter(|kind| kind.is_confidential())
        .collect();
    assert_eq!(
        confidential,
        [&ObjectionKind::AskedToPayExtra, &ObjectionKind::Conduct]
    );
}
