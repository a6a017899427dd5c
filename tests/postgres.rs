//! A PostgreSQL of the tests' own: a private cluster in a temporary directory, reached through a socket there, gone
//! with the process that started it. No cluster of the machine is touched.

#![expect(
    clippy::expect_used,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The account that runs the database where the tests run as root, whom `initdb` refuses.
const ACCOUNT: &str = "postgres";

/// Between two looks at what another process does.
const MOMENT: Duration = Duration::from_millis(50);

/// Keeps the database running until its standard input ends, which it also does when the tests are killed.
const KEEPER: &str = r#"
trap '' INT TERM
"$@" & database=$!
cat > /dev/null
kill -s INT "$database" 2> /dev/null
wait "$database"
rm -rf "$DIRECTORY"
"#;

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    directory: PathBuf,
    bin: PathBuf,
    options: Vec<String>,
    keeper: Mutex<Option<(Child, ChildStdin)>>,
    next: AtomicUsize,
}

impl Cluster {
    /// Starts one; `durable` makes it wait for the disk, as a province's does.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn start(durable: bool) -> Self {
        Self::make(durable, |_, _| {})
    }

    /// Starts one that is reached over TLS alone, and not through a socket: its port, and the file of the authority that
    /// vouches for `localhost`.
    ///
    /// # Panics
    /// When PostgreSQL or openssl is not installed or does not start.
    #[must_use]
    pub fn start_tls() -> (Self, u16, PathBuf) {
        let port = free_port();
        let cluster = Self::make(false, |data, options| {
            certify(data);
            let rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
            std::fs::write(data.join("pg_hba.conf"), rules).expect("pg_hba.conf");
            options.push("listen_addresses=127.0.0.1".to_owned());
            options.push(format!("port={port}"));
            options.push("ssl=on".to_owned());
        });
        let authority = cluster.directory.join("data/ca.pem");
        (cluster, port, authority)
    }

    fn make(durable: bool, prepare: impl FnOnce(&Path, &mut Vec<String>)) -> Self {
        let bin = programs();
        let directory = tempfile::Builder::new()
            .prefix("dung-hen-pg")
            .tempdir()
            .expect("a temporary directory")
            .keep();
        if is_root() {
            let owned = Command::new("chown").arg(ACCOUNT).arg(&directory).status();
            assert!(owned.expect("chown").success(), "chown {ACCOUNT}");
        }
        let mut options = vec![
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", directory.display()),
            "max_connections=200".to_owned(),
            "log_min_messages=fatal".to_owned(),
        ];
        if !durable {
            // What it writes ahead is what a province's does, pages and all; only nobody waits for the disk.
            options.push("fsync=off".to_owned());
        }
        let mut cluster = Self {
            directory,
            bin,
            options,
            keeper: Mutex::new(None),
            next: AtomicUsize::new(0),
        };
        let made = cluster
            .command("initdb")
            .arg("--pgdata")
            .arg(cluster.data())
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync", "--no-instructions"])
            .output()
            .expect("initdb");
        check("initdb", &made);
        let data = cluster.data();
        prepare(&data, &mut cluster.options);
        cluster.launch();
        cluster
    }

    /// The address of a new, empty database.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn database(&self) -> String {
        self.made(&[])
    }

    /// The same in this encoding.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn database_in(&self, encoding: &str) -> String {
        self.made(&["--template=template0", "--locale=C", "--encoding", encoding])
    }

    fn made(&self, how: &[&str]) -> String {
        let name = format!("test_{}", self.next.fetch_add(1, Ordering::Relaxed));
        let made = self
            .command("createdb")
            .args(how)
            .args(["--username=postgres", "--host"])
            .arg(&self.directory)
            .arg(&name)
            .output()
            .expect("createdb");
        check("createdb", &made);
        let host = self.directory.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{host}/{name}")
    }

    /// Runs a statement as the owner of the cluster.
    ///
    /// # Panics
    /// When it fails.
    pub fn sql(&self, statement: &str) {
        self.sql_in("postgres", statement);
    }

    /// The same in this database, by its name or address.
    ///
    /// # Panics
    /// When it fails.
    pub fn sql_in(&self, database: &str, statement: &str) {
        let done = self
            .command("psql")
            .args(["--username=postgres", "--no-psqlrc", "--quiet", "--host"])
            .arg(&self.directory)
            .args(["--set=ON_ERROR_STOP=1", "--command", statement, database])
            .output()
            .expect("psql");
        check("psql", &done);
    }

    /// Kills the database as a power cut would: no process of it gets to say goodbye.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&self) {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("a pid file");
        let pid = pid.lines().next().expect("a pid").to_owned();
        let killed = Command::new("kill").args(["-s", "KILL", &pid]).status();
        assert!(killed.expect("kill").success(), "kill {pid}");
        // Its children notice, and leave; only then may another start on the same files.
        let gone = |pid: &str| !Path::new("/proc").join(pid).exists();
        while !gone(&pid) || self.has_children() {
            std::thread::park_timeout(MOMENT);
        }
        let _ = std::fs::remove_file(self.data().join("postmaster.pid"));
    }

    /// Starts the database again on the same files; `kill` came before.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&self) {
        self.launch();
    }

    /// Whether processes of the database are still there: they hold the shared memory of the cluster.
    fn has_children(&self) -> bool {
        let directory = self.data().display().to_string();
        let Ok(processes) = std::fs::read_dir("/proc") else {
            return false;
        };
        processes.flatten().any(|process| {
            std::fs::read_link(process.path().join("cwd"))
                .is_ok_and(|cwd| cwd.display().to_string() == directory)
        })
    }

    /// Where its files are: tables, write-ahead log, everything.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn launch(&self) {
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "sh"]);
        command.args(as_account());
        command.arg(self.bin.join("postgres")).arg("-D");
        command.arg(self.data());
        for option in &self.options {
            command.arg("-c").arg(option);
        }
        let mut child = command
            .env("DIRECTORY", &self.directory)
            .current_dir(&self.directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh");
        let stdin = child.stdin.take().expect("stdin");
        let old = self.keeper.lock().expect("keeper").replace((child, stdin));
        // The keeper of a killed database would remove the files of the next one.
        if let Some((mut old, stdin)) = old {
            old.kill().expect("the old keeper");
            old.wait().expect("the old keeper");
            drop(stdin);
        }
        let port = self
            .options
            .iter()
            .find_map(|option| option.strip_prefix("port="))
            .unwrap_or("5432");
        let ready = || {
            self.command("pg_isready")
                .arg("--quiet")
                .args(["--port", port])
                .arg("--host")
                .arg(&self.directory)
                .status()
                .is_ok_and(|status| status.success())
        };
        // Two minutes: what was killed first reads what it had written ahead.
        let tries = 2400;
        assert!(
            (0..tries).any(|_| {
                let done = ready();
                if !done {
                    std::thread::park_timeout(MOMENT);
                }
                done
            }),
            "PostgreSQL did not start in {}",
            self.directory.display()
        );
    }

    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut words = as_account();
        words.push(program.display().to_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(&self.directory);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Ok(mut keeper) = self.keeper.lock()
            && let Some((mut child, stdin)) = keeper.take()
        {
            drop(stdin);
            let _ = child.wait();
        }
    }
}

/// Makes an authority, and a certificate of `localhost` that it vouches for.
fn certify(data: &Path) {
    let script = "set -e
        key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
        openssl req -x509 $key -keyout ca.key -out ca.pem -days 30 -subj /CN=authority
        openssl req $key -keyout server.key -out server.csr -subj /CN=localhost
        echo 'subjectAltName=DNS:localhost' > names
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile names -out server.crt
        chmod 600 server.key
        if [ $(id -u) = 0 ]; then chown $1 server.key server.crt; fi";
    let made = Command::new("sh")
        .args(["-c", script, "sh", ACCOUNT])
        .current_dir(data)
        .output()
        .expect("sh");
    check("openssl", &made);
}

/// One below those that the system gives away by itself, so that nobody takes it before the database does.
fn free_port() -> u16 {
    let first = std::process::id() % 10_000;
    (0..10_000)
        .map(|next| 20_000 + (first + next) % 10_000)
        .filter_map(|port| u16::try_from(port).ok())
        .find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

fn check(what: &str, output: &Output) {
    assert!(
        output.status.success(),
        "{what}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Where PostgreSQL's programs are: Debian keeps `initdb` out of the PATH.
fn programs() -> PathBuf {
    let mut places: Vec<PathBuf> = std::env::var_os("DUNG_HEN_POSTGRES_BIN")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    places.extend(versions.flatten().map(|version| version.path().join("bin")));
    places.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    places
        .into_iter()
        .find(|place| place.join("initdb").is_file())
        .expect("PostgreSQL is not installed: scripts/tools database")
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout == b"0\n")
}

/// The words that go before a command so that root does not run it.
fn as_account() -> Vec<String> {
    let words: &[&str] = if is_root() {
        &[
            "setpriv",
            "--reuid",
            ACCOUNT,
            "--regid",
            ACCOUNT,
            "--init-groups",
            "--",
        ]
    } else {
        &["env"]
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}
