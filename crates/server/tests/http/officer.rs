//! Officers: the cases due, the letters that agencies have signed, the pages for both.

use std::sync::Arc;

use dung_hen_server::reference::Reference;
use dung_hen_server::store::DeliveryFilter;
use serde_json::{Value, json};

use crate::receiver::{FIRST, Mood, NOW, Receiver, SECOND, endpoint, key, run, tell};
use crate::support::{Answer, Server, case, case_of};

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
fn the_list_shows_what_is_due_with_the_fields_of_the_letter() {
    // Two working days from Thu 15/10: Fri 16, Mon 19. So the 19th is on the list, the 20th is not.
    let cases = [
        case(CODE, "4", json!({})),
        case(
            "H98.1-261005-0002",
            "4",
            json!({ "NgayHenTra": "20261019170000" }),
        ),
        case(
            "H98.1-261005-0003",
            "4",
            json!({ "NgayHenTra": "20261020170000" }),
        ),
        case(
            "H98.1-261005-0004",
            "9",
            json!({ "NgayKetThucXuLy": "20261015080000" }),
        ),
        case_of("H98.2", OTHER, "4", json!({})),
    ]
    .join("\n");
    let server = server(&cases);
    let own = ask(&server, "cases", "key-of-one", &json!({}));
    assert_eq!(own.status, 200);
    assert_eq!(codes(&own), [CODE, "H98.1-261005-0002"]);
    assert_eq!(own.body["total"], 2);
    let first = &own.body["cases"][0];
    assert_eq!(first["state"], "overdue");
    // Tue 13/10 is the last working day before the promise.
    assert_eq!(first["last_lawful_day"], "2026-10-13");
    let letter = &first["letter"];
    assert_eq!(letter["agency"], "UBND phường Một");
    assert_eq!(letter["previous_due"], "2026-10-14");
    assert_eq!(letter["outside_rule"], false);
    assert!(
        letter["form"].as_str().unwrap().contains("Mẫu 04"),
        "{letter}"
    );
    // Received on Mon 5/10 with 7 working days: Wed 14/10. The other was promised for the 19th.
    assert_eq!(first["promise_later_than"], Value::Null);
    assert_eq!(own.body["cases"][1]["promise_later_than"], "2026-10-14");
    assert_eq!(own.body["cases"][1]["state"], "due_soon");
    // Whoever sees every agency sees the other too; nobody sees another's by naming it.
    let all = ask(&server, "cases", "key-of-all", &json!({}));
    assert_eq!(codes(&all), [CODE, OTHER, "H98.1-261005-0002"]);
    let other = ask(
        &server,
        "cases",
        "key-of-one",
        &json!({ "agency": "H98.2" }),
    );
    assert_eq!(other.code(), "agency_unknown");
    // Nothing of the applicant.
    for private in ["Trần Thị Riêng Tư", "079000123456", "0900001234"] {
        assert!(!all.body.to_string().contains(private), "{private}");
    }
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

#[test]
fn a_signed_letter_is_seen_by_the_holder_at_once() {
    let server = server(&case(CODE, "4", json!({})));
    let recorded = ask(&server, "letters", "key-of-one", &letter());
    assert_eq!(recorded.status, 201, "{:?}", recorded.body);
    assert_eq!(recorded.body["flags"], json!(["issued_late"]));
    let view = server.lookup(CODE, Some("1234")).body;
    let shown = &view["apology"]["letters"][0];
    assert_eq!(shown["number"], "12/PXL");
    assert_eq!(shown["reason"], "Chờ kết quả đo đạc");
    assert_eq!(shown["previous_due"], "2026-10-14");
    assert_eq!(shown["revised_due"], "2026-10-21");
    assert_eq!(shown["agency"], "UBND phường Một");
    assert_eq!(view["apology"]["state"], "issued_late");
    // The promise stays the first one.
    assert_eq!(view["dates_held"]["promise"], "2026-10-14");
    assert_eq!(view["dates_held"]["current"], "2026-10-21");
    // Who named the new date, why, and who wrote it down.
    let change = &view["dates_held"]["history"][1];
    assert_eq!(
        change["who"]["vi"],
        "Người hẹn: Bà Trần Thị Mẫu, Chủ tịch, UBND phường Một. Người ghi: Bà Một, Bộ phận Một cửa."
    );
    assert_eq!(change["reason"], "Chờ kết quả đo đạc");
    assert_eq!(change["sender"], Value::Null);
    let public = server.lookup(CODE, None).body.to_string();
    assert!(!public.contains("Bà Một") && !public.contains("Trần Thị Mẫu"));
    // The case leaves the list: its new date is more than two working days away.
    assert_eq!(
        codes(&ask(&server, "cases", "key-of-one", &json!({}))),
        [""; 0]
    );
    // Sent again it is the same letter; with another date under the same number it is refused.
    assert_eq!(ask(&server, "letters", "key-of-one", &letter()).status, 200);
    let changed = with(letter(), "revised_due", json!("2026-10-28"));
    assert_eq!(
        ask(&server, "letters", "key-of-one", &changed).code(),
        "letter_exists"
    );
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["apology"]["letters"].as_array().unwrap().len(), 1);
}

/// Who recorded a letter and who answered an objection is in the sealed log, once each; what was refused is not.
#[test]
fn letters_and_answers_are_in_the_audit_log() {
    let server = server(&case(CODE, "4", json!({})));
    ask(
        &server,
        "letters",
        "key-of-one",
        &with(letter(), "number", json!("")),
    );
    for _ in 0..2 {
        ask(&server, "letters", "key-of-one", &letter());
    }
    let objection =
        json!({ "kind": "date_moved", "case_code": CODE, "proof": "1234", "text": "Vì sao?" });
    let reference = server.post("/api/v1/objections", &objection).body["reference"].clone();
    let answer = json!({ "reference": reference, "text": "Đã xem." });
    for _ in 0..2 {
        assert_eq!(
            ask(&server, "objections/answers", "key-of-one", &answer).status,
            201
        );
    }
    let seen = std::cell::RefCell::new(Vec::new());
    let keys = server.state.keys.clone();
    server
        .state
        .store
        .read_now(|reader| {
            reader.check_audit(&keys, |entry| {
                seen.borrow_mut().push((
                    entry.actor.clone(),
                    entry.act.clone(),
                    entry.subject.clone(),
                ));
            })
        })
        .unwrap();
    let who = "officer:Bà Một, Bộ phận Một cửa".to_owned();
    let reference = reference.as_str().unwrap().to_owned();
    let expected = [
        (
            who.clone(),
            "letter.record".to_owned(),
            format!("{CODE} 12/PXL"),
        ),
        (who, "objection.answer".to_owned(), reference),
    ];
    assert_eq!(seen.into_inner(), expected);
}

#[test]
fn what_is_no_letter_is_refused_in_words() {
    let server = server(&case(CODE, "4", json!({})));
    for (field, value, code, word) in [
        ("reason", json!(" … "), "letter_refused", "lý do"),
        ("number", json!(""), "letter_refused", "số văn bản"),
        ("signer", json!(""), "letter_refused", "người ký"),
        ("issued", json!("2026-10-16"), "letter_refused", "chưa đến"),
        (
            "issued",
            json!("2026-10-04"),
            "letter_refused",
            "trước ngày",
        ),
        (
            "revised_due",
            json!("2026-10-14"),
            "letter_refused",
            "sau ngày hẹn",
        ),
        ("issued", json!(""), "letter_refused", "Ngày ban hành"),
        (
            "revised_due",
            json!("2026-02-30"),
            "letter_refused",
            "Ngày hẹn mới",
        ),
        (
            "revised_due",
            json!("21/10/2026"),
            "letter_refused",
            "Ngày hẹn mới",
        ),
        ("evidence", json!(" "), "evidence_missing", "SHA-256"),
        ("case_code", json!(OTHER), "case_not_found", "mã hồ sơ"),
    ] {
        let answer = ask(
            &server,
            "letters",
            "key-of-one",
            &with(letter(), field, value),
        );
        assert_eq!(answer.code(), code, "{field}");
        let message = answer.body["message"]["vi"].as_str().unwrap();
        assert!(message.contains(word), "{field}: {message}");
    }
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["apology"]["letters"], json!([]));
}

#[test]
fn a_case_of_another_agency_or_without_a_duty_takes_no_letter() {
    let cases = [
        case_of("H98.2", OTHER, "4", json!({})),
        case(CODE, "9", json!({ "NgayKetThucXuLy": "20261016080000" })),
    ]
    .join("\n");
    let server = server(&cases);
    let others = ask(
        &server,
        "letters",
        "key-of-one",
        &with(letter(), "case_code", json!(OTHER)),
    );
    assert_eq!(others.code(), "case_not_found");
    assert_eq!(
        ask(&server, "letters", "key-of-one", &letter()).code(),
        "letter_not_owed"
    );
}

#[test]
fn a_second_postponement_and_a_day_off_are_flagged_before_they_are_recorded() {
    let server = server(&case(CODE, "4", json!({})));
    assert_eq!(ask(&server, "letters", "key-of-one", &letter()).status, 201);
    // Sat 31/10/2026 is a day off.
    let second = json!({
        "case_code": CODE, "number": "19/PXL", "reason": "Vẫn chờ", "issued": "2026-10-15",
        "revised_due": "2026-10-31", "signer": "Bà Trần Thị Mẫu", "evidence": "chữ ký số 01",
    });
    let asked = ask(&server, "letters", "key-of-one", &second);
    assert_eq!(
        (asked.status, asked.code()),
        (409, "letter_needs_confirmation")
    );
    let said = asked.body["message"]["vi"].as_str().unwrap();
    for word in ["ngoài quy định", "ngày nghỉ"] {
        assert!(said.contains(word), "{said}");
    }
    // By name, too, as a program confirms them.
    let flags = json!(["second_postponement", "new_date_day_off", "issued_late"]);
    assert_eq!(asked.body["flags"], flags);
    // One flag confirmed is not all of them.
    let half = with(second.clone(), "confirmed", json!(["second_postponement"]));
    let asked = ask(&server, "letters", "key-of-one", &half);
    let left = json!(["new_date_day_off", "issued_late"]);
    assert_eq!((asked.status, &asked.body["flags"]), (409, &left));
    let whole = with(second, "confirmed", flags.clone());
    assert_eq!(ask(&server, "letters", "key-of-one", &whole).status, 201);
    // An answer that was lost is asked for again: each letter keeps the flags it was recorded with.
    for (sent, flags) in [(letter(), json!(["issued_late"])), (whole, flags)] {
        let again = ask(&server, "letters", "key-of-one", &sent);
        let got = (again.status, &again.body["repeated"], &again.body["flags"]);
        assert_eq!(got, (200, &json!(true), &flags));
    }
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["apology"]["state"], "postponed_again");
    assert_eq!(view["apology"]["letters"][1]["outside_rule"], true);
    assert_eq!(view["apology"]["letters"][1]["previous_due"], "2026-10-21");
}

/// The papers that came in after a letter began a new period: what was said of the letter stays true of the old one.
#[test]
fn a_repeated_letter_keeps_its_flags_after_a_supplement() {
    let server = server(&case(CODE, "4", json!({})));
    assert_eq!(ask(&server, "letters", "key-of-one", &letter()).status, 201);
    let papers = json!([{ "NoiDungBoSung": "Bản sao", "NgayBoSung": "20261015090000",
        "NgayTiepNhanBoSung": "20261015100000", "NgayHenTraMoi": "20261030170000" }]);
    server.import(&case(CODE, "4", json!({ "DanhSachHoSoBoSung": papers })));
    let promise = &server.lookup(CODE, Some("1234")).body["dates_held"]["promise"];
    assert_eq!(promise, "2026-10-30");
    let again = ask(&server, "letters", "key-of-one", &letter());
    assert_eq!(
        (&again.body["repeated"], &again.body["flags"]),
        (&json!(true), &json!(["issued_late"]))
    );
}

#[test]
fn what_a_sender_says_later_leaves_the_recorded_letter() {
    let server = server(&case(CODE, "4", json!({})));
    assert_eq!(ask(&server, "letters", "key-of-one", &letter()).status, 201);
    let sent = case(CODE, "4", json!({ "NgayHenTra": "20261021170000" }));
    let taken = server.post_raw(
        "/api/v1/connector",
        "application/json",
        &sent,
        Some("secret-of-the-connector"),
    );
    assert_eq!(taken.status, 200);
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["apology"]["letters"].as_array().unwrap().len(), 1);
    assert_eq!(view["apology"]["state"], "issued_late");
}

/// Which message reached the applicant, and which did not: the officer sees it case by case, so that nobody who does not
/// come back is left without a word.
#[test]
fn the_list_shows_whom_a_message_has_reached() {
    let receiver = Receiver::start(&[Mood::Takes, Mood::Fails(410)]);
    let gateway = endpoint(&receiver.url, "");
    let webhooks = |reads: &str| {
        let url = &receiver.url;
        let one = format!(
            "webhooks = [{{ name = \"sms\", url = \"{url}\", reads_as = [{reads}], private_network = true }}]"
        );
        format!("{}\n{one}", officers())
    };
    let cases = [case(FIRST, "4", json!({})), case(SECOND, "4", json!({}))].join("\n");
    let mut server = Server::configured(&cases, &webhooks("\"gateway\", \"agency\""));
    let list = |server: &Server| {
        let answer = ask(server, "cases", "key-of-one", &json!({}));
        assert_eq!(codes(&answer), [FIRST, SECOND]);
        let told = |at: usize| answer.body["cases"][at]["told"].clone();
        (told(0), told(1))
    };
    let page = |server: &Server| {
        server
            .post_form("/officer", &[("key", "key-of-one"), ("lang", "vi")])
            .1
    };
    let none = "Phần mềm này chưa gửi tin nào cho người nộp hồ sơ.";
    assert_eq!(list(&server), (json!([]), json!([])));
    assert_eq!(page(&server).matches(none).count(), 2);

    // The gateway takes the one and is gone for the other.
    tell(&server, NOW);
    run(&server, &gateway, NOW);
    let received = receiver.received();
    let taken = received[0].json()["data"]["case_code"].clone();
    let told = |state: &str, at: &str| json!([{ "event": "case.overdue", "by": "sms", "state": state, "at": at }]);
    let (handed_over, failed) = (told("handed_over", NOW), told("failed", NOW));
    let of_both = |first: &Value, other: &Value| {
        let (first, other) = (first.clone(), other.clone());
        if taken == FIRST {
            (first, other)
        } else {
            (other, first)
        }
    };
    assert_eq!(list(&server), of_both(&handed_over, &failed));
    let shown = page(&server);
    for words in [
        "Tin báo quá hẹn (sms): nơi gửi tin đã nhận, chưa báo kết quả, ",
        "Tin báo quá hẹn (sms): không đến được người nhận, ",
        "Hãy báo cho người nộp bằng cách khác.",
        "Thứ Năm, 15 tháng 10 năm 2026",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains(none), "{shown}");

    // What the gateway says later.
    let bearer = format!("Bearer {}", key(&server, "sms", "gateway"));
    let report = json!({ "event": received[0].id, "outcome": "delivered" });
    let said = server.post_with("/api/v1/deliveries", &report, &[("authorization", &bearer)]);
    assert_eq!(said.status, 200);
    assert_eq!(list(&server), of_both(&told("delivered", NOW), &failed));
    assert!(page(&server).contains("(sms): đã đến người nhận, "));

    // The endpoint is gone from the province's file: what its gateway said stays, and of the other nothing is known.
    let with = server.state.reference.province.clone();
    let mut without = with.clone();
    without.webhooks.clear();
    server.state.reference = Arc::new(Reference::new(without).unwrap());
    server.at(NOW);
    assert_eq!(
        list(&server),
        of_both(&told("delivered", NOW), &Value::Null)
    );
    let left = page(&server);
    assert!(left.contains("(sms): đã đến người nhận, "), "{left}");
    assert!(!left.contains(none), "{left}");
    server.state.reference = Arc::new(Reference::new(with).unwrap());
    server.at(NOW);

    // Sent again: what was said of the time before says nothing any more.
    let (store, now) = (&server.state.store, server.state.now());
    let again =
        store.write_now(move |writer| writer.deliver_again(&DeliveryFilter::default(), now));
    assert_eq!(again.unwrap(), 2);
    let waiting = told("waiting", NOW);
    assert_eq!(list(&server), (waiting.clone(), waiting));

    // Nothing of the applicant, and nothing of an agency that is another's.
    for private in ["Trần Thị Riêng Tư", "079000123456", "0900001234"] {
        assert!(!shown.contains(private), "{private}");
    }
    // One who is told of events and writes to nobody is no gateway.
    let server = Server::configured(&cases, &webhooks("\"agency\""));
    tell(&server, NOW);
    run(&server, &gateway, NOW);
    assert_eq!(list(&server), (Value::Null, Value::Null));
    let shown = page(&server);
    assert!(shown.contains(FIRST), "{shown}");
    assert!(!shown.contains("chưa gửi tin nào"), "nobody knows: {shown}");
}

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let from = page.find(&field).unwrap() + field.len();
    page[from..].split('"').next().unwrap().to_owned()
}

#[test]
fn the_pages_do_the_same_without_a_script() {
    let server = server(&case(CODE, "4", json!({})));
    let (status, page) = server.post_form("/officer", &[("key", "wrong"), ("lang", "vi")]);
    assert_eq!(status, 401);
    assert!(page.contains("Khóa cán bộ"), "{page}");
    let (status, page) = server.post_form("/officer", &[("key", "key-of-one"), ("lang", "vi")]);
    assert_eq!(status, 200);
    assert!(page.contains(CODE) && page.contains("Quá hẹn"), "{page}");
    // The key itself is in no page; a session is.
    assert!(!page.contains("key-of-one"));
    let session = hidden(&page, "session");
    let fields = |more: &[(&'static str, &'static str)]| {
        let mut all = vec![
            ("session", session.as_str()),
            ("lang", "vi"),
            ("case_code", CODE),
        ];
        all.extend(more);
        all
    };
    let (status, page) = server.post_form("/officer/letters", &fields(&[]));
    assert_eq!(status, 200);
    assert!(
        page.contains("Mẫu 04") && page.contains("Kính gửi"),
        "{page}"
    );
    let typed = [
        ("record", "1"),
        ("number", "12/PXL"),
        ("reason", "Chờ <kết quả>"),
        ("issued", "2026-10-15"),
        ("revised_due", "24/10/2026"),
        ("signer", "Bà Mẫu"),
        ("evidence", "chữ ký số 01"),
    ];
    // Sat 24/10, typed as one writes it where the browser has no field for days: asked again, with everything typed still
    // there, and safe.
    let (status, page) = server.post_form("/officer/letters", &fields(&typed));
    assert_eq!(status, 409);
    assert!(
        page.contains("ngày nghỉ")
            && page.contains("Chờ &lt;kết quả&gt;")
            && page.contains("value=\"2026-10-24\""),
        "{page}"
    );
    let confirmed = hidden(&page.replace("type=\"checkbox\" ", ""), "confirmed");
    let mut again = fields(&typed);
    again.push(("confirmed", &confirmed));
    let (status, page) = server.post_form("/officer/letters", &again);
    assert_eq!(status, 201, "{page}");
    assert!(
        server.lookup(CODE, Some("1234")).body["apology"]["letters"][0]["reason"]
            == "Chờ <kết quả>"
    );
    // A session that was tampered with is none.
    let (status, _) = server.post_form("/officer", &[("session", &session.replace('A', "B"))]);
    assert_eq!(status, 401);
}

/// Whoever has come in stays so when something does not work.
#[test]
fn what_does_not_work_asks_nobody_for_the_key_again() {
    let server = server(&case(CODE, "4", json!({})));
    let (_, page) = server.post_form("/officer", &[("key", "key-of-one"), ("lang", "vi")]);
    let session = hidden(&page, "session");
    for (path, status) in [("/officer/letters", 404), ("/officer/briefs", 403)] {
        let sent = [("session", &*session), ("case_code", OTHER), ("lang", "vi")];
        let (answered, page) = server.post_form(path, &sent);
        assert_eq!(answered, status, "{path}");
        assert!(page.contains("role=\"alert\""), "{page}");
        assert!(!page.contains("name=\"key\""), "{page}");
        assert!(!hidden(&page, "session").is_empty());
    }
    // An agency has a name there, as everywhere else.
    let objection = json!({ "kind": "date_moved", "case_code": CODE, "proof": "1234" });
    assert_eq!(server.post("/api/v1/objections", &objection).status, 201);
    let (_, page) = server.post_form("/officer/objections", &[("session", &session)]);
    assert!(
        page.contains("<dd lang=\"vi\">UBND phường Một</dd>"),
        "{page}"
    );
}
