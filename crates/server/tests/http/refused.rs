//! What must never be stored: each kind of bad rating and ballot is refused with a code and a sentence in both
//! languages, leaves nothing behind, and makes the counter of refusals one higher.

use serde_json::{Value, json};

use crate::sheets::sheet;
use crate::support::{Answer, Citizen, Server, case, code, finished, rating};
use crate::tokens::{claims, eddsa, server};

fn counters(server: &Server) -> [u64; 2] {
    let body = server.get("/api/v1/counters").body;
    ["refused", "stored"].map(|name| body[name].as_u64().unwrap())
}

/// Whether this was refused: with that code, in words, with nothing stored, and counted once.
fn refused(server: &Server, expected: &str, send: impl FnOnce(&Server) -> Answer) {
    let [before, stored] = counters(server);
    let answer = send(server);
    assert!(
        (400..500).contains(&answer.status),
        "{expected}: {answer:?}"
    );
    assert_eq!(answer.code(), expected, "{:?}", answer.body);
    for lang in ["vi", "en"] {
        let sentence = answer.body["message"][lang].as_str().unwrap_or_default();
        assert!(
            sentence.contains(' ') && sentence.ends_with('.'),
            "{expected} {lang}: {sentence}"
        );
    }
    assert_eq!(counters(server), [before + 1, stored], "{expected}");
}

#[test]
fn each_bad_rating_is_a_code_and_a_sentence_stored_nowhere_and_counted() {
    let done = json!({ "NgayKetThucXuLy": "20261013100000", "NgayTra": "20261014090000" });
    let cases: Vec<String> = (0..10)
        .map(|i| case(&code(i), "10", done.clone()))
        .collect();
    let mut server = server(&cases.join("\n"));
    let ballots: Vec<Value> = (0..9).map(|i| server.ballot(&code(i), i)).collect();
    let with = |name: &str, value: Value| {
        let mut body = rating(&ballots[0], 4);
        body[name] = value;
        body
    };
    let mut forged = ballots[0].clone();
    forged["output"] = ballots[1]["output"].clone();
    let send = |body: Value| move |server: &Server| server.post("/api/v1/ratings", &body);
    refused(
        &server,
        "unknown_instrument",
        send(with("instrument", json!("twelve-stars"))),
    );
    refused(
        &server,
        "answer_out_of_range",
        send(with("overall", json!(6))),
    );
    refused(&server, "ballot_invalid", send(with("ballot", forged)));
    refused(
        &server,
        "body_too_large",
        send(with("comment", json!("ố".repeat(1 << 19)))),
    );
    refused(
        &server,
        "comment_too_long",
        send(with("comment", json!("ố".repeat(1_001)))),
    );
    // Spent: the number has entered the database, and other answers come with it.
    for ballot in &ballots[4..9] {
        assert_eq!(
            server.post("/api/v1/ratings", &rating(ballot, 5)).status,
            201
        );
    }
    refused(&server, "ballot_spent", send(rating(&ballots[4], 1)));
    // A token of five minutes ago.
    let now = claims(&json!({}))["iat"].as_i64().unwrap();
    let over = eddsa(&claims(
        &json!({ "codes": [code(9)], "iat": now - 360, "exp": now - 60 }),
    ));
    refused(&server, "token_invalid", |server| {
        server.post_with(
            "/api/v1/ballots",
            &Citizen::new(9).ask(&code(9), ""),
            &[("authorization", &format!("Bearer {over}"))],
        )
    });
    // A clock set wrong: a quarter behind, and half a year ahead.
    for (clock, code) in [
        ("2026-09-30T23:59:00+07:00", "ballot_not_yet_valid"),
        ("2027-04-01T00:00:00+07:00", "ballot_expired"),
    ] {
        server.restart_at(clock);
        refused(&server, code, send(rating(&ballots[1], 4)));
    }
    // None of them used a ballot up, or left a comment.
    server.restart_at("2026-10-15T10:00:00+07:00");
    for ballot in &ballots[..2] {
        assert_eq!(
            server.post("/api/v1/ratings", &rating(ballot, 4)).status,
            201
        );
    }
    let kept = String::from_utf8_lossy(&server.everything_kept()).into_owned();
    assert!(!kept.contains("ốốốố") && !kept.contains("twelve-stars"));
    assert_eq!(
        server.ballot(&code(9), 9)["label"]
            .as_str()
            .map(str::is_empty),
        Some(false)
    );
}

/// Answers to a second questionnaire are answers, too.
#[test]
fn each_bad_sheet_is_a_code_and_a_sentence_stored_nowhere_and_counted() {
    let cases: Vec<String> = (0..6).map(|i| finished(&code(i))).collect();
    let everyone = "questions = { sixteen_one_in = 1 }";
    let server = Server::configured(&cases.join("\n"), everyone);
    let ballots: Vec<Value> = (0..6).map(|i| server.ballot(&code(i), i)).collect();
    let good = sheet(&ballots[0], |_| Some(4));
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let send = |body: Value| move |server: &Server| server.post("/api/v1/ratings/sheets", &body);
    let mut forged = ballots[0].clone();
    forged["output"] = ballots[1]["output"].clone();
    for (expected, body) in [
        (
            "unknown_instrument",
            with("instrument", json!("twelve-stars")),
        ),
        (
            "not_invited",
            with("instrument", json!("three-levels-tt32-1")),
        ),
        (
            "answer_out_of_range",
            sheet(&ballots[0], |name| {
                Some(if name == "polite" { 6 } else { 4 })
            }),
        ),
        ("ballot_invalid", with("ballot", forged)),
        ("bad_request_body", with("answers", json!("ố"))),
        (
            "body_too_large",
            with("language", json!("ố".repeat(1 << 19))),
        ),
    ] {
        refused(&server, expected, send(body));
    }
    assert_eq!(send(good)(&server).status, 201);
    let spent = sheet(&ballots[0], |_| Some(1));
    refused(&server, "ballot_spent", send(spent));
}

/// The same by the plain forms; answers that are refused use no ballot up, so another form of the same case is a rating.
#[test]
fn each_bad_form_is_a_sentence_stored_nowhere_and_counted() {
    let case = finished(&code(0));
    let server = Server::with(&case);
    let refused = |path: &str, fields: &[(&str, &str)]| {
        let [before, stored] = counters(&server);
        let (status, page) = server.post_form(path, fields);
        let said: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name, value.len()))
            .collect();
        assert!((400..500).contains(&status), "{path} {said:?}: {page}");
        assert!(page.contains("role=\"alert\""), "{path} {said:?}: {page}");
        assert_eq!(counters(&server), [before + 1, stored], "{path} {said:?}");
    };
    let megabyte = "ố".repeat(1 << 19);
    let long = "ố".repeat(1_001);
    let bad = [
        ("overall", "6"),
        ("overall", "six"),
        ("overall", ""),
        ("factor_officials", "0"),
        ("factor_stars", "4"),
        ("comment", &*long),
        ("comment", &*megabyte),
    ];
    let number = |seed| Citizen::new(seed).number.as_str().to_owned();
    let (first, second) = (number(1), number(2));
    let code = code(0);
    let of = |number| [("case_code", &*code), ("proof", "1234"), ("number", number)];
    // The first field of a name counts.
    let with =
        |more: (&'static str, _), rest: &[_]| [&[more][..], rest, &[("overall", "4")]].concat();
    for more in bad {
        refused("/danh-gia", &with(more, &of(&first)));
    }
    refused("/danh-gia", &with(("number", "0000"), &of(&first)));
    assert_eq!(
        server
            .post_form("/danh-gia", &with(("lang", "vi"), &of(&second)))
            .0,
        201
    );
    for more in bad {
        refused("/sua-danh-gia", &with(more, &[("number", &*second)]));
    }
    for more in [
        ("instrument", "twelve-stars"),
        ("instrument", "sixteen-criteria-1"),
        ("label", &*megabyte),
    ] {
        refused("/danh-gia/them", &with(more, &[("q_polite", "six")]));
    }
    let kept = String::from_utf8_lossy(&server.everything_kept()).into_owned();
    assert!(!kept.contains("ốốốố") && !kept.contains("twelve-stars"));
}
