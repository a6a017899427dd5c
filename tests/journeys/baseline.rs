//! The oldest browsers that are promised: what they lack is taken away here, one thing at a time, and the journey
//! goes on; what is older still gets a form.

use dung_hen_tests::{Page, Problem, Server, situation};
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

/// Everything of the list at once, for the whole journey; then one at a time, for the first answer.
#[tokio::test]
async fn the_journey_goes_on_without_each_newer_thing() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("overdue_without_letter");
    let page = Page::blank().await?;
    let all = MISSING
        .iter()
        .map(|(_, script)| format!("{{ {script} }}"))
        .collect::<Vec<_>>()
        .join("\n");
    for (at, (name, script)) in [("everything", all.as_str())]
        .iter()
        .chain(MISSING)
        .enumerate()
    {
        let source = json!({ "source": format!("{{ {script} }}") });
        let added = page
            .cdp("Page.addScriptToEvaluateOnNewDocument", source)
            .await?;
        page.driver.goto(server.url()).await?;
        page.look_up(&case.case_code, &case.proof).await?;
        page.until("return !!root.querySelector('.dh-holder')")
            .await
            .inspect_err(|_| eprintln!("without {name}"))?;
        // Styled, whichever way the styles came.
        page.until("return getComputedStyle(root.querySelector('.dh-form')).display === 'grid'")
            .await?;
        if at == 0 {
            assert_eq!(
                page.run("return root.querySelectorAll('link[rel=stylesheet]').length")
                    .await?,
                json!(2),
                "the sheets are linked"
            );
            // The rating is a part of its own and comes after the case.
            page.find("input[name=dh-overall]").await?;
            page.run("root.querySelector('input[name=dh-overall]').click(); root.querySelector('.dh-rating button[type=submit]').click()").await?;
            page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
                .await?;
        }
        page.nothing_wrong().await?;
        page.cdp("Page.removeScriptToEvaluateOnNewDocument", added)
            .await?;
    }
    page.close().await
}

/// Older still: no WebAssembly, or no custom elements and shadow trees. The form is there and goes to the page.
#[tokio::test]
async fn what_is_older_gets_the_form() -> Result<(), Problem> {
    let server = Server::start();
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
        let source = json!({ "source": script });
        let added = page
            .cdp("Page.addScriptToEvaluateOnNewDocument", source)
            .await?;
        page.driver.goto(server.url()).await?;
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
        page.cdp("Page.removeScriptToEvaluateOnNewDocument", added)
            .await?;
    }
    page.close().await
}
