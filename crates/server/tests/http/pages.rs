//! The way without JavaScript: the whole journey as pages.

use serde_json::json;

use crate::support::{Server, case};

const CODE: &str = "H98.1-261005-0001";

fn hidden(page: &str, name: &str) -> String {
    let at = page
        .find(&format!("name=\"{name}\""))
        .unwrap_or_else(|| panic!("no field {name}"));
    let value = page[at..].split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

#[test]
fn look_up_rate_and_object_without_javascript() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let (status, page) = server.post_form(
        "/tra-cuu",
        &[("case_code", CODE), ("proof", "1234"), ("lang", "vi")],
    );
    assert_eq!(status, 200);
    for text in [
        "Thứ Tư, 14 tháng 10 năm 2026",
        "Đã quá hẹn 1 ngày",
        "Thông báo quá hẹn",
        "Vì sao là ngày này",
        "Gửi đánh giá",
        // What this way gives up is said where it is used.
        "Cách gửi không dùng JavaScript yếu hơn",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let number = hidden(&page, "number");
    let rate = [
        ("case_code", CODE),
        ("proof", "1234"),
        ("number", &number),
        ("overall", "2"),
        ("factor_officials", "1"),
        ("lang", "vi"),
    ];
    let (status, thanks) = server.post_form("/danh-gia", &rate);
    assert_eq!(status, 201, "{thanks}");
    // Sent twice by an impatient finger: still one rating.
    assert_eq!(server.post_form("/danh-gia", &rate).0, 201);
    assert_eq!(
        server.get("/api/v1/counters").body,
        json!({ "received": 2, "stored": 1, "repeated": 1, "corrected": 0, "refused": 0 })
    );
    // The number is shown in groups; typed in any way it corrects the rating, without case or proof.
    let receipt: Vec<&str> = (0..6)
        .map(|group| &number[4 * group..4 * group + 4])
        .collect();
    assert!(thanks.contains(&receipt.join("-")), "{thanks}");
    let typed = receipt.join(" ").to_lowercase();
    let (status, page) = server.post_form(
        "/sua-danh-gia",
        &[
            ("number", &typed),
            ("overall", "5"),
            ("wrong", "polite"),
            ("lang", "en"),
        ],
    );
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("Your rating has been changed"));
    let (status, page) = server.post_form(
        "/sua-danh-gia",
        &[("number", "0000-1111"), ("overall", "5")],
    );
    assert_eq!(status, 422);
    assert!(page.contains("Số biên nhận có chỗ chưa đúng") && page.contains("0000-1111"));
    let object = [
        ("case_code", CODE),
        ("proof", "1234"),
        ("kind", "asked_to_pay_extra"),
        ("text", "…"),
        ("lang", "en"),
    ];
    let (status, page) = server.post_form("/phan-anh", &object);
    assert_eq!(status, 201);
    assert!(page.contains("PA-") && page.contains("lang=\"en\""));
}

#[test]
fn errors_are_pages_with_the_form_kept() {
    let server = Server::with(&case(CODE, "4", json!({})));
    let (status, page) = server.post_form("/tra-cuu", &[("case_code", CODE), ("proof", "9999")]);
    assert_eq!(status, 404);
    assert!(page.contains("không khớp") && page.contains(CODE));
    let (status, page) =
        server.post_form("/tra-cuu", &[("case_code", "<script>alert(1)</script>")]);
    assert_eq!(status, 422);
    assert!(!page.contains("<script"));
    let (status, page) = server.post_form("/danh-gia", &[("lang", "en")]);
    assert_eq!(status, 422);
    assert!(page.contains("<h1>That did not work</h1>"));
}

/// What the element tells of a case, the page tells too: where it is, its dates, how it was filed, how the result travels.
#[test]
fn the_page_leaves_nothing_out() {
    let server = Server::with(&case(
        CODE,
        "4",
        json!({ "NgayTiepNhan": "20261005000000" }),
    ));
    let look = |proof: &str, lang: &str| {
        let (status, page) = server.post_form(
            "/tra-cuu",
            &[("case_code", CODE), ("proof", proof), ("lang", lang)],
        );
        assert_eq!(status, 200);
        page
    };
    let page = look("1234", "vi");
    for text in [
        "Thông tin hồ sơ",
        "<dt>Ngày tiếp nhận</dt><dd>Thứ Hai, 5 tháng 10 năm 2026</dd>",
        "<dt>Cách nộp</dt><dd>Nộp trực tiếp</dd>",
        "Số liệu lúc",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    // A day without an hour is written as midnight.
    assert!(!page.contains("00:00"), "{page}");
    assert!(look("", "en").contains("As of 09:00, Thursday, 15 October 2026"));

    let done = json!({ "NgayKetThucXuLy": "20261013160000", "NgayTra": "20261014090000" });
    let server = Server::with(&case(CODE, "10", done));
    let (_, page) = server.post_form("/tra-cuu", &[("case_code", CODE), ("proof", "1234")]);
    for text in [
        "Kết quả trả tại nơi nộp hồ sơ.",
        "<dt>Ngày xử lý xong</dt><dd>Thứ Ba, 13 tháng 10 năm 2026</dd>",
        "<dt>Ngày trả kết quả</dt><dd>Thứ Tư, 14 tháng 10 năm 2026</dd>",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

/// Whoever reads no Vietnamese can come here without a portal; and what was not found is said so.
#[test]
fn the_pages_that_are_only_opened_have_both_languages() {
    let server = Server::with(&case(CODE, "4", json!({})));
    for (address, vi, en) in [
        ("/tra-cuu", "Tra cứu hồ sơ", "Look up a case"),
        ("/sua-danh-gia", "Sửa đánh giá", "Change a rating"),
    ] {
        let (status, page) = server.get_page(address);
        assert_eq!(status, 200);
        assert!(page.contains(vi) && page.contains(&format!("{address}?lang=en")));
        let (status, page) = server.get_page(&format!("{address}?lang=en"));
        assert_eq!(status, 200);
        assert!(
            page.contains(en) && page.contains("<html lang=\"en\">"),
            "{page}"
        );
        assert!(page.contains(&format!("{address}?lang=vi")));
        // And the form goes on in it.
        assert_eq!(hidden(&page, "lang"), "en");
    }
    let (status, page) = server.post_form("/tra-cuu", &[("case_code", "H98.1-261005-0099")]);
    assert_eq!(status, 404);
    assert!(page.contains("<h1>Không tìm thấy hồ sơ</h1>"), "{page}");
}

/// On a page in English, what somebody wrote in Vietnamese is marked as that: it is read out by its own rules (WCAG
/// 3.1.2). Sentences of ours that name an agency or a procedure stay what they are.
#[test]
fn what_was_written_in_vietnamese_is_marked_on_an_english_page() {
    let more = json!({
        "TrangThaiHoSo": "6",
        "DanhSachLePhi": [{ "TenPhiLePhi": "Lệ phí cư trú", "Gia": "20000" }],
        "DanhSachGiayToKetQua": [{ "TenGiayTo": "Sổ mới" }, { "TenGiayTo": "Bản điện tử", "DuongDanTepTinKetQua": "https://example.vn/a" }],
        "DanhSachXinLoi": [{ "NgayBanHanh": "20261012080000", "SoVanBan": "1/PXL", "LyDo": "Thiếu người",
            "CoQuanBanHanh": "Công an tỉnh", "NgayHenTraMoi": "20261030170000", "NguoiKy": "Lê Văn Ký" }],
    });
    let step = json!({ "service": "CapNhatTienDoHoSoMC", "data": [{
        "MaHoSo": CODE, "ThoiDiemXuLy": "20261007100000", "PhongBanXuLy": "Tổ cư trú", "NguoiXuLy": "Phạm Thị Xử",
        "NoiDungXuLy": "Thẩm định",
    }] });
    let server = Server::with(&format!("{}\n{step}", case(CODE, "6", more)));
    let (status, page) = server.post_form(
        "/tra-cuu",
        &[("case_code", CODE), ("proof", "1234"), ("lang", "en")],
    );
    assert_eq!(status, 200);
    for words in [
        "Đăng ký thường trú",
        "UBND phường Một",
        "Lệ phí cư trú",
        "Sổ mới",
        "Bản điện tử",
        "Công an tỉnh",
        "Thiếu người",
        "Lê Văn Ký",
        "Tổ cư trú",
        "Phạm Thị Xử",
        "Thẩm định",
    ] {
        // As a text of its own, not within a sentence of ours.
        let own: Vec<&str> = page
            .match_indices(&format!(">{words}<"))
            .map(|(at, _)| page[..=at].rsplit('<').next().unwrap())
            .collect();
        assert!(!own.is_empty(), "{words} is not there by itself: {page}");
        for tag in own {
            assert!(tag.contains("lang=\"vi\""), "{words}: <{tag}");
        }
    }
}
