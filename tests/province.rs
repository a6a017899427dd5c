//! A province with cases, servers that serve it, and citizens who rate: what the tests of durability and of faults
//! share.

#![expect(
    clippy::expect_used,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::citizen::{Citizen, rating};
use crate::{listening, program};

/// A directory with a key, and a database there or elsewhere.
#[derive(Debug)]
pub struct Province {
    data: PathBuf,
    database: Option<String>,
    _directory: Option<tempfile::TempDir>,
}

impl Province {
    /// A new one in a temporary directory; the database is PostgreSQL where an address of one is given.
    ///
    /// # Panics
    /// When there is no temporary directory.
    #[must_use]
    pub fn new(database: Option<String>) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        Self {
            data: directory.path().join("data"),
            database,
            _directory: Some(directory),
        }
    }

    /// A new one in this directory, on SQLite.
    #[must_use]
    pub fn at(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database: None,
            _directory: None,
        }
    }

    /// Where its files are.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The file of the database, where that is SQLite.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.data.join("dung-hen.db")
    }

    /// Imports this many finished cases.
    ///
    /// # Panics
    /// When they are not all imported.
    pub fn import(&self, cases: usize) {
        self.import_as(
            cases,
            &json!({ "NgayKetThucXuLy": "20261013100000", "TrangThaiHoSo": "10" }),
        );
    }

    /// Imports this many cases that are not finished, though all were promised for 14 October 2026.
    ///
    /// # Panics
    /// When they are not all imported.
    pub fn import_overdue(&self, cases: usize) {
        self.import_as(cases, &json!({ "TrangThaiHoSo": "4" }));
    }

    fn import_as(&self, cases: usize, fields: &Value) {
        let cases: Vec<Value> = (0..cases)
            .map(|index| {
                let mut case = json!({ "MaHoSo": code(index), "MaTTHC": "1.004222",
                    "SoDienThoai": "0100001234", "NgayTiepNhan": "20261005080000",
                    "NgayHenTra": "20261014170000" });
                for (name, value) in fields.as_object().expect("fields") {
                    case[name] = value.clone();
                }
                case
            })
            .collect();
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("cases.ndjson");
        let envelope = json!({ "service": "DongBoHoSoMC", "madonvi": "H98.101", "data": cases });
        std::fs::write(&file, envelope.to_string()).expect("a file");
        let done = self.run(&["import", &file.display().to_string()]);
        assert!(done.status.success(), "{done:?}");
    }

    /// Runs a command of the program on these data, to its end.
    ///
    /// # Panics
    /// When the program is not built.
    #[must_use]
    pub fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(program());
        command.args(words);
        self.on_these_data(&mut command);
        command.output().expect("the server: build it first")
    }

    /// Serves, on a free port.
    ///
    /// # Panics
    /// When the server does not start.
    #[must_use]
    pub fn serve(&self) -> Instance {
        self.serve_through(&[], &[])
    }

    /// Serves, started by these words (`setpriv …`, `sh -c …`) with these variables.
    ///
    /// # Panics
    /// When the server does not start.
    #[must_use]
    pub fn serve_through(&self, words: &[&str], variables: &[(&str, &str)]) -> Instance {
        let mut child = self.start(words, variables, Stdio::null());
        let address = listening(&mut child);
        Instance { child, address }
    }

    /// Starts a server that is expected to end at once; what it said.
    ///
    /// # Panics
    /// When the program is not built.
    #[must_use]
    pub fn fail_to_serve(&self, words: &[&str]) -> Output {
        self.start(words, &[], Stdio::piped())
            .wait_with_output()
            .expect("an end")
    }

    /// Serves under another clock, with these variables.
    ///
    /// # Panics
    /// When the server does not start.
    #[must_use]
    pub fn serve_at(&self, clock: &str, variables: &[(&str, &str)]) -> Instance {
        let mut child = self.start_at(clock, &[], variables, Stdio::null());
        let address = listening(&mut child);
        Instance { child, address }
    }

    fn start(&self, words: &[&str], variables: &[(&str, &str)], stderr: Stdio) -> Child {
        self.start_at("2026-10-15T09:00:00+07:00", words, variables, stderr)
    }

    fn start_at(
        &self,
        clock: &str,
        words: &[&str],
        variables: &[(&str, &str)],
        stderr: Stdio,
    ) -> Child {
        let province = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample/province.toml");
        let program = program();
        let mut command = match words {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--clock", clock, "--province"])
            .arg(province)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(stderr);
        self.on_these_data(&mut command);
        command.spawn().expect("the server: build it first")
    }

    fn on_these_data(&self, command: &mut Command) {
        command
            .env_remove("DATABASE_URL")
            .arg("--data")
            .arg(&self.data);
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database);
        }
    }
}

/// A running server; killed with the value.
#[derive(Debug)]
pub struct Instance {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Instance {
    /// SIGKILL: no handler runs, nothing is flushed.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn kill(&mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("an end");
    }

    /// SIGTERM, as a service manager sends it; how it ended, `None` where it did not within half a minute.
    ///
    /// # Panics
    /// Where there is no `kill`.
    pub fn ask_to_stop(&mut self) -> Option<ExitStatus> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.pid().to_string()])
            .status();
        assert!(asked.expect("kill").success());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            if let Some(ended) = self.child.try_wait().expect("a child") {
                return Some(ended);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The code of a case.
#[must_use]
pub fn code(index: usize) -> String {
    format!("H98.101-261005-{index:05}")
}

/// An answer: status and body.
pub type Answer = (u16, Value);

/// Asks; `None` where the server died on the way.
#[must_use]
pub fn ask(address: &str, method: &str, path: &str, body: &Value) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(120)))
        .ok()?;
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

/// Looks a case up as its holder.
#[must_use]
pub fn look_up(address: &str, index: usize) -> Option<Answer> {
    let body = json!({ "case_code": code(index), "proof": "1234" });
    ask(address, "POST", "/api/v1/lookup", &body)
}

fn citizen(index: usize) -> Citizen {
    Citizen::new(u32::try_from(index).expect("few cases"))
}

/// Asks for the ballot of a case and, where it is given, makes it out of the answer.
#[must_use]
pub fn ballot(address: &str, index: usize) -> Option<Answer> {
    let citizen = citizen(index);
    let request = citizen.ask(&code(index), "1234");
    match ask(address, "POST", "/api/v1/ballots", &request)? {
        (200, answer) => {
            let (_, keys) = ask(address, "GET", "/api/v1/ballots/keys", &Value::Null)?;
            Some((200, citizen.ballot(&answer, &keys)))
        }
        refused => Some(refused),
    }
}

/// Sends the rating of a case with its ballot.
#[must_use]
pub fn send_rating(address: &str, index: usize, ballot: &Value) -> Option<Answer> {
    let level = u8::try_from(1 + index % 5).expect("a level");
    ask(address, "POST", "/api/v1/ratings", &rating(ballot, level))
}

/// Asks for the ballot and sends the rating. 201 and 200 (sent before) acknowledge it; another status is a refusal of
/// either step; `None` where the server died on the way.
#[must_use]
pub fn rate(address: &str, index: usize) -> Option<Answer> {
    match ballot(address, index)? {
        (200, ballot) => send_rating(address, index, &ballot),
        refused => Some(refused),
    }
}

/// How many ratings the server has stored.
///
/// # Panics
/// When it does not say.
#[must_use]
pub fn stored(address: &str) -> usize {
    let (_, counters) = ask(address, "GET", "/api/v1/counters", &Value::Null).expect("counters");
    let stored = counters["stored"].as_u64().expect("a number");
    usize::try_from(stored).expect("a number")
}
