//! A rating that was acknowledged survives `kill -9`, and none is ever counted twice: one server on SQLite, one on
//! PostgreSQL, three on one PostgreSQL of which one after another is killed, and the database itself. What look-ups owe
//! survives but for the last moment.
//!
//! A few rounds with the other tests; `DUNG_HEN_ROUNDS=100` for the long form.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use dung_hen_tests::province::{Instance, Province, ask, code, look_up, rate, stored};
use dung_hen_tests::{Cluster, until};
use serde_json::json;

/// Cases rated in each round; the server is killed in the middle of them.
const PER_ROUND: usize = 24;
const CLIENTS: usize = 4;

fn rounds(short: usize) -> usize {
    std::env::var("DUNG_HEN_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(short)
}

/// Citizens rate the cases of a round at these servers, each at the next one; `disturb` is called once `enough`
/// ratings were acknowledged. Which were acknowledged.
fn rate_while(
    addresses: &[String],
    round: usize,
    enough: usize,
    disturb: impl FnOnce(),
) -> Vec<usize> {
    let next = AtomicUsize::new(round * PER_ROUND);
    let end = (round + 1) * PER_ROUND;
    let acknowledged = Mutex::new(Vec::new());
    let ended = AtomicUsize::new(0);
    let progress = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= end {
                        break;
                    }
                    // Where the server is dead the citizen tries again in a minute; here, after the round.
                    match rate(&addresses[index % addresses.len()], index) {
                        Some((200 | 201, _)) => acknowledged.lock().expect("list").push(index),
                        Some((503, problem)) => {
                            assert!(problem["message"]["vi"].is_string(), "{problem}");
                        }
                        Some((status, answer)) => {
                            assert_eq!(status, 503, "case {index}: {answer}");
                        }
                        None => {}
                    }
                    progress.notify_one();
                }
                ended.fetch_add(1, Ordering::Relaxed);
                progress.notify_one();
            });
        }
        let list = acknowledged.lock().expect("list");
        let list = progress
            .wait_while(list, |list| {
                list.len() < enough && ended.load(Ordering::Relaxed) < CLIENTS
            })
            .expect("list");
        drop(list);
        disturb();
    });
    acknowledged.into_inner().expect("list")
}

/// Everybody tries again, whatever they were told; nothing acknowledged was lost, and each rating counts once.
fn all_are_there_once(server: &Instance, round: usize, acknowledged: &[usize]) {
    let end = (round + 1) * PER_ROUND;
    for index in round * PER_ROUND..end {
        let (status, answer) = rate(&server.address, index).expect("a living server");
        assert!(status == 200 || status == 201, "case {index}: {answer}");
        if acknowledged.contains(&index) {
            assert_eq!(
                status, 200,
                "round {round}: the rating of case {index} was lost"
            );
        }
    }
    assert_eq!(
        stored(&server.address),
        end,
        "round {round}: a rating was lost or counted twice"
    );
}

/// Another moment in each round.
const fn enough(round: usize) -> usize {
    3 + round % (PER_ROUND - CLIENTS - 4)
}

fn one_server(province: &Province, rounds: usize) {
    province.import(rounds * PER_ROUND);
    for round in 0..rounds {
        let mut server = province.serve();
        let addresses = [server.address.clone()];
        let acknowledged = rate_while(&addresses, round, enough(round), || server.kill());
        all_are_there_once(&province.serve(), round, &acknowledged);
    }
}

#[test]
fn what_was_acknowledged_survives_kill_nine_and_counts_once() {
    one_server(&Province::new(None), rounds(10));
}

#[test]
fn on_postgresql_too() {
    let cluster = Cluster::start(true);
    one_server(&Province::new(Some(cluster.database())), rounds(4));
}

/// Each round kills one of three servers; every third, the database. The others go on, and so does the database's
/// own server when it is back, without a hand laid on it.
#[test]
fn three_servers_on_one_database_of_which_any_may_die() {
    let cluster = Cluster::start(true);
    let province = Province::new(Some(cluster.database()));
    let rounds = rounds(6);
    province.import(rounds * PER_ROUND);
    let mut servers: Vec<Instance> = (0..3).map(|_| province.serve()).collect();
    for round in 0..rounds {
        let addresses: Vec<String> = servers.iter().map(|one| one.address.clone()).collect();
        let database = round % 3 == 2;
        let acknowledged = rate_while(&addresses, round, enough(round), || {
            if database {
                cluster.kill();
                cluster.restart();
            } else {
                servers[round % 3].kill();
            }
        });
        // One that was not killed answers for all.
        all_are_there_once(&servers[(round + 1) % 3], round, &acknowledged);
        if !database {
            servers[round % 3] = province.serve();
        }
    }
}

/// A look-up of a case with a wrong proof: whether it was let in.
fn is_let_in(server: &Instance, case: usize) -> bool {
    let body = json!({ "case_code": code(case), "proof": "9999" });
    let answer = ask(&server.address, "POST", "/api/v1/lookup", &body);
    let (status, answer) = answer.expect("a living server");
    assert!(matches!(status, 404 | 429), "{answer}");
    status == 404
}

fn let_in(server: &Instance, case: usize) -> usize {
    (0..9).filter(|_| is_let_in(server, case)).count()
}

/// What a look-up leaves is written behind its answer. What is in the database by the moment of the kill stays, a stop
/// loses nothing, and a kill in that moment costs what was owed: never more than five tries, and no day of a notice shown
/// again on that day.
#[test]
fn a_kill_costs_what_look_ups_owed_in_that_moment_and_a_stop_nothing() {
    let province = Province::new(None);
    province.import_overdue(3);
    // Another server on the same file sees them as soon as they are written.
    let other = province.serve();
    let mut server = province.serve();
    assert_eq!(let_in(&server, 0), 5);
    until("tries are written", || {
        look_up(&other.address, 0).expect("an answer").0 == 429
    });
    drop(other);
    assert_eq!(let_in(&server, 1), 5);
    let (_, shown) = look_up(&server.address, 2).expect("an answer");
    server.kill();

    let mut server = province.serve();
    assert_eq!(let_in(&server, 0), 0, "they were written");
    assert!(let_in(&server, 1) <= 5);
    let (_, again) = look_up(&server.address, 2).expect("an answer");
    let notice = &again["apology"]["notice"];
    assert!(notice["fingerprint"].is_string(), "{again}");
    assert_eq!(*notice, shown["apology"]["notice"]);
    assert!(server.ask_to_stop().is_some_and(|ended| ended.success()));

    let server = province.serve();
    assert_eq!([0, 1].map(|case| let_in(&server, case)), [0; 2]);
    let (_, again) = look_up(&server.address, 2).expect("an answer");
    assert_eq!(again["apology"]["notice"], shown["apology"]["notice"]);
}
