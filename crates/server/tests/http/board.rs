//! The public board.

mod history;

use dung_hen_server::report::Cell;
use serde_json::json;

use crate::support::{Server, TWO_LEVELS, case_of};

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

/// The page is long: its parts are named after the first figures, each with a link that leads somewhere.
#[test]
fn the_parts_of_the_board_are_named_at_its_head() {
    let server = server();
    for (path, first) in [
        ("/board?period=2026-10", "Theo cấp và cơ quan"),
        ("/board?period=2026-10&agency=H98.1", "Theo thủ tục"),
        ("/board?period=2026-10&lang=en", "By level and agency"),
    ] {
        let page = page(&server, path);
        let contents = page.split("class=\"contents\"").nth(1).expect(path);
        let (contents, rest) = contents.split_once("</nav>").expect(path);
        let parts: Vec<_> = contents
            .split("href=\"#")
            .skip(1)
            .filter_map(|link| link.split_once("\">"))
            .collect();
        assert!(parts[0].1.starts_with(first), "{path}: {parts:?}");
        let headings: Vec<_> = rest
            .split("<h2 id=\"")
            .skip(1)
            .filter_map(|heading| heading.split('"').next())
            .collect();
        let named: Vec<_> = parts.iter().map(|(id, _)| *id).collect();
        assert_eq!(named, headings, "{path}: each part, in its order");
        assert!(headings.contains(&"satisfied") && headings.contains(&"files"));
    }
    // The province's name stands apart from ours.
    assert!(page(&server, "/board").contains("Đúng Hẹn</span> · "));
}

/// Three dossiers, two of them in time: 20 × 2 / 3 = 13.33 of 20. One is overdue, so 2 of 3 are satisfied at most: 6 × 0.6667
/// / 0.90 = 4.44 of 6. No time to answer objections is set, so nobody can have been late with one. Of H98.1 alone: 20 × 1 /
/// 2 = 10, and 6 × 0.5 / 0.90 = 3.33.
#[test]
fn the_board_shows_the_scores_of_qd_766_and_that_they_are_not_official() {
    let server = server();
    let section = |path: &str| {
        let page = page(&server, path);
        let (_, from) = page
            .split_once("<section aria-labelledby=\"formulas\">")
            .unwrap();
        from.split_once("</section>").unwrap().0.to_owned()
    };
    let vi = section("/board?period=2026-10");
    for words in [
        "13,33 / 20",
        "2/3",
        "4,44 / 6",
        "chưa tính được",
        "không phải điểm chính thức",
        "Quyết định 766/QĐ-TTg (theo nguồn thứ cấp)",
        "#qd-766-progress",
        "#qd-766-satisfaction",
    ] {
        assert!(vi.contains(words), "{words}: {vi}");
    }
    let en = section("/board?period=2026-10&agency=H98.1&lang=en");
    for words in ["10.00 / 20", "1/2", "3.33 / 6", "not official scores"] {
        assert!(en.contains(words), "{words}: {en}");
    }
    // Nothing was received then: no score, and no nought that looks like one.
    let empty = section("/board?period=2024-01");
    assert!(
        !empty.contains(" / 20") && !empty.contains(" / 6"),
        "{empty}"
    );
}

/// Of a period without cases nothing is compared, and no target stands where its share would.
#[test]
fn a_period_without_figures_says_so() {
    let server = server();
    for (lang, words) in [("vi", "chưa có số liệu"), ("en", "nothing counted")] {
        let empty = page(&server, &format!("/board?period=2026-03&lang={lang}"));
        let figure = empty.split("<p class=\"figure\">").nth(1).unwrap();
        let figure = figure.split("</p>").next().unwrap();
        assert!(figure.ends_with(words), "{figure}");
    }
}

/// Parts that have nothing to show are not there: no table without a row, no drawing without a line.
#[test]
fn a_period_without_figures_has_no_empty_tables() {
    let server = server();
    for path in ["/board?period=2027", "/board?period=2027&agency=H98.1"] {
        let empty = page(&server, path);
        assert!(!empty.contains("<tbody></tbody>"), "{path}");
        assert!(empty.contains("id=\"apologies\""), "{path}");
        for part in ["rows", "trend", "levels"] {
            assert!(!empty.contains(&format!("#{part}\"")), "{path}: {part}");
        }
    }
}

/// Where answers are too few to be published, the API says nothing of their number; a nought on the board would.
#[test]
fn answers_that_are_not_published_are_not_said_to_be_none() {
    let server = server();
    let api = server.get("/api/v1/metrics/satisfaction?period=2026-10");
    assert!(api.body["denominators"]["answered"].is_null());
    for (lang, name, words) in [
        ("vi", "Trả lời đã công bố", "chưa đủ 5 trả lời"),
        ("en", "Answers published", "fewer than 5 answers"),
    ] {
        let board = page(&server, &format!("/board?period=2026-10&lang={lang}"));
        let said = format!("<dt>{name}</dt><dd>{words}</dd>");
        assert!(board.contains(&said), "{said}");
    }
}

/// Of several pages that are open, each is told apart by its title.
#[test]
fn the_title_says_whom_the_page_is_about() {
    let server = server();
    for (path, title) in [
        ("/board", "Bảng số liệu đúng hẹn – Tỉnh Mẫu"),
        (
            "/board?level=commune&lang=en",
            "On-time board – Commune, Sample Province",
        ),
        (
            "/board?agency=H98.1",
            "Bảng số liệu đúng hẹn – UBND phường Một",
        ),
    ] {
        let page = page(&server, path);
        let title = format!("<title>{title} – Đúng Hẹn</title>");
        assert!(page.contains(&title), "{path}: {title}");
    }
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

/// What stands outside of every element that says it is Vietnamese.
fn unmarked(page: &str) -> String {
    let body = &page[page.find("<body").unwrap()..];
    let mut open = Vec::new();
    let mut text = String::new();
    for part in body.split('<').skip(1) {
        let (tag, after) = part.split_once('>').unwrap();
        if tag.starts_with('/') {
            open.pop();
        } else {
            let inherited = open.last().copied().unwrap_or(false);
            open.push((inherited || tag.contains("lang=\"vi\"")) && !tag.contains("lang=\"en\""));
        }
        if !open.last().copied().unwrap_or(false) {
            text.push_str(after);
            text.push(' ');
        }
    }
    text
}

/// Every table by its caption, every card and every list of counts leads to where it is defined, on every page and in
/// both languages; and English pages hold no Vietnamese that is not marked as such.
#[test]
fn every_figure_on_every_page_says_how_it_is_counted() {
    let server = crate::open_data::counted_by_hand();
    let registered = self::server();
    let how = "href=\"/dinh-nghia#";
    let mut sections = std::collections::BTreeSet::new();
    for (server, path) in [
        (&server, "/board?period=2026-10"),
        (&server, "/board?period=2026-Q4&level=commune"),
        (&server, "/board?period=2026&agency=H98.1"),
        (&registered, "/board/xin-loi?period=2026-10"),
        (&server, "/board/lich-su?period=2026-10"),
    ] {
        for lang in ["vi", "en"] {
            let page = page(server, &format!("{path}&lang={lang}"));
            for (from, to) in [
                ("<caption", "</caption>"),
                ("<div class=\"headline\">", "</div>"),
                ("<dl", "</section>"),
            ] {
                for figure in page.split(from).skip(1) {
                    let figure = figure.split(to).next().unwrap();
                    assert!(figure.contains(how), "{path} {lang}: {from}{figure}");
                }
            }
            for link in page.split(how).skip(1) {
                let section = link.split('"').next().unwrap();
                assert!(dung_hen_server::pages::is_defined(section), "{section}");
                sections.insert(section.to_owned());
            }
            if lang == "en" {
                let text = unmarked(&page);
                let foreign: Vec<_> = text
                    .split_whitespace()
                    .filter(|word| word.chars().any(|c| c.is_alphabetic() && !c.is_ascii()))
                    .collect();
                assert!(foreign.is_empty(), "{path}: {foreign:?}");
            }
        }
    }
    for section in ["on-time", "factor", "target", "integrity", "history"] {
        assert!(sections.contains(section), "{section}: {sections:?}");
    }
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
        // The period is that of the letters, not of the cases.
        "văn bản ban hành 01/10/2026 – 31/10/2026",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("hồ sơ tiếp nhận"), "{page}");
    for secret in ["A-2", "bí mật", "Nguyễn Văn Ký"] {
        assert!(!page.contains(secret), "{secret}");
    }
    let other = self::page(&server, "/board/xin-loi?period=2026-10&agency=H98.2");
    assert!(!other.contains("12/PXL"));
    assert!(!self::page(&server, "/board/xin-loi?period=2026-09").contains("12/PXL"));
}

/// 150 letters of H98.1, one of H98.2 and one of a ministry's, a day each for three: 101 and more do not fit on a page.
#[test]
fn the_register_goes_on_page_by_page() {
    let cases: Vec<String> = (1..=152)
        .map(|n| {
            let agency = match n {
                151 => "H98.2",
                152 => "G22.1",
                _ => "H98.1",
            };
            let letter = json!([{ "NgayBanHanh": format!("202610{:02}090000", n % 3 + 10),
                "SoVanBan": format!("{n}/PXL"), "NgayHenTraMoi": "20261021170000" }]);
            case_of(
                agency,
                &format!("A-{n}"),
                "4",
                json!({ "DanhSachXinLoi": letter }),
            )
        })
        .collect();
    let server = Server::configured(&cases.join("\n"), "");
    let shown = |page: &str| page.matches("/PXL</td>").count();
    let next = |page: &str| {
        let (_, rest) = page.split_once("rel=\"next\" href=\"")?;
        Some(rest.split('"').next().unwrap().replace("&amp;", "&"))
    };
    for (place, first, second) in [
        ("", 100, 52),
        ("&agency=H98.1", 100, 50),
        ("&agency=H98.2", 1, 0),
        ("&level=commune", 100, 51),
        ("&level=district", 0, 0),
    ] {
        let one = page(&server, &format!("/board/xin-loi?period=2026-10{place}"));
        assert_eq!(shown(&one), first, "{place}");
        let address = next(&one);
        assert_eq!(address.is_some(), second > 0, "{place}");
        if let Some(address) = address {
            let two = page(&server, &address);
            assert_eq!(shown(&two), second, "{address}");
            assert_eq!(next(&two), None, "{address}");
            let other = |row: &&str| row.contains("/PXL</td>") && one.contains(*row);
            assert_eq!(two.split("<tr>").filter(other).count(), 0, "{address}");
        }
        let file = page(
            &server,
            &format!("/board/tai-ve/so-xin-loi.csv?period=2026-10{place}"),
        );
        assert_eq!(file.matches("/PXL").count(), first + second, "{place}");
    }
    for after in ["x", "MjAyNi0xMC0xMA", "%00"] {
        let answer = server.get(&format!("/board/xin-loi?period=2026-10&after={after}"));
        assert_eq!(answer.status, 404, "{after}");
    }
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

/// Of `open_data.rs`, worked by hand there.
#[test]
fn the_board_leads_from_province_to_level_to_agency_to_procedure() {
    let server = crate::open_data::counted_by_hand();
    let province = page(&server, "/board?period=2026-10");
    for words in [
        "91,67 % (11/12)",
        "90,91 % (10/11)",
        "level=commune",
        "agency=H98.1",
        // Five answers say little, and the row of the agency says so.
        "80,00 % (4/5), dưới chỉ tiêu; chưa đủ dữ liệu",
        "/board/tai-ve/so-lieu.xlsx?period=2026-10",
        "/api/v1/open-data?period=2026-10",
        // One procedure: the province's share of it is what the mix lets expect; 10/11 is 0.76 points less.
        "91,67 % (-0,76)",
    ] {
        assert!(province.contains(words), "{words}");
    }
    let level = page(&server, "/board?period=2026-10&level=commune&lang=en");
    for words in [
        "Commune, Sample Province",
        "91.67 % (11/12)",
        "agency=H98.1&amp;lang=en",
        "80.00 % (4/5), below the target; not enough answers",
    ] {
        assert!(level.contains(words), "{words}");
    }
    // The level itself is not one of its own rows.
    assert!(!level.contains("class=\"level\""));
    let agency = page(&server, "/board?period=2026-10&agency=H98.1");
    for words in [
        "90,91 % (10/11)",
        "Đăng ký thường trú",
        "level=commune",
        "80,00 % (4/5)",
        "37,55 % – 96,38 %",
        // Drawn: the interval as a whisker, the targets of 93 and 96 as lines, across the trend at (100 − 96) × 0.8; a bar
        // for the factor of which all were satisfied.
        "<line class=\"interval\" x1=\"37.55\" y1=\"5\" x2=\"96.38\"",
        "<line class=\"target\" x1=\"93.00\"",
        "<line class=\"target\" x1=\"96.00\"",
        "<line class=\"target\" x1=\"0\" x2=\"100\" y1=\"3.20\" y2=\"3.20\"",
        "<rect class=\"value\" x=\"0\" y=\"1.5\" width=\"100.00\"",
    ] {
        assert!(agency.contains(words), "{words}");
    }
    let other = page(&server, "/board?period=2026-10&level=province");
    assert!(!other.contains("UBND phường Một"), "{other}");
    assert_eq!(server.get("/board?level=village").status, 422);
    // Nothing of four who have no company.
    assert!(!province.contains("(9/10)"));
}

/// Of 66.67 % at the level: below the 96 % for all, above the 60 % for communes, which is the one that counts there.
#[test]
fn a_level_stands_beside_the_target_of_its_own() {
    let letterless = json!({ "NgayKetThucXuLy": "20261013100000" });
    let late = json!({ "NgayKetThucXuLy": "20261015100000" });
    let cases = [
        case_of("H98.1", "A-1", "10", letterless.clone()),
        case_of("H98.1", "A-2", "10", letterless),
        case_of("H98.1", "A-3", "10", late),
    ];
    let target = |more: &str, percent: u8| {
        format!(
            "[[targets]]\nfigure = \"on_time\"\npercent = {percent}.0\nfrom = \"2026-01-01\"\n\
             source = \"QĐ {percent}/QĐ-UBND\"\n{more}\n"
        )
    };
    let targets = target("", 96) + &target("level = \"commune\"", 60);
    let server = Server::of_province(&cases.join("\n"), &format!("{TWO_LEVELS}\n{targets}"));
    // Across the trend, at (100 − 60) × 0.8 = 32 and (100 − 96) × 0.8 = 3.2.
    for (place, source, line) in [
        ("", "QĐ 96/QĐ-UBND", "y1=\"3.20\""),
        ("&level=commune", "QĐ 60/QĐ-UBND", "y1=\"32.00\""),
        ("&agency=H98.1", "QĐ 60/QĐ-UBND", "y1=\"32.00\""),
    ] {
        let board = page(&server, &format!("/board?period=2026-10{place}"));
        assert!(board.contains(source), "{place}: {board}");
        assert!(board.contains(line), "{place}: {board}");
        let path = format!("/api/v1/metrics/timeliness?period=2026-10{place}");
        let share = server.get(&path).body["on_time_share"].clone();
        let percent = if place.is_empty() { 96.0 } else { 60.0 };
        assert_eq!(share["target"], percent, "{place}");
    }
}

/// A finished case of October: in time (13/10) or late by a day (15/10); of the residence procedure or of births.
fn finished(agency: &str, number: u32, procedure: &str, day: &str) -> String {
    let more = json!({ "MaTTHC": procedure, "NgayKetThucXuLy": format!("202610{day}100000") });
    case_of(agency, &format!("{agency}-261005-{number:04}"), "10", more)
}

/// H98.1 has four easy cases, all in time, and a hard one that was late; H98.2 one easy one that was late, and four hard
/// ones, half of them in time.
///
/// | | easy (1.001193) | hard (1.004222) | raw |
/// |---|---|---|---|
/// | H98.1 | 4 of 4 | 0 of 1 | 4 of 5 = 80 % |
/// | H98.2 | 0 of 1 | 2 of 4 | 2 of 5 = 40 % |
/// | the province | 4 of 5 = 80 % | 2 of 5 = 40 % | 6 of 10 = 60 % |
///
/// Expected of H98.1: (4 × 80 + 1 × 40) / 5 = 72 %, it has 8 points more; of H98.2: (1 × 80 + 4 × 40) / 5 = 48 %, 8
/// fewer. Cases that are open or were withdrawn weigh nothing, nor do those of September. An agency that finished nothing
/// has no such figure; the raw one stands first.
#[test]
fn shares_stand_beside_what_the_case_mix_lets_expect() {
    let (easy, hard) = ("1.001193", "1.004222");
    let mut cases: Vec<String> = [
        ("H98.1", easy, "13"),
        ("H98.1", easy, "13"),
        ("H98.1", easy, "13"),
        ("H98.1", easy, "14"),
        ("H98.1", hard, "15"),
        ("H98.2", easy, "15"),
        ("H98.2", hard, "13"),
        ("H98.2", hard, "14"),
        ("H98.2", hard, "15"),
        ("H98.2", hard, "15"),
    ]
    .into_iter()
    .zip(1..)
    .map(|((agency, procedure, day), number)| finished(agency, number, procedure, day))
    .collect();
    cases.push(case_of("H98.1", "H98.1-261005-0021", "4", json!({})));
    cases.push(case_of("H98.1", "H98.1-261005-0022", "7", json!({})));
    cases.push(case_of("H98.3", "H98.3-261005-0023", "4", json!({})));
    let september = json!({ "NgayTiepNhan": "20260905080000", "NgayHenTra": "20260914170000", "NgayKetThucXuLy": "20260915100000" });
    cases.push(case_of("H98.1", "H98.1-260905-0024", "10", september));
    let server = Server::with(&cases.join("\n"));
    let board = page(&server, "/board?period=2026-10&lang=en");
    for (raw, expected) in [
        ("80.00 % (4/5)", "72.00 % (+8.00)"),
        ("40.00 % (2/5)", "48.00 % (-8.00)"),
    ] {
        let raw = board.find(raw).unwrap_or_else(|| panic!("{raw}: {board}"));
        let expected = board
            .find(expected)
            .unwrap_or_else(|| panic!("{expected}: {board}"));
        assert!(raw < expected, "the raw share stands first");
    }
    assert!(page(&server, "/board?period=2026-10").contains("72,00 % (+8,00)"));
    // The same in the workbook, in hundredths; empty where nothing was finished.
    let sheets = crate::open_data::sheets_of(&server, "2026-10");
    let (_, table) = sheets.iter().find(|(file, _)| *file == "dung-hen").unwrap();
    let column = |head: &str| table.heads.iter().position(|one| one == head).unwrap();
    let (raw, mix) = (
        column("Tỷ lệ đúng hẹn"),
        column("Nếu mỗi thủ tục như toàn tỉnh"),
    );
    let of = |code: &str| {
        let (_, row) = (table.rows.iter())
            .find(|(_, row)| row[0] == Cell::Text(code.to_owned()))
            .unwrap();
        (row[raw].clone(), row[mix].clone())
    };
    assert_eq!(
        of("H98.1"),
        (Cell::Hundredths(8_000), Cell::Hundredths(7_200))
    );
    assert_eq!(
        of("H98.2"),
        (Cell::Hundredths(4_000), Cell::Hundredths(4_800))
    );
    assert_eq!(of("H98.3"), (Cell::Empty, Cell::Empty));
}
