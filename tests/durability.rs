//! A rating that was acknowledged survives `kill -9`, and none is ever counted twice.
//!
//! Ten rounds with the other tests; `DUNG_HEN_ROUNDS=100` for the long form.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use dung_hen_tests::{listening, program};
use serde_json::{Value, json};

/// Cases rated in each round; the server is killed in the middle of them.
const PER_ROUND: usize = 24;
const CLIENTS: usize = 4;

fn code(index: usize) -> String {
    format!("H98.101-261005-{index:05}")
}

/// The number that asks for the ballot of this case: 32 bytes, base64url.
fn number(index: usize) -> String {
    format!("{index:0>42}A")
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let province = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample/province.toml");
        let mut child = Command::new(program())
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--clock",
                "2026-10-15T09:00:00+07:00",
            ])
            .arg("--data")
            .arg(data)
            .arg("--province")
            .arg(province)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server: build it first");
        let address = listening(&mut child);
        Self { child, address }
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    fn kill(&mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("an end");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and body; `None` where the server died on the way.
fn ask(address: &str, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let head = format!(
        "{method} {path} HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

/// Asks for the ballot and sends the rating; the status of the rating, if it was acknowledged.
fn rate(address: &str, index: usize) -> Option<u16> {
    let request =
        json!({ "case_code": code(index), "proof": "1234", "ballot_request": number(index) });
    let (status, ballot) = ask(address, "POST", "/api/v1/ballots", &request)?;
    assert_eq!(status, 200, "ballot of case {index}: {ballot}");
    let rating = json!({ "ballot": ballot, "instrument": "five-factors-1", "language": "vi",
        "overall": 1 + index % 5, "factors": [] });
    let (status, answer) = ask(address, "POST", "/api/v1/ratings", &rating)?;
    assert!(
        status == 200 || status == 201,
        "rating of case {index}: {answer}"
    );
    Some(status)
}

#[test]
fn what_was_acknowledged_survives_kill_nine_and_counts_once() {
    let rounds: usize = std::env::var("DUNG_HEN_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(10);
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    let cases: Vec<Value> = (0..rounds * PER_ROUND)
        .map(|index| {
            json!({ "MaHoSo": code(index), "MaTTHC": "1.004222", "SoDienThoai": "0100001234",
                "NgayTiepNhan": "20261005080000", "NgayHenTra": "20261014170000",
                "NgayKetThucXuLy": "20261013100000", "TrangThaiHoSo": "10" })
        })
        .collect();
    let file = directory.path().join("cases.ndjson");
    let envelope = json!({ "service": "DongBoHoSoMC", "madonvi": "H98.101", "data": cases });
    std::fs::write(&file, envelope.to_string()).expect("a file");
    let imported = Command::new(program())
        .arg("import")
        .arg(&file)
        .arg("--data")
        .arg(&data)
        .stdout(Stdio::null())
        .status()
        .expect("the server: build it first");
    assert!(imported.success());

    for round in 0..rounds {
        let mut server = Server::start(&data);
        let next = AtomicUsize::new(round * PER_ROUND);
        let end = (round + 1) * PER_ROUND;
        let acknowledged = Mutex::new(Vec::new());
        let progress = Condvar::new();
        let address = server.address.clone();
        // Another moment in each round.
        let enough = 3 + round % (PER_ROUND - CLIENTS - 4);
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= end {
                            return;
                        }
                        match rate(&address, index) {
                            Some(_) => {
                                acknowledged.lock().expect("list").push(index);
                                progress.notify_one();
                            }
                            // The server is dead.
                            None => return,
                        }
                    }
                });
            }
            let list = acknowledged.lock().expect("list");
            let list = progress
                .wait_while(list, |list| list.len() < enough)
                .expect("list");
            drop(list);
            server.kill();
        });

        let server = Server::start(&data);
        let acknowledged = acknowledged.into_inner().expect("list");
        for index in round * PER_ROUND..end {
            // The citizen tries again, whatever they were told.
            let status = rate(&server.address, index).expect("a living server");
            if acknowledged.contains(&index) {
                assert_eq!(
                    status, 200,
                    "round {round}: the rating of case {index} was lost"
                );
            }
        }
        let (_, counters) =
            ask(&server.address, "GET", "/api/v1/counters", &Value::Null).expect("counters");
        assert_eq!(
            counters["stored"], end,
            "round {round}: a rating was lost or counted twice"
        );
    }
}
