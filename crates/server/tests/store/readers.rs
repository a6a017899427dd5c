//! What a worker of the server leaves open between two questions.

use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use dung_hen_domain::case::CaseStatus;
use dung_hen_server::store::{CaseRecord, Store, StoreError};
use dung_hen_server::worker::in_place;

use crate::support::{Fixture, behind_its_back, case, sqlite};

const CODE: &str = "H98.1-1";

async fn asked(store: &Store) -> Option<CaseStatus> {
    let found: Result<_, StoreError> = store.find(|store| store.find_case(CODE)).await;
    found.unwrap().map(|record| record.status)
}

/// Asks on this thread, as a worker does: it is answered at once.
fn at_once<T>(asks: impl Future<Output = T>) -> Option<T> {
    match pin!(asks).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

fn status(store: &Store) -> Option<CaseStatus> {
    at_once(asked(store)).flatten()
}

fn file(fixture: &Fixture) -> &Path {
    Path::new(fixture.address.strip_prefix("sqlite:").unwrap())
}

/// Whether the write-ahead log can be emptied: nobody is in the middle of reading.
fn nobody_reads(fixture: &Fixture) -> bool {
    let database = rusqlite::Connection::open(file(fixture)).unwrap();
    database.busy_timeout(Duration::ZERO).unwrap();
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
    assert!(store.forget().unwrap());
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

/// A worker that never rests, because it always has something to do: the log begins anew all the same, and grows no further
/// than a few commits beyond the thousand pages from which on SQLite empties it. Each of these commits writes a hundred.
#[test]
fn who_always_reads_does_not_keep_the_log_from_beginning_anew() {
    let fixture = sqlite();
    let store = &fixture.store;
    store.rest()();
    for letter in 'a'..='z' {
        let mut record = with(CaseStatus::Received);
        record.detail.return_note = Some(letter.to_string().repeat(400_000));
        store
            .write_now(move |store| store.put_case(&record))
            .unwrap();
        assert_eq!(status(store), Some(CaseStatus::Received));
    }
    let log = file(&fixture).with_extension("db-wal");
    let bytes = std::fs::metadata(log).unwrap().len();
    assert!(bytes < 1_500 * 4_096, "{bytes}");
}

/// Asked within a question, a second connection is left below the first, which then answers everything: what another
/// process writes is not kept in the log by it for longer than a reading is left.
#[test]
fn who_is_never_asked_again_keeps_nothing_open() {
    let fixture = sqlite();
    let store = &fixture.store;
    put(store, CaseStatus::Received);
    store.rest()();
    let within = store.clone();
    let asked = store.find(move |store| {
        status(&within);
        store.find_case(CODE)
    });
    let found: Result<_, StoreError> = at_once(asked).unwrap();
    assert!(found.unwrap().is_some());
    behind_its_back(&fixture, "UPDATE cases SET status = 4");
    let database = rusqlite::Connection::open(file(&fixture)).unwrap();
    let begun = Instant::now();
    loop {
        status(store);
        let pages = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        let (all, emptied) = database
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], pages)
            .unwrap();
        if all == emptied {
            break;
        }
        // Long: it only tells what ends from what does not.
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}

/// Who waited for a disk where it stood has been replaced meanwhile: no worker is left to end what it leaves.
#[test]
fn who_is_no_worker_any_more_leaves_nothing() {
    let fixture = sqlite();
    let store = fixture.store.clone();
    put(&store, CaseStatus::Received);
    let (parks, parked) = std::sync::mpsc::channel();
    let rest = store.rest();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .on_thread_park(move || {
            rest();
            let _ = parks.send(());
        })
        .build()
        .unwrap();
    parked.recv().unwrap();
    let task = runtime.spawn(async move {
        // The worker that took over has nothing to do.
        in_place(|| parked.recv()).unwrap();
        asked(&store).await
    });
    assert_eq!(runtime.block_on(task).unwrap(), Some(CaseStatus::Received));
    assert!(nobody_reads(&fixture));
}
