//! When JavaScript or WebAssembly is blocked, missing or dies: a form is always there, and it works.

use dung_hen_tests::{Host, POLICY, Page, Problem, Reply, Server, Wire, Wish, situation, version};
use serde_json::json;
use thirtyfour::prelude::*;

const SNIPPET: &str = r#"<dung-hen><form method="post" action="SERVER/tra-cuu">
    <label>Mã hồ sơ <input name="case_code"></label> <label>Mã tra cứu <input name="proof"></label>
    <button>Tra cứu</button></form></dung-hen><script type="module" src="SERVER/embed/v1/embed.js"></script>"#;

const TOLD: &str = "Biểu mẫu vẫn dùng được";

/// WebAssembly blocked: the element says so, an event tells the page, and the form goes to the server's page, where
/// the case can be rated.
#[tokio::test]
async fn without_webassembly_the_form_still_shows_the_case() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("overdue_without_letter");
    let wire = Wire::to(&server);
    wire.cut(&[&format!("/embed/{}/dung-hen_bg.wasm", version())]);
    wire.first(
        "window.__heard = []; addEventListener('dh-error', (event) => __heard.push(event.detail))",
    );
    let page = Page::open(&wire.url()).await?;
    page.sees(TOLD).await?;
    assert_eq!(
        page.run("return __heard").await?,
        json!([{ "reason": "wasm_unavailable" }])
    );
    page.axe("no WebAssembly").await?;
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees_the_plain_case().await?;
    assert!(page.driver.current_url().await?.query().is_none());
    page.axe("server page").await?;
    rate_on_the_page(&page).await?;
    page.close().await
}

/// What was sent while the module was on its way goes to the server's page by itself when the module does not come.
#[tokio::test]
async fn what_was_sent_before_the_module_failed_goes_to_the_page() -> Result<(), Problem> {
    let server = Server::start();
    let host = Host::start();
    host.page(
        "/",
        &SNIPPET
            .replace("\"SERVER/tra-cuu", &format!("\"{}/tra-cuu", server.url()))
            .replace("SERVER", "")
            .replace(
                "<dung-hen>",
                &format!(
                    "<script src=\"/first.js\"></script><dung-hen api=\"{}\">",
                    server.url()
                ),
            ),
    );
    let case = situation("due_today");
    // The glue comes, and then says nothing for a while; it is a promise the test keeps in its hand.
    host.show(
        "/first.js",
        "",
        "text/javascript",
        b"WebAssembly.instantiateStreaming = () => new Promise((_, fail) => { window.__fail = () => fail(new Error('no memory')) })",
    );
    let page = Page::open(&host.url()).await?;
    page.until("return !!root && !!root.querySelector('form') && !!window.__fail")
        .await?;
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees("Đang tải").await?;
    page.run("__fail()").await?;
    page.sees_the_plain_case().await?;
    page.close().await
}

/// A policy without 'wasm-unsafe-eval', as most portals have it today.
#[tokio::test]
async fn a_policy_that_forbids_webassembly_leaves_the_form() -> Result<(), Problem> {
    let server = Server::start();
    let host = Host::start();
    let url = server.url();
    let body = SNIPPET.replace("SERVER", &url);
    let policy = format!(
        "default-src 'none'; script-src {url}; style-src {url}; connect-src {url}; form-action {url}"
    );
    host.page_under(
        "/",
        &policy,
        &format!("<!doctype html><html lang=vi><title>Cổng</title><main>{body}</main></html>"),
    );
    let page = Page::open(&host.url()).await?;
    page.sees(TOLD).await?;
    let case = situation("due_today");
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees_the_plain_case().await?;
    page.close().await
}

/// The script itself is missing or refused: the plain form is what it was.
#[tokio::test]
async fn a_missing_script_leaves_the_plain_form() -> Result<(), Problem> {
    let server = Server::start();
    let host = Host::start();
    let body = SNIPPET
        .replace("SERVER/embed/v1", "/nowhere")
        .replace("SERVER", &server.url());
    host.page_under(
        "/",
        &POLICY.replace(
            "style-src",
            &format!("form-action {}; style-src", server.url()),
        ),
        &format!("<!doctype html><html lang=vi><title>Cổng</title><main>{body}</main></html>"),
    );
    let case = situation("due_today");
    let page = Page::open(&host.url()).await?;
    plain_look_up(&page, &case.case_code, &case.proof).await?;
    page.sees_the_plain_case().await?;
    page.close().await
}

/// Keeps the module's exports, so that a test can have it panic. Nothing is rehearsed: that would call it, too, some time.
const HOOK: &str = "window.requestIdleCallback = null; const real = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
        const made = await real.apply(WebAssembly, given), exports = { ...made.instance.exports };
        window.__module = exports;
        return { module: made.module, instance: { exports } };
    };
    // What a panic does: the module ends with a trap.
    window.__panic = () => { for (const name of Object.keys(__module)) if (name.startsWith('handle_')) __module[name] = () => {
        throw new WebAssembly.RuntimeError('unreachable') } };
    window.__heard = []; addEventListener('dh-error', (event) => __heard.push([event.target.id, event.detail.reason]));";

/// Names the element, and adds a second one.
const A_SECOND: &str = "host.id = 'one'; const two = document.createElement('dung-hen'); two.id = 'two';
    const ready = new Promise((ready) => two.addEventListener('dh-ready', ready)); document.querySelector('main').append(two); await ready";

async fn both_have_forms(page: &Page) -> Result<(), Problem> {
    for id in ["one", "two"] {
        let shown = page
            .run(&format!(
                "return document.getElementById('{id}').shadowRoot.querySelector('.dh').innerText"
            ))
            .await?;
        let shown = shown.as_str().unwrap_or_default();
        assert!(
            shown.contains(TOLD) && shown.contains("Mã hồ sơ"),
            "{id}: {shown}"
        );
    }
    Ok(())
}

/// A panic in one element: every element of the page says so and keeps its form; none is blank, and none calls the
/// dead module again.
#[tokio::test]
async fn a_panic_in_one_leaves_a_form_in_each() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    wire.first(HOOK);
    let page = Page::open(&wire.url()).await?;
    page.look_up_situation("due_today").await?;
    page.run(A_SECOND).await?;
    page.run("__panic()").await?;
    page.look_up("H98.101-260901-9999", "").await?;
    page.sees(TOLD).await?;
    both_have_forms(&page).await?;
    assert_eq!(
        page.run("return __heard").await?,
        json!([["one", "panic"], ["two", "panic"]])
    );
    // Leaving the page, changing the language, a third element: nothing calls the module any more.
    page.run("document.getElementById('two').remove(); host.lang = 'en'; host.setAttribute('heading-level', '3');
        const three = document.createElement('dung-hen'); three.id = 'three'; document.querySelector('main').append(three)")
        .await?;
    page.until("return document.getElementById('three').shadowRoot.querySelector('.dh')?.innerText.includes('Biểu mẫu vẫn dùng được')")
        .await?;
    page.run("host.lang = 'vi'; host.removeAttribute('heading-level')")
        .await?;
    page.axe("after a panic").await?;
    let case = situation("due_today");
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees_the_plain_case().await?;
    page.close().await
}

/// A panic of the module itself, not one that is played: the page makes the browser refuse to copy nodes, and the
/// code that draws takes that for impossible. Everything a panic must bring about is there, in every element.
#[tokio::test]
async fn a_real_panic_leaves_a_form_in_each() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    wire.first(
        "window.__heard = []; addEventListener('dh-error', (event) => __heard.push([event.target.id, event.detail.reason]));
         window.__traps = []; addEventListener('error', (event) => __traps.push(String(event.error)));
         addEventListener('unhandledrejection', (event) => __traps.push(String(event.reason)))",
    );
    let page = Page::open(&wire.url()).await?;
    page.has_form().await?;
    page.run(A_SECOND).await?;
    page.run("Node.prototype.cloneNode = Document.prototype.createElement = function () { throw new TypeError('not on this page') }")
        .await?;
    let case = situation("due_today");
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees(TOLD).await?;
    assert_eq!(
        page.run("return __heard").await?,
        json!([["one", "panic"], ["two", "panic"]])
    );
    // It was a trap of the module, not an error of a script.
    let traps = page.run("return __traps").await?;
    let said = traps.to_string().to_lowercase();
    assert!(said.contains("unreachable"), "{traps}");
    both_have_forms(&page).await?;
    // What was typed is still there, and one press opens the case on the server's page.
    page.press("button", "Tra cứu").await?;
    page.sees_the_plain_case().await?;
    page.close().await
}

/// An error that is no panic: the page forbids what the module draws with. A case that does not appear is noticed.
#[tokio::test]
async fn a_case_that_cannot_be_drawn_is_noticed() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.has_form().await?;
    page.run("window.__heard = []; addEventListener('dh-error', (event) => __heard.push(event.detail.reason));
        Object.defineProperty(Element.prototype, 'innerHTML', { set() { throw new TypeError('trusted types') } })")
        .await?;
    let case = situation("due_today");
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees(TOLD).await?;
    assert_eq!(page.run("return __heard").await?, json!(["panic"]));
    page.look_up(&case.case_code, &case.proof).await?;
    page.sees_the_plain_case().await?;
    page.close().await
}

/// A module that stops in the middle of a call and says nothing: noticed when every limit has passed. The page's
/// clock runs thirty times faster here, but for the minute and more that WebKit's driver measures by it.
#[tokio::test]
async fn a_module_that_falls_silent_is_noticed() -> Result<(), Problem> {
    let host = Host::start();
    host.page(
        "/",
        &format!(
            "<script src=\"/first.js\"></script>{}",
            SNIPPET.replace("SERVER", "")
        ),
    );
    host.show(
        "/first.js",
        "",
        "text/javascript",
        b"const real = setTimeout; window.setTimeout = (what, ms, ...rest) => real(what, ms > 60000 ? ms : ms / 30, ...rest);
          window.fetch = new Proxy(fetch, { apply: (to, self, given) => String(given[0]?.url || given[0]).includes('/api/') ? new Promise(() => {}) : Reflect.apply(to, self, given) })",
    );
    host.reply("/api/v1/lookup", Reply::Silence);
    let page = Page::open(&host.url()).await?;
    page.has_form().await?;
    page.look_up("H98.101-260901-0001", "").await?;
    page.sees(TOLD).await?;
    page.close().await
}

/// Lets a test have half a minute pass at once, for every limit of the element.
pub(super) const HASTE: &str = "const begin = setTimeout, end = clearTimeout, long = new Map();
    window.setTimeout = (what, ms, ...rest) => { const timer = begin(what, ms, ...rest); if (ms >= 20000 && ms < 40000 && ms % 5000 === 0) long.set(timer, what); return timer };
    window.clearTimeout = (timer) => { long.delete(timer); end(timer) };
    window.halfAMinutePasses = () => { for (const [timer, what] of [...long]) { clearTimeout(timer); what() } };";

/// A slow phone, or one put away meanwhile: half a minute at the puzzle is not a module that has died. WebKit's driver
/// measures by the same clock how long a script may take, never in whole five seconds.
#[tokio::test]
async fn a_puzzle_may_take_its_time() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.has_form().await?;
    super::trouble::attack(&page).await?;
    page.run(&format!(
        "{HASTE} const status = root.querySelector('[role=status]'); new MutationObserver(() => /chống dò mã/.test(status.textContent) && halfAMinutePasses())
         .observe(status, {{ childList: true, characterData: true, subtree: true }})",
    ))
    .await?;
    page.look_up_situation("due_today").await?;
    page.close().await
}

/// No JavaScript at all: look up, rate and object through pages.
#[tokio::test]
async fn without_javascript_the_plain_form_does_the_journey() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("overdue_without_letter");
    let page = Page::wishing(Wish::NoScripts).await?;
    page.driver.goto(server.url()).await?;
    // Not with a promise: in Firefox none is ever kept without scripts.
    let taken = "return !!document.querySelector('dung-hen').shadowRoot";
    let taken = page.driver.execute(taken, Vec::new()).await?;
    assert_eq!(taken.json(), &json!(false));
    plain_look_up(&page, &case.case_code, &case.proof).await?;
    rate_on_the_page(&page).await?;
    page.driver.goto(server.url()).await?;
    plain_look_up(&page, &case.case_code, &case.proof).await?;
    let form = page.arrives("form[action='/phan-anh']").await?;
    // Objections are folded away; opening them needs no script.
    for summary in page.driver.find_all(By::Css("summary")).await? {
        summary.click().await?;
    }
    form.find(By::Css("input[name=kind], select[name=kind]"))
        .await?
        .click()
        .await?;
    form.find(By::Css("button")).await?.click().await?;
    let number = page.arrives("strong.number").await?;
    assert!(number.text().await?.starts_with("PA-"));
    page.close().await
}

async fn plain_look_up(page: &Page, code: &str, proof: &str) -> Result<(), Problem> {
    for (name, value) in [("case_code", code), ("proof", proof)] {
        page.driver
            .find(By::Css(format!("dung-hen form input[name={name}]")))
            .await?
            .send_keys(value)
            .await?;
    }
    page.driver
        .find(By::Css("dung-hen form button"))
        .await?
        .click()
        .await
}

async fn rate_on_the_page(page: &Page) -> Result<(), Problem> {
    let choice = page.arrives("input[name=overall][value='4']").await?;
    choice.click().await?;
    page.driver
        .find(By::Css("form[action='/danh-gia'] button"))
        .await?
        .click()
        .await?;
    // Only the page of the receipt has it.
    let receipt = page.arrives("strong.number").await?;
    assert!(receipt.is_displayed().await?);
    assert_eq!(page.driver.current_url().await?.path(), "/danh-gia");
    Ok(())
}
