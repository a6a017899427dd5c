//! Someone tries codes and proofs: the others go on, and nobody is shut out.

use dung_hen_server::guard::puzzle::{Puzzle, solve};
use serde_json::json;

use crate::support::{Answer, Server, case, code};

const CODE: &str = "H98.1-261005-0001";
const LIMITS: &str = "access = { network_wrong = 10, proxies = [\"127.0.0.0/8\"] }";

/// As a proxy in front says who asked.
fn from(server: &Server, visitor: &str, code: &str, proof: Option<&str>) -> Answer {
    let body = json!({ "case_code": code, "proof": proof });
    server.post_with("/api/v1/lookup", &body, &[("x-forwarded-for", visitor)])
}

/// Ten wrong answers from one address.
fn attack(server: &Server, visitor: &str) {
    for number in 1000..1010 {
        assert_eq!(
            from(server, visitor, &code(number), Some("1234")).code(),
            "no_match"
        );
    }
}

#[test]
fn whoever_tries_many_codes_must_work_and_others_need_not() {
    let server = Server::configured(&case(CODE, "4", json!({})), LIMITS);
    attack(&server, "203.0.113.7");
    // A right proof is asked as well: what comes before the look-up tells nothing of it.
    for (asked, proof) in [
        (CODE, Some("1234")),
        (CODE, Some("9999")),
        (&code(2000), Some("1234")),
        (CODE, None),
        (&code(2000), None),
    ] {
        let answer = from(&server, "203.0.113.7", asked, proof);
        assert_eq!(
            (answer.status, answer.code()),
            (428, "puzzle_required"),
            "{asked} {proof:?}"
        );
    }
    assert_eq!(from(&server, "203.0.113.8", CODE, Some("1234")).status, 200);
}

#[test]
fn a_solved_puzzle_opens_the_way_for_its_code() {
    let server = Server::configured(&case(CODE, "4", json!({})), LIMITS);
    attack(&server, "203.0.113.7");
    let asked = from(&server, "203.0.113.7", CODE, Some("1234")).body["puzzle"].clone();
    let number = |name: &str| u8::try_from(asked[name].as_u64().unwrap()).unwrap();
    let solution = solve(&Puzzle {
        challenge: asked["challenge"].as_str().unwrap().to_owned(),
        bits: number("bits"),
        steps: number("steps"),
    });
    let with = |code: &str, proof: &str| {
        let body = json!({ "case_code": code, "proof": proof });
        let headers = [
            ("x-forwarded-for", "203.0.113.7"),
            ("x-puzzle", solution.as_str()),
        ];
        server.post_with("/api/v1/lookup", &body, &headers)
    };
    assert_eq!(with(CODE, "1234").body["access"], "holder");
    assert_eq!(with(&code(2000), "1234").code(), "puzzle_required");
    // Tries at one code stay limited, work or not.
    for _ in 0..5 {
        assert_eq!(with(CODE, "9999").code(), "no_match");
    }
    assert_eq!(with(CODE, "9999").code(), "too_many_attempts");
}

/// A commune behind one address, everyone with their own case, some mistyping once.
#[test]
fn a_village_behind_one_address_is_not_asked() {
    let cases: Vec<String> = (0..60)
        .map(|number| case(&code(number), "4", json!({})))
        .collect();
    let server = Server::configured(&cases.join("\n"), LIMITS);
    for number in 0..60 {
        if number % 7 == 0 {
            assert_eq!(
                from(&server, "203.0.113.9", &code(number), Some("4321")).code(),
                "no_match"
            );
        }
        assert_eq!(
            from(&server, "203.0.113.9", &code(number), Some("1234")).status,
            200,
            "{number}"
        );
    }
}

/// Only what our own proxy adds is believed; the rest a visitor can write as they like.
#[test]
fn a_visitor_cannot_change_networks_by_a_header() {
    let server = Server::configured("", LIMITS);
    for number in 1000..1010 {
        let claimed = format!("198.51.100.{}, 203.0.113.7", number - 1000);
        assert_eq!(
            from(&server, &claimed, &code(number), Some("1234")).code(),
            "no_match"
        );
    }
    assert_eq!(
        from(&server, "198.51.100.99, 203.0.113.7", CODE, None).code(),
        "puzzle_required"
    );

    // Without a proxy that is named the header is not read at all.
    let server = Server::configured("", "access = { network_wrong = 10 }");
    for number in 1000..1010 {
        let claimed = format!("198.51.100.{}", number - 1000);
        from(&server, &claimed, &code(number), Some("1234"));
    }
    assert_eq!(
        from(&server, "198.51.100.99", CODE, None).code(),
        "puzzle_required"
    );
}

/// Whoever tries digits does not shut out the holder with the receipt in hand.
#[test]
fn the_secret_still_opens_when_digits_are_shut() {
    let server = Server::with(&case(CODE, "4", json!({})));
    for attempt in 0..5 {
        assert_eq!(
            server.lookup(CODE, Some(&format!("00000{attempt}"))).code(),
            "no_match"
        );
    }
    assert_eq!(
        server.lookup(CODE, Some("1234")).code(),
        "too_many_attempts"
    );
    assert_eq!(server.lookup(CODE, Some("K7QF-2MWX")).status, 200);
    // Secrets are tried a limited number of times, too.
    for attempt in 0..30 {
        assert_eq!(
            server
                .lookup(CODE, Some(&format!("AAAAAA{attempt:02}")))
                .code(),
            "no_match"
        );
    }
    assert_eq!(
        server.lookup(CODE, Some("K7QF-2MWX")).code(),
        "too_many_attempts"
    );
}

/// Four digits have ten thousand values: twenty tries a day leave one in five hundred.
#[test]
fn a_day_takes_twenty_short_proofs() {
    let mut server = Server::with(&case(CODE, "4", json!({})));
    let mut tried = 0;
    for window in 0..5 {
        server.at(&format!("2026-10-15T{:02}:00:00+07:00", 9 + window));
        while server.lookup(CODE, Some("9999")).code() == "no_match" {
            tried += 1;
        }
    }
    assert_eq!(tried, 20);
    let shut = server.lookup(CODE, Some("1234"));
    assert_eq!(shut.code(), "too_many_attempts");
    // 24 hours from the first of them, at 9 o'clock; now it is 13.
    assert_eq!(shut.header("retry-after"), Some("72000"));
    server.at("2026-10-16T09:00:00+07:00");
    assert_eq!(server.lookup(CODE, Some("1234")).status, 200);
}

/// Without JavaScript the puzzle is a wait, and what was typed is kept over it.
#[test]
fn without_javascript_the_puzzle_is_a_wait() {
    let mut server = Server::configured(
        &case(CODE, "4", json!({})),
        "access = { network_wrong = 10 }",
    );
    attack(&server, "");
    let form = [("case_code", CODE), ("proof", "1234"), ("lang", "vi")];
    let (status, page) = server.post_form("/tra-cuu", &form);
    assert_eq!(status, 428);
    assert!(
        page.contains("Số giây cần chờ:") && page.contains("<strong>20</strong>"),
        "{page}"
    );
    let hidden = |page: &str, name: &str| {
        let from = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap()
            .1;
        from.split_once('"').unwrap().0.to_owned()
    };
    let (proof, ticket) = (hidden(&page, "proof"), hidden(&page, "ticket"));
    let again = [
        ("case_code", CODE),
        ("proof", proof.as_str()),
        ("ticket", ticket.as_str()),
        ("lang", "vi"),
    ];
    assert_eq!(server.post_form("/tra-cuu", &again).0, 428, "too soon");
    server.at("2026-10-15T09:00:20+07:00");
    let (status, page) = server.post_form("/tra-cuu", &again);
    assert_eq!(status, 200);
    // Whoever has opened the case does not wait again to object.
    let ticket = hidden(&page, "ticket");
    let object = [
        ("case_code", CODE),
        ("proof", "1234"),
        ("kind", "date_moved"),
        ("ticket", ticket.as_str()),
    ];
    assert_eq!(server.post_form("/phan-anh", &object).0, 201);
    assert_eq!(server.post_form("/phan-anh", &object[..3]).0, 428);
}
