//! Bad input: a machine code with a sentence in both languages, and nothing half-stored.

use serde_json::json;

use crate::support::{Answer, Server, case};

fn check(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status, answer.code()),
        (status, code),
        "{:?}",
        answer.body
    );
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    for lang in ["vi", "en"] {
        assert!(
            answer.body["message"][lang]
                .as_str()
                .is_some_and(|text| text.len() > 10),
            "{code}: no sentence in {lang}"
        );
    }
}

#[test]
fn bodies_that_cannot_be_read() {
    let server = Server::with("");
    let lookup = "/api/v1/lookup";
    let json_type = "application/json; charset=utf-8";
    check(
        &server.post_raw(lookup, json_type, "{\"case_code\":", None),
        400,
        "bad_request_body",
    );
    check(
        &server.post_raw(lookup, json_type, "{}", None),
        400,
        "bad_request_body",
    );
    check(
        &server.post_raw(lookup, json_type, "{\"case_code\":1}", None),
        400,
        "bad_request_body",
    );
    // By places instead of by names.
    check(
        &server.post_raw(
            lookup,
            json_type,
            " [\"H98.1-261005-0001\", \"1234\"]",
            None,
        ),
        400,
        "bad_request_body",
    );
    check(
        &server.post_raw(lookup, json_type, "{\"case_code\":\"H98\"} tail", None),
        400,
        "bad_request_body",
    );
    check(
        &server.post_raw(lookup, "text/plain", "{\"case_code\":\"H98\"}", None),
        415,
        "unsupported_media_type",
    );
    let huge = format!("{{\"case_code\":\"{}\"}}", "1".repeat(40_000));
    check(
        &server.post_raw(lookup, json_type, &huge, None),
        413,
        "body_too_large",
    );
}

/// To the byte as the documents say; in both languages, as nobody has read yet which one was asked for.
#[test]
fn the_largest_body_is_taken_and_no_larger_one() {
    let server = Server::with("");
    // Blanks after the value are part of the body and of nothing else.
    let padded = |text: &str, length: usize| format!("{text}{}", " ".repeat(length - text.len()));
    let code = r#"{"case_code":"H98.1-261005-0009"}"#;
    let key = Some("secret-of-the-connector");
    let none = r#"{"service":"DongBoHoSoMC","madonvi":"H98.1","data":[]}"#;
    for (path, text, key, largest, status) in [
        ("/api/v1/lookup", code, None, 32 * 1024, 404),
        ("/api/v1/connector", none, key, 16 * 1024 * 1024, 200),
    ] {
        let send = |length| server.post_raw(path, "application/json", &padded(text, length), key);
        let taken = send(largest);
        assert_eq!(taken.status, status, "{path}: {:?}", taken.body);
        check(&send(largest + 1), 413, "body_too_large");
    }
    for path in ["/tra-cuu", "/danh-gia", "/phan-anh", "/sua-danh-gia"] {
        let text = "x".repeat(40_000);
        let fields = [("lang", "en"), ("text", text.as_str())];
        let (status, page) = server.post_form(path, &fields);
        assert_eq!(status, 413, "{path}");
        for words in ["Nội dung gửi lên quá lớn", "The request is too large"] {
            assert!(page.contains(words), "{path}: {words}: {page}");
        }
    }
}

#[test]
fn an_error_names_the_field_but_never_its_value() {
    let server = Server::with("");
    let answer = server.post(
        "/api/v1/ballots",
        &json!({ "case_code": "X", "proof": 123_456, "blinded": "" }),
    );
    check(&answer, 400, "bad_request_body");
    assert!(
        answer.body["message"]["vi"]
            .as_str()
            .unwrap()
            .contains("proof")
    );
    assert!(!answer.body.to_string().contains("123456"));
}

/// A field that is missing is named with the way to it; where there is none to name, nothing is.
#[test]
fn a_missing_field_is_named() {
    let server = Server::with("");
    let title = |path: &str, body: &str| {
        let answer = server.post_raw(path, "application/json", body, None);
        check(&answer, 400, "bad_request_body");
        answer.body["title"].as_str().unwrap().to_owned()
    };
    let ballot = r#"{"ballot":{"number":"x"},"answers":{"instrument":"five-factors-1"}}"#;
    for (path, body, field) in [
        ("/api/v1/lookup", "{}", "case_code"),
        ("/api/v1/objections", r#"{"case_code":"X"}"#, "kind"),
        ("/api/v1/ratings", ballot, "ballot.label"),
    ] {
        let title = title(path, body);
        assert!(title.ends_with(&format!("Field: {field}.")), "{title}");
    }
    assert!(!title("/api/v1/lookup", "[]").contains("Field"));
}

#[test]
fn codes_that_cannot_be_codes() {
    let server = Server::with("");
    for code in ["", "   ", "Đơn số 1", "H98';--", &"1".repeat(65)] {
        check(&server.lookup(code, None), 422, "invalid_case_code");
        check(&server.lookup(code, Some("1234")), 422, "invalid_case_code");
    }
    check(
        &server.lookup("H98.1-261005-0009", None),
        404,
        "case_not_found",
    );
}

#[test]
fn addresses_and_methods_that_do_not_exist() {
    let server = Server::with("");
    check(&server.get("/api/v1/nothing"), 404, "not_found");
    check(&server.get("/nothing"), 404, "not_found");
    check(&server.get("/api/v1/lookup"), 405, "method_not_allowed");
    check(&server.get("/danh-gia"), 405, "method_not_allowed");
}

/// What nobody types by mistake is answered in our own form all the same: bytes that are no text, a field named twice.
#[test]
fn addresses_that_cannot_be_read() {
    let server = Server::with("");
    for (path, status, code) in [
        ("/api/v1/instruments/%ff", 404, "not_found"),
        ("/api/v1/notices/%ff/qr.svg", 404, "notice_not_found"),
        ("/api/v1/procedures/%ff/deadline", 400, "bad_request_body"),
        ("/api/v1/calendar?year=2026&year=2027", 422, "date_invalid"),
        (
            "/api/v1/counters?period=2026&period=2026",
            422,
            "period_invalid",
        ),
    ] {
        check(&server.get(path), status, code);
    }
    for path in ["connector", "connector/stream"] {
        let path = format!("/api/v1/{path}?MaDinhDanhDV=H98.1&MaDinhDanhDV=H98.2");
        let send = |key| server.post_raw(&path, "application/json", "{}", Some(key));
        check(&send("wrong"), 401, "connector_key_invalid");
        let answer = send("secret-of-the-connector");
        check(&answer, 400, "bad_request_body");
        let title = answer.body["title"].as_str().unwrap();
        assert!(title.contains("MaDinhDanhDV"), "{title}");
    }
    for (path, status, words) in [
        ("/tra-cuu?lang=en&lang=vi", 200, "Tra cứu hồ sơ"),
        ("/sua-danh-gia?lang=en&lang=vi", 200, "Sửa đánh giá"),
        (
            "/thong-bao/TBQH-1?lang=en&lang=vi",
            404,
            "không lập thông báo nào",
        ),
        ("/thong-bao/%ff", 404, "không lập thông báo nào"),
        ("/board/tai-ve/%ff", 404, "Không có địa chỉ này"),
        ("/thong-bao/%ff?lang=en", 404, "issued no notice"),
    ] {
        let (found, page) = server.get_page(path);
        assert_eq!(found, status, "{path}: {page}");
        assert!(
            page.contains("<!DOCTYPE html>") && page.contains(words),
            "{path}: {page}"
        );
    }
}

#[test]
fn years_that_cannot_be_years() {
    let server = Server::with("");
    for year in ["", "0", "-1", "10000", "543122906381504", "x"] {
        let answer = server.get(&format!("/api/v1/calendar?year={year}"));
        check(&answer, 422, "date_invalid");
    }
    assert_eq!(server.get("/api/v1/calendar?year=9999").status, 200);
}

/// What the description does not list is refused, the empty name too: who asks for a level by mistake would take the
/// figures of the province for its own.
#[test]
fn levels_and_splits_that_do_not_exist() {
    let server = Server::with("");
    for kind in [
        "satisfaction",
        "criteria",
        "formulas",
        "three-levels",
        "timeliness",
    ] {
        let path = format!("/api/v1/metrics/{kind}?period=2026-10");
        for level in ["", "moon", "null", "Commune", "commune,district"] {
            let answer = server.get(&format!("{path}&level={level}"));
            check(&answer, 422, "level_unknown");
        }
        assert_eq!(server.get(&format!("{path}&level=commune")).status, 200);
        // An agency of another level: neither the one's figures nor the other's, nor some of each.
        let both = |level| server.get(&format!("{path}&agency=H98.1&level={level}"));
        check(&both("province"), 422, "level_unknown");
        assert_eq!(both("commune").status, 200, "{kind}");
    }
    for kind in ["satisfaction", "timeliness"] {
        for by in ["", "shoe_size"] {
            let path = format!("/api/v1/metrics/{kind}?period=2026-10&by={by}");
            check(&server.get(&path), 422, "split_unknown");
        }
    }
}

#[test]
fn periods_and_agencies_that_do_not_exist() {
    let server = Server::with(&case("H98.1-261005-0001", "4", json!({})));
    for kind in ["satisfaction", "timeliness"] {
        for period in ["", "2026-13", "x", "2026-Q5", "2026&period=2026"] {
            check(
                &server.get(&format!("/api/v1/metrics/{kind}?period={period}")),
                422,
                "period_invalid",
            );
        }
        check(
            &server.get(&format!("/api/v1/metrics/{kind}?period=2026&agency=H00")),
            404,
            "agency_unknown",
        );
    }
}
