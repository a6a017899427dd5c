//! Ratings: in groups, once, corrected, counted; comments in batches.

use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_server::store::Writer;
use dung_hen_server::waiting::{Comment, Correction, Rating, Said};

use crate::support::{Fixture, on_both, sqlite};

on_both!(
    a_group_enters_once,
    of_the_same_group_entering_at_once_one_is_stored,
    a_correction_replaces_the_answers,
    comments_are_read_by_batch,
);

fn rating(n: u8, overall: u8, label: &str) -> Rating {
    Rating {
        spent: [n; 32],
        handle: [n ^ 0x80; 32],
        label: label.to_owned(),
        instrument: "five-factors-1".to_owned(),
        language: "vi".to_owned(),
        said: Said {
            overall,
            factors: [Some(5), None, Some(1), None, None],
            wrong: Some(0x8001),
        },
    }
}

const MONTH: &str = "2026-10|H98.1|commune|1.004222|Hộ tịch|decided|late";

/// Lets a group in; how many had entered from another room.
fn add(fixture: &Fixture, group: &[Rating]) -> i64 {
    let group = group.to_vec();
    fixture
        .store
        .write_now(move |store| store.add_ratings(&group))
        .unwrap()
}

fn stored(fixture: &Fixture) -> usize {
    let all = fixture.store.write_now(|store| store.new_ratings());
    all.unwrap().len()
}

fn a_group_enters_once(fixture: &Fixture) {
    let group: Vec<Rating> = (1..=5).map(|n| rating(n, n, MONTH)).collect();
    assert_eq!(add(fixture, &group), 0);
    // Its own room could not erase it: it comes again, and is no other room's.
    assert_eq!(add(fixture, &group), 0);
    let elsewhere: Vec<Rating> = group
        .iter()
        .map(|one| Rating {
            handle: [one.handle[0] ^ 0x40; 32],
            ..one.clone()
        })
        .collect();
    assert_eq!(add(fixture, &elsewhere), 5);
    assert_eq!(stored(fixture), 5);
    let spent = fixture
        .store
        .read_now(|store| store.spent_among(&[[1; 32], [9; 32]]))
        .unwrap();
    assert!(spent.contains(&[1; 32]) && spent.len() == 1);
    let kept = fixture
        .store
        .read_now(|store| store.rating(&[[0; 32], [0x81; 32]]))
        .unwrap()
        .unwrap();
    assert_eq!(kept.said, group[0].said);
    assert_eq!(kept.label, BallotLabel::parse(MONTH).unwrap());
    // Once its week is over nothing names it any more.
    assert_eq!(
        fixture.store.read_now(|store| store.rating(&[])).unwrap(),
        None
    );
}

fn of_the_same_group_entering_at_once_one_is_stored(fixture: &Fixture) {
    let group: Vec<Rating> = (1..=5).map(|n| rating(n, n, MONTH)).collect();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| add(fixture, &group));
        }
    });
    assert_eq!(stored(fixture), 5);
}

fn a_correction_replaces_the_answers(fixture: &Fixture) {
    add(fixture, &[rating(1, 1, MONTH)]);
    let said = Said {
        overall: 4,
        factors: [None; 5],
        wrong: None,
    };
    let corrections = [0x81, 0x99].map(|handle| Correction {
        handle: [handle; 32],
        instrument: "five-factors-1".to_owned(),
        language: "en".to_owned(),
        said: said.clone(),
    });
    fixture
        .store
        .write_now(move |store| store.correct_ratings(&corrections))
        .unwrap();
    let kept = fixture
        .store
        .read_now(|store| store.rating(&[[0x81; 32]]))
        .unwrap()
        .unwrap();
    assert_eq!((kept.said, kept.language.as_str()), (said, "en"));
    assert_eq!(
        fixture
            .store
            .read_now(|store| store.rating(&[[0x99; 32]]))
            .unwrap(),
        None
    );
}

fn comments_are_read_by_batch(fixture: &Fixture) {
    let batch = |from: u8| -> Vec<Comment> {
        (from..from + 5)
            .map(|n| Comment {
                id: [n; 32],
                agency: "H98.1".to_owned(),
                level: "commune".to_owned(),
                language: "vi".to_owned(),
                text: format!("góp ý {n}"),
            })
            .collect()
    };
    for from in [1, 10] {
        let comments = batch(from);
        fixture
            .store
            .write_now(move |store| store.add_comments(&comments))
            .unwrap();
    }
    let read = |agency: &'static str, after| {
        fixture
            .store
            .read_now(move |store| store.comments(agency, after, 20))
            .unwrap()
    };
    let all = read("H98.1", 0);
    assert_eq!(
        all.iter()
            .map(|one| (one.batch, one.comments.len()))
            .collect::<Vec<_>>(),
        [(1, 5), (2, 5)]
    );
    assert_eq!(read("H98.1", 1).len(), 1);
    assert!(read("H98.2", 0).is_empty());
}

/// Four of five answers in Vietnamese as they came, one put right in English; five to a questionnaire of another scale.
#[test]
fn questionnaire_scale_and_language_stay_with_every_answer() {
    use dung_hen_domain::satisfaction::instruments::{FIVE_LEVELS, THREE_LEVELS};
    use dung_hen_domain::satisfaction::sheet::THREE;
    let fixture = sqlite();
    add(
        &fixture,
        &(1..=5).map(|n| rating(n, n, MONTH)).collect::<Vec<_>>(),
    );
    let of_three = (6..=10).map(|n| Rating {
        instrument: THREE.to_owned(),
        ..rating(n, 3, MONTH)
    });
    add(&fixture, &of_three.collect::<Vec<_>>());
    let corrections = [Correction {
        handle: [0x81; 32],
        instrument: "five-factors-1".to_owned(),
        language: "en".to_owned(),
        said: rating(1, 5, MONTH).said,
    }];
    let correct = move |store: &mut Writer<'_>| store.correct_ratings(&corrections);
    fixture.store.write_now(correct).unwrap();
    // The same columns in PostgreSQL: `both_databases_have_the_same_tables_and_columns`.
    let file = fixture.address.strip_prefix("sqlite:").unwrap();
    let database = rusqlite::Connection::open(file).unwrap();
    let mut kept = database
        .prepare("SELECT instrument, scale, language, count(*) FROM ratings GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
        .unwrap();
    let kept: Vec<[String; 4]> = kept
        .query_map([], |row| {
            let n: i64 = row.get(3)?;
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, n.to_string()])
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let expected = [
        ["five-factors-1", FIVE_LEVELS.id, "en", "1"],
        ["five-factors-1", FIVE_LEVELS.id, "vi", "4"],
        [THREE, THREE_LEVELS.id, "vi", "5"],
    ];
    assert_eq!(kept, expected.map(|row| row.map(ToOwned::to_owned)));
}
