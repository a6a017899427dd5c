//! Ballot and rating: two calls that share nothing; once is once.

use serde_json::{Value, json};

use crate::support::{Server, case, case_of, number};

const CODE: &str = "H98.1-261005-0001";

fn finished() -> String {
    case(
        CODE,
        "10",
        json!({ "NgayKetThucXuLy": "20261013100000", "NgayTra": "20261014090000" }),
    )
}

fn ballot(server: &Server, code: &str, fill: char) -> Value {
    let answer = server.post(
        "/api/v1/ballots",
        &json!({ "case_code": code, "proof": "1234", "ballot_request": number(fill) }),
    );
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body
}

fn rating(ballot: &Value, overall: u8) -> Value {
    json!({ "ballot": ballot, "instrument": "five-factors-1", "language": "vi", "overall": overall,
            "factors": [{ "factor": "officials", "level": 4 }] })
}

#[test]
fn a_rating_is_stored_once_and_repeats_are_the_same() {
    let server = Server::with(&finished());
    let ballot = ballot(&server, CODE, 'a');
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
    let counters = server.get("/api/v1/counters").body;
    assert_eq!(
        counters,
        json!({ "received": 3, "stored": 1, "repeated": 1, "refused": 1 })
    );
    assert_eq!(
        server.lookup(CODE, Some("1234")).body["rating"],
        "ballot_given"
    );
}

#[test]
fn a_ballot_lost_on_the_way_is_given_again_to_the_same_number_only() {
    let server = Server::with(&finished());
    assert_eq!(ballot(&server, CODE, 'a'), ballot(&server, CODE, 'a'));
    let other = server.post(
        "/api/v1/ballots",
        &json!({ "case_code": CODE, "proof": "1234", "ballot_request": number('b') }),
    );
    assert_eq!((other.status, other.code()), (409, "ballot_already_given"));
}

#[test]
fn no_ballot_without_proof_or_before_there_is_something_to_rate() {
    let open = case(
        "H98.1-261012-0002",
        "4",
        json!({ "NgayTiepNhan": "20261012080000", "NgayHenTra": "20261021170000" }),
    );
    let server = Server::with(&format!("{}\n{open}", finished()));
    let ask = |code: &str, proof: &str, number: &str| {
        let body = json!({ "case_code": code, "proof": proof, "ballot_request": number });
        server.post("/api/v1/ballots", &body).code().to_owned()
    };
    assert_eq!(ask(CODE, "", &number('a')), "proof_required");
    assert_eq!(ask(CODE, "9999", &number('a')), "no_match");
    assert_eq!(ask("H98.1-261005-7777", "9999", &number('a')), "no_match");
    assert_eq!(ask(CODE, "1234", "short"), "ballot_request_invalid");
    assert_eq!(
        ask("H98.1-261012-0002", "1234", &number('a')),
        "rating_not_open"
    );
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

#[test]
fn forged_and_malformed_ratings_are_refused_and_counted() {
    let server = Server::with(&finished());
    let ballot = ballot(&server, CODE, 'a');
    let with = |key: &str, value: Value| {
        let mut body = rating(&ballot, 5);
        body[key] = value;
        body
    };
    let mut forged = ballot.clone();
    forged["label"]["agency"] = json!("H98.2");
    let mut other_number = ballot.clone();
    other_number["number"] = json!(number('b'));
    for (body, code) in [
        (with("ballot", forged), "ballot_invalid"),
        (with("ballot", other_number), "ballot_invalid"),
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
        (with("instrument", json!("nps")), "unknown_instrument"),
    ] {
        assert_eq!(server.post("/api/v1/ratings", &body).code(), code, "{body}");
    }
    let counters = server.get("/api/v1/counters").body;
    assert_eq!(
        counters,
        json!({ "received": 8, "stored": 0, "repeated": 0, "refused": 8 })
    );
}

#[test]
fn satisfaction_counts_the_two_upper_levels_and_suppresses_small_cells() {
    let cases: Vec<String> = (0..6)
        .map(|i| {
            let agency = if i < 5 { "H98.1" } else { "H98.2" };
            case_of(
                agency,
                &format!("H98.1-261005-100{i}"),
                "10",
                json!({ "NgayKetThucXuLy": "20261013100000" }),
            )
        })
        .collect();
    let server = Server::with(&cases.join("\n"));
    for (i, overall) in [5, 5, 4, 3, 2, 5].into_iter().enumerate() {
        let fill = char::from(b'a' + u8::try_from(i).unwrap());
        let ballot = ballot(&server, &format!("H98.1-261005-100{i}"), fill);
        assert_eq!(
            server
                .post("/api/v1/ratings", &rating(&ballot, overall))
                .status,
            201
        );
    }
    let all = server
        .get("/api/v1/metrics/satisfaction?period=2026-10")
        .body;
    // Six answers: 5, 5, 4, 3, 2, 5. Four are 4 or 5: 66.67 %.
    assert_eq!(all["overall"]["n"], 6);
    assert_eq!(all["overall"]["satisfied"], 4);
    assert_eq!(all["overall"]["percent"], 66.67);
    assert_eq!(all["official_index"], false);
    assert_eq!(all["factors"]["officials"]["satisfied"], 6);
    assert_eq!(all["factors"]["access"]["suppressed"], true);
    let small = server
        .get("/api/v1/metrics/satisfaction?period=2026-10&agency=H98.2")
        .body;
    assert_eq!(
        small["overall"],
        json!({ "suppressed": true, "n": null, "target": 93.0 })
    );
    let first = server
        .get("/api/v1/metrics/satisfaction?period=2026-Q4&agency=H98.1")
        .body;
    assert_eq!(
        (&first["overall"]["n"], &first["overall"]["satisfied"]),
        (&json!(5), &json!(3))
    );
}

/// What is kept of a rating names no case: not its code, its number or its seal.
#[test]
fn a_rating_row_holds_nothing_of_the_case() {
    let server = Server::with(&finished());
    let ballot = ballot(&server, CODE, 'a');
    server.post("/api/v1/ratings", &rating(&ballot, 5));
    // The same columns in PostgreSQL: `both_databases_have_the_same_tables_and_columns`.
    let Some(path) = server.database.strip_prefix("sqlite:") else {
        return;
    };
    let database = rusqlite::Connection::open(path).unwrap();
    let seal: Vec<u8> = database
        .query_row("SELECT ballot_seal FROM cases", [], |row| row.get(0))
        .unwrap();
    let spent: Vec<u8> = database
        .query_row("SELECT spent FROM ratings", [], |row| row.get(0))
        .unwrap();
    assert_ne!(seal, spent);
    let columns: Vec<String> = database
        .prepare("SELECT name FROM pragma_table_info('ratings')")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for forbidden in ["case_id", "case_code", "at", "created_at", "rowid", "id"] {
        assert!(
            !columns.iter().any(|column| column == forbidden),
            "{forbidden}"
        );
    }
}
