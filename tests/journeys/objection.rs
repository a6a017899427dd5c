//! A report, from the case to the answer.

use dung_hen_tests::{Page, Problem, Server};

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
