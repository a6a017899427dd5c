//! The file as an attacker with the disk sees it, and after a power cut.

use chrono::NaiveDate;

use super::*;

fn rating(n: u8, label: &str) -> Rating {
    Rating {
        spent: [n; 32],
        handle: [n ^ 0x80; 32],
        label: label.into(),
        instrument: "five-factors-1".into(),
        language: "vi".into(),
        said: Said {
            overall: 1 + n % 5,
            factors: [None; 5],
            wrong: None,
        },
    }
}

fn entry(n: u8, label: &str) -> Entry {
    Entry {
        rating: Some(rating(n, label)),
        ..Entry::default()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const LABEL: &str = "2026-11|H98.1|commune||||";

#[test]
fn what_was_kept_is_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..100 {
        room.keep(entry(n, LABEL)).unwrap();
    }
    drop(room);
    let room = WaitingRoom::open(directory.path()).unwrap();
    assert_eq!(room.ratings(), 100);
    assert_eq!(room.rating(&[7; 32]), Some(&rating(7, LABEL)));
    assert!(directory.path().join("CACHEDIR.TAG").is_file());
}

/// Two servers on one directory: what one keeps the other knows, and keys of weeks are shared.
#[test]
fn servers_that_share_a_directory_share_the_room() {
    let directory = tempfile::tempdir().unwrap();
    let mut one = WaitingRoom::open(directory.path()).unwrap();
    let mut other = WaitingRoom::open(directory.path()).unwrap();
    one.keep(entry(1, LABEL)).unwrap();
    let key = one.week_key(day("2026-11-16")).unwrap();
    other.refresh().unwrap();
    assert_eq!(other.rating(&[1; 32]), Some(&rating(1, LABEL)));
    assert_eq!(other.week_key(day("2026-11-16")).unwrap(), key);
    other.remove(|_| Entry::default()).unwrap();
    one.refresh().unwrap();
    assert_eq!(one.ratings(), 0);
}

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

#[test]
fn four_wait_and_five_are_ready() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..4 {
        room.keep(entry(n, LABEL)).unwrap();
        room.keep(entry(100 + n, "2026-11|H98.2|commune||||"))
            .unwrap();
    }
    assert!(room.ready().unwrap().is_empty());
    room.keep(entry(4, LABEL)).unwrap();
    let ready = room.ready().unwrap();
    assert_eq!(ready.len(), 1);
    assert_eq!(ready[0].len(), 5);
}

/// Another language or questionnaire would tell them apart inside the group.
#[test]
fn company_speaks_the_same_language() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..5 {
        let mut entry = entry(n, LABEL);
        if n == 4 {
            entry.rating.as_mut().unwrap().language = "en".into();
        }
        room.keep(entry).unwrap();
    }
    assert!(room.ready().unwrap().is_empty());
}

#[test]
fn what_has_gone_leaves_no_byte_behind() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let mut first = entry(1, LABEL);
    first.comment = Some(Comment {
        id: [9; 32],
        agency: "H98.1".into(),
        level: "commune".into(),
        language: "vi".into(),
        text: "một lời nhận xét".into(),
    });
    room.keep(first.clone()).unwrap();
    // Corrected while waiting: the earlier answers are gone, the comment stays.
    let mut corrected = entry(1, LABEL);
    corrected.rating.as_mut().unwrap().said.overall = 5;
    room.keep(corrected).unwrap();
    let text = || {
        String::from_utf8_lossy(&std::fs::read(directory.path().join("ratings")).unwrap())
            .into_owned()
    };
    assert_eq!(text().matches("overall").count(), 1);
    assert_eq!(text().matches("một lời nhận xét").count(), 1);
    room.remove(|entry| Entry {
        rating: None,
        ..entry.clone()
    })
    .unwrap();
    assert_eq!(text().matches("overall").count(), 0);
    assert_eq!(text().matches("một lời nhận xét").count(), 1);
    room.remove(|_| Entry::default()).unwrap();
    assert_eq!(text().matches("một lời nhận xét").count(), 0);
    assert_eq!(text().matches(LABEL).count(), 0);
}

#[test]
fn places_in_the_file_do_not_tell_the_order() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let mut rising = 0;
    let mut last = 0;
    for n in 0..40 {
        room.keep(entry(n, LABEL)).unwrap();
        let slot = room.by_spent[&[n; 32]];
        rising += usize::from(slot > last);
        last = slot;
    }
    assert!(rising < 40, "forty places one after the other");
}

#[test]
fn lonely_ratings_become_coarser_until_they_have_company() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..2 {
        room.keep(entry(n, LABEL)).unwrap();
    }
    for n in 2..5 {
        room.keep(entry(n, "2026-10|H98.2|commune||||")).unwrap();
    }
    while room.ready().unwrap().is_empty() && room.coarsen(|_| true).unwrap() {}
    let ready = room.ready().unwrap();
    assert_eq!(ready[0].len(), 5);
    assert!(
        ready[0].iter().all(|r| r.label == "2026-Q4||commune||||"),
        "{ready:?}"
    );
}

#[test]
fn keys_last_for_their_week_and_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    // Monday 16 November 2026.
    let key = room.week_key(day("2026-11-16")).unwrap();
    assert_eq!(room.week_key(day("2026-11-22")).unwrap(), key);
    let next = room.week_key(day("2026-11-23")).unwrap();
    assert_ne!(next, key);
    assert!(room.live_keys(day("2026-11-29")).unwrap().contains(&key));
    drop(room);
    let path = directory.path().join("ratings");
    let holds = |key: &Digest| std::fs::read(&path).unwrap().windows(32).any(|w| w == key);
    assert!(holds(&key));
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    assert!(!room.live_keys(day("2026-11-30")).unwrap().contains(&key));
    drop(room);
    assert!(!holds(&key));
    assert!(holds(&next));
}

#[test]
fn a_correction_is_possible_for_a_week_at_least() {
    // Sunday 22 November 2026 is the last day of its week: seven more days.
    assert_eq!(correct_until(day("2026-11-22")), day("2026-11-29"));
    assert_eq!(correct_until(day("2026-11-16")), day("2026-11-29"));
}

/// What leaves is overwritten at once, and what is left of it has a place of its own.
#[test]
fn who_departs_leaves_no_byte_behind() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    room.keep(with_comment(1)).unwrap();
    room.keep(entry(2, LABEL)).unwrap();
    let rest = |entry: &Entry| Entry {
        rating: None,
        ..entry.clone()
    };
    room.depart(rest).unwrap();
    assert_eq!(room.ratings(), 0);
    let text = std::fs::read(directory.path().join("ratings")).unwrap();
    let text = String::from_utf8_lossy(&text);
    assert_eq!(text.matches("overall").count(), 0);
    assert_eq!(text.matches("một lời nhận xét").count(), 1);
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 0);
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

/// Whoever asked the database before a rating left for it must ask again.
#[test]
fn who_left_lately_is_known() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let departed = |room: &WaitingRoom| room.departed.load(std::sync::atomic::Ordering::Acquire);
    room.keep(entry(1, LABEL)).unwrap();
    room.keep(entry(2, LABEL)).unwrap();
    let before = departed(&room);
    assert!(!room.left_since(before, &[1; 32]));
    room.depart(|entry| {
        let mut left = entry.clone();
        left.rating.take_if(|rating| rating.spent == [1; 32]);
        left
    })
    .unwrap();
    assert!(room.left_since(before, &[1; 32]));
    assert!(!room.left_since(before, &[2; 32]));
    assert!(!room.left_since(departed(&room), &[1; 32]));
    // What another server did is not known: ask again.
    let before = departed(&room);
    let mut other = WaitingRoom::open(directory.path()).unwrap();
    other.keep(entry(3, LABEL)).unwrap();
    room.refresh().unwrap();
    assert!(room.left_since(before, &[2; 32]));
}

/// On its way into the database a rating is not taken back: there it will be safe.
#[test]
fn who_has_set_out_is_not_taken_back() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    room.keep(entry(1, LABEL)).unwrap();
    room.set_out([[1; 32]].into());
    assert!(!room.take_back(&[1; 32]));
    assert_eq!(room.ratings(), 1);
    room.set_out([].into());
    assert!(room.take_back(&[1; 32]));
    assert_eq!(room.ratings(), 0);
}

/// Known at any time without looking at everyone, and the same as if one looked.
#[test]
fn whether_anyone_has_company_is_always_known() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let mut dice = 7u32;
    for n in 0..200u8 {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let label = format!("2026-11|H98.{}|commune||||", (dice >> 16) % 4);
        if (dice >> 24).is_multiple_of(9) {
            let gone = room.ready().unwrap();
            room.depart(|entry| {
                let mut left = entry.clone();
                left.rating.take_if(|one| {
                    gone.iter()
                        .flatten()
                        .any(|rating| rating.spent == one.spent)
                });
                left
            })
            .unwrap();
        }
        let mut came = entry(n % 120, &label);
        if n % 3 == 0 {
            came.comment = Some(Comment {
                id: [n % 40; 32],
                agency: "H98.1".into(),
                level: "commune".into(),
                language: "vi".into(),
                text: "lời".into(),
            });
        }
        room.keep(came).unwrap();
        let ready = room.ready().unwrap();
        let comments = room.comments_ready().unwrap();
        assert_eq!(room.unsettled(), ready.iter().flatten().count(), "{n}");
        assert_eq!(
            room.has_company(),
            !ready.is_empty() || !comments.is_empty(),
            "{n}"
        );
    }
}

/// All that were told that they are kept are there when the power goes; a task that fails takes nobody with it.
#[tokio::test(flavor = "multi_thread")]
async fn many_are_kept_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let all: Vec<_> = (0..100)
        .map(|n| {
            let waiting = std::sync::Arc::clone(&waiting);
            tokio::spawn(async move {
                waiting
                    .keeping(move |room| {
                        assert_ne!(n, 50, "this one fails");
                        room.keep(entry(n, LABEL))
                    })
                    .await
            })
        })
        .collect();
    let mut kept = 0;
    for one in all {
        kept += usize::from(one.await.unwrap().is_ok());
    }
    assert_eq!(kept, 99);
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 99);
}

fn with_comment(n: u8) -> Entry {
    let mut both = entry(n, LABEL);
    both.comment = Some(Comment {
        id: [n; 32],
        agency: "H98.1".into(),
        level: "commune".into(),
        language: "vi".into(),
        text: "một lời nhận xét".into(),
    });
    both
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
        one.file.write(free, &content).unwrap();
    }
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 20);
    one.refresh().unwrap();
    for n in 100..160 {
        one.keep(entry(n, LABEL)).unwrap();
    }
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 80);
}

/// After a failure nobody knows what became of what was written before: nothing is acknowledged until a new start.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_disk_has_failed_nothing_is_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = Waiting::open(directory.path()).unwrap();
    let keep = |n| waiting.keeping(move |room| room.keep(entry(n, LABEL)).map(|_| ()));
    keep(1).await.unwrap();
    let fails = &waiting.file().fault.next;
    fails.store(true, std::sync::atomic::Ordering::SeqCst);
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
    let syncs = || {
        other
            .file()
            .fault
            .syncs
            .load(std::sync::atomic::Ordering::SeqCst)
    };
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
