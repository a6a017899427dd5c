//! Codes as people have them: pasted, several at once, remembered, in a link, in a QR code.

use dung_hen_tests::{Engine, Host, Page, Problem, Server, situation};
use serde_json::json;
use thirtyfour::Key;

/// A page of the portal, the element with these attributes and nothing else.
const BARE: &str = "document.querySelector('dung-hen').remove();
    const made = document.createElement('dung-hen'); made.id = 'bare';";

async fn with_control(page: &Page, key: &str) -> Result<(), Problem> {
    let chain = page.driver.action_chain().key_down(Key::Control);
    chain.send_keys(key).key_up(Key::Control).perform().await
}

#[tokio::test]
async fn several_codes_pasted_together_are_a_list() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let [late, today] = ["overdue_without_letter", "due_today"].map(situation);
    // What reads several lines comes with the module, a moment after the form.
    page.until("return !!root && !!root.querySelector('.dh-list')")
        .await?;
    // As copied out of a mail: one a line, with blanks and long dashes.
    let text = format!(
        " {}\n{} \n\nH98.101 – 260901 – 9999\n",
        late.case_code.replace('-', " – ").to_lowercase(),
        today.case_code
    );
    page.run(&format!(
        "const mail = document.createElement('textarea'); mail.value = {}; document.body.append(mail); mail.focus(); mail.select()",
        json!(text)
    ))
    .await?;
    with_control(&page, "c").await?;
    page.run("document.querySelector('body > textarea').remove(); root.querySelector('input[name=case_code]').focus()")
        .await?;
    with_control(&page, "v").await?;
    page.until("return root.querySelector('input[name=case_code]').value.includes('9999')")
        .await?;
    page.press("button[type=submit]", "Tra cứu").await?;
    page.until("return root.querySelectorAll('.dh-cases li').length === 3")
        .await?;
    page.sees("Đang xử lý").await?;
    page.sees("Không tìm thấy hồ sơ có mã này").await?;
    page.axe("several cases").await?;
    // Of what was not found there is nothing to see, but something to do: asked alone, it says what.
    assert_eq!(
        page.run(
            "return [...root.querySelectorAll('.dh-cases .dh-button')].map((one) => one.innerText)"
        )
        .await?,
        json!(["Xem", "Xem", "Tra cứu riêng mã này"])
    );
    // Typed on another keyboard, its commas part codes as well. Two and three in turn: the list before stays in sight.
    for (comma, codes) in [("，", 2), ("、", 3), ("；", 2), ("،", 3)] {
        let all = [&*late.case_code, &*today.case_code, "H98.101-260901-9999"];
        page.look_up(&all[..codes].join(comma), "").await?;
        page.until(&format!(
            "return root.querySelectorAll('.dh-cases li').length === {codes}"
        ))
        .await?;
    }
    // A column of a table, pasted where no script reads its lines: blanks lie between the codes.
    page.look_up(&format!("{} {}", late.case_code, today.case_code), "")
        .await?;
    page.until("return root.querySelectorAll('.dh-cases li').length === 2")
        .await?;
    page.press(".dh-cases li:nth-child(2) button", "Xem")
        .await?;
    page.until(&format!(
        "return (root.querySelector('.dh-public #dh-case') || {{}}).innerText === {}",
        json!(today.case_code)
    ))
    .await?;
    // The others have not to be typed again: the list stays, and opens the next.
    page.press(".dh-cases li:first-child button", "Xem").await?;
    page.until(&format!(
        "return (root.querySelector('.dh-public #dh-case') || {{}}).innerText === {}",
        json!(late.case_code)
    ))
    .await?;
    page.nothing_wrong().await?;
    page.close().await
}

/// Whoever follows a link and comes back finds the page as it was, where the browser has kept it: what was looked up, asked
/// about again, and a form that works. Without such a memory the page is new, and its form empty.
#[tokio::test]
async fn a_page_brought_back_goes_on() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = page.look_up_situation("overdue_without_letter").await?;
    page.sees("Xem từng ngày").await?;
    super::kiosk::away_and_back(&page, &server).await?;
    let kept = page.run("return !!window.__kept").await?;
    if Engine::asked() == Engine::Blink {
        assert_eq!(kept, json!(true), "the browser keeps pages");
    }
    if kept == json!(true) {
        page.sees(&case.case_code).await?;
        page.until("return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api/v1/lookup')).length === 2")
            .await?;
    }
    page.look_up_situation("due_today").await?;
    page.sees("Xem từng ngày").await?;
    page.nothing_wrong().await?;
    page.close().await
}

/// A message of the one-stop unit, pasted whole: its commas part sentences, not codes.
#[tokio::test]
async fn a_message_with_one_code_is_one_case() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let [late, today] = ["overdue_without_letter", "due_today"].map(situation);
    for text in [
        format!(
            "Chào ông/bà, hồ sơ {} đã quá hẹn, xin thông cảm.",
            late.case_code
        ),
        format!(
            "MCDVC: HS {} nop 05/10/2026 - dang xu ly, tra cuu tai cong; hoi 1022",
            late.case_code
        ),
        format!("{0}, {0}", late.case_code),
    ] {
        page.look_up(&text, &late.proof).await?;
        page.until("return !!root.querySelector('.dh-holder') && !root.querySelector('.dh-cases')")
            .await?;
        page.sees(&late.case_code).await?;
        page.nothing_wrong().await?;
        page.goto(&server.url()).await?;
    }
    // Two in one message are a list of two.
    let text = format!(
        "Chào ông/bà, hồ sơ {}, {} đã xong.",
        late.case_code, today.case_code
    );
    page.look_up(&text, "").await?;
    page.until("return root.querySelectorAll('.dh-cases li').length === 2")
        .await?;
    page.sees("Đang xử lý").await?;
    page.run("if (root.querySelector('.dh-cases').innerText.includes('Mã không đúng')) throw new Error('not a code')")
        .await?;
    // What is no code of the state's form stays in a list that somebody typed, and is told apart there.
    page.look_up(&format!("{}, AB-12", today.case_code), "")
        .await?;
    page.sees("AB-12").await?;
    page.until("return root.querySelectorAll('.dh-cases li').length === 2")
        .await?;
    page.nothing_wrong().await?;
    page.close().await
}

#[tokio::test]
async fn a_code_is_remembered_only_when_asked_and_forgotten_for_good() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let stored = "return JSON.stringify(Object.entries(localStorage))";
    let case = page.look_up_situation("overdue_without_letter").await?;
    page.find("#dh-remember").await?;
    assert_eq!(page.run(stored).await?, json!("[]"));
    page.press(".dh-about label", "Nhớ mã").await?;
    page.until("return root.querySelector('[role=status]').textContent.includes('Đã nhớ')")
        .await?;
    // The code and nothing else: no proof, no state, no name.
    assert_eq!(
        page.run(stored).await?,
        json!(json!([["dung-hen", case.case_code]]).to_string())
    );
    page.axe("remember").await?;
    page.driver.refresh().await?;
    page.sees("Đã nhớ trên máy này").await?;
    page.sees("Đang xử lý").await?;
    page.axe("remembered").await?;
    page.press(".dh-cases button", "Xem").await?;
    page.until("return !!root.querySelector('.dh-public')")
        .await?;
    page.press(".dh-cases button", "Quên mã này").await?;
    page.until("return !root.querySelector('.dh-cases')")
        .await?;
    assert_eq!(page.run(stored).await?, json!("[]"));
    page.close().await
}

#[tokio::test]
async fn a_link_is_read_only_where_the_page_asks_and_leaves_the_address() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("due_today");
    let page = Page::open(&format!("{}/#dung-hen={}", server.url(), case.case_code)).await?;
    page.until("return !!root && !!root.querySelector('input[name=case_code]')")
        .await?;
    // Not asked: neither read nor removed.
    assert_eq!(
        page.run(
            "return [location.hash.length > 10, root.querySelector('input[name=case_code]').value]"
        )
        .await?,
        json!([true, ""])
    );
    page.run(&format!(
        "{BARE} made.setAttribute('from-link', ''); document.querySelector('main').append(made)"
    ))
    .await?;
    page.until("return !!root && !!root.querySelector('.dh-public')")
        .await?;
    page.sees(&case.case_code).await?;
    assert_eq!(
        page.run("return [location.hash, history.length > 0, location.href.includes('H98')]")
            .await?,
        json!(["", true, false])
    );
    // A second link on the same page.
    let other = situation("withdrawn");
    page.run(&format!("location.hash = 'dung-hen={}'", other.case_code))
        .await?;
    page.sees(&other.case_code).await?;
    page.until("return location.hash === ''").await?;
    assert!(!server.log().contains(&case.case_code));
    page.close().await
}

/// The browser of the tests has no BarcodeDetector, so one stands in; the camera is the browser's own.
#[tokio::test]
async fn a_qr_code_is_read_where_the_browser_can() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("due_today");
    let page = Page::open(&server.url()).await?;
    page.has_form().await?;
    // Without it: no button that cannot work, and the hint says where the code stands.
    assert_eq!(
        page.run("return [!!root.querySelector('.dh-scan'), 'BarcodeDetector' in window]")
            .await?,
        json!([false, false])
    );
    page.sees("cạnh mã QR").await?;
    page.run(&format!(
        "window.BarcodeDetector = class {{ async detect(video) {{
            if (!(video instanceof HTMLVideoElement) || !video.videoWidth) return [];
            return [{{ rawValue: {} }}] }} }};
         const canvas = document.createElement('canvas'); canvas.getContext('2d');
         let closed = window.__closed = {{ tracks: 0 }};
         Object.defineProperty(navigator, 'mediaDevices', {{ configurable: true, value: {{ getUserMedia: async () => {{
            const stream = canvas.captureStream(10);
            setInterval(() => canvas.getContext('2d').fillRect(0, 0, 10, 10), 20);
            for (const track of stream.getTracks()) {{ const stop = track.stop.bind(track); track.stop = () => {{ closed.tracks++; stop() }} }}
            return stream }} }} }});
         {BARE} document.querySelector('main').append(made)",
        json!(format!("Giấy tiếp nhận|{}|UBND phường", case.case_code))
    ))
    .await?;
    page.press(".dh-scan", "Quét").await?;
    page.until(&format!(
        "return root.querySelector('input[name=case_code]').value === {} && __closed.tracks === 1 && !root.querySelector('video')",
        json!(case.case_code)
    ))
    .await?;
    page.axe("scanned").await?;
    // Refused by the visitor: said, and the field is there.
    page.run("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no'))")
        .await?;
    page.press(".dh-scan", "Quét").await?;
    page.sees("Không mở được máy ảnh").await?;
    page.until("return root.activeElement?.name === 'case_code'")
        .await?;
    page.close().await
}

#[tokio::test]
async fn what_a_qr_code_may_hold() -> Result<(), Problem> {
    let host = Host::start();
    host.page("/", "");
    let page = Page::open(&host.url()).await?;
    for (text, code) in [
        (
            " 000.00.08.H98-260824-0001 ",
            json!("000.00.08.H98-260824-0001"),
        ),
        (
            "H98.08-260824-0001|Nguyễn Văn A",
            json!("H98.08-260824-0001"),
        ),
        (
            "https://dichvucong.example.vn/tra-cuu?ma_ho_so=H98.08-260824-0001&x=1",
            json!("H98.08-260824-0001"),
        ),
        (
            "https://portal.example.vn/#dung-hen=H98%2E08-260824-0001",
            json!("H98.08-260824-0001"),
        ),
        ("https://example.vn/", json!(null)),
        ("mailto:a@example.vn", json!(null)),
        ("Nguyễn Văn A", json!(null)),
        ("", json!(null)),
    ] {
        let read = page
            .run(&format!(
                "return (await part('scan')).codeIn({})",
                json!(text)
            ))
            .await?;
        assert_eq!(read, code, "{text}");
    }
    page.close().await
}

/// Whoever presses twice as on a desk, or holds Enter down, asks once: wrong tries are counted, and three people in a
/// hurry would be shut out of their own case.
#[tokio::test]
async fn a_button_pressed_twice_and_enter_held_down_ask_once() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run(
        "window.__asked = 0; const plain = window.fetch;
        window.fetch = (what, how) => { if (String(what.url || what).endsWith('/lookup')) __asked++; return plain(what, how) }",
    )
    .await?;
    let case = situation("within_time").case_code;
    for (times, proof) in [(1, "111111"), (2, "222222"), (3, "333333")] {
        page.look_up(&case, proof).await?;
        page.until(&format!("return __asked === {times}")).await?;
        page.sees("không khớp nhau").await?;
        page.until("return !!root.activeElement?.closest('.dh-out')")
            .await?;
        // The second press of each, as browsers count them: what came of the first is on show already.
        page.run("root.querySelector('.dh-main').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true, detail: 2 }))")
            .await?;
        page.run("root.querySelector('input[name=proof]').focus()")
            .await?;
        if Engine::asked() == Engine::Blink {
            page.cdp(
                "Input.dispatchKeyEvent",
                json!({ "type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r", "autoRepeat": true }),
            )
            .await?;
        }
    }
    assert_eq!(page.run("return __asked").await?, json!(3));
    // A first press asks, and so does Enter that is pressed anew.
    page.press(".dh-main", "Tra cứu").await?;
    page.until("return __asked === 4").await?;
    page.close().await
}
