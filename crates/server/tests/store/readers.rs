//! What a worker of the server leaves open between two questions.

use dung_hen_domain::case::CaseStatus;
use dung_hen_server::store::{CaseRecord, Store, StoreError};

use crate::support::{Fixture, behind_its_back, case, sqlite};

const CODE: &str = "H98.1-1";

/// Asks on this thread, as a worker does.
fn status(store: &Store) -> Option<CaseStatus> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let asked = store.find(|store| store.find_case(CODE));
    let found: Result<Option<CaseRecord>, StoreError> = runtime.unwrap().block_on(asked);
    found.unwrap().map(|record| record.status)
}

/// Whether the write-ahead log can be emptied: nobody is in the middle of reading.
fn nobody_reads(fixture: &Fixture) -> bool {
    let file = fixture.address.strip_prefix("sqlite:").unwrap();
    let database = rusqlite::Connection::open(file).unwrap();
    database.busy_timeout(std::time::Duration::ZERO).unwrap();
    let busy: i64 = database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .unwrap();
    busy == 0
}

fn with(status: CaseStatus) -> CaseRecord {
    CaseRecord {
        status,
        ..case(CODE)
    }
}

fn put(store: &Store, status: CaseStatus) {
    let record = with(status);
    store
        .write_now(move |store| store.put_case(&record))
        .unwrap();
}

#[test]
fn a_worker_leaves_its_reading_open_until_it_rests() {
    let fixture = sqlite();
    let store = &fixture.store;
    put(store, CaseStatus::Received);
    // Who never rests leaves nothing.
    assert_eq!(status(store), Some(CaseStatus::Received));
    assert!(nobody_reads(&fixture));
    let rest = store.rest();
    rest();
    put(store, CaseStatus::Processing);
    assert_eq!(status(store), Some(CaseStatus::Processing));
    assert!(!nobody_reads(&fixture));
    rest();
    assert!(nobody_reads(&fixture));
    // Nothing that was left is in the way of erasing.
    put(store, CaseStatus::Received);
    status(store);
    store.forget().unwrap();
    assert!(nobody_reads(&fixture));
}

#[test]
fn what_was_committed_is_seen_by_the_next_question_and_what_others_wrote_after_a_rest() {
    let fixture = sqlite();
    let store = &fixture.store;
    let rest = store.rest();
    rest();
    assert_eq!(status(store), None);
    for seen in [CaseStatus::Received, CaseStatus::Processing] {
        put(store, seen);
        assert_eq!(status(store), Some(seen));
    }
    behind_its_back(&fixture, "UPDATE cases SET status = 2");
    rest();
    assert_eq!(status(store), Some(CaseStatus::Received));
    // The store may go while one rests.
    drop(fixture);
    rest();
}
