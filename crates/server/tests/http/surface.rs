//! The surface: what is described exists, what exists is described, headers are set, logs are silent.

use serde_json::{Value, json};

use crate::support::{NOW, Server, agent, case, finished, rating};

#[test]
fn the_description_and_the_router_agree() {
    let server = Server::with("");
    let document = server.get("/api/v1/openapi.json").body;
    assert_eq!(document["openapi"], "3.1.0");
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            // An address with a name in it is tried with the first name it may have.
            let name = &methods[method]["parameters"][0]["schema"]["enum"][0];
            let path = &path.replace("{id}", name.as_str().unwrap_or("{id}"));
            let answer = match method.as_str() {
                "get" => server.get(path),
                _ => server.post(path, &Value::Null),
            };
            let code = answer.code();
            assert!(
                !matches!(code, "not_found" | "method_not_allowed"),
                "{method} {path}: {code}"
            );
            // What is asked for is a notice, not a case.
            let no_notice = code == "notice_not_found";
            assert_eq!(path.contains("/notices/"), no_notice, "{path}: {code}");
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
            "/danh-gia/them",
            "/phan-anh",
            "/officer",
            "/sua-danh-gia",
            "/dinh-nghia",
            "/thong-bao/{number}",
            "/board",
            "/board/xin-loi",
            "/board/tai-ve/{file}",
            "/board/lich-su",
            "/board.css",
            "/page.css",
            "/brief.css",
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
        for name in [
            "permissions-policy",
            "x-frame-options",
            "strict-transport-security",
        ] {
            assert!(answer.header(name).is_some(), "{path}: {name}");
        }
        // Only the pages to try the element on may be framed, and by this server alone (tests/journeys/hosts.rs).
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert!(policy.ends_with("; frame-ancestors 'none'"), "{path}");
        // The camera is for our own pages, where it reads a receipt; never for a frame of somebody else.
        assert!(
            answer
                .header("permissions-policy")
                .is_some_and(|given| given.starts_with("camera=(self), geolocation=()"))
        );
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
    // Its script may read how long to wait, and the number to name when it asks for help.
    let read = answer.header("access-control-expose-headers").unwrap();
    assert!(
        read.contains("retry-after") && read.contains("x-request-id"),
        "{read}"
    );
    assert_eq!(answer.header("set-cookie"), None);
}

/// A connector is a server: no page of any origin may send as one.
#[test]
fn no_page_may_send_as_a_connector() {
    let server = Server::with("");
    let answer = server.post("/api/v1/connector", &Value::Null);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn a_province_may_name_the_portals() {
    let server = Server::configured("", r#"origins = ["https://dichvucong.example.vn"]"#);
    for (origin, allowed) in [
        ("https://dichvucong.example.vn", true),
        ("https://example.org", false),
    ] {
        let answer = server.get_with("/api/v1/province", "origin", origin);
        let expected = allowed.then_some(origin);
        assert_eq!(
            answer.header("access-control-allow-origin"),
            expected,
            "{origin}"
        );
    }
}

#[test]
fn who_has_a_public_resource_is_not_sent_it_again() {
    let server = Server::with("");
    for path in [
        "/api/v1/province",
        "/api/v1/openapi.json",
        "/api/v1/metrics/timeliness?period=2026-10",
    ] {
        let first = server.get(path);
        let tag = first.header("etag").unwrap();
        let again = server.get_with(path, "if-none-match", tag);
        assert_eq!(
            (again.status, again.body),
            (304, Value::String(String::new())),
            "{path}"
        );
        // RFC 9110, 13.1.2: one of several, strong or weak; or whatever there is.
        let strong = tag.trim_start_matches("W/");
        for named in [&format!("\"other\", {tag}"), strong, "*"] {
            let again = server.get_with(path, "if-none-match", named);
            assert_eq!(again.status, 304, "{path}: {named}");
        }
        assert_eq!(
            server.get_with(path, "if-none-match", "\"other\"").status,
            200,
            "{path}"
        );
    }
}

/// Who asks for the head alone is told what a whole answer would say (RFC 9110, 9.3.2).
#[test]
fn the_head_of_a_public_resource_is_that_of_the_whole() {
    let server = Server::with("");
    for path in [
        "/api/v1/province",
        "/api/v1/ballots/keys",
        "/api/v1/metrics/timeliness?period=2026-10",
    ] {
        let (whole, head) = (server.get(path), server.head(path, None));
        assert_eq!(
            (head.status, &head.body),
            (200, &Value::String(String::new())),
            "{path}"
        );
        for name in ["etag", "content-type", "cache-control", "vary"] {
            assert_eq!(head.header(name), whole.header(name), "{path}: {name}");
        }
        let tag = whole.header("etag").unwrap();
        let again = server.head(path, Some(tag));
        assert_eq!((again.status, again.header("etag")), (304, Some(tag)));
        assert_eq!(server.head(path, Some("\"other\"")).status, 200, "{path}");
    }
    // What was not found has no tag by which it could be taken for unchanged.
    let missing = "/api/v1/metrics/timeliness?period=2026-13";
    for answer in [server.get(missing), server.head(missing, Some("*"))] {
        assert_eq!((answer.status, answer.header("etag")), (422, None));
    }
}

/// An address that is there says by which methods (RFC 9110, 15.5.6).
#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let server = Server::with("");
    for (path, allowed) in [
        ("/api/v1/lookup", "POST"),
        ("/api/v1/ratings", "POST"),
        ("/api/v1/connector", "POST"),
        ("/danh-gia", "POST"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
    }
    for path in ["/api/v1/province", "/board", "/health"] {
        let answer = server.post(path, &Value::Null);
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header("allow"), Some("GET,HEAD"), "{path}");
    }
}

/// The lines that pin a version are copied as they are shown: they name the server that shows them.
#[test]
fn the_lines_to_copy_name_this_server() {
    let dist = tempfile::tempdir().unwrap();
    let embed = dist.path().join("embed/0.1.0-1");
    std::fs::create_dir_all(&embed).unwrap();
    std::fs::write(embed.join("embed.js"), "1").unwrap();
    let lines = "<script src=\"https://dunghen.example.vn/embed/0.1.0-1/embed.js\"></script>";
    std::fs::write(embed.join("snippet.html"), lines).unwrap();
    // The compressed form of what was built: it names another.
    std::fs::write(embed.join("snippet.html.br"), "?").unwrap();
    let path = "/embed/0.1.0-1/snippet.html";
    let own = "public_address = \"https://tra-cuu.tinh.gov.vn\"";
    for (configured, forwarded) in [("", "http"), ("", "https"), (own, "http")] {
        let server = Server::serving(configured, dist.path());
        let host = server.url.strip_prefix("http://").unwrap();
        let address = match configured {
            "" => format!("{forwarded}://{host}"),
            _ => "https://tra-cuu.tinh.gov.vn".to_owned(),
        };
        let asked = agent()
            .get(format!("{}{path}", server.url))
            .header("x-forwarded-proto", forwarded)
            .header("accept-encoding", "br, gzip");
        let mut answer = asked.call().unwrap();
        assert_eq!(
            answer.body_mut().read_to_string().unwrap(),
            lines.replace("https://dunghen.example.vn", &address)
        );
        // Shown as text, not tried out; and not for ever: the address can change.
        let header = |name: &str| answer.headers()[name].to_str().unwrap();
        assert_eq!(header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(header("cache-control"), "no-store");
        // Whoever asks how long they are is told so of these lines, and not of the file.
        let asked = agent()
            .head(format!("{}{path}", server.url))
            .header("x-forwarded-proto", forwarded)
            .header("accept-encoding", "br, gzip");
        let head = asked.call().unwrap();
        for name in ["content-type", "cache-control", "content-length"] {
            let of = |one: &ureq::http::Response<ureq::Body>| one.headers().get(name).cloned();
            assert!(of(&head).is_some(), "{name}");
            assert_eq!(of(&head), of(&answer), "{name}");
        }
        // What else is there stays as it was built.
        let script = server.get_page("/embed/0.1.0-1/embed.js");
        assert_eq!(script, (200, "1".to_owned()));
        assert_eq!(server.get("/embed/0.1.0-2/snippet.html").status, 404);
    }
}

#[test]
fn every_request_has_a_number_of_its_own() {
    let server = Server::with("");
    let number = |answer: crate::support::Answer| answer.header("x-request-id").unwrap().to_owned();
    let (one, other) = (number(server.get("/health")), number(server.get("/health")));
    assert_eq!(one.len(), 24);
    assert_ne!(one, other);
    // A number that a client brings along is not taken over: it could be anything.
    let brought = server.get_with("/health", "x-request-id", "H98.1-261005-0001");
    assert!(!number(brought).contains("H98"));
}

#[test]
fn telemetry_counts_by_route_and_code_and_knows_no_one() {
    let server = Server::with("");
    server.lookup("H98.1-261005-0001", Some("K7QF2MWX"));
    server.get("/health?case=H98.1-261005-0001");
    server.get("/no/such/H98.1-261005-0001");
    let text = server.state.http.telemetry.text();
    for line in [
        r#"dung_hen_http_requests_total{method="POST",route="/api/v1/lookup",status="404"} 1"#,
        r#"dung_hen_refusals_total{code="no_match"} 1"#,
        r#"dung_hen_http_request_duration_seconds_count{route="/health"} 1"#,
        "dung_hen_http_requests_under_way 0",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    for private in ["H98", "K7QF"] {
        assert!(!text.contains(private), "{text}");
    }
    // It is not among the public addresses.
    assert_eq!(server.get("/metrics").status, 404);
}

/// What a browser asks before it sends JSON or a token from a page of another origin.
#[test]
fn another_origin_is_told_that_it_may_ask() {
    let server = Server::with("");
    for path in ["lookup", "ballots", "ratings", "objections"] {
        let answer = server.preflight(&format!("/api/v1/{path}"), "authorization,content-type");
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let headers = answer.header("access-control-allow-headers").unwrap();
        assert!(headers.contains("authorization") && headers.contains("content-type"));
        assert!(headers.contains("x-puzzle"), "{headers}");
        let methods = answer.header("access-control-allow-methods").unwrap();
        assert_eq!(methods, "GET,POST", "{path}");
        // It asks once an hour, and not before each look-up: that is a way there and back over a slow network.
        assert_eq!(answer.header("access-control-max-age"), Some("3600"));
    }
    let answer = server.preflight("/api/v1/connector", "authorization,content-type");
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn samples_are_for_the_demonstration_alone() {
    assert_eq!(Server::with("").get("/demo/samples.json").status, 404);
}

/// Look-ups and ratings do not go through the router: what surrounds every other handler surrounds them all the same.
fn beside_as_through(server: &mut Server, path: &str, bodies: &[Value]) {
    let beside = server.url.clone();
    server.restart_at(NOW);
    let through = server.url.clone();
    for body in bodies {
        let mut ask = |url: &String| {
            server.url.clone_from(url);
            let origin = [("origin", "https://portal.example.vn")];
            let mut answer = server.post_with(path, body, &origin);
            answer
                .headers
                .retain(|(name, _)| name != "x-request-id" && name != "date");
            answer.headers.sort();
            answer
        };
        let (one, other) = (ask(&beside), ask(&through));
        assert_eq!(one, other, "{body}");
        assert!(one.header("access-control-allow-origin").is_some());
    }
}

#[test]
fn a_look_up_beside_the_router_is_answered_as_one_through_it() {
    let code = "H98.1-261005-0001";
    let mut server = Server::with(&case(code, "4", json!({})));
    let bodies = [
        json!({ "case_code": code }),
        json!({ "case_code": code, "proof": "1234" }),
        json!({ "case_code": "H98.1-261005-9999" }),
        json!({ "case_code": code, "proof": "9999" }),
        json!({ "case_code": 1 }),
        json!({ "case_code": code, "proof": "9".repeat(200_000) }),
        json!([code]),
    ];
    beside_as_through(&mut server, "/api/v1/lookup", &bodies);
}

#[test]
fn a_rating_beside_the_router_is_answered_as_one_through_it() {
    let code = "H98.1-261005-0001";
    let mut server = Server::with(&finished(code));
    let ballot = server.ballot(code, 1);
    let kept = rating(&ballot, 5);
    assert_eq!(server.post("/api/v1/ratings", &kept).status, 201);
    let with = |name: &str, value: Value| {
        let mut body = kept.clone();
        body[name] = value;
        body
    };
    let bodies = [
        kept.clone(),
        rating(&ballot, 1),
        with("overall", json!("5")),
        with("overall", json!(9)),
        with("ballot", json!({})),
        with("comment", json!("9".repeat(200_000))),
        json!([code]),
    ];
    beside_as_through(&mut server, "/api/v1/ratings", &bodies);
}
