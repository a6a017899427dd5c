//! A screen that many people use, one after the other.

use dung_hen_tests::{Engine, Page, Problem, Server, situation};
use serde_json::json;

/// The element in kiosk mode, with a clock that the test turns.
const KIOSK: &str = "const every = window.setInterval;
    window.setInterval = (call, ms, ...rest) => ms === 1000 ? ((window.__second = call), 0) : every(call, ms, ...rest);
    host.remove();
    const made = document.createElement('dung-hen'); made.setAttribute('kiosk', '30');
    window.__cleared = 0; made.addEventListener('dh-cleared', () => { window.__cleared++ });
    document.querySelector('main').append(made)";

#[tokio::test]
async fn nobody_leaves_anything_behind() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run("localStorage.setItem('dung-hen', 'H98.101-260907-0001')")
        .await?;
    page.run(KIOSK).await?;
    page.until("return !!root && !!window.__second && !!root.querySelector('.dh-end')")
        .await?;
    let case = page.look_up_situation("overdue_without_letter").await?;
    page.sees("Xem từng ngày").await?;
    // Nothing can be remembered, and what an earlier mode remembered is not shown.
    assert_eq!(
        page.run(
            "return [!!root.querySelector('#dh-remember'), !!root.querySelector('.dh-cases')]"
        )
        .await?,
        json!([false, false])
    );
    // Large targets.
    let small = page
        .run("return [...root.querySelectorAll('button, input:not([type=radio], [type=checkbox], [type=hidden]), summary, label.dh-choice')]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 60).map((e) => e.outerHTML)")
        .await?;
    assert_eq!(small, json!([]));
    // 29 quiet seconds are nothing; a touch begins anew.
    page.run("for (let i = 0; i < 29; i++) __second()").await?;
    page.press(".dh-deadline summary", "").await?;
    page.run("for (let i = 0; i < 29; i++) __second()").await?;
    assert_eq!(
        page.run("return !!root.querySelector('dialog')").await?,
        json!(false)
    );
    page.run("__second()").await?;
    page.sees("Màn hình sẽ được xóa sau 20 giây.").await?;
    page.axe("kiosk countdown").await?;
    page.run("__second()").await?;
    page.sees("19 giây").await?;
    page.press("dialog button", "Tôi vẫn đang xem").await?;
    page.until("return !root.querySelector('dialog') && !!root.querySelector('.dh-holder')")
        .await?;
    // And when nobody answers, everything goes.
    page.run("for (let i = 0; i < 50; i++) __second()").await?;
    page.until("return !root.querySelector('.dh-holder') && __cleared === 1")
        .await?;
    // Said to the next one, who sees it, too.
    page.sees("Đã xóa. Mời người tiếp theo.").await?;
    let left = page
        .run("return [root.querySelector('input[name=case_code]').value, root.querySelector('input[name=proof]').value, root.innerHTML]")
        .await?;
    assert_eq!([&left[0], &left[1]], [&json!(""), &json!("")]);
    for private in [&case.case_code, &case.proof] {
        assert!(!left[2].to_string().contains(private.as_str()));
    }
    page.axe("kiosk cleared").await?;
    // The next person's answer is theirs.
    let next = situation("due_today");
    page.look_up(&next.case_code, "").await?;
    page.sees(&next.case_code).await?;
    page.press("button", "Xong, xóa màn hình").await?;
    page.until("return !root.querySelector('.dh-public')")
        .await?;
    page.nothing_wrong().await?;
    page.close().await
}

/// Goes to the board and back; the page may be the very one that was left.
pub(super) async fn away_and_back(page: &Page, server: &Server) -> Result<(), Problem> {
    page.run("window.__kept = true").await?;
    page.driver.goto(format!("{}/board", server.url())).await?;
    page.driver.back().await?;
    page.until("return location.pathname === '/' && document.readyState === 'complete'")
        .await?;
    page.until("return !!root && !!root.querySelector('.dh-list')")
        .await?;
    Ok(())
}

/// Who comes next presses “back”: the browser may have kept the page as its last visitor left it.
#[tokio::test]
async fn a_kiosk_that_is_brought_back_is_empty() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run(KIOSK).await?;
    page.until("return !!root && !!root.querySelector('.dh-end')")
        .await?;
    let case = page.look_up_situation("overdue_without_letter").await?;
    page.sees("Xem từng ngày").await?;
    away_and_back(&page, &server).await?;
    if Engine::asked() == Engine::Blink {
        assert_eq!(page.run("return !!window.__kept").await?, json!(true));
    }
    page.until("return !root.querySelector('.dh-holder') && !root.querySelector('input[name=case_code]').value && !root.querySelector('input[name=proof]').value")
        .await?;
    let left = page.run("return root.innerHTML").await?.to_string();
    for private in [&case.case_code, &case.proof] {
        assert!(!left.contains(private.as_str()), "{private}");
    }
    page.nothing_wrong().await?;
    page.close().await
}
