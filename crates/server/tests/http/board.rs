//! The public board.

use serde_json::json;

use crate::support::{Server, case_of};

/// H98.1: one in time, one late by a day with a letter in time; H98.2: one in time. Words worked by hand: 2 of 3 is
/// 66.67 %, 1 of 2 is 50 %.
fn server() -> Server {
    let letter = json!([{ "NgayBanHanh": "20261013090000", "SoVanBan": "12/PXL", "LyDo": "bí mật của người nộp",
        "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261021170000", "NguoiKy": "Nguyễn Văn Ký" }]);
    let done = |day: &str| json!({ "NgayKetThucXuLy": format!("202610{day}100000") });
    let mut late = done("15");
    late["DanhSachXinLoi"] = letter;
    let cases = [
        case_of("H98.1", "A-1", "10", done("13")),
        case_of("H98.1", "A-2", "10", late),
        case_of("H98.2", "B-1", "10", done("14")),
    ];
    Server::with(&cases.join("\n"))
}

fn page(server: &Server, path: &str) -> String {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}");
    answer.body.as_str().unwrap().to_owned()
}

#[test]
fn the_board_shows_the_figures_of_province_and_agency_in_both_languages() {
    let server = server();
    let vi = page(&server, "/board?period=2026-10");
    for words in [
        "66,67 % (2/3)",
        "50,00 % (1/2)",
        "UBND phường Một",
        "dưới chỉ tiêu",
        "lang=\"vi\"",
    ] {
        assert!(vi.contains(words), "{words}");
    }
    let en = page(&server, "/board?period=2026-10&agency=H98.1&lang=en");
    for words in [
        "50.00 % (1/2)",
        "below the target",
        "By procedure",
        "lang=\"en\"",
    ] {
        assert!(en.contains(words), "{words}");
    }
    // Without a period: the quarter of today, 15/10/2026.
    assert!(page(&server, "/board").contains("aria-current=\"page\">Quý 4"));
}

/// Under the strict policy of every page: no script, no style attribute, nothing from elsewhere.
#[test]
fn the_board_needs_no_script_and_every_chart_stands_beside_its_words() {
    let server = server();
    for path in [
        "/board?period=2026-10",
        "/board?period=2026-10&agency=H98.1",
        "/board/xin-loi?period=2026-10",
    ] {
        let page = page(&server, path);
        assert!(
            !page.contains("<script") && !page.contains(" style=") && !page.contains(" onclick"),
            "{path}"
        );
        assert_eq!(
            page.matches("<svg").count(),
            page.matches("aria-hidden=\"true\"").count(),
            "{path}"
        );
        let tables = page.matches("<table").count();
        assert!(
            tables >= 1 && page.matches("<caption").count() == tables,
            "{path}"
        );
    }
    let page = page(&server, "/board?period=2026-10");
    for link in page.split("/dinh-nghia#").skip(1) {
        let section = link.split('"').next().unwrap();
        assert!(dung_hen_server::pages::is_defined(section), "{section}");
    }
    assert!(page.matches("/dinh-nghia#").count() >= 6);
}

#[test]
fn the_register_of_apologies_names_no_case_and_nobody() {
    let server = server();
    let page = page(&server, "/board/xin-loi?period=2026-10");
    for words in [
        "12/PXL",
        "UBND phường Một",
        "13/10/2026",
        "14/10/2026",
        "21/10/2026",
    ] {
        assert!(page.contains(words), "{words}");
    }
    for secret in ["A-2", "bí mật", "Nguyễn Văn Ký"] {
        assert!(!page.contains(secret), "{secret}");
    }
    let other = self::page(&server, "/board/xin-loi?period=2026-10&agency=H98.2");
    assert!(!other.contains("12/PXL"));
    assert!(!self::page(&server, "/board/xin-loi?period=2026-09").contains("12/PXL"));
}

#[test]
fn a_board_that_cannot_be_is_a_page_that_says_so() {
    let server = server();
    for (path, status) in [
        ("/board?period=soon", 422),
        ("/board?agency=nobody", 404),
        ("/board?agency=%3Cscript%3E", 404),
        ("/board/xin-loi?period=2026-13", 422),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}");
        let text = answer.body.as_str().unwrap().to_owned();
        assert!(text.contains("<h1>") && !text.contains("<script"), "{path}");
    }
}
