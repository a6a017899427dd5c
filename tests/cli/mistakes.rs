//! What goes wrong on a first day: each message says what is wrong and what to do, names no secret, and the end is not 0.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use dung_hen_tests::program;

use crate::{run, text};

const PROVINCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample/province.toml");

/// What `serve` says when it cannot begin.
fn refused(data: &Path, more: &[&str]) -> String {
    let data = data.to_str().expect("UTF-8");
    let mut arguments = vec!["serve", "--data", data];
    if !more.contains(&"--province") {
        arguments.extend(["--province", PROVINCE]);
    }
    if !more.contains(&"--listen") {
        arguments.extend(["--listen", "127.0.0.1:0"]);
    }
    arguments.extend(more);
    let output = run(&arguments, "");
    assert!(!output.status.success(), "{arguments:?}");
    text(&output.stderr)
}

fn says(told: &str, words: &[&str]) {
    for word in words {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn an_address_that_cannot_be_listened_on_says_which_can() {
    let directory = tempfile::tempdir().expect("a directory");
    for wrong in ["127.0.0.1", "localhost:8080", "8080"] {
        let told = refused(directory.path(), &["--listen", wrong]);
        says(&told, &[wrong, "127.0.0.1:8080"]);
    }
    // An address of documentation: no machine has it.
    let told = refused(directory.path(), &["--listen", "192.0.2.1:8080"]);
    says(&told, &["192.0.2.1:8080", "127.0.0.1", "0.0.0.0"]);
}

#[test]
fn a_province_that_is_not_there_says_where_one_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = directory.path().join("tinh.toml");
    let told = refused(
        directory.path(),
        &["--province", missing.to_str().expect("UTF-8")],
    );
    says(
        &told,
        &["tinh.toml", "--province", "data/sample/province.toml"],
    );
}

/// One of the data directory's names is a file, or belongs to somebody else.
#[test]
fn a_directory_that_cannot_be_written_says_who_must() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    fs::write(&file, "").expect("a file");
    says(&refused(&file, &[]), &["file", "no directory", "--data"]);
    let closed = directory.path().join("closed");
    fs::create_dir(&closed).expect("a directory");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("rights");
    let told = as_nobody(directory.path(), &closed, "serve");
    says(&told, &["closed/server.key", "chown"]);
    // A key that is there, and a database that only another may write.
    let theirs = directory.path().join("theirs");
    fs::create_dir(&theirs).expect("a directory");
    fs::write(theirs.join("server.key"), "A".repeat(43)).expect("a key");
    fs::write(theirs.join("dung-hen.db"), "").expect("a database");
    for (name, mode) in [("server.key", 0o644), ("dung-hen.db", 0o444), ("", 0o555)] {
        let rights = fs::Permissions::from_mode(mode);
        fs::set_permissions(theirs.join(name), rights).expect("rights");
    }
    let told = as_nobody(directory.path(), &theirs, "serve");
    says(&told, &["theirs/dung-hen.db", "chown"]);
    let told = as_nobody(directory.path(), &theirs, "doctor");
    says(&told, &["BAD   data directory", "BAD   database", "chown"]);
    // The directory is the service's; what somebody else made in it before the first start is not.
    let rights = |name: &str, mode| {
        let rights = fs::Permissions::from_mode(mode);
        fs::set_permissions(theirs.join(name), rights).expect("rights");
    };
    rights("", 0o777);
    for command in ["serve", "doctor"] {
        let told = as_nobody(directory.path(), &theirs, command);
        says(&told, &["database", "readonly", "chown"]);
    }
    rights("dung-hen.db", 0o666);
    fs::create_dir(theirs.join("waiting")).expect("a directory");
    rights("waiting", 0o555);
    for command in ["serve", "doctor"] {
        let told = as_nobody(directory.path(), &theirs, command);
        says(&told, &["theirs/waiting", "chown"]);
    }
    rights("waiting", 0o777);
    fs::write(theirs.join("waiting/ratings"), "").expect("a file");
    rights("waiting/ratings", 0o444);
    for command in ["serve", "doctor"] {
        let told = as_nobody(directory.path(), &theirs, command);
        says(&told, &["theirs/waiting", "chown"]);
    }
    // A key that the service may not read is not lost.
    rights("server.key", 0o000);
    let told = as_nobody(directory.path(), &theirs, "doctor");
    let told = told
        .split_once("BAD   key")
        .expect("a finding about the key")
        .1;
    let advice = told.lines().nth(1).expect("what to do");
    says(advice, &["chown"]);
    assert!(!advice.contains("backup"), "{advice}");
}

/// The same for somebody whom rights bind: the tests may run as one whom none do.
fn as_nobody(directory: &Path, data: &Path, what: &str) -> String {
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).expect("rights");
    let (copy, province) = (directory.join("server"), directory.join("province.toml"));
    fs::copy(program(), &copy).expect("the server: build it first");
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).expect("rights");
    fs::copy(PROVINCE, &province).expect("a province");
    let root = Command::new("id").arg("-u").output().expect("id");
    let mut command = if root.stdout.starts_with(b"0\n") {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(&copy);
        command
    } else {
        Command::new(&copy)
    };
    command.arg(what);
    if what == "serve" {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    let output = command
        .arg("--province")
        .arg(&province)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .expect("the server");
    assert!(!output.status.success());
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_database_that_does_not_open_says_what_can_be_done() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path();
    let file = data.join("dung-hen.db");
    fs::write(&file, "xin chào, tôi không phải cơ sở dữ liệu").expect("a file");
    says(&refused(data, &[]), &["not a database", "server restore"]);
    // The header of a file that a program of the year 2030 has brought up.
    let mut newer = vec![0_u8; 4096];
    newer[..16].copy_from_slice(b"SQLite format 3\0");
    newer[16..24].copy_from_slice(&[16, 0, 1, 1, 0, 64, 32, 32]);
    newer[28..32].copy_from_slice(&1_u32.to_be_bytes());
    newer[44..48].copy_from_slice(&4_u32.to_be_bytes());
    newer[56..60].copy_from_slice(&1_u32.to_be_bytes());
    newer[60..64].copy_from_slice(&999_u32.to_be_bytes());
    newer[100] = 13;
    newer[105..107].copy_from_slice(&4096_u16.to_be_bytes());
    fs::write(&file, newer).expect("a file");
    let told = refused(data, &[]);
    says(
        &told,
        &["version 999 is newer", "newer program", "server restore"],
    );
    // Nobody listens on port 1.
    let told = refused(
        data,
        &["--database", "postgres://u:secret-word@127.0.0.1:1/d"],
    );
    says(&told, &["refused", "running", "DATABASE_URL"]);
    assert!(!told.contains("secret-word"), "{told}");
}

#[test]
fn the_doctor_says_of_each_what_to_do_about_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = directory.path().join("tinh.toml");
    let output = run(
        &[
            "doctor",
            "--data",
            directory.path().to_str().expect("UTF-8"),
            "--province",
            missing.to_str().expect("UTF-8"),
        ],
        "",
    );
    assert!(!output.status.success());
    let told = text(&output.stdout);
    // There is no key in it that could be corrected.
    says(&told, &["tinh.toml", "copy data/sample/province.toml"]);
    assert!(!told.contains("the key that is named"), "{told}");
}

/// It runs before each start: what the start needs and has not got is found by it.
#[test]
fn the_doctor_looks_for_the_secrets_that_the_start_needs() {
    let directory = tempfile::tempdir().expect("a directory");
    let province = directory.path().join("tinh.toml");
    let sample = fs::read_to_string(PROVINCE).expect("the sample");
    for (more, words) in [
        (
            "[[webhooks]]\nname = \"sms\"\nurl = \"https://sms.example.vn/\"\nreads_as = [\"gateway\"]\nsecret_file = \"sms.secret\"\n",
            ["webhooks, sms", "sms.secret"],
        ),
        (
            "[[pulls]]\nname = \"motcua\"\nurl = \"https://motcua.example.vn/?after={cursor}\"\nkey_file = \"motcua.key\"\n",
            ["pulls, motcua", "motcua.key"],
        ),
        (
            "[[portals]]\nissuer = \"https://cong.example.vn\"\naudience = \"https://dunghen.example.vn\"\nalgorithm = \"HS256\"\n",
            ["portals", "DUNG_HEN_PORTAL_SECRET"],
        ),
    ] {
        fs::write(&province, format!("{sample}\n{more}")).expect("a file");
        let province = province.to_str().expect("UTF-8");
        let told = refused(directory.path(), &["--province", province]);
        says(&told, &words);
        let data = directory.path().to_str().expect("UTF-8");
        let output = run(&["doctor", "--data", data, "--province", province], "");
        let told = text(&output.stdout);
        says(&told, &["BAD   ", "tinh.toml: configuration: "]);
        says(&told, &words);
    }
}

/// What is not UTF-8 has no place for every name, or takes bytes that are none.
#[test]
fn a_postgresql_that_is_not_in_utf8_is_refused() {
    let cluster = dung_hen_tests::Cluster::start(false);
    let directory = tempfile::tempdir().expect("a directory");
    for encoding in ["SQL_ASCII", "LATIN1"] {
        let database = cluster.database_in(encoding);
        let words = [encoding, "createdb --encoding=UTF8", "pg_dump"];
        let told = refused(directory.path(), &["--database", &database]);
        says(&told, &words);
        let data = directory.path().to_str().expect("UTF-8");
        let asked = ["doctor", "--data", data, "--province", PROVINCE];
        let output = run(&[&asked[..], &["--database", &database]].concat(), "");
        assert!(!output.status.success());
        let told = text(&output.stdout);
        says(&told, &["BAD   database"]);
        says(&told, &words);
    }
}
