//! The surface: what is described exists, what exists is described, headers are set, logs are silent.

use serde_json::Value;

use crate::support::Server;

#[test]
fn the_description_and_the_router_agree() {
    let server = Server::with("");
    let document = server.get("/api/v1/openapi.json").body;
    assert_eq!(document["openapi"], "3.1.0");
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let answer = match method.as_str() {
                "get" => server.get(path),
                _ => server.post(path, &Value::Null),
            };
            let code = answer.code();
            assert!(
                !matches!(code, "not_found" | "method_not_allowed"),
                "{method} {path}: {code}"
            );
            let described = methods[method]["responses"].get(answer.status.to_string());
            assert!(
                described.is_some(),
                "{method} {path} answered {}, which is not described",
                answer.status
            );
        }
    }
    // The other way round: each route of the source is described.
    for line in include_str!("../../src/routes/mod.rs")
        .lines()
        .map(str::trim)
    {
        let Some(rest) = line.strip_prefix(".route(\"") else {
            continue;
        };
        let path = rest.split('"').next().unwrap();
        let api = format!("/api/v1{path}");
        let page = [
            "/tra-cuu",
            "/danh-gia",
            "/phan-anh",
            "/dinh-nghia",
            "/page.css",
            "/demo/samples.json",
        ]
        .contains(&path);
        let known =
            document["paths"].get(&api).is_some() || document["paths"].get(path).is_some() || page;
        assert!(known, "{path} is not described");
    }
}

#[test]
fn every_answer_carries_the_security_headers() {
    let server = Server::with("");
    for path in ["/health", "/tra-cuu", "/api/v1/nothing"] {
        let answer = server.get(path);
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"
        ));
    }
}

#[test]
fn another_origin_may_ask_but_gets_no_cookies() {
    let server = Server::with("");
    let answer = server.get("/api/v1/province");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("set-cookie"), None);
}

#[test]
fn samples_are_for_the_demonstration_alone() {
    assert_eq!(Server::with("").get("/demo/samples.json").status, 404);
}
