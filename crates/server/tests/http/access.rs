//! Look-up: what the code alone shows, what a proof opens, and that nothing tells unknown from wrong.

use serde_json::json;

use crate::support::{Server, case};

const CODE: &str = "H98.1-261005-0001";

#[test]
fn the_code_alone_shows_state_and_step_and_nothing_else() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let answer = server.lookup(" h98.1 – 261005 – 0001", None);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut keys: Vec<&str> = answer
        .body
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "access",
            "as_of",
            "case_code",
            "national_portal",
            "status",
            "status_text",
            "step",
            "steps",
            "version"
        ]
    );
    assert_eq!(answer.body["status"], "processing");
    assert_eq!(answer.body["step"], 3);
}

/// Any grammar is one: a case is found by its very code, though that has the looks of a national one that was typed badly.
/// What was typed badly finds the case that was meant.
#[test]
fn the_very_code_of_a_case_comes_before_what_else_may_be_meant() {
    let very = "H98.1/261005/0001";
    let server = Server::with(
        &[very, CODE]
            .map(|code| case(code, "4", json!({})))
            .join("\n"),
    );
    for (typed, found) in [
        (very, very),
        ("h98.1/261005/0001", very),
        ("Ｈ９８．１／２６１００５／０００１", very),
        (CODE, CODE),
        ("H98.1_261005_0001", CODE),
        ("H98.1/26l005/OOO1", CODE),
        // In a message, too; of two codes that are written there, the first that a case has.
        ("Mã hồ sơ: H98.1/261005/0001, hẹn 14/10", very),
        ("Mã hồ sơ: h98.1_261005_0001, hẹn 14/10", CODE),
        ("hồ sơ H98.1-261005-0001 (H98.1/261005/0001)", CODE),
        (
            "hồ sơ H98.1_261005_0001 (Ｈ９８．１／２６１００５／０００１)",
            very,
        ),
    ] {
        for proof in [None, Some("1234")] {
            assert_eq!(
                server.lookup(typed, proof).body["case_code"],
                found,
                "{typed}"
            );
        }
    }
}

#[test]
fn a_province_may_widen_the_public_answer_to_dates() {
    let server = Server::configured(&case(CODE, "4", json!({})), "public_dates = true");
    let answer = server.lookup(CODE, None);
    assert_eq!(answer.body["dates"]["promise"], "2026-10-14");
    assert_eq!(answer.body["dates"]["timeliness"], "overdue");
}

#[test]
fn each_kind_of_proof_opens_the_case() {
    let server = Server::with(&case(CODE, "4", json!({})));
    // The receipt's secret with or without its hyphen, in any case; identity 079000123456; phone 0900001234;
    // as keyboards for Chinese or Japanese type them, too: each sign as wide as it is high.
    for proof in [
        "K7QF-2MWX",
        "k7qf 2mwx",
        "ｋ７ｑｆ－２ＭＷＸ",
        "123456",
        "１２３４５６",
        "1234",
        "１２　３４",
    ] {
        let answer = server.lookup(CODE, Some(proof));
        assert_eq!(
            (answer.status, answer.body["access"].as_str()),
            (200, Some("holder")),
            "{proof}"
        );
        assert_eq!(answer.body["dates_held"]["promise"], "2026-10-14");
        // Mon 5/10 excluded; 6, 7, 8, 9, 12, 13, 14: seven working days.
        assert_eq!(answer.body["deadline"]["due"], "2026-10-14");
        assert_eq!(answer.body["deadline"]["agrees"], true);
    }
}

#[test]
fn without_a_secret_the_digits_are_the_proof() {
    let server = Server::with(&case(CODE, "4", json!({ "MaTraCuu": "" })));
    assert_eq!(server.lookup(CODE, Some("K7QF2MWX")).code(), "no_match");
    assert_eq!(server.lookup(CODE, Some("123456")).status, 200);
}

#[test]
fn unknown_code_and_wrong_proof_look_the_same() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let wrong = server.lookup(CODE, Some("654321"));
    let unknown = server.lookup("H98.1-261005-9999", Some("654321"));
    assert_eq!((wrong.status, wrong.code()), (404, "no_match"));
    assert_eq!(wrong.body, unknown.body);
    let names = |answer: &crate::support::Answer| {
        answer
            .headers
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&wrong), names(&unknown));
}

#[test]
fn a_proof_of_one_case_does_not_open_another() {
    let other = case(
        "H98.1-261005-0002",
        "4",
        json!({ "MaTraCuu": "B4TN9RHZ", "MaDoiTuong": "079000999888", "SoDienThoai": "0900005678" }),
    );
    let server = Server::with(&format!("{}\n{other}", case(CODE, "4", json!({}))));
    for proof in ["B4TN9RHZ", "999888", "5678"] {
        assert_eq!(
            server.lookup(CODE, Some(proof)).code(),
            "no_match",
            "{proof}"
        );
    }
}

#[test]
fn attempts_are_limited_for_known_and_unknown_codes_alike() {
    let server = Server::with(&case(CODE, "4", json!({})));
    for code in [CODE, "H98.1-261005-9999"] {
        for attempt in 0..5 {
            assert_eq!(
                server.lookup(code, Some(&format!("00000{attempt}"))).code(),
                "no_match"
            );
        }
        let blocked = server.lookup(code, Some("123456"));
        assert_eq!((blocked.status, blocked.code()), (429, "too_many_attempts"));
        // Fifteen minutes, and the clock stands still.
        assert_eq!(blocked.header("retry-after"), Some("900"));
        assert_eq!(blocked.body["retry_after_s"], 900);
    }
    // The code alone still answers.
    assert_eq!(server.lookup(CODE, None).status, 200);
}

#[test]
fn nothing_of_the_applicant_is_kept_or_shown() {
    let server = Server::with(&case(
        CODE,
        "4",
        json!({ "DiaChi": "12 Đường Riêng Tư", "TrichYeuHoSo": "của bà Riêng Tư" }),
    ));
    let shown = server.lookup(CODE, Some("1234")).body.to_string();
    server.lookup(CODE, Some("wrong"));
    let kept = server.everything_kept();
    for private in [
        "Riêng Tư",
        "rieng.tu@",
        "0900001234",
        "079000123456",
        "K7QF",
        "123456",
    ] {
        assert!(!shown.contains(private), "shown: {private}");
        assert!(
            !kept
                .windows(private.len())
                .any(|window| window == private.as_bytes()),
            "kept: {private}"
        );
    }
}

/// A case only filed has no day of reception, and none is made up for it.
#[test]
fn a_day_that_was_not_sent_is_not_invented() {
    let server = Server::with(&case(
        CODE,
        "1",
        json!({ "NgayTiepNhan": "", "NgayHenTra": null }),
    ));
    let dates = server.lookup(CODE, Some("1234")).body["dates_held"].clone();
    assert_eq!(dates["received"], json!(null));
    assert_eq!(dates["promise"], json!(null));
}

/// Proofs are read alike on both sides: wide digits, blanks and dots of a sender are no other number.
#[test]
fn a_number_that_a_system_writes_its_own_way_is_a_proof() {
    let wide = |digits: &str| -> String {
        let widened = |digit: char| char::from_u32(u32::from(digit) + 0xfee0).unwrap();
        digits.chars().map(widened).collect()
    };
    for (identity, phone) in [
        (wide("079000123456"), wide("0900001234")),
        ("079.000.123.456".to_owned(), "090 000 12 34".to_owned()),
        ("079 000 123 456".to_owned(), "(+84) 90-000-1234".to_owned()),
    ] {
        let sent = json!({ "MaDoiTuong": identity, "SoDienThoai": phone });
        let server = Server::with(&case(CODE, "4", sent));
        for proof in ["123456", "１２３４５６", "123.456", "1234"] {
            let answer = server.lookup(CODE, Some(proof));
            assert_eq!(answer.body["access"], "holder", "{identity} {proof}");
        }
    }
}

/// A hundred wrong proofs at the same instant are still five attempts.
#[test]
fn attempts_at_the_same_instant_are_counted_one_by_one() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let codes: Vec<String> = std::thread::scope(|scope| {
        let ask = |attempt: u32| {
            let server = &server;
            scope.spawn(move || {
                server
                    .lookup(CODE, Some(&format!("{attempt:06}")))
                    .code()
                    .to_owned()
            })
        };
        let all: Vec<_> = (0..100).map(ask).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let of = |code: &str| codes.iter().filter(|one| *one == code).count();
    assert_eq!((of("no_match"), of("too_many_attempts")), (5, 95));
}

/// Whoever is refused is owed the reason in writing (NĐ 61/2018 Điều 17(1)b): what the agency noted is the holder's to
/// read, and nobody else's.
#[test]
fn why_a_case_was_not_accepted_is_told_to_its_holder_alone() {
    let note = "Nộp không đúng cơ quan có thẩm quyền";
    for (status, told) in [("3", true), ("8", true), ("7", false), ("4", false)] {
        let server = Server::with(&case(CODE, status, json!({ "GhiChu": note })));
        let held = server.lookup(CODE, Some("1234")).body;
        assert_eq!(held["end_reason"]["note"] == note, told, "{status}: {held}");
        assert_eq!(held.to_string().contains(note), told, "{status}");
        let public = server.lookup(CODE, None).body.to_string();
        assert!(!public.contains(note) && !public.contains("end_reason"));
        let asked = [("case_code", CODE), ("proof", "1234"), ("lang", "vi")];
        let (_, page) = server.post_form("/tra-cuu", &asked);
        assert_eq!(page.contains(note), told, "{status}");
        // What is dropped is not kept either.
        let kept = server.state.store.read_now(|store| store.find_case(CODE));
        let kept = kept.unwrap().unwrap().detail.end_note;
        assert_eq!(kept.is_some(), told, "{status}");
    }
    // It goes when the case goes on, and where none came it is said where the reason is to be had.
    let server = Server::with(&case(CODE, "3", json!({ "GhiChu": note })));
    server.import(&case(CODE, "3", json!({})));
    let reason = &server.lookup(CODE, Some("1234")).body["end_reason"];
    assert_eq!(reason["note"], json!(null));
    let said = reason["vi"].as_str().unwrap();
    for words in ["chưa nhận được lý do", "phiếu từ chối", "1022"] {
        assert!(said.contains(words), "{said}");
    }
    server.import(&case(CODE, "4", json!({ "GhiChu": note })));
    let held = server.lookup(CODE, Some("1234")).body;
    assert_eq!(held["end_reason"], json!(null));
}
