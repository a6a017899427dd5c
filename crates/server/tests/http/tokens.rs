//! Tokens of portals where the citizen is signed in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Answer, Citizen, PORTAL_SECRET, Server, case, finished};

const CODE: &str = "H98.1-261005-0001";
/// 15 October 2026, 9:00 in Viet Nam.
const NOW: i64 = 1_792_029_600;

fn signing() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

/// Two portals: one with EdDSA, one with HS256.
pub(crate) fn server(cases: &str) -> Server {
    let public = URL_SAFE_NO_PAD.encode(signing().verifying_key().as_bytes());
    let portals = format!(
        r#"portals = [
            {{ issuer = "portal", audience = "dung-hen", algorithm = "EdDSA", public_key = "{public}" }},
            {{ issuer = "desk", audience = "dung-hen", algorithm = "HS256" }},
        ]"#
    );
    Server::configured(cases, &portals)
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn hs256(head: &Value, claims: &Value, secret: &[u8]) -> String {
    let body = format!("{}.{}", encoded(head), encoded(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(body.as_bytes());
    format!(
        "{body}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

pub(crate) fn eddsa(claims: &Value) -> String {
    let body = format!(
        "{}.{}",
        encoded(&json!({ "alg": "EdDSA" })),
        encoded(claims)
    );
    let signature = signing().sign(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// Claims of the portal for this case, `extra` overriding.
pub(crate) fn claims(extra: &Value) -> Value {
    let mut claims = json!({ "iss": "portal", "aud": "dung-hen", "iat": NOW, "exp": NOW + 300, "codes": [CODE] });
    for (key, value) in extra.as_object().unwrap() {
        claims[key] = value.clone();
    }
    claims
}

fn ask(server: &Server, token: &str, code: &str) -> Answer {
    let body = json!({ "case_code": code });
    server.post_with(
        "/api/v1/lookup",
        &body,
        &[("authorization", &format!("Bearer {token}"))],
    )
}

#[test]
fn a_token_opens_the_cases_that_it_lists_and_no_other() {
    let other = "H98.1-261005-0002";
    let server = server(&format!(
        "{}\n{}",
        case(CODE, "4", json!({})),
        case(other, "4", json!({}))
    ));
    let token = eddsa(&claims(&json!({})));
    assert_eq!(ask(&server, &token, CODE).body["access"], "holder");
    assert_eq!(ask(&server, &token, other).body["access"], "public");
    // A listed code that is not known looks like any other.
    let token = eddsa(&claims(&json!({ "codes": ["H98.1-261005-9999"] })));
    assert_eq!(
        ask(&server, &token, "H98.1-261005-9999").code(),
        "case_not_found"
    );
}

#[test]
fn a_token_opens_the_cases_of_its_holder() {
    let cases = [
        case(CODE, "4", json!({})),
        case(
            "H98.1-261005-0002",
            "4",
            json!({ "MaDoiTuong": "079000123457" }),
        ),
        // The same number in wide digits, as some system sends it.
        case(
            "H98.1-261005-0003",
            "4",
            json!({ "MaDoiTuong": "０７９０００１２３４５６" }),
        ),
    ];
    let server = server(&cases.join("\n"));
    // As a portal computes it: HMAC-SHA256 of the digits, under the key that both have.
    let mut mac = Hmac::<Sha256>::new_from_slice(&[0; 32]).unwrap();
    mac.update(b"079000123456");
    let holder = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    let token = eddsa(&claims(&json!({ "codes": [], "holder": holder })));
    for own in [CODE, "H98.1-261005-0003"] {
        assert_eq!(ask(&server, &token, own).body["access"], "holder", "{own}");
    }
    assert_eq!(
        ask(&server, &token, "H98.1-261005-0002").body["access"],
        "public"
    );
}

#[test]
fn a_ballot_and_an_objection_need_no_proof_beside_a_token() {
    let server = server(&finished(CODE));
    let authorization = format!("Bearer {}", eddsa(&claims(&json!({}))));
    let headers = [("authorization", authorization.as_str())];
    let ballot = Citizen::new(1).ask(CODE, "");
    assert_eq!(
        server
            .post_with("/api/v1/ballots", &ballot, &headers)
            .status,
        200
    );
    let objection = json!({ "case_code": CODE, "kind": "not_received" });
    assert_eq!(
        server
            .post_with("/api/v1/objections", &objection, &headers)
            .status,
        201
    );
}

#[test]
fn wrong_proofs_of_others_do_not_shut_out_the_bearer() {
    let server = server(&case(CODE, "4", json!({})));
    for _ in 0..6 {
        server.lookup(CODE, Some("9999"));
    }
    assert_eq!(
        server.lookup(CODE, Some("1234")).code(),
        "too_many_attempts"
    );
    assert_eq!(
        ask(&server, &eddsa(&claims(&json!({}))), CODE).body["access"],
        "holder"
    );
}

#[test]
fn a_token_that_does_not_hold_is_refused() {
    let server = server(&case(CODE, "4", json!({})));
    let good = claims(&json!({}));
    let desk = claims(&json!({ "iss": "desk" }));
    let hs = json!({ "alg": "HS256" });
    let public = signing().verifying_key().to_bytes();
    let mut broken = eddsa(&good);
    broken.replace_range(broken.len() - 4.., "AAAA");
    for (token, why) in [
        (String::new(), "none"),
        ("a.b.c".to_owned(), "no token"),
        (broken, "another signature"),
        (eddsa(&claims(&json!({ "exp": NOW }))), "over"),
        (
            eddsa(&claims(&json!({ "exp": NOW + 301 }))),
            "longer than five minutes",
        ),
        (
            eddsa(&claims(&json!({ "iat": NOW + 61, "exp": NOW + 300 }))),
            "from the future",
        ),
        (eddsa(&claims(&json!({ "exp": null }))), "without an end"),
        (
            eddsa(&claims(&json!({ "iat": null }))),
            "without a beginning",
        ),
        (
            eddsa(&claims(&json!({ "aud": "elsewhere" }))),
            "for another service",
        ),
        (
            eddsa(&claims(&json!({ "iss": "stranger" }))),
            "of a stranger",
        ),
        (eddsa(&desk), "of another portal, under this one's key"),
        (
            hs256(&hs, &desk, b"another secret of some length, here"),
            "under another secret",
        ),
        (hs256(&hs, &good, &public), "HS256 under the public key"),
        (
            hs256(&hs, &good, PORTAL_SECRET.as_bytes()),
            "HS256 for a portal with EdDSA",
        ),
        (
            format!("{}.{}.", encoded(&json!({ "alg": "none" })), encoded(&good)),
            "no signature",
        ),
        (
            hs256(&json!({ "alg": "none" }), &desk, PORTAL_SECRET.as_bytes()),
            "algorithm none",
        ),
        ("a".repeat(9000), "too long"),
    ] {
        let answer = ask(&server, &token, CODE);
        assert_eq!(
            (answer.status, answer.code()),
            (401, "token_invalid"),
            "{why}"
        );
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{why}");
    }
    assert_eq!(
        ask(&server, &hs256(&hs, &desk, PORTAL_SECRET.as_bytes()), CODE).status,
        200
    );
}

#[test]
fn a_key_of_a_connector_sends_and_a_revoked_or_foreign_one_does_not() {
    use dung_hen_server::service::apikey;
    let server = server("");
    let (state, now) = (&server.state, server.state.now());
    let make = |scope: &str, days: Option<u32>| {
        let (key, text) = apikey::make(&state.keys, "test", scope, days, now).unwrap();
        let id = key.id.clone();
        apikey::add(&state.store, &state.keys, key, "test").unwrap();
        (id, text)
    };
    let send = |text: &str| {
        let line = case(CODE, "4", json!({}));
        server
            .post_raw("/api/v1/connector", "application/json", &line, Some(text))
            .status
    };
    let (id, text) = make("connector", Some(1));
    assert_eq!(send(&text), 200);
    assert_eq!(send(&make("gateway", None).1), 401);
    assert_eq!(send(&make("connector", Some(0)).1), 401);
    let secret_of_another = text.replace(&id, &make("connector", None).0);
    for wrong in [
        &text[..text.len() - 1],
        &format!("{text}A"),
        &secret_of_another,
        "dh_",
        "dh_x_y",
        &id,
    ] {
        assert_eq!(send(wrong), 401, "{wrong}");
    }
    assert!(apikey::revoke(&state.store, &state.keys, &id, "test", now).unwrap());
    assert_eq!(send(&text), 401);
    // The key itself is nowhere in the database.
    let secret = text.strip_prefix(&format!("dh_{id}_")).unwrap();
    for entry in std::fs::read_dir(server.directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(path).unwrap();
        assert!(
            !bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
}
