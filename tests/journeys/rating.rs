//! Never lost, never twice: the rating when the network, the server, the tab or the finger fails. The server is really
//! stopped and started; what is cut between browser and server is cut on the way.

use dung_hen_tests::{Page, Problem, Server, Wire, situation};
use serde_json::{Value, json};

const ARRIVED: &str = "return !!root.querySelector('.dh-rating .dh-receipt')";
const LATE: &str = "overdue_without_letter";

/// However often it was tried, the next try is two seconds away: after many, it would be a minute.
const EAGER: &str = "const later = window.setTimeout; window.setTimeout = (call, ms, ...rest) => later(call, [4000, 8000, 16000, 32000, 60000].includes(ms) ? 2000 : ms, ...rest)";

/// The wire is whole: it is this tab alone that cannot send, until `__mend()`.
const CUT_OFF: &str = "const plain = window.fetch; window.__mend = () => { window.fetch = plain };
    window.fetch = (what, how) => String(what.url || what).endsWith('/ratings') ? Promise.reject(new TypeError('cut off')) : plain(what, how)";

/// What this device keeps of ratings.
const KEPT: &str = "return Object.keys(localStorage).filter((key) => key.startsWith('dung-hen.ratings')).map((key) => localStorage[key]).join()";

async fn counters(page: &Page) -> Result<Value, Problem> {
    page.run("return await (await fetch('/api/v1/counters', { cache: 'no-store' })).json()")
        .await
}

/// Looks up, chooses a word and sends.
async fn rate(page: &Page, word: &str) -> Result<(), Problem> {
    page.look_up_situation(LATE).await?;
    page.press(".dh-rating label", word).await?;
    page.press(".dh-rating button", "Gửi đánh giá").await
}

/// Whole, factors, what was wrong, a comment; then other answers by the number, on the same page and without a case.
#[tokio::test]
async fn from_the_whole_to_what_was_wrong_and_back() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up_situation(LATE).await?;
    page.until("return root.querySelectorAll('.dh-rating input[name=dh-overall]').length === 5")
        .await?;
    // Nothing is chosen beforehand.
    assert_eq!(
        page.run("return root.querySelectorAll('.dh-rating input:checked').length")
            .await?,
        json!(0)
    );
    page.press(".dh-rating button", "Gửi").await?;
    page.sees("Hãy chọn một mức").await?;
    page.press(".dh-rating label", "Không hài lòng").await?;
    page.press(".dh-rating summary", "từng mặt").await?;
    assert_eq!(
        page.run("return [...root.querySelectorAll('.dh-wrong')].some((e) => e.checkVisibility())")
            .await?,
        json!(false)
    );
    // The second factor is bad; only what belongs to it is asked.
    page.find(".dh-rating input[name=dh-factor-1]").await?;
    page.run("root.querySelectorAll('.dh-rating input[name=dh-factor-1]')[0].click()")
        .await?;
    page.sees("Điều nào chưa đạt?").await?;
    page.press(".dh-wrong label", "lệ phí").await?;
    // A warning, not a bar.
    page.find("#dh-comment")
        .await?
        .send_keys("Gọi tôi: 0912 345 678")
        .await?;
    page.sees("có vẻ chứa số điện thoại").await?;
    page.axe("rating with a warning").await?;
    page.width(320).await?;
    page.no_sideways_scroll().await?;
    page.press(".dh-rating summary", "ai không xem được")
        .await?;
    page.press(".dh-rating button", "Gửi đánh giá").await?;
    page.until(ARRIVED).await?;
    page.axe("rated").await?;
    let number = page
        .run("return root.querySelector('.dh-receipt').innerText")
        .await?;
    let number = number.as_str().unwrap_or_default().to_owned();
    assert_eq!(number.len(), 29, "{number}");
    page.press(".dh-rating button", "Sửa đánh giá").await?;
    // The keys begin at what was chosen, not at the first word.
    page.until("return root.activeElement?.name === 'dh-overall' && root.activeElement.checked")
        .await?;
    page.press(".dh-rating label", "Rất hài lòng").await?;
    page.press(".dh-rating button", "Gửi đánh giá đã sửa")
        .await?;
    page.sees("Đã sửa đánh giá").await?;
    // Another device: the case again, and the number as somebody wrote it down.
    page.driver.refresh().await?;
    page.look_up_situation(LATE).await?;
    page.press(".dh-change summary", "Sửa đánh giá").await?;
    page.press(".dh-change label", "Bình thường").await?;
    page.find("#dh-number")
        .await?
        .send_keys(
            number
                .replacen(
                    &number[..1],
                    if number.starts_with('Z') { "Y" } else { "Z" },
                    1,
                )
                .replace('-', " ")
                .to_lowercase(),
        )
        .await?;
    page.press(".dh-change button", "Gửi").await?;
    page.sees("Số biên nhận có chỗ chưa đúng").await?;
    page.find("#dh-number").await?.clear().await?;
    page.find("#dh-number")
        .await?
        .send_keys(number.replace('-', " ").to_lowercase())
        .await?;
    page.press(".dh-change button", "Gửi").await?;
    page.sees("Đã sửa đánh giá").await?;
    assert_eq!(
        counters(&page).await?,
        json!({ "received": 3, "stored": 1, "repeated": 0, "corrected": 2, "refused": 0 })
    );
    assert_eq!(page.run(KEPT).await?, json!(""));
    page.nothing_wrong().await?;
    page.close().await
}

/// The server is gone when the button is pressed, and comes back: the rating goes out without another press.
#[tokio::test]
async fn a_server_that_comes_back_gets_the_rating_by_itself() -> Result<(), Problem> {
    let mut server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run(EAGER).await?;
    page.look_up_situation(LATE).await?;
    page.press(".dh-rating label", "Bình thường").await?;
    page.until("return performance.getEntriesByType('resource').some((one) => one.name.endsWith('ballot.wasm') && one.responseEnd)").await?;
    server.kill();
    page.press(".dh-rating button", "Gửi đánh giá").await?;
    page.sees("Hãy để trang này mở").await?;
    page.axe("rating waits for a server").await?;
    // A number and answers; nothing of the case.
    let kept = page.run(KEPT).await?;
    let case = situation(LATE);
    let kept = kept.as_str().unwrap_or_default();
    assert!(
        kept.contains("overall") && !kept.contains(&case.case_code) && !kept.contains(&case.proof),
        "{kept}"
    );
    server.restart();
    page.until(ARRIVED).await?;
    assert_eq!(counters(&page).await?["stored"], 1);
    assert_eq!(page.run(KEPT).await?, json!(""));
    page.close().await
}

/// The server takes the connection and says nothing until every limit has passed: that is told, and when it is quick
/// again the rating is there once, however often it was sent.
#[tokio::test]
async fn a_server_that_is_too_slow_gets_the_rating_once() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    // Twenty seconds of patience are one here, and so are the pauses between two tries; a module's
    // silence is not, nor the time a driver gives a script.
    page.run("const later = window.setTimeout; window.setTimeout = (call, ms, ...rest) => later(call, ms > 60000 || ms === 25000 ? ms : Math.min(ms, 1000), ...rest);
        // The first patience ends when the test has seen what it came to see.
        window.__over = []; window.__hold = () => { const hurried = window.setTimeout; window.setTimeout = (call, ms, ...rest) => ms === 20000 && __over ? __over.push(call) : hurried(call, ms, ...rest) }")
        .await?;
    page.look_up_situation(LATE).await?;
    page.press(".dh-rating label", "Bình thường").await?;
    page.until("return performance.getEntriesByType('resource').some((one) => one.name.endsWith('ballot.wasm') && one.responseEnd)").await?;
    server.pause();
    page.run("window.__form = root.querySelector('.dh-rating form'); __hold()")
        .await?;
    page.press(".dh-rating button", "Gửi đánh giá").await?;
    page.sees("Đang gửi").await?;
    // What was chosen is on show as it stood, and nobody can change it under way.
    let locked = page
        .run("const form = root.querySelector('.dh-rating form'); const fields = [...form.querySelectorAll('input, textarea')];
            return [form === window.__form, fields.length > 5 && fields.every((one) => one.disabled), form.querySelector(':checked').value, form.querySelector('button').getAttribute('aria-disabled')]")
        .await?;
    assert_eq!(locked, json!([true, true, "3", "true"]));
    page.run("const over = __over; __over = null; over.forEach((call) => call())")
        .await?;
    page.sees("Chưa gửi được, đang thử lại").await?;
    page.axe("rating waits for a slow server").await?;
    server.resume();
    page.until(ARRIVED).await?;
    assert_eq!(counters(&page).await?["stored"], 1);
    assert_eq!(page.run(KEPT).await?, json!(""));
    page.close().await
}

/// The ballot is here, the rating does not get through, the tab is closed: the next visit sends it, asking nobody.
#[tokio::test]
async fn a_closed_tab_loses_nothing() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    let page = Page::open(&wire.url()).await?;
    wire.cut(&["/api/v1/ratings"]);
    rate(&page, "Hài lòng").await?;
    page.sees("được giữ trên máy này và sẽ tự gửi").await?;
    page.driver.goto("about:blank").await?;
    wire.cut(&[]);
    page.driver.goto(wire.url()).await?;
    page.sees("Đánh giá giữ trên máy này vừa được gửi").await?;
    page.axe("rating sent on the next visit").await?;
    assert_eq!(counters(&page).await?["stored"], 1);
    assert_eq!(page.run(KEPT).await?, json!(""));
    page.close().await
}

/// The page is loaded anew before there was a ballot: only the citizen knows whose answers these are, and is asked.
#[tokio::test]
async fn after_a_reload_the_citizen_says_which_case_it_was() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    let page = Page::open(&wire.url()).await?;
    wire.cut(&["/api/v1/ballots"]);
    rate(&page, "Rất không hài lòng").await?;
    page.sees("Hãy để trang này mở").await?;
    page.driver.refresh().await?;
    wire.cut(&[]);
    page.look_up_situation(LATE).await?;
    page.sees("“Rất không hài lòng”").await?;
    page.axe("rating found on this device").await?;
    page.press(".dh-found button", "Đúng, gửi").await?;
    page.until(ARRIVED).await?;
    assert_eq!(counters(&page).await?["stored"], 1);
    assert_eq!(page.run(KEPT).await?, json!(""));
    page.close().await
}

/// The server has given the ballot, but the browser could not use it: the same request gets it again, after a reload, too.
#[tokio::test]
async fn a_ballot_lost_on_the_way_is_got_again() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    let page = Page::open(&wire.url()).await?;
    wire.cut(&["/api/v1/ballots/keys"]);
    rate(&page, "Hài lòng").await?;
    page.sees("Hãy để trang này mở").await?;
    page.driver.refresh().await?;
    wire.cut(&[]);
    page.look_up_situation(LATE).await?;
    page.sees("Phiếu đánh giá của hồ sơ này đã được cấp")
        .await?;
    page.press(".dh-found button", "Đúng, gửi").await?;
    page.until(ARRIVED).await?;
    assert_eq!(counters(&page).await?["stored"], 1);
    page.close().await
}

/// A rating is tried again by itself; who writes a report meanwhile keeps writing, and hears that it has arrived.
#[tokio::test]
async fn a_rating_under_way_takes_nobody_from_what_they_write() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run(CUT_OFF).await?;
    rate(&page, "Không hài lòng").await?;
    page.sees("được giữ trên máy này").await?;
    page.until("return !!root.activeElement?.closest('.dh-rating [role=alert]')")
        .await?;
    page.press(".dh-objection summary", "").await?;
    page.find(".dh-objection textarea")
        .await?
        .send_keys("Tôi")
        .await?;
    let writes = "return root.activeElement?.tagName";
    page.run("window.__told = root.querySelector('.dh-rating [role=alert]'); document.dispatchEvent(new Event('dh-now'))")
        .await?;
    page.until("const told = root.querySelector('.dh-rating [role=alert]'); return !!told && told !== window.__told")
        .await?;
    assert_eq!(page.run(writes).await?, json!("TEXTAREA"));
    page.run("window.__mend(); document.dispatchEvent(new Event('dh-now'))")
        .await?;
    page.until(ARRIVED).await?;
    page.until("return root.querySelector('.dh-live').textContent.includes('Cảm ơn')")
        .await?;
    assert_eq!(page.run(writes).await?, json!("TEXTAREA"));
    page.close().await
}

/// One tab cannot send; another is opened and does. Both say so, and it counts once.
#[tokio::test]
async fn two_tabs_are_one_rating() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run(CUT_OFF).await?;
    rate(&page, "Không hài lòng").await?;
    page.sees("được giữ trên máy này").await?;
    let first = page.another_tab().await?;
    page.driver.goto(server.url()).await?;
    page.sees("vừa được gửi").await?;
    page.driver.switch_to_window(first).await?;
    // Whoever does not wait for the next try presses “send now”, until it has gone: a press during a try changes nothing.
    page.run("window.__mend()").await?;
    page.until(&format!(
        "root.querySelector('.dh-rating [role=alert] button')?.click(); {ARRIVED}"
    ))
    .await?;
    page.sees("chỉ được tính một lần").await?;
    assert_eq!(
        counters(&page).await?,
        json!({ "received": 2, "stored": 1, "repeated": 1, "corrected": 0, "refused": 0 })
    );
    page.close().await
}

/// A server that gives this visitor keys of its own is found out before anything is sent.
#[tokio::test]
async fn keys_that_are_not_the_pinned_ones_get_no_rating() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run("host.setAttribute('ballot-keys', '0'.repeat(64))")
        .await?;
    rate(&page, "Hài lòng").await?;
    page.sees("không chứng minh được").await?;
    assert_eq!(counters(&page).await?["received"], 0);
    // The agency has heard of it, and its page names the right keys: what was answered is still there, and so is the ballot.
    page.driver.refresh().await?;
    page.look_up_situation(LATE).await?;
    page.press(".dh-rating button", "Đúng, gửi cho hồ sơ này")
        .await?;
    page.until(ARRIVED).await?;
    assert_eq!(counters(&page).await?["stored"], 1);
    page.close().await
}

/// The right fingerprint lets it through; and a screen that many people use keeps nothing.
#[tokio::test]
async fn a_kiosk_keeps_nothing_and_says_so() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    let page = Page::open(&wire.url()).await?;
    page.run(super::trouble::IDLE).await?;
    page.run(
        "const { fingerprint } = await (await fetch('/api/v1/ballots/keys')).json();
        host.setAttribute('ballot-keys', fingerprint); host.setAttribute('kiosk', '600')",
    )
    .await?;
    wire.cut(&["/api/v1/ratings"]);
    rate(&page, "Hài lòng").await?;
    page.sees("Đừng đóng trang này").await?;
    assert_eq!(page.run("return localStorage.length").await?, json!(0));
    wire.cut(&[]);
    page.press(".dh-rating button", "Gửi ngay").await?;
    page.until(ARRIVED).await?;
    assert_eq!(counters(&page).await?["stored"], 1);
    page.close().await
}
