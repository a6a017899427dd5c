//! A one-stop system that sends everything it has, as one stream: progress while it is sent, memory that does not grow
//! with it, citizens served meanwhile, and nothing twice when it is sent again.
//!
//! Some thousand cases with the other tests; `DUNG_HEN_BATCH=100000` for the long form.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::net::TcpStream;

use dung_hen_tests::province::{Instance, Province, code, look_up};
use serde_json::{Value, json};

const KEY: &str = "key-of-the-sender";
/// What the server may take more for the rest of a batch than for its first tenth, in kB.
const GROWTH: u64 = 48 << 10;

fn cases() -> usize {
    std::env::var("DUNG_HEN_BATCH")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(4_000)
}

/// One of the figures of `/proc/PID/status`, in kB.
fn memory(server: &Instance, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid()));
    let status = status.expect("the process");
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let figure = line.and_then(|line| line.split_whitespace().nth(1));
    figure.and_then(|text| text.parse().ok()).expect("a figure")
}

fn line(index: usize) -> String {
    json!({ "service": "DongBoHoSoMC", "madonvi": "H98.101", "data": [{
        "MaHoSo": code(index), "MaTTHC": "1.004222", "SoDienThoai": "0100001234",
        "ChuHoSo": "Nguyễn Văn Riêng Tư", "NgayTiepNhan": "20261005080000",
        "NgayHenTra": "20261014170000", "TrangThaiHoSo": "4" }] })
    .to_string()
        + "\n"
}

/// Sends these lines as one stream; `told` gets each line of the answer while it comes. The last one.
fn stream(
    server: &Instance,
    lines: impl Iterator<Item = String> + Send,
    mut told: impl FnMut(&Value),
) -> Value {
    let socket = TcpStream::connect(&server.address).expect("a connection");
    let sending = socket.try_clone().expect("the same connection");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut out = BufWriter::new(sending);
            write!(
                out,
                "POST /api/v1/connector/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n\
                 content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
            )
            .expect("a head");
            for line in lines {
                write!(out, "{:x}\r\n{line}\r\n", line.len()).expect("a line");
            }
            out.write_all(b"0\r\n\r\n").expect("an end");
            out.flush().expect("an end");
        });
        // Lines of the answer begin with a brace; what frames them does not.
        let mut last = Value::Null;
        for read in BufReader::new(socket).lines() {
            let read = read.expect("an answer");
            if read.starts_with('{') {
                last = serde_json::from_str(&read).expect("a line of JSON");
                told(&last);
            }
        }
        last
    })
}

#[test]
fn a_whole_province_in_one_stream_takes_no_more_memory_than_its_first_part() {
    let cases = cases();
    let province = Province::new(None);
    let server = province.serve_at(
        "2026-10-15T09:00:00+07:00",
        &[("DUNG_HEN_CONNECTOR_KEY", KEY)],
    );
    let idle = memory(&server, "VmRSS");
    let (mut early, mut lines, mut before) = (0, 0, 0);
    let began = std::time::Instant::now();
    let last = stream(&server, (0..cases).map(line), |progress| {
        let stored = progress["cases"].as_u64().expect("how far it is");
        assert!(stored >= before, "{progress}: {before} were stored before");
        before = stored;
        lines += 1;
        if early == 0 && stored * 10 >= cases as u64 {
            early = memory(&server, "VmHWM");
        }
        // Whoever asks meanwhile is answered.
        assert_eq!(look_up(&server.address, 0).expect("an answer").0, 200);
    });
    let took = began.elapsed();
    assert_eq!(last["finished"], true, "{last}");
    assert_eq!(last["error_code"], "0", "{last}");
    assert_eq!(last["cases"], cases, "{last}");
    assert!(lines > cases / 1_000, "{lines} lines of progress");
    let peak = memory(&server, "VmHWM");
    println!(
        "{cases} cases in one stream: {:.1} s, {lines} lines of progress, memory {} MB idle, {} MB after a tenth, {} MB at most",
        took.as_secs_f64(),
        idle >> 10,
        early >> 10,
        peak >> 10
    );
    assert!(
        early > 0 && peak - early < GROWTH,
        "{early} kB, then {peak} kB"
    );
    let found = look_up(&server.address, cases - 1).expect("an answer");
    assert_eq!(found.0, 200, "{}", found.1);

    // A sender that is not sure sends again; nothing is there twice, nor is a promise.
    let again = stream(&server, (0..cases / 10).map(line), |_| {});
    assert_eq!(again["cases"], cases / 10, "{again}");
    let (_, case) = look_up(&server.address, 0).expect("an answer");
    assert_eq!(
        case["dates_held"]["history"].as_array().map(Vec::len),
        Some(1),
        "{case}"
    );
    drop(server);
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample/province.toml");
    let words = [
        "verify",
        "--province",
        sample,
        "--clock",
        "2026-10-15T09:00:00+07:00",
    ];
    let verified = province.run(&words);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success(), "{said}");
}

#[test]
fn senders_and_what_was_refused_of_them_are_listed_at_the_terminal() {
    let province = Province::new(None);
    let server = province.serve_at(
        "2026-10-15T09:00:00+07:00",
        &[("DUNG_HEN_CONNECTOR_KEY", KEY)],
    );
    let said = |words: &[&str]| {
        let done = province.run(words);
        assert!(done.status.success(), "{done:?}");
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    assert_eq!(said(&["connector", "status"]), "0 dead letters\n");
    let wrong = line(2).replace("20261014170000", "at Tet");
    let last = stream(&server, [line(0), line(1), wrong].into_iter(), |_| {});
    assert_eq!(
        (&last["cases"], &last["refused"]),
        (&json!(2), &json!(1)),
        "{last}"
    );
    assert_eq!(
        said(&["connector", "status"]),
        "environment\t2026-10-15T09:00:00+07:00\t2 stored\t1 refused\t-\n1 dead letters\n"
    );
    let listed = said(&["connector", "list"]);
    let columns: Vec<&str> = listed.trim_end().split('\t').collect();
    assert_eq!(
        columns[2..7],
        [
            "environment",
            "DongBoHoSoMC",
            &code(2),
            "refused",
            "data[0].NgayHenTra"
        ],
        "{listed}"
    );
    assert!(
        !listed.contains("Riêng Tư") && !listed.contains("at Tet"),
        "{listed}"
    );
}
