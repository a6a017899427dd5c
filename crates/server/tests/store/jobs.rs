//! Jobs: added with what makes them necessary, taken by one, never lost.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDateTime};
use dung_hen_server::keys::Digest;
use dung_hen_server::store::{
    JobCounts, NewJob, Store, StoreError, TAKE_ON_POSTGRES, TAKE_ON_SQLITE, TakenJob,
};

use crate::support::{Fixture, mark, marks, moment, on_both, until};

on_both!(
    a_job_is_added_once_and_done_once,
    a_job_waits_for_its_moment_and_a_lane_for_its_first,
    a_taker_who_says_nothing_loses_the_job,
    a_job_given_up_lets_the_lane_go_on_and_can_be_replayed,
    no_job_without_its_cause,
    of_many_takers_each_job_goes_to_one,
    to_take_some_is_not_to_look_at_all_that_wait,
);

const KIND: &str = "test";

fn job(key: &str, lane: Option<&str>, due: NaiveDateTime) -> NewJob {
    NewJob {
        kind: KIND.into(),
        key: key.to_owned(),
        lane: lane.map(str::to_owned),
        payload: format!("{{\"of\":\"{key}\"}}"),
        due,
    }
}

fn add(fixture: &Fixture, job: NewJob) -> bool {
    fixture
        .store
        .write_now(move |store| store.add_job(&job))
        .unwrap()
}

fn take(fixture: &Fixture, now: NaiveDateTime, limit: u32, taker: Digest) -> Vec<TakenJob> {
    fixture
        .store
        .write_now(move |store| store.take_jobs(KIND, now, Duration::minutes(5), limit, &taker))
        .unwrap()
}

fn finish(fixture: &Fixture, job: &TakenJob) -> bool {
    let job = job.clone();
    fixture
        .store
        .write_now(move |store| store.finish_job(&job))
        .unwrap()
}

fn keys(jobs: &[TakenJob]) -> Vec<&str> {
    jobs.iter().map(|job| job.key.as_str()).collect()
}

fn counts(fixture: &Fixture, now: NaiveDateTime) -> JobCounts {
    fixture
        .store
        .read_now(|store| store.job_counts(KIND, now))
        .unwrap()
}

fn a_job_is_added_once_and_done_once(fixture: &Fixture) {
    let now = moment(15, 9);
    assert!(add(fixture, job("a", None, now)));
    assert!(!add(fixture, job("a", None, now)));
    let taken = take(fixture, now, 10, [1; 32]);
    assert_eq!(keys(&taken), ["a"]);
    assert_eq!(taken[0].payload, "{\"of\":\"a\"}");
    assert_eq!(taken[0].tries, 1);
    assert_eq!(keys(&take(fixture, now, 10, [2; 32])), [""; 0]);
    assert!(finish(fixture, &taken[0]));
    assert!(!finish(fixture, &taken[0]));
    assert_eq!(counts(fixture, now), JobCounts::default());
    assert!(add(fixture, job("a", None, now)), "it may come up again");
}

fn a_job_waits_for_its_moment_and_a_lane_for_its_first(fixture: &Fixture) {
    let now = moment(15, 9);
    add(fixture, job("later", None, now + Duration::minutes(1)));
    add(fixture, job("first", Some("case 1"), now));
    add(fixture, job("second", Some("case 1"), now));
    add(fixture, job("other", Some("case 2"), now));
    let waiting = JobCounts {
        waiting: 4,
        due: 3,
        given_up: 0,
    };
    assert_eq!(counts(fixture, now), waiting);
    let taken = take(fixture, now, 10, [1; 32]);
    assert_eq!(keys(&taken), ["first", "other"]);
    // Failed: the lane waits for it, even while it is not due.
    let first = taken[0].clone();
    let again = now + Duration::minutes(2);
    fixture
        .store
        .write_now(move |store| store.retry_job(&first, again))
        .unwrap();
    let minute = now + Duration::minutes(1);
    assert_eq!(keys(&take(fixture, minute, 10, [2; 32])), ["later"]);
    let taken = take(fixture, again, 10, [3; 32]);
    assert_eq!(keys(&taken), ["first"]);
    assert_eq!(taken[0].tries, 2);
    assert!(finish(fixture, &taken[0]));
    assert_eq!(keys(&take(fixture, again, 10, [4; 32])), ["second"]);
}

fn a_taker_who_says_nothing_loses_the_job(fixture: &Fixture) {
    let now = moment(15, 9);
    add(fixture, job("a", None, now));
    let first = take(fixture, now, 1, [1; 32]);
    let early = now + Duration::minutes(4);
    assert_eq!(keys(&take(fixture, early, 1, [2; 32])), [""; 0]);
    let late = now + Duration::minutes(5);
    let second = take(fixture, late, 1, [2; 32]);
    assert_eq!(keys(&second), ["a"]);
    // The first comes back after all: nothing it says counts.
    assert!(!finish(fixture, &first[0]));
    let old = first[0].clone();
    assert!(
        !fixture
            .store
            .write_now(move |store| store.retry_job(&old, late))
            .unwrap()
    );
    assert!(finish(fixture, &second[0]));
}

fn a_job_given_up_lets_the_lane_go_on_and_can_be_replayed(fixture: &Fixture) {
    let now = moment(15, 9);
    add(fixture, job("first", Some("case 1"), now));
    add(fixture, job("second", Some("case 1"), now));
    let first = take(fixture, now, 1, [1; 32]).remove(0);
    assert!(
        fixture
            .store
            .write_now(move |store| store.give_up_job(&first, "410 Gone"))
            .unwrap()
    );
    assert_eq!(keys(&take(fixture, now, 10, [2; 32])), ["second"]);
    let counts = fixture
        .store
        .read_now(|store| store.job_counts(KIND, now))
        .unwrap();
    assert_eq!((counts.waiting, counts.given_up), (1, 1));
    let replay = || {
        fixture
            .store
            .write_now(move |store| store.replay_job(KIND, "first", now))
            .unwrap()
    };
    assert!(replay());
    assert!(!replay());
    assert_eq!(keys(&take(fixture, now, 10, [3; 32])), ["first"]);
}

fn no_job_without_its_cause(fixture: &Fixture) {
    let now = moment(15, 9);
    let outcome: Result<(), StoreError> = fixture.store.write_now(move |store| {
        store.add_job(&job("a", None, now))?;
        Err(StoreError::new(
            dung_hen_server::store::ErrorKind::Other,
            "the cause did not happen",
        ))
    });
    assert!(outcome.is_err());
    assert_eq!(counts(fixture, now), JobCounts::default());
}

/// Six servers, each with its own connections, take from one table at once.
fn of_many_takers_each_job_goes_to_one(fixture: &Fixture) {
    let now = moment(15, 9);
    for number in 0..60 {
        add(fixture, job(&format!("{number:02}"), None, now));
    }
    let done: Vec<String> = std::thread::scope(|scope| {
        let takers: Vec<_> = (0..6)
            .map(|taker: u8| {
                scope.spawn(move || {
                    let mut done = Vec::new();
                    for call in 0.. {
                        let taken = take(fixture, now, 4, [taker * 40 + call; 32]);
                        if taken.is_empty() {
                            break;
                        }
                        for job in taken {
                            assert!(finish(fixture, &job));
                            done.push(job.key);
                        }
                    }
                    done
                })
            })
            .collect();
        takers
            .into_iter()
            .flat_map(|taker| taker.join().unwrap())
            .collect()
    });
    let mut times = BTreeMap::new();
    for key in done {
        *times.entry(key).or_insert(0) += 1;
    }
    assert_eq!(times.len(), 60);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

const WORKER: &str = "DUNG_HEN_JOB_WORKER";
const JOBS: u32 = 240;

/// A rating that tells which job it came from.
/// Takes jobs and does them: "done" and what they are about in one transaction.
fn work(store: &Store, now: NaiveDateTime) -> usize {
    let taker = dung_hen_server::keys::random().unwrap();
    let taken = store
        .write_now(move |store| store.take_jobs(KIND, now, Duration::minutes(5), 3, &taker))
        .unwrap();
    for job in &taken {
        let job = job.clone();
        store
            .write_now(move |store| {
                if store.finish_job(&job)? {
                    mark(store)?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }
    taken.len()
}

/// A server that does nothing but jobs, until it is killed; it is one only where the test below starts it.
#[test]
fn worker() {
    let Ok(address) = std::env::var(WORKER) else {
        return;
    };
    let store = Store::open(&address).unwrap();
    while work(&store, moment(15, 9)) > 0 {}
}

/// Three servers work through one table and are killed in the middle of it, one after the other: every job is done,
/// none twice.
#[test]
fn killed_workers_lose_no_job_and_do_none_twice() {
    let fixture = crate::support::postgres();
    let now = moment(15, 9);
    for number in 0..JOBS {
        add(&fixture, job(&format!("{number:03}"), None, now));
    }
    let start = || {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "jobs::worker"])
            .env(WORKER, &fixture.address)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut workers: Vec<_> = (0..3).map(|_| start()).collect();
    for kill in 1..=6_u32 {
        let enough = u64::from(kill * JOBS / 12);
        until("enough is done", || marks(&fixture.store) >= enough);
        let mut worker = std::mem::replace(&mut workers[kill as usize % 3], start());
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    for mut worker in workers {
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    // What the dead had in their hands is free when their time has passed.
    let later = now + Duration::minutes(5);
    while work(&fixture.store, later) > 0 {}
    assert_eq!(counts(&fixture, later), JobCounts::default());
    assert_eq!(marks(&fixture.store), u64::from(JOBS), "each once");
}

/// A morning on which half a million promises were broken: who takes a hundred jobs goes along an index, and neither reads
/// all the others nor puts them in order.
fn to_take_some_is_not_to_look_at_all_that_wait(fixture: &Fixture) {
    let due = moment(15, 9);
    let add = fixture.store.write_now(move |store| {
        for n in 0..3000 {
            let lane = format!("lane {n}");
            store.add_job(&job(&format!("{n}"), Some(&lane), due))?;
        }
        Ok::<_, StoreError>(())
    });
    add.unwrap();
    let plan = if let Some(path) = fixture.address.strip_prefix("sqlite:") {
        let database = rusqlite::Connection::open(path).unwrap();
        database.execute_batch("ANALYZE").unwrap();
        let mut asked = database
            .prepare(&format!("EXPLAIN QUERY PLAN {TAKE_ON_SQLITE}"))
            .unwrap();
        let mut rows = asked.raw_query();
        let mut plan = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            plan.push(row.get::<_, String>(3).unwrap());
        }
        plan.join("\n")
    } else {
        let mut database =
            ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
        let take = TAKE_ON_POSTGRES.replace('?', "$");
        let ask = format!(
            "ANALYZE jobs; PREPARE take AS {take};
             EXPLAIN EXECUTE take('\\x00', '', '{KIND}', '2026-10-15T09:00:00+07:00', 100)"
        );
        let rows = database.simple_query(&ask).unwrap();
        let lines = rows.iter().filter_map(|row| match row {
            ::postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    for costly in ["Sort", "SCAN", "TEMP B-TREE"] {
        assert!(!plan.contains(costly), "{costly} in\n{plan}");
    }
    assert!(plan.contains("jobs_by_due"), "{plan}");
}
