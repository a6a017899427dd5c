//! A report, from the case to the answer.

use dung_hen_tests::{Page, Problem, Server, Wire, version};
use serde_json::json;

#[tokio::test]
async fn a_report_is_answered_and_the_answer_is_read() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up_situation("date_moved_unexplained").await?;
    page.press(".dh-objection summary", "").await?;
    page.press(".dh-objection label", "Ngày hẹn trả bị thay đổi")
        .await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-objection .dh-receipt')")
        .await?;
    // The day to answer with its source, and who reads it: five working days after Thu 15/10/2026.
    page.sees("22 tháng 10 năm 2026").await?;
    page.sees("QĐ 00/QĐ-UBND (mẫu)").await?;
    page.axe("report sent").await?;
    let reference = page
        .run("return root.querySelector('.dh-objection .dh-receipt').textContent")
        .await?;
    let reference = reference.as_str().unwrap_or_default().to_owned();
    // The agency answers.
    page.run(&format!(
        "return (await fetch('/api/v1/officer/objections/answers', {{
            method: 'POST',
            headers: {{ 'content-type': 'application/json', authorization: 'Bearer can-bo-mau' }},
            body: JSON.stringify({{ reference: '{reference}', text: 'Ngày hẹn đã được giữ như cũ.' }}),
        }})).status"
    ))
    .await?;
    // With the case, and by the number alone, however it is typed.
    page.look_up_situation("date_moved_unexplained").await?;
    page.sees("Ngày hẹn đã được giữ như cũ.").await?;
    page.axe("answer with the case").await?;
    page.run(super::fallback::HASTE).await?;
    page.look_up(&reference.to_lowercase(), "").await?;
    page.until("return !!root.querySelector('#dh-case') && !root.querySelector('.dh-holder')")
        .await?;
    page.sees("Ngày hẹn đã được giữ như cũ.").await?;
    page.axe("answer by its number").await?;
    // And it stays, however long somebody reads.
    page.run("halfAMinutePasses()").await?;
    assert!(page.text().await?.contains("Ngày hẹn đã được giữ như cũ."));
    page.nothing_wrong().await?;
    page.close().await
}

#[tokio::test]
async fn a_report_about_money_says_who_reads_it_and_stays_off_the_case() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.press(".dh-objection summary", "").await?;
    page.press(".dh-objection label", "đòi thêm tiền").await?;
    // A contact is kept with a consent of its own, or not at all; what was written stays.
    page.find("#dh-object-contact")
        .await?
        .send_keys("gọi chị Mẫu")
        .await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("đồng ý cho giữ thông tin liên hệ").await?;
    page.axe("consent missing").await?;
    page.press(".dh-objection label", "Tôi đồng ý cho lưu")
        .await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("Thanh tra tỉnh Mẫu").await?;
    page.sees("Mã hồ sơ không được giữ lại").await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.until("return !root.querySelector('.dh-report')")
        .await?;
    page.close().await
}

/// Puts a text into the report at once, in place of what stands there.
async fn write(page: &Page, text: &str) -> Result<(), Problem> {
    page.run(&format!(
        "const field = root.querySelector('#dh-object-text'); field.value = {};
        field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        json!(text)
    ))
    .await
    .map(|_| ())
}

/// The answer to a report is lost: what was written stays, in another language too, and sent again it is one report.
#[tokio::test]
async fn a_report_whose_answer_was_lost_is_kept_and_counts_once() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up_situation("date_moved_unexplained").await?;
    page.press(".dh-objection summary", "").await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("Hãy chọn một việc trước khi gửi.").await?;
    page.until("return !!root.activeElement?.closest('.dh-objection [role=alert]')")
        .await?;
    page.axe("nothing chosen").await?;
    page.press(".dh-objection label", "Ngày hẹn trả bị thay đổi")
        .await?;
    page.until("return !root.querySelector('.dh-objection [role=alert]')")
        .await?;
    write(&page, &"ạ".repeat(2001)).await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("dài quá 2000 ký tự").await?;
    write(&page, "").await?;
    page.find("#dh-object-text")
        .await?
        .send_keys("Không ai báo cho tôi.")
        .await?;
    page.run("window.__sent = []; window.__heard = []; addEventListener('dh-error', (event) => __heard.push(event.detail.reason));
        const plain = window.fetch; window.__mend = () => { window.fetch = plain };
        window.fetch = async (what, how) => {
            const report = String(what.url || what).endsWith('/objections');
            if (report) __sent.push(await what.clone().text());
            const answer = await plain(what, how);
            if (report && __sent.length === 1) throw new TypeError('lost');
            return report && __sent.length === 2 ? new Response('null') : answer; // not our server
        }")
        .await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("Nội dung đã viết vẫn còn").await?;
    page.until("return !!root.activeElement?.closest('.dh-objection [role=alert]')")
        .await?;
    assert_eq!(page.run("return __heard").await?, json!(["offline"]));
    page.axe("report kept").await?;
    let written = "return root.querySelector('.dh-objection').open && root.querySelector('#dh-object-text')?.value === 'Không ai báo cho tôi.'
        && root.querySelector('.dh-objection [value=date_moved]').checked";
    page.press("button.dh-switch", "English").await?;
    page.sees("What you wrote is still here").await?;
    page.until(written).await?;
    page.axe("report kept, English").await?;
    page.press("button.dh-switch", "Tiếng Việt").await?;
    page.sees("Nội dung đã viết vẫn còn").await?;
    page.until(written).await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("Máy chủ trả lời không đúng").await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.until("return root.activeElement?.id === 'dh-objected'")
        .await?;
    let number =
        "return new Set(__sent.map((text) => JSON.parse(text).number)).size + ' ' + __sent.length";
    assert_eq!(page.run(number).await?, json!("1 3"));
    page.look_up_situation("date_moved_unexplained").await?;
    page.until("return root.querySelectorAll('.dh-report').length === 1")
        .await?;
    page.nothing_wrong().await?;
    page.close().await
}

/// The form of a report is loaded when it is opened. Where it does not come, that is told, and opening it again tries again.
#[tokio::test]
async fn the_form_comes_when_it_is_opened_and_another_time_if_not_this_time() -> Result<(), Problem>
{
    let server = Server::start();
    let wire = Wire::to(&server);
    wire.cut(&[&format!("/embed/{}/parts/object.js", version())]);
    let page = Page::open(&wire.url()).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.sees("Việc ông/bà có thể làm ngay").await?;
    assert_eq!(
        page.run("return performance.getEntriesByType('resource').some((one) => one.name.endsWith('/parts/object.js'))")
            .await?,
        json!(false)
    );
    // Only what has been opened and is on its way says so.
    let on_its_way = "return getComputedStyle(root.querySelector('.dh-objection summary'), '::after').content.includes('…')";
    assert_eq!(page.run(on_its_way).await?, json!(false));
    page.press(".dh-objection summary", "").await?;
    page.until(on_its_way).await?;
    page.sees("Chưa tải được phần này").await?;
    wire.cut(&[]);
    page.press(".dh-objection summary", "").await?;
    page.press(".dh-objection summary", "").await?;
    page.press(".dh-objection label", "đòi thêm tiền").await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("Số phản ánh").await?;
    page.close().await
}
