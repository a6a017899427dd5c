//! Sockets that are slow, talk too much, or never end: each is ended by the server, and the rest goes on undisturbed.
//! No test sleeps: a client waits for the server by reading.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use dung_hen_server::http::limits::Limits;
use serde_json::json;

use crate::support::{PATIENCE, Server, until};

/// What a test waits for the server to give up; what it does not wait for keeps its time, so that a client which the
/// machine holds up is not taken for one that dawdles.
const SOON: Duration = Duration::from_millis(200);

fn hasty_head() -> Limits {
    Limits {
        head: SOON,
        ..Limits::default()
    }
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything until the server ends the connection.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the server did not end the connection: {error}"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_head_that_never_ends_is_cut_off() {
    let server = Server::limited(hasty_head(), None);
    let mut stream = connect(&server);
    stream
        .write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n")
        .unwrap();
    rest(&mut stream);
}

/// One byte at a time, each soon enough for itself: the head as a whole has a time.
#[test]
fn a_head_that_trickles_is_cut_off() {
    let server = Server::limited(hasty_head(), None);
    let mut stream = connect(&server);
    stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let head = format!("GET /health HTTP/1.1\r\nx-long: {}", "a".repeat(3000));
    for byte in head.as_bytes() {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        // Waiting for an answer is what paces this client.
        match stream.read(&mut [0; 512]) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            _ => return,
        }
    }
    panic!("a minute of trickling was let through");
}

#[test]
fn a_body_that_stops_is_answered_and_cut_off() {
    let limits = Limits {
        body: SOON,
        ..Limits::default()
    };
    let server = Server::limited(limits, None);
    let mut stream = connect(&server);
    let head = "POST /api/v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"case";
    stream.write_all(head.as_bytes()).unwrap();
    let answer = rest(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"code\":\"request_too_slow\""), "{answer}");
}

/// A client that asks for more than fits into the sockets and then reads nothing.
#[test]
fn a_client_that_does_not_read_is_cut_off() {
    let dist = tempfile::tempdir().unwrap();
    let large = vec![b'x'; 64 * 1024 * 1024];
    std::fs::write(dist.path().join("large.bin"), &large).unwrap();
    let limits = Limits {
        write: SOON,
        ..Limits::default()
    };
    let server = Server::limited(limits, Some(dist.path()));
    let mut stream = connect(&server);
    stream
        .write_all(b"GET /large.bin HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    // Nothing is read until the server has begun to answer, and has given the connection up.
    let told = |what: &str| server.state.http.telemetry.text().contains(what);
    until("it begins to answer", || {
        told("dung_hen_http_requests_total{")
    });
    until("the connection is given up", || {
        told("dung_hen_connections 0\n")
    });
    let got = rest(&mut stream).len();
    assert!(got < large.len(), "all {got} bytes came through");
}

#[test]
fn slow_clients_do_not_keep_others_waiting() {
    let server = Server::limited(
        Limits {
            connections: 64,
            ..Limits::default()
        },
        None,
    );
    let slow: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = connect(&server);
            stream.write_all(b"GET /health HTTP/1.1\r\n").unwrap();
            stream
        })
        .collect();
    assert_eq!(server.get("/health").status, 200);
    drop(slow);
}

#[test]
fn heads_and_bodies_have_a_size() {
    let server = Server::with("");
    let mut stream = connect(&server);
    let head = format!(
        "GET /health HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "a".repeat(17 * 1024)
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 431 "));

    let mut stream = connect(&server);
    let many: String = (0..65).map(|index| format!("x-{index}: a\r\n")).collect();
    stream
        .write_all(format!("GET /health HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes())
        .unwrap();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 431 "));

    let answer = server.post(
        "/api/v1/lookup",
        &json!({ "case_code": "H98.1", "proof": "1".repeat(40_000) }),
    );
    assert_eq!((answer.status, answer.code()), (413, "body_too_large"));
}

/// A client that sends all of a body before it reads, as browsers do: more than fits into the sockets, so that a server
/// that closed early would break the connection.
#[test]
fn a_body_that_is_too_large_is_taken_before_it_is_refused() {
    let server = Server::with("");
    let length = 14 * 1024 * 1024;
    let send = |path: &str, kind: &str| {
        let mut stream = connect(&server);
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&vec![b'x'; length]).unwrap();
        rest(&mut stream)
    };
    // Refused by its length, without a look at the body, and by an address that there is not.
    for (path, kind, status, code) in [
        ("/api/v1/ratings", "application/json", 413, "body_too_large"),
        (
            "/api/v1/ratings",
            "text/plain",
            415,
            "unsupported_media_type",
        ),
        ("/api/v1/nothing", "application/json", 404, "not_found"),
    ] {
        let answer = send(path, kind);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{answer}");
    }
}

/// So much and no more.
#[test]
fn a_body_that_never_ends_is_cut_off() {
    let server = Server::with("");
    let mut stream = connect(&server);
    stream
        .write_all(
            b"POST /api/v1/ratings HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        )
        .unwrap();
    let mut chunk = b"100000\r\n".to_vec();
    chunk.extend(vec![b'x'; 1 << 20]);
    chunk.extend(b"\r\n");
    let sent = (0..1024)
        .take_while(|_| stream.write_all(&chunk).is_ok())
        .count();
    assert!(sent < 1024, "a gigabyte was taken");
}

/// Whoever asks before sending is answered at once.
#[test]
fn a_body_that_waits_to_be_asked_for_is_refused_unsent() {
    let server = Server::with("");
    let mut stream = connect(&server);
    stream
        .write_all(
            b"POST /api/v1/ratings HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: text/plain\r\ncontent-length: 1000000\r\n\r\n",
        )
        .unwrap();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 415 "));
}

/// What was begun is finished; what comes later finds nobody.
#[test]
fn a_server_that_stops_finishes_what_it_has_begun() {
    let mut server = Server::limited(Limits::default(), None);
    let body = json!({ "case_code": "H98.1-261005-0001" }).to_string();
    let mut stream = connect(&server);
    let head = format!(
        "POST /api/v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The request is under way once the server has counted it.
    until("the request is under way", || {
        server.state.http.telemetry.text().contains("under_way 1")
    });
    server.ask_to_stop();
    until("it stops", || server.state.http.is_draining());
    stream.write_all(body.as_bytes()).unwrap();
    assert!(rest(&mut stream).contains("\"code\":\"case_not_found\""));
    server.stopped();
    assert!(TcpStream::connect(server.address()).is_err());
}

#[test]
fn a_server_that_is_about_to_stop_is_not_ready() {
    let drain = Duration::from_secs(3600);
    let mut server = Server::limited(
        Limits {
            drain,
            ..Limits::default()
        },
        None,
    );
    assert_eq!(server.get("/health").status, 200);
    server.ask_to_stop();
    until("it stops", || server.state.http.is_draining());
    let answer = server.get("/health");
    assert_eq!((answer.status, answer.code()), (503, "not_ready"));
    assert_eq!(answer.header("retry-after"), Some("30"));
    // It still answers those who come, and says that it lives.
    assert_eq!(server.get("/health/live").status, 200);
    assert_eq!(server.get("/api/v1/province").status, 200);
}

/// What is large travels compressed; the progress of a stream does not wait for a block to be full.
#[test]
fn answers_are_compressed_and_progress_is_not() {
    let server = Server::with("");
    let head = |method: &str, path: &str, more: &str| {
        let mut stream = connect(&server);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\naccept-encoding: gzip\r\n{more}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let text = rest(&mut stream);
        text.split_once("\r\n\r\n").unwrap().0.to_lowercase()
    };
    let rules = head("GET", "/api/v1/rules", "");
    assert!(rules.contains("content-encoding: gzip"), "{rules}");
    let key = "authorization: Bearer secret-of-the-connector\r\ncontent-length: 0\r\n";
    let progress = head("POST", "/api/v1/connector/stream", key);
    assert!(
        progress.starts_with("http/1.1 200") && progress.contains("x-ndjson"),
        "{progress}"
    );
    assert!(!progress.contains("content-encoding"), "{progress}");
}
