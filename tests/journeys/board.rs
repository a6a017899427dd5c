//! The public board and the monthly brief as people see and print them: a real browser, axe, paper.

use dung_hen_tests::{Engine, Page, Problem, Server, Wish, chromium_only, left_out};
use serde_json::json;

use super::paper::{A4, PRINT};

/// Every kind of page of the board.
const PAGES: [&str; 6] = [
    "/board?period=2026-Q3",
    "/board?period=2026-Q3&lang=en",
    "/board?period=2026-Q3&level=commune",
    "/board?period=2026-Q3&agency=H98.101",
    "/board/xin-loi?period=2026-Q3",
    "/board/lich-su",
];

/// What a sheet of A4 has between the margins of the style sheet, in CSS pixels.
const PAPER: u32 = 703;

/// A table that is wider than the sheet is cut there, and nobody can scroll paper.
#[tokio::test]
async fn every_page_of_the_board_fits_on_paper() -> Result<(), Problem> {
    if chromium_only("Emulation.setEmulatedMedia: what is printed is measured as a page") {
        return Ok(());
    }
    let server = Server::rated();
    let page = Page::blank().await?;
    for path in PAGES {
        page.goto(&format!("{}{path}", server.url())).await?;
        let size =
            json!({ "width": PAPER, "height": 1032, "deviceScaleFactor": 1, "mobile": false });
        page.cdp("Emulation.setDeviceMetricsOverride", size).await?;
        page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await?;
        let wide = page
            .run("return Math.max(...[...document.querySelectorAll('body, table, svg, dl')].map((one) => one.getBoundingClientRect().right)) - innerWidth")
            .await?;
        assert!(
            wide.as_f64().is_some_and(|wide| wide <= 0.5),
            "{path}: {wide}"
        );
        // Links to press are no words on paper.
        let pressed = page
            .run("return [...document.querySelectorAll('.how, nav')].filter((one) => one.checkVisibility()).length")
            .await?;
        assert_eq!(pressed, json!(0), "{path}");
        page.cdp("Emulation.setEmulatedMedia", json!({ "media": "" }))
            .await?;
        page.cdp("Emulation.clearDeviceMetricsOverride", json!({}))
            .await?;
        // By name of a procedure the longest page; the register of the sample is short.
        let most = if path.contains("agency=") { 9 } else { 7 };
        let sheets = page.sheets(A4.0, A4.1).await?;
        assert!((1..=most).contains(&sheets), "{path}: {sheets} sheets");
    }
    page.close().await
}

/// What of the tables that move sideways a person with a phone cannot read, or cannot reach without a finger: the second
/// column is whole at first, and each other one beside the names, which stay; the box can be focused, and then moved.
const CUT: &str = "return [...document.querySelectorAll('table')].filter((one) => one.checkVisibility()).flatMap((table) => {
        const box = table.closest('.scroll');
        const told = (what) => [(table.caption || table.closest('section') || table).innerText.slice(0, 40) + ': ' + what];
        if (!box) return table.scrollWidth > table.parentElement.clientWidth ? told('moves nowhere') : [];
        if (box.scrollWidth <= box.clientWidth) return [];
        if (box.tabIndex !== 0 || !(box.ariaLabel || box.getAttribute('aria-labelledby'))) return told('no way by the keyboard');
        const wide = (cell) => { const range = document.createRange(); range.selectNodeContents(cell); return range.getBoundingClientRect() };
        const cells = [...table.rows].map((row) => [...row.cells]).filter(([cell]) => cell.colSpan === 1);
        const names = Math.max(...cells.map(([name]) => name.getBoundingClientRect().width));
        const edge = box.getBoundingClientRect();
        const wrong = [];
        for (const row of cells) {
            if (row[1] && wide(row[1]).right > edge.right + .5) wrong.push('second column cut');
            if (row.slice(1).some((cell) => wide(cell).width > edge.width - names + .5)) wrong.push('a column is never whole');
        }
        const at = () => cells.at(-1)[0].getBoundingClientRect().left;
        const before = at();
        box.scrollLeft = 100;
        if (Math.abs(at() - before) > 1) wrong.push('the names move away');
        box.scrollLeft = 0;
        return [...new Set(wrong)].flatMap(told);
    })";

#[tokio::test]
async fn every_page_of_the_board_is_for_everyone() -> Result<(), Problem> {
    let server = Server::rated();
    for dark in [false, true] {
        let page = if dark {
            Page::wishing(Wish::Dark).await?
        } else {
            Page::blank().await?
        };
        for path in PAGES {
            page.width(1280).await?;
            page.goto(&format!("{}{path}", server.url())).await?;
            assert_eq!(
                page.run("return matchMedia('(prefers-color-scheme: dark)').matches")
                    .await?,
                json!(dark)
            );
            page.axe(path).await?;
            // On a phone only a table moves sideways, never the page.
            page.width(360).await?;
            page.no_sideways_scroll().await?;
            // As on a phone, whose scroll bars take no room: only Chromium can be told so.
            if Engine::asked() == Engine::Blink {
                for width in [320, 360] {
                    let size = json!({ "width": width, "height": 740, "deviceScaleFactor": 1, "mobile": true });
                    page.cdp("Emulation.setDeviceMetricsOverride", size).await?;
                    let cut = page.run(CUT).await?;
                    assert_eq!(cut, json!([]), "{path} at {width}");
                }
                page.cdp("Emulation.clearDeviceMetricsOverride", json!({}))
                    .await?;
            }
            // Nothing moves without a script, because there is none.
            let scripts = page.run("return document.scripts.length").await?;
            assert_eq!(scripts, json!(0), "{path}");
        }
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_monthly_brief_prints_on_one_sheet() -> Result<(), Problem> {
    if left_out(&[Engine::WebKit], PRINT) {
        return Ok(());
    }
    let server = Server::start();
    let page = Page::blank().await?;
    page.goto(&format!("{}/officer", server.url())).await?;
    // The brief is made soon after the start: asked for until it is there.
    page.until(
        "return (async () => {
            const sent = (fields) => fetch('/officer', { method: 'POST', body: new URLSearchParams(fields) });
            return (await (await sent({ key: 'lanh-dao-mau', lang: 'vi' })).text()).includes('Mở báo cáo 2026-09');
        })()",
    )
    .await?;
    page.run("document.querySelector('#key').value = 'lanh-dao-mau'; document.querySelector('form').submit()")
        .await?;
    page.until("return [...document.querySelectorAll('button')].some((one) => one.innerText.includes('2026-09'))")
        .await?;
    page.run("[...document.querySelectorAll('button')].find((one) => one.innerText.includes('2026-09')).click()")
        .await?;
    page.until("return document.title.startsWith('Báo cáo nhanh tháng 9/2026')")
        .await?;
    page.axe("monthly brief").await?;
    assert_eq!(page.sheets(A4.0, A4.1).await?, 1);
    // In English, too.
    page.run("document.documentElement.lang").await?;
    page.close().await
}
