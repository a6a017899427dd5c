//! Our notice: issued once, confirmed by number, and silent about the person.

use serde_json::{Value, json};

use crate::support::{Server, case};

const CODE: &str = "H98.1-261005-0001";

fn notice(server: &Server) -> Value {
    let asked = json!({ "case_code": CODE, "proof": "1234" });
    server.post("/api/v1/lookup", &asked).body["apology"]["notice"].clone()
}

#[test]
fn a_notice_is_confirmed_by_its_number_and_names_nobody() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let shown = notice(&server);
    assert_eq!(shown["issued"], "2026-10-15");
    assert_eq!(shown["history"], json!(["2026-10-15"]));
    // Shown again, it is the same notice.
    assert_eq!(notice(&server), shown);
    let number = shown["number"].as_str().unwrap();
    assert!(number.starts_with("TBQH-"), "a series of its own: {number}");
    let path = format!("/{}", shown["page"].as_str().unwrap());
    let (status, page) = server.get_page(&path);
    assert_eq!(status, 200);
    let fingerprint = shown["fingerprint"].as_str().unwrap();
    for text in [
        number,
        fingerprint,
        "UBND phường Một",
        "14 tháng 10 năm 2026",
        "15 tháng 10 năm 2026",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    for private in [CODE, "1.004222", "thường trú", "1234"] {
        assert!(!page.contains(private), "{private}");
    }
    let (status, page) = server.get_page("/thong-bao/TBQH-2222-2222");
    assert_eq!(status, 404);
    assert!(page.contains("không lập thông báo nào có số này"));
}

#[test]
fn changed_facts_are_a_new_text_under_the_same_number() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let first = notice(&server);
    server.import(&case(
        CODE,
        "9",
        json!({ "NgayKetThucXuLy": "20261015080000" }),
    ));
    let second = notice(&server);
    assert_eq!(second["number"], first["number"]);
    assert_ne!(second["fingerprint"], first["fingerprint"]);
    let (_, page) = server.get_page(&format!("/{}", first["page"].as_str().unwrap()));
    for one in [&first, &second] {
        assert!(page.contains(one["fingerprint"].as_str().unwrap()));
    }
}

#[test]
fn the_qr_code_leads_to_the_page_and_exists_for_issued_notices_alone() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let number = notice(&server)["number"].as_str().unwrap().to_owned();
    let (status, image) = server.get_page(&format!("/api/v1/notices/{number}/qr.svg"));
    assert_eq!(status, 200);
    assert!(image.contains("<svg"), "{image}");
    assert_eq!(
        server.get("/api/v1/notices/TBQH-2222-2222/qr.svg").status,
        404
    );
}

#[test]
fn an_answer_that_is_still_true_is_a_few_bytes() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let asked = json!({ "case_code": CODE, "proof": "1234" });
    let full = server.post("/api/v1/lookup", &asked).body;
    let version = full["version"].as_str().unwrap();
    let again = json!({ "case_code": CODE, "proof": "1234", "have": version });
    assert_eq!(
        server.post("/api/v1/lookup", &again).body,
        json!({ "access": "unchanged" })
    );
    // To the code alone it is another answer, and after a change too.
    let public = json!({ "case_code": CODE, "have": version });
    assert_eq!(
        server.post("/api/v1/lookup", &public).body["access"],
        "public"
    );
    server.import(&case(
        CODE,
        "9",
        json!({ "NgayKetThucXuLy": "20261014100000" }),
    ));
    let changed = server.post("/api/v1/lookup", &again).body;
    assert_eq!(changed["status"], "finished");
    assert_ne!(changed["version"], full["version"]);
    // The version is no way round the proof.
    let wrong = json!({ "case_code": CODE, "proof": "9999", "have": version });
    assert_eq!(server.post("/api/v1/lookup", &wrong).status, 404);
}
