//! Our notice: readable, printed alone, confirmed by number; and what can be done now.

use dung_hen_tests::{Host, Page, Problem, Reply, Server, situation};
use serde_json::{Value, json};

#[tokio::test]
async fn a_notice_prints_alone_and_its_page_confirms_it() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = page.look_up_situation("overdue_without_letter").await?;
    page.sees("Mã đối chiếu nội dung:").await?;
    // What would be printed is kept, instead of a dialogue nobody can press.
    page.run("window.__printed = null;
        const watch = new MutationObserver(() => root.querySelectorAll('iframe').forEach((frame) => {
            frame.contentWindow.print = () => { window.__printed = frame.contentDocument.body } }));
        watch.observe(root.querySelector('.dh'), { childList: true })")
        .await?;
    page.press(".dh-notice button", "In văn bản này").await?;
    let printed = page
        .until("return __printed && { text: __printed.textContent, code: !!__printed.querySelector('svg'), articles: __printed.children.length }")
        .await?;
    let text = printed["text"].as_str().unwrap_or_default();
    for words in [
        "Thông báo tự động, không thay văn bản xin lỗi của cơ quan",
        case.case_code.as_str(),
        "/thong-bao/TBQH-",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // Nothing that makes it look like an agency's letter, and nothing else of the page.
    for foreign in ["CỘNG HÒA", "Độc lập", "Người ký", "Tiến trình", "Đánh giá"] {
        assert!(!text.contains(foreign), "{foreign}: {text}");
    }
    assert_eq!(printed["code"], json!(true));
    assert_eq!(printed["articles"], json!(1));
    // The page behind it.
    let address = text
        .split_whitespace()
        .find(|word| word.contains("/thong-bao/"));
    let fingerprint = page
        .run("return root.querySelector('.dh-seal .dh-code').innerText")
        .await?;
    page.nothing_wrong().await?;
    page.driver.goto(address.unwrap_or_default()).await?;
    let shown = page.run("return document.body.innerText").await?;
    let shown = shown.as_str().unwrap_or_default();
    assert!(
        shown.contains(fingerprint.as_str().unwrap_or("?")),
        "{shown}"
    );
    assert!(!shown.contains(&case.case_code), "{shown}");
    page.axe("notice confirmed").await?;
    page.close().await
}

/// What was sent of a letter does not name the case; on a sheet of its own it would be anybody's.
#[tokio::test]
async fn a_printed_letter_says_of_which_case_it_is() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = page.look_up_situation("overdue_letter_in_time").await?;
    // A letter needs nothing more to be fetched, so it is printed at once.
    page.run("window.__printed = null;
        const base = root.querySelector('.dh'); base.append = (...nodes) => { Element.prototype.append.apply(base, nodes);
            for (const frame of nodes) frame.contentWindow.print = () => { window.__printed = frame.contentDocument.body.textContent } }")
        .await?;
    page.press(".dh-letter button", "In văn bản này").await?;
    let printed = page.until("return __printed").await?;
    let printed = printed.as_str().unwrap_or_default();
    let first = format!("Mã hồ sơ: {}", case.case_code);
    assert!(printed.starts_with(&first), "{printed}");
    assert!(printed.contains("106/PXL-CQCM"), "{printed}");
    page.close().await
}

/// A notice that was made anew says on which days; one that was made once says nothing of it.
#[tokio::test]
async fn a_notice_tells_its_history() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("overdue_without_letter");
    let page = Page::open(&server.url()).await?;
    let ask = format!("return JSON.parse({})", case.answer());
    let mut answer: Value = page.run(&ask).await?;
    let host = Host::with_element();
    page.driver.goto(host.url()).await?;
    for (history, told) in [
        (json!(["2026-10-06"]), false),
        (json!(["2026-10-06", "2026-10-15"]), true),
    ] {
        answer["apology"]["notice"]["history"] = history;
        host.reply(
            "/api/v1/lookup",
            Reply::With(200, "application/json", answer.to_string()),
        );
        page.look_up(&case.case_code, &case.proof).await?;
        page.sees("Mã đối chiếu nội dung:").await?;
        let days = page
            .run("const told = [...root.querySelectorAll('.dh-notice p')].find((one) => one.innerText.includes('Các lần lập thông báo này:')); return told ? [...told.querySelectorAll('time')].map((one) => one.dateTime) : []")
            .await?;
        let expected = if told {
            json!(["2026-10-06", "2026-10-15"])
        } else {
            json!([])
        };
        assert_eq!(days, expected);
        // The next look-up starts from an empty place.
        page.run("host.remove(); document.querySelector('main').append(document.createElement('dung-hen'))")
            .await?;
    }
    page.close().await
}

#[tokio::test]
async fn what_can_be_done_now_stands_there_with_its_text() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = page.look_up_situation("overdue_without_letter").await?;
    page.sees("Việc ông/bà có thể làm ngay").await?;
    page.press(".dh-act li:nth-child(2) summary", "").await?;
    page.axe("what to do").await?;
    page.press(".dh-act button", "Điền vào mục phản ánh")
        .await?;
    page.until(&format!(
        "return root.querySelector('.dh-objection').open && root.querySelector('#dh-object-text')?.value.includes({})
            && !!root.activeElement.closest('.dh-objection')",
        json!(case.case_code)
    ))
    .await?;
    page.close().await
}

/// What is prepared is true of a case that is over, too: nobody asks when its result will come.
#[tokio::test]
async fn what_is_prepared_is_true_of_a_case_that_has_ended() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    for (key, open) in [
        ("overdue_without_letter", true),
        ("finished_late_without_letter", false),
    ] {
        page.look_up_situation(key).await?;
        page.sees("Việc ông/bà có thể làm ngay").await?;
        let texts = page
            .run("return [...root.querySelectorAll('.dh-prepared')].map((one) => one.textContent).join(' ')")
            .await?;
        let texts = texts.as_str().unwrap_or_default();
        assert!(texts.contains("vào ngày đã hẹn, Thứ"), "{key}: {texts}");
        for asked in ["bao giờ có", "ngày hẹn mới"] {
            assert_eq!(texts.contains(asked), open, "{key}: {asked}: {texts}");
        }
        assert!(
            !texts.contains("chưa có kết quả") && !texts.contains(['[', ']', '{', '}']),
            "{key}: {texts}"
        );
        // A report about the lateness is one about the lateness.
        page.press(".dh-act li:nth-child(2) summary", "").await?;
        page.press(".dh-act button", "Điền vào mục phản ánh")
            .await?;
        page.until("return root.querySelector('.dh-objection input[value=late]')?.checked")
            .await?;
        page.press(".dh-objection button", "Gửi").await?;
        page.sees("Số phản ánh").await?;
    }
    page.close().await
}

#[tokio::test]
async fn the_promised_date_goes_into_a_calendar_with_the_code_alone() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let case = page.look_up_situation("due_today").await?;
    page.run("window.__file = null; const made = URL.createObjectURL.bind(URL);
        URL.createObjectURL = (blob) => { blob.text().then((text) => { window.__file = text }); return made(blob) }")
        .await?;
    page.press(".dh-deadline button", "Thêm ngày hẹn").await?;
    let file = page.until("return __file").await?;
    let file = file.as_str().unwrap_or_default();
    // RFC 5545: lines end with CR LF and have at most 75 octets.
    assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"));
    assert!(
        file.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n')),
        "{file}"
    );
    let unfolded = file.replace("\r\n ", "");
    assert!(
        unfolded.contains("DTSTART;VALUE=DATE:20261015\r\nDTEND;VALUE=DATE:20261016\r\n"),
        "{file}"
    );
    let title = format!("\r\nSUMMARY:Hẹn trả kết quả hồ sơ {}\r\n", case.case_code);
    assert!(unfolded.contains(&title), "{file}");
    let name = page
        .run("return root.querySelector('.dh-lead').innerText")
        .await?;
    for private in [case.proof.as_str(), name.as_str().unwrap_or("?")] {
        assert!(!unfolded.contains(private), "{private}: {file}");
    }
    page.close().await
}

#[tokio::test]
async fn a_page_about_a_procedure_says_when_the_result_would_be_due() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run("host.remove(); const made = document.createElement('dung-hen'); made.setAttribute('procedure', '1.004222');
        document.querySelector('main').append(made)")
        .await?;
    page.sees("Nếu nộp hôm nay").await?;
    // Seven working days after Thursday 15/10/2026: Monday 26/10/2026.
    page.sees("26 tháng 10 năm 2026").await?;
    page.sees("Tháng 10 năm 2026").await?;
    page.until("return !root.querySelector('form').checkVisibility()")
        .await?;
    page.axe("if I file today").await?;
    page.press(".dh-filed label", "Trực tiếp").await?;
    page.until("return root.querySelector('input[value=direct]')?.checked && root.activeElement?.value === 'direct'")
        .await?;
    page.run("host.setAttribute('lang', 'en')").await?;
    page.sees("If I file today").await?;
    page.run("host.setAttribute('procedure', '9.999999')")
        .await?;
    page.sees("cannot be computed").await?;
    page.nothing_wrong().await?;
    page.close().await
}
