//! SQLite's queue of writes: bounded, and nothing of it is lost.

use std::sync::{Arc, Mutex};

use dung_hen_server::store::{ErrorKind, Store, StoreError};

use crate::support::{mark, marks, sqlite, until};

#[test]
fn a_full_queue_turns_away_at_once_and_keeps_what_it_took() {
    let fixture = sqlite();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let disk = Arc::new(Mutex::new(()));
    let hung = disk.lock().unwrap();
    let (ready, begun) = std::sync::mpsc::channel();
    let (store, wait) = (fixture.store.clone(), Arc::clone(&disk));
    let first = runtime.spawn(async move {
        store
            .write(move |_| {
                ready.send(()).unwrap();
                drop(wait.lock().unwrap());
                Ok::<_, StoreError>(())
            })
            .await
    });
    begun.recv().unwrap();
    // The writer is busy with the first; 1,024 more may wait.
    let writes: Vec<_> = (0..1100)
        .map(|_| {
            let store = fixture.store.clone();
            runtime.spawn(async move { store.write(mark).await })
        })
        .collect();
    // Those turned away know at once, while the writer still hangs.
    until("those too many are turned away", || {
        writes.iter().filter(|write| write.is_finished()).count() >= 76
    });
    drop(hung);
    runtime.block_on(first).unwrap().unwrap();
    let (mut kept, mut busy) = (0, 0);
    for write in writes {
        match runtime.block_on(write).unwrap() {
            Ok(()) => kept += 1,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
                busy += 1;
            }
        }
    }
    assert_eq!((kept, busy), (1024, 76));
    assert_eq!(marks(&fixture.store), 1024);
}

/// Of those that are committed together, whoever fails takes back nothing but his own: the first, and any behind him.
#[test]
fn whoever_fails_takes_back_his_own_alone() {
    struct Refused;
    impl From<StoreError> for Refused {
        fn from(_: StoreError) -> Self {
            Self
        }
    }
    let fail = |fails: bool| if fails { Err(Refused) } else { Ok(()) };
    for first_fails in [true, false] {
        let fixture = sqlite();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let gate = Arc::new(Mutex::new(()));
        let shut = gate.lock().unwrap();
        let (ready, begun) = std::sync::mpsc::channel();
        let (store, wait) = (fixture.store.clone(), Arc::clone(&gate));
        let first = runtime.spawn(async move {
            store
                .write(move |writer| {
                    mark(writer)?;
                    let _ = ready.send(());
                    drop(wait.lock().unwrap());
                    fail(first_fails)
                })
                .await
        });
        begun.recv().unwrap();
        let others: Vec<_> = [true, false, true, false, false]
            .into_iter()
            .map(|fails| {
                let store = fixture.store.clone();
                let work = runtime.spawn(async move {
                    store
                        .write(move |writer| {
                            mark(writer)?;
                            fail(fails)
                        })
                        .await
                });
                (fails, work)
            })
            .collect();
        drop(shut);
        assert_eq!(runtime.block_on(first).unwrap().is_err(), first_fails);
        for (fails, work) in others {
            assert_eq!(runtime.block_on(work).unwrap().is_err(), fails);
        }
        assert_eq!(marks(&fixture.store), 3 + u64::from(!first_fails));
    }
}

/// Whoever copies the file of a server that has ended, or finds it damaged, has all there is before him.
#[test]
fn after_the_last_has_closed_it_everything_is_in_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).unwrap();
    store.write_now(mark).unwrap();
    assert_eq!(marks(&store), 1);
    drop(store);
    assert!(!path.with_file_name("test.db-wal").exists());
}
