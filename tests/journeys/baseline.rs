//! The oldest browsers that are promised: what they lack is taken away here, one thing at a time, and the journey
//! goes on; what is older still gets a form.

use dung_hen_tests::{Page, Problem, Server, Wire, situation};
use serde_json::json;

/// What at least one of Chrome 96, Safari 15.4 and Firefox 102 does not have, each with the script that takes it away.
/// What the element does not use is here too, so that nobody begins to use it unnoticed.
const MISSING: &[(&str, &str)] = &[
    (
        "adopted sheets",
        "delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets",
    ),
    ("bar codes", "delete window.BarcodeDetector"),
    (
        "constructable sheets",
        "delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets; window.CSSStyleSheet = undefined",
    ),
    (
        "streaming compilation",
        "delete WebAssembly.instantiateStreaming; delete WebAssembly.compileStreaming",
    ),
    (
        "idle callbacks",
        "delete window.requestIdleCallback; delete window.scheduler",
    ),
    (
        "abort signals that count",
        "delete AbortSignal.timeout; delete AbortSignal.any",
    ),
    (
        "internals, popovers, inert",
        "delete HTMLElement.prototype.attachInternals; delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.inert",
    ),
    (
        "visibility checks and moves",
        "delete Element.prototype.checkVisibility; delete Element.prototype.moveBefore; delete Node.prototype.moveBefore",
    ),
    (
        "newer arrays",
        "for (const name of ['findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']) delete Array.prototype[name]; delete Array.fromAsync",
    ),
    (
        "newer objects",
        "delete Object.groupBy; delete Map.groupBy; delete Promise.withResolvers; delete Promise.try; delete window.structuredClone; delete window.Iterator",
    ),
    (
        "newer sets and texts",
        "for (const name of ['union', 'intersection', 'difference']) delete Set.prototype[name]; delete String.prototype.isWellFormed; delete String.prototype.toWellFormed",
    ),
    (
        "segments and durations",
        "delete Intl.Segmenter; delete Intl.DurationFormat; delete window.Temporal",
    ),
    (
        "storage",
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })",
    ),
];

/// Cases that can be rated and whose reasons can be read day by day: one for each journey, as nobody rates a case twice.
const CASES: &[&str] = &[
    "overdue_without_letter",
    "overdue_letter_in_time",
    "overdue_letter_late",
    "second_postponement",
    "finished_late_without_letter",
    "returned_by_post",
    "swapped_saturday",
];

/// From the look-up to a rating that is corrected, in a browser that lacks what the script takes away.
async fn journey_without(
    page: &Page,
    wire: &Wire,
    name: &str,
    script: &str,
    key: &str,
) -> Result<(), Problem> {
    eprintln!("without {name}: {key}");
    wire.first(&format!("window.__lacks = true; {{ {script} }}"));
    page.goto(&wire.url()).await?;
    page.look_up_situation(key).await?;
    assert_eq!(page.run("return window.__lacks").await?, json!(true));
    // Styled, whichever way the styles came.
    page.until("return getComputedStyle(root.querySelector('.dh-form')).display === 'grid'")
        .await?;
    let linked = page
        .run("return [document.adoptedStyleSheets === undefined, root.querySelectorAll('link[rel=stylesheet]').length]")
        .await?;
    let adopts = linked[0] == json!(false);
    assert_eq!(
        linked[1],
        json!(if adopts { 0 } else { 2 }),
        "linked sheets"
    );
    page.press("summary", "từng ngày").await?;
    page.until("return [...root.querySelectorAll('table tbody tr')].filter((row) => row.getClientRects().length).length > 3")
        .await?;
    page.press(".dh-rating label", "Không hài lòng").await?;
    page.press(".dh-rating button", "Gửi đánh giá").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    page.press(".dh-rating button", "Sửa đánh giá").await?;
    page.press(".dh-rating label", "Bình thường").await?;
    page.press(".dh-rating button", "Gửi đánh giá đã sửa")
        .await?;
    page.sees("Đã sửa đánh giá").await?;
    page.nothing_wrong().await
}

/// Every `of`th thing of the list, from the `from`th on, taken away by itself.
async fn each(from: usize, of: usize) -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    let page = Page::blank().await?;
    let things = MISSING.iter().skip(from).step_by(of);
    assert!(things.len() <= CASES.len());
    for ((name, script), key) in things.zip(CASES) {
        journey_without(&page, &wire, name, script, key).await?;
    }
    page.close().await
}

// In two halves, side by side.
#[tokio::test]
async fn the_journey_goes_on_without_each_newer_thing() -> Result<(), Problem> {
    each(0, 2).await
}

#[tokio::test]
async fn the_journey_goes_on_without_each_other_newer_thing() -> Result<(), Problem> {
    each(1, 2).await
}

#[tokio::test]
async fn the_journey_goes_on_without_all_newer_things() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    let page = Page::blank().await?;
    let all: String = MISSING
        .iter()
        .map(|(_, script)| format!("{{ {script} }}\n"))
        .collect();
    journey_without(&page, &wire, "everything", &all, CASES[0]).await?;
    page.close().await
}

/// Older still: no WebAssembly, or no custom elements and shadow trees. The form is there and goes to the page.
#[tokio::test]
async fn what_is_older_gets_the_form() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    let case = situation("due_today");
    let page = Page::blank().await?;
    for (script, form) in [
        (
            "delete window.WebAssembly",
            "document.querySelector('dung-hen').shadowRoot.querySelector('form')",
        ),
        (
            "delete window.customElements; delete Element.prototype.attachShadow",
            "document.querySelector('dung-hen form')",
        ),
    ] {
        wire.first(script);
        page.driver.goto(wire.url()).await?;
        page.until(&format!(
            "return document.readyState === 'complete' && !!{form}"
        ))
        .await?;
        if script.contains("WebAssembly") {
            page.sees("Biểu mẫu vẫn dùng được").await?;
        }
        let send = format!(
            "const form = {form}; form.querySelector('[name=case_code]').value = {}; form.querySelector('[name=proof]').value = {}; form.querySelector('button:not([type=button])').click()",
            json!(case.case_code),
            json!(case.proof)
        );
        page.run(&send).await?;
        page.sees_the_plain_case().await?;
    }
    page.close().await
}
