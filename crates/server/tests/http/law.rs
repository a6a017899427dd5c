//! What the law makes of a case, through real HTTP: possible dates, what cannot be computed and why, promises,
//! clocks, letters, and the rules and the calendar themselves. Now is Thursday 15/10/2026, 09:00.

use serde_json::{Value, json};

use crate::support::{Server, case, case_of};

pub(crate) const CODE: &str = "H98.1-261005-0001";

pub(crate) fn held(server: &Server, code: &str) -> Value {
    let answer = server.lookup(code, Some("1234"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

fn only(extra: Value) -> Value {
    held(&Server::with(&case(CODE, "4", extra)), CODE)
}

/// A calendar file beside the configuration, and the line of the configuration that names it.
pub(crate) fn calendar_file(text: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lich.json");
    std::fs::write(&path, text).unwrap();
    let line = format!("calendar_file = {:?}", path.display().to_string());
    (directory, line)
}

/// 1.013225 is published as 20 calendar days online; 3/11 + 20 = Mon 23/11/2026, a day not decided:
/// worked, it is the last day; off, Tue 24/11 is a holiday, so Wed 25/11.
#[test]
fn an_open_day_gives_possible_dates_with_their_conditions() {
    let view = only(json!({
        "MaTTHC": "1.013225", "KenhThucHien": "2", "NgayTiepNhan": "20261103080000", "NgayHenTra": "20261130170000",
    }));
    let deadline = &view["deadline"];
    assert_eq!(deadline["due"], json!(null));
    assert_eq!(deadline["unsettled_from"], "2026-11-23");
    let possible = deadline["possible"].as_array().unwrap();
    let dates: Vec<&str> = possible
        .iter()
        .map(|one| one["due"].as_str().unwrap())
        .collect();
    assert_eq!(dates, ["2026-11-23", "2026-11-25"]);
    assert_eq!(
        possible[0]["condition"]["vi"],
        "nếu Thứ Hai 23 tháng 11 năm 2026 vẫn là ngày làm việc"
    );
    assert!(
        deadline["assuming"]["en"]
            .as_str()
            .unwrap()
            .contains("no other swap")
    );
    assert_eq!(deadline["because"], json!([]));
    // Later than both: later, whatever is decided. It does not agree or disagree with a date that is not there.
    assert_eq!(
        (&deadline["later"], &deadline["agrees"]),
        (&json!(true), &json!(null))
    );
}

/// 40 calendar days by the counter from 1/12/2026 end in 2027, of which Tết is not decided.
#[test]
fn where_no_date_can_be_listed_it_says_why() {
    let view = only(json!({
        "MaTTHC": "1.012812", "NgayTiepNhan": "20261201080000", "NgayHenTra": "20270110170000",
    }));
    let deadline = &view["deadline"];
    assert_eq!(deadline["possible"], json!([]));
    let because = deadline["because"].to_string();
    assert!(because.contains("Tết Nguyên đán 2027"), "{because}");
    assert!(!deadline["later"].as_bool().unwrap());
}

/// The same case once the province's own file settles the swap.
#[test]
fn a_province_file_settles_the_date() {
    let (_kept, line) = calendar_file(
        r#"{"version": "h98-1", "years": [{"year": 2026, "settled_until": "2026-12-31", "open": [],
            "sources": ["Công văn 1/UBND"], "days": [
            {"date": "2026-11-23", "kind": "swapped_off", "holiday": "culture_day", "pair": "2026-11-28"},
            {"date": "2026-11-28", "kind": "swapped_working_day", "holiday": "culture_day", "pair": "2026-11-23"}]}]}"#,
    );
    let received = json!({
        "MaTTHC": "1.013225", "KenhThucHien": "2", "NgayTiepNhan": "20261103080000", "NgayHenTra": "20261125170000",
    });
    let server = Server::configured(&case(CODE, "4", received), &line);
    let deadline = held(&server, CODE)["deadline"].clone();
    assert_eq!(
        (&deadline["due"], &deadline["agrees"]),
        (&json!("2026-11-25"), &json!(true))
    );
    let calendar = server.get("/api/v1/calendar?year=2026").body;
    assert_eq!(calendar["version"], "2026-11-22+h98-1");
    assert_eq!(calendar["computable_until"], "2026-12-31");
    let days = calendar["years"][0]["days"].as_array().unwrap();
    let swapped = days.iter().find(|day| day["date"] == "2026-11-28").unwrap();
    assert_eq!(
        *swapped,
        json!({
            "date": "2026-11-28", "layer": "settled", "kind": "swapped_working_day", "pair": "2026-11-23",
            "name": { "vi": "ngày làm bù: thay cho Thứ Hai 23 tháng 11", "en": "worked in exchange: for Monday 23 November" },
            "source": "Công văn 1/UBND", "province": true,
        })
    );
}

#[test]
fn the_calendar_tells_its_layers_and_what_is_missing() {
    let server = Server::with("");
    let calendar = server.get("/api/v1/calendar").body;
    // 15/10: next year is asked for, and less than sixty days are at hand.
    assert_eq!(calendar["warnings"].as_array().unwrap().len(), 2);
    assert_eq!(calendar["computable_until"], "2026-11-22");
    let year = |year: i32| {
        let years = calendar["years"].as_array().unwrap();
        years
            .iter()
            .find(|one| one["year"] == year)
            .unwrap()
            .clone()
    };
    let layers = |year: &Value| -> Vec<String> {
        let mut all: Vec<String> = year["days"]
            .as_array()
            .unwrap()
            .iter()
            .map(|day| day["layer"].as_str().unwrap().to_owned())
            .collect();
        all.dedup();
        all
    };
    assert_eq!(layers(&year(2025)), ["settled"]);
    assert_eq!(layers(&year(2026)), ["settled", "provisional"]);
    assert_eq!(layers(&year(2027)), ["provisional"]);
    for day in year(2024)["days"].as_array().unwrap() {
        assert!(!day["source"].as_str().unwrap().is_empty(), "{day}");
    }
    assert_eq!(
        server.get("/api/v1/calendar?year=2040").body["years"],
        json!([])
    );
    assert_eq!(
        server.get("/api/v1/calendar?year=soon").code(),
        "date_invalid"
    );
}

#[test]
fn the_rules_carry_their_marks() {
    let server = Server::with("");
    let sets = |query: &str| server.get(&format!("/api/v1/rules{query}")).body["sets"].clone();
    assert_eq!(sets("").as_array().unwrap().len(), 11);
    // The day before the circular of 2026 is in force, the one before it is named.
    for (received, from, forms) in [
        ("2026-07-31", "2026-07-01", "TT 03/2025/TT-VPCP"),
        ("2026-08-01", "2026-08-01", "TT 09/2026/TT-BTP"),
    ] {
        let set = sets(&format!("?received={received}"))[0].clone();
        assert_eq!(set["from"], from);
        assert_eq!(set["values"][1]["value"]["vi"], forms);
    }
    assert_eq!(sets("?received=2018-06-20"), json!([]));
    let now = sets("?received=2026-10-15");
    let value = |rule: &str| {
        let values = now[0]["values"].as_array().unwrap();
        values
            .iter()
            .find(|one| one["rule"] == rule)
            .unwrap()
            .clone()
    };
    assert_eq!(value("period_start")["basis"]["mark"], "verified");
    assert_eq!(value("postponements")["basis"]["mark"], "open");
    let words = value("postponements")["basis"]["vi"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(words.starts_with("theo quy định hiện hành ("), "{words}");
    assert_eq!(
        server.get("/api/v1/rules?received=15/10/2026").code(),
        "date_invalid"
    );
}

/// Each reason has its name, and the promise on the receipt stands all the same.
#[test]
fn what_cannot_be_computed_says_why() {
    for (extra, reason) in [
        (json!({ "MaTTHC": "9.999999" }), "no_limit"),
        // Printed as a bare "1".
        (json!({ "MaTTHC": "1.000894" }), "limit_without_unit"),
        (
            json!({ "MaTTHC": "1.010041", "KenhThucHien": "2" }),
            "several_limits",
        ),
        // A provincial portal's text of before July 2025.
        (json!({ "MaTTHC": "1.010405" }), "limit_of_another_time"),
        (
            json!({ "NgayTiepNhan": "20180620080000" }),
            "before_first_rules",
        ),
        (
            json!({ "NgayTiepNhan": "00010101080000" }),
            "before_first_rules",
        ),
        (json!({ "PhiDiaGioi": "1" }), "competent_reception_unknown"),
        (
            json!({ "PhiDiaGioi": "1", "NgayCoQuanThamQuyenNhan": "20261004080000" }),
            "competent_before_reception",
        ),
        (
            json!({ "PhiDiaGioi": "1", "NgayTiepNhan": "20260803080000" }),
            "no_rule_for_reception_elsewhere",
        ),
        // Đăng ký thường trú of 2020: rules there are, a calendar of that year there is not.
        (
            json!({ "NgayTiepNhan": "20200615080000" }),
            "before_calendar",
        ),
        // Received in the last days of the last year.
        (
            json!({ "NgayTiepNhan": "99991231080000", "NgayHenTra": "99991231170000" }),
            "date_out_of_range",
        ),
    ] {
        let view = only(extra.clone());
        assert_eq!(view["deadline"], json!(null), "{extra}");
        assert_eq!(view["not_computed"]["reason"], reason, "{extra}");
        assert!(
            view["not_computed"]["text"]["vi"]
                .as_str()
                .unwrap()
                .starts_with("Chưa thể tính")
        );
        assert!(
            view["dates_held"]["promise"].is_string(),
            "the promise stands"
        );
    }
    // A case that was never received owes no date and no reason.
    let server = Server::with(&case(CODE, "1", json!({})));
    let view = held(&server, CODE);
    assert_eq!(
        (&view["deadline"], &view["not_computed"], &view["clocks"]),
        (&json!(null), &json!(null), &json!(null))
    );
}

/// Handed in on Mon 5/10, at the competent agency on Wed 7/10: 8 (1), 9 (2), 12 (3), 13 (4), 14 (5), 15 (6), 16 (7).
#[test]
fn handed_in_elsewhere_the_period_starts_at_the_competent_agency() {
    let sent = only(json!({ "PhiDiaGioi": "1", "NgayCoQuanThamQuyenNhan": "20261007100000" }));
    assert_eq!(sent["deadline"]["due"], "2026-10-16");
    assert_eq!(sent["deadline"]["caution"], json!(null));
    // Not sent: the first step of that agency stands in, and the holder is told.
    let step = json!({ "service": "CapNhatTienDoHoSoMC", "data": [
        { "MaHoSo": CODE, "ThoiDiemXuLy": "20261006080000", "PhongBanXuLy": "Bộ phận Một cửa phường Hai" },
        { "MaHoSo": CODE, "ThoiDiemXuLy": "20261007100000", "PhongBanXuLy": "Công an phường Một" },
    ] });
    let lines = format!("{}\n{step}", case(CODE, "4", json!({ "PhiDiaGioi": "1" })));
    let from_step = held(&Server::with(&lines), CODE);
    assert_eq!(from_step["deadline"]["starts"], "2026-10-07");
    assert_eq!(from_step["deadline"]["due"], "2026-10-16");
    assert!(
        from_step["deadline"]["caution"]["vi"]
            .as_str()
            .unwrap()
            .contains("bước xử lý đầu tiên")
    );
}

/// 7 working days from Mon 5/10/2026: Wed 14/10.
#[test]
fn a_promise_later_than_the_limit_is_said_and_an_uncovered_source_says_nothing() {
    let deadline = |extra: Value| only(extra)["deadline"].clone();
    let same = deadline(json!({}));
    assert_eq!(
        (&same["agrees"], &same["later"]),
        (&json!(true), &json!(false))
    );
    let later = deadline(json!({ "NgayHenTra": "20261015170000" }));
    assert_eq!(
        (&later["agrees"], &later["later"]),
        (&json!(false), &json!(true))
    );
    let earlier = deadline(json!({ "NgayHenTra": "20261013170000" }));
    assert_eq!(
        (&earlier["agrees"], &earlier["later"]),
        (&json!(false), &json!(false))
    );
    // Received in March 2026, before the source is known to stand: computed, and not compared.
    let before =
        deadline(json!({ "NgayTiepNhan": "20260302080000", "NgayHenTra": "20260331170000" }));
    assert_eq!(before["due"], "2026-03-11");
    assert_eq!(
        (&before["agrees"], &before["later"]),
        (&json!(null), &json!(false))
    );
    assert!(
        before["caution"]["en"]
            .as_str()
            .unwrap()
            .contains("published after")
    );
}

/// Received on Mon 5/10/2026: Tue 6 (1), Wed 7 (2), Thu 8 (3), Fri 9/10 (4). NĐ 61/2018 Điều 19(4) gives three days; that
/// the rule still stands in 2026 is not read anywhere, and in 2021 it is the article itself.
#[test]
fn papers_asked_for_late_are_said_with_how_sure_the_rule_is() {
    let asked = |received: &str, asked: &str| {
        let supplement =
            json!({ "NoiDungBoSung": "Thiếu bản sao", "NgayBoSung": format!("{asked}090000") });
        only(json!({
            "TrangThaiHoSo": "5",
            "NgayTiepNhan": format!("{received}080000"),
            "DanhSachHoSoBoSung": [supplement],
        }))["deadline"]["caution"]
            .clone()
    };
    assert_eq!(asked("20261005", "20261008"), json!(null));
    let late = asked("20261005", "20261009");
    let words = late["vi"].as_str().unwrap();
    assert!(words.contains("ngày làm việc thứ 4"), "{words}");
    assert!(
        words.contains("Theo cách hiểu của hệ thống, thời hạn yêu cầu là trong 3 ngày làm việc, theo quy định hiện hành (Nghị định 118/2025/NĐ-CP"),
        "{words}"
    );
    assert!(words.contains("luật riêng"), "{words}");
    // Mon 4/10/2021: Tue 5 (1) to Fri 8/10 (4). The limit was published later, which is said first.
    let late = asked("20211004", "20211008");
    let words = late["en"].as_str().unwrap();
    let (first, second) = words.split_once(" The agency asked").unwrap();
    assert!(first.contains("published after"), "{words}");
    assert!(
        second.contains("within 3 working days, clause 4 Article 19, Decree 61/2018/NĐ-CP"),
        "{words}"
    );
}

/// Who named each date and why, as sent; and where it was not said, nothing.
#[test]
fn the_history_of_promises_says_who_and_why() {
    let supplement = json!({
        "NoiDungBoSung": "Thiếu bản sao", "NguoiYeuCauBoSung": "Lê Văn Cán Bộ", "NgayBoSung": "20261006090000",
        "NgayTiepNhanBoSung": "20261008090000", "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261019170000",
    });
    let letter = json!({
        "SoVanBan": "7/PXL", "NgayBanHanh": "20261014080000", "CoQuanBanHanh": "Công an phường Một", "NguoiKy": "Trưởng Công an",
        "LyDo": "Chờ xác minh", "NgayHenTraTruoc": "20261019170000", "NgayHenTraMoi": "20261023170000",
    });
    let server = Server::with(&case(
        CODE,
        "4",
        json!({ "DanhSachHoSoBoSung": [supplement], "DanhSachXinLoi": [letter], "NgayHenTra": "20261030170000" }),
    ));
    let view = held(&server, CODE);
    let history = view["dates_held"]["history"].as_array().unwrap();
    let told: Vec<Value> = history
        .iter()
        .map(|one| {
            assert_eq!(one["sender"], "UBND phường Một");
            json!([one["due"], one["cause"], one["by"], one["reason"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["2026-10-14", "receipt", null, null]),
            json!(["2026-10-19", "supplement", "Lê Văn Cán Bộ", "Thiếu bản sao"]),
            json!([
                "2026-10-23",
                "apology",
                "Trưởng Công an, Công an phường Một",
                "Chờ xác minh"
            ]),
            json!(["2026-10-30", "unexplained", null, null]),
        ]
    );
    let who = |at: usize| history[at]["who"]["en"].clone();
    assert_eq!(
        who(1),
        "Named by: Lê Văn Cán Bộ. Sent by the system of: UBND phường Một."
    );
    assert_eq!(
        who(3),
        "Who named it was not stated. Sent by the system of: UBND phường Một."
    );
    // What was said with a date stays with it, although the sender no longer sends it, or says something else.
    let again = json!({ "NgayHenTra": "20261030170000", "DanhSachHoSoBoSung": [{
        "NoiDungBoSung": "Khác", "NguoiYeuCauBoSung": "Người khác", "NgayBoSung": "20261006090000",
        "NgayTiepNhanBoSung": "20261008090000", "NgayHenTraMoi": "20261019170000",
    }] });
    server.import(&case_of("H98.2", CODE, "4", again));
    let after = held(&server, CODE)["dates_held"]["history"].clone();
    assert_eq!(after.as_array(), Some(history));
    // Whoever has only the code sees no person.
    let public = server.lookup(CODE, None).body.to_string();
    for person in ["Lê Văn Cán Bộ", "Trưởng Công an", "Người khác"] {
        assert!(!public.contains(person), "{person}");
    }
    // Moved once more after the letter, with nothing to explain it.
    assert_eq!(view["apology"]["postponement"], "outside_rule");
    // Mon 5/10 to Tue 6/10 agency 1; to Thu 8/10 applicant 2; Fri 9, 12, 13, 14, 15 agency 5.
    assert_eq!(view["clocks"]["agency"]["working_days"], 6);
    assert_eq!(view["clocks"]["applicant"]["working_days"], 2);
    assert_eq!(view["clocks"]["agency"]["spans"][1]["to"], json!(null));
    // The page without JavaScript says the same.
    let (status, page) = server.post_form(
        "/tra-cuu",
        &[("case_code", CODE), ("proof", "1234"), ("lang", "vi")],
    );
    assert_eq!(status, 200);
    for words in [
        "Các lần hẹn",
        "Lê Văn Cán Bộ",
        "Chờ xác minh",
        "Không nêu ai hẹn. Hệ thống gửi: UBND phường Một.",
        "Chờ cơ quan",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn an_incomplete_letter_is_said_to_be_incomplete() {
    let letter = json!({ "NgayBanHanh": "20261012080000", "CoQuanBanHanh": "Công an phường Một" });
    let view = only(json!({ "DanhSachXinLoi": [letter] }));
    let lacks = view["apology"]["letters"][0]["incomplete"]["vi"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        lacks,
        "Văn bản, như hệ thống nhận được, còn thiếu: số văn bản, ngày hẹn cũ, lý do, ngày hẹn mới, người ký."
    );
    // It names no new date, so nothing was postponed by it.
    assert_eq!(view["apology"]["postponement"], "never");
    assert_eq!(view["apology"]["letters"][0]["reason"], json!(null));
}

/// The letter of Mon 12/10 is in time for Wed 14/10, and its new date of the 14th has passed as well on the 15th.
#[test]
fn a_new_date_that_passes_too_is_said() {
    let letter = |new: &str| {
        json!({ "DanhSachXinLoi": [{
            "SoVanBan": "1", "NgayBanHanh": "20261012080000", "CoQuanBanHanh": "A", "NguoiKy": "B", "LyDo": "C",
            "NgayHenTraTruoc": "20261013170000", "NgayHenTraMoi": new,
        }], "NgayHenTra": "20261013170000" })
    };
    let missed = only(letter("20261014170000"));
    assert_eq!(missed["apology"]["new_date_missed"], json!(true));
    assert!(
        missed["apology"]["notice"]["paragraphs"]
            .to_string()
            .contains("cũng đã qua")
    );
    assert_eq!(missed["apology"]["letters"][0]["incomplete"], json!(null));
    let kept = only(letter("20261015170000"));
    assert_eq!(kept["apology"]["new_date_missed"], json!(false));
    assert_eq!(kept["apology"]["postponement"], "within_rule");
}

/// The first sender's reception stands; the second one's is kept beside it and said. The first corrects its own.
#[test]
fn two_systems_that_disagree_are_both_heard() {
    let other = case_of(
        "H98.2",
        CODE,
        "4",
        json!({ "NgayTiepNhan": "20261006080000" }),
    );
    let server = Server::with(&format!("{}\n{other}", case(CODE, "4", json!({}))));
    let view = held(&server, CODE);
    assert_eq!(view["dates_held"]["received"], "2026-10-05T08:00:00+07:00");
    assert!(
        view["doubts"]
            .to_string()
            .contains("Hai hệ thống gửi ngày khác nhau")
    );
    let corrected = [
        case(CODE, "4", json!({})),
        case(CODE, "4", json!({ "NgayTiepNhan": "20261006080000" })),
    ];
    let view = held(&Server::with(&corrected.join("\n")), CODE);
    assert_eq!(view["dates_held"]["received"], "2026-10-06T08:00:00+07:00");
    assert_eq!(view["doubts"], json!([]));
}

#[test]
fn contradictions_are_said_and_nothing_fails() {
    for (status, extra, words) in [
        (
            "10",
            json!({ "NgayKetThucXuLy": "20261012080000", "NgayTra": "20261009080000" }),
            "trước khi giải quyết xong",
        ),
        (
            "9",
            json!({ "NgayKetThucXuLy": "20270101080000" }),
            "còn ở phía trước",
        ),
        ("9", json!({}), "không có ngày xong"),
        (
            "4",
            json!({ "NgayKetThucXuLy": "20261012080000" }),
            "lại có ngày xong",
        ),
        (
            "4",
            json!({ "NgayHenTra": "99991231000000" }),
            "năm không thể có",
        ),
        (
            "4",
            json!({ "NgayTiepNhan": "00000101000000" }),
            "năm không thể có",
        ),
    ] {
        let server = Server::with(&case(CODE, status, extra.clone()));
        let view = held(&server, CODE);
        assert!(
            view["doubts"].to_string().contains(words),
            "{extra}: {}",
            view["doubts"]
        );
    }
    // An end before the reception within one item is refused at the door; between two senders it is said.
    let other = case_of(
        "H98.2",
        CODE,
        "9",
        json!({ "NgayTiepNhan": "20261001080000", "NgayKetThucXuLy": "20261002080000" }),
    );
    let view = held(
        &Server::with(&format!("{}\n{other}", case(CODE, "4", json!({})))),
        CODE,
    );
    assert!(
        view["doubts"]
            .to_string()
            .contains("xong trước ngày tiếp nhận"),
        "{}",
        view["doubts"]
    );
    assert_eq!(view["clocks"]["agency"]["working_days"], json!(null));
    assert_eq!(only(json!({}))["doubts"], json!([]));
}

/// The agency's own hours and cut-off, where the province gives them.
#[test]
fn an_agency_has_its_own_cut_off() {
    let filed = |agency: &str, code: &str| {
        case_of(
            agency,
            code,
            "4",
            json!({ "MaTTHC": "1.001193", "NgayTiepNhan": "20261005140000" }),
        )
    };
    let lines = format!("{}\n{}", filed("H98.1", "A-1"), filed("H98.7", "A-2"));
    let server = Server::of_province(
        &lines,
        r#"code = "H98"
        name = { vi = "Tỉnh Mẫu", en = "Sample Province" }
        agencies = [{ code = "H98.7", name = "Sở", level = "province", same_day_cut_off = "11:30" }]"#,
    );
    assert_eq!(held(&server, "A-1")["deadline"]["due"], "2026-10-05");
    assert_eq!(held(&server, "A-2")["deadline"]["due"], "2026-10-06");
}
