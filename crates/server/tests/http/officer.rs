//! Officers: who comes in, the cases due, the letters that agencies have signed, the pages for both.

mod letters;
mod list;
mod pages;

use serde_json::{Value, json};

use crate::support::{Answer, Server, case};

pub(crate) use pages::hidden;

const CODE: &str = "H98.1-261005-0001";
const OTHER: &str = "H98.2-261005-0001";

/// Keys `key-of-one` (agency H98.1), `key-of-all` (letters everywhere), `key-without` (objections alone).
fn officers() -> String {
    let officer = |name: &str, key: &str, agency: &str, roles: &str| {
        let hash = dung_hen_server::service::officer::key_hash(key);
        format!(
            "{{ name = \"{name}\", body = \"Bộ phận Một cửa\", {agency} roles = [{roles}], key_sha256 = \"{hash}\" }}"
        )
    };
    format!(
        "officers = [{}, {}, {}]",
        officer(
            "Bà Một",
            "key-of-one",
            "agency = \"H98.1\",",
            "\"letters\", \"objections\""
        ),
        officer("Ông Tất Cả", "key-of-all", "", "\"letters\""),
        officer("Cô Không", "key-without", "", "\"objections\""),
    )
}

fn server(cases: &str) -> Server {
    Server::configured(cases, &officers())
}

fn ask(server: &Server, path: &str, key: &str, body: &Value) -> Answer {
    server.post_raw(
        &format!("/api/v1/officer/{path}"),
        "application/json",
        &body.to_string(),
        Some(key),
    )
}

/// Promised for Wed 14/10; today is Thu 15/10. A letter of today is late.
fn letter() -> Value {
    json!({
        "case_code": CODE, "number": "12/PXL", "reason": "Chờ kết quả đo đạc", "issued": "2026-10-15",
        "revised_due": "2026-10-21", "signer": "Bà Trần Thị Mẫu, Chủ tịch", "evidence": "0".repeat(64),
        "confirmed": ["issued_late"],
    })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

fn codes(list: &Answer) -> Vec<String> {
    list.body["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["case_code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_key_that_is_wrong_or_without_the_role_opens_nothing() {
    let server = server(&case(CODE, "4", json!({})));
    for path in ["cases", "letters", "objections", "objections/answers"] {
        let path = format!("/api/v1/officer/{path}");
        assert_eq!(server.post(&path, &json!({})).code(), "officer_key_invalid");
    }
    for key in ["", "nothing", "key-of-one "] {
        let answer = ask(&server, "cases", key, &json!({}));
        // Blanks around a key are not part of it.
        let expected = if key.trim() == "key-of-one" {
            ""
        } else {
            "officer_key_invalid"
        };
        assert_eq!(answer.code(), expected, "{key:?}");
    }
    assert_eq!(
        ask(&server, "cases", "key-without", &json!({})).code(),
        "role_missing"
    );
    assert_eq!(
        ask(&server, "letters", "key-without", &letter()).code(),
        "role_missing"
    );
}
