//! How the element reaches a page: from another origin, in numbered directories that never change, with integrity,
//! and without leaving anything behind. And how a portal says that its visitor is signed in.

use dung_hen_tests::{Host, Page, Problem, Reply, Server, Situation, dist, situation, version};
use serde_json::json;

/// A policy of a portal elsewhere that lets in this one origin and nothing else.
fn policy_for(server: &str) -> String {
    format!(
        "default-src 'none'; script-src {server} 'wasm-unsafe-eval'; style-src {server}; connect-src {server}; form-action {server}"
    )
}

fn page_with(script: &str, server: &str) -> String {
    format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Cổng</title>{script}</head><body><main><h1>Cổng</h1>\
         <dung-hen><form method=\"post\" action=\"{server}/tra-cuu\"><label>Mã hồ sơ <input name=\"case_code\"></label>\
         <label>Mã tra cứu <input name=\"proof\"></label><button>Tra cứu</button></form></dung-hen></main></body></html>"
    )
}

/// One script tag on a page of another origin: the journey, and what it leaves behind, which is nothing.
#[tokio::test]
async fn one_script_tag_on_another_origin_is_enough_and_leaves_nothing() -> Result<(), Problem> {
    let server = Server::start();
    let url = server.url();
    let host = Host::start();
    let script = format!("<script type=\"module\" src=\"{url}/embed/v1/embed.js\"></script>");
    host.page_under("/", &policy_for(&url), &page_with(&script, &url));
    host.page_under("/empty", "", "<!doctype html><title>Cổng</title>");

    let page = Page::open(&format!("{}/empty", host.url())).await?;
    // The driver leaves names of its own (cdc_…, se_…, ret_nodes).
    let names = "return Object.getOwnPropertyNames(window).filter((name) => isNaN(name) && !/^(cdc|se)_|^ret_nodes$/.test(name))";
    let before: Vec<String> = serde_json::from_value(page.run(names).await?).unwrap_or_default();
    assert!(before.len() > 500);
    page.driver.goto(host.url()).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.press(".dh-rating label", "Không hài lòng").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    page.nothing_wrong().await?;

    let mut after: Vec<String> = serde_json::from_value(page.run(names).await?).unwrap_or_default();
    after.retain(|name| !before.contains(name));
    assert_eq!(after, [] as [&str; 0], "names on window");
    assert_eq!(page.run("return document.cookie").await?, json!(""));
    let stored = "return [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length,
        (await navigator.serviceWorker.getRegistrations()).length]";
    assert_eq!(page.run(stored).await?, json!([0, 0, 0, 0, 0]));
    // Every request there was, but for the page itself and the icon a browser asks for by itself.
    let asked = page
        .run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        .await?;
    let asked: Vec<String> = serde_json::from_value(asked).unwrap_or_default();
    assert!(asked.len() >= 6, "{asked:?}");
    let version = version();
    for address in &asked {
        let path = address.strip_prefix(&url).unwrap_or_default();
        let own = path == "/embed/v1/embed.js"
            || path.starts_with(&format!("/embed/{version}/"))
            || path.starts_with("/api/v1/");
        assert!(own, "{address}");
    }
    let foreign: Vec<_> = host.asked("/").iter().map(|a| a.headers.clone()).collect();
    assert!(
        foreign.iter().all(|headers| !headers.contains("cookie:")),
        "{foreign:?}"
    );
    page.close().await
}

/// Numbered files never change, the alias follows within minutes, and both may be read from anywhere.
#[tokio::test]
async fn numbered_files_are_kept_for_ever_and_the_alias_for_minutes() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let version = version();
    let script = format!(
        "const told = {{}};
        for (const path of ['v1/embed.js', '{version}/embed.js', '{version}/dung-hen.js', '{version}/dung-hen_bg.wasm', '{version}/dung-hen.css', 'v1/no.js', '9.9.9/embed.js']) {{
            const answer = await fetch('/embed/' + path, {{ cache: 'no-store' }});
            told[path] = [answer.status, answer.headers.get('cache-control'), answer.headers.get('content-type'), answer.headers.get('access-control-allow-origin'), answer.headers.get('set-cookie')]
        }}
        return told"
    );
    let told = page.run(&script).await?;
    let soon = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400";
    let for_ever = "public, max-age=31536000, immutable";
    let numbered = |name: &str| format!("{version}/{name}");
    for (path, expected) in [
        (
            "v1/embed.js".to_owned(),
            json!([200, soon, "text/javascript", "*", null]),
        ),
        (
            numbered("embed.js"),
            json!([200, for_ever, "text/javascript", "*", null]),
        ),
        (
            numbered("dung-hen_bg.wasm"),
            json!([200, for_ever, "application/wasm", "*", null]),
        ),
        (
            numbered("dung-hen.css"),
            json!([200, for_ever, "text/css", "*", null]),
        ),
    ] {
        assert_eq!(told[&path], expected, "{path}");
    }
    for missing in ["v1/no.js", "9.9.9/embed.js"] {
        assert_eq!(told[missing][0], json!(404), "{missing}");
        let caching = told[missing][1].as_str().unwrap_or_default();
        assert!(
            ["no-cache", "no-store"].contains(&caching),
            "{missing}: {caching}"
        );
    }
    page.close().await
}

/// The snippet that pins a version works as it was written, and each file it pins is refused when it was changed.
#[tokio::test]
async fn a_pinned_version_is_checked_by_its_sums() -> Result<(), Problem> {
    let version = version();
    let snippet = std::fs::read_to_string(dist().join(format!("embed/{version}/snippet.html")))
        .unwrap_or_default();
    assert!(
        snippet.matches("integrity=\"sha384-").count() >= 3,
        "{snippet}"
    );
    let read = |name: &str| {
        std::fs::read(dist().join(format!("embed/{version}/{name}"))).unwrap_or_default()
    };

    let host = Host::start();
    let url = host.url();
    let page = snippet.replace("https://dunghen.example.vn", &url);
    host.page("/", &page);
    let page = Page::open(&url).await?;
    page.has_form().await?;
    page.look_up("H98.101-260901-0001", "").await?;
    page.until("return !!root.querySelector('.dh-fault')")
        .await?;

    // (changed file, what is left: the plain form alone, or the element's own form with its notice)
    for (name, taken_over) in [
        ("embed.js", false),
        ("dung-hen_bg.wasm", true),
        ("dung-hen.js", true),
    ] {
        let mut changed = read(name);
        changed.extend_from_slice(if name.ends_with(".js") {
            b"\n//"
        } else {
            b"\0\x01\0"
        });
        let path = format!("/embed/{version}/{name}");
        let kind = dung_hen_tests::content_type(path.as_ref());
        let portal = Host::start();
        let address = portal.url();
        portal.show(&path, "", kind, &changed);
        portal.page(
            "/",
            &snippet.replace("https://dunghen.example.vn", &address),
        );
        page.driver.goto(&address).await?;
        if taken_over {
            page.sees("Biểu mẫu vẫn dùng được")
                .await
                .inspect_err(|_| eprintln!("{name}"))?;
        } else {
            page.until("return document.readyState === 'complete'")
                .await?;
            assert_eq!(page.run("return !!root").await?, json!(false));
        }
    }
    page.close().await
}

/// And on a page that asks for trusted types the pinned one draws as any other.
#[tokio::test]
async fn a_pinned_version_on_a_page_with_trusted_types() -> Result<(), Problem> {
    let version = version();
    let snippet = std::fs::read_to_string(dist().join(format!("embed/{version}/snippet.html")))
        .unwrap_or_default();
    let host = Host::start();
    let url = host.url();
    host.page_under(
        "/",
        &format!(
            "{}; require-trusted-types-for 'script'; trusted-types dung-hen",
            policy_for(&url)
        ),
        &format!(
            "<!doctype html><html lang=vi><meta charset=utf-8><title>Cổng</title>{}",
            snippet.replace("https://dunghen.example.vn", &url)
        ),
    );
    let page = Page::open(&url).await?;
    page.has_form().await?;
    page.look_up("H98.101-260901-0001", "").await?;
    // That host knows no case; what came of it is drawn by the module.
    page.until("return !!root.querySelector('.dh-fault')")
        .await?;
    let strict = page
        .run("try { document.createElement('p').innerHTML = '<b>'; return !window.trustedTypes } catch (error) { return true }")
        .await?;
    assert_eq!(strict, json!(true), "the page is as strict as it should be");
    page.close().await
}

/// The doctor as a page: on a sound server it finds nothing missing; behind a proxy that spoils a type it says which.
#[tokio::test]
async fn the_doctors_page_says_in_words_what_is_missing() -> Result<(), Problem> {
    let told = "const verdict = document.getElementById('verdict')?.textContent || ''; return !verdict.includes('Đang khám') && [verdict, document.body.innerText]";
    let server = Server::start();
    let page = Page::open(&format!("{}/doctor.html", server.url())).await?;
    let sound = page.until(told).await?;
    assert_eq!(sound[0], "Không thiếu gì. / Nothing is missing.", "{sound}");
    page.axe("doctor").await?;
    let host = Host::start();
    let wasm = format!("embed/{}/dung-hen_bg.wasm", version());
    let bytes = std::fs::read(dist().join(&wasm)).unwrap_or_default();
    host.show(&format!("/{wasm}"), "", "application/octet-stream", &bytes);
    page.driver
        .goto(format!("{}/doctor.html", host.url()))
        .await?;
    let spoilt = page.until(told).await?;
    let verdict = spoilt[0].as_str().unwrap_or_default();
    assert!(verdict.contains("chỗ thiếu"), "{spoilt}");
    assert!(
        spoilt[1]
            .as_str()
            .unwrap_or_default()
            .contains("application/wasm"),
        "{spoilt}"
    );
    page.close().await
}

/// What the server says of the case to its holder, and the questionnaire: a host of the test's own gives them on.
async fn answers(page: &Page, case: &Situation) -> Result<[String; 2], Problem> {
    let said = format!(
        "return [{}, await (await fetch('/api/v1/instruments/five-factors-1')).text()]",
        case.answer()
    );
    let said = page.run(&said).await?;
    Ok([0, 1].map(|place| said[place].as_str().unwrap_or_default().to_owned()))
}

const NEEDED: &str = "window.__needed = 0; document.addEventListener('dh-token-needed', (event) => { window.__needed++; window.__detail = event.detail });";

/// A token goes by property, as a header of the calls about a case, and nowhere else.
#[tokio::test]
async fn a_signed_in_visitor_brings_a_token_and_a_stale_one_is_replaced() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("overdue_without_letter");
    let page = Page::open(&server.url()).await?;
    let [answer, instrument] = answers(&page, &case).await?;
    let host = Host::with_element();
    let stale = json!({ "code": "token_expired", "message": { "vi": "Hết hạn", "en": "Expired" } });
    let problem = "application/problem+json";
    let good = Reply::With(200, "application/json", answer);
    host.replies(
        "/api/v1/lookup",
        vec![Reply::With(401, problem, stale.to_string()), good],
    );
    host.reply(
        "/api/v1/ballots",
        Reply::With(401, problem, stale.to_string()),
    );
    host.reply(
        "/api/v1/instruments/five-factors-1",
        Reply::With(200, "application/json", instrument),
    );
    page.driver.goto(host.url()).await?;
    page.has_form().await?;
    page.run(&format!(
        "{NEEDED} document.addEventListener('dh-token-needed', () => setTimeout(() => {{ host.token = 'second' }})); host.token = 'first'"
    ))
    .await?;
    page.look_up(&case.case_code, "").await?;
    page.until("return !!root.querySelector('.dh-holder')")
        .await?;
    let bearers = |path: &str| -> Vec<Option<String>> {
        host.asked(path)
            .iter()
            .map(|asked| asked.header("authorization").map(str::to_owned))
            .collect()
    };
    let bearer = |token: &str| Some(format!("bearer {token}"));
    assert_eq!(
        bearers("/api/v1/lookup"),
        [bearer("first"), bearer("second")]
    );
    assert_eq!(
        page.run("return [__needed, __detail]").await?,
        json!([1, {}])
    );
    // Not to be read by whatever else runs on the page.
    assert_eq!(
        page.run("return String(host.token)").await?,
        json!("undefined")
    );
    assert_eq!(
        page.run("return host.outerHTML.includes('second') || location.href.includes('second')")
            .await?,
        json!(false)
    );
    // A call is tried twice, never for ever.
    page.press(".dh-rating label", "Không hài lòng").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating [role=alert]')")
        .await?;
    assert_eq!(
        bearers("/api/v1/ballots"),
        [bearer("second"), bearer("second")]
    );
    page.nothing_wrong().await?;
    page.close().await
}

/// "It was not me": whoever has no token reads how to get one; signed in, they are given the questions, and the request
/// says that the first ballot is contested.
#[tokio::test]
async fn it_was_not_me_is_offered_to_the_signed_in() -> Result<(), Problem> {
    let server = Server::start();
    let case = situation("overdue_without_letter");
    let page = Page::open(&server.url()).await?;
    let [open, instrument] = answers(&page, &case).await?;
    let given = open.replace("\"rating\":\"open\"", "\"rating\":\"ballot_given\"");
    assert_ne!(open, given);
    let host = Host::with_element();
    let reply = |text| Reply::With(200, "application/json", text);
    host.reply("/api/v1/lookup", reply(given));
    host.reply("/api/v1/instruments/five-factors-1", reply(instrument));
    page.driver.goto(host.url()).await?;
    page.has_form().await?;
    page.look_up(&case.case_code, "1234").await?;
    page.sees("xin đăng nhập cổng dịch vụ công").await?;
    page.axe("a ballot that was given, not signed in").await?;
    page.run("host.token = 'signed'").await?;
    page.look_up(&case.case_code, "").await?;
    page.sees("Ông/bà đang đăng nhập").await?;
    page.press(".dh-rating button", "Không phải tôi").await?;
    page.sees("Phiếu mới của ông/bà").await?;
    page.axe("a contested ballot").await?;
    page.press(".dh-rating label", "Không hài lòng").await?;
    page.press(".dh-rating button", "Gửi đánh giá").await?;
    page.until("return !!root.querySelector('.dh-rating [role=alert]')")
        .await?;
    let asked = host.asked("/api/v1/ballots");
    assert!(
        asked[0].body.contains("\"contest\":true"),
        "{}",
        asked[0].body
    );
    assert_eq!(asked[0].header("authorization"), Some("bearer signed"));
    page.nothing_wrong().await?;
    page.close().await
}

/// A portal that makes a token only when one is asked for; and without any, nothing is sent and nobody asked.
#[tokio::test]
async fn an_empty_token_is_asked_for_before_the_first_call() -> Result<(), Problem> {
    let host = Host::with_element();
    host.reply(
        "/api/v1/lookup",
        Reply::With(502, "text/html", String::new()),
    );
    let page = Page::open(&host.url()).await?;
    page.has_form().await?;
    page.run(NEEDED).await?;
    page.look_up("H98.101-260901-0001", "").await?;
    page.until("return !!root.querySelector('.dh-fault')")
        .await?;
    page.run("host.token = ''; document.addEventListener('dh-token-needed', () => { host.token = 'fresh' })")
        .await?;
    page.look_up("H98.101-260901-0001", "").await?;
    page.until("return __needed === 1").await?;
    page.until("return !!root.querySelector('.dh-fault')")
        .await?;
    let asked = host.asked("/api/v1/lookup");
    assert_eq!(asked[0].header("authorization"), None);
    assert_eq!(asked[1].header("authorization"), Some("bearer fresh"));
    page.close().await
}
