//! The officer's pages, without a script.

use serde_json::json;

use super::{CODE, OTHER, server};
use crate::support::case;

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

/// The letter of what was finished late: found in its own list, recorded without a new date.
#[test]
fn the_pages_take_the_letter_of_a_case_finished_late() {
    let late = json!({ "NgayKetThucXuLy": "20261015080000" });
    let server = server(&case(CODE, "9", late));
    let (_, page) = server.post_form("/officer", &[("key", "key-of-one"), ("lang", "vi")]);
    assert!(!page.contains(CODE), "{page}");
    let session = hidden(&page, "session");
    let known = [("session", &*session), ("lang", "vi")];
    let list = || {
        let (status, page) = server.post_form(
            "/officer",
            &[&known[..], &[("finished_late", "1")]].concat(),
        );
        assert_eq!(status, 200);
        page
    };
    let page = list();
    assert!(
        page.contains(CODE) && page.contains("còn nợ văn bản xin lỗi"),
        "{page}"
    );
    let about = [&known[..], &[("case_code", CODE)]].concat();
    let (status, page) = server.post_form("/officer/letters", &about);
    assert_eq!(status, 200);
    assert!(!page.contains("Date to be replaced") && !page.contains("Ngày hẹn được thay"));
    let typed = [
        ("record", "1"),
        ("number", "12/PXL"),
        ("reason", "Chờ kết quả đo đạc"),
        ("issued", "2026-10-15"),
        ("revised_due", ""),
        ("signer", "Bà Mẫu"),
        ("evidence", "chữ ký số 01"),
        ("confirmed", "issued_late"),
    ];
    let sent = [&about[..], &typed[..]].concat();
    let (status, page) = server.post_form("/officer/letters", &sent);
    assert_eq!(status, 201, "{page}");
    assert!(!page.contains("Ngày hẹn mới"), "{page}");
    assert!(!list().contains(CODE));
    // Sent again it is the same one; asked for anew there is nothing left to record.
    assert_eq!(server.post_form("/officer/letters", &sent).0, 200);
    let (status, page) = server.post_form("/officer/letters", &about);
    assert_eq!(status, 409);
    assert!(page.contains("đã có văn bản"), "{page}");
}

/// Of hundreds of cases the one on the desk is opened by its code, and each button says of which case it is.
#[test]
fn a_case_is_opened_by_its_code_and_each_button_names_its_own() {
    let cases = [
        case(CODE, "4", json!({})),
        case("H98.1-261005-0002", "4", json!({})),
        case(
            "H98.1-261005-0003",
            "4",
            json!({ "NgayHenTra": "20261130170000" }),
        ),
    ];
    let server = server(&cases.join("\n"));
    let (_, page) = server.post_form("/officer", &[("key", "key-of-one"), ("lang", "vi")]);
    for code in [CODE, "H98.1-261005-0002"] {
        let name = format!("aria-label=\"Văn bản xin lỗi, {code}\"");
        assert_eq!(page.matches(&name).count(), 1, "{page}");
    }
    assert!(page.contains("<input id=\"case_code\" name=\"case_code\""));
    // One that is on no page of the list, too; typed as people type it.
    let session = hidden(&page, "session");
    let typed = [("session", &*session), ("case_code", " h98.1-261005-0003 ")];
    let (status, page) = server.post_form("/officer/letters", &typed);
    assert_eq!(status, 200);
    assert!(page.contains("value=\"H98.1-261005-0003\""), "{page}");
}

/// What an officer typed is not lost when the session has ended meanwhile: it is there again after the key, and not sent.
#[test]
fn what_was_typed_outlives_the_session() {
    let server = server(&case(CODE, "4", json!({})));
    let ended = ("session", "AAAAAA");
    let letter = [
        ended,
        ("lang", "vi"),
        ("case_code", CODE),
        ("record", "1"),
        ("number", "12/PXL"),
        ("reason", "Chờ <kết quả>"),
        ("issued", "2026-10-15"),
        ("revised_due", "2026-10-21"),
        ("signer", "Bà Mẫu"),
        ("evidence", "chữ ký số 01"),
    ];
    let (status, page) = server.post_form("/officer/letters", &letter);
    assert_eq!(status, 401);
    let names = [
        "case_code",
        "number",
        "issued",
        "revised_due",
        "signer",
        "evidence",
    ];
    let mut again = vec![("key".to_owned(), "key-of-one".to_owned())];
    again.extend(names.map(|name| (name.to_owned(), hidden(&page, name))));
    assert_eq!(hidden(&page, "reason"), "Chờ &lt;kết quả&gt;");
    assert!(page.contains("action=\"/officer/letters\""), "{page}");
    assert!(!page.contains("name=\"record\""), "{page}");
    let again: Vec<(&str, &str)> = again
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let (status, page) = server.post_form("/officer/letters", &again);
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("value=\"12/PXL\"") && page.contains("value=\"2026-10-21\""),
        "{page}"
    );

    let objection = json!({ "kind": "date_moved", "case_code": CODE, "proof": "1234" });
    assert_eq!(server.post("/api/v1/objections", &objection).status, 201);
    let (_, page) = server.post_form("/officer/objections", &[("key", "key-of-one")]);
    let reference = hidden(&page, "reference");
    let answer = [
        ended,
        ("reference", &*reference),
        ("text", "Ngày hẹn đã được giữ."),
    ];
    let (status, page) = server.post_form("/officer/objections", &answer);
    assert_eq!(status, 401);
    let kept = ["reference", "text", "draft"].map(|name| (name, hidden(&page, name)));
    let mut again = vec![("key", "key-of-one")];
    again.extend(kept.iter().map(|(name, value)| (*name, &**value)));
    let (status, page) = server.post_form("/officer/objections", &again);
    assert_eq!(status, 200, "{page}");
    // It waits in its field; nobody has answered.
    assert!(page.contains("Ngày hẹn đã được giữ.</textarea>"), "{page}");

    // Who comes in for the first time brings nothing along.
    let (_, page) = server.post_form("/officer", &[("key", "wrong"), ("lang", "vi")]);
    assert!(
        page.contains("action=\"/officer\"") && !page.contains("type=\"hidden\""),
        "{page}"
    );
}

/// Of three pages each leads to the next and to the one before, to the same cases.
#[test]
fn a_long_list_leads_back_as_well() {
    let all: Vec<String> = (1..=201).map(|n| format!("H98.1-261005-{n:04}")).collect();
    let cases: Vec<String> = all.iter().map(|code| case(code, "4", json!({}))).collect();
    let server = server(&cases.join("\n"));
    let (_, first) = server.post_form("/officer", &[("key", "key-of-one"), ("lang", "vi")]);
    let button = |page: &str, label: &str| {
        let form = page.split("<form").find(|form| form.contains(label))?;
        let names = [
            "session",
            "lang",
            "days",
            "agency",
            "finished_late",
            "after",
            "before",
        ];
        Some(names.map(|name| (name, hidden(form, name))))
    };
    let press = |page: &str, label: &str| {
        let fields = button(page, label).unwrap();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let (status, page) = server.post_form("/officer", &fields);
        assert_eq!(status, 200);
        page
    };
    // Its button says of which case it is; the place where a page goes on names one, too.
    let on = |page: &str, code: &str| page.contains(&format!("Văn bản xin lỗi, {code}\""));
    let codes = |page: &str| -> Vec<&String> { all.iter().filter(|code| on(page, code)).collect() };
    let (next, back) = ("Trang tiếp theo", "Trang trước");
    assert!(button(&first, back).is_none());
    let second = press(&first, next);
    let third = press(&second, next);
    assert!(button(&third, next).is_none());
    assert_eq!(
        [&first, &second, &third].map(|page| codes(page).len()),
        [100, 100, 1]
    );
    let again = press(&third, back);
    assert_eq!(codes(&again), codes(&second));
    assert_eq!(codes(&press(&again, next)), codes(&third));
    let begin = press(&again, back);
    assert_eq!(codes(&begin), codes(&first));
    assert!(button(&begin, back).is_none());
}
