//! The program as an operator runs it: alone, from a directory with nothing else in it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use dung_hen_tests::{listening, program};
use serde_json::Value;

/// A server with its log, ended with the value.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    /// Starts in `directory`, with nothing of this process's environment that is ours.
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        let log = std::fs::File::create(directory.join("log")).expect("a log");
        let mut child = command(directory)
            .args(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{error}; build the server first"));
        let address = listening(&mut child);
        Self { child, address }
    }

    /// Head and body of an answer.
    fn ask(&self, request: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream
            .write_all(format!("{request}host: x\r\nconnection: close\r\n\r\n").as_bytes())
            .expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("a head");
        let body = answer.split_off(end + 4);
        (String::from_utf8(answer).expect("a head of text"), body)
    }

    fn post(&self, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(directory: &Path) -> Command {
    let mut command = Command::new(program());
    command.current_dir(directory);
    for (name, _) in std::env::vars() {
        if name.starts_with("DUNG_HEN") || name == "RUST_LOG" || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    command(directory)
        .args(arguments)
        .output()
        .expect("the program's output")
}

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample");
    path.join(name).to_string_lossy().into_owned()
}

/// One file is a working system: page, element, API.
#[test]
fn the_program_alone_is_a_working_system() {
    let directory = tempfile::tempdir().expect("a directory");
    let server = Running::start(directory.path(), &["demo"]);
    let (head, body) = server.ask("GET / HTTP/1.1\r\n");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(head.contains("content-type: text/html"), "{head}");
    let page = String::from_utf8(body).expect("a page");
    assert!(page.contains("<dung-hen"), "{page}");

    let (_, alias) = server.ask("GET /embed/v1/manifest.json HTTP/1.1\r\n");
    let alias: serde_json::Value =
        serde_json::from_slice(&alias).expect("the alias names a directory");
    let version = alias["version"].as_str().expect("a version");
    let wasm = format!("GET /embed/{version}/dung-hen_bg.wasm HTTP/1.1\r\n");
    let (head, plain) = server.ask(&wasm);
    assert!(head.contains("content-type: application/wasm"), "{head}");
    assert!(plain.starts_with(b"\0asm"));
    let (head, small) = server.ask(&format!("{wasm}accept-encoding: gzip, br\r\n"));
    assert!(head.contains("content-encoding: br"), "{head}");
    assert!(small.len() < plain.len() / 2);
    let tag = head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .expect("a tag");
    let (head, nothing) = server.ask(&format!("{wasm}if-none-match: {tag}\r\n"));
    assert!(head.starts_with("HTTP/1.1 304 "), "{head}");
    assert!(nothing.is_empty());

    let (head, _) = server.ask("GET /../server.key HTTP/1.1\r\n");
    assert!(head.starts_with("HTTP/1.1 404 "), "{head}");
}

/// No build path of any machine is in what citizens download.
#[test]
fn the_element_names_no_machine() {
    let directory = tempfile::tempdir().expect("a directory");
    let server = Running::start(directory.path(), &["demo"]);
    let (_, wasm) = server.ask("GET /embed/v1/dung-hen_bg.wasm HTTP/1.1\r\n");
    let home = std::env::var("HOME").unwrap_or_default();
    let project = std::fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let project = project.expect("the project").to_string_lossy().into_owned();
    for private in [
        home.as_str(),
        project.as_str(),
        "/.cargo/registry",
        "/home/",
    ] {
        let found = private.len() > 1
            && wasm
                .windows(private.len())
                .any(|window| window == private.as_bytes());
        assert!(!found, "{private} is inside the WebAssembly");
    }
}

/// What a citizen typed is in no line, whatever the level and the form of the log.
#[test]
fn the_log_holds_nothing_that_a_citizen_typed() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = directory.path().join("log");
    let private = ["H98.101-260907-0001", "8HEYEMN4", "665081", "chuyện riêng"];
    {
        let mut command = command(directory.path());
        command.env("RUST_LOG", "trace");
        let file = std::fs::File::create(&log).expect("a log");
        let mut child = command
            .args(["demo", "--log-format", "json", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .expect("the server");
        let address = listening(&mut child);
        let server = Running { child, address };
        for proof in ["8HEYEMN4", "665081"] {
            let body = format!(r#"{{"case_code":"H98.101-260907-0001","proof":"{proof}"}}"#);
            server.post("/api/v1/lookup", &body);
            server.post("/api/v1/ballots", &body);
            server.post(
                "/api/v1/objections",
                &body.replace('}', r#","kind":"date_moved","text":"chuyện riêng"}"#),
            );
        }
        server.post(
            "/api/v1/lookup",
            r#"{"case_code":{"x":"H98.101-260907-0001"}}"#,
        );
        server.ask("GET /no/H98.101-260907-0001?proof=8HEYEMN4 HTTP/1.1\r\n");
        server.ask("GET /health HTTP/1.1\r\nx-request-id: 8HEYEMN4\r\n");
    }
    let log = std::fs::read_to_string(log).expect("the log");
    let mut requests = 0;
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
        if line["message"] == "request" {
            requests += 1;
            assert_eq!(
                line["span"]["id"].as_str().map(str::len),
                Some(24),
                "{line}"
            );
        }
    }
    assert_eq!(requests, 9, "{log}");
    for private in private {
        assert!(!log.contains(private), "{private}");
    }
}

/// NĐ 224/2026 Điều 13. From Thu 8/10/2026 on: Fri 9 (1), Mon 12 (2), 13 (3), 14 (4), 15 (5), Fri 16 (6), Mon 19 (7): an outage of Tue
/// 20 is announced in time, one of Mon 19 is not. Whoever starts the server or asks the doctor is told, until it is over.
#[test]
fn an_outage_that_is_announced_too_late_is_told_to_whoever_runs_the_service() {
    let directory = tempfile::tempdir().expect("a directory");
    let sample = std::fs::read_to_string(sample("province.toml")).expect("the sample");
    let ask = |from: &str, now: &str| {
        let outage = format!(
            "\n[[outages]]\nannounced = \"2026-10-08\"\nfrom = \"{from}\"\nuntil = \"2026-10-21T05:00\"\n"
        );
        std::fs::write(
            directory.path().join("tinh.toml"),
            format!("{sample}{outage}"),
        )
        .expect("the province's file");
        let asked = ["doctor", "--province", "tinh.toml", "--clock", now];
        String::from_utf8_lossy(&run(directory.path(), &asked).stdout).into_owned()
    };
    let now = "2026-10-15T09:00:00+07:00";
    let late = ask("2026-10-19T22:00", now);
    let said = "planned outage of 2026-10-19T22:00: announced 6 whole working days before it; the law asks for 7";
    assert!(
        late.contains(said) && late.contains("Article 13") && late.contains("224/2026"),
        "{late}"
    );
    for sound in [
        ask("2026-10-20T22:00", now),
        ask("2026-10-19T22:00", "2026-10-21T05:00:00+07:00"),
    ] {
        assert!(sound.contains("ok    planned outages"), "{sound}");
    }
    // Not a day; over before it begins.
    for (from, key) in [
        ("2026-10-32T22:00", "outages, from"),
        ("2026-10-22T22:00", "outages, announced, from, until"),
    ] {
        assert!(ask(from, now).contains(key), "{from}");
    }
}

#[test]
fn the_doctor_finds_a_sound_system_sound() {
    let directory = tempfile::tempdir().expect("a directory");
    let province = sample("province.toml");
    let cases = sample("cases.ndjson");
    let clock = ["--clock", "2099-01-01T00:00:00+07:00"];
    let imported = run(
        directory.path(),
        &[
            "import",
            &cases,
            "--data",
            "data",
            "--clock",
            "2026-10-15T09:00:00+07:00",
        ],
    );
    assert!(imported.status.success(), "{imported:?}");
    let ask = |arguments: &[&str]| {
        let all: Vec<&str> = ["doctor", "--data", "data", "--province", &province]
            .into_iter()
            .chain(arguments.iter().copied())
            .collect();
        let output = run(directory.path(), &all);
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    // The day is a parameter: on the machine's own the calendar may have ended. So the data are of that day, too.
    let then = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_792_029_600);
    for file in std::fs::read_dir(directory.path().join("data")).expect("a directory") {
        let path = file.expect("a file").path();
        if path.is_file() {
            let file = std::fs::File::options().append(true).open(&path);
            file.and_then(|file| file.set_modified(then))
                .expect("its time");
        }
    }
    let (sound, said) = ask(&["--clock", "2026-10-15T09:00:00+07:00"]);
    assert!(sound, "{said}");
    assert!(
        said.contains("ok    database") && said.contains("ok    element: inside"),
        "{said}"
    );
    // A swap of days off that is proposed and not decided, a year without a decision on Tết, and the first year of which
    // nothing is known: the service starts.
    for unsettled in [
        "2026-11-23T09:00:00+07:00",
        "2027-01-04T09:00:00+07:00",
        "2028-01-03T09:00:00+07:00",
    ] {
        let (_, said) = ask(&["--clock", unsettled]);
        let finding = said.lines().find(|line| line.contains("calendar: "));
        assert!(
            finding.is_some_and(|line| line.starts_with("SOON")),
            "{unsettled}: {said}"
        );
    }
    // In 2099 no holiday is known.
    let (sound, said) = ask(&clock);
    assert!(!sound && said.contains("BAD   calendar"), "{said}");
    // A clock that stands before the data.
    let (sound, said) = ask(&["--clock", "2020-01-01T00:00:00+07:00"]);
    assert!(
        !sound && said.contains("BAD   clock") && said.contains("timedatectl"),
        "{said}"
    );
    // A key that is not one is named, and kept.
    std::fs::write(directory.path().join("data/server.key"), "nonsense").expect("a file");
    let (sound, said) = ask(&[]);
    assert!(
        !sound && said.contains("BAD   key ") && said.contains("data/server.key: 32 bytes"),
        "{said}"
    );
}

/// What is kept of people is for the service's account alone, whatever the umask of whoever makes it.
#[test]
fn nobody_else_on_the_machine_reads_data_or_backups() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().expect("a directory");
    let cases = sample("cases.ndjson");
    let at = |name: &str| directory.path().join(name);
    for arguments in [
        vec!["import", &cases, "--data", "var/data"],
        vec!["backup", "copy.db", "--data", "var/data"],
        vec!["restore", "copy.db", "--data", "again/data"],
        vec!["copy", "--from", "copy.db", "--to", "sqlite:third.db"],
    ] {
        let output = run(directory.path(), &arguments);
        assert!(output.status.success(), "{output:?}");
    }
    for (name, rights) in [
        ("var/data", 0o700),
        ("var/data/dung-hen.db", 0o600),
        ("var/data/server.key", 0o600),
        ("copy.db", 0o600),
        ("again/data", 0o700),
        ("again/data/dung-hen.db", 0o600),
        ("third.db", 0o600),
    ] {
        let mode = std::fs::metadata(at(name))
            .expect(name)
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, rights, "{name}: {mode:o}");
    }
    // Where somebody opened them since, the doctor says so.
    let opened = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(at("var/data"), opened).expect("rights");
    let province = sample("province.toml");
    let doctor = ["doctor", "--data", "var/data", "--province", &province];
    let said = run(directory.path(), &doctor).stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(!said.contains("others can read"), "{said}");
    let opened = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(at("var/data/dung-hen.db"), opened).expect("rights");
    let said = run(directory.path(), &doctor).stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    let line = said.lines().find(|line| line.contains("others can read"));
    assert!(
        line.is_some_and(|line| line.starts_with("SOON") && line.contains("dung-hen.db")),
        "{said}"
    );
}

#[test]
fn a_wrong_setting_ends_the_start_and_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let province = sample("province.toml");
    let mut command = command(directory.path());
    let output = command
        .args(["serve", "--province", &province, "--listen", "127.0.0.1:0"])
        .env("DUNG_HEN__HTTP__BODY_SECONDS", "0")
        .output()
        .expect("the program's output");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        said.contains("http.body_seconds: seconds, 1 to 3600"),
        "{said}"
    );
}

/// A mistyped variable would leave a server with what it does without it.
#[test]
fn a_variable_that_is_no_setting_is_named_and_ends_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let province = sample("province.toml");
    let run = |arguments: &[&str], more: [&str; 2]| {
        let mut command = command(directory.path());
        command.args(arguments).env("DUNG_HEN_LISTN", "0.0.0.0:80");
        command.env(more[0], more[1]).output().expect("an output")
    };
    let none = ["DUNG_HEN_LISTEN", "127.0.0.1:0"];
    // Ended by something else: a server that starts goes on.
    let wrong = ["DUNG_HEN__HTTP__BODY_SECONDS", "0"];
    let served = run(&["serve", "--province", &province], wrong);
    let said = String::from_utf8_lossy(&served.stderr).into_owned();
    assert!(said.contains("DUNG_HEN_LISTN: no setting"), "{said}");
    assert!(said.contains("http.body_seconds: seconds"), "{said}");
    let asked = run(&["doctor", "--province", &province], none);
    let said = String::from_utf8_lossy(&asked.stdout).into_owned();
    assert!(said.contains("SOON  variables: DUNG_HEN_LISTN\n"), "{said}");
}

#[test]
fn health_asks_the_running_server() {
    let directory = tempfile::tempdir().expect("a directory");
    let server = Running::start(directory.path(), &["demo"]);
    let address = server.address.clone();
    assert!(
        run(directory.path(), &["health", "--listen", &address])
            .status
            .success()
    );
    drop(server);
    assert!(
        !run(directory.path(), &["health", "--listen", &address])
            .status
            .success()
    );
}

/// Whoever starts the service with other settings is in the log; whoever starts it again is not.
#[test]
fn other_settings_are_noted() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("province.toml");
    let text = std::fs::read_to_string(sample("province.toml")).expect("the sample");
    std::fs::write(&file, &text).expect("a file");
    let start = || {
        let file = file.to_string_lossy();
        drop(Running::start(
            directory.path(),
            &["serve", "--data", "data", "--province", &file],
        ));
        let output = run(directory.path(), &["audit", "verify", "--data", "data"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    // The whole, and each of its six parts.
    assert!(start().starts_with("7 entries"));
    assert!(start().starts_with("7 entries"));
    std::fs::write(
        &file,
        text.replace("public_dates = false", "public_dates = true"),
    )
    .expect("a file");
    assert!(start().starts_with("8 entries"));
}

/// Made, listed, rotated, revoked; and the log of it holds until someone lays hands on it.
#[test]
fn keys_and_their_log_at_the_terminal() {
    let directory = tempfile::tempdir().expect("a directory");
    let ask = |arguments: &[&str]| {
        let all: Vec<&str> = arguments
            .iter()
            .copied()
            .chain(["--data", "data"])
            .collect();
        let output = run(directory.path(), &all);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), said)
    };
    let (_, key) = ask(&[
        "key",
        "add",
        "một cửa",
        "--scope",
        "connector",
        "--days",
        "365",
    ]);
    let id = key.split('_').nth(1).expect("an id").to_owned();
    let (_, listed) = ask(&["key", "list"]);
    assert!(
        listed.contains(&id) && listed.contains("một cửa"),
        "{listed}"
    );
    assert!(!listed.contains(key.trim()), "{listed}");
    let (sound, seal) = ask(&["audit", "verify"]);
    assert!(sound && seal.starts_with("1 entries"), "{seal}");
    let seal = seal.trim().rsplit(' ').next().expect("a seal").to_owned();
    assert!(ask(&["key", "rotate", &id]).0);
    assert!(ask(&["key", "revoke", &id]).0);
    assert!(!ask(&["key", "revoke", &id]).0);
    let (sound, log) = ask(&["audit", "verify", "--list", "--seal", &seal]);
    assert!(
        sound && log.contains("key.rotate") && log.contains("3 entries"),
        "{log}"
    );
    assert!(!ask(&["audit", "verify", "--seal", "AAAA"]).0);
    // Another key cannot check it: the seals are keyed.
    std::fs::write(directory.path().join("data/server.key"), "A".repeat(43)).expect("a key");
    assert!(!ask(&["audit", "verify"]).0);
    std::fs::remove_file(directory.path().join("data/server.key")).expect("a key");
    assert!(!ask(&["audit", "verify"]).0);
}

#[test]
fn a_case_is_erased_at_the_terminal() {
    let directory = tempfile::tempdir().expect("a directory");
    let cases = sample("cases.ndjson");
    let imported = run(
        directory.path(),
        &[
            "import",
            &cases,
            "--data",
            "data",
            "--clock",
            "2026-10-15T09:00:00+07:00",
        ],
    );
    assert!(imported.status.success());
    let erased = run(
        directory.path(),
        &["erase", "--data", "data", "--case", "h98.101-260907-0001"],
    );
    assert!(String::from_utf8_lossy(&erased.stdout).starts_with("erased; "));
    let province = sample("province.toml");
    let server = Running::start(
        directory.path(),
        &["serve", "--data", "data", "--province", &province],
    );
    let body = r#"{"case_code":"H98.101-260907-0001","proof":"8HEYEMN4"}"#;
    assert!(server.post("/api/v1/lookup", body).contains("no_match"));
    let body = r#"{"case_code":"H98.101-260907-0001"}"#;
    assert!(
        server
            .post("/api/v1/lookup", body)
            .contains("\"access\":\"public\"")
    );
}
