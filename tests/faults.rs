//! What happens when disk or database fail: a clear answer, nothing acknowledged lost, and recovery without a hand
//! laid on the server. docs/OPERATIONS.md has the table.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use dung_hen_tests::province::{Answer, Province, ask, ballot, look_up, rate, send_rating, stored};
use dung_hen_tests::{Cluster, until};
use serde_json::Value;

/// The code of the problem; a status of 503 says when to come back, and both languages say what is the matter.
fn problem(answer: &Answer) -> &str {
    let (status, body) = answer;
    assert_eq!(*status, 503, "{body}");
    assert!(body["retry_after_s"].as_u64().is_some(), "{body}");
    for language in ["vi", "en"] {
        let sentence = body["message"][language].as_str().unwrap_or_default();
        assert!(!sentence.is_empty(), "{body}");
    }
    body["code"].as_str().unwrap_or_default()
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|done| done.status.success())
}

/// A small disk: a file system of its own where this account may make one, else a limit on the size of files.
struct SmallDisk {
    directory: tempfile::TempDir,
    mounted: bool,
}

impl SmallDisk {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mounted = succeeds(
            Command::new("mount")
                .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
                .arg(directory.path()),
        );
        Self { directory, mounted }
    }

    /// What goes before the server's name.
    fn words(&self) -> Vec<&'static str> {
        if self.mounted {
            return Vec::new();
        }
        // 512 blocks of 512 bytes. Without the trap the kernel would kill whoever writes more.
        vec!["sh", "-c", "trap '' XFSZ; ulimit -f 512; exec \"$@\"", "sh"]
    }

    fn filler(&self) -> PathBuf {
        self.directory.path().join("filler")
    }

    fn fill(&self) {
        if self.mounted {
            let megabyte = vec![0_u8; 1 << 20];
            let mut file = std::fs::File::create(self.filler()).expect("a file");
            for size in [megabyte.len(), 4096, 512] {
                while std::io::Write::write_all(&mut file, &megabyte[..size]).is_ok() {}
            }
        }
    }

    fn free(&self, pid: u32) {
        if self.mounted {
            std::fs::remove_file(self.filler()).expect("the filler");
        } else {
            let lifted = Command::new("prlimit")
                .args(["--pid", &pid.to_string(), "--fsize=unlimited"])
                .status();
            assert!(lifted.expect("prlimit").success());
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = succeeds(Command::new("umount").arg("-l").arg(self.directory.path()));
        }
    }
}

#[test]
fn a_full_disk_refuses_ratings_and_loses_none() {
    let disk = SmallDisk::new();
    let province = Province::at(&disk.directory.path().join("data"));
    let cases = 150;
    province.import(cases);
    let mut server = province.serve_through(&disk.words(), &[]);
    disk.fill();
    let mut acknowledged = Vec::new();
    // What is left of the log's pages takes a few.
    let refused = (0..cases).find_map(|index| {
        let answer = rate(&server.address, index).expect("a living server");
        match answer.0 {
            200 | 201 => {
                acknowledged.push(index);
                None
            }
            _ => Some(answer),
        }
    });
    let refused = refused.expect("the disk was never full");
    assert_eq!(problem(&refused), "store_unavailable");
    let looked = look_up(&server.address, 0).expect("a living server");
    assert_eq!(looked.0, 200, "look-ups go on: {}", looked.1);

    disk.free(server.pid());
    let next = acknowledged.len();
    let answer = rate(&server.address, next).expect("a living server");
    assert_eq!(answer.0, 201, "the same server goes on: {}", answer.1);
    acknowledged.push(next);
    server.kill();
    let server = province.serve();
    for index in &acknowledged {
        assert_eq!(rate(&server.address, *index).expect("an answer").0, 200);
    }
    assert_eq!(stored(&server.address), acknowledged.len());
}

#[test]
fn a_disk_that_takes_no_writes_is_named_at_the_start() {
    let province = Province::new(None);
    province.import(1);
    let is_root = succeeds(Command::new("sh").args(["-c", "test $(id -u) = 0"]));
    // To root no file is read-only.
    let words: &[&str] = if is_root {
        &[
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--",
        ]
    } else {
        &[]
    };
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("chmod");
    };
    mode(province.data().parent().expect("a parent"), 0o755);
    mode(&province.data().join("server.key"), 0o444);
    mode(&province.file(), 0o444);
    mode(province.data(), 0o555);
    let before = std::fs::read(province.file()).expect("the database");
    let output = province.fail_to_serve(words);
    mode(province.data(), 0o755);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(
        said.contains("database") && said.contains("readonly"),
        "{said}"
    );
    assert_eq!(
        std::fs::read(province.file()).expect("the database"),
        before
    );
    mode(&province.file(), 0o644);
    let server = province.serve();
    assert_eq!(rate(&server.address, 0).expect("an answer").0, 201);
}

#[test]
fn a_damaged_file_is_told_and_a_backup_heals_it_while_the_server_runs() {
    let province = Province::new(None);
    province.import(100);
    let backup = province.data().join("backup.db");
    let backup_path = backup.display().to_string();
    let done = province.run(&["backup", &backup_path]);
    assert!(done.status.success(), "{done:?}");
    let server = province.serve_through(&[], &[]);
    // Every page but the first, in the file that is open: the tables and their description are gone.
    let length = std::fs::metadata(province.file())
        .expect("the database")
        .len();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(province.file());
    let noise = vec![0xa5; usize::try_from(length).expect("a length") - 4096];
    file.and_then(|file| file.write_all_at(&noise, 4096))
        .expect("the database");
    let output = province.fail_to_serve(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("malformed"), "{said}");
    let looked = look_up(&server.address, 1).expect("a living server");
    assert_eq!(problem(&looked), "store_unavailable");
    let without = province.run(&["restore", &backup_path]);
    assert!(!without.status.success(), "nothing is replaced unasked");
    let done = province.run(&["restore", &backup_path, "--replace"]);
    assert!(done.status.success(), "{done:?}");
    assert_eq!(look_up(&server.address, 1).expect("an answer").0, 200);
    assert_eq!(rate(&server.address, 1).expect("an answer").0, 201);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let province = Province::new(None);
    province.import(1);
    let text = "these are the minutes of a meeting, not a database; but long enough to look at\n";
    std::fs::write(province.file(), text.repeat(100)).expect("a file");
    let output = province.fail_to_serve(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(said.contains("not a database"), "{said}");
    let found = std::fs::read_to_string(province.file()).expect("the file");
    assert_eq!(found, text.repeat(100));
}

/// Every wait for the disk is counted in one file, and lasts as long as another file is there.
const SLOW_DISK: &str = r#"
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static void wait_for_the_disk(void) {
    struct stat found;
    int count = open(getenv("DISK_COUNT"), O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (write(count, ".", 1) != 1) abort();
    close(count);
    while (stat(getenv("DISK_GATE"), &found) == 0) usleep(1000);
}
int fsync(int file) { wait_for_the_disk(); return (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { wait_for_the_disk(); return (int)syscall(SYS_fdatasync, file); }
"#;

/// A disk that hangs: ratings wait for it, look-ups do not; and when it moves again, one wait serves many.
#[test]
fn a_slow_disk_delays_ratings_alone_and_one_wait_serves_many() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    std::fs::write(path("slow.c"), SLOW_DISK).expect("a file");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o", &path("slow.so"), &path("slow.c")])
        .status();
    assert!(built.expect("cc").success());
    let province = Province::new(None);
    let many = 32;
    province.import(many + 1);
    let server = province.serve_through(
        &[],
        &[
            ("LD_PRELOAD", &path("slow.so")),
            ("DISK_COUNT", &path("count")),
            ("DISK_GATE", &path("gate")),
        ],
    );
    let ballots: Vec<Value> = (0..many)
        .map(|index| ballot(&server.address, index).expect("an answer").1)
        .collect();
    // The first rating of a week makes the key of that week, which all others wait for.
    assert_eq!(rate(&server.address, many).expect("an answer").0, 201);
    let waits = || std::fs::read(path("count")).map_or(0, |count| count.len());
    assert!(waits() > 0, "the disk is not the slow one");
    std::fs::write(path("gate"), "").expect("a file");
    let before = waits();
    let begun = AtomicUsize::new(0);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sending: Vec<_> = ballots
            .iter()
            .enumerate()
            .map(|(index, ballot)| {
                let (server, begun) = (&server, &begun);
                scope.spawn(move || {
                    begun.fetch_add(1, Ordering::Relaxed);
                    send_rating(&server.address, index, ballot)
                        .expect("an answer")
                        .0
                })
            })
            .collect();
        until("all have begun, and wait", || {
            begun.load(Ordering::Relaxed) == many && waits() != before
        });
        for index in 0..many {
            let looked = look_up(&server.address, index).expect("an answer");
            assert_eq!(looked.0, 200, "look-ups do not wait: {}", looked.1);
        }
        assert!(
            sending.iter().all(|one| !one.is_finished()),
            "not before it is on the disk"
        );
        std::fs::remove_file(path("gate")).expect("the gate");
        sending
            .into_iter()
            .map(|one| one.join().expect("a citizen"))
            .collect()
    });
    assert_eq!(statuses, vec![201; many]);
    let waited = waits() - before;
    assert!(waited <= many / 2, "{waited} waits for {many} ratings");
}

/// Of two servers with one waiting room the other hangs in the middle, inside the room or while it lets groups in: this
/// one ends all the same when it is asked to, and what waits enters after the next start.
#[test]
fn a_server_that_hangs_does_not_keep_another_from_stopping() {
    let province = Province::new(None);
    let cases = 12;
    province.import(cases);
    for held in ["waiting/entering", "waiting/ratings"] {
        let mut server = province.serve_through(
            &[],
            &[
                ("DUNG_HEN__HTTP__FINISH_SECONDS", "1"),
                ("DUNG_HEN__HTTP__DRAIN_SECONDS", "0"),
            ],
        );
        let before = stored(&server.address);
        let hangs = std::fs::File::open(province.data().join(held)).expect("a file");
        if held == "waiting/entering" {
            hangs.lock().expect("a lock");
            for index in 0..cases {
                assert_eq!(rate(&server.address, index).expect("an answer").0, 201);
            }
        } else {
            assert_eq!(before, cases);
            hangs.lock().expect("a lock");
        }
        let ended = server.ask_to_stop().expect("an end");
        assert_eq!(ended.code(), Some(0), "{held}");
    }
    let server = province.serve();
    assert_eq!(stored(&server.address), cases);
    for index in 0..cases {
        assert_eq!(rate(&server.address, index).expect("an answer").0, 200);
    }
}

/// PostgreSQL hangs while a group is let in: the server ends all the same when it is asked to, and the group enters after
/// the next start.
#[test]
fn a_database_that_hangs_does_not_keep_a_server_from_stopping() {
    let cluster = Cluster::start(false);
    let database = cluster.database();
    let province = Province::new(Some(database.clone()));
    let cases = 12;
    province.import(cases);
    let mut server = province.serve_through(
        &[],
        &[
            ("DUNG_HEN__HTTP__FINISH_SECONDS", "1"),
            ("DUNG_HEN__HTTP__DRAIN_SECONDS", "0"),
        ],
    );
    let hangs = "CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
        CREATE TRIGGER hang BEFORE INSERT ON spent FOR EACH ROW EXECUTE FUNCTION hang()";
    cluster.sql_in(&database, hangs);
    for index in 0..cases {
        assert_eq!(rate(&server.address, index).expect("an answer").0, 201);
    }
    let ended = server.ask_to_stop().expect("an end");
    assert_eq!(ended.code(), Some(0));
    // What the server began hangs there still.
    let others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    cluster.sql_in(&database, others);
    cluster.sql_in(&database, "DROP FUNCTION hang CASCADE");
    let server = province.serve();
    assert_eq!(stored(&server.address), cases);
    for index in 0..cases {
        assert_eq!(rate(&server.address, index).expect("an answer").0, 200);
    }
}

#[test]
fn a_database_that_restarts_is_told_and_found_again() {
    let cluster = Cluster::start(true);
    let province = Province::new(Some(cluster.database()));
    province.import(3);
    let server = province.serve();
    assert_eq!(rate(&server.address, 0).expect("an answer").0, 201);
    cluster.kill();
    let refused = rate(&server.address, 1).expect("an answer");
    assert_eq!(problem(&refused), "store_unavailable");
    let looked = look_up(&server.address, 1).expect("an answer");
    assert_eq!(problem(&looked), "store_unavailable");
    let health = ask(&server.address, "GET", "/health", &Value::Null).expect("an answer");
    assert_eq!(problem(&health), "not_ready");
    cluster.restart();
    assert_eq!(rate(&server.address, 1).expect("an answer").0, 201);
    assert_eq!(rate(&server.address, 0).expect("an answer").0, 200);
    assert_eq!(stored(&server.address), 2);
}

/// As when the servers reach a standby after a failover, or an administrator has closed the database for writing.
#[test]
fn a_database_that_takes_no_writes_still_answers_look_ups() {
    let cluster = Cluster::start(false);
    let address = cluster.database();
    let province = Province::new(Some(address.clone()));
    province.import(2);
    let server = province.serve();
    cluster.sql("ALTER SYSTEM SET default_transaction_read_only = on");
    cluster.sql("SELECT pg_reload_conf()");
    // Each session reads the new setting when it next begins; the first that does is the proof.
    let refused = (0..200).find_map(|_| {
        let answer = rate(&server.address, 0).expect("an answer");
        (answer.0 == 503).then_some(answer)
    });
    assert_eq!(problem(&refused.expect("a refusal")), "store_unavailable");
    assert_eq!(look_up(&server.address, 1).expect("an answer").0, 200);
    cluster.sql("ALTER SYSTEM RESET default_transaction_read_only");
    cluster.sql("SELECT pg_reload_conf()");
    let taken = (0..200).any(|_| rate(&server.address, 1).expect("an answer").0 != 503);
    assert!(taken, "it never went on");
}
