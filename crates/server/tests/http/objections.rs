//! Objections: a reference number for the holder, and for whoever holds a receipt the system does not know.

use serde_json::json;

use crate::support::{Server, case};

const CODE: &str = "H98.1-261005-0001";

#[test]
fn the_holder_objects_and_gets_a_reference() {
    let server = Server::with(&case(
        CODE,
        "10",
        json!({ "NgayKetThucXuLy": "20261013100000" }),
    ));
    let body = json!({ "case_code": CODE, "proof": "1234", "kind": "not_received", "text": "Tôi chưa nhận gì." });
    let answer = server.post("/api/v1/objections", &body);
    assert_eq!(answer.status, 201);
    assert!(
        answer.body["reference"]
            .as_str()
            .unwrap()
            .starts_with("PA-")
    );
}

#[test]
fn an_unknown_code_needs_no_proof_and_tells_nothing() {
    let server = Server::with(&case(CODE, "4", json!({})));
    for code in ["H98.1-261005-9999", CODE] {
        let answer = server.post(
            "/api/v1/objections",
            &json!({ "case_code": code, "kind": "unknown_code" }),
        );
        assert_eq!(answer.status, 201, "{code}");
        assert_eq!(answer.body.as_object().unwrap().len(), 1);
    }
}

#[test]
fn bad_objections_are_refused() {
    let server = Server::with(&case(CODE, "4", json!({})));
    for (body, code) in [
        (
            json!({ "case_code": CODE, "kind": "date_moved" }),
            "proof_required",
        ),
        (
            json!({ "case_code": CODE, "kind": "date_moved", "proof": "9999" }),
            "no_match",
        ),
        (
            json!({ "case_code": CODE, "kind": "something", "proof": "1234" }),
            "unknown_objection_kind",
        ),
        (
            json!({ "case_code": CODE, "kind": "date_moved", "proof": "1234", "text": "a".repeat(2001) }),
            "text_too_long",
        ),
        (
            json!({ "case_code": "<>", "kind": "unknown_code" }),
            "invalid_case_code",
        ),
    ] {
        assert_eq!(
            server.post("/api/v1/objections", &body).code(),
            code,
            "{body}"
        );
    }
    // 2000 characters of two bytes each are not too long.
    let long = json!({ "case_code": CODE, "kind": "date_moved", "proof": "1234", "text": "ơ".repeat(2000) });
    assert_eq!(server.post("/api/v1/objections", &long).status, 201);
}
