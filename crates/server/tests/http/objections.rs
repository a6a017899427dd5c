//! Objections: a reference number for the holder, and for whoever holds a receipt the system does not know.

use dung_hen_server::figures::{Counting, verify};
use serde_json::{Value, json};

use crate::support::{Answer, Server, case, finished, number};

const CODE: &str = "H98.1-261005-0001";

#[test]
fn the_holder_objects_and_gets_a_reference() {
    let server = Server::with(&finished(CODE));
    let body = json!({ "case_code": CODE, "proof": "1234", "kind": "not_received", "text": "Tôi chưa nhận gì." });
    let answer = server.post("/api/v1/objections", &body);
    assert_eq!(answer.status, 201);
    let reference = answer.body["reference"].as_str().unwrap();
    assert!(reference.starts_with("PA-") && reference.len() == 17);
}

/// Lateness is a report of its own, during it and after it; nobody has to call it money or conduct.
#[test]
fn who_was_kept_waiting_can_say_just_that() {
    let late = json!({ "NgayHenTra": "20261009170000" });
    let ended = json!({ "NgayHenTra": "20261009170000", "NgayKetThucXuLy": "20261013100000" });
    let early = json!({ "NgayKetThucXuLy": "20261013100000" });
    for (state, more, offered) in [
        ("4", late, true),
        ("10", ended, true),
        ("10", early, false),
        ("4", json!({ "NgayHenTra": "20261030170000" }), false),
    ] {
        let server = Server::with(&case(CODE, state, more.clone()));
        let kinds = server.lookup(CODE, Some("1234")).body["objections"].clone();
        let kinds = kinds.as_array().unwrap();
        assert_eq!(kinds.first() == Some(&json!("late")), offered, "{more}");
        if offered {
            let body = json!({ "case_code": CODE, "proof": "1234", "kind": "late" });
            assert_eq!(server.post("/api/v1/objections", &body).status, 201);
            let objected = &server.lookup(CODE, Some("1234")).body["objected"];
            assert_eq!(objected[0]["kind"], "late", "{objected}");
        }
    }
}

#[test]
fn an_unknown_code_needs_no_proof_and_tells_nothing() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let mut bodies = Vec::new();
    for code in ["H98.1-261005-9999", CODE] {
        let answer = server.post(
            "/api/v1/objections",
            &json!({ "case_code": code, "kind": "unknown_code" }),
        );
        assert_eq!(answer.status, 201, "{code}");
        bodies.push((
            answer.body["goes_to"].clone(),
            answer.body["due_text"].clone(),
        ));
    }
    assert_eq!(bodies[0], bodies[1]);
    // Nor does it appear with the case: whoever sent it has not shown that it is theirs.
    assert_eq!(
        server.lookup(CODE, Some("1234")).body["objected"],
        json!([])
    );
}

/// A term of five working days, and keys of hotline, inspectorate and agency.
fn desk() -> String {
    let officer = |name: &str, agency: &str, role: &str| {
        let hash = dung_hen_server::service::officer::key_hash(name);
        format!(
            "{{ name = \"{name}\", body = \"{name}\", {agency} roles = [\"{role}\"], key_sha256 = \"{hash}\" }}"
        )
    };
    format!(
        "objections = {{ inspectorate = \"Thanh tra tỉnh\", terms = [{{ from = \"2026-01-01\", amount = 5, unit = \"working_day\", source = \"QĐ 1\" }}] }}\nofficers = [{}, {}, {}, {}]",
        officer("hotline", "", "hotline"),
        officer("inspectorate", "", "inspectorate"),
        officer("one", "agency = \"H98.1\",", "objections"),
        officer("two", "agency = \"H98.2\",", "objections"),
    )
}

fn server() -> Server {
    Server::configured(&case(CODE, "4", json!({})), &desk())
}

fn ask(server: &Server, path: &str, key: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/officer/{path}");
    server.post_raw(&path, "application/json", &body.to_string(), Some(key))
}

fn object(server: &Server, more: Value) -> Answer {
    let mut body = json!({ "case_code": CODE, "proof": "1234", "kind": "date_moved" });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    server.post("/api/v1/objections", &body)
}

fn reference(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    answer.body["reference"].as_str().unwrap().to_owned()
}

#[test]
fn the_day_to_answer_is_counted_and_its_source_named() {
    let answer = object(&server(), json!({}));
    // Thu 15/10 not counted; Fri 16 (1), Mon 19 (2), Tue 20 (3), Wed 21 (4), Thu 22 (5).
    let said = answer.body["due_text"]["vi"].as_str().unwrap();
    assert!(
        said.contains("Thứ Năm, 22 tháng 10 năm 2026") && said.contains("QĐ 1"),
        "{said}"
    );
    // Without a term there is no day.
    let bare = Server::with(&case(CODE, "4", json!({})));
    let said = object(&bare, json!({})).body["due_text"]["vi"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        said.contains("không nêu ngày") && !said.contains("2026"),
        "{said}"
    );
}

#[test]
fn an_answer_reaches_the_holder_and_whoever_has_the_number() {
    let server = server();
    let reference = reference(&object(&server, json!({ "text": "Ngày đổi mà không báo" })));
    let list = ask(&server, "objections", "one", &json!({})).body;
    assert_eq!(list["objections"][0]["text"], "Ngày đổi mà không báo");
    assert_eq!(
        ask(&server, "objections", "two", &json!({})).body["objections"],
        json!([])
    );
    let body = json!({ "reference": reference, "text": "Đã xin lỗi và hẹn lại." });
    assert_eq!(
        ask(&server, "objections/answers", "two", &body).code(),
        "objection_not_found"
    );
    // Twice the same is once.
    for _ in 0..2 {
        assert_eq!(ask(&server, "objections/answers", "one", &body).status, 201);
    }
    let held = server.lookup(CODE, Some("1234")).body["objected"][0].clone();
    assert_eq!(held["answers"].as_array().unwrap().len(), 1);
    assert_eq!(held["answers"][0]["text"], "Đã xin lỗi và hẹn lại.");
    assert_eq!(held["answers"][0]["person"], "one");
    // The number alone, however it is typed; what was written in it is not told.
    let typed = reference.to_lowercase().replace('-', " ");
    let seen = server.lookup(&typed, None).body;
    assert_eq!(
        (&seen["access"], &seen["answers"]),
        (&json!("objection"), &held["answers"])
    );
    assert!(!seen.to_string().contains("Ngày đổi"));
    assert_eq!(
        server.lookup("PA-2222-2222-2222", None).code(),
        "objection_not_found"
    );
    assert_eq!(
        ask(&server, "objections", "one", &json!({})).body["objections"],
        json!([])
    );
}

#[test]
fn money_and_conduct_reach_hotline_and_inspectorate_alone() {
    let server = server();
    for kind in ["asked_to_pay_extra", "conduct"] {
        let reference = reference(&object(&server, json!({ "kind": kind, "text": "Lời kể" })));
        for (key, sees) in [("hotline", true), ("inspectorate", true), ("one", false)] {
            let list = ask(&server, "objections", key, &json!({})).body.to_string();
            assert_eq!(list.contains(&reference), sees, "{key} {kind}");
            // The case is not named unless the reporter says so, and no hour is kept.
            assert!(!list.contains(CODE), "{list}");
        }
        let body = json!({ "reference": reference, "text": "Không có chuyện đó." });
        assert_eq!(
            ask(&server, "objections/answers", "one", &body).code(),
            "objection_not_found"
        );
        // An officer at the desk holds the receipt's digits too: the case shows nothing of it.
        assert_eq!(
            server.lookup(CODE, Some("1234")).body["objected"],
            json!([])
        );
        let body = json!({ "reference": reference, "text": "Đang xác minh." });
        assert_eq!(
            ask(&server, "objections/answers", "inspectorate", &body).status,
            201
        );
        assert_eq!(
            server.lookup(&reference, None).body["answers"][0]["text"],
            "Đang xác minh."
        );
    }
    let named = reference(&object(
        &server,
        json!({ "kind": "conduct", "name_case": true }),
    ));
    let list = ask(&server, "objections", "inspectorate", &json!({})).body;
    assert_eq!(list["objections"][0]["reference"], named);
    assert_eq!(list["objections"][0]["case_code"], CODE);
    // The inspectorate reads nothing else.
    let other = reference(&object(&server, json!({})));
    let list = ask(&server, "objections", "inspectorate", &json!({}))
        .body
        .to_string();
    assert!(!list.contains(&other));
}

/// Each kind has its day by the same engine, is told to those who may know, can be answered by them, and the answer
/// shows on the case, where it is a known one and not about money or conduct.
#[test]
fn every_kind_is_dated_told_answered_and_shown_to_those_who_may_know() {
    let kinds = [
        ("not_received", "one"),
        ("closed_without_result", "one"),
        ("date_moved", "one"),
        ("stopped_without_ground", "one"),
        ("unknown_code", "hotline"),
        ("asked_to_pay_extra", "inspectorate"),
        ("conduct", "inspectorate"),
    ];
    for (kind, answers) in kinds {
        let server = server();
        let sent = object(&server, json!({ "kind": kind, "text": "Lời kể" }));
        let reference = reference(&sent);
        // Thu 15/10 not counted; Fri 16 (1), Mon 19 (2), Tue 20 (3), Wed 21 (4), Thu 22 (5).
        let said = sent.body["due_text"]["vi"].as_str().unwrap();
        assert!(
            said.contains("Thứ Năm, 22 tháng 10 năm 2026"),
            "{kind}: {said}"
        );
        let now = server.state.now();
        let jobs = server
            .state
            .store
            .write_now(move |store| {
                store.take_jobs("event", now, chrono::Duration::minutes(1), 10, &[1; 32])
            })
            .unwrap();
        let id = jobs[0].key.clone();
        let event = server
            .state
            .store
            .read_now(|reader| reader.find_event(&id))
            .unwrap()
            .unwrap();
        let told: Value = serde_json::from_str(&event.payload).unwrap();
        let confidential = answers == "inspectorate";
        let audience = if confidential {
            "hotline,inspectorate"
        } else {
            "hotline,agency"
        };
        assert_eq!(
            (jobs.len(), event.audience.as_str()),
            (1, audience),
            "{kind}"
        );
        assert_eq!(
            (&told["data"]["kind"], &told["data"]["due"]),
            (&json!(kind), &json!("2026-10-22"))
        );
        let list = |key| ask(&server, "objections", key, &json!({})).body.to_string();
        assert_eq!(list("one").contains(&reference), answers == "one", "{kind}");
        assert!(!list("two").contains(&reference), "{kind}");
        assert_eq!(
            list("inspectorate").contains(&reference),
            confidential,
            "{kind}"
        );
        assert!(list("hotline").contains(&reference), "{kind}");
        let answer = json!({ "reference": reference, "text": "Đã xem lại." });
        assert_eq!(
            ask(&server, "objections/answers", answers, &answer).status,
            201,
            "{kind}"
        );
        let shown = server.lookup(CODE, Some("1234")).body["objected"].to_string();
        assert_eq!(
            shown.contains("Đã xem lại."),
            answers == "one",
            "{kind}: {shown}"
        );
        // Whoever has the number reads the answer in any case.
        let seen = server.lookup(&reference, None).body;
        assert_eq!(seen["answers"][0]["text"], "Đã xem lại.", "{kind}");
    }
}

#[test]
fn a_contact_needs_its_own_consent() {
    let server = server();
    let refused = object(&server, json!({ "contact": "0900001234" }));
    assert_eq!(refused.code(), "consent_missing");
    assert_eq!(
        ask(&server, "objections", "hotline", &json!({})).body["objections"],
        json!([])
    );
    let given = json!({ "contact": "gọi chị Mẫu", "contact_consent": true });
    reference(&object(&server, given));
    let list = ask(&server, "objections", "hotline", &json!({})).body;
    assert_eq!(list["objections"][0]["contact"], "gọi chị Mẫu");
}

#[test]
fn other_systems_are_told_that_and_not_what() {
    let server = server();
    let contact = json!({ "kind": "conduct", "text": "Lời kể", "contact": "0900", "contact_consent": true, "name_case": true });
    let reference = reference(&object(&server, contact));
    let answer = json!({ "reference": reference, "text": "Đang xác minh." });
    assert_eq!(
        ask(&server, "objections/answers", "hotline", &answer).status,
        201
    );
    let now = server.state.now();
    let told: Vec<(String, Value)> = server
        .state
        .store
        .write_now(move |store| {
            let minute = chrono::Duration::minutes(1);
            let jobs = store.take_jobs("event", now, minute, 10, &[1; 32])?;
            let found = jobs.iter().map(|job| store.find_event(&job.key));
            found.collect::<Result<Vec<_>, _>>()
        })
        .unwrap()
        .into_iter()
        .flatten()
        .map(|event| {
            (
                event.audience,
                serde_json::from_str(&event.payload).unwrap(),
            )
        })
        .collect();
    assert_eq!(told[0].1["type"], "objection.received");
    assert_eq!(told[0].0, "hotline,inspectorate");
    assert_eq!(told[0].1["data"]["due"], "2026-10-22");
    // No hour: it would name the reporter.
    assert_eq!(told[0].1["timestamp"], "2026-10-15T00:00:00+07:00");
    assert_eq!(told[1].1["type"], "objection.answered");
    let all = format!("{told:?}");
    for private in ["Lời kể", "0900", CODE, "Đang xác minh"] {
        assert!(!all.contains(private), "{private}: {all}");
    }
}

#[test]
fn after_the_retention_contact_and_text_are_gone() {
    let server = server();
    let sent = json!({ "text": "Lời kể", "contact": "0900", "contact_consent": true });
    let reference = reference(&object(&server, sent));
    let answer = json!({ "reference": reference, "text": "Đã rõ." });
    assert_eq!(
        ask(&server, "objections/answers", "one", &answer).status,
        201
    );
    // Answered on 15/10/2026: 30 days later is 14/11/2026, a year later is 15/10/2027.
    for (clock, erased) in [
        ("2026-11-14T09:00:00+07:00", (0, 0)),
        ("2026-11-14T09:00:01+07:00", (1, 0)),
        ("2027-10-15T09:00:01+07:00", (0, 1)),
    ] {
        let mut state = server.state.clone();
        state.clock = clock.parse().unwrap();
        let done = server.block_on(dung_hen_server::service::objection::erase(&state));
        assert_eq!(done.unwrap(), erased, "{clock}");
    }
}

#[test]
fn the_same_attempt_again_is_the_same_objection() {
    let server = server();
    let sent = json!({ "number": number('q') });
    let first = reference(&object(&server, sent.clone()));
    assert_eq!(reference(&object(&server, sent)), first);
    let list = ask(&server, "objections", "one", &json!({})).body;
    assert_eq!(list["objections"].as_array().unwrap().len(), 1);
    assert_ne!(
        reference(&object(&server, json!({ "number": number('r') }))),
        first
    );
    assert_eq!(
        object(&server, json!({ "number": "short" })).code(),
        "bad_request_body"
    );
}

#[test]
fn the_page_keeps_what_was_written_when_it_refuses() {
    let server = server();
    let mut fields = vec![
        ("case_code", CODE),
        ("proof", "1234"),
        ("kind", "conduct"),
        ("text", "Lời kể dài"),
        ("contact", "0900001234"),
    ];
    let (status, page) = server.post_form("/phan-anh", &fields);
    assert_eq!(status, 422);
    assert!(
        page.contains("Lời kể dài") && page.contains("0900001234"),
        "{page}"
    );
    fields.push(("contact_consent", "1"));
    let (status, page) = server.post_form("/phan-anh", &fields);
    assert_eq!(status, 201);
    assert!(
        page.contains("Thanh tra tỉnh") && page.contains("22 tháng 10 năm 2026"),
        "{page}"
    );
    let from = page.find("PA-").unwrap();
    let (status, page) = server.post_form("/tra-cuu", &[("case_code", &page[from..from + 17])]);
    assert_eq!(status, 200);
    assert!(page.contains("Chưa có câu trả lời"), "{page}");
    // A receipt in hand and a code nobody knows.
    let (status, page) = server.post_form("/tra-cuu", &[("case_code", "H98.1-261005-9999")]);
    assert_eq!(status, 404);
    assert!(page.contains("value=\"unknown_code\""), "{page}");
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

/// Due on Thu 22/10. Two by the holder (one answered on the 15th: in time), one about conduct: never answered.
/// On the 22nd the others may still be answered in time: 1 of 1. On the 23rd they are late: 1 of 2 of the agency,
/// 1 of 3 of the province. Answered then, they are late all the same.
#[test]
fn answers_in_time_are_counted_with_each_write() {
    let mut server = server();
    let first = reference(&object(&server, json!({ "number": number('A') })));
    let second = reference(&object(&server, json!({ "number": number('B') })));
    object(&server, json!({ "kind": "conduct", "number": number('C') }));
    let answer = |server: &Server, reference: &str, text: &str| {
        let body = json!({ "reference": reference, "text": text });
        assert_eq!(ask(server, "objections/answers", "one", &body).status, 201);
    };
    let counted = |server: &Server, more: &str| {
        let shown = server.get(&format!("/api/v1/metrics/formulas?period=2026{more}"));
        let share = &shown.body["qd_766"]["feedback_on_time"];
        let verified = server
            .state
            .store
            .read_now(|reader| {
                let counting = Counting::new(&server.state.reference, server.state.now());
                verify::verify(reader, &counting, |_| {})
            })
            .unwrap();
        let of_objections = |one: &&verify::Difference| one.measure == "objections";
        assert_eq!(verified.differences.iter().filter(of_objections).count(), 0);
        (
            share["part"].as_u64().unwrap(),
            share["n"].as_u64().unwrap(),
        )
    };
    assert_eq!(counted(&server, ""), (0, 0));
    answer(&server, &first, "Đã hẹn lại.");
    answer(&server, &first, "Xin nói thêm.");
    for (day, province, agency) in [("22", (1, 1), (1, 1)), ("23", (1, 3), (1, 2))] {
        server.restart_at(&format!("2026-10-{day}T09:00:00+07:00"));
        assert_eq!(counted(&server, ""), province, "{day}");
        assert_eq!(counted(&server, "&level=commune"), agency, "{day}");
        assert_eq!(counted(&server, "&agency=H98.1"), agency, "{day}");
        assert_eq!(counted(&server, "&agency=H98.2"), (0, 0), "{day}");
    }
    answer(&server, &second, "Xin lỗi vì chậm.");
    assert_eq!(counted(&server, "&agency=H98.1"), (1, 2));
    crate::open_data::agrees(&server, "2026");
}

/// Due on Thu 22/10: answered on that very day it is in time, on the day after it is not.
#[test]
fn an_answer_of_the_last_day_is_in_time() {
    for (day, in_time) in [("22", 1), ("23", 0)] {
        let mut server = server();
        let objection = reference(&object(&server, json!({ "number": number('A') })));
        server.restart_at(&format!("2026-10-{day}T16:59:00+07:00"));
        let body = json!({ "reference": objection, "text": "Đã hẹn lại." });
        assert_eq!(ask(&server, "objections/answers", "one", &body).status, 201);
        let shown = server.get("/api/v1/metrics/formulas?period=2026-10&agency=H98.1");
        let share = &shown.body["qd_766"]["feedback_on_time"];
        assert_eq!((&share["part"], &share["n"]), (&json!(in_time), &json!(1)));
    }
}

/// The term is of objections from Fri 16/10 on. The one of the 15th has none: answered or not, it is neither in time nor
/// late, and stands apart. The one of the 16th is due on Fri 23/10, five working days on; answered on the 19th: 1 of 1.
#[test]
fn an_answer_without_a_term_is_neither_in_time_nor_late() {
    let desk = desk().replace("2026-01-01", "2026-10-16");
    let mut server = Server::configured(&case(CODE, "4", json!({})), &desk);
    let handling = |server: &Server, n: u64, without_term: u64, score: Value| {
        let shown = server.get("/api/v1/metrics/formulas?period=2026-10&agency=H98.1");
        let share = &shown.body["qd_766"]["feedback_on_time"];
        let expected = json!([n, n, without_term]);
        assert_eq!(
            json!([share["part"], share["n"], share["without_term"]]),
            expected
        );
        let handled = &shown.body["tt_01_2018"]["indicators"]["8"];
        let expected = json!({ "score": score, "n": n, "without_term": without_term });
        assert_eq!(*handled, expected);
        crate::open_data::agrees(server, "2026-10");
    };
    let answer = |server: &Server, reference: &str| {
        let body = json!({ "reference": reference, "text": "Đã xem." });
        assert_eq!(ask(server, "objections/answers", "one", &body).status, 201);
    };
    let first = reference(&object(&server, json!({ "number": number('A') })));
    handling(&server, 0, 1, json!(2));
    answer(&server, &first);
    handling(&server, 0, 1, json!(2));
    server.restart_at("2026-10-16T09:00:00+07:00");
    let second = reference(&object(&server, json!({ "number": number('B') })));
    handling(&server, 0, 1, json!(2));
    server.restart_at("2026-10-19T09:00:00+07:00");
    answer(&server, &second);
    handling(&server, 1, 1, json!(2));
    let path = "/api/v1/open-data/figures?period=2026-10&agency=H98.1";
    let expected = json!([{ "kind": "date_moved", "received": 2, "without_term": 1, "within_term": 0, "answered": 2,
        "answered_without_term": 1, "answered_in_time": 1, "overdue": 0 }]);
    assert_eq!(server.get(path).body["objections"], expected);
}
