//! The same element in the two other engines: a short form here; `make soak` runs all journeys in them
//! (`DUNG_HEN_ENGINE`).

use dung_hen_tests::{Engine, Page, Problem, Server};
use serde_json::json;

/// Typed with keys, looked up, read, rated, turned to English; the text of a case and its places are looked at.
async fn short_form(engine: Engine, name: &str) -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::of(engine).await?;
    page.goto(&server.url()).await?;
    let agent = page.run("return navigator.userAgent").await?;
    assert!(agent.as_str().unwrap_or_default().contains(name), "{agent}");
    page.has_form().await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.sees("Đã quá hẹn").await?;
    page.axe_of("dung-hen", name).await?;
    page.press(".dh-rating label", "Không hài lòng").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    page.until("return !!root.activeElement?.closest('.dh-rating')")
        .await?;
    let stored = "return (await (await fetch('/api/v1/counters')).json()).stored";
    assert_eq!(page.run(stored).await?, json!(1));
    page.press("button.dh-switch", "English").await?;
    page.sees("Overdue by").await?;
    page.no_sideways_scroll().await?;
    page.nothing_wrong().await?;
    page.close().await
}

#[tokio::test]
async fn firefox() -> Result<(), Problem> {
    short_form(Engine::Gecko, "Firefox").await
}

#[tokio::test]
async fn webkit() -> Result<(), Problem> {
    short_form(Engine::WebKit, "AppleWebKit/60").await
}
