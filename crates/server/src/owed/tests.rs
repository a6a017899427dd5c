use std::sync::mpsc;

use chrono::NaiveDate;

use super::*;

const LIMIT: AttemptLimit = AttemptLimit {
    minutes: 15,
    wrong: 5,
};

fn at(hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 10, 15)
        .unwrap()
        .and_hms_opt(hour, minute, 0)
        .unwrap()
}

fn counters(of: usize) -> [Counter; 2] {
    [1, 2].map(|kind| {
        let mut hash = [kind; 32];
        hash[..8].copy_from_slice(&of.to_le_bytes());
        (hash, LIMIT)
    })
}

fn shown(number: &str, agency: &str) -> Shown {
    let day = at(9, 0).date();
    let notice = NoticeRecord {
        number: number.to_owned(),
        facts: [1; 32],
        agency: agency.to_owned(),
        promised: day,
        issued: day,
        digest: [2; 32],
    };
    Shown {
        notice,
        case_code: "H98.1-261005-0001".to_owned(),
        agency: "H98.1".to_owned(),
    }
}

/// A store, with the file behind it.
fn store() -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("test.db");
    let store = Store::open(&format!("sqlite:{}", file.display())).unwrap();
    (directory, store)
}

/// Keeps the only connection that writes busy until the sender that is returned is gone.
fn hold_the_writer(store: &Store) -> mpsc::Sender<()> {
    let (free, busy) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let busy = Mutex::new(busy);
    let store = store.clone();
    std::thread::spawn(move || {
        store.write_now(move |_| {
            let _ = begun.send(());
            let _ = busy.lock().unwrap().recv();
            Ok::<_, StoreError>(())
        })
    });
    has_begun.recv().unwrap();
    free
}

/// Whoever looked a case up hangs up while the database is busy.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_under_way_when_whoever_asked_went_away_is_written_and_owed_no_more() {
    let (_directory, store) = store();
    let owed = Arc::new(Owed::default());
    // Nobody writes in the background.
    owed.lock().at_work = true;
    let counters = counters(1);
    let counted = owed.count_wrong(&store, &counters, [None; 2], at(9, 0));
    counted.await.unwrap();
    owed.shown(&store, shown("1", "H98.1")).await.unwrap();
    let free = hold_the_writer(&store);
    let gone = tokio::time::timeout(Duration::ZERO, owed.write(&store)).await;
    assert!(gone.is_err(), "it waits for the writer");
    drop(free);
    owed.write(&store).await.unwrap();
    assert!(owed.lock().is_empty());
    let kept = store.read_now(|store| store.attempts([&counters[0].0, &counters[1].0]));
    assert!(
        kept.unwrap()
            .iter()
            .all(|one| one.is_some_and(|one| one.wrong == 1))
    );
    let kept = store.read_now(|store| store.notices("1")).unwrap();
    assert_eq!(kept.len(), 1);
}

/// So much is owed that whoever adds one waits: until it is written, though others who waited went away.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_crowd_whoever_adds_one_waits_until_it_is_written() {
    let (_directory, store) = store();
    let owed = Arc::new(Owed::default());
    for of in 0..=MOST / 2 {
        let found = [None; 2];
        owed.lock().attempts.add(&counters(of), found, at(9, 0));
    }
    let free = hold_the_writer(&store);
    let (one, another) = (counters(MOST), counters(MOST + 1));
    let add = |counters| {
        let (owed, store) = (Arc::clone(&owed), store.clone());
        async move {
            owed.count_wrong(&store, counters, [None; 2], at(9, 0))
                .await
        }
    };
    let gone = tokio::time::timeout(Duration::ZERO, add(&one)).await;
    assert!(gone.is_err(), "it waits for the writer");
    let waits = add(&another);
    drop(free);
    waits.await.unwrap();
    assert_eq!(owed.attempts(&another), [None; 2]);
    assert_eq!(owed.attempts(&one), [None; 2]);
    for counters in [one, another] {
        let kept = store.read_now(|store| store.attempts([&counters[0].0, &counters[1].0]));
        assert!(kept.unwrap().iter().all(Option::is_some));
    }
}

/// Two are shown the same around midnight, before either is written.
#[tokio::test]
async fn a_notice_shown_twice_at_once_has_the_first_day() {
    let (_directory, store) = store();
    let owed = Arc::new(Owed::default());
    let first = shown("1", "H98.1");
    let mut second = first.clone();
    second.notice.issued = first.notice.issued.succ_opt().unwrap();
    let stands = owed.shown(&store, first.clone()).await.unwrap();
    assert_eq!(stands, first.notice);
    let stands = owed.shown(&store, second).await.unwrap();
    assert_eq!(stands, first.notice);
}

/// Four are written of a window that ends at 9:15; one more comes before its end and five after it, before any of them
/// is written.
#[tokio::test(flavor = "multi_thread")]
async fn tries_at_the_turn_of_a_window_count_in_the_one_that_begins() {
    const DAY: AttemptLimit = AttemptLimit {
        minutes: 24 * 60,
        wrong: 20,
    };
    for limit in [LIMIT, DAY] {
        let (_directory, store) = store();
        let owed = Arc::new(Owed::default());
        owed.lock().at_work = true;
        let counters = counters(1).map(|(hash, _)| (hash, limit));
        let hashes = [counters[0].0, counters[1].0];
        let kept = || {
            let read = store.read_now(|store| store.attempts([&hashes[0], &hashes[1]]));
            read.unwrap()
        };
        let wrong = async |now| {
            // As a look-up does: of both the larger, while its window lasts.
            let found = owed.attempts(&counters);
            let found = if found[0].is_some() { found } else { kept() };
            owed.count_wrong(&store, &counters, found, now)
                .await
                .unwrap();
        };
        let begin = at(9, 0);
        let end = begin + chrono::Duration::minutes(limit.minutes);
        for _ in 0..4 {
            wrong(begin).await;
        }
        owed.write(&store).await.unwrap();
        wrong(end - chrono::Duration::milliseconds(100)).await;
        for _ in 0..5 {
            wrong(end).await;
        }
        owed.write(&store).await.unwrap();
        let five = AttemptCount {
            since: end,
            wrong: 5,
        };
        assert_eq!(kept(), [Some(five); 2]);
    }
}
