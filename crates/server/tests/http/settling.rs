//! Ratings are answered when they are safe, and enter the database behind that; at no moment is one lost, there twice,
//! or there alone.

use std::sync::Arc;

use dung_hen_server::waiting::Waiting;
use serde_json::{Value, json};

use crate::support::{Server, case, rating};

fn code(index: usize) -> String {
    format!("H98.1-261005-{index:04}")
}

/// A server with so many finished cases of one procedure, and their ballots from the fifth on: those share their label.
fn with_ballots(n: usize) -> (Server, Vec<Value>) {
    let cases: Vec<String> = (0..n + 4)
        .map(|i| {
            case(
                &code(i),
                "10",
                json!({ "NgayKetThucXuLy": "20261013100000" }),
            )
        })
        .collect();
    let server = Server::with(&cases.join("\n"));
    let mut ballots: Vec<Value> = (0..n + 4)
        .map(|i| server.ballot(&code(i), u32::try_from(i).unwrap()))
        .collect();
    let ballots = ballots.split_off(4);
    (server, ballots)
}

/// Rates, without waiting for anything to enter the database.
fn rate(server: &Server, ballot: &Value, overall: u8) -> u16 {
    let body = rating(ballot, overall).to_string();
    server
        .post_raw("/api/v1/ratings", "application/json", &body, None)
        .status
}

fn correct(server: &Server, ballot: &Value, overall: u8) -> u16 {
    let mut body = rating(&Value::Null, overall);
    body["ballot"].take();
    body["number"] = ballot["number"].clone();
    server.post("/api/v1/ratings/corrections", &body).status
}

/// What the ratings in the database say as a whole, sorted.
fn in_database(server: &Server) -> Vec<i64> {
    numbers(
        server,
        "SELECT CAST(overall AS BIGINT) FROM ratings ORDER BY overall",
    )
}

/// A column of numbers.
fn numbers(server: &Server, all: &str) -> Vec<i64> {
    match server.database.strip_prefix("sqlite:") {
        Some(path) => {
            let database = rusqlite::Connection::open(path).unwrap();
            let mut query = database.prepare(all).unwrap();
            let rows = query.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        }
        None => {
            let mut client = postgres::Client::connect(&server.database, postgres::NoTls).unwrap();
            let rows = client.query(all, &[]).unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

/// A database in which nothing can be written, but everything read.
enum Held {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>),
}

impl Held {
    fn hold(server: &Server) -> Self {
        match server.database.strip_prefix("sqlite:") {
            Some(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                connection.execute_batch("BEGIN IMMEDIATE").unwrap();
                Self::Sqlite(connection)
            }
            None => {
                let mut client =
                    postgres::Client::connect(&server.database, postgres::NoTls).unwrap();
                let lock = "BEGIN; LOCK TABLE spent, comments IN SHARE MODE";
                client.batch_execute(lock).unwrap();
                Self::Postgres(Box::new(client))
            }
        }
    }

    fn let_go(self) {
        match self {
            Self::Sqlite(connection) => connection.execute_batch("ROLLBACK").unwrap(),
            Self::Postgres(mut client) => client.batch_execute("ROLLBACK").unwrap(),
        }
    }
}

/// While a group is under way, others rate, one of the group corrects, and another sends again: all are answered, and all
/// of it is true when the group has arrived.
#[test]
fn nobody_who_rates_waits_for_the_database() {
    let (server, ballots) = with_ballots(10);
    let held = Held::hold(&server);
    for ballot in &ballots[..5] {
        assert_eq!(rate(&server, ballot, 1), 201);
    }
    // The five have company and are under way, or will be.
    assert_eq!(correct(&server, &ballots[0], 5), 200);
    assert_eq!(rate(&server, &ballots[1], 1), 200);
    assert_eq!(rate(&server, &ballots[1], 3), 409);
    assert_eq!(rate(&server, &ballots[5], 2), 201);
    assert!(in_database(&server).is_empty());
    let counters = server.get("/api/v1/counters").body;
    let expected =
        json!({ "received": 9, "stored": 6, "repeated": 1, "corrected": 1, "refused": 1 });
    assert_eq!(counters, expected);
    held.let_go();
    server.settle();
    // What was corrected may have entered as it was first; the sixth has no company, or has entered with the five.
    let entered = in_database(&server);
    assert!(entered.len() >= 5, "{entered:?}");
    assert_eq!(correct(&server, &ballots[2], 4), 200);
    assert_eq!(rate(&server, &ballots[3], 1), 200);
    server.keep_house();
    let mut entered = in_database(&server);
    entered.retain(|level| *level != 2);
    assert_eq!(entered, [1, 1, 1, 4, 5]);
}

/// The power goes between the commit and the erasing: what stands in both places counts once, is no company to anyone,
/// and what is corrected meanwhile is not lost.
#[test]
fn what_a_power_cut_left_in_both_places_counts_once_and_is_no_company() {
    let (mut server, ballots) = with_ballots(12);
    let room = server.directory.path().join("waiting/ratings");
    let held = Held::hold(&server);
    for ballot in &ballots[..5] {
        assert_eq!(rate(&server, ballot, 1), 201);
    }
    let before = std::fs::read(&room).unwrap();
    held.let_go();
    server.settle();
    assert_eq!(in_database(&server).len(), 5);
    // The room as it was, in a server started anew.
    let directory = server.directory.path().join("again");
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("ratings"), before).unwrap();
    server.state.waiting = Waiting::open(&directory).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    // One sends again, one corrects, a sixth comes: it would be alone.
    assert_eq!(rate(&server, &ballots[0], 1), 200);
    assert_eq!(correct(&server, &ballots[1], 5), 200);
    assert_eq!(rate(&server, &ballots[5], 2), 201);
    server.settle();
    assert_eq!(in_database(&server), [1; 5]);
    server.keep_house();
    assert_eq!(in_database(&server), [1, 1, 1, 1, 5]);
    // With four more it has company.
    for ballot in &ballots[6..10] {
        assert_eq!(rate(&server, ballot, 2), 201);
    }
    server.settle();
    assert_eq!(in_database(&server).len(), 10);
    assert_eq!(server.get("/api/v1/counters").body["stored"], 10);
}

/// The same found at the start, when a rating was corrected in the room after it had entered.
#[test]
fn what_was_corrected_after_a_power_cut_is_found_by_the_housekeeping() {
    let (mut server, ballots) = with_ballots(5);
    let room = server.directory.path().join("waiting/ratings");
    let held = Held::hold(&server);
    for ballot in &ballots {
        assert_eq!(rate(&server, ballot, 1), 201);
    }
    let before = std::fs::read(&room).unwrap();
    held.let_go();
    server.settle();
    let directory = server.directory.path().join("again");
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("ratings"), before).unwrap();
    server.state.waiting = Waiting::open(&directory).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    assert_eq!(correct(&server, &ballots[1], 4), 200);
    server.keep_house();
    assert_eq!(in_database(&server), [1, 1, 1, 1, 4]);
}

/// The power goes when a comment of a batch that has entered is not erased yet: the housekeeping does it, and does not
/// wait until four others have come.
#[test]
fn a_comment_that_a_power_cut_left_in_both_places_is_erased_by_the_housekeeping() {
    let (mut server, ballots) = with_ballots(6);
    let room = server.directory.path().join("waiting/ratings");
    let commented = |server: &Server, ballot: &Value, text: &str| {
        let mut body = rating(ballot, 3);
        body["comment"] = json!(text);
        assert_eq!(server.post("/api/v1/ratings", &body).status, 201);
    };
    let batches = "SELECT count(*) FROM comments";
    for ballot in &ballots[..3] {
        commented(&server, ballot, "đã đọc");
    }
    let before = std::fs::read(&room).unwrap();
    for ballot in &ballots[3..5] {
        commented(&server, ballot, "đã đọc");
    }
    server.settle();
    assert_eq!(numbers(&server, batches), [5]);
    let directory = server.directory.path().join("again");
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("ratings"), before).unwrap();
    server.state.waiting = Waiting::open(&directory).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    commented(&server, &ballots[5], "chưa đọc");
    server.keep_house();
    let texts: Vec<String> = server
        .block_on(server.state.waiting.enter())
        .unwrap()
        .all_comments()
        .map(|one| one.text.clone())
        .collect();
    assert_eq!(texts, ["chưa đọc"]);
    let bytes = std::fs::read(directory.join("ratings")).unwrap();
    let left = "đã đọc".as_bytes();
    assert!(!bytes.windows(left.len()).any(|part| part == left));
    assert_eq!(numbers(&server, batches), [5]);
}

/// With no room left for more that are under way, whoever rates waits, and is kept when there is room again.
#[test]
fn whoever_finds_no_room_waits_and_is_not_lost() {
    let (mut server, ballots) = with_ballots(20);
    let directory = server.directory.path().join("small");
    server.state.waiting = Waiting::open_for(&directory, 5).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    let held = Held::hold(&server);
    for ballot in &ballots[..5] {
        assert_eq!(rate(&server, ballot, 3), 201);
    }
    let stored = |server: &Server| server.get("/api/v1/counters").body["stored"].clone();
    let server = Arc::new(server);
    let more: Vec<_> = ballots[5..]
        .iter()
        .map(|ballot| {
            let (server, ballot) = (Arc::clone(&server), ballot.clone());
            std::thread::spawn(move || rate(&server, &ballot, 3))
        })
        .collect();
    // They are at the door, and none of them is in.
    assert_eq!(stored(&server), 5);
    held.let_go();
    for one in more {
        assert_eq!(one.join().unwrap(), 201);
    }
    server.settle();
    assert_eq!(stored(&server), 20);
    assert!(in_database(&server).len() >= 15);
}
