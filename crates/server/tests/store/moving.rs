//! Backups while writing, restoring under a running store, copies in both directions.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_server::keys::Digest;
use dung_hen_server::store::{
    AttemptLimit, BallotMark, ErrorKind, NewJob, ProgressEntry, Store, backup, copy, restore,
};
use dung_hen_server::waiting::{Comment, Rating, Said};

use crate::objections::{answer, objection};
use crate::support::{self, Fixture, case, moment, postgres, sqlite, until};

/// Something in every table.
fn fill(fixture: &Fixture) {
    fixture
        .store
        .write_now(|store| {
            for number in 0..250 {
                let mut one = case(&format!("H98.1-{number:04}"));
                one.detail.procedure_name = Some("Đăng ký 'thường trú'".to_owned());
                store.put_case(&one)?;
            }
            let step = ProgressEntry {
                at: moment(6, 9),
                unit: "Một cửa".to_owned(),
                note: String::new(),
                officer: None,
                title: None,
            };
            store.add_steps(&[("H98.1-0001", step)])?;
            let mark = BallotMark {
                seal: [7; 32],
                mask: [8; 32],
            };
            let label = BallotLabel {
                period: "2026-10".to_owned(),
                ..BallotLabel::default()
            };
            store.give_ballot("H98.1-0001", &mark, &label, None)?;
            store.add_comments(&[Comment {
                id: [9; 32],
                agency: "H98.1".to_owned(),
                level: "commune".to_owned(),
                language: "vi".to_owned(),
                text: "…".to_owned(),
            }])?;
            let limit = AttemptLimit {
                minutes: 15,
                wrong: 5,
            };
            store.count_wrong_attempts([(&[8; 32], limit, 1, moment(15, 9))])?;
            store.add_objection(&objection(
                "PA-1",
                ObjectionKind::UnknownCode,
                moment(15, 9),
            ))?;
            store.add_answer("PA-1", &answer(16))?;
            store.add_job(&NewJob {
                kind: "test".into(),
                key: "a".to_owned(),
                lane: None,
                payload: "{}".to_owned(),
                due: moment(15, 9),
            })?;
            support::mark(store)?;
            store.add_ratings(&[rating(0)])
        })
        .unwrap();
}

fn rating(number: u32) -> Rating {
    let mut spent: Digest = [0; 32];
    spent[..4].copy_from_slice(&number.to_be_bytes());
    Rating {
        spent,
        handle: spent,
        label: "2026-10|H98.1|commune||||".to_owned(),
        instrument: "five-factors-1".to_owned(),
        language: "vi".to_owned(),
        said: Said {
            overall: 5,
            factors: [None; 5],
            wrong: None,
        },
    }
}

fn path(fixture: &Fixture) -> &Path {
    Path::new(fixture.address.strip_prefix("sqlite:").unwrap())
}

fn stored(store: &Store) -> u64 {
    let all = store.write_now(|store| store.new_ratings());
    all.unwrap().len() as u64
}

#[test]
fn a_backup_made_under_load_is_the_state_of_one_moment() {
    let fixture = sqlite();
    fill(&fixture);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("copy.db");
    let (stop, written) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let number = written.fetch_add(1, Ordering::Relaxed) + 1;
                fixture
                    .store
                    .write_now(move |store| store.add_ratings(&[rating(number)]))
                    .unwrap();
            }
        });
        until("twenty are written", || {
            written.load(Ordering::Relaxed) >= 20
        });
        let checked = backup(path(&fixture), &file, |_, _| {}).unwrap();
        stop.store(true, Ordering::Relaxed);
        assert_eq!(checked.rows["cases"], 250);
        assert!(checked.rows["ratings"] > 19);
        // Row and count are written together, so in one moment they agree.
        let copy = Store::open_file(&file).unwrap();
        assert_eq!(stored(&copy), checked.rows["ratings"]);
    });
    let again = backup(path(&fixture), &file, |_, _| {}).unwrap_err();
    assert!(again.to_string().contains("there already"), "{again}");
}

#[test]
fn a_backup_is_restored_under_a_store_that_serves() {
    let fixture = sqlite();
    fill(&fixture);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("copy.db");
    backup(path(&fixture), &file, |_, _| {}).unwrap();
    for number in 1..50 {
        fixture
            .store
            .write_now(move |store| store.add_ratings(&[rating(number)]))
            .unwrap();
    }
    assert_eq!(stored(&fixture.store), 50);
    let checked = restore(&file, path(&fixture), |_, _| {}).unwrap();
    assert_eq!(checked.rows["ratings"], 1);
    // The store was open all the time; it reads and writes what is there now.
    assert_eq!(stored(&fixture.store), 1);
    fixture
        .store
        .write_now(|store| store.add_ratings(&[rating(77)]))
        .unwrap();
    assert_eq!(stored(&Store::open(&fixture.address).unwrap()), 2);
}

#[test]
fn a_damaged_backup_is_refused_and_nothing_changes() {
    let fixture = sqlite();
    fill(&fixture);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("copy.db");
    backup(path(&fixture), &file, |_, _| {}).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    let error = restore(&file, path(&fixture), |_, _| {}).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    std::fs::write(&file, "not a database, but long enough to look at").unwrap();
    assert!(restore(&file, path(&fixture), |_, _| {}).is_err());
    assert_eq!(stored(&fixture.store), 1);
}

/// What a backup that broke off leaves behind, and a database of another program: neither takes a province's place.
#[test]
fn what_no_backup_made_is_refused_and_nothing_changes() {
    let fixture = sqlite();
    fill(&fixture);
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    let foreign = directory.path().join("foreign.db");
    let other = rusqlite::Connection::open(&foreign).unwrap();
    other.execute_batch("CREATE TABLE t (a)").unwrap();
    drop(other);
    for file in [empty, foreign] {
        let error = restore(&file, path(&fixture), |_, _| {}).unwrap_err();
        assert!(error.to_string().contains("no backup"), "{error}");
    }
    assert_eq!(stored(&fixture.store), 1);
}

fn round_trip(from: &Fixture, to: &Fixture) {
    fill(from);
    let copied = copy(&from.address, &to.address, |_| {}).unwrap();
    let rows = |name: &str| copied.iter().find(|one| one.table == name).unwrap().rows;
    assert_eq!(rows("cases"), 250);
    assert_eq!(rows("due_history"), 250);
    for table in [
        "progress",
        "ratings",
        "figure_tail",
        "objections",
        "attempts",
        "jobs",
    ] {
        assert!(rows(table) > 0, "{table}");
    }
    for code in ["H98.1-0000", "H98.1-0001", "H98.1-0249"] {
        let read = |fixture: &Fixture| {
            fixture
                .store
                .read_now(|store| store.find_case(code))
                .unwrap()
        };
        assert!(read(from).is_some());
        assert_eq!(read(from), read(to));
    }
    // New rows come after those that were copied.
    to.store
        .write_now(|store| store.put_case(&case("NEW")))
        .unwrap();
    // And a second copy is refused.
    let again = copy(&from.address, &to.address, |_| {}).unwrap_err();
    assert!(again.to_string().contains("not empty"), "{again}");
}

#[test]
fn from_sqlite_to_postgresql() {
    round_trip(&sqlite(), &postgres());
}

#[test]
fn from_postgresql_to_sqlite() {
    round_trip(&postgres(), &sqlite());
}

#[test]
fn the_same_rows_have_the_same_hash_wherever_they_are() {
    let (first, second, third) = (sqlite(), postgres(), sqlite());
    fill(&first);
    let there = copy(&first.address, &second.address, |_| {}).unwrap();
    let back = copy(&second.address, &third.address, |_| {}).unwrap();
    assert_eq!(there, back);
    assert!(there.iter().all(|table| table.hash.len() == 32));
}
