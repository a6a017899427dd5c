//! The journey on pages that were not made for us: `public/hosts/`, each on an origin of its own, under its own policy.

use dung_hen_tests::{Host, Page, Problem, Server, content_type, dist, situation};
use serde_json::json;

/// Shows everything below `dist/hosts` on another origin; the element and the forms stay the server's.
fn portal(server: &Server) -> Host {
    fn show(host: &Host, directory: &std::path::Path, url: &str) {
        let Ok(entries) = std::fs::read_dir(directory) else {
            return;
        };
        for entry in entries.flatten() {
            let file = entry.path();
            if file.is_dir() {
                show(host, &file, url);
                continue;
            }
            let name = file.strip_prefix(dist()).unwrap_or(&file);
            let path = format!("/{}", name.display());
            let bytes = std::fs::read(&file).unwrap_or_default();
            let bytes = if path.ends_with(".html") {
                String::from_utf8_lossy(&bytes)
                    .replace("=\"/embed/", &format!("=\"{url}/embed/"))
                    .replace("=\"/tra-cuu", &format!("=\"{url}/tra-cuu"))
                    .into_bytes()
            } else {
                bytes
            };
            let policy = match path.as_str() {
                "/hosts/strict.html" => format!(
                    "default-src 'none'; script-src {url} 'wasm-unsafe-eval'; style-src {url}; connect-src {url}; \
                     base-uri 'none'; frame-ancestors 'none'; form-action {url}; sandbox allow-scripts allow-forms allow-same-origin"
                ),
                "/hosts/trusted.html" => format!(
                    "default-src 'none'; script-src 'nonce-one-time' 'strict-dynamic' 'wasm-unsafe-eval'; style-src {url}; \
                     connect-src {url}; form-action {url}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types dung-hen"
                ),
                _ => String::new(),
            };
            host.show(&path, &policy, content_type(&file), &bytes);
        }
    }
    let host = Host::start();
    show(&host, &dist().join("hosts"), &server.url());
    host
}

/// What a person must still be able to see and press, whatever the page does.
async fn looks_right(page: &Page) -> Result<(), Problem> {
    let odd = page
        .run(
            "const base = root.querySelector('.dh'), style = getComputedStyle(base), odd = [];
            const expect = (what, is, wanted) => { if (is !== wanted) odd.push(what + ': ' + is + ', not ' + wanted) };
            expect('font size', style.fontSize, '16px');
            expect('line height', style.lineHeight, '24px');
            expect('direction', style.direction, 'ltr');
            for (const [name, wanted] of Object.entries({ letterSpacing: 'normal', textTransform: 'none', textShadow: 'none', wordBreak: 'normal', whiteSpace: 'normal', textAlign: 'start', cursor: 'auto', webkitUserSelect: 'text' }))
                expect(name, style[name], wanted);
            for (const one of root.querySelectorAll('input[type=text], button')) {
                if (!one.checkVisibility()) continue;
                const box = one.getBoundingClientRect();
                if (box.height < 43.5) odd.push(one.outerHTML + ' is ' + box.height + ' px high');
                expect('box of ' + one.className, getComputedStyle(one).boxSizing, 'border-box');
            }
            if (base.getBoundingClientRect().width < 250) odd.push('narrow: ' + base.getBoundingClientRect().width);
            if (base.scrollWidth > base.clientWidth + 1) odd.push('wider than its place: ' + base.scrollWidth + ' in ' + base.clientWidth);
            return odd",
        )
        .await?;
    assert_eq!(odd, json!([]));
    Ok(())
}

/// Look-up, apology, reasons, rating, objection.
async fn journey(page: &Page) -> Result<(), Problem> {
    page.has_form().await?;
    looks_right(page).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.sees("Đã quá hẹn").await?;
    page.press("summary", "từng ngày").await?;
    looks_right(page).await?;
    page.axe_of("dung-hen", "case").await?;
    page.press(".dh-rating label", "Không hài lòng").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    page.press(".dh-objection summary", "").await?;
    page.press(".dh-objection label", "đòi thêm tiền").await?;
    page.press(".dh-objection button", "Gửi").await?;
    page.sees("PA-").await?;
    page.nothing_wrong().await
}

async fn open(name: &str) -> Result<(Server, Host, Page), Problem> {
    let server = Server::start();
    let host = portal(&server);
    let page = Page::open(&format!("{}/hosts/{name}.html", host.url())).await?;
    Ok((server, host, page))
}

#[tokio::test]
async fn bootstrap_3_old_jquery_and_a_changed_language() -> Result<(), Problem> {
    let (_server, _host, page) = open("bootstrap3").await?;
    // Firefox runs the script of a test with a language of its own; the page's is meant.
    let found = "const keys = []; for (const key in new (window.wrappedJSObject || window).Array()) keys.push(key);
        return [jQuery.fn.jquery, jQuery.fn.modal.Constructor.VERSION, keys.join()]";
    assert_eq!(
        page.run(found).await?,
        json!(["1.12.4", "3.4.1", "remove"]),
        "the page is as bad as it should be"
    );
    journey(&page).await?;
    page.close().await
}

#[tokio::test]
async fn a_page_that_resets_everything() -> Result<(), Problem> {
    let (_server, _host, page) = open("reset").await?;
    journey(&page).await?;
    page.close().await
}

#[tokio::test]
async fn the_strictest_policy() -> Result<(), Problem> {
    let (_server, _host, page) = open("strict").await?;
    let page = page.sandboxed();
    journey(&page).await?;
    page.close().await
}

/// Scripts by their nonce, and markup by a policy that the page names.
#[tokio::test]
async fn a_policy_of_nonces_and_trusted_types() -> Result<(), Problem> {
    let (_server, _host, page) = open("trusted").await?;
    journey(&page).await?;
    // On paper, too, nothing is lost.
    page.run("window.__printed = null;
        new MutationObserver(() => root.querySelectorAll('iframe').forEach((frame) => {
            frame.contentWindow.print = () => { window.__printed = frame.contentDocument.body } })).observe(root.querySelector('.dh'), { childList: true })")
        .await?;
    page.press(".dh-notice button", "In văn bản này").await?;
    page.until("return !!__printed").await?;
    assert_eq!(
        page.run("return [!!__printed.querySelector('.dh-seal svg[viewBox] > path[d^=M]'), __printed.textContent.includes('/thong-bao/TBQH-')]")
            .await?,
        json!([true, true])
    );
    let strict = page
        .run("try { document.createElement('p').innerHTML = '<b>'; return !window.trustedTypes } catch (error) { return true }")
        .await?;
    assert_eq!(strict, json!(true), "the page is as strict as it should be");
    page.close().await
}

#[tokio::test]
async fn a_right_to_left_page() -> Result<(), Problem> {
    let (_server, _host, page) = open("rtl").await?;
    journey(&page).await?;
    page.close().await
}

#[tokio::test]
async fn odd_root_font_sizes() -> Result<(), Problem> {
    let (_server, _host, page) = open("odd-root").await?;
    assert_eq!(
        page.run("return getComputedStyle(document.documentElement).fontSize")
            .await?,
        json!("10px")
    );
    journey(&page).await?;
    page.width(360).await?;
    looks_right(&page).await?;
    page.no_sideways_scroll().await?;
    page.close().await
}

/// The parser throws the snippet's own form away, and the page wants every Enter for itself.
#[tokio::test]
async fn a_form_around_the_whole_page() -> Result<(), Problem> {
    let (_server, _host, page) = open("one-form").await?;
    assert_eq!(
        page.run("return document.querySelectorAll('form').length")
            .await?,
        json!(1)
    );
    journey(&page).await?;
    assert_eq!(page.run("return window.searched").await?, json!(0));
    // The page's own Enter is still the page's.
    page.driver
        .find(thirtyfour::By::Css("input[name=q]"))
        .await?
        .send_keys(thirtyfour::Key::Enter + "")
        .await?;
    assert_eq!(page.run("return window.searched").await?, json!(1));
    page.close().await
}

/// What was typed into the light fields is kept there too, though they have no form.
#[tokio::test]
async fn what_was_typed_is_kept_without_a_form_of_its_own() -> Result<(), Problem> {
    let server = Server::start();
    let host = Host::start();
    let url = server.url();
    let case = situation("due_today");
    host.page_under("/", "", "<!doctype html><html lang=vi><title>Cổng</title><form><dung-hen><form><label>Mã <input name=case_code></label><label>Số <input name=proof></label></form></dung-hen></form>");
    let page = Page::open(&host.url()).await?;
    for (name, value) in [("case_code", &case.case_code), ("proof", &case.proof)] {
        page.driver
            .find(thirtyfour::By::Css(format!("input[name={name}]")))
            .await?
            .send_keys(value)
            .await?;
    }
    page.run(&format!(
        "const s = document.createElement('script'); s.type = 'module'; s.src = '{url}/embed/v1/embed.js'; document.head.append(s)"
    ))
    .await?;
    page.until(&format!(
        "return root?.querySelector('input[name=proof]')?.value === {}",
        json!(case.proof)
    ))
    .await?;
    page.until("return root.activeElement?.name === 'proof'")
        .await?;
    // And there alone: the fields are the page's, which would send them along with its own.
    let sent = page
        .run("return [...new FormData(document.forms[0])].map((pair) => pair.join('='))")
        .await?;
    assert_eq!(sent, json!(["case_code=", "proof="]));
    page.close().await
}

/// An opaque origin: no storage of any kind, every request from "null".
async fn in_a_sandbox(page: Page) -> Result<(), Problem> {
    let page = page.sandboxed();
    page.driver.enter_frame(0).await?;
    assert_eq!(
        page.run("try { return String(localStorage) } catch (error) { return error.name }")
            .await?,
        json!("SecurityError")
    );
    journey(&page).await?;
    page.close().await
}

#[tokio::test]
async fn a_sandboxed_frame() -> Result<(), Problem> {
    let (_server, _host, page) = open("sandbox").await?;
    in_a_sandbox(page).await
}

/// As it is tried out with `make run`: under the headers of the server itself.
#[tokio::test]
async fn a_sandboxed_frame_from_the_server_itself() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&format!("{}/hosts/sandbox.html", server.url())).await?;
    in_a_sandbox(page).await
}
