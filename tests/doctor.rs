//! `make doctor`: each thing that can be missing on a portal is named, in both languages, and nothing else is.

#![expect(
    clippy::expect_used,
    reason = "a test says what is wrong by panicking, its helpers too"
)]

use std::process::Command;

use dung_hen_tests::{Host, POLICY, Reply, Server, dist};

/// What is said about an address, and whether all is well.
fn examine(url: &str) -> (String, bool) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let out = Command::new("node")
        .args(["scripts/doctor.mjs", url])
        .current_dir(root)
        .output()
        .expect("node runs");
    let said = [out.stdout, out.stderr].concat();
    (
        String::from_utf8_lossy(&said).into_owned(),
        out.status.success(),
    )
}

fn page(embed: &str, server: &str) -> String {
    format!(
        "<!doctype html><html lang=vi><head>{embed}</head><body><dung-hen><form method=post action=\"{server}/tra-cuu\"></form></dung-hen></body></html>"
    )
}

#[test]
fn a_healthy_server_and_a_healthy_page_lack_nothing() {
    let server = Server::start();
    let url = server.url();
    for address in [url.clone(), format!("{url}/embed-example.html")] {
        let (said, well) = examine(&address);
        assert!(well && said.contains(", 0 missing"), "{said}");
        assert!(
            said.contains("The API answers.") && said.contains("dung-hen_bg.wasm"),
            "{said}"
        );
    }
    let host = Host::start();
    let embed = format!("<script type=module src=\"{url}/embed/v1/embed.js\"></script>");
    let policy = format!(
        "default-src 'none'; script-src {url} 'wasm-unsafe-eval'; style-src {url}; connect-src {url}; form-action {url}"
    );
    host.page_under("/", &policy, &page(&embed, &url));
    let (said, well) = examine(&host.url());
    assert!(well, "{said}");
}

/// A portal that names its scripts by nonces, and lets no script write markup but by policies that it names.
#[test]
fn nonces_and_trusted_types_are_read() {
    let server = Server::start();
    let url = server.url();
    let host = Host::start();
    let embed = |nonce: &str| {
        format!("<script {nonce} type=module src=\"{url}/embed/v1/embed.js\"></script>")
    };
    let rest = format!("style-src {url}; connect-src {url}; form-action {url}");
    let strict = format!("script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; {rest}");
    for (nonce, policy, missing) in [
        ("nonce=abc", strict.clone(), None),
        (
            "",
            format!("script-src {url} 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; {rest}"),
            Some("give the <script> tag the nonce"),
        ),
        (
            "nonce=abc",
            format!("{strict}; require-trusted-types-for 'script'; trusted-types dung-hen portal"),
            None,
        ),
        (
            "nonce=abc",
            format!("{strict}; require-trusted-types-for 'script'"),
            None,
        ),
        (
            "nonce=abc",
            format!("{strict}; require-trusted-types-for 'script'; trusted-types portal"),
            Some("add dung-hen to trusted-types"),
        ),
    ] {
        host.page_under("/", &policy, &page(&embed(nonce), &url));
        let (said, well) = examine(&host.url());
        assert_eq!(well, missing.is_none(), "{policy}: {said}");
        assert!(
            missing.is_none_or(|missing| said.contains(missing)),
            "{said}"
        );
    }
}

/// The camera is the portal's to allow, in a header of its own.
#[test]
fn a_policy_of_permissions_is_read() {
    let script = "import { noCamera } from './public/doctor.js'
        console.log(JSON.stringify(['', 'camera=(self)', 'geolocation=(), camera=*', 'camera=(self \"https://a.example.vn\")', 'camera=()', 'geolocation=(),camera=(\"https://a.example.vn\")'].map(noCamera)))";
    let out = Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("node runs");
    assert_eq!(
        String::from_utf8_lossy(&out.stdout).trim(),
        "[false,false,false,false,true,true]",
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
}

#[test]
fn what_a_page_lacks_is_named() {
    let server = Server::start();
    let url = server.url();
    let host = Host::start();
    let embed = format!("<script src=\"{url}/embed/v1/embed.js\"></script>");
    host.page_under(
        "/",
        "default-src 'self'; form-action 'self'",
        &page(&embed, &url),
    );
    let (said, well) = examine(&host.url());
    assert!(!well);
    for missing in [
        "The <script> tag lacks type=\"module\".",
        &format!("add {url} to script-src"),
        "add 'wasm-unsafe-eval' to script-src",
        &format!("add {url} to style-src"),
        &format!("add {url} to connect-src"),
        &format!("add {url} to form-action"),
        "thêm 'wasm-unsafe-eval' vào script-src",
    ] {
        assert!(said.contains(missing), "{missing} is not in\n{said}");
    }
    host.page_under("/nothing", POLICY, "<!doctype html><p>Cổng");
    let (said, well) = examine(&format!("{}/nothing", host.url()));
    assert!(
        !well && said.contains("no <script> tag that loads embed.js"),
        "{said}"
    );
}

/// A proxy in between: wrong type, changed file, no permission for other origins, API that answers with a page.
#[test]
fn what_a_proxy_spoils_is_named() {
    let text = std::fs::read_to_string(dist().join("embed/v1/manifest.json")).expect("manifest");
    let version = text.split('"').nth(3).expect("a version").to_owned();
    let host = Host::start();
    let portal = Host::start();
    let url = host.url();
    let wasm =
        std::fs::read(dist().join(format!("embed/{version}/dung-hen_bg.wasm"))).expect("module");
    host.show(
        &format!("/embed/{version}/dung-hen_bg.wasm"),
        "",
        "application/octet-stream",
        &wasm,
    );
    host.show(
        &format!("/embed/{version}/dung-hen.js"),
        "",
        "text/javascript",
        b"/* blocked */",
    );
    for path in ["/api/v1/province", "/api/v1/lookup"] {
        host.reply(
            path,
            Reply::With(403, "text/html", "<h1>Tường lửa</h1>".to_owned()),
        );
    }
    let embed = format!("<script type=module src=\"{url}/embed/v1/embed.js\"></script>");
    portal.page_under("/", "", &page(&embed, &url));
    let (said, well) = examine(&portal.url());
    assert!(!well);
    for missing in [
        "Content-Type is \"application/octet-stream\", application/wasm is needed",
        "its content was changed on the way",
        "embed.js: Access-Control-Allow-Origin: * is missing",
        "API: 403, type \"text/html\"",
        "Look-ups are stopped on the way: 403",
    ] {
        assert!(said.contains(missing), "{missing} is not in\n{said}");
    }
}
