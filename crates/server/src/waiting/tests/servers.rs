//! Several servers on one directory.

use std::time::Duration;

use super::*;

/// Two servers on one directory: what one keeps the other knows, and keys of weeks are shared.
#[test]
fn servers_that_share_a_directory_share_the_room() {
    let directory = tempfile::tempdir().unwrap();
    let mut one = WaitingRoom::open(directory.path()).unwrap();
    let mut other = WaitingRoom::open(directory.path()).unwrap();
    one.keep(entry(1, LABEL)).unwrap();
    let key = one.week_key(day("2026-11-16"), true).unwrap();
    other.refresh().unwrap();
    assert_eq!(other.rating(&[1; 32]), Some(&rating(1, LABEL)));
    assert_eq!(other.week_key(day("2026-11-16"), true).unwrap(), key);
    other.remove(|_| Entry::default()).unwrap();
    one.refresh().unwrap();
    assert_eq!(one.ratings(), 0);
}

/// Another server may have used the place meanwhile.
#[test]
fn nothing_is_overwritten_that_another_server_has_touched() {
    let directory = tempfile::tempdir().unwrap();
    let mut one = WaitingRoom::open(directory.path()).unwrap();
    let mut other = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..4 {
        let mut both = entry(n, LABEL);
        both.correction = Some(Correction {
            handle: [n; 32],
            instrument: "five-factors-1".into(),
            language: "vi".into(),
            said: rating(n, LABEL).said,
        });
        one.keep(both).unwrap();
    }
    one.depart(|entry| Entry {
        rating: None,
        ..entry.clone()
    })
    .unwrap();
    other.refresh().unwrap();
    other.remove(|_| Entry::default()).unwrap();
    // Every place is taken by now.
    for n in 100..160 {
        other.keep(entry(n, LABEL)).unwrap();
    }
    one.refresh().unwrap();
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 60);
}

/// One server takes out what has entered, another looks in between: what is left is there afterwards.
#[test]
fn what_is_left_of_an_entry_survives_another_server_that_looks_in_between() {
    let directory = tempfile::tempdir().unwrap();
    let mut one = WaitingRoom::open(directory.path()).unwrap();
    let mut other = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..20 {
        one.keep(with_comment(n)).unwrap();
    }
    one.depart(|entry| Entry {
        comment: None,
        ..entry.clone()
    })
    .unwrap();
    other.refresh().unwrap();
    one.refresh().unwrap();
    let again = WaitingRoom::open(directory.path()).unwrap();
    assert_eq!(again.ratings(), 20);
    assert!(again.entries.iter().flatten().all(|e| e.comment.is_none()));
}

/// A server dies between the new answers and the erasing of the old ones; the one that finds both tells the others
/// which place is free now.
#[test]
fn whoever_finds_a_rating_twice_tells_the_others_which_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let mut one = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..20 {
        one.keep(entry(n, LABEL)).unwrap();
    }
    for n in 0..20 {
        let content = serde_json::to_vec(&entry(n, LABEL)).unwrap();
        let free = (0..one.entries.len()).find(|slot| one.file.read(*slot).unwrap().is_none());
        let free = match free {
            Some(free) => free,
            None => {
                let free = one.file.slots().unwrap();
                one.file.grow().unwrap();
                free
            }
        };
        one.file.write(free, &content, true).unwrap();
    }
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 20);
    one.refresh().unwrap();
    for n in 100..160 {
        one.keep(entry(n, LABEL)).unwrap();
    }
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 80);
}

/// One server keeps a rating, another finds it and acknowledges it; then the first one's wait for the disk fails. Whoever was
/// told that it is kept is not told so in vain, and the first one's citizen is told nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_has_acknowledged_is_not_taken_back() {
    use std::sync::atomic::Ordering;

    use dung_hen_domain::integrity::Counted;
    let directory = tempfile::tempdir().unwrap();
    let one = Waiting::open(directory.path()).unwrap();
    let other = Waiting::open(directory.path()).unwrap();
    let keep = |room: &mut WaitingRoom, n: u8, kept: &Kept| {
        room.keep(entry(n, LABEL)).unwrap();
        let kinds = vec![(Counted::Stored, 1)];
        room.count_kept(kept, [n; 32], "H98.1", day("2026-11-20"), kinds);
        room.seal().unwrap();
        room.moment()
    };
    // The other has been in before, too: what it knows it has read when the rating was there already.
    let (alone, found) = (Kept::default(), Kept::default());
    keep(&mut one.enter().await.unwrap(), 1, &alone);
    drop(other.enter().await.unwrap());
    let moment = keep(&mut one.enter().await.unwrap(), 2, &found);
    drop(other.enter().await.unwrap());
    let repeated = other.keeping(|room| {
        assert!(room.rating(&[2; 32]).is_some());
        room.vouch()
    });
    repeated.await.unwrap();
    one.file().fault.next.store(true, Ordering::SeqCst);
    assert!(one.on_disk(moment).await.is_err());
    one.enter().await.unwrap().take_back_kept(&found);
    let again = WaitingRoom::open(directory.path()).unwrap();
    assert!(again.rating(&[2; 32]).is_some(), "acknowledged and gone");
    let stored = again.tallies().map(|tally| tally.get(Counted::Stored));
    assert_eq!(stored.max(), Some(2), "and counted");
}

/// One server keeps the last of a group, another lets the group in; then the first one's wait for the disk fails. It
/// enters the database and stays counted, though its citizen is told nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_lets_in_is_not_taken_back() {
    use std::sync::atomic::Ordering;

    use dung_hen_domain::integrity::Counted;
    let directory = tempfile::tempdir().unwrap();
    let one = Waiting::open(directory.path()).unwrap();
    let other = Waiting::open(directory.path()).unwrap();
    let last = Kept::default();
    let mut room = one.enter().await.unwrap();
    for n in 1..=5 {
        let kept = if n == 5 {
            last.clone()
        } else {
            Kept::default()
        };
        room.keep(entry(n, LABEL)).unwrap();
        let kinds = vec![(Counted::Stored, 1)];
        room.count_kept(&kept, [n; 32], "H98.1", day("2026-11-20"), kinds);
    }
    room.seal().unwrap();
    let moment = room.moment();
    room.leave();
    let entering = other.enter().await.unwrap().set_out().unwrap();
    assert_eq!(entering.iter().flatten().count(), 5);
    one.file().fault.next.store(true, Ordering::SeqCst);
    assert!(one.on_disk(moment).await.is_err());
    one.enter().await.unwrap().take_back_kept(&last);
    let again = WaitingRoom::open(directory.path()).unwrap();
    assert!(again.rating(&[5; 32]).is_some());
    let stored = again.tallies().map(|tally| tally.get(Counted::Stored));
    assert_eq!(stored.max(), Some(5), "entered and not counted");
}

/// One server of those that share a room lets groups in at a time, and no thread is held by those who wait.
#[tokio::test]
async fn servers_that_share_a_room_take_turns() {
    let directory = tempfile::tempdir().unwrap();
    let one = Waiting::open(directory.path()).unwrap();
    let other = Waiting::open(directory.path()).unwrap();
    let turn = one.turn().await.unwrap();
    let waits = tokio::spawn(async move { other.turn().await.map(|_| ()) });
    tokio::task::yield_now().await;
    assert!(!waits.is_finished());
    drop(turn);
    waits.await.unwrap().unwrap();
}

/// With few patience left: a server that stays at it is not waited for without end.
#[tokio::test]
async fn nobody_waits_without_end_for_the_turn_of_another_server() {
    let directory = tempfile::tempdir().unwrap();
    let one = Waiting::open(directory.path()).unwrap();
    let other = Waiting::open_for(directory.path(), hasty()).unwrap();
    let turn = one.turn().await.unwrap();
    let waited = tokio::time::timeout(Duration::from_secs(20), other.turn());
    let told = waited.await.unwrap().map(|_| ()).unwrap_err();
    assert_eq!(told.kind(), std::io::ErrorKind::WouldBlock);
    drop(turn);
    other.turn().await.unwrap();
}

/// Whoever keeps something waits within one patience, for a task of this server that stays inside too.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_without_end_for_a_task_that_stays_inside() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open_for(directory.path(), hasty()).unwrap();
    let inside = waiting.enter().await.unwrap();
    let keep = || waiting.keeping(|room| room.keep(entry(1, LABEL)));
    let waited = tokio::time::timeout(Duration::from_secs(20), keep());
    assert!(waited.await.unwrap().is_err());
    drop(inside);
    keep().await.unwrap();
    assert_eq!(waiting.enter().await.unwrap().ratings(), 1);
}

/// Whoever has waited for a task of this server has one try left at the door of the others.
#[test]
fn with_nothing_left_it_is_tried_once() {
    let waits = |longest| super::super::file::waits(longest).collect::<Vec<_>>();
    assert_eq!(waits(Duration::ZERO), [Duration::ZERO]);
    let half = Duration::from_millis(50);
    assert_eq!(waits(half).into_iter().sum::<Duration>(), half);
}

fn hasty() -> Limits {
    Limits {
        patience: Duration::from_millis(50),
        ..Limits::default()
    }
}
