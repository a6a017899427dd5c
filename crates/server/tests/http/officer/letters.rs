//! Letters that agencies have signed: recorded, refused, flagged.

use serde_json::{Value, json};

use super::{CODE, OTHER, ask, codes, letter, server, with};
use crate::support::{case, case_of};

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
        case(CODE, "9", json!({ "NgayKetThucXuLy": "20261014170000" })),
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
    // By name, too, as a program confirms them. The last day was for the first letter: a second one has none of its own.
    let flags = json!(["second_postponement", "new_date_day_off"]);
    assert_eq!(asked.body["flags"], flags);
    // One flag confirmed is not all of them.
    let half = with(second.clone(), "confirmed", json!(["second_postponement"]));
    let asked = ask(&server, "letters", "key-of-one", &half);
    let left = json!(["new_date_day_off"]);
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

/// Promised for Wed 14/10, finished this morning without a letter: the reason is owed all the same, and the day that it was
/// promised for has no successor.
#[test]
fn a_case_finished_late_takes_its_letter_without_a_new_date() {
    let cases = [
        case(CODE, "9", json!({ "NgayKetThucXuLy": "20261015080000" })),
        case(
            "H98.1-261005-0002",
            "9",
            json!({ "NgayKetThucXuLy": "20261014170000" }),
        ),
    ]
    .join("\n");
    let server = server(&cases);
    let notice = |server: &crate::support::Server| {
        let view = server.lookup(CODE, Some("1234")).body;
        view["apology"]["notice"]["paragraphs"].to_string()
    };
    assert!(notice(&server).contains("còn nợ ông/bà văn bản xin lỗi nêu lý do"));
    let listed = json!({ "finished_late": true });
    let list = ask(&server, "cases", "key-of-one", &listed);
    assert_eq!(codes(&list), [CODE]);
    let shown = &list.body["cases"][0];
    assert_eq!(
        (&shown["state"], &shown["finished"], &shown["promise"]),
        (
            &json!("finished_late"),
            &json!("2026-10-15"),
            &json!("2026-10-14")
        )
    );
    assert_eq!(
        (&list.body["total"], &list.body["next"]),
        (&json!(1), &Value::Null)
    );

    let signed = with(letter(), "revised_due", json!(""));
    let unread = with(signed.clone(), "revised_due", json!("soon"));
    let refused = ask(&server, "letters", "key-of-one", &unread);
    assert_eq!(refused.code(), "letter_refused");
    let silent = with(signed.clone(), "reason", json!("…"));
    assert_eq!(
        ask(&server, "letters", "key-of-one", &silent).code(),
        "letter_refused"
    );
    let recorded = ask(&server, "letters", "key-of-one", &signed);
    assert_eq!(recorded.status, 201, "{:?}", recorded.body);
    assert_eq!(recorded.body["flags"], json!(["issued_late"]));
    let view = server.lookup(CODE, Some("1234")).body;
    let kept = &view["apology"]["letters"][0];
    assert_eq!(kept["reason"], "Chờ kết quả đo đạc");
    assert_eq!(
        (&kept["revised_due"], &kept["incomplete"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(view["apology"]["state"], "issued_late");
    // No date was added to those that were promised.
    assert_eq!(view["dates_held"]["history"].as_array().unwrap().len(), 1);
    assert!(!notice(&server).contains("còn nợ"));
    assert_eq!(
        codes(&ask(&server, "cases", "key-of-one", &listed)),
        [""; 0]
    );

    // Sent again it is the same letter, and another one is not owed; nor is one for what was finished in time.
    assert_eq!(ask(&server, "letters", "key-of-one", &signed).status, 200);
    for (field, value) in [("number", "13/PXL"), ("case_code", "H98.1-261005-0002")] {
        let answer = ask(
            &server,
            "letters",
            "key-of-one",
            &with(signed.clone(), field, json!(value)),
        );
        assert_eq!(answer.code(), "letter_not_owed", "{field}");
    }
}
