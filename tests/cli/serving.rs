//! `serve` and `demo` as a process: its address, its end, and what others do beside it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use dung_hen_tests::province::{Province, ask, code};
use dung_hen_tests::{listening, program};

use crate::{run, text};

/// A demonstration, killed with the value.
struct Demo {
    child: Child,
    address: String,
}

impl Demo {
    /// Starts on a free port; its standard output is closed after the first line, as `| head -1` does.
    fn start() -> Self {
        let mut child = Command::new(program())
            .args(["demo", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server: build it first");
        let address = listening(&mut child);
        Self { child, address }
    }

    fn health(&self) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream
            .write_all(b"GET /health HTTP/1.0\r\n\r\n")
            .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_reader_that_goes_away_does_not_stop_the_server() {
    let demo = Demo::start();
    for _ in 0..3 {
        assert!(demo.health().starts_with("HTTP/1.0 200"));
    }
}

/// Whoever reads the log may end (`serve 2>&1 | logger`): the service goes on.
#[test]
fn a_reader_of_the_log_that_goes_away_does_not_stop_the_server() {
    let mut child = Command::new(program())
        .args(["demo", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server: build it first");
    drop(child.stderr.take());
    let address = listening(&mut child);
    let demo = Demo { child, address };
    for _ in 0..3 {
        assert!(demo.health().starts_with("HTTP/1.0 200"));
    }
}

#[test]
fn a_port_in_use_is_a_clear_message() {
    let demo = Demo::start();
    let output = run(&["demo", "--listen", &demo.address], "");
    assert!(!output.status.success());
    let said = text(&output.stderr);
    assert!(
        said.contains("in use") && said.contains("--listen"),
        "{said}"
    );
}

#[test]
fn ctrl_c_stops_it_cleanly() {
    let mut demo = Demo::start();
    assert!(demo.health().contains("\"ok\""));
    let pid = demo.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .expect("kill")
            .success()
    );
    assert_eq!(demo.child.wait().expect("an end").code(), Some(0));
}

/// The server keeps the pages of its look-ups in memory: not longer than they are true.
#[test]
fn what_another_process_imports_is_in_the_next_look_up() {
    let province = Province::new(None);
    province.import_overdue(3);
    let server = province.serve();
    let step = |index: usize| {
        let asked = serde_json::json!({ "case_code": code(index) });
        let (status, answer) =
            ask(&server.address, "POST", "/api/v1/lookup", &asked).expect("an answer");
        (status, answer["status"].clone())
    };
    let under_way = (200, serde_json::json!("processing"));
    for _ in 0..20 {
        assert_eq!(step(2), under_way);
        assert_eq!(step(3).0, 404);
    }
    province.import(4);
    assert_eq!(step(2), (200, serde_json::json!("returned")), "changed");
    assert_eq!(step(3), (200, serde_json::json!("returned")), "new");
}
