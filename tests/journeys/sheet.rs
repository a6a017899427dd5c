//! The sixteen criteria after the rating: invited by lot, in steps, left out at will, never lost.

use dung_hen_tests::{Page, Problem, Server, Wire};
use serde_json::json;

const LATE: &str = "overdue_without_letter";
const KEPT: &str = "return Object.keys(localStorage).filter((key) => key.startsWith('dung-hen.ratings')).map((key) => localStorage[key]).join()";

async fn rated(page: &Page) -> Result<(), Problem> {
    page.look_up_situation(LATE).await?;
    page.press(".dh-rating label", "Hài lòng").await?;
    page.press(".dh-rating button", "Gửi đánh giá").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await
        .map(|_| ())
}

#[tokio::test]
async fn from_the_invitation_through_five_steps_to_the_thanks() -> Result<(), Problem> {
    let server = Server::drawing(1);
    let wire = Wire::to(&server);
    let page = Page::open(&wire.url()).await?;
    rated(&page).await?;
    // The rating has arrived before anything more is asked.
    page.sees("Mời ông/bà trả lời thêm 16 câu ngắn").await?;
    page.axe("invited").await?;
    page.press(".dh-sheet button", "Trả lời thêm").await?;
    page.sees("Phần 1 trên 5").await?;
    page.until(
        "return root.activeElement && root.activeElement.innerText.startsWith('Phần 1 trên 5')",
    )
    .await?;
    page.axe("first step").await?;
    page.width(320).await?;
    page.no_sideways_scroll().await?;
    // Three, four, three, three, three; five words each; nothing chosen beforehand.
    let shown = "return [root.querySelectorAll('.dh-sheet fieldset').length, root.querySelectorAll('.dh-sheet input').length, root.querySelectorAll('.dh-sheet input:checked').length]";
    assert_eq!(page.run(shown).await?, json!([3, 15, 0]));
    page.press(".dh-sheet label", "Rất hài lòng").await?;
    page.press(".dh-sheet button", "Tiếp").await?;
    page.sees("Phần 2 trên 5").await?;
    assert_eq!(page.run(shown).await?, json!([4, 20, 0]));
    // Back, and what was chosen is still there.
    page.press(".dh-sheet button", "Quay lại").await?;
    page.sees("Phần 1 trên 5").await?;
    assert_eq!(page.run(shown).await?, json!([3, 15, 1]));
    for step in 2..=5 {
        page.press(".dh-sheet button", "Tiếp").await?;
        page.sees(&format!("Phần {step} trên 5")).await?;
    }
    // Cut off: kept on the device without a case code, and sent when the network is back.
    wire.cut(&["/api/v1/ratings/sheets"]);
    page.press(".dh-sheet button", "Gửi các câu trả lời")
        .await?;
    page.sees("được giữ trên máy này").await?;
    let kept = page.run(KEPT).await?;
    let kept = kept.as_str().unwrap_or_default();
    assert!(
        kept.contains("sixteen-criteria-1") && !kept.contains("H98"),
        "{kept}"
    );
    wire.cut(&[]);
    page.run("dispatchEvent(new Event('online'))").await?;
    page.sees("Cảm ơn ông/bà đã trả lời thêm").await?;
    assert_eq!(page.run(KEPT).await?, json!(""));
    page.axe("answered more").await?;
    Ok(())
}

#[tokio::test]
async fn whoever_does_not_want_to_is_asked_no_more() -> Result<(), Problem> {
    let server = Server::drawing(1);
    let page = Page::open(&server.url()).await?;
    rated(&page).await?;
    page.press(".dh-sheet button", "Trả lời thêm").await?;
    for _ in 1..5 {
        page.press(".dh-sheet button", "Tiếp").await?;
    }
    // Nothing was answered: that is said, and nothing goes.
    page.press(".dh-sheet button", "Gửi các câu trả lời")
        .await?;
    page.sees("Chưa có câu nào được trả lời").await?;
    page.until("return root.activeElement?.innerText.startsWith('Chưa có')")
        .await?;
    page.press(".dh-sheet button", "Thôi").await?;
    page.until("return root.querySelector('.dh-sheet').children.length === 0")
        .await?;
    // Whoever is not drawn sees nothing of it.
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    rated(&page).await?;
    assert_eq!(
        page.run("return root.querySelector('.dh-sheet')").await?,
        json!(null)
    );
    Ok(())
}
