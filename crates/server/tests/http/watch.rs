//! The deadline watch: what it costs follows what falls due, and whoever takes it over goes on.

use std::sync::Arc;

use chrono::Duration;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_server::clock::Clock;
use dung_hen_server::config::Province;
use dung_hen_server::figures::satisfaction::take_step;
use dung_hen_server::outgoing::watch::{self, Told, WATCH_JOB};
use dung_hen_server::reference::Reference;
use dung_hen_server::waiting::{Rating, Said};
use serde_json::json;

use crate::receiver::{FIRST, NOW, Receiver, SECOND, endpoint, run, tell};
use crate::support::{Server, case};

fn two_open_cases() -> Server {
    let cases = [case(FIRST, "4", json!({})), case(SECOND, "4", json!({}))];
    Server::with(&cases.join("\n"))
}

fn clock(moment: &str) -> chrono::NaiveDateTime {
    moment.parse::<Clock>().unwrap().now()
}

/// The promise is Wed 14/10: two working days before is Mon 12/10, the last lawful day Tue 13/10.
#[test]
fn a_case_is_looked_at_when_it_was_written_and_on_the_days_of_its_events_alone() {
    let server = two_open_cases();
    for (moment, looked, told) in [
        ("2026-10-06T09:00:00+07:00", 2, 0),
        ("2026-10-06T09:10:00+07:00", 0, 0),
        ("2026-10-09T09:00:00+07:00", 0, 0),
        ("2026-10-12T00:00:00+07:00", 2, 2),
        ("2026-10-12T23:50:00+07:00", 0, 0),
        ("2026-10-13T09:00:00+07:00", 2, 2),
        ("2026-10-14T09:00:00+07:00", 2, 2),
        ("2026-10-15T09:00:00+07:00", 2, 2),
        // However long they stay open.
        ("2026-10-16T09:00:00+07:00", 0, 0),
        ("2027-03-01T09:00:00+07:00", 0, 0),
    ] {
        let found = tell(&server, moment);
        assert_eq!(
            (found.looked, found.overdue + found.reminders),
            (looked, told),
            "{moment}"
        );
    }
}

/// A watch that did not run on the days before tells what is true today.
#[test]
fn what_was_missed_is_made_up_for_with_what_is_true_today() {
    let server = two_open_cases();
    let told = tell(&server, "2026-10-13T09:00:00+07:00");
    assert_eq!((told.looked, told.reminders, told.overdue), (2, 2, 0));
    let told = tell(&server, "2026-10-20T09:00:00+07:00");
    assert_eq!((told.looked, told.reminders, told.overdue), (2, 0, 2));
}

#[test]
fn a_case_that_is_written_is_looked_at_again_and_told_once() {
    let server = two_open_cases();
    tell(&server, NOW);
    // The agency names another date, without a letter: the promise of the receipt stays broken, and was told.
    server.import(&case(FIRST, "4", json!({ "NgayHenTra": "20261020170000" })));
    let told = tell(&server, NOW);
    assert_eq!((told.looked, told.overdue), (1, 0));
    server.import(&case(
        SECOND,
        "10",
        json!({ "NgayKetThucXuLy": "20261015080000" }),
    ));
    assert_eq!(
        tell(&server, NOW),
        Told::default(),
        "a finished case is over"
    );
}

/// Some senders write the last day of the calendar where there is no date. It costs no more than any other: nothing is
/// told of it, and it is not looked at before the last weeks.
#[test]
fn a_promise_in_the_year_9999_holds_up_nobody() {
    let far = |n: u32| {
        let code = format!("H98.1-261005-{n:04}");
        case(&code, "4", json!({ "NgayHenTra": "99991231170000" }))
    };
    let mut cases: Vec<String> = (100..250).map(far).collect();
    cases.push(case(FIRST, "4", json!({})));
    let server = Server::with(&cases.join("\n"));
    let told = tell(&server, NOW);
    assert_eq!((told.looked, told.overdue, told.reminders), (151, 1, 0));
    assert_eq!(tell(&server, "2027-03-01T09:00:00+07:00").looked, 0);
}

#[test]
fn other_terms_make_every_open_case_be_looked_at_again() {
    let server = two_open_cases();
    let friday = "2026-10-09T09:00:00+07:00";
    assert_eq!(tell(&server, friday).looked, 2);
    let province = r#"
code = "H98"
name = { vi = "Tỉnh Mẫu", en = "Sample Province" }
remind_working_days = 4
agencies = [{ code = "H98.1", name = "UBND phường Một", level = "commune" }]
"#;
    let reference = Arc::new(Reference::new(Province::parse(province).unwrap()).unwrap());
    let told = watch::tell(&server.state.store, &reference, clock(friday)).unwrap();
    assert_eq!((told.looked, told.reminders), (2, 2));
    let told = watch::tell(&server.state.store, &reference, clock(friday)).unwrap();
    assert_eq!(told.looked, 0);
}

/// A server takes the watch and dies: for two minutes nobody looks, then another does, and tells everything once.
#[test]
fn a_watch_that_died_is_taken_over_after_two_minutes() {
    let server = two_open_cases();
    let (store, now) = (&server.state.store, clock(NOW));
    let look = |moment| watch::look(store, &server.state.reference, moment).unwrap();
    assert_eq!(look(now).unwrap().overdue, 2);
    assert_eq!(look(now + Duration::minutes(9)), None, "not its turn");
    let turn = now + Duration::minutes(10);
    server.import(&case(FIRST, "4", json!({ "MaTTHC": "1.004222" })));
    server.import(&case("H98.1-261005-0003", "4", json!({})));
    let taken = store.write_now(move |writer| {
        let jobs = writer.take_jobs(WATCH_JOB, turn, Duration::minutes(2), 1, &[9; 32])?;
        writer.take_looks(turn.date(), 100)?;
        Ok::<_, dung_hen_server::store::StoreError>(jobs)
    });
    assert_eq!(taken.unwrap().len(), 1);
    assert_eq!(look(turn + Duration::seconds(119)), None, "another has it");
    let told = look(turn + Duration::seconds(120)).unwrap();
    assert_eq!((told.looked, told.overdue), (2, 1));
}

#[test]
fn figures_of_an_agency_that_have_moved_are_told_once_as_coarse_as_they_are_published() {
    let server = Server::with("");
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "events = [\"rating.summary\"]");
    let rate = |from: u8, count: u8| {
        let ratings: Vec<Rating> = (from..from + count)
            .map(|n| Rating {
                spent: [n; 32],
                handle: [n | 0x80; 32],
                label: "2026-10|H98.1|commune|1.004222|Đăng ký, quản lý cư trú|decided|in_time"
                    .to_owned(),
                instrument: INSTRUMENT.to_owned(),
                language: "vi".to_owned(),
                said: Said {
                    overall: if n % 5 == 0 { 2 } else { 5 },
                    factors: [None; 5],
                    wrong: None,
                },
            })
            .collect();
        let store = &server.state.store;
        let added = store.write_now(move |writer| writer.add_ratings(&ratings));
        added.unwrap();
    };
    let step = |day: &str| {
        let today = clock(day).date();
        let stepped = server
            .state
            .store
            .write_now(move |writer| take_step(writer, today));
        stepped.unwrap();
    };
    rate(0, 10);
    assert_eq!(tell(&server, NOW).summaries, 0, "nothing is published yet");
    step(NOW);
    assert_eq!(tell(&server, NOW).summaries, 1);
    assert_eq!(tell(&server, NOW).summaries, 0, "told once");
    run(&server, &endpoint, NOW);
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    let told = received[0].json();
    assert_eq!(told["type"], "rating.summary");
    // 8 of 10 at the two best levels.
    assert_eq!(
        told["data"],
        json!({ "agency": "H98.1", "agency_name": "UBND phường Một", "period": "2026-10",
            "changed_on": "2026-10-15", "n": 10, "satisfied": 8, "percent": 80.0,
            "target": told["data"]["target"], "official_index": false })
    );
    // What anyone may read, and no more: the same numbers.
    let published = server.get("/api/v1/metrics/satisfaction?period=2026-10&agency=H98.1");
    assert_eq!(published.body["overall"]["n"], 10);
    assert_eq!(published.body["overall"]["satisfied"], 8);
    assert_eq!(published.body["overall"]["target"], told["data"]["target"]);
    // Three more are not enough for a step: nothing moves, nothing is told.
    rate(20, 3);
    step("2026-10-16T09:00:00+07:00");
    assert_eq!(tell(&server, "2026-10-16T09:00:00+07:00").summaries, 0);
    rate(30, 5);
    step("2026-10-17T09:00:00+07:00");
    assert_eq!(tell(&server, "2026-10-17T09:00:00+07:00").summaries, 1);
}
