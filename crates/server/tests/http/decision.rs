//! Whether a result grants or refuses: read where a sender tells, said to the holder alone, never guessed.

use dung_hen_server::connector::intake::import_text;
use serde_json::{Value, json};

use crate::support::{Citizen, Server, case};

const CODE: &str = "H98.1-261005-0001";

fn ended(state: &str, told: Value) -> String {
    let more = json!({ "NgayKetThucXuLy": "20261013100000", "KetQuaGiaiQuyet": told });
    case(CODE, state, more)
}

/// What the holder is told after these sendings: the decision, the state in Vietnamese.
fn told(sent: &[String]) -> (Value, String) {
    let view = Server::with(&sent.join("\n"))
        .lookup(CODE, Some("1234"))
        .body;
    let words = view["status_text"]["vi"].as_str().unwrap().to_owned();
    (view["decision"].clone(), words)
}

#[test]
fn a_refusal_is_said_in_plain_words_and_can_be_rated_and_objected_to() {
    let server = Server::with(&ended("10", json!("2")));
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(
        (&view["decision"], &view["status"]),
        (&json!("refused"), &json!("returned"))
    );
    assert_eq!(
        view["status_text"],
        json!({ "vi": "Đã trả thông báo từ chối giải quyết", "en": "Refused, notice handed over" })
    );
    assert_eq!(view["rating"], "open");
    let objections = view["objections"].as_array().unwrap();
    assert!(
        objections.contains(&json!("stopped_without_ground")),
        "{objections:?}"
    );

    // Its rating is one of a refused case; nobody shares its label yet, so that the ballot says nothing of it.
    let citizen = Citizen::new(1);
    let given = server.post("/api/v1/ballots", &citizen.ask(CODE, "1234"));
    assert_eq!(given.status, 200, "{:?}", given.body);
    assert_eq!(given.body["label"], "2026-Q4||||||");
    let fifth = (2..=5u32).map(|number| {
        let code = format!("H98.1-261005-000{number}");
        let more = json!({ "NgayKetThucXuLy": "20261013100000", "KetQuaGiaiQuyet": "2" });
        server.import(&case(&code, "10", more));
        let citizen = Citizen::new(number);
        server
            .post("/api/v1/ballots", &citizen.ask(&code, "1234"))
            .body["label"]
            .clone()
    });
    assert_eq!(
        fifth.last().unwrap(),
        "2026-10|H98.1|commune|1.004222|Đăng ký, quản lý cư trú|refused|in_time"
    );

    // Without JavaScript, too: to the holder, and not to the code alone.
    let refusal = "Đã trả thông báo từ chối giải quyết";
    let (status, page) = server.post_form("/tra-cuu", &[("case_code", CODE), ("proof", "1234")]);
    assert!(status == 200 && page.contains(refusal), "{page}");
    let (status, page) = server.post_form("/tra-cuu", &[("case_code", CODE)]);
    assert!(status == 200 && !page.contains("từ chối"), "{page}");
}

/// The same request again gets the same ballot, whatever has been told of the case since; and no second one.
#[test]
fn what_is_told_after_a_ballot_changes_neither_ballot_nor_label() {
    let done = json!({ "NgayKetThucXuLy": "20261013100000" });
    let codes: Vec<String> = (1..=6).map(|n| format!("H98.1-261005-000{n}")).collect();
    let cases: Vec<String> = (codes.iter())
        .map(|code| case(code, "10", done.clone()))
        .collect();
    let server = Server::with(&cases.join("\n"));
    for (seed, code) in (1u32..).zip(&codes[..5]) {
        server.post("/api/v1/ballots", &Citizen::new(seed).ask(code, "1234"));
    }
    let ask = |seed: u32| {
        let asked = Citizen::new(seed).ask(&codes[5], "1234");
        server.post("/api/v1/ballots", &asked)
    };
    let first = ask(6).body;
    assert_eq!(
        first["label"],
        "2026-10|H98.1|commune|1.004222|Đăng ký, quản lý cư trú|decided|in_time"
    );
    for told in ["2", "1"] {
        server.import(&case(
            &codes[5],
            "10",
            json!({ "NgayKetThucXuLy": "20261013100000", "KetQuaGiaiQuyet": told }),
        ));
        let again = ask(6);
        assert_eq!((again.status, &again.body["label"]), (200, &first["label"]));
        assert_eq!(ask(7).status, 409);
    }
}

/// TT 01/2018 Điều 16(2)d: the code alone shows how far the case is, and no more.
#[test]
fn the_code_alone_does_not_tell_a_refusal() {
    let server = Server::with(&ended("9", json!("2")));
    let public = server.lookup(CODE, None).body;
    assert_eq!(
        public["status_text"]["vi"],
        "Đã xử lý xong, chờ trả kết quả"
    );
    assert!(public.get("decision").is_none());
    assert!(!public.to_string().contains("refused"), "{public}");
}

#[test]
fn what_is_told_stays_with_its_result_and_is_never_guessed() {
    let (granted, refused, nothing) = (json!("granted"), json!("refused"), Value::Null);
    let ready = "Đã xử lý xong, chờ trả kết quả";
    let refused_ready = "Đã xử lý xong: từ chối giải quyết, chờ trả thông báo";
    let of = |sent: &[(&str, Value)]| {
        let sent: Vec<String> = (sent.iter())
            .map(|(state, told)| ended(state, told.clone()))
            .collect();
        told(&sent)
    };
    // A paper named "refusal" is not read as one.
    let paper = json!([{ "TenGiayTo": "Văn bản từ chối giải quyết hồ sơ" }]);
    let with_paper = case(
        CODE,
        "9",
        json!({ "NgayKetThucXuLy": "20261013100000", "DanhSachGiayToKetQua": paper }),
    );
    assert_eq!(told(&[with_paper]), (nothing.clone(), ready.to_owned()));
    for silent in [Value::Null, json!(""), json!(" ")] {
        assert_eq!(of(&[("9", silent)]), (nothing.clone(), ready.to_owned()));
    }
    assert_eq!(of(&[("9", json!(1))]), (granted.clone(), ready.to_owned()));
    assert_eq!(
        of(&[("9", json!("2"))]),
        (refused.clone(), refused_ready.to_owned())
    );
    // Told before the result is there: said once it is.
    let early = of(&[("4", json!("2"))]);
    assert_eq!(early, (nothing.clone(), "Đang xử lý".to_owned()));
    assert_eq!(of(&[("4", json!("2")), ("9", json!(""))]).0, refused);
    // Sent again without it: what was told stays; otherwise: what is told last.
    assert_eq!(of(&[("9", json!("2")), ("10", json!(""))]).0, refused);
    assert_eq!(of(&[("9", json!("2")), ("10", json!("1"))]).0, granted);
    // Opened again: the new result is not the old one.
    let again = [("9", json!("2")), ("4", json!("")), ("9", json!(""))];
    assert_eq!(of(&again), (nothing, ready.to_owned()));
}

#[test]
fn another_value_is_refused_and_not_repeated() {
    for (wrong, found) in [
        (json!("3"), "1 digit"),
        (json!("01"), "2 digits"),
        (json!("đồng ý"), "a text of 6 characters"),
        (json!(true), "a text of 4 characters"),
        (json!(0), "1 digit"),
    ] {
        let server = Server::with("");
        let error = import_text(
            &server.state.store,
            &ended("9", wrong),
            &server.state.keys,
            server.state.now(),
            &server.state.reference,
        )
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "line 1, field data[0].KetQuaGiaiQuyet: \"1\" (granted) or \"2\" (refused) expected, found {found}; nothing of the file was stored"
            )
        );
    }
}
