//! The file as an attacker with the disk sees it, and after a power cut.

use chrono::NaiveDate;

use super::*;

mod disk;
mod killed;
mod servers;

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

/// What the power left half written in a slot is not there any more when a shorter entry takes it.
#[test]
fn what_is_half_written_is_overwritten_whole() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let mut long = entry(1, LABEL);
    long.comment = with_comment(1).comment;
    long.comment.as_mut().unwrap().text = "một lời nhận xét ".repeat(60);
    room.keep(long).unwrap();
    let slot = room.by_spent[&[1; 32]];
    drop(room);
    let path = directory.path().join("ratings");
    let text = || String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
    assert!(text().contains("nhận xét"));
    let mut bytes = std::fs::read(&path).unwrap();
    // The first sector did not come to the disk.
    bytes[4096 + slot * 6144..][..512].fill(0);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(WaitingRoom::open(directory.path()).unwrap().ratings(), 0);
    assert!(!text().contains("nhận xét"));
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
    let key = room.week_key(day("2026-11-16"), true).unwrap();
    assert_eq!(room.week_key(day("2026-11-22"), true).unwrap(), key);
    let next = room.week_key(day("2026-11-23"), true).unwrap();
    assert_ne!(next, key);
    let live = room.live_keys(day("2026-11-29"), true).unwrap();
    assert!(live.contains(&(key, day("2026-11-29"))), "{live:?}");
    assert!(live.contains(&(next, day("2026-12-06"))), "{live:?}");
    drop(room);
    let path = directory.path().join("ratings");
    let holds = |key: &Digest| std::fs::read(&path).unwrap().windows(32).any(|w| w == key);
    assert!(holds(&key));
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    // A clock that is weeks ahead for a moment, and doubted, erases nothing.
    let ahead = room.week_key(day("2026-12-14"), false).unwrap();
    assert_eq!(room.live_keys(day("2027-01-04"), false).unwrap().len(), 3);
    assert!(holds(&key) && holds(&next) && holds(&ahead));
    let live = room.live_keys(day("2026-11-30"), true).unwrap();
    assert_eq!(live, [(next, day("2026-12-06"))]);
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
    for n in 1..=5 {
        room.keep(entry(n, LABEL)).unwrap();
    }
    assert_eq!(room.set_out().unwrap().len(), 1);
    let others = room.others();
    assert!(!room.take_back(&[1; 32], others));
    assert_eq!(room.ratings(), 5);
    room.arrived();
    assert!(room.take_back(&[1; 32], others));
    assert_eq!(room.ratings(), 4);
}

/// Five ratings of which none has company, and their comments, which have.
fn comments_alone_in_company() -> (tempfile::TempDir, WaitingRoom) {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    for n in 1..=5 {
        let mut alone = with_comment(n);
        alone.rating.as_mut().unwrap().label = format!("2026-11|H98.{n}|commune||||");
        room.keep(alone).unwrap();
    }
    (directory, room)
}

/// Nor is one whose comment is: sent again, it would bring another, and both would be read. Of five ratings without company
/// the comments enter; a sixth has none.
#[test]
fn whose_comment_has_set_out_is_not_taken_back() {
    let (_directory, mut room) = comments_alone_in_company();
    room.keep(entry(6, LABEL)).unwrap();
    assert!(room.set_out().unwrap().is_empty());
    assert_eq!(room.set_out_comments().unwrap().len(), 1);
    let others = room.others();
    assert!(!room.take_back(&[1; 32], others));
    assert!(room.take_back(&[6; 32], others));
    assert_eq!(room.ratings(), 5);
    room.arrived();
    assert!(room.take_back(&[1; 32], others));
    assert_eq!(room.ratings(), 4);
}

/// Corrected while its comment is entering: what is there has left, and what was said instead waits for company of its own.
#[test]
fn what_is_corrected_while_its_comment_enters_leaves_it_neither_behind_nor_twice() {
    let (_directory, mut room) = comments_alone_in_company();
    let going = room.set_out_comments().unwrap();
    let corrected = |room: &mut WaitingRoom, n: u8, comment: Option<Comment>| {
        let mut rating = room.rating(&[n; 32]).unwrap().clone();
        rating.said.overall = 1;
        let entry = Entry {
            rating: Some(rating),
            comment,
            ..Entry::default()
        };
        room.keep(entry).unwrap();
    };
    // One says nothing new, another something else.
    corrected(&mut room, 1, None);
    let other = Comment {
        id: [99; 32],
        ..with_comment(2).comment.unwrap()
    };
    corrected(&mut room, 2, Some(other.clone()));
    room.depart(|entry| {
        let mut left = entry.clone();
        left.comment
            .take_if(|one| going.iter().flatten().any(|gone| gone.id == one.id));
        left
    })
    .unwrap();
    room.arrived();
    let left: Vec<&Comment> = room.all_comments().collect();
    assert_eq!(left, [&other]);
    assert_eq!(room.ratings(), 5);
    for n in [1, 2] {
        assert_eq!(room.rating(&[n; 32]).unwrap().said.overall, 1);
    }
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
