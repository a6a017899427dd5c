//! Many cases at once.

use std::sync::mpsc::channel;

use dung_hen_server::store::{
    CaseRecord, ComputedEntry, DueEntry, LetterEntry, StoreError, Writer,
};

use crate::cases::{find, put};
use crate::support::{Fixture, behind_its_back, case, moment, on_both};

on_both!(
    a_page_of_cases_is_those_cases,
    a_case_that_is_held_is_changed_by_nobody_else
);

/// One computes the date of an open case while another ends it, whose computed date goes with that: what was said last
/// holds, and none is left behind.
fn a_case_that_is_held_is_changed_by_nobody_else(fixture: &Fixture) {
    put(fixture, &case("A-1"));
    let (store, address) = (fixture.store.clone(), fixture.address.clone());
    let (ended, has_ended) = channel();
    let compute = move |writer: &mut Writer<'_>| {
        let id = writer.hold_cases(&["A-1"])?[0].id;
        let (other, ended) = (store.clone(), ended.clone());
        let other = std::thread::spawn(move || {
            let done = other.write_now(|writer| {
                let closed = |_, kept: Option<CaseRecord>| kept.unwrap();
                let id = writer.merge_cases(&["A-1"], closed)?[0].id;
                writer.put_computed(&[(id, None)])
            });
            ended.send(done).unwrap();
        });
        // The other has come as far as it gets: SQLite has one writer, PostgreSQL knows who waits.
        if address.starts_with("postgres:") {
            let mut watcher = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
            let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                AND wait_event_type = 'Lock'";
            let waits = |watcher: &mut ::postgres::Client| {
                watcher.query_one(waiting, &[]).unwrap().get::<_, i64>(0) > 0
            };
            while !waits(&mut watcher) && !other.is_finished() {}
        }
        writer.put_computed(&[(id, Some(ComputedEntry::default()))])
    };
    fixture.store.write_now(compute).unwrap();
    has_ended.recv().unwrap().unwrap();
    let kept = |reader: &mut dung_hen_server::store::Reader<'_>| {
        let kept = reader.kept_cases(&["A-1"])?;
        Ok::<_, StoreError>(kept[0].computed.clone())
    };
    assert_eq!(fixture.store.read_now(kept).unwrap(), None);
}

/// Read by the page, with a gap in the ids: what is read of each alone, but for steps and moves.
fn a_page_of_cases_is_those_cases(fixture: &Fixture) {
    let codes: Vec<String> = (0..7).map(|n| format!("H98.1-{}", 7 - n)).collect();
    for (n, code) in codes.iter().enumerate() {
        let mut one = case(code);
        // None, one, two promises more; a letter for every other one.
        let more = (0..n % 3).map(|sequence| DueEntry {
            due: moment(20 + u32::try_from(sequence).unwrap(), 0).date(),
            ..one.history[0].clone()
        });
        let more: Vec<DueEntry> = more.collect();
        one.history.extend(more);
        if n % 2 == 0 {
            one.letters.push(LetterEntry {
                issued: moment(14, 0).date(),
                number: Some(format!("{n}/TXL")),
                ..LetterEntry::default()
            });
        }
        put(fixture, &one);
        if n != 1 {
            let (code, day) = (code.clone(), moment(21, 0).date());
            let counted = move |store: &mut Writer<'_>| {
                let held = store.hold_cases(&[&code])?;
                store.put_counted(&[(held[0].id, code.clone(), Some(day))])
            };
            fixture.store.write_now(counted).unwrap();
        }
    }
    behind_its_back(
        fixture,
        "DELETE FROM letters WHERE case_id IN (SELECT id FROM cases WHERE code = 'H98.1-5');
         DELETE FROM due_history WHERE case_id IN (SELECT id FROM cases WHERE code = 'H98.1-5');
         DELETE FROM case_shown WHERE code = 'H98.1-5'; DELETE FROM cases WHERE code = 'H98.1-5';",
    );
    for size in [1, 2, 4, 100] {
        let mut seen = Vec::new();
        let mut after = 0;
        loop {
            let page = fixture
                .store
                .read_now(|store| store.counted_after(after, size))
                .unwrap();
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, case) in page {
                let counted = (case.record.code != codes[1]).then(|| case.record.code.clone());
                let day = counted.as_ref().map(|_| moment(21, 0).date());
                assert_eq!((case.counted, case.turns_on), (counted, day));
                seen.push(case.record);
            }
        }
        let alone: Vec<CaseRecord> = codes
            .iter()
            .filter_map(|code| find(fixture, code))
            .collect();
        assert_eq!((seen.len(), &seen), (6, &alone), "{size}");
    }
}
