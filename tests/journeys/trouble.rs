//! When something is wrong: the code, the proof, the network, the server, the browser.

use dung_hen_tests::{Host, Page, Problem, Reply, Server, Wire, situation, version};
use serde_json::json;

#[tokio::test]
async fn unknown_code_and_wrong_proof_read_the_same() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = situation("due_today");
    let mut read = Vec::new();
    for (code, proof) in [
        (case.case_code.as_str(), "000001"),
        ("H98.101-260901-9876", "000001"),
    ] {
        page.look_up(code, proof).await?;
        page.sees("không khớp").await?;
        page.until("return !!root.activeElement?.closest('.dh-fault')")
            .await?;
        read.push(
            page.run("return root.querySelector('.dh-out').innerText")
                .await?,
        );
        // The next look-up starts from an empty place.
        page.look_up("", "").await?;
    }
    assert_eq!(read[0], read[1]);
    page.axe("no match").await?;
    // A receipt in hand and a code nobody knows: the objection needs no case.
    page.look_up("H98.101-260901-9876", "000001").await?;
    page.press(".dh-objection summary", "").await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("PA-").await?;
    page.close().await
}

#[tokio::test]
async fn a_text_that_cannot_be_a_code_is_blamed_at_the_field() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up("đơn của tôi!", "").await?;
    page.until("return root.querySelector('input[name=case_code]').getAttribute('aria-invalid') === 'true'").await?;
    page.axe("invalid code").await?;
    page.look_up("", "").await?;
    page.until("return root.activeElement?.name === 'case_code' && root.querySelector('#dh-code-error')?.innerText.length > 5").await?;
    page.close().await
}

#[tokio::test]
async fn too_many_wrong_proofs_say_how_long_to_wait() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = situation("due_today");
    for attempt in 0..6 {
        page.look_up(&case.case_code, &format!("99999{attempt}"))
            .await?;
        page.until("return !!root.querySelector('.dh-fault')")
            .await?;
        if attempt < 5 {
            page.look_up("", "").await?;
        }
    }
    page.sees("15").await?;
    page.sees("quá nhiều lần").await?;
    page.close().await
}

/// Wrong proofs from this network, as many as make the server ask for a puzzle.
pub(super) async fn attack(page: &Page) -> Result<(), Problem> {
    let asked = page
        .run(
            "let last; for (let i = 0; i < 61; i++) last = await fetch('/api/v1/lookup', { method: 'POST', \
             headers: { 'content-type': 'application/json' }, body: JSON.stringify({ case_code: 'H98.101-260101-' + (1000 + i), proof: '1234' }) }); \
             return last.status",
        )
        .await?;
    assert_eq!(asked, json!(428));
    Ok(())
}

/// Someone at the same address tries codes: the element works a little, says so, and the case opens all the same.
#[tokio::test]
async fn under_attack_the_element_solves_a_puzzle_by_itself() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    attack(&page).await?;
    // The element takes a form that is on the screen over a moment later.
    page.find("[role=status]").await?;
    page.run(
        "window.told = []; new MutationObserver(() => window.told.push(root.querySelector('[role=status]').textContent)) \
         .observe(root.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true })",
    )
    .await?;
    page.look_up_situation("due_today").await?;
    let told = page.run("return window.told.join(' | ')").await?;
    assert!(told.to_string().contains("chống dò mã"), "{told}");
    // A list of codes and a rating take the same little work, and neither is told that its code is wrong.
    let codes = ["overdue_without_letter", "due_today"].map(|key| situation(key).case_code);
    page.look_up(&codes.join(", "), "").await?;
    page.until("return [...root.querySelectorAll('.dh-cases li')].filter((one) => one.innerText.includes('Đang xử lý')).length === 2")
        .await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.press(".dh-rating label", "Hài lòng").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    page.nothing_wrong().await?;
    page.close().await
}

/// The server dies and comes back: the citizen is told what to do, and "try again" works.
#[tokio::test]
async fn a_dead_server_is_told_and_a_living_one_answers() -> Result<(), Problem> {
    let mut server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = situation("due_today");
    page.has_form().await?;
    page.look_up_situation("withdrawn").await?;
    server.kill();
    page.look_up(&case.case_code, &case.proof).await?;
    page.press("button", "Thử lại").await?;
    page.until("return !!root.querySelector('.dh-fault')")
        .await?;
    page.axe("offline").await?;
    server.restart();
    page.press("button", "Thử lại").await?;
    page.sees("Hẹn trả hôm nay").await?;
    page.close().await
}

/// Who asks again before an answer has been painted waits for the next one; that is no fault of the element's.
#[tokio::test]
async fn a_question_before_the_first_frame_is_no_fault() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.has_form().await?;
    page.run("window.__heard = []; host.addEventListener('dh-error', (event) => __heard.push(event.detail.reason));
        host.addEventListener('dh-case-shown', () => {
            const plain = window.fetch;
            window.fetch = async (...a) => { await new Promise((later) => setTimeout(later, 300)); return plain(...a) };
            root.querySelector('form').requestSubmit()
        }, { once: true })")
        .await?;
    let case = situation("due_today");
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees("Hẹn trả hôm nay").await?;
    page.run(
        "for (let frames = 0; frames < 60; frames++) await new Promise(requestAnimationFrame)",
    )
    .await?;
    page.sees("Hẹn trả hôm nay").await?;
    assert_eq!(page.run("return __heard").await?, json!([]));
    page.close().await
}

/// What could not be sent is not tried again before somebody presses: else it may have gone before the press.
pub(super) const IDLE: &str = "const later = window.setTimeout; window.setTimeout = (call, ms, ...rest) => [2000, 4000, 8000, 16000, 32000, 60000].includes(ms) ? 0 : later(call, ms, ...rest)";

/// The server dies between choosing and sending, and is there again for the second try: one rating.
#[tokio::test]
async fn a_rating_survives_a_dead_server_and_counts_once() -> Result<(), Problem> {
    let mut server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run(IDLE).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.press(".dh-rating label", "Bình thường").await?;
    server.kill();
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating [role=alert]')")
        .await?;
    page.until("return root.querySelectorAll('input[name=dh-overall]')[2].checked")
        .await?;
    server.restart();
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    assert_eq!(
        page.run("return (await (await fetch('/api/v1/counters')).json()).stored")
            .await?,
        json!(1)
    );
    page.close().await
}

#[tokio::test]
async fn an_impatient_double_tap_is_one_rating() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.press(".dh-rating label", "Hài lòng").await?;
    page.run("const button = root.querySelector('.dh-rating button[type=submit]'); button.click(); button.click(); button.click()").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    let counters = page
        .run("return await (await fetch('/api/v1/counters')).json()")
        .await?;
    assert_eq!(
        counters,
        json!({ "received": 1, "stored": 1, "repeated": 0, "corrected": 0, "refused": 0 })
    );
    page.close().await
}

/// Nonsense, silence and hanging up: three sentences, no blank, and the form still there.
#[tokio::test]
async fn nonsense_from_the_api_has_a_sentence() -> Result<(), Problem> {
    let host = Host::with_element();
    let page = Page::open(&host.url()).await?;
    for reply in [
        Reply::With(200, "application/json", "{\"access\":".to_owned()),
        Reply::With(
            200,
            "application/json",
            "{\"access\":\"holder\"}".to_owned(),
        ),
        Reply::With(200, "application/json", "[]".to_owned()),
        Reply::With(200, "text/html", "<h1>Proxy</h1>".to_owned()),
        Reply::With(502, "text/html", "<h1>Bad gateway</h1>".to_owned()),
        Reply::With(500, "application/problem+json", "{\"code\":7}".to_owned()),
        Reply::HangUp,
    ] {
        host.reply("/api/v1/lookup", reply.clone());
        page.look_up("H98.101-260901-0001", "").await?;
        page.until("return root.querySelector('.dh-fault')?.innerText.length > 20")
            .await?;
        page.look_up("", "").await?;
    }
    page.axe("nonsense").await?;
    page.nothing_wrong().await?;
    page.close().await
}

/// Progress is visible while a slow server is silent.
#[tokio::test]
async fn a_slow_server_shows_progress() -> Result<(), Problem> {
    let host = Host::with_element();
    host.reply("/api/v1/lookup", Reply::Silence);
    let page = Page::open(&host.url()).await?;
    page.look_up("H98.101-260901-0001", "").await?;
    page.until("return [...root.querySelectorAll('[role=status]')].some((e) => e.innerText.includes('Đang'))").await?;
    page.axe("waiting").await?;
    page.close().await
}

/// The answer comes late, and the next code is being typed: the case is shown, and whoever types goes on.
#[tokio::test]
async fn an_answer_that_comes_late_leaves_whoever_types_alone() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = situation("due_today");
    page.has_form().await?;
    page.until("return !!root.querySelector('.dh-out')").await?;
    page.run("const plain = window.fetch; window.fetch = (what, how) => new Promise((go) => { window.__go = () => { window.fetch = plain; go(plain(what, how)) } })")
        .await?;
    page.look_up(&case.case_code, &case.proof).await?;
    page.until("return !!window.__go").await?;
    page.find("input[name=case_code]")
        .await?
        .send_keys("2")
        .await?;
    page.run("window.__go()").await?;
    page.find(".dh-holder").await?;
    // The focus would come with the frame that shows the case.
    page.until("return await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
        .await?;
    assert_eq!(
        page.run("return root.activeElement?.name").await?,
        json!("case_code")
    );
    page.close().await
}

/// Another language is asked for, and does not come: that is told beside the button, and gone when it comes the next time.
#[tokio::test]
async fn a_language_that_does_not_come_is_told() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    wire.cut(&[&format!("/embed/{}/lang/en.json", version())]);
    wire.first(
        "window.__heard = []; addEventListener('dh-error', (event) => __heard.push(event.detail))",
    );
    let page = Page::open(&wire.url()).await?;
    page.has_form().await?;
    page.press("button.dh-switch", "English").await?;
    page.sees("Chưa tải được phần này. Hãy kiểm tra mạng")
        .await?;
    assert_eq!(
        page.run("return __heard").await?,
        json!([{ "reason": "part_unavailable" }])
    );
    page.axe("language missing").await?;
    wire.cut(&[]);
    page.press("button.dh-switch", "English").await?;
    page.sees("Look up a case").await?;
    page.until("return [...root.querySelectorAll('[role=status]')].every((one) => !one.innerText)")
        .await?;
    page.close().await
}
