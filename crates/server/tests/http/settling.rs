//! Ratings are answered when they are safe, and enter the database behind that; at no moment is one lost, there twice,
//! or there alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dung_hen_domain::integrity::Counted;
use dung_hen_domain::wire::RatingRequest;
use dung_hen_server::service;
use dung_hen_server::state::{AppState, Parts};
use dung_hen_server::waiting::{Entry, Limits, Rating, Said, Sheet, Waiting};
use serde_json::{Value, json};

mod night;

use crate::support::{Citizen, PATIENCE, Server, code, finished, rating, until};

/// A server with so many finished cases of one procedure, and their ballots from the fifth on: those share their label.
fn with_ballots(n: usize) -> (Server, Vec<Value>) {
    let cases: Vec<String> = (0..n + 4).map(|i| finished(&code(i))).collect();
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
    server.state.waiting = Waiting::open_for(&directory, few(Duration::from_secs(600))).unwrap();
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
    until("all of them wait", || server.state.waiting.at_door() == 15);
    assert_eq!(stored(&server), 5, "none of them is in");
    held.let_go();
    for one in more {
        assert_eq!(one.join().unwrap(), 201);
    }
    server.settle();
    assert_eq!(stored(&server), 20);
    assert!(in_database(&server).len() >= 15);
}

/// With no room for a long time they are told, and kept when they come again.
#[test]
fn whoever_finds_no_room_for_long_is_told() {
    let (mut server, ballots) = with_ballots(6);
    let directory = server.directory.path().join("small");
    server.state.waiting = Waiting::open_for(&directory, few(Duration::from_millis(250))).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    let held = Held::hold(&server);
    for ballot in &ballots[..5] {
        assert_eq!(rate(&server, ballot, 3), 201);
    }
    let refused = Server::post_at(&server.url, "/api/v1/ratings", &rating(&ballots[5], 3));
    assert_eq!((refused.status, refused.code()), (503, "store_unavailable"));
    assert_eq!(server.get("/api/v1/counters").body["received"], 5);
    held.let_go();
    server.settle();
    assert_eq!(rate(&server, &ballots[5], 3), 201);
    assert_eq!(in_database(&server), [3; 5]);
}

/// Another server has stopped in the middle, inside the room: whoever rates is told within their patience, no thread is
/// held, and all goes on when that one is out.
#[test]
fn a_server_that_stays_in_the_room_stops_no_other() {
    let (mut server, ballots) = with_ballots(5);
    let directory = server.directory.path().join("waiting");
    server.state.waiting = Waiting::open_for(&directory, short()).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    server.import(&finished(&code(9999)));
    let before = by_last_digits(&server);
    let inside = std::fs::File::open(directory.join("ratings")).unwrap();
    inside.lock().unwrap();
    for ballot in &ballots {
        let refused = Server::post_at(&server.url, "/api/v1/ratings", &rating(ballot, 3));
        assert_eq!((refused.status, refused.code()), (503, "store_unavailable"));
    }
    assert_eq!(correct(&server, &ballots[0], 3), 503);
    assert_eq!(server.get("/api/v1/counters").status, 503);
    // A ballot needs the room for its numbers alone: it is given, and what is refused is refused for its own reason.
    let ask = |citizen: u32| {
        let request = Citizen::new(citizen).ask(&code(9999), "1234");
        let answer = Server::post_at(&server.url, "/api/v1/ballots", &request);
        (answer.status, answer.code().to_owned())
    };
    assert_eq!(ask(90), (200, String::new()));
    assert_eq!(ask(91), (409, "ballot_already_given".to_owned()));
    for path in ["ratings", "ratings/corrections"] {
        let path = format!("/api/v1/{path}");
        let malformed = Server::post_at(&server.url, &path, &json!({ "ballot": 5 }));
        let why = (malformed.status, malformed.code());
        assert_eq!(why, (400, "bad_request_body"));
    }
    // More looks than there are threads.
    for index in 0..16 {
        assert_eq!(server.lookup(&code(index % 4), Some("1234")).status, 200);
    }
    inside.unlock().unwrap();
    // What could not be counted meanwhile is counted now: how the ballot was obtained, and each refusal.
    assert_eq!(server.get("/api/v1/counters").body["refused"], 3);
    assert_eq!(by_last_digits(&server), before + 1);
    for ballot in &ballots {
        assert_eq!(rate(&server, ballot, 3), 201);
    }
    server.settle();
    assert_eq!(in_database(&server), [3; 5]);
}

/// Ballots of the agency that were obtained so.
fn by_last_digits(server: &Server) -> u64 {
    server.block_on(async {
        let room = server.state.waiting.enter().await.unwrap();
        let of_agency = room.tallies().filter(|tally| tally.agency == "H98.1");
        of_agency
            .map(|tally| tally.get(Counted::LastDigits))
            .sum::<u64>()
    })
}

/// The other server is out again: what has company enters, though nobody rates any more and this one has looked in vain.
#[test]
fn what_has_company_enters_when_the_other_server_is_out_again() {
    let (mut server, ballots) = with_ballots(5);
    let directory = server.directory.path().join("waiting");
    server.state.waiting = Waiting::open_for(&directory, short()).unwrap();
    server.restart_at("2026-10-15T10:00:00+07:00");
    let held = Held::hold(&server);
    for ballot in &ballots {
        assert_eq!(rate(&server, ballot, 3), 201);
    }
    let inside = std::fs::File::open(directory.join("ratings")).unwrap();
    inside.lock().unwrap();
    held.let_go();
    // Each attempt ends with the right to it given back: there is another one after one that failed.
    for attempt in 1..=3 {
        let given_back = server.state.waiting.relieved().notified();
        let waited = async { tokio::time::timeout(PATIENCE, given_back).await };
        assert!(server.block_on(waited).is_ok(), "attempt {attempt}");
    }
    inside.unlock().unwrap();
    until("five of a label enter", || in_database(&server) == [3; 5]);
}

fn few(patience: Duration) -> Limits {
    Limits {
        unsettled: 5,
        patience,
        ..Limits::default()
    }
}

/// Nobody waits for long.
fn short() -> Limits {
    Limits {
        patience: Duration::from_millis(250),
        again: Duration::from_millis(10),
        ..Limits::default()
    }
}

/// The fifth of a label hangs up while its rating is on the way to the disk: it is kept all the same, and the five enter.
#[test]
fn whoever_hangs_up_leaves_nothing_undone() {
    let (server, ballots) = with_ballots(5);
    for ballot in &ballots[..4] {
        assert_eq!(rate(&server, ballot, 2), 201);
    }
    let request: RatingRequest = serde_json::from_value(rating(&ballots[4], 2)).unwrap();
    // A state of its own: what the server is still at with its last answers holds copies of the other.
    let state = AppState::from(Parts::clone(&server.state));
    let hung_up = async move {
        // Nobody gets into the room, so the request stays at its door.
        let room = state.waiting.enter().await.unwrap();
        let asked = state.clone();
        let asking =
            tokio::spawn(async move { service::rating::store(&asked, request).await.is_ok() });
        // This state, that of the asker, that of its work, and what stands at the door.
        let begun = Instant::now();
        while state.holders() < 4 {
            assert!(begun.elapsed() < PATIENCE, "it does not come to the door");
            tokio::task::yield_now().await;
        }
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        drop(room);
    };
    server.on_a_worker(hung_up);
    until("five of a label enter", || in_database(&server).len() == 5);
}

/// A correction brings the fifth comment on an agency: nobody else must come before they are read.
#[test]
fn a_comment_that_comes_with_a_correction_may_be_the_fifth() {
    let (server, ballots) = with_ballots(5);
    let mut comments = ballots.iter().map(|ballot| {
        let mut body = rating(ballot, 2);
        body["comment"] = json!("Ghế chờ hỏng");
        body
    });
    for body in comments.by_ref().take(4) {
        assert_eq!(server.post("/api/v1/ratings", &body).status, 201);
    }
    assert_eq!(rate(&server, &ballots[4], 2), 201);
    // Whoever let the five in has gone.
    until("nobody is at work any more", || {
        in_database(&server).len() == 5 && server.state.waiting.begin().is_some()
    });
    let mut body = comments.next().unwrap();
    body["ballot"].take();
    body["number"] = ballots[4]["number"].clone();
    assert_eq!(
        server.post("/api/v1/ratings/corrections", &body).status,
        200
    );
    let read = || {
        let key = "Bearer secret-of-the-connector";
        let answer = server.get_with("/api/v1/comments?agency=H98.1", "authorization", key);
        answer.body["batches"].as_array().map(Vec::len)
    };
    until("five comments enter", || read() == Some(1));
}

/// One group that the database does not take, and one that it does, of ratings and of second questionnaires: comments
/// enter too, and the night has its step and hands over its numbers.
#[test]
fn a_group_that_cannot_enter_holds_up_no_other() {
    let (mut server, ballots) = with_ballots(5);
    let state = server.state.clone();
    let broken = async move {
        let mut room = state.waiting.enter().await.unwrap();
        for n in 0..5 {
            let rating = Rating {
                spent: [n; 32],
                handle: [n; 32],
                label: "0: no label".to_owned(),
                instrument: "five-factors-1".to_owned(),
                language: "vi".to_owned(),
                said: Said {
                    overall: 3,
                    factors: [None; 5],
                    wrong: None,
                },
            };
            let entry = Entry {
                rating: Some(rating),
                ..Entry::default()
            };
            room.keep(entry).unwrap();
            for (of, label) in [(100, "0: no label"), (110, "2026-10|H98.1|commune||||")] {
                let sheet = Sheet {
                    spent: [of + n; 32],
                    label: label.to_owned(),
                    instrument: "sixteen-criteria-1".to_owned(),
                    language: "vi".to_owned(),
                    levels: vec![Some(4); 16],
                };
                let entry = Entry {
                    sheet: Some(sheet),
                    ..Entry::default()
                };
                room.keep(entry).unwrap();
            }
        }
    };
    server.on_a_worker(broken);
    for ballot in &ballots {
        let mut body = rating(ballot, 2);
        body["comment"] = json!("Ghế chờ hỏng");
        let kept = Server::post_at(&server.url, "/api/v1/ratings", &body);
        assert_eq!(kept.status, 201);
    }
    let state = server.state.clone();
    let settled = server.on_a_worker(async move { service::settle::settle(&state).await });
    assert!(settled.is_err(), "what could not enter is told");
    assert_eq!(in_database(&server), [2; 5]);
    assert_eq!(numbers(&server, "SELECT count(*) FROM comments"), [5]);
    server.restart_at("2026-10-16T03:30:00+07:00");
    let state = server.state.clone();
    let night = server.on_a_worker(async move { service::settle::keep_house(&state).await });
    assert!(night.is_err(), "sheets that could not be counted are told");
    let count = |table: &str| numbers(&server, &format!("SELECT count(*) FROM {table}"));
    let step = "figure_state WHERE name = 'satisfaction_step' AND value = '2026-10-16'";
    assert_eq!(count(step), [1]);
    assert_eq!(count("sheets_spent"), [5]);
    let stored = "SELECT value FROM tallies WHERE kind = 'stored' AND period = '2026-10-15'";
    assert_eq!(numbers(&server, stored), [5]);
}

/// Two servers with one room, one of which changes it all the time: whoever rates is kept once, wherever it is sent again,
/// though each look into the database is overtaken.
#[test]
fn servers_that_share_a_room_keep_a_rating_once() {
    let (mut server, ballots) = with_ballots(12);
    let directory = server.directory.path().join("waiting");
    let other = Waiting::open(&directory).unwrap();
    let first = server.url.clone();
    server.state.waiting = Arc::clone(&other);
    server.restart_at("2026-10-15T10:00:00+07:00");
    let noisy = Waiting::open(&directory).unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let noise = {
        let over = Arc::clone(&over);
        server.spawn(async move {
            let day = "2026-10-15".parse().unwrap();
            while !over.load(Ordering::Acquire) {
                let mut room = noisy.enter().await.unwrap();
                room.count("H98.9", day, &[(Counted::ReceiptSecret, 1)]);
            }
        })
    };
    let kept: Vec<_> = std::thread::scope(|scope| {
        let both: Vec<_> = (ballots.iter())
            .flat_map(|ballot| [(&first, ballot), (&server.url, ballot)])
            .map(|(url, ballot)| {
                let body = rating(ballot, 2);
                scope.spawn(move || Server::post_at(url, "/api/v1/ratings", &body).status)
            })
            .collect();
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    over.store(true, Ordering::Release);
    server.block_on(noise).unwrap();
    let of = |status: u16| kept.iter().filter(|one| **one == status).count();
    assert_eq!((of(201), of(200)), (12, 12), "{kept:?}");
    server.settle();
    // Groups entered while others came: fewer than five that were left over wait for company, and nobody is in both places.
    let waiting = server.block_on(async { server.state.waiting.enter().await.unwrap().ratings() });
    let entered = in_database(&server);
    assert!(waiting < 5, "{waiting} have company and wait");
    assert_eq!(entered.len() + waiting, 12, "{waiting} wait");
    assert!(entered.iter().all(|overall| *overall == 2));
    assert_eq!(server.get("/api/v1/counters").body["stored"], 12);
    // Each of them is known to both, not only their sum: one that was lost would be kept anew.
    for ballot in &ballots {
        for url in [&first, &server.url] {
            let again = Server::post_at(url, "/api/v1/ratings", &rating(ballot, 2));
            assert_eq!(again.status, 200, "{}", again.body);
        }
    }
}
