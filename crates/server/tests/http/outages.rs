//! Planned outages: told to everyone from the day of their announcement until they are over, and to nobody else.

use serde_json::{Value, json};

use crate::support::{Server, case};

const CODE: &str = "H98.1-261005-0001";
const VI: &str = "từ 22:00 ngày 20 tháng 10 năm 2026 đến 05:00 ngày 21 tháng 10 năm 2026";
const EN: &str = "from 22:00 on 20 October 2026 to 05:00 on 21 October 2026";

fn server() -> Server {
    // The later one first: what is told is the first to begin.
    let outages = r#"outages = [
        { announced = "2026-10-09", from = "2026-11-02T22:00", until = "2026-11-03T05:00" },
        { announced = "2026-10-08", from = "2026-10-20T22:00", until = "2026-10-21T05:00" },
    ]"#;
    Server::configured(&case(CODE, "4", json!({})), outages)
}

fn told(server: &Server) -> [Value; 3] {
    let shown = server.lookup(CODE, None).body;
    let held = server.lookup(CODE, Some("1234")).body;
    [&shown, &held, &server.get("/api/v1/province").body].map(|body| body["outage"].clone())
}

#[test]
fn an_outage_is_told_from_its_announcement_until_it_is_over() {
    let mut server = server();
    server.at("2026-10-07T23:59:00+07:00");
    assert_eq!(told(&server), [json!(null), json!(null), json!(null)]);
    for now in ["2026-10-08T00:00:00+07:00", "2026-10-21T04:59:00+07:00"] {
        server.at(now);
        for outage in told(&server) {
            let (vi, en) = (
                outage["vi"].as_str().unwrap(),
                outage["en"].as_str().unwrap(),
            );
            assert!(vi.contains(VI) && en.contains(EN), "{now}: {outage}");
        }
    }
    server.at("2026-10-21T05:00:00+07:00");
    for outage in told(&server) {
        let vi = outage["vi"].as_str().unwrap();
        assert!(vi.contains("từ 22:00 ngày 2 tháng 11 năm 2026"), "{vi}");
    }
    server.at("2026-11-03T05:00:00+07:00");
    assert_eq!(told(&server), [json!(null), json!(null), json!(null)]);
}

#[test]
fn the_pages_without_javascript_say_so_too() {
    let server = server();
    let (_, form) = server.get_page("/tra-cuu");
    assert!(form.contains(VI), "{form}");
    for (proof, lang, words) in [("", "vi", VI), ("1234", "en", EN)] {
        let fields = [("case_code", CODE), ("proof", proof), ("lang", lang)];
        let (_, page) = server.post_form("/tra-cuu", &fields);
        assert!(page.contains(words), "{page}");
    }
}

/// The answer on show is another one once an outage is announced, and whoever asks whether it is still true is told.
#[test]
fn an_announcement_makes_the_answer_on_show_another_one() {
    let mut server = server();
    let ask = |server: &Server, have: &Value| {
        let body = json!({ "case_code": CODE, "proof": "1234", "have": have });
        server.post("/api/v1/lookup", &body).body
    };
    server.at("2026-10-07T09:00:00+07:00");
    let before = ask(&server, &json!(null))["version"].clone();
    assert_eq!(ask(&server, &before)["access"], "unchanged");
    server.at("2026-10-08T09:00:00+07:00");
    assert_eq!(ask(&server, &before)["access"], "holder");
}
