//! Ratings: stored once, counted once.

use dung_hen_server::store::{Counters, RatingOutcome, RatingRecord};

use crate::support::{Fixture, on_both};

on_both!(
    a_rating_is_stored_once,
    of_the_same_rating_sent_at_once_one_is_stored,
    levels_are_counted_by_month_and_agency,
);

fn rating(spent: u8, overall: u8) -> RatingRecord {
    RatingRecord {
        spent: [spent; 32],
        agency: "H98.1".to_owned(),
        month: "2026-10".to_owned(),
        instrument: "five-factors-1".to_owned(),
        language: "vi".to_owned(),
        overall,
        factors: [Some(5), None, Some(1), None, None],
    }
}

fn add(fixture: &Fixture, rating: &RatingRecord) -> RatingOutcome {
    let rating = rating.clone();
    fixture
        .store
        .write_now(move |store| store.add_rating(&rating))
        .unwrap()
}

fn counters(fixture: &Fixture) -> Counters {
    fixture.store.read_now(|store| store.counters()).unwrap()
}

fn a_rating_is_stored_once(fixture: &Fixture) {
    assert_eq!(counters(fixture), Counters::default());
    assert_eq!(add(fixture, &rating(1, 4)), RatingOutcome::Stored);
    assert_eq!(add(fixture, &rating(1, 4)), RatingOutcome::Repeated);
    assert_eq!(add(fixture, &rating(1, 5)), RatingOutcome::Spent);
    // Another month and language: the same answers all the same.
    let mut later = rating(1, 4);
    later.month = "2026-11".to_owned();
    later.language = "en".to_owned();
    assert_eq!(add(fixture, &later), RatingOutcome::Repeated);
    fixture
        .store
        .write_now(|store| store.count_refused_rating())
        .unwrap();
    let expected = Counters {
        stored: 1,
        repeated: 2,
        refused: 2,
    };
    assert_eq!(counters(fixture), expected);
}

fn of_the_same_rating_sent_at_once_one_is_stored(fixture: &Fixture) {
    let outcomes: Vec<RatingOutcome> = std::thread::scope(|scope| {
        let sending: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| add(fixture, &rating(1, 4))))
            .collect();
        sending
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let of = |outcome| outcomes.iter().filter(|one| **one == outcome).count();
    assert_eq!(of(RatingOutcome::Stored), 1, "{outcomes:?}");
    assert_eq!(of(RatingOutcome::Repeated), 11, "{outcomes:?}");
    assert_eq!(counters(fixture).stored, 1);
}

fn levels_are_counted_by_month_and_agency(fixture: &Fixture) {
    for (spent, overall) in [(1, 4), (2, 4), (3, 1)] {
        add(fixture, &rating(spent, overall));
    }
    let mut other = rating(4, 5);
    other.agency = "H98.2".to_owned();
    other.month = "2026-09".to_owned();
    add(fixture, &other);
    let counts = |agency: Option<&str>, from: &str, to: &str| {
        fixture
            .store
            .read_now(|store| store.rating_counts(agency, from, to))
            .unwrap()
    };
    let october = counts(None, "2026-10", "2026-10");
    assert_eq!(october.overall, [1, 0, 0, 2, 0]);
    assert_eq!(october.factors[0], [0, 0, 0, 0, 3]);
    assert_eq!(october.factors[1], [0; 5]);
    assert_eq!(counts(None, "2026-09", "2026-10").overall, [1, 0, 0, 2, 1]);
    assert_eq!(
        counts(Some("H98.2"), "2026-01", "2026-12").overall,
        [0, 0, 0, 0, 1]
    );
}
