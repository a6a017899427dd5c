//! What a look-up leaves to be written: it counts from the answer on, is written a moment later, and what a server that
//! is killed in that moment forgets helps nobody.

use dung_hen_server::owed::Shown;
use dung_hen_server::store::{AttemptLimit, ErrorKind, NoticeRecord};
use serde_json::{Value, json};

use crate::receiver::{Received, Receiver, endpoint, run};
use crate::support::{Answer, NOW, Server, case};

const CODE: &str = "H98.1-261005-0001";
const TOMORROW: &str = "2026-10-16T09:00:00+07:00";

fn ask(url: &str, proof: &str) -> Answer {
    let body = json!({ "case_code": CODE, "proof": proof });
    Server::post_at(url, "/api/v1/lookup", &body)
}

/// How many of so many wrong proofs are let in.
fn let_in(url: &str, of: usize) -> usize {
    let tried = (0..of).map(|_| ask(url, "9999"));
    tried.filter(|one| one.code() == "no_match").count()
}

/// On SQLite; servers that share a PostgreSQL write each wrong proof before they answer.
fn on_sqlite(server: &Server) -> bool {
    !server.database.starts_with("postgres:")
}

#[test]
fn wrong_proofs_count_from_the_answer_on_written_or_not() {
    let server = Server::with(&case(CODE, "4", json!({})));
    assert_eq!(let_in(&server.url, 3), 3);
    server.written();
    assert_eq!(let_in(&server.url, 1), 1);
    // One in memory, three in the database: the fifth is the last.
    assert_eq!(let_in(&server.url, 9), 1);
    assert_eq!(ask(&server.url, "1234").code(), "too_many_attempts");
    server.written();
    assert_eq!(ask(&server.url, "1234").code(), "too_many_attempts");
    // Another window of a quarter of an hour, the same day: as many as it has.
    let (_, later) = server.another("2026-10-15T09:15:00+07:00");
    assert_eq!(let_in(&later, 9), 5);
}

#[test]
fn what_two_servers_count_adds_up_as_soon_as_it_is_written() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let (state, other) = server.another(NOW);
    assert_eq!((let_in(&server.url, 2), let_in(&other, 2)), (2, 2));
    server.written();
    server.block_on(state.owed.write(&state.store)).unwrap();
    assert_eq!(
        (let_in(&server.url, 9), let_in(&other, 9)),
        (1, on_sqlite(&server).into())
    );
    server.written();
    server.block_on(state.owed.write(&state.store)).unwrap();
    // Whichever is asked.
    for url in [&server.url, &other] {
        assert_eq!(ask(url, "1234").code(), "too_many_attempts");
    }
}

/// Whoever could kill a server again and again would have five more for each time: it takes 2,000 kills, each within a
/// quarter of a second, for four digits.
#[test]
fn a_server_that_is_killed_forgets_what_it_owed_and_nothing_more() {
    let server = Server::with(&case(CODE, "4", json!({})));
    assert_eq!(let_in(&server.url, 3), 3);
    server.written();
    assert_eq!(let_in(&server.url, 9), 2);
    let (_, next) = server.another(NOW);
    let forgotten = if on_sqlite(&server) { 2 } else { 0 };
    assert_eq!(let_in(&next, 9), forgotten);
}

#[test]
fn a_notice_is_confirmed_from_the_answer_on_and_shown_again_as_the_same() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let shown = ask(&server.url, "1234").body["apology"]["notice"].clone();
    let page = format!("/{}", shown["page"].as_str().unwrap());
    let fingerprint = shown["fingerprint"].as_str().unwrap();
    let confirmed = || {
        let (status, page) = server.get_page(&page);
        status == 200 && page.contains(fingerprint)
    };
    assert!(confirmed(), "before it is written");
    // Killed before it was: the next server shows the same on the same day, and issues it.
    let (_, next) = server.another(NOW);
    assert_eq!(ask(&next, "1234").body["apology"]["notice"], shown);
    server.written();
    assert!(confirmed(), "written");
    // Once it is written its first day stays.
    let (_, next) = server.another(TOMORROW);
    let again = ask(&next, "1234").body["apology"]["notice"].clone();
    assert_eq!(again["issued"], "2026-10-15");
    assert_eq!(again["history"], json!(["2026-10-15"]));
}

/// Told once, however often it was shown and by whomever.
#[test]
fn a_notice_shown_by_two_servers_is_kept_and_told_once() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let (state, other) = server.another(TOMORROW);
    let first = ask(&server.url, "1234").body["apology"]["notice"].clone();
    let second = ask(&other, "1234").body["apology"]["notice"].clone();
    assert_eq!(first["number"], second["number"]);
    server.written();
    server.block_on(state.owed.write(&state.store)).unwrap();
    let number = first["number"].as_str().unwrap().to_owned();
    let kept = server.state.store.read_now(|store| store.notices(&number));
    let days: Vec<String> = kept
        .unwrap()
        .iter()
        .map(|one| one.issued.to_string())
        .collect();
    assert_eq!(days, ["2026-10-15"], "the first day stays");
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "");
    run(&server, &endpoint, "2026-10-18T09:00:00+07:00");
    let told: Vec<Value> = receiver.received().iter().map(Received::json).collect();
    let told: Vec<&Value> = told
        .iter()
        .filter(|one| one["type"] == "notice.shown")
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["data"]["shown"], "2026-10-15");
}

/// Has the database take no wrong proof.
fn refuse_wrong_proofs(server: &Server) {
    if on_sqlite(server) {
        let file = server.database.trim_start_matches("sqlite:");
        let refuse = "CREATE TRIGGER refused BEFORE INSERT ON attempts
            BEGIN SELECT RAISE(ABORT, 'refused'); END";
        let database = rusqlite::Connection::open(file).unwrap();
        database.execute_batch(refuse).unwrap();
    } else {
        let refuse = "ALTER TABLE attempts ADD CONSTRAINT refused CHECK (wrong < 0)";
        let mut database =
            ::postgres::Client::connect(&server.database, ::postgres::NoTls).unwrap();
        database.batch_execute(refuse).unwrap();
    }
}

/// The right digits open a case without a write: so wrong ones must not be free where none can be made.
#[test]
fn wrong_proofs_count_also_where_the_database_takes_none() {
    let server = Server::with(&case(CODE, "4", json!({})));
    refuse_wrong_proofs(&server);
    assert_eq!(let_in(&server.url, 9), 5);
    assert_eq!(ask(&server.url, "1234").code(), "too_many_attempts");
}

/// So many are owed that whoever adds one waits for the disk, and it takes none: they count against their network still.
#[test]
fn a_wrong_proof_counts_against_its_network_also_where_it_cannot_be_written() {
    let server = Server::configured(
        &case(CODE, "4", json!({})),
        "access = { network_wrong = 1 }",
    );
    if !on_sqlite(&server) {
        // The same code; to refuse twenty thousand one by one would take PostgreSQL long.
        return;
    }
    refuse_wrong_proofs(&server);
    let (owed, store) = (&server.state.owed, &server.state.store);
    let limit = AttemptLimit {
        minutes: 15,
        wrong: 5,
    };
    for of in 0..10_000u16 {
        let counters = [1, 2].map(|kind| {
            let mut hash = [kind; 32];
            hash[..2].copy_from_slice(&of.to_le_bytes());
            (hash, limit)
        });
        let counted = owed.count_wrong(store, &counters, [None; 2], server.state.now());
        server.block_on(counted).unwrap();
    }
    assert_eq!(ask(&server.url, "9999").status, 500);
    assert_eq!(ask(&server.url, "1234").code(), "puzzle_required");
}

/// Has the database refuse notices of one agency.
fn refuse(server: &Server) {
    if on_sqlite(server) {
        let file = server.database.trim_start_matches("sqlite:");
        let refuse = "CREATE TRIGGER refused BEFORE INSERT ON notices WHEN NEW.agency = 'refused'
            BEGIN SELECT RAISE(ABORT, 'refused'); END";
        let database = rusqlite::Connection::open(file).unwrap();
        database.execute_batch(refuse).unwrap();
    } else {
        let refuse = "ALTER TABLE notices ADD CONSTRAINT refused CHECK (agency <> 'refused')";
        let mut database =
            ::postgres::Client::connect(&server.database, ::postgres::NoTls).unwrap();
        database.batch_execute(refuse).unwrap();
    }
}

/// It is owed still; the others and the wrong proofs are written.
#[test]
fn a_notice_that_cannot_be_written_holds_up_no_other() {
    let server = Server::with(&case(CODE, "4", json!({})));
    refuse(&server);
    let (owed, store) = (&server.state.owed, &server.state.store);
    let now = server.state.now();
    for (number, agency) in [("1", "H98.1"), ("2", "refused"), ("3", "H98.1")] {
        let notice = NoticeRecord {
            number: number.to_owned(),
            facts: [1; 32],
            agency: agency.to_owned(),
            promised: now.date(),
            issued: now.date(),
            digest: [2; 32],
        };
        let shown = Shown {
            notice,
            case_code: CODE.to_owned(),
            agency: "H98.1".to_owned(),
        };
        server.block_on(owed.shown(store, shown)).unwrap();
    }
    let limit = AttemptLimit {
        minutes: 15,
        wrong: 5,
    };
    let counters = [([1; 32], limit), ([2; 32], limit)];
    let counted = owed.count_wrong(store, &counters, [None; 2], now);
    server.block_on(counted).unwrap();
    let refused = server.block_on(owed.write(store)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Constraint);
    assert_eq!(owed.attempts(&counters), [None; 2]);
    let kept = store.read_now(|store| store.attempts([&[1; 32], &[2; 32]]));
    assert!(kept.unwrap().iter().all(Option::is_some));
    let left = ["1", "2", "3"].map(|number| owed.notices(number).len());
    assert_eq!(left, [0, 1, 0]);
    let kept = ["1", "2", "3"].map(|number| {
        let kept = store.read_now(|store| store.notices(number));
        kept.unwrap().len()
    });
    assert_eq!(kept, [1, 0, 1]);
}
