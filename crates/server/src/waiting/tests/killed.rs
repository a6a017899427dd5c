//! A process that is killed between any two writes: what it kept counts once, whether it was acknowledged or not.

use std::sync::atomic::Ordering;

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::integrity::Counted;

use super::*;

const TODAY: &str = "2026-11-20";
const OTHER: &str = "2026-11|H98.2|commune||||";

/// As a citizen's rating is kept, the number that was tried again too.
fn rate(room: &mut WaitingRoom, n: u8) -> bool {
    if room.rating(&[n; 32]).is_some() {
        return false;
    }
    let (label, agency) = if n.is_multiple_of(2) {
        (LABEL, "H98.1")
    } else {
        (OTHER, "H98.2")
    };
    room.is_day(day(TODAY)).unwrap();
    room.keep(entry(n, label)).unwrap();
    let kinds = vec![(Counted::Stored, 1)];
    room.count_kept(&Kept::default(), [n; 32], agency, day(TODAY), kinds);
    true
}

/// So many ratings of each agency and of the province, by the month and by the day.
fn counted(room: &WaitingRoom) -> Vec<(String, String, u64)> {
    let mut all: Vec<_> = room
        .tallies()
        .map(|tally| {
            (
                tally.agency.clone(),
                tally.period.clone(),
                tally.get(Counted::Stored),
            )
        })
        .collect();
    all.sort();
    all
}

fn expected(first: u64, second: u64) -> Vec<(String, String, u64)> {
    [
        ("", "2026-11", first + second),
        ("", TODAY, first + second),
        ("H98.1", "2026-11", first),
        ("H98.2", "2026-11", second),
    ]
    .map(|(agency, period, n)| (agency.to_owned(), period.to_owned(), n))
    .to_vec()
}

/// One rating is safe; three more come together, and the process is killed after so many changes of the file. The next one
/// finds some of them; all are sent again. If that one is killed as well, the third counts the same.
#[test]
fn whoever_is_killed_in_the_middle_counts_each_once() {
    for first in 1..20 {
        for second in [0, 1, 2, 3, 4, 5, 6, 7, 9, 11] {
            let directory = tempfile::tempdir().unwrap();
            let mut room = WaitingRoom::open(directory.path()).unwrap();
            rate(&mut room, 0);
            room.seal().unwrap();
            room.file.unlock();
            room.refresh().unwrap();
            room.file.fault.lives.store(first, Ordering::SeqCst);
            for n in 1..4 {
                rate(&mut room, n);
            }
            room.seal().unwrap();
            drop(room);

            let mut room = WaitingRoom::open_dying(directory.path(), second).unwrap();
            for n in 0..4 {
                rate(&mut room, n);
            }
            room.seal().unwrap();
            drop(room);

            let mut room = WaitingRoom::open(directory.path()).unwrap();
            assert!(room.rating(&[0; 32]).is_some());
            for n in 0..4 {
                rate(&mut room, n);
            }
            room.seal().unwrap();
            let found = counted(&room);
            assert_eq!(found, expected(2, 2), "killed after {first}, then {second}");
            assert_eq!(room.ratings(), 4);
            drop(room);
            let room = WaitingRoom::open(directory.path()).unwrap();
            assert_eq!(
                counted(&room),
                expected(2, 2),
                "{first}, {second}: read again"
            );
        }
    }
}

/// What is on the disk between two stays tells of no rating that it came last.
#[test]
fn no_mark_is_left_on_a_rating_that_is_counted() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    for n in 0..4 {
        rate(&mut room, n);
    }
    let uncounted = |room: &WaitingRoom| {
        (0..room.entries.len())
            .filter(|slot| {
                room.file
                    .read(*slot)
                    .unwrap()
                    .is_some_and(|(_, counted)| !counted)
            })
            .count()
    };
    assert_eq!(uncounted(&room), 4);
    room.seal().unwrap();
    assert_eq!(uncounted(&room), 0);
}

/// A tally is overwritten in place, so it must fit into one sector, however much it counts.
#[test]
fn the_largest_tally_fits_into_a_sector() {
    let directory = tempfile::tempdir().unwrap();
    let mut room = WaitingRoom::open(directory.path()).unwrap();
    let kinds: Vec<_> = Counted::ALL
        .iter()
        .map(|kind| (*kind, 99_999_999))
        .collect();
    room.count(&"H".repeat(64), day(TODAY), &kinds);
    room.pay().unwrap();
    for tally in room.tallies() {
        let mut tally = tally.clone();
        tally.mark = u32::MAX;
        let entry = Entry {
            tally: Some(tally),
            ..Entry::default()
        };
        let length = serde_json::to_vec(&entry).unwrap().len();
        assert!(length <= 512 - 36, "{length} bytes");
    }
}
