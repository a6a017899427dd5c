//! Monthly briefs: the first one of an agency and month stays.

use dung_hen_server::store::BriefKept;

use crate::support::{Fixture, moment, on_both};

on_both!(a_brief_stays_as_it_was_first_made);

fn a_brief_stays_as_it_was_first_made(fixture: &Fixture) {
    let add = |agency: &'static str, month: &'static str, day: u32, content: &'static str| {
        let kept = BriefKept {
            agency: agency.to_owned(),
            month: month.to_owned(),
            made_at: moment(day, 0),
        };
        fixture
            .store
            .write_now(move |store| store.add_brief(&kept, content))
            .unwrap()
    };
    assert!(add("H98.1", "2026-09", 1, "first"));
    assert!(!add("H98.1", "2026-09", 2, "second"));
    assert!(add("H98.2", "2026-09", 1, "other"));
    assert!(add("H98.1", "2026-10", 3, "next"));
    let read = |agency: Option<&'static str>, limit| {
        let kept = fixture.store.read_now(|store| store.briefs(agency, limit));
        kept.unwrap()
            .into_iter()
            .map(|one| format!("{} {} {}", one.month, one.agency, one.made_at.date()))
            .collect::<Vec<_>>()
    };
    let day = |day| moment(day, 0).date();
    assert_eq!(
        read(None, 10),
        [
            format!("2026-10 H98.1 {}", day(3)),
            format!("2026-09 H98.1 {}", day(1)),
            format!("2026-09 H98.2 {}", day(1)),
        ]
    );
    assert_eq!(read(Some("H98.2"), 10).len(), 1);
    assert_eq!(read(None, 1).len(), 1);
    let content = |agency: &'static str, month: &'static str| {
        fixture
            .store
            .read_now(|store| store.brief(agency, month))
            .unwrap()
    };
    assert_eq!(content("H98.1", "2026-09").as_deref(), Some("first"));
    assert_eq!(content("H98.2", "2026-10"), None);
    let there = fixture
        .store
        .read_now(|store| store.agencies_with_brief("2026-09"))
        .unwrap();
    assert_eq!(there, ["H98.1", "H98.2"]);
}
