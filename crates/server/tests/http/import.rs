//! Import and connector: promises are kept for ever, broken input leaves nothing.

use dung_hen_server::connector::intake::import_text;
use dung_hen_server::figures::{Counting, verify};
use serde_json::json;

use crate::support::{Server, case, case_of};

const CODE: &str = "H98.1-261005-0001";

#[test]
fn a_moved_date_never_replaces_the_first_promise() {
    let lines = [
        case(CODE, "4", json!({})),
        case(CODE, "4", json!({ "NgayHenTra": "20261030170000" })),
        // Sent again, as connectors do: nothing new.
        case(CODE, "4", json!({ "NgayHenTra": "20261030170000" })),
    ];
    let server = Server::with(&lines.join("\n"));
    let view = server.lookup(CODE, Some("1234")).body;
    let dates = &view["dates_held"];
    assert_eq!(
        (
            &dates["first_promise"],
            &dates["promise"],
            &dates["current"]
        ),
        (
            &json!("2026-10-14"),
            &json!("2026-10-14"),
            &json!("2026-10-30")
        )
    );
    let causes: Vec<_> = dates["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["cause"].clone())
        .collect();
    assert_eq!(causes, ["receipt", "unexplained"]);
    assert_eq!(view["timeliness"], "overdue");
}

#[test]
fn a_supplement_restarts_the_period_and_makes_a_new_promise() {
    // Asked on Tue 6/10, in on Thu 8/10: 7 working days from there: 9, 12, 13, 14, 15, 16, 19/10.
    let supplement = json!([{ "NoiDungBoSung": "Bản sao sổ", "NgayBoSung": "20261006090000",
        "NgayTiepNhanBoSung": "20261008090000", "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261019170000" }]);
    let server = Server::with(&case(
        CODE,
        "4",
        json!({ "NgayHenTra": "20261019170000", "DanhSachHoSoBoSung": supplement }),
    ));
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["dates_held"]["first_promise"], "2026-10-14");
    assert_eq!(view["dates_held"]["promise"], "2026-10-19");
    assert_eq!(view["deadline"]["starts"], "2026-10-08");
    assert_eq!(view["deadline"]["due"], "2026-10-19");
    assert_eq!(view["deadline"]["restarted"], true);
    assert_ne!(view["timeliness"], "overdue");
}

#[test]
fn a_letter_names_a_new_date_but_the_promise_stays_broken() {
    let letter = json!([{ "SoVanBan": "12/PXL", "NgayBanHanh": "20261013090000", "LyDo": "Chờ xác minh",
        "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000", "NguoiKy": "Nguyễn Văn Mẫu" }]);
    let server = Server::with(&case(
        CODE,
        "4",
        json!({ "NgayHenTra": "20261021170000", "DanhSachXinLoi": letter }),
    ));
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["timeliness"], "overdue");
    assert_eq!(view["apology"]["state"], "issued_in_time");
    assert_eq!(view["apology"]["letters"][0]["reason"], "Chờ xác minh");
    assert_eq!(view["apology"]["letters"][0]["outside_rule"], false);
    // No body has adopted the text in this province: the notice apologises for no one.
    assert_eq!(
        view["apology"]["notice"]["title"]["vi"],
        "Thông báo quá hẹn"
    );
    assert!(
        !view["apology"]["notice"]
            .to_string()
            .contains("xin lỗi ông/bà")
    );
}

#[test]
fn a_broken_file_is_refused_and_nothing_of_it_is_stored() {
    let server = Server::with("");
    let good = case(CODE, "4", json!({}));
    for (bad, told) in [
        (
            case("H98.1-261005-0002", "11", json!({})),
            "line 2, field data[0].TrangThaiHoSo: ",
        ),
        (
            case(
                "H98.1-261005-0002",
                "4",
                json!({ "NgayHenTra": "2026-10-14" }),
            ),
            "line 2, field data[0].NgayHenTra: ",
        ),
        // Where it ends is no field.
        (
            "{\"service\":\"DongBoHoSoMC\",\"data\":[{\"MaHoSo\":\"H98.1-2610".to_owned(),
            "line 2: the file is cut off",
        ),
    ] {
        let now = server.state.now();
        let error = import_text(
            &server.state.store,
            &format!("{good}\n{bad}"),
            &server.state.keys,
            now,
            &server.state.reference,
        )
        .unwrap_err();
        assert!(error.to_string().starts_with(told), "{error}");
        assert_eq!(server.lookup(CODE, None).code(), "case_not_found");
    }
}

#[test]
fn the_connector_needs_its_key_and_answers_per_body() {
    let server = Server::with("");
    let line = case(CODE, "4", json!({}));
    let send =
        |key, body: &str| server.post_raw("/api/v1/connector", "application/json", body, key);
    assert_eq!(send(None, &line).code(), "connector_key_invalid");
    assert_eq!(send(Some("wrong"), &line).code(), "connector_key_invalid");
    let step = json!({ "service": "CapNhatTienDoHoSoMC", "data": [
        { "MaHoSo": CODE, "NguoiXuLy": "Lê Văn A", "ThoiDiemXuLy": "20261006100000", "PhongBanXuLy": "Tư pháp", "NoiDungXuLy": "Thẩm tra" },
        { "MaHoSo": "H98.1-261005-4444", "ThoiDiemXuLy": "20261006100000" } ] });
    let answer = send(Some("secret-of-the-connector"), &format!("{line}\n{step}"));
    let counts = [
        "error_code",
        "cases",
        "steps",
        "steps_without_case",
        "refused",
    ];
    assert_eq!(
        counts.map(|name| answer.body[name].clone()),
        [json!("0"), json!(1), json!(1), json!(1), json!(0)]
    );
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["timeline"][1]["unit"], "Tư pháp");
    assert_eq!(view["timeline"][1]["officer"], "Lê Văn A");
}

#[test]
fn senders_mistakes_that_change_nothing_are_read() {
    // Numbers for strings, empty strings for null, null lists.
    let line = case(
        CODE,
        "4",
        json!({ "TrangThaiHoSo": 4, "NgayTra": "", "HinhThuc": 1, "DanhSachLePhi": null, "DanhSachHoSoBoSung": "" }),
    );
    let server = Server::with(&line);
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(
        (view["status"].as_str(), view["return_by_post"].as_bool()),
        (Some("processing"), Some(true))
    );
}

/// 1.5 as a case code is a mistake that changes something: it is refused, not read as "1.5".
#[test]
fn a_fraction_is_not_a_text() {
    let server = Server::with("");
    for (code, refused) in [(json!(2.0), 0), (json!(1.5), 1), (json!(2.5e-42), 1)] {
        let body = case("0", "4", json!({ "MaHoSo": code }));
        let answer = server.post_raw(
            "/api/v1/connector",
            "application/json",
            &body,
            Some("secret-of-the-connector"),
        );
        assert_eq!(answer.body["refused"], refused, "{code}");
    }
}

/// Where the note is not read, whatever stands in it holds up no case; where the reason is owed, it is a text or a mistake.
#[test]
fn a_note_that_is_no_text_holds_up_no_case_that_needs_none() {
    let server = Server::with("");
    for (status, note, refused) in [
        ("4", json!({ "text": "Bí mật" }), 0),
        ("10", json!(["Bí mật"]), 0),
        ("4", json!(1.5), 0),
        ("3", json!(null), 0),
        ("3", json!(" "), 0),
        ("3", json!(12), 0),
        ("3", json!({ "text": "Sai nơi nộp" }), 1),
        ("8", json!(["Sai nơi nộp"]), 1),
        ("8", json!(1.5), 1),
    ] {
        let body = case(CODE, status, json!({ "GhiChu": note }));
        let answer = server.post_raw(
            "/api/v1/connector",
            "application/json",
            &body,
            Some("secret-of-the-connector"),
        );
        assert_eq!(answer.body["refused"], refused, "{status} {note}");
        let said = answer.body.to_string();
        assert_eq!(said.contains("GhiChu"), refused == 1, "{said}");
    }
    let told = &server.lookup(CODE, Some("1234")).body["end_reason"]["note"];
    assert_eq!(told, "12");
}

#[test]
fn a_letter_sent_before_the_date_is_moved_is_one_postponement() {
    // The letter names 21/10, but NgayHenTra of the same item is still the receipt's 14/10.
    let letter = json!([{ "SoVanBan": "12/PXL", "NgayBanHanh": "20261013090000",
        "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000" }]);
    let server = Server::with(&case(CODE, "4", json!({ "DanhSachXinLoi": letter })));
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["apology"]["state"], "issued_in_time");
    let history = view["dates_held"]["history"].as_array().unwrap();
    assert_eq!(history.len(), 2);
}

#[test]
fn a_letter_once_sent_does_not_vanish_and_is_not_doubled_by_a_correction() {
    let letter = |reason: &str| {
        json!([{ "SoVanBan": "12/PXL", "NgayBanHanh": "20261013090000", "LyDo": reason,
            "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000" }])
    };
    let sent = |letters| {
        case(
            CODE,
            "4",
            json!({ "NgayHenTra": "20261021170000", "DanhSachXinLoi": letters }),
        )
    };
    let lines = [
        sent(letter("Chờ xác minh")),
        sent(letter("Chờ xác minh thực địa")),
        sent(json!([])),
    ];
    let server = Server::with(&lines.join("\n"));
    let letters = server.lookup(CODE, Some("1234")).body["apology"]["letters"].clone();
    assert_eq!(letters.as_array().unwrap().len(), 1);
    assert_eq!(letters[0]["reason"], "Chờ xác minh thực địa");
}

#[test]
fn an_empty_batch_is_no_error_and_an_empty_key_opens_nothing() {
    let server = Server::with("");
    let empty = json!({ "service": "DongBoHoSoMC", "data": [] }).to_string();
    let send = |server: &Server, key| {
        server.post_raw("/api/v1/connector", "application/json", &empty, key)
    };
    assert_eq!(
        send(&server, Some("secret-of-the-connector")).body["cases"],
        0
    );
    let open = Server::with_connector_key("");
    for key in [None, Some(""), Some("x")] {
        assert_eq!(send(&open, key).code(), "connector_key_invalid", "{key:?}");
    }
}

#[test]
fn the_agency_may_stand_in_the_query_as_connectors_send_it() {
    let server = Server::with("");
    let line = case_of("", CODE, "4", json!({}));
    let path = "/api/v1/connector?MaDinhDanhDV=H98.2";
    server.post_raw(
        path,
        "application/json",
        &line,
        Some("secret-of-the-connector"),
    );
    assert_eq!(
        server.lookup(CODE, Some("1234")).body["agency"]["code"],
        "H98.2"
    );
}

/// 1.012753 is published as 17 working days online, 30 by post, 20 at the counter.
#[test]
fn each_channel_has_its_own_published_limit() {
    let filed = |code: &str, channel: &str| {
        case(
            code,
            "4",
            json!({ "MaTTHC": "1.012753", "KenhThucHien": channel }),
        )
    };
    // 1.010041 prints one day and three days for the same channel: which applies is not said.
    let twice = case(
        "A-4",
        "4",
        json!({ "MaTTHC": "1.010041", "KenhThucHien": "2" }),
    );
    let lines = [
        filed("A-1", "1"),
        filed("A-2", "2"),
        filed("A-3", "3"),
        twice,
    ]
    .join("\n");
    let server = Server::with(&lines);
    let look = |code| server.lookup(code, Some("1234")).body;
    for (code, limit) in [
        ("A-1", "20 ngày làm việc"),
        ("A-2", "17 ngày làm việc"),
        ("A-3", "30 ngày làm việc"),
    ] {
        assert_eq!(look(code)["deadline"]["limit"]["vi"], limit, "{code}");
    }
    let twice = look("A-4");
    assert_eq!(twice["deadline"], json!(null));
    assert_eq!(twice["not_computed"]["reason"], "several_limits");
}

/// A file is written by the page, and what is in it more than once, known already, with letters or waited for by steps, is
/// kept, counted and computed as if each item had come by itself.
#[test]
fn what_comes_together_is_kept_as_what_comes_one_by_one() {
    let code = |n: usize| format!("H98.1-261005-{n:04}");
    let letter = json!([{ "SoVanBan": "12/PXL", "NgayBanHanh": "20261013090000", "LyDo": "Chờ xác minh",
        "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000" }]);
    let moved = json!({ "NgayHenTra": "20261030170000" });
    let ended = json!({ "NgayKetThucXuLy": "20261013100000" });
    let step = |n: usize| {
        json!({ "service": "CapNhatTienDoHoSoMC", "madonvi": "H98.1", "data": [{ "MaHoSo": code(n),
            "ThoiDiemXuLy": "20261006080000", "PhongBanXuLy": "Một cửa", "NoiDungXuLy": "Đã nhận" }] })
        .to_string()
    };
    // Known before: some of them, one with a letter that the next file does not name; and steps that came early.
    let before: Vec<String> = (0..12)
        .step_by(3)
        .map(|n| {
            case(
                &code(n),
                "4",
                json!({ "DanhSachXinLoi": if n == 6 { letter.clone() } else { json!([]) } }),
            )
        })
        .chain([step(5), step(900)])
        .collect();
    let file: Vec<String> = (0..700)
        .map(|n| match n % 4 {
            0 => case(&code(n), "4", json!({})),
            1 => case(&code(n), "10", ended.clone()),
            2 => case(
                &code(n),
                "4",
                json!({ "DanhSachXinLoi": letter, "NgayHenTra": "20261021170000" }),
            ),
            _ => case(&code(n), "2", json!({})),
        })
        .chain([
            case(&code(3), "4", moved.clone()),
            case(&code(3), "10", ended.clone()),
            case(&code(699), "4", moved),
            step(3),
            step(901),
        ])
        .collect();
    let (together, alone) = (
        Server::with(&before.join("\n")),
        Server::with(&before.join("\n")),
    );
    together.import(&file.join("\n"));
    // In the order in which a file is written: cases by their codes, then steps.
    for one in &file {
        alone.import(one);
    }
    let kept = |server: &Server| {
        let read = |reader: &mut dung_hen_server::store::Reader<'_>| {
            let mut all = Vec::new();
            for n in 0..700 {
                let code = code(n);
                let case = reader.find_case(&code)?.unwrap();
                assert_eq!(reader.is_shown_as(&case)?, Some(true), "{code}");
                let kept = reader.kept_cases(&[&code])?.remove(0);
                assert_eq!(kept.record, case, "{code}");
                all.push((case, kept.computed));
            }
            let waiting = reader.count_dead_letters()?;
            Ok::<_, dung_hen_server::store::StoreError>((all, waiting))
        };
        server.state.store.read_now(read).unwrap()
    };
    let ((some, waiting), (others, other_waiting)) = (kept(&together), kept(&alone));
    for (one, other) in some.iter().zip(&others) {
        assert_eq!(one, other);
    }
    // Those of the cases 900 and 901, which nobody knows.
    assert_eq!((waiting, other_waiting), (2, 2));
    assert_eq!(some[5].0.progress.len(), 1, "what came early is let in");
    assert_eq!(some[6].0.letters.len(), 1);
    let causes: Vec<_> = some[3].0.history.iter().map(|entry| entry.cause).collect();
    assert_eq!(
        causes.len(),
        2,
        "each of the three is merged into those before"
    );
    for server in [&together, &alone] {
        let counting = Counting::new(&server.state.reference, server.state.now());
        let verified = server
            .state
            .store
            .read_now(|reader| verify::verify(reader, &counting, |_| {}))
            .unwrap();
        assert_eq!((verified.cases, verified.differences.len()), (700, 0));
    }
}
