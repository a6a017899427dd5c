//! Wrong proofs, counted by keyed hash of the code asked for.

use chrono::{Duration, NaiveDateTime};
use dung_hen_server::store::{AttemptLimit, Reader, StoreError};

use crate::support::{Fixture, moment, on_both};

on_both!(
    attempts_fill_a_window_and_it_passes,
    attempts_of_the_day_before_are_forgotten,
    the_longer_wait_of_two_counters_counts,
    attempts_at_once_are_all_counted,
);

const LIMIT: AttemptLimit = AttemptLimit {
    minutes: 15,
    wrong: 5,
};

/// The longest wait of what two counters say.
fn wait(
    store: &mut Reader<'_>,
    counters: &[([u8; 32], AttemptLimit); 2],
    now: NaiveDateTime,
) -> Result<u32, StoreError> {
    let counts = store.attempts([&counters[0].0, &counters[1].0])?;
    let waits = [0, 1].map(|at| counters[at].1.wait(counts[at], now));
    Ok(waits[0].max(waits[1]))
}

/// A code's counter, beside one that counts nothing.
fn counters(code: [u8; 32]) -> [([u8; 32], AttemptLimit); 2] {
    [([0; 32], DAY), (code, LIMIT)]
}

const DAY: AttemptLimit = AttemptLimit {
    minutes: 24 * 60,
    wrong: 7,
};

/// Of two counters of a code the one that shuts longer is what counts.
fn the_longer_wait_of_two_counters_counts(fixture: &Fixture) {
    let (short, day) = ([7; 32], [8; 32]);
    let now = moment(15, 9);
    let wait = |now| {
        fixture
            .store
            .read_now(|store| wait(store, &[(short, LIMIT), (day, DAY)], now))
            .unwrap()
    };
    for n in 0..7 {
        assert_eq!(wait(now), if n < 5 { 0 } else { 900 }, "{n}");
        fixture
            .store
            .write_now(move |store| {
                store.count_wrong_attempts([(&short, LIMIT, 1, now), (&day, DAY, 1, now)])
            })
            .unwrap();
    }
    // A day has 86,400 seconds, a quarter of an hour 900.
    assert_eq!(wait(now), 86_400);
    assert_eq!(wait(now + Duration::minutes(15)), 85_500);
    assert_eq!(wait(now + Duration::days(1)), 0);
}

fn attempts_fill_a_window_and_it_passes(fixture: &Fixture) {
    let code = [9; 32];
    let now = moment(15, 9);
    let wait = |now| {
        fixture
            .store
            .read_now(|store| wait(store, &counters(code), now))
            .unwrap()
    };
    let wrong = |now| {
        fixture
            .store
            .write_now(move |store| store.count_wrong_attempts([(&code, LIMIT, 1, now)]))
            .unwrap();
    };
    for _ in 0..5 {
        assert_eq!(wait(now), 0);
        wrong(now);
    }
    // Fifteen minutes from the first of them.
    assert_eq!(wait(now), 900);
    assert_eq!(wait(now + Duration::minutes(14)), 60);
    assert_eq!(wait(now + Duration::minutes(15)), 0);
    wrong(now + Duration::minutes(15));
    assert_eq!(wait(now + Duration::minutes(15)), 0, "a new window");
}

fn attempts_of_the_day_before_are_forgotten(fixture: &Fixture) {
    for (code, day) in [([1; 32], 13), ([2; 32], 15)] {
        fixture
            .store
            .write_now(move |store| store.count_wrong_attempts([(&code, LIMIT, 1, moment(day, 9))]))
            .unwrap();
    }
    let forget = || {
        fixture
            .store
            .write_now(|store| store.forget_attempts(moment(14, 9)))
            .unwrap()
    };
    assert_eq!((forget(), forget()), (1, 0));
}

fn attempts_at_once_are_all_counted(fixture: &Fixture) {
    let code = [9; 32];
    std::thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                fixture
                    .store
                    .write_now(move |store| {
                        store.count_wrong_attempts([(&code, LIMIT, 1, moment(15, 9))])
                    })
                    .unwrap();
            });
        }
    });
    let wait = fixture
        .store
        .read_now(|store| wait(store, &counters(code), moment(15, 9)))
        .unwrap();
    assert_eq!(wait, 900);
}

#[test]
fn guesses_at_one_code_are_counted_one_by_one_on_two_servers() {
    let fixture = crate::support::postgres();
    let other = dung_hen_server::store::Store::open(&fixture.address).unwrap();
    let code = [9; 32];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tried: Vec<u32> = runtime.block_on(async {
        let mut guesses = Vec::new();
        for number in 0..12 {
            let store = if number % 2 == 0 {
                &fixture.store
            } else {
                &other
            };
            let store = store.clone();
            guesses.push(tokio::spawn(async move {
                store
                    .one_by_one(
                        &code,
                        move |store| {
                            let wait = wait(store, &counters(code), moment(15, 9))?;
                            Ok::<_, StoreError>((wait, wait == 0))
                        },
                        move |store| store.count_wrong_attempts([(&code, LIMIT, 1, moment(15, 9))]),
                    )
                    .await
                    .unwrap()
                    .0
            }));
        }
        let mut waits = Vec::new();
        for guess in guesses {
            waits.push(guess.await.unwrap());
        }
        waits
    });
    let let_in = tried.iter().filter(|wait| **wait == 0).count();
    assert_eq!(let_in, 5, "{tried:?}");
}
