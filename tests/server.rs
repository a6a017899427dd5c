//! The real server, as a process of its own.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A sample case with the proof that belongs to it.
#[derive(Clone, Debug)]
pub struct Situation {
    /// Case code.
    pub case_code: String,
    /// Proof.
    pub proof: String,
}

impl Situation {
    /// For a page of the server: the text that it answers to whoever brings code and proof.
    #[must_use]
    pub fn answer(&self) -> String {
        let question = serde_json::json!({ "case_code": self.case_code, "proof": self.proof });
        format!(
            "await (await fetch('/api/v1/lookup', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }},
                body: JSON.stringify({question}) }})).text()"
        )
    }
}

/// The built server.
#[must_use]
pub fn program() -> PathBuf {
    std::env::var_os("DUNG_HEN_SERVER")
        .map_or_else(|| root().join("target/release/server"), PathBuf::from)
}

/// Waits for the server's first line, and returns the address in it; its standard output is then
/// closed, as `| head -1` does.
///
/// # Panics
/// When the server did not start.
#[must_use]
pub fn listening(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout"))
        .read_line(&mut line)
        .expect("a first line");
    line.trim()
        .strip_prefix("listening on http://")
        .unwrap_or_else(|| panic!("the server did not start: {line}"))
        .to_owned()
}

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The built element and portal page.
#[must_use]
pub fn dist() -> PathBuf {
    std::env::var_os("DUNG_HEN_DIST").map_or_else(|| root().join("dist"), PathBuf::from)
}

/// The number of the version that was built.
///
/// # Panics
/// When nothing was built.
#[must_use]
pub fn version() -> String {
    let text =
        std::fs::read_to_string(dist().join("embed/v1/manifest.json")).expect("a built element");
    let manifest: Value = serde_json::from_str(&text).expect("a manifest as JSON");
    manifest["version"].as_str().expect("a version").to_owned()
}

/// The sample case of this situation.
///
/// # Panics
/// When the sample has no such situation.
#[must_use]
pub fn situation(key: &str) -> Situation {
    let text = std::fs::read_to_string(root().join("data/sample/situations.json"))
        .expect("the sample's situations");
    let all: Vec<Value> = serde_json::from_str(&text).expect("situations as JSON");
    let one = all
        .iter()
        .find(|one| one["key"] == key)
        .unwrap_or_else(|| panic!("no situation {key}"));
    let text = |name: &str| one[name].as_str().expect("a text").to_owned();
    Situation {
        case_code: text("case_code"),
        proof: text("proof"),
    }
}

/// `server demo`, killed with the value.
pub struct Server {
    child: Child,
    address: String,
    log: Arc<Mutex<String>>,
    data: PathBuf,
    settings: Vec<(String, String)>,
    rated: bool,
}

impl Server {
    /// Starts a demonstration on a free port. Nobody is drawn by lot: a test must not hang on one.
    ///
    /// # Panics
    /// When the server or the built element is missing, or it does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::new(&[], false)
    }

    /// One in whose province people have rated.
    ///
    /// # Panics
    /// As [`Server::start`].
    #[must_use]
    pub fn rated() -> Self {
        Self::new(&[], true)
    }

    /// One that invites one in so many raters to the sixteen criteria.
    ///
    /// # Panics
    /// As [`Server::start`].
    #[must_use]
    pub fn drawing(sixteen_one_in: u32) -> Self {
        Self::set("QUESTIONS__SIXTEEN_ONE_IN", &sixteen_one_in.to_string())
    }

    /// One whose province has this setting, named as in the environment: `TABLE__KEY`, its value as TOML has it.
    ///
    /// # Panics
    /// As [`Server::start`].
    #[must_use]
    pub fn set(key: &str, value: &str) -> Self {
        Self::new(&[(key, value)], false)
    }

    fn new(settings: &[(&str, &str)], rated: bool) -> Self {
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let turn = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let data =
            std::env::temp_dir().join(format!("dung-hen-journey-{}-{turn}", std::process::id()));
        let variable =
            |(key, value): &(&str, &str)| (format!("DUNG_HEN__{key}"), (*value).to_owned());
        let settings = [("QUESTIONS__SIXTEEN_ONE_IN", "0")].iter().chain(settings);
        let settings = settings.map(variable).collect();
        Self::launch("127.0.0.1:0", data, settings, rated)
    }

    fn launch(listen: &str, data: PathBuf, settings: Vec<(String, String)>, rated: bool) -> Self {
        let program = program();
        let dist = dist();
        assert!(
            dist.join("index.html").is_file(),
            "build the element first: make widget"
        );
        let mut child = Command::new(&program)
            .arg("demo")
            .args((!rated).then_some("--unrated"))
            .args(["--listen", listen, "--dist"])
            .arg(&dist)
            .arg("--data")
            .arg(&data)
            .env("RUST_LOG", "trace")
            .envs(settings.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{}: {error}; build the server first", program.display())
            });
        let log = Arc::new(Mutex::new(String::new()));
        let mut stderr = child.stderr.take().expect("stderr");
        let sink = Arc::clone(&log);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = stderr.read(&mut buffer) {
                sink.lock()
                    .expect("log")
                    .push_str(&String::from_utf8_lossy(&buffer[..length]));
            }
        });
        let address = listening(&mut child);
        Self {
            child,
            address,
            log,
            data,
            settings,
            rated,
        }
    }

    /// The address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything the server has logged so far, at the most talkative level.
    ///
    /// # Panics
    /// When a reader of the log panicked.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.lock().expect("log").clone()
    }

    /// Stores one case as a connector sends it, while the server runs.
    ///
    /// # Panics
    /// When it was refused.
    pub fn import(&self, agency: &str, case: &Value) {
        let envelope =
            serde_json::json!({ "service": "DongBoHoSoMC", "madonvi": agency, "data": [case] });
        let file = self.data.with_extension("ndjson");
        std::fs::write(&file, envelope.to_string()).expect("a file");
        let imported = Command::new(program())
            .arg("import")
            .arg(&file)
            .arg("--data")
            .arg(&self.data)
            .stdout(Stdio::null())
            .status()
            .expect("the server");
        let _ = std::fs::remove_file(&file);
        assert!(imported.success());
    }

    /// Kills the server, as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Stops the server where it is, as one that is too busy: connections are taken, nothing is answered.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let _ = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
    }

    /// Starts it again at the same address.
    pub fn restart(&mut self) {
        self.kill();
        let address = self.address.clone();
        let data = self.data.clone();
        // The old value's files stay for the new one.
        let again = Self::launch(&address, data, self.settings.clone(), self.rated);
        let old = std::mem::replace(self, again);
        std::mem::drop(Gone(old));
    }
}

/// A server whose process has ended and whose files now belong to another.
struct Gone(Server);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.data = PathBuf::new();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if self.data.file_name().is_some() {
            let _ = std::fs::remove_dir_all(&self.data);
        }
    }
}
