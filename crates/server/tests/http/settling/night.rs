//! The work of the night, while others rate.

use dung_hen_server::service;
use dung_hen_server::waiting::Waiting;

use super::{correct, in_database, numbers, rate, short, until, with_ballots};

/// PostgreSQL hangs while the work of the night asks it: nobody is in the room meanwhile. (In SQLite nothing keeps a
/// reader waiting.)
#[test]
fn the_work_of_the_night_keeps_nobody_out_while_the_database_hangs() {
    let (mut server, ballots) = with_ballots(9);
    if !server.database.starts_with("postgres:") {
        return;
    }
    let directory = server.directory.path().join("waiting");
    server.state.waiting = Waiting::open_for(&directory, short()).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    for ballot in &ballots[..5] {
        assert_eq!(rate(&server, ballot, 1), 201);
    }
    server.settle();
    let mut client = postgres::Client::connect(&server.database, postgres::NoTls).unwrap();
    let blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relation IN (SELECT oid FROM pg_class WHERE relname IN ('spent', 'ratings', 'tallies'))";
    let stages = [
        ("spent", "ACCESS EXCLUSIVE", "16"),
        ("ratings", "SHARE", "17"),
        ("tallies", "SHARE", "18"),
    ];
    for (stage, (table, mode, day)) in stages.into_iter().enumerate() {
        let late = &ballots[5 + stage];
        assert_eq!(rate(&server, late, 1), 201);
        // One that has entered: this waits for the night.
        assert_eq!(correct(&server, &ballots[stage], 5), 200);
        server.restart_at(&format!("2026-10-{day}T03:30:00+07:00"));
        let lock = format!("BEGIN; LOCK TABLE {table} IN {mode} MODE");
        client.batch_execute(&lock).unwrap();
        let state = server.state.clone();
        let night = server.spawn(async move { service::settle::keep_house(&state).await });
        until("the night does not ask", || {
            numbers(&server, blocked) == [1]
        });
        // One that waits, and, where ratings can be read, one that has entered and is being corrected just now.
        assert_eq!(correct(&server, late, 4), 200, "{table}");
        if table == "ratings" {
            assert_eq!(correct(&server, &ballots[stage], 2), 200, "{table}");
        }
        assert_eq!(server.get("/api/v1/counters").status, 200, "{table}");
        client.batch_execute("ROLLBACK").unwrap();
        server.block_on(night).unwrap().unwrap();
    }
    let room = server.block_on(server.state.waiting.enter()).unwrap();
    let waiting: Vec<u8> = room.all_ratings().map(|one| one.said.overall).collect();
    assert_eq!(waiting, [4; 3]);
    drop(room);
    // What was said last holds, also where it came while what was said before went over.
    assert_eq!(in_database(&server), [1, 1, 2, 5, 5]);
}
