//! Ballot and rating: two calls that share nothing; once is once.

use dung_hen_server::store::{Reader, StoreError};
use serde_json::{Value, json};

use crate::support::{Citizen, Server, case, case_of, code, finished, rating};

const CODE: &str = "H98.1-261005-0001";

/// Finished, and collected by its holder.
fn collected() -> String {
    case(
        CODE,
        "10",
        json!({ "NgayKetThucXuLy": "20261013100000", "NgayTra": "20261014090000" }),
    )
}

/// A server with so many finished cases of one procedure.
fn with_cases(n: usize) -> Server {
    let cases: Vec<String> = (0..n).map(|i| finished(&code(i))).collect();
    Server::with(&cases.join("\n"))
}

fn counters(server: &Server) -> Value {
    server.get("/api/v1/counters").body
}

#[test]
fn a_rating_is_stored_once_and_repeats_are_the_same() {
    let server = Server::with(&collected());
    let ballot = server.ballot(CODE, 1);
    let first = server.post("/api/v1/ratings", &rating(&ballot, 5));
    assert_eq!(
        (first.status, &first.body["repeated"]),
        (201, &json!(false))
    );
    let again = server.post("/api/v1/ratings", &rating(&ballot, 5));
    assert_eq!((again.status, &again.body["repeated"]), (200, &json!(true)));
    assert_eq!(first.body["receipt"], again.body["receipt"]);
    let spent = server.post("/api/v1/ratings", &rating(&ballot, 1));
    assert_eq!((spent.status, spent.code()), (409, "ballot_spent"));
    assert_eq!(
        counters(&server),
        json!({ "received": 3, "stored": 1, "repeated": 1, "corrected": 0, "refused": 1 })
    );
    assert_eq!(
        server.lookup(CODE, Some("1234")).body["rating"],
        "ballot_given"
    );
}

#[test]
fn a_ballot_lost_on_the_way_is_given_again_to_the_same_request_only() {
    let server = Server::with(&collected());
    assert_eq!(server.ballot(CODE, 1), server.ballot(CODE, 1));
    let other = server.post("/api/v1/ballots", &Citizen::new(2).ask(CODE, "1234"));
    assert_eq!((other.status, other.code()), (409, "ballot_already_given"));
}

#[test]
fn no_ballot_without_proof_or_before_there_is_something_to_rate() {
    let open = case(
        "H98.1-261012-0002",
        "4",
        json!({ "NgayTiepNhan": "20261012080000", "NgayHenTra": "20261021170000" }),
    );
    let server = Server::with(&format!("{}\n{open}", collected()));
    let good = Citizen::new(1).ask(CODE, "1234")["blinded"].clone();
    let ask = |code: &str, proof: &str, blinded: &Value| {
        let body = json!({ "case_code": code, "proof": proof, "blinded": blinded });
        server.post("/api/v1/ballots", &body).code().to_owned()
    };
    assert_eq!(ask(CODE, "", &good), "proof_required");
    assert_eq!(ask(CODE, "9999", &good), "no_match");
    assert_eq!(ask("H98.1-261005-7777", "9999", &good), "no_match");
    assert_eq!(ask("H98.1-261012-0002", "1234", &good), "rating_not_open");
    // Too short; the identity of the group; bytes that are no element. None of them uses the ballot up.
    for malformed in ["short".to_owned(), "A".repeat(43), "_".repeat(42) + "8"] {
        assert_eq!(
            ask(CODE, "1234", &json!(malformed)),
            "ballot_request_invalid"
        );
    }
    assert_eq!(ask(CODE, "1234", &good), "");
}

/// Whoever checks the answer against the published keys is not traced by a key of their own.
#[test]
fn the_keys_are_published_with_their_fingerprint() {
    let server = Server::with("");
    let answer = server.get("/api/v1/ballots/keys");
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
    assert_eq!(answer.body["keys"].as_array().unwrap().len(), 40);
    assert_eq!(answer.body["keys"][0]["period"], "2026-Q1");
    assert_eq!(answer.body["fingerprint"].as_str().unwrap().len(), 64);
    assert_eq!(answer.body, server.get("/api/v1/ballots/keys").body);
}

#[test]
fn late_refused_and_withdrawn_cases_can_be_rated() {
    let late = case("H98.1-261005-0003", "4", json!({}));
    let withdrawn = case("H98.1-261005-0004", "7", json!({}));
    let refused = case("H98.1-261005-0005", "3", json!({}));
    let server = Server::with(&format!("{late}\n{withdrawn}\n{refused}"));
    for code in [
        "H98.1-261005-0003",
        "H98.1-261005-0004",
        "H98.1-261005-0005",
    ] {
        assert_eq!(
            server.lookup(code, Some("1234")).body["rating"],
            "open",
            "{code}"
        );
    }
}

/// Each is a code and a sentence, stores nothing, and is counted once.
#[test]
fn forged_and_malformed_ratings_are_refused_and_counted() {
    let server = Server::with(&collected());
    let ballot = server.ballot(CODE, 1);
    let with = |key: &str, value: Value| {
        let mut body = rating(&ballot, 5);
        body[key] = value;
        body
    };
    let forged = |key: &str, value: Value| {
        let mut forged = ballot.clone();
        forged[key] = value;
        with("ballot", forged)
    };
    let long = "ố".repeat(1001);
    let bodies = [
        (
            forged("label", json!("2026-Q4|H98.2|||||")),
            "ballot_invalid",
        ),
        (forged("label", json!("2026-10")), "ballot_invalid"),
        (
            forged("label", json!("2026-Q4||||||".repeat(100))),
            "ballot_invalid",
        ),
        (
            forged("number", json!(Citizen::new(2).number.as_str())),
            "ballot_invalid",
        ),
        (forged("number", json!("0000")), "ballot_invalid"),
        (forged("output", json!("A".repeat(86))), "ballot_invalid"),
        (with("overall", json!(0)), "answer_out_of_range"),
        (with("overall", json!(6)), "answer_out_of_range"),
        (with("overall", json!("5")), "bad_request_body"),
        (
            with("factors", json!([{ "factor": "faces", "level": 3 }])),
            "answer_out_of_range",
        ),
        (
            with(
                "factors",
                json!([{ "factor": "access", "level": 3 }, { "factor": "access", "level": 4 }]),
            ),
            "answer_out_of_range",
        ),
        // What was wrong is asked after a bad factor only; and each criterion once.
        (with("wrong", json!(["polite"])), "answer_out_of_range"),
        (with("wrong", json!(["rude"])), "answer_out_of_range"),
        (with("instrument", json!("nps")), "unknown_instrument"),
        (with("comment", json!(long)), "comment_too_long"),
        (
            with("comment", json!("x".repeat(1 << 20))),
            "body_too_large",
        ),
    ];
    for (sent, (body, code)) in (1..).zip(&bodies) {
        let answer = server.post("/api/v1/ratings", body);
        assert_eq!(answer.code(), *code);
        assert!(answer.body["message"]["vi"].as_str().unwrap().len() > 10);
        assert_eq!(
            counters(&server),
            json!({ "received": sent, "stored": 0, "repeated": 0, "corrected": 0, "refused": sent }),
            "{code}"
        );
    }
    // The ballot is as good as before.
    assert_eq!(
        server.post("/api/v1/ratings", &rating(&ballot, 5)).status,
        201
    );
}

/// Whoever programs a form of their own is told which field is wrong, however deep it stands.
#[test]
fn a_body_that_cannot_be_read_names_the_field() {
    let server = Server::with("");
    let (ballot, level) = (
        json!({ "label": "", "number": "", "output": "" }),
        json!([{ "factor": "access", "level": 4 }, { "factor": "officials", "level": "4" }]),
    );
    let whole = json!({
        "ballot": ballot, "number": "", "instrument": "five-factors-1", "language": "vi", "overall": 5,
    });
    for (name, value, field) in [
        ("overall", json!("5"), "overall"),
        ("overall", json!(256), "overall"),
        ("overall", Value::Null, "overall"),
        ("factors", level, "factors[1].level"),
        ("wrong", json!({}), "wrong"),
        ("wrong", json!(["slow", 1]), "wrong[1]"),
        ("comment", json!(["slow"]), "comment"),
    ] {
        let mut body = whole.clone();
        body[name] = value;
        for address in ["/api/v1/ratings", "/api/v1/ratings/corrections"] {
            let answer = server.post(address, &body);
            assert_eq!(answer.code(), "bad_request_body");
            let said = answer.body["message"]["en"].as_str().unwrap();
            assert!(
                said.ends_with(&format!("Field: {field}.")),
                "{address} {name}: {said}"
            );
        }
    }
    let mut body = whole;
    body.as_object_mut().unwrap().remove("language");
    let answer = server.post("/api/v1/ratings", &body);
    let said = answer.body["message"]["vi"].as_str().unwrap();
    assert!(said.ends_with("Trường: language."), "{said}");
}

#[test]
fn a_ballot_is_good_until_the_end_of_the_next_quarter() {
    let mut server = Server::with(&collected());
    let ballot = server.ballot(CODE, 1);
    let mut at = |moment: &str| {
        server.restart_at(moment);
        server
            .post("/api/v1/ratings", &rating(&ballot, 5))
            .code()
            .to_owned()
    };
    // A clock that has fallen behind, one that is right at the edge, and one beyond it.
    assert_eq!(at("2026-09-30T23:59:00+07:00"), "ballot_not_yet_valid");
    assert_eq!(at("2027-04-01T00:00:00+07:00"), "ballot_expired");
    assert_eq!(at("2027-03-31T23:59:00+07:00"), "");
    assert_eq!(counters(&server)["refused"], 2);
}

/// Ratings of level 4 and 5 in the database, published or not.
fn satisfied(server: &Server) -> usize {
    let mut satisfied = 0;
    let count = |store: &mut Reader<'_>| {
        let mut all = Vec::new();
        store.ratings_in_steps(|rating| all.push(rating.levels[0]))?;
        Ok::<_, StoreError>(all)
    };
    for level in server.state.store.read_now(count).unwrap() {
        satisfied += usize::from(level >= Some(4));
    }
    satisfied
}

/// A correction by the number alone, while the rating waits and after it has entered the database; not after its time.
#[test]
fn whoever_holds_the_number_corrects_until_the_end_of_the_next_week() {
    let mut server = with_cases(10);
    let ballots: Vec<Value> = (0..10)
        .map(|i| server.ballot(&code(i), u32::try_from(i).unwrap()))
        .collect();
    let number = |i: usize| ballots[i]["number"].as_str().unwrap().to_owned();
    let correct = |server: &Server, number: &str, overall: u8| {
        let mut body = rating(&Value::Null, overall);
        body["ballot"].take();
        body["number"] = json!(number);
        server.post("/api/v1/ratings/corrections", &body)
    };
    // The last six cases share the finest label. Four of them wait.
    for ballot in &ballots[4..8] {
        assert_eq!(
            server.post("/api/v1/ratings", &rating(ballot, 1)).status,
            201
        );
    }
    let grouped = number(4).to_lowercase();
    assert_eq!(correct(&server, &grouped, 5).status, 200);
    // The fifth lets them in.
    assert_eq!(
        server
            .post("/api/v1/ratings", &rating(&ballots[8], 1))
            .status,
        201
    );
    let overall = |server: &Server| {
        let body = server
            .get("/api/v1/metrics/satisfaction?period=2026-10")
            .body;
        (
            body["overall"]["n"].clone(),
            body["overall"]["satisfied"].clone(),
        )
    };
    // Published with the step of the day, not before.
    assert_eq!(overall(&server), (json!(null), json!(null)));
    server.keep_house();
    assert_eq!(overall(&server), (json!(5), json!(1)));
    let answer = correct(&server, &number(5), 4);
    // Thursday 15 October 2026: until Sunday 25.
    assert_eq!(
        (answer.status, &answer.body["correct_until"]),
        (200, &json!("2026-10-25"))
    );
    // Applied with the housekeeping, at no moment of its own; published when five have changed.
    assert_eq!(satisfied(&server), 1);
    server.keep_house();
    assert_eq!(satisfied(&server), 2);
    assert_eq!(
        correct(&server, &number(9), 4).code(),
        "rating_not_correctable"
    );
    assert_eq!(
        correct(&server, &format!("{}0", &number(5)[..23]), 4).code(),
        "receipt_mistyped"
    );
    server.restart_at("2026-10-25T23:59:00+07:00");
    assert_eq!(correct(&server, &number(6), 4).status, 200);
    server.restart_at("2026-10-26T00:00:00+07:00");
    assert_eq!(
        correct(&server, &number(7), 4).code(),
        "rating_not_correctable"
    );
    // Still the same rating, though nothing names its row any more.
    assert_eq!(
        server
            .post("/api/v1/ratings", &rating(&ballots[7], 1))
            .code(),
        "ballot_spent"
    );
    server.keep_house();
    assert_eq!(satisfied(&server), 3);
    assert_eq!(overall(&server), (json!(5), json!(1)));
    assert_eq!(
        counters(&server),
        json!({ "received": 12, "stored": 5, "repeated": 0, "corrected": 3, "refused": 4 })
    );
}

/// A rating of Thursday 15 October can be changed until Sunday the 25th, whenever it is changed or sent again; one that still
/// waits after that, today.
#[test]
fn a_receipt_never_promises_more_time_than_there_is() {
    let mut server = with_cases(10);
    let ballots: Vec<Value> = (0..10)
        .map(|i| server.ballot(&code(i), u32::try_from(i).unwrap()))
        .collect();
    for ballot in [0, 4, 5, 6, 7, 8].map(|i: usize| &ballots[i]) {
        let sent = server.post("/api/v1/ratings", &rating(ballot, 1));
        assert_eq!(sent.body["correct_until"], "2026-10-25");
    }
    let again = |server: &Server, i: usize| {
        let answer = server.post("/api/v1/ratings", &rating(&ballots[i], 1));
        assert_eq!(answer.body["repeated"], true, "{answer:?}");
        answer.body["correct_until"].as_str().unwrap().to_owned()
    };
    let correct = |server: &Server, i: usize| {
        let mut body = rating(&Value::Null, 1);
        body["ballot"].take();
        body["number"] = ballots[i]["number"].clone();
        let answer = server.post("/api/v1/ratings/corrections", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["correct_until"].as_str().unwrap().to_owned()
    };
    // Monday: the first waits alone, the fifth is in the database.
    server.restart_at("2026-10-19T09:00:00+07:00");
    for i in [0, 4] {
        assert_eq!(again(&server, i), "2026-10-25", "{i}");
        assert_eq!(correct(&server, i), "2026-10-25", "{i}");
    }
    let new = server.post("/api/v1/ratings", &rating(&ballots[1], 1));
    assert_eq!(new.body["correct_until"], "2026-11-01");
    server.restart_at("2026-10-26T09:00:00+07:00");
    assert_eq!(again(&server, 0), "2026-10-26");
    assert_eq!(correct(&server, 0), "2026-10-26");
    assert_eq!(correct(&server, 1), "2026-11-01");
}

/// Five of an agency, in no order, with neither case nor day nor procedure; fewer are not read at all.
#[test]
fn comments_are_read_in_batches_of_five() {
    let server = with_cases(12);
    let read = |bearer: &str| {
        server.get_with(
            "/api/v1/comments?agency=H98.1",
            "authorization",
            &format!("Bearer {bearer}"),
        )
    };
    let ballots: Vec<Value> = (0..12)
        .map(|i| server.ballot(&code(i), u32::try_from(i).unwrap()))
        .collect();
    for (i, ballot) in ballots[4..].iter().enumerate() {
        let mut body = rating(ballot, 2);
        body["comment"] = json!(format!("Góp ý {i}\u{7} "));
        assert_eq!(server.post("/api/v1/ratings", &body).status, 201);
        let batches = read("secret-of-the-connector").body["batches"].clone();
        assert_eq!(
            batches.as_array().unwrap().len(),
            usize::from(i >= 4),
            "{i}"
        );
    }
    let batch = read("secret-of-the-connector").body["batches"][0].clone();
    assert_eq!(batch["batch"], 1);
    let comments = batch["comments"].as_array().unwrap();
    assert_eq!(comments.len(), 5);
    let mut texts: Vec<&str> = comments
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    texts.sort_unstable();
    assert_eq!(
        texts,
        ["Góp ý 0", "Góp ý 1", "Góp ý 2", "Góp ý 3", "Góp ý 4"]
    );
    for comment in comments {
        let keys: Vec<&String> = comment.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["language", "text"]);
    }
    assert_eq!(read("someone else's").code(), "connector_key_invalid");
}

/// Of eight batches, all in the order of their arrival would come once in 120^8.
#[test]
fn comments_are_shuffled() {
    let server = with_cases(44);
    let ballots: Vec<Value> = (0..44)
        .map(|i| server.ballot(&code(i), u32::try_from(i).unwrap()))
        .collect();
    for (i, ballot) in ballots[4..].iter().enumerate() {
        let mut body = rating(ballot, 2);
        body["comment"] = json!(format!("Góp ý {i:02}"));
        assert_eq!(server.post("/api/v1/ratings", &body).status, 201);
    }
    let read = server.get_with(
        "/api/v1/comments?agency=H98.1",
        "authorization",
        "Bearer secret-of-the-connector",
    );
    let texts: Vec<&str> = read.body["batches"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|batch| batch["comments"].as_array().unwrap())
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    assert_eq!(sorted.len(), 40);
    assert_ne!(texts, sorted);
}

/// What found no company in its own month is made coarser until it has some: late, but never lost.
#[test]
fn lonely_ratings_enter_under_a_coarser_label() {
    let mut server = with_cases(9);
    let ballots: Vec<Value> = (0..9)
        .map(|i| server.ballot(&code(i), u32::try_from(i).unwrap()))
        .collect();
    // Four under the quarter alone, four under the finest label.
    for ballot in &ballots[..8] {
        assert_eq!(
            server.post("/api/v1/ratings", &rating(ballot, 4)).status,
            201
        );
    }
    let n = |server: &Server| {
        server
            .get("/api/v1/metrics/satisfaction?period=2026-Q4")
            .body["overall"]["n"]
            .clone()
    };
    server.keep_house();
    assert_eq!(n(&server), Value::Null);
    server.restart_at("2026-11-07T03:00:00+07:00");
    server.keep_house();
    assert_eq!(n(&server), Value::Null);
    // A week after the quarter they meet.
    server.restart_at("2027-01-08T03:00:00+07:00");
    server.keep_house();
    assert_eq!(n(&server), 8);
    assert_eq!(counters(&server)["stored"], 8);
}

#[test]
fn satisfaction_counts_the_two_upper_levels_and_suppresses_small_cells() {
    let mut cases: Vec<String> = (0..14).map(|i| finished(&code(i))).collect();
    cases.push(case_of(
        "H98.2",
        "H98.1-261005-9000",
        "10",
        json!({ "NgayKetThucXuLy": "20261013100000" }),
    ));
    let server = Server::with(&cases.join("\n"));
    // Four cases with ballots out before anyone rates: from the fifth on the label is the finest.
    let ballots: Vec<Value> = (0..14)
        .map(|i| server.ballot(&code(i), u32::try_from(i).unwrap()))
        .collect();
    for (ballot, overall) in ballots[4..].iter().zip([5, 5, 4, 3, 2, 5, 4, 4, 1, 3]) {
        assert_eq!(
            server
                .post("/api/v1/ratings", &rating(ballot, overall))
                .status,
            201
        );
    }
    let alone = server.ballot("H98.1-261005-9000", 99);
    assert_eq!(alone["label"], "2026-Q4||commune||||");
    assert_eq!(
        server.post("/api/v1/ratings", &rating(&alone, 1)).status,
        201
    );
    server.keep_house();
    let all = server
        .get("/api/v1/metrics/satisfaction?period=2026-10")
        .body;
    assert_eq!(all["step"], "2026-10-15");
    // Ten answers: 5, 5, 4, 3, 2, 5, 4, 4, 1, 3. Six are 4 or 5: 60 %. The eleventh waits.
    assert_eq!(all["overall"]["n"], 10);
    assert_eq!(all["overall"]["satisfied"], 6);
    assert_eq!(all["overall"]["percent"], 60.0);
    assert_eq!(all["official_index"], false);
    assert_eq!(all["factors"]["officials"]["satisfied"], 10);
    assert_eq!(all["factors"]["access"]["suppressed"], true);
    let small = server
        .get("/api/v1/metrics/satisfaction?period=2026-10&agency=H98.2")
        .body;
    assert_eq!(
        (&small["overall"]["suppressed"], &small["overall"]["n"]),
        (&json!(true), &Value::Null)
    );
    let quarter = server
        .get("/api/v1/metrics/satisfaction?period=2026-Q4&agency=H98.1")
        .body;
    assert_eq!(
        (&quarter["overall"]["n"], &quarter["overall"]["satisfied"]),
        (&json!(10), &json!(6))
    );
}

/// What is kept of a rating names no case, no moment and no number.
#[test]
fn a_rating_row_holds_nothing_of_the_case() {
    let server = with_cases(9);
    for i in 0..9 {
        let ballot = server.ballot(&code(i), u32::try_from(i).unwrap());
        server.post("/api/v1/ratings", &rating(&ballot, 5));
    }
    // The same columns in PostgreSQL: `both_databases_have_the_same_tables_and_columns`.
    let Some(path) = server.database.strip_prefix("sqlite:") else {
        return;
    };
    let database = rusqlite::Connection::open(path).unwrap();
    let rows: i64 = database
        .query_row("SELECT count(*) FROM ratings", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 5);
    for table in ["ratings", "spent", "comments"] {
        let columns: Vec<String> = database
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for forbidden in [
            "case_id",
            "case_code",
            "at",
            "created_at",
            "rowid",
            "number",
        ] {
            assert!(
                !columns.iter().any(|column| column == forbidden),
                "{table}.{forbidden}"
            );
        }
    }
}
