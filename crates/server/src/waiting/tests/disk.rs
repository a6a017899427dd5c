//! What is on the disk, and when: the power goes, the disk fails, a task fails in the middle.

use std::sync::atomic::Ordering;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn one_wait_for_the_disk_serves_all_that_came_before_it() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let first = waiting
        .enter()
        .await
        .unwrap()
        .keep(entry(1, LABEL))
        .unwrap();
    let second = waiting
        .enter()
        .await
        .unwrap()
        .keep(entry(2, LABEL))
        .unwrap();
    waiting.on_disk(first).await.unwrap();
    assert!(waiting.synced() >= second);
    waiting.on_disk(second).await.unwrap();
}

#[test]
fn a_slot_half_written_counts_as_free() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    room.keep(entry(1, LABEL)).unwrap();
    let slot = room.by_spent[&[1; 32]];
    drop(room);
    let path = directory.path().join("ratings");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096 + slot * 6144 + 60] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 0);
}

/// All that were told that they are kept are there when the power goes: in what the disk has for sure, not only in what
/// the system remembers. A task that fails takes nobody with it.
#[tokio::test(flavor = "multi_thread")]
async fn many_are_kept_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let kept = |n: u8| {
        let waiting = std::sync::Arc::clone(&waiting);
        tokio::spawn(async move {
            let kept = waiting.keeping(move |room| {
                assert_ne!(n, 50, "this one fails");
                room.keep(entry(n, LABEL))
            });
            let kept = kept.await.is_ok();
            (kept, there(&after_a_power_cut(&waiting), n))
        })
    };
    let all: Vec<_> = (0..100).map(kept).collect();
    let mut count = 0;
    for one in all {
        let (kept, there) = one.await.unwrap();
        assert!(there || !kept, "acknowledged and gone");
        count += usize::from(kept);
    }
    assert_eq!(count, 99);
    assert_eq!(after_a_power_cut(&waiting).ratings(), 99);
}

/// The room as it is opened from what has come to the disk for sure.
fn after_a_power_cut(waiting: &Waiting) -> WaitingRoom {
    let directory = tempfile::tempdir().unwrap();
    let left = waiting.file().fault.left.lock().unwrap().clone();
    std::fs::write(directory.path().join("ratings"), left).unwrap();
    WaitingRoom::open(directory.path()).unwrap()
}

fn there(room: &WaitingRoom, n: u8) -> bool {
    room.rating(&[n; 32]).is_some()
}

/// A rating, corrections and what departs, with the power gone after each: never without either.
#[tokio::test(flavor = "multi_thread")]
async fn at_no_moment_is_there_neither_old_nor_new() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let keep = |n, overall| {
        let mut entry = with_comment(n);
        entry.rating.as_mut().unwrap().said.overall = overall;
        waiting.keeping(move |room| room.keep(entry))
    };
    for n in 0..20 {
        keep(n, 1).await.unwrap();
        keep(n, 2).await.unwrap();
        assert!(there(&after_a_power_cut(&waiting), n));
    }
    // While nobody has waited for the disk yet, too.
    let mut room = waiting.enter().await.unwrap();
    room.depart(|entry| Entry {
        comment: None,
        ..entry.clone()
    })
    .unwrap();
    assert_eq!(after_a_power_cut(&waiting).ratings(), 20);
}

/// What is counted is counted in all its places or in none, whichever write the disk refuses.
#[test]
fn what_cannot_be_counted_everywhere_is_counted_nowhere() {
    use dung_hen_domain::integrity::Counted;
    let counts = |room: &WaitingRoom| {
        let mut all: Vec<Tally> = room.tallies().cloned().collect();
        all.sort_by(|a, b| (&a.period, &a.agency).cmp(&(&b.period, &b.agency)));
        all
    };
    let kinds = [(Counted::Stored, 1), (Counted::ReceiptSecret, 2)];
    for fails in 1..=3 {
        let directory = tempfile::tempdir().unwrap();
        let mut room = WaitingRoom::open(directory.path()).unwrap();
        // Nothing there yet, then something, then for another agency beside it.
        for agency in ["H98.1", "H98.1", "H98.2"] {
            let before = counts(&room);
            let writes = &room.file.fault.writes;
            writes.store(fails, Ordering::SeqCst);
            assert!(room.count_all(agency, day("2026-11-20"), &kinds).is_err());
            assert_eq!(counts(&room), before, "write {fails}");
            let again = WaitingRoom::open(directory.path()).unwrap();
            assert_eq!(counts(&again), before, "write {fails}");
            room.count_all(agency, day("2026-11-20"), &kinds).unwrap();
        }
        let stored: Vec<_> = counts(&room)
            .iter()
            .map(|tally| (tally.agency.clone(), tally.get(Counted::Stored)))
            .collect();
        let named = |agency: &str, n| (agency.to_owned(), n);
        let expected = [
            named("", 3),
            named("H98.1", 2),
            named("H98.2", 1),
            named("", 3),
        ];
        assert_eq!(stored, expected);
    }
}

/// After a failure nobody knows what became of what was written before: nothing is acknowledged until a new start.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_disk_has_failed_nothing_is_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let keep = |n| waiting.keeping(move |room| room.keep(entry(n, LABEL)).map(|_| ()));
    keep(1).await.unwrap();
    let fails = &waiting.file().fault.next;
    fails.store(true, Ordering::SeqCst);
    assert!(keep(2).await.is_err());
    // The same again finds what was written, and the disk answers; but that says nothing about what it has lost.
    let found = waiting
        .keeping(|room| Ok(room.rating(&[2; 32]).is_some()))
        .await;
    assert!(found.is_err());
    assert!(keep(3).await.is_err());
    // Corrections wait for the disk in the room itself.
    assert!(
        waiting
            .enter()
            .await
            .unwrap()
            .keep(entry(1, LABEL))
            .is_err()
    );
    let waiting = Waiting::open(directory.path()).unwrap();
    let there = |room: &mut WaitingRoom| Ok(room.rating(&[1; 32]).is_some());
    assert!(waiting.keeping(there).await.unwrap());
}

/// What another server has written may be on its way to the disk: whoever finds it waits for the disk too.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_keeps_is_acknowledged_when_it_is_on_the_disk() {
    let directory = tempfile::tempdir().unwrap();
    let one = Waiting::open(directory.path()).unwrap();
    let other = Waiting::open(directory.path()).unwrap();
    let find = || other.keeping(|room| Ok(room.rating(&[1; 32]).is_some()));
    assert!(!find().await.unwrap());
    one.enter().await.unwrap().keep(entry(1, LABEL)).unwrap();
    let syncs = || other.file().fault.syncs.load(Ordering::SeqCst);
    let before = syncs();
    assert!(find().await.unwrap());
    assert!(syncs() > before);
}

/// A task that fails in the middle of its work leaves a room that is read anew, not one that is half known.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_task_that_failed_the_room_is_what_the_disk_says() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    waiting
        .keeping(|room| room.keep(entry(1, LABEL)))
        .await
        .unwrap();
    let failed = waiting.keeping(|room| -> std::io::Result<()> {
        room.by_spent.clear();
        panic!("in the middle")
    });
    assert!(failed.await.is_err());
    let there = |room: &mut WaitingRoom| Ok(room.rating(&[1; 32]).is_some());
    assert!(waiting.keeping(there).await.unwrap());
}

/// After a power cut a correction and an older copy of its rating may wait side by side; who corrects that copy says
/// something newer than both.
#[test]
fn new_answers_take_the_place_of_all_earlier_ones() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    room.keep(entry(1, LABEL)).unwrap();
    let older = Correction {
        handle: rating(1, LABEL).handle,
        instrument: "five-factors-1".into(),
        language: "vi".into(),
        said: rating(3, LABEL).said,
    };
    room.keep(Entry {
        correction: Some(older),
        comment: with_comment(9).comment,
        ..Entry::default()
    })
    .unwrap();
    let mut newest = entry(1, LABEL);
    newest.rating.as_mut().unwrap().said.overall = 5;
    room.keep(newest).unwrap();
    assert_eq!((room.ratings(), room.corrections()), (1, 0));
    let room = WaitingRoom::open(directory.path()).unwrap();
    assert_eq!((room.ratings(), room.corrections()), (1, 0));
    assert_eq!(
        room.entries
            .iter()
            .flatten()
            .filter(|e| e.comment.is_some())
            .count(),
        1
    );
}

/// However the task ends that lets groups in, another can begin.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_task_at_work_has_failed_another_begins() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let at_work = waiting.begin().unwrap();
    assert!(waiting.begin().is_none());
    let failed = tokio::spawn(async move {
        let _at_work = at_work;
        panic!("in the middle");
    });
    assert!(failed.await.is_err());
    assert!(waiting.begin().is_some());
}
