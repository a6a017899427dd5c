//! On paper: what the button “print” prints is one sheet, A4 or A5, and never looks like what it is not. The pages are
//! made by the browser's own printing and counted.

use dung_hen_tests::province::Province;
use dung_hen_tests::{Engine, Host, Page, Problem, Server, chromium_only, left_out, situation};
use serde_json::json;

/// The document that the button hands to the printer, as one text, with its styles.
async fn printed(page: &Page, article: &str) -> Result<String, Problem> {
    page.run("window.__paper = null;
        const append = Element.prototype.append;
        Element.prototype.append = function (...nodes) {
            append.apply(this, nodes);
            const frame = nodes.find((one) => one.localName === 'iframe');
            if (frame) frame.contentWindow.print = () => {
                const page = frame.contentDocument;
                const styles = page.adoptedStyleSheets.map((sheet) => [...sheet.cssRules].map((rule) => rule.cssText).join('\\n')).join('\\n');
                window.__paper = '<!doctype html><html lang=\"' + page.documentElement.lang + '\"><meta charset=\"utf-8\"><title>' + page.title + '</title><style>' + styles + '</style>' + page.body.outerHTML;
            } }")
        .await?;
    page.press(&format!("{article} button"), "In văn bản này")
        .await?;
    let text = page.until("return __paper").await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Why a journey that prints is not WebKit's.
pub(super) const PRINT: &str = "WebKit's driver has no command to print";

pub(super) const A4: (f64, f64) = (8.27, 11.69);
const A5: (f64, f64) = (5.83, 8.27);

#[tokio::test]
async fn every_notice_and_letter_is_one_sheet() -> Result<(), Problem> {
    if left_out(&[Engine::WebKit], PRINT) {
        return Ok(());
    }
    let server = Server::start();
    let host = Host::start();
    let page = Page::open(&server.url()).await?;
    let paper = Page::blank().await?;
    // Longer than any sheet: the count can be wrong, and then is seen to be.
    host.page_under(
        "/",
        "",
        &format!("<!doctype html><p>{}", "dài ".repeat(4000)),
    );
    paper.goto(&host.url()).await?;
    assert!(paper.sheets(A5.0, A5.1).await? > 3);
    for (key, article) in [
        ("overdue_without_letter", ".dh-notice"),
        ("finished_late_without_letter", ".dh-notice"),
        ("overdue_letter_in_time", ".dh-letter"),
        ("overdue_letter_late", ".dh-letter"),
        ("second_postponement", ".dh-letter"),
    ] {
        page.look_up_situation(key).await?;
        for lang in ["vi", "en"] {
            page.run(&format!("host.setAttribute('lang', '{lang}')"))
                .await?;
            page.until(&format!(
                "return root.querySelector('.dh').lang === '{lang}'"
            ))
            .await?;
            if lang == "en" {
                // The same button has another name there.
                page.run("root.querySelectorAll('[data-load=print]').forEach((one) => { one.textContent = 'In văn bản này' })")
                    .await?;
            }
            let text = printed(&page, article).await?;
            // Neither looks like a paper of the state: no national heading, no seal, no coat of arms.
            for foreign in ["CỘNG HÒA", "Độc lập", "SOCIALIST REPUBLIC", "<img"] {
                assert!(!text.contains(foreign), "{key}: {foreign}");
            }
            if article == ".dh-notice" {
                assert!(text.contains("<svg"), "the notice has its QR code");
                assert!(text.contains("TBQH-"), "and a number of its own series");
                for foreign in ["Người ký", "Signed by"] {
                    assert!(!text.contains(foreign), "{key}: {foreign}");
                }
            } else {
                assert!(
                    !text.contains("<svg"),
                    "a letter of the agency gets nothing of ours"
                );
                let signed = if lang == "vi" {
                    "Người ký"
                } else {
                    "Signed by"
                };
                assert!(text.contains(signed), "{key} in {lang}: who has signed");
            }
            host.page_under("/", "", &text);
            paper.goto(&host.url()).await?;
            for (name, (width, height)) in [("A4", A4), ("A5", A5)] {
                assert_eq!(
                    paper.sheets(width, height).await?,
                    1,
                    "{key} in {lang} on {name}"
                );
            }
        }
        page.run("host.setAttribute('lang', 'vi')").await?;
    }
    paper.close().await?;
    page.close().await
}

/// The whole page printed while a case is on show: no other case, nothing to press, links as text.
#[tokio::test]
async fn a_case_on_paper_is_that_case_alone() -> Result<(), Problem> {
    if chromium_only("only its driver can look at a page as it would be printed") {
        return Ok(());
    }
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let [mine, other] = ["overdue_without_letter", "due_today"].map(situation);
    page.look_up(&format!("{}, {}", mine.case_code, other.case_code), "")
        .await?;
    page.until("return root.querySelectorAll('.dh-cases li').length === 2")
        .await?;
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await?;
    // The list by itself can be printed.
    page.sees(&other.case_code).await?;
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "" }))
        .await?;
    page.look_up(&mine.case_code, &mine.proof).await?;
    page.sees("Nhớ mã hồ sơ này").await?;
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await?;
    let seen = page
        .run("return [root.querySelector('.dh').innerText, [...root.querySelectorAll('.dh a')].map((one) => getComputedStyle(one).display)]")
        .await?;
    let text = seen[0].as_str().unwrap_or_default();
    assert!(text.contains(&mine.case_code), "{text}");
    for foreign in [&*other.case_code, "Nhớ mã hồ sơ này", "Gửi đánh giá"] {
        assert!(!text.contains(foreign), "{foreign}: {text}");
    }
    let links = seen[1].as_array().cloned().unwrap_or_default();
    assert!(
        !links.is_empty() && links.iter().all(|one| one == "inline"),
        "{links:?}"
    );
    page.close().await
}

/// Puts the longest of everything into the brief of H98.101: the longest procedures of the catalogue, the longest agency,
/// six digits in every number, every kind of objection that an agency reads, every question answered.
const LONGEST: &str = r#"
import csv, json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
rows = csv.DictReader(open(sys.argv[2], encoding="utf-8-sig"))
names = sorted((row["name_vi"] for row in rows), key=len)[-3:]
[kept] = db.execute("SELECT content FROM briefs WHERE agency = 'H98.101'").fetchone()
brief, n = json.loads(kept), 888888
brief["agency_name"] = "Chi nhánh Văn phòng Đăng ký đất đai khu vực liên phường Bình Minh – Nguyễn Trường Tộ – Thượng Cát, Sở Nông nghiệp và Môi trường"
brief["province"] = ["Tỉnh Bà Rịa – Vũng Tàu và Thừa Thiên Huế"] * 2
brief["worked"] = [n] * 5 + [n // 3] * 3 + [n] * 3
brief["in_no_column"] = n
for slice in ["received", "year"]:
    counts = dict.fromkeys(brief[slice]["counts"], n) | dict.fromkeys(["early", "on_time", "late"], n // 3)
    brief[slice] = {"counts": counts, "days_overdue": n}
brief["trend"] = [[month, n - 1, n] for month, _, _ in brief["trend"]]
brief["expected"] = 88.88
brief["late"] = [[f"9.99999{i}", name, n] for i, name in enumerate(names)]
brief["objections"] = [[kind, n] for kind in ["not_received", "closed_without_result", "date_moved", "stopped_without_ground"]]
questions = ["overall", "access", "procedures", "officials", "outcomes", "feedback_handling"]
brief["satisfied"] = [[[question, n, n - 1] for question in questions]] * 2
kinds = "portal_token receipt_secret last_digits desk_network without_javascript burst too_quick equal_run all_equal without_result contested"
brief["beside"] = [{"served": n, "invited": n, "answered": [n, n // 2], "counts": dict.fromkeys(kinds.split(), n // 9)}] * 2
brief["counted_until"] = brief["step"] = "2026-11-01"
db.execute("UPDATE briefs SET content = ? WHERE agency = 'H98.101'", [json.dumps(brief, ensure_ascii=False)])
db.commit()
"#;

#[tokio::test]
async fn the_longest_brief_is_one_sheet() -> Result<(), Problem> {
    if left_out(&[Engine::WebKit], PRINT) {
        return Ok(());
    }
    let province = Province::new(None);
    province.import(3);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let configuration = root.join("data/sample/province.toml").display().to_string();
    let report = |words: &[&str]| {
        let given = [
            "--province",
            &configuration,
            "--clock",
            "2026-11-01T00:05:00+07:00",
        ];
        let done = province.run(&[&["report"], words, &["--period", "2026-10"], &given].concat());
        assert!(done.status.success(), "{done:?}");
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    report(&["briefs"]);
    let made = std::process::Command::new("python3")
        .args(["-c", LONGEST])
        .arg(province.file())
        .arg(root.join("data/procedures.csv"))
        .output();
    let made = made.map_err(|error| Problem::FatalError(error.to_string()))?;
    assert!(made.status.success(), "{made:?}");
    let host = Host::start();
    let paper = Page::blank().await?;
    for (agency, long) in [("H98.101", true), ("H98.102", false)] {
        for lang in ["vi", "en"] {
            let page = report(&["brief", "--agency", agency, "--lang", lang]);
            assert_eq!(page.contains("Nguyễn Trường Tộ"), long);
            host.page_under("/", "", &page);
            paper.goto(&host.url()).await?;
            let (width, height) = A4;
            assert_eq!(paper.sheets(width, height).await?, 1, "{agency} in {lang}");
        }
    }
    paper.close().await
}
