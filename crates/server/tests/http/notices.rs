//! Our notice: issued once, confirmed by number, and silent about the person.

use std::sync::Arc;

use dung_hen_server::steady::Steady;
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

/// Without a script it can be checked as well: by the code of its text, and where that is confirmed.
#[test]
fn the_page_of_a_case_shows_the_check_code_of_its_notice() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let shown = notice(&server);
    let confirmed = format!("/{}", shown["page"].as_str().unwrap());
    let page = |lang: &str| {
        let asked = [("case_code", CODE), ("proof", "1234"), ("lang", lang)];
        server.post_form("/tra-cuu", &asked).1
    };
    let link = format!("href=\"{confirmed}?lang=en\"");
    let fingerprint = shown["fingerprint"].as_str().unwrap();
    assert!(page("en").contains(&link), "{link}: {}", page("en"));
    for lang in ["vi", "en"] {
        assert!(page(lang).contains(fingerprint), "{fingerprint}");
    }
    // Issued anew, it names the days on which it was: as the element does.
    let mut server = server;
    server.import(&case(
        CODE,
        "9",
        json!({ "NgayKetThucXuLy": "20261015080000" }),
    ));
    server.restart_at("2026-10-16T09:00:00+07:00");
    let asked = [("case_code", CODE), ("proof", "1234"), ("lang", "vi")];
    let (_, page) = server.post_form("/tra-cuu", &asked);
    let line = page.split("Các lần lập thông báo này:").nth(1).unwrap();
    let line = line.split("</p>").next().unwrap();
    for day in ["15 tháng 10 năm 2026", "16 tháng 10 năm 2026"] {
        assert!(line.contains(day), "{day}: {line}");
    }
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

/// The whole notice in both languages.
fn text(notice: &Value) -> String {
    let paragraphs = notice["paragraphs"].as_array().unwrap();
    let both = |one: &Value| format!("{}\n{}\n", one["vi"], one["en"]);
    paragraphs.iter().map(both).collect()
}

/// It is read on a screen and on paper, where no form follows it and the agency's letter does not stand beside it.
#[test]
fn a_notice_points_at_nothing_that_paper_does_not_have() {
    let letter = json!({ "NgayBanHanh": "20261012080000", "SoVanBan": "1/PXL", "LyDo": "Thiếu người",
        "NgayHenTraMoi": "20261030170000", "NguoiKy": "A" });
    for letters in [json!([]), json!([letter])] {
        let server = Server::with(&case(CODE, "4", json!({ "DanhSachXinLoi": letters })));
        let text = text(&notice(&server));
        assert!(text.contains("phản ánh nơi tra cứu hồ sơ này"), "{text}");
        for screen in ["trang này", "this page"] {
            assert!(!text.contains(screen), "{screen}: {text}");
        }
    }
}

#[test]
fn a_case_that_has_ended_is_owed_a_reason_and_no_new_date() {
    let ended = json!({ "NgayKetThucXuLy": "20261015080000" });
    for (status, more, asked) in [("4", json!({}), true), ("9", ended, false)] {
        let server = Server::with(&case(CODE, status, more));
        let text = text(&notice(&server));
        assert!(text.contains("còn nợ ông/bà văn bản xin lỗi"), "{text}");
        assert!(text.contains("lý do") && text.contains("reason"), "{text}");
        for date in ["ngày hẹn mới", "ngày mới", "new date"] {
            assert_eq!(text.contains(date), asked, "{date}: {text}");
        }
    }
}

/// A letter that came when the case was over apologises and explains; a new date would make no sense in it.
#[test]
fn a_letter_after_the_end_lacks_no_new_date() {
    let letter = json!({ "NgayBanHanh": "20261015090000", "SoVanBan": "1/PXL", "LyDo": "Thiếu người",
        "NgayHenTraTruoc": "20261014170000", "CoQuanBanHanh": "UBND phường Một", "NguoiKy": "A" });
    for (status, end, lacks) in [
        ("4", Value::Null, true),
        ("9", json!("20261015080000"), false),
    ] {
        let more = json!({ "DanhSachXinLoi": [letter], "NgayKetThucXuLy": end });
        let server = Server::with(&case(CODE, status, more));
        let asked = json!({ "case_code": CODE, "proof": "1234" });
        let apology = server.post("/api/v1/lookup", &asked).body["apology"].clone();
        let text = text(&apology["notice"]);
        assert!(text.contains("đã có văn bản xin lỗi"), "{text}");
        assert!(!text.contains("hẹn lại"), "it names no date: {text}");
        assert_eq!(!apology["letters"][0]["incomplete"].is_null(), lacks);
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

/// What was issued stands for good. So a clock that has jumped a week ahead issues nothing: not of the case that is overdue
/// then alone, nor of the one that is overdue indeed, which is issued once the clock is believed.
#[test]
fn a_clock_that_has_jumped_issues_no_notice() {
    let mut server = Server::with(&case(CODE, "4", json!({})));
    let holds = |server: &Server| server.get("/health").body["clock_holds"].clone();
    assert_eq!(holds(&server), true);
    let now = server.state.now();
    let week_ago = now - chrono::Duration::days(7);
    server.state.steady = Arc::new(Steady::watching(Some(week_ago), now));
    server.at("2026-10-15T09:00:00+07:00");
    assert_eq!(holds(&server), false);
    assert_eq!(notice(&server), Value::Null);
    server.state.steady = Arc::new(Steady::watching(Some(now), now));
    server.at("2026-10-15T09:00:00+07:00");
    assert_eq!(holds(&server), true);
    assert_eq!(notice(&server)["history"], json!(["2026-10-15"]));
}
