//! What is on the disk, and when: the power goes, the disk fails, a task fails in the middle.

use std::sync::atomic::Ordering;

use super::*;
use crate::worker::in_place;

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
    for disk in DISKS {
        many_are_kept_on(disk).await;
    }
}

/// A disk that whoever writes waits for itself, and one that the other thread waits for.
const DISKS: [std::time::Duration; 2] = [std::time::Duration::MAX, std::time::Duration::ZERO];

fn open_on(disk: std::time::Duration, directory: &std::path::Path) -> std::sync::Arc<Waiting> {
    let limits = Limits {
        quick: disk,
        ..Limits::default()
    };
    Waiting::open_for(directory, limits).unwrap()
}

async fn many_are_kept_on(disk: std::time::Duration) {
    let directory = tempfile::tempdir().unwrap();
    let waiting = open_on(disk, directory.path());
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

/// Whoever comes when the places run out waits for the disk once, as everyone does: for all that was written.
#[test]
fn more_places_are_no_wait_of_their_own() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let before = (
        room.entries.len(),
        room.file.fault.syncs.load(Ordering::SeqCst),
    );
    for n in 0..=250 {
        room.keep(entry(n, LABEL)).unwrap();
    }
    let after = (
        room.entries.len(),
        room.file.fault.syncs.load(Ordering::SeqCst),
    );
    assert!(after.0 > before.0, "{after:?}");
    assert_eq!(after.1, before.1);
    room.file.sync().unwrap();
    let left = room.file.fault.left.lock().unwrap().clone();
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("ratings"), left).unwrap();
    assert_eq!(WaitingRoom::open(elsewhere.path()).unwrap().ratings(), 251);
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

/// What is counted is counted in all its places or in none, whichever write the disk refuses; and then it is owed.
#[test]
fn what_cannot_be_counted_everywhere_is_counted_nowhere_and_owed() {
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
            room.count(agency, day("2026-11-20"), &kinds);
            assert!(room.pay().is_err() && room.is_counting());
            assert_eq!(counts(&room), before, "write {fails}");
            let again = WaitingRoom::open(directory.path()).unwrap();
            assert_eq!(counts(&again), before, "write {fails}");
            room.pay().unwrap();
            room.pay().unwrap();
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

/// Whoever comes together is counted with one write for each number, and before anyone is told that it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn those_who_come_together_are_counted_together() {
    use dung_hen_domain::integrity::Counted;
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let mut room = waiting.enter().await.unwrap();
    let none_fails = 1_000_000;
    room.file.fault.writes.store(none_fails, Ordering::SeqCst);
    for n in 0..50 {
        room.keep(entry(n, LABEL)).unwrap();
        room.count("H98.1", day("2026-11-20"), &[(Counted::Stored, 1)]);
    }
    drop(room);
    let left = waiting.file().fault.writes.load(Ordering::SeqCst);
    assert_eq!(none_fails - left, 50 + 3, "the agency, the month, the day");
    waiting.file().fault.writes.store(0, Ordering::SeqCst);
    let keep = |n| {
        waiting.keeping(move |room| {
            room.count("H98.1", day("2026-11-20"), &[(Counted::Stored, 1)]);
            room.keep(entry(n, LABEL)).map(|_| ())
        })
    };
    keep(60).await.unwrap();
    assert_eq!(stored(&after_a_power_cut(&waiting)), 51);
    // The rating is written, its number is not: nobody is told that it is kept.
    waiting.file().fault.writes.store(2, Ordering::SeqCst);
    assert!(keep(61).await.is_err());
}

/// A rating whose numbers cannot be written, because the disk does not take them or somebody fails in the middle, is gone
/// before anyone can find it: who sends it again is kept anew, and nobody takes that back.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_counted_is_gone_before_anyone_finds_it() {
    use super::super::file::Fault;
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let other = Waiting::open(directory.path()).unwrap();
    let breaks: [fn(&Fault); 2] = [
        |fault| fault.writes.store(1, Ordering::SeqCst),
        |fault| fault.panics.store(true, Ordering::SeqCst),
    ];
    for (n, breaks) in (1..).zip(breaks) {
        // As a request does; `true` where it is there already.
        let send = |kept: &Kept, breaks: fn(&Fault)| {
            let kept = kept.clone();
            waiting.keeping(move |room| {
                let repeated = there(room, n);
                if !repeated {
                    keep_counted(room, n, &kept);
                    breaks(&room.file.fault);
                }
                Ok(repeated)
            })
        };
        let (first, again) = (Kept::default(), Kept::default());
        assert!(send(&first, breaks).await.is_err());
        assert!(!there(&other.enter().await.unwrap(), n));
        assert_eq!(stored(&other.enter().await.unwrap()), u64::from(n) - 1);
        assert!(!send(&again, |_| ()).await.unwrap());
        // The task of the first one learns only now what became of it.
        assert!(!first.is_there());
        waiting.enter().await.unwrap().take_back_kept(&first);
        let left = after_a_power_cut(&waiting);
        assert!(there(&left, n));
        assert_eq!(stored(&left), u64::from(n));
        assert_eq!(stored(&waiting.enter().await.unwrap()), u64::from(n));
    }
}

/// The same for whoever is inside alone; and numbers are on the disk at the moment that was waited for.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_seals_has_written_the_numbers_too() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let mut room = waiting.enter().await.unwrap();
    keep_counted(&mut room, 1, &Kept::default());
    room.file.fault.writes.store(1, Ordering::SeqCst);
    assert!(room.seal().is_err());
    assert!(!there(&room, 1));
    keep_counted(&mut room, 1, &Kept::default());
    room.seal().unwrap();
    let moment = room.moment();
    room.leave();
    waiting.on_disk(moment).await.unwrap();
    let left = after_a_power_cut(&waiting);
    assert!(there(&left, 1));
    assert_eq!(stored(&left), 1);
}

fn keep_counted(room: &mut WaitingRoom, n: u8, kept: &Kept) {
    use dung_hen_domain::integrity::Counted;
    room.keep(entry(n, LABEL)).unwrap();
    let kinds = vec![(Counted::Stored, 1)];
    room.count_kept(kept, [n; 32], "H98.1", day("2026-11-20"), kinds);
}

/// A server that waits a moment for another one to leave.
fn impatient(directory: &std::path::Path) -> std::sync::Arc<Waiting> {
    let limits = Limits {
        patience: std::time::Duration::from_millis(1),
        ..Limits::default()
    };
    Waiting::open_for(directory, limits).unwrap()
}

/// What was counted while another server was inside, or the disk took nothing, is counted by the next who comes in.
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_counted_is_counted_later() {
    use dung_hen_domain::integrity::Counted;
    let directory = tempfile::tempdir().unwrap();
    let waiting = impatient(directory.path());
    let other = Waiting::open(directory.path()).unwrap();
    let count = |n| waiting.count("H98.1", n, &[(Counted::Stored, 1)]);
    let inside = other.enter().await.unwrap();
    assert!(count(day("2026-11-20")).await.is_err());
    assert!(count(day("2026-11-21")).await.is_err());
    drop(inside);
    assert_eq!(stored(&waiting.enter().await.unwrap()), 2);
    let inside = other.enter().await.unwrap();
    assert!(count(day("2026-11-21")).await.is_err());
    drop(inside);
    // Also by a server that ends.
    drop(waiting);
    let room = other.enter().await.unwrap();
    assert_eq!(stored(&room), 3);
    let mut days: Vec<_> = room
        .tallies()
        .filter(|tally| tally.is_of_a_day())
        .map(|tally| (&*tally.period, tally.get(Counted::Stored)))
        .collect();
    days.sort_unstable();
    assert_eq!(days, [("2026-11-20", 1), ("2026-11-21", 2)]);
}

/// What a number of an agency grew by on a day that is not over stays in the room, also where it was counted late or by a
/// clock that was put back.
#[test]
fn a_late_count_lets_nothing_of_the_day_out() {
    use dung_hen_domain::integrity::Counted;
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let mut count = |on: &str, n| {
        room.count("H98.1", day(on), &[(Counted::Stored, n)]);
        room.pay().unwrap();
    };
    count("2026-11-20", 10);
    count("2026-11-21", 5);
    count("2026-11-20", 5);
    let tally = room
        .tallies()
        .find(|tally| tally.agency == "H98.1")
        .unwrap();
    let leaves = |today| {
        tally
            .leaving(today)
            .find(|(kind, _)| *kind == Counted::Stored)
    };
    assert_eq!(leaves("2026-11-20"), Some((Counted::Stored, 10)));
    assert_eq!(leaves("2026-11-21"), Some((Counted::Stored, 10)));
    assert_eq!(leaves("2026-11-22"), Some((Counted::Stored, 20)));
}

/// Ratings of the agency in the month.
fn stored(room: &WaitingRoom) -> u64 {
    use dung_hen_domain::integrity::Counted;
    let of_agency = room.tallies().filter(|tally| !tally.agency.is_empty());
    of_agency.map(|tally| tally.get(Counted::Stored)).sum()
}

/// After a failure nobody knows what became of what was written before: nothing is acknowledged until a new start.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_disk_has_failed_nothing_is_acknowledged() {
    for disk in DISKS {
        after_it_has_failed_nothing_is_acknowledged(disk).await;
    }
}

async fn after_it_has_failed_nothing_is_acknowledged(disk: std::time::Duration) {
    let directory = tempfile::tempdir().unwrap();
    let waiting = open_on(disk, directory.path());
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

/// What an earlier wait has brought to the disk is there, also for those who are told after a later one that fails.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_on_the_disk_is_told_so_whatever_fails_later() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let first = waiting.enter().await.unwrap().keep(entry(1, LABEL));
    let first = first.unwrap();
    waiting.on_disk(first).await.unwrap();
    let second = waiting.enter().await.unwrap().keep(entry(2, LABEL));
    waiting.file().fault.next.store(true, Ordering::SeqCst);
    let (one, two) = tokio::join!(waiting.told(first, 1), waiting.told(second.unwrap(), 1));
    one.unwrap();
    two.unwrap_err();
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

/// Whoever writes goes on, whatever fails while the room is entered, or read again for those who came together.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_while_the_room_is_read_ends_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let keep = |n| waiting.keeping(move |room| room.keep(entry(n, LABEL)).map(|_| ()));
    keep(1).await.unwrap();
    *waiting.file().fault.looks.lock().unwrap() = Some(|| panic!("while it is read"));
    assert!(keep(2).await.is_err());
    keep(3).await.unwrap();
    let fails = waiting.keeping(|room| {
        room.doubt();
        *room.file.fault.looks.lock().unwrap() = Some(|| panic!("while it is read again"));
        Ok(())
    });
    // Both are done in one hold: nobody is let in before both have come.
    let inside = waiting.enter().await.unwrap();
    let (first, next, ()) = tokio::join!(fails, keep(4), async { drop(inside) });
    assert!(first.is_ok() && next.is_err());
    keep(5).await.unwrap();
    let kept: Vec<u8> = (1..=5)
        .filter(|n| there(&after_a_power_cut(&waiting), *n))
        .collect();
    assert_eq!(kept, [1, 3, 5]);
}

/// Where it cannot be seen whether another server was inside, nothing is written by what was known before: a number
/// could take the place of a rating that the other has kept.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_counted_by_what_may_have_changed() {
    use dung_hen_domain::integrity::Counted;
    let directory = tempfile::tempdir().unwrap();
    let waiting = impatient(directory.path());
    let other = Waiting::open(directory.path()).unwrap();
    // All but the last few free places: wherever a number that is written blindly goes, it meets a rating.
    let mut inside = other.enter().await.unwrap();
    for n in 0..=255 {
        inside.keep(entry(n, LABEL)).unwrap();
    }
    let count = waiting.count("H98.1", day("2026-11-20"), &[(Counted::Stored, 1)]);
    assert!(count.await.is_err());
    drop(inside);
    let unseen = || Err(std::io::Error::other("a disk that cannot be read"));
    *waiting.file().fault.looks.lock().unwrap() = Some(unseen);
    assert!(waiting.enter().await.is_err());
    let room = WaitingRoom::open(directory.path()).unwrap();
    assert_eq!(room.ratings(), 256);
    assert_eq!(stored(&waiting.enter().await.unwrap()), 1);
}

/// Who only looks writes nothing when leaving: that may be on a thread that others wait for.
#[tokio::test(flavor = "multi_thread")]
async fn who_only_looked_leaves_without_writing() {
    use dung_hen_domain::integrity::Counted;
    let directory = tempfile::tempdir().unwrap();
    let waiting = impatient(directory.path());
    let inside = waiting.enter().await.unwrap();
    let count = waiting.count("H98.1", day("2026-11-20"), &[(Counted::Stored, 1)]);
    assert!(count.await.is_err());
    drop(inside);
    assert_eq!(stored(&WaitingRoom::open(directory.path()).unwrap()), 0);
    assert_eq!(stored(&waiting.enter().await.unwrap()), 1);
}

/// What was asked of the room may be the last that knows of it: then its threads end all the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_who_knows_of_the_room_may_be_inside() {
    use std::sync::mpsc::channel;
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let ((started, starts), (go, goes), (done, is_done)) = (channel(), channel(), channel());
    let last = std::sync::Arc::clone(&waiting);
    let asker = tokio::spawn(async move {
        let last = std::sync::Arc::clone(&waiting);
        let asked = waiting.keeping(move |_| {
            started.send(()).unwrap();
            let () = goes.recv().unwrap();
            drop(last);
            done.send(()).unwrap();
            Ok(())
        });
        asked.await
    });
    in_place(|| starts.recv()).unwrap();
    asker.abort();
    let _ = asker.await;
    drop(last);
    go.send(()).unwrap();
    // Long: it only tells a thread that stands still from one that is busy.
    let done = in_place(|| is_done.recv_timeout(std::time::Duration::from_secs(60)));
    assert!(
        done.is_ok(),
        "its thread waits for another that waits for it"
    );
    Waiting::open(directory.path()).unwrap();
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
