//! One-stop systems that are asked: where a pull goes on, when it waits, and what an operator hears of senders.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use dung_hen_server::config::PullSettings;
use dung_hen_server::connector::pull::{Pull, Pulled, once};
use dung_hen_server::service::senders;
use serde_json::{Value, json};

use super::{CODE, KEY, OTHER, send, step};
use crate::support::{Server, case};

/// A one-stop system that is asked: answers one after the other, and what it was asked for.
#[derive(Clone)]
struct OneStop {
    url: String,
    answers: Arc<Mutex<Vec<(u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl OneStop {
    fn start(answers: &[(u16, String)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut answers = answers.to_vec();
        answers.reverse();
        let system = Self {
            url: format!(
                "http://{}/new?after={{cursor}}",
                listener.local_addr().unwrap()
            ),
            answers: Arc::new(Mutex::new(answers)),
            asked: Arc::default(),
        };
        let own = system.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let first = lines.next().unwrap().unwrap();
                let mut authorized = false;
                for line in lines.by_ref().map_while(Result::ok) {
                    authorized |=
                        line.eq_ignore_ascii_case("authorization: Bearer key-of-the-pull");
                    if line.is_empty() {
                        break;
                    }
                }
                own.asked
                    .lock()
                    .unwrap()
                    .push(first.split(' ').nth(1).unwrap().to_owned());
                let answer = own.answers.lock().unwrap().pop();
                let (status, body) = match answer {
                    _ if !authorized => (401, String::new()),
                    Some(answer) => answer,
                    None => (200, json!({ "next": "end", "envelopes": [] }).to_string()),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        system
    }

    fn pull(&self) -> Pull {
        let text = format!(
            "name = \"one-stop\"\nurl = \"{}\"\nprivate_network = true\nevery_seconds = 60",
            self.url
        );
        let settings: PullSettings = toml::from_str(&text).unwrap();
        assert_eq!(settings.fault(), None);
        Pull::open(&settings, Path::new("."), |name| {
            assert_eq!(name, "DUNG_HEN_PULL_ONE_STOP");
            Some("key-of-the-pull".to_owned())
        })
        .unwrap()
    }
}

fn page(next: &str, envelopes: &[String]) -> (u16, String) {
    let envelopes: Vec<Value> = envelopes
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    (
        200,
        json!({ "next": next, "envelopes": envelopes }).to_string(),
    )
}

#[test]
fn a_pull_goes_on_where_it_was_and_waits_longer_after_each_failure() {
    let server = Server::with("");
    let system = OneStop::start(&[
        page("a/1", &[case(CODE, "4", json!({}))]),
        (503, String::new()),
        (200, "<html>".to_owned()),
        page("b", &[step(CODE), case(OTHER, "4", json!({}))]),
    ]);
    let pull = system.pull();
    let store = server.state.store.clone();
    let pull_at = |seconds: i64| {
        let now = server.state.now() + chrono::Duration::seconds(seconds);
        server
            .block_on(once(
                &pull,
                &store,
                &server.state.keys,
                &server.state.reference,
                now,
            ))
            .unwrap()
    };
    let sender = || store.read_now(|reader| reader.senders()).unwrap().remove(0);
    assert!(matches!(pull_at(0), Some(Pulled::Some(outcome)) if outcome.cases == 1));
    assert_eq!(sender().cursor.as_deref(), Some("a/1"));
    assert_eq!(pull_at(0), Some(Pulled::Failed(60)));
    assert_eq!(pull_at(59), None, "not before its time");
    assert_eq!(pull_at(60), Some(Pulled::Failed(120)));
    let failing = sender();
    assert_eq!(
        failing.failed_at,
        Some(server.state.now()),
        "since the first failure"
    );
    assert_eq!(failing.failure.as_deref(), Some("the answer is not a page"));
    assert_eq!(pull_at(179), None);
    assert!(
        matches!(pull_at(180), Some(Pulled::Some(outcome)) if (outcome.cases, outcome.steps) == (1, 1))
    );
    assert_eq!(sender().failed_at, None);
    assert_eq!(pull_at(180), Some(Pulled::Nothing));
    assert_eq!(pull_at(239), None, "a minute until it is asked again");
    let asked = system.asked.lock().unwrap().clone();
    assert_eq!(
        asked,
        [
            "/new?after=",
            "/new?after=a%2F1",
            "/new?after=a%2F1",
            "/new?after=a%2F1",
            "/new?after=b"
        ]
    );
    assert_eq!(server.lookup(OTHER, Some("1234")).status, 200);
}

#[test]
fn of_two_servers_one_pulls() {
    let server = Server::with("");
    let system = OneStop::start(&[page("a", &[case(CODE, "4", json!({}))])]);
    let pull = system.pull();
    let (state, now) = (&server.state, server.state.now());
    server.block_on(async {
        let one = once(&pull, &state.store, &state.keys, &state.reference, now);
        let two = once(&pull, &state.store, &state.keys, &state.reference, now);
        let (one, two) = tokio::join!(one, two);
        let pages = [one.unwrap(), two.unwrap()]
            .into_iter()
            .filter(|done| matches!(done, Some(Pulled::Some(_))))
            .count();
        assert_eq!(pages, 1);
    });
    let first = system
        .asked
        .lock()
        .unwrap()
        .iter()
        .filter(|asked| asked.ends_with("after="))
        .count();
    assert_eq!(first, 1);
}

/// What an operator's alarm looks at: who sends nothing any more, whose pull fails, what could not be stored.
#[test]
fn the_lag_of_each_sender_is_measured() {
    let mut server = Server::with_connector_key(KEY);
    assert_eq!(send(&server, &case(CODE, "4", json!({}))).status, 200);
    assert_eq!(send(&server, &step(OTHER)).status, 200);
    let system = OneStop::start(&[(503, String::new())]);
    let (state, now) = (&server.state, server.state.now());
    let pulled = server
        .block_on(once(
            &system.pull(),
            &state.store,
            &state.keys,
            &state.reference,
            now,
        ))
        .unwrap();
    assert_eq!(pulled, Some(Pulled::Failed(60)));
    let told = |server: &Server| {
        server.block_on(senders::measure(&server.state)).unwrap();
        server.state.http.telemetry.text()
    };
    let has = |text: &str, lines: &[&str]| {
        for line in lines {
            assert!(text.lines().any(|one| one == *line), "{line}\n{text}");
        }
    };
    let text = told(&server);
    has(
        &text,
        &[
            r#"dung_hen_sender_lag_seconds{sender="environment"} 0"#,
            r#"dung_hen_sender_failing_seconds{sender="environment"} 0"#,
            r#"dung_hen_sender_failing_seconds{sender="pull/one-stop"} 0"#,
            "dung_hen_dead_letters 1",
        ],
    );
    // Nothing ever came from there, so there is no lag to tell.
    assert!(!text.contains(r#"lag_seconds{sender="pull"#), "{text}");

    let later = now + chrono::Duration::seconds(90);
    server.at(&dung_hen_domain::civil::rfc3339(later));
    has(
        &told(&server),
        &[
            r#"dung_hen_sender_lag_seconds{sender="environment"} 90"#,
            r#"dung_hen_sender_failing_seconds{sender="environment"} 0"#,
            r#"dung_hen_sender_failing_seconds{sender="pull/one-stop"} 90"#,
        ],
    );
    assert_eq!(send(&server, &step(CODE)).status, 200);
    let text = told(&server);
    has(
        &text,
        &[r#"dung_hen_sender_lag_seconds{sender="environment"} 0"#],
    );
    assert!(!text.contains("H98"), "{text}");
}
