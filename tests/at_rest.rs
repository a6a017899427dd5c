//! Everything a server leaves on its disk while people rate: database, write-ahead log, backup, audit log, waiting room,
//! and the log of the program at its most talkative. None of it joins a rating with its case.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::fs;
use std::path::Path;

use dung_hen_tests::Cluster;
use dung_hen_tests::citizen::{Citizen, rating};
use dung_hen_tests::province::{Province, ask, ballot, code, look_up};
use serde_json::{Value, json};

const CASES: usize = 12;
/// From this one on cases have company under the finest label.
const COMPANY: usize = 4;

/// All files under a directory, as bytes.
fn files(directory: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.extend(fs::read(path).unwrap_or_default());
        }
    }
    all
}

fn holds(bytes: &[u8], wanted: &str) -> bool {
    memchr::memmem::find(bytes, wanted.as_bytes()).is_some()
}

fn nothing_at_rest_joins_them(province: &Province, cluster: Option<&Cluster>) {
    province.import(CASES);
    let log = province.data().with_file_name("server.log");
    let script = format!("exec \"$@\" 2>{}", log.display());
    let server = province.serve_through(&["sh", "-c", &script, "sh"], &[("RUST_LOG", "trace")]);
    let address = &server.address;
    let mut ballots = Vec::new();
    for index in 0..CASES {
        assert_eq!(look_up(address, index).expect("an answer").0, 200);
        let (status, ballot) = ballot(address, index).expect("an answer");
        assert_eq!(status, 200, "{ballot}");
        ballots.push(ballot);
    }
    for (index, ballot) in ballots.iter().enumerate().skip(COMPANY) {
        let mut body = rating(ballot, 1);
        body["comment"] = json!(format!("Góp ý của {index}, rất riêng"));
        let answer = ask(address, "POST", "/api/v1/ratings", &body).expect("an answer");
        assert_eq!(answer.0, 201, "{answer:?}");
        // Sent again, and corrected.
        assert_eq!(
            ask(address, "POST", "/api/v1/ratings", &body)
                .expect("an answer")
                .0,
            200
        );
    }
    let mut correction = rating(&Value::Null, 5);
    correction["ballot"].take();
    correction["number"] = ballots[COMPANY]["number"].clone();
    let answer = ask(address, "POST", "/api/v1/ratings/corrections", &correction);
    assert_eq!(answer.expect("an answer").0, 200);
    let mut sources: Vec<(&str, Vec<u8>)> = Vec::new();
    if province.file().exists() {
        let copy = province.data().with_file_name("copy.db");
        let name = copy.display().to_string();
        let done = province.run(&["backup", &name]);
        assert!(done.status.success(), "{done:?}");
        sources.push(("backup", fs::read(copy).expect("a backup")));
    }
    drop(server);
    if let Some(cluster) = cluster {
        // Tables as they lie there, and the write-ahead log, which an archive keeps.
        cluster.sql("CHECKPOINT");
        let log = files(&cluster.data().join("pg_wal"));
        assert!(holds(&log, &code(0)), "the search finds what is there");
        sources.push(("write-ahead log", log));
        let tables = files(&cluster.data().join("base"));
        assert!(holds(&tables, &code(0)), "the search finds what is there");
        sources.push(("tables", tables));
    }
    let audit = province.run(&["audit", "verify", "--list"]);
    assert!(audit.status.success(), "{audit:?}");
    let log = fs::read(log).expect("a log");
    // The log is at its most talkative, and the search finds what is there.
    assert!(holds(&log, "TRACE") && holds(&log, "/api/v1/ratings"));
    sources.push(("log", log));
    sources.push(("audit log", audit.stdout));
    sources.push(("data directory", files(province.data())));
    for (name, bytes) in &sources {
        for (index, ballot) in ballots.iter().enumerate() {
            let citizen = Citizen::new(u32::try_from(index).expect("few"));
            let number = citizen.number.as_str();
            let asked = citizen.ask(&code(index), "1234");
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            for joins in [
                number.to_owned(),
                number.replace('-', ""),
                number.to_lowercase(),
                text(&ballot["output"]),
                text(&asked["blinded"]),
            ] {
                assert!(!holds(bytes, &joins), "{name} holds {joins}");
            }
            // The case is in the database, and nowhere beside it; what somebody wrote is there or waits.
            let inside = !["log", "audit log"].contains(name);
            for (what, told) in [
                ("case", code(index)),
                ("comment", format!("Góp ý của {index}, rất riêng")),
                ("label", text(&ballot["label"])),
            ] {
                assert!(
                    inside || !holds(bytes, &told),
                    "{name} tells the {what} {told}"
                );
            }
        }
    }
    let data = &sources.last().expect("the data").1;
    if province.file().exists() {
        assert!(holds(data, &code(0)), "the search finds what is there");
    }
    // Beside the database: the waiting room names no case.
    for name in ["waiting", "server.key"] {
        let path = province.data().join(name);
        let bytes = if path.is_dir() {
            files(&path)
        } else {
            fs::read(&path).expect("a key")
        };
        assert!(!bytes.is_empty());
        for index in 0..CASES {
            assert!(!holds(&bytes, &code(index)), "{name} names {}", code(index));
        }
    }
}

#[test]
fn nothing_at_rest_joins_a_rating_with_its_case() {
    nothing_at_rest_joins_them(&Province::new(None), None);
}

#[test]
fn nor_with_postgresql() {
    let cluster = Cluster::start(true);
    let province = Province::new(Some(cluster.database()));
    nothing_at_rest_joins_them(&province, Some(&cluster));
}
