//! A database is served under its own key alone: what is said where it is missing or another one, and how to go on.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{run, text};

const PROVINCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample/province.toml");

/// A directory of data whose audit log has one entry.
struct Kept(tempfile::TempDir);

impl Kept {
    fn new() -> Self {
        let kept = Self(tempfile::tempdir().expect("a directory"));
        let made = kept.ask("key add gateway --scope gateway");
        assert!(made.0, "{}", made.1);
        kept
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn key(&self) -> PathBuf {
        self.data().join("server.key")
    }

    /// Whether a command ended well, and all it said.
    fn ask(&self, command: &str) -> (bool, String) {
        ask(command, &self.data())
    }
}

fn ask(command: &str, data: &Path) -> (bool, String) {
    let data = data.display().to_string();
    let mut arguments: Vec<&str> = command.split(' ').collect();
    arguments.extend(["--data", &data]);
    let output = run(&arguments, "");
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    (output.status.success(), said)
}

fn refused(kept: &Kept, wrong: &str) {
    for command in [
        format!("serve --province {PROVINCE} --listen 127.0.0.1:0"),
        format!("doctor --province {PROVINCE}"),
        "key list".to_owned(),
        "key add sms --scope gateway".to_owned(),
        "audit verify".to_owned(),
        "ballot-keys".to_owned(),
    ] {
        let (well, said) = kept.ask(&command);
        assert!(!well, "{command}: {said}");
        for words in [wrong, "data/server.key", "kept apart", "server new-key"] {
            assert!(said.contains(words), "{command}, {words}: {said}");
        }
    }
}

#[test]
fn a_key_that_is_missing_or_another_one_is_not_taken_without_a_word() {
    let kept = Kept::new();
    let own = fs::read(kept.key()).expect("a key");
    fs::remove_file(kept.key()).expect("a key");
    refused(&kept, "not there, and the database was served under it");
    assert!(!kept.key().exists(), "made without a word");
    fs::write(kept.key(), "A".repeat(43)).expect("a key");
    refused(&kept, "not the key that the database was served under");
    fs::write(kept.key(), own).expect("a key");
    assert!(kept.ask("audit verify").0);
}

#[test]
fn a_backup_under_another_key_says_so() {
    let kept = Kept::new();
    let copy = kept.0.path().join("copy.db").display().to_string();
    assert!(kept.ask(&format!("backup {copy}")).0);
    let elsewhere = Kept::new();
    let (well, said) = elsewhere.ask(&format!("restore {copy} --replace"));
    assert!(
        well && said.contains("not the key that the database was served under"),
        "{said}"
    );
    let nowhere = kept.0.path().join("again");
    let (well, said) = ask(&format!("restore {copy}"), &nowhere);
    assert!(
        well && said.contains("not there, and the database"),
        "{said}"
    );
    // Under its own nothing is said.
    let (well, said) = kept.ask(&format!("restore {copy} --replace"));
    assert!(well && !said.contains("server.key"), "{said}");
}

#[test]
fn a_lost_key_is_replaced_on_demand_and_the_log_says_since_when() {
    let kept = Kept::new();
    let own = fs::read(kept.key()).expect("a key");
    // Typed by mistake, it only tells what would be lost.
    let (well, said) = kept.ask("new-key");
    assert!(
        !well && said.contains("--replace") && said.contains("sent the case again"),
        "{said}"
    );
    assert_eq!(fs::read(kept.key()).expect("a key"), own);

    let (well, said) = kept.ask("new-key --replace");
    assert!(well && said.contains("server.key.old"), "{said}");
    assert_ne!(fs::read(kept.key()).expect("a key"), own);
    assert_eq!(
        fs::read(kept.data().join("server.key.old")).expect("a key"),
        own
    );
    let (well, said) = kept.ask("audit verify --list");
    assert!(well && said.contains("key.new"), "{said}");
    assert!(
        said.contains("the 1 entries before entry 2") && said.contains("1 entries, all seals fit"),
        "{said}"
    );
    // The key of before is in nobody's way, and not lost to a second try.
    assert!(!kept.ask("new-key --replace").0);
    assert!(kept.ask("key list").0);
    // Of another one, as of none, nothing is set aside.
    fs::remove_file(kept.key()).expect("a key");
    let (well, said) = kept.ask("new-key --replace");
    assert!(well && !said.contains("server.key.old"), "{said}");
    assert!(kept.ask("audit verify").0);
}
