//! Events at a real receiver: signed, at least once, those of a case in order, again after a failure, given up in the
//! end, sent again on demand.

use chrono::NaiveDate;
use dung_hen_domain::civil::IsoDate;
use dung_hen_server::outgoing::courier::timestamp;
use dung_hen_server::outgoing::shown::{NoticeShown, SHOWN_JOB, keep};
use dung_hen_server::store::{DeliveryFilter, NewJob, Reader, StoreError, Writer};
use serde_json::{Value, json};

use crate::receiver::{
    FIRST, Mood, NOW, Received, Receiver, SECOND, courier, deliveries, endpoint, key, run, tell,
    two_overdue_cases,
};
use crate::support::{Server, case};

#[test]
fn a_broken_promise_is_told_once_signed_and_without_the_applicant() {
    let server = two_overdue_cases();
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "");
    assert_eq!(tell(&server, NOW).overdue, 2);
    assert_eq!(tell(&server, NOW).overdue, 0, "told once");
    run(&server, &endpoint, NOW);
    run(&server, &endpoint, NOW);
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    let clock: dung_hen_server::clock::Clock = NOW.parse().unwrap();
    for one in &received {
        assert!(one.is_signed(), "{one:?}");
        // 9:00 in Vietnam is 2:00 UTC.
        assert_eq!(one.at, 1_792_029_600);
        assert_eq!(one.at, timestamp(clock.now()));
        for private in ["Riêng Tư", "0900001234", "079000123456", "rieng.tu"] {
            assert!(!one.body.contains(private), "{private}: {}", one.body);
        }
    }
    let told = received
        .iter()
        .map(Received::json)
        .find(|told| told["data"]["case_code"] == FIRST)
        .unwrap();
    assert_eq!(told["type"], "case.overdue");
    let data = &told["data"];
    assert_eq!(data["agency"], "H98.1");
    assert_eq!(data["agency_name"], "UBND phường Một");
    assert_eq!(data["received"], "2026-10-05");
    assert_eq!(data["promise"], "2026-10-14");
    assert_eq!(data["apology"], "missing");
    assert!(
        deliveries(&server)
            .iter()
            .all(|one| one.state == "delivered")
    );
}

#[test]
fn the_agency_is_reminded_before_and_on_the_last_lawful_day() {
    let server = two_overdue_cases();
    // The promise is Wed 14/10; two working days before is Mon 12/10, the last lawful day Tue 13/10.
    for (moment, count, stage) in [
        ("2026-10-09T09:00:00+07:00", 0, ""),
        ("2026-10-12T09:00:00+07:00", 2, "due"),
        ("2026-10-12T15:00:00+07:00", 0, ""),
        ("2026-10-13T09:00:00+07:00", 2, "last_day"),
        ("2026-10-14T09:00:00+07:00", 2, "passed"),
    ] {
        assert_eq!(tell(&server, moment).reminders, count, "{moment}");
        let receiver = Receiver::start(&[]);
        let endpoint = endpoint(&receiver.url, "events = [\"apology.reminder\"]");
        run(&server, &endpoint, moment);
        let received = receiver.received();
        assert_eq!(received.len(), count, "{moment}");
        for one in received {
            let data = &one.json()["data"];
            assert_eq!(data["stage"], stage);
            assert_eq!(data["last_lawful_day"], "2026-10-13");
            assert_eq!(data["last_lawful_day_settled"], true);
        }
    }
}

#[test]
fn a_failure_holds_back_its_own_case_alone() {
    let server = two_overdue_cases();
    let receiver = Receiver::start(&[Mood::Fails(500)]);
    let endpoint = endpoint(&receiver.url, "");
    // A reminder and then the broken promise, for each case.
    tell(&server, "2026-10-14T09:00:00+07:00");
    tell(&server, NOW);
    run(&server, &endpoint, NOW);
    let told = receiver.told();
    // The failed one was tried once; its case waits; the other case went on.
    assert_eq!(told.len(), 3, "{told:?}");
    let failed = told[0].1.clone();
    let other: Vec<&str> = told
        .iter()
        .filter(|(_, code)| *code != failed)
        .map(|(kind, _)| kind.as_str())
        .collect();
    assert_eq!(other, ["apology.reminder", "case.overdue"]);
    run(&server, &endpoint, "2026-10-15T09:00:04+07:00");
    assert_eq!(receiver.told().len(), 3, "not before its time");
    // Five seconds, and up to a fifth more.
    run(&server, &endpoint, "2026-10-15T09:00:06+07:00");
    let told = receiver.told();
    let of_failed: Vec<&str> = told
        .iter()
        .filter(|(_, code)| *code == failed)
        .map(|(kind, _)| kind.as_str())
        .collect();
    assert_eq!(
        of_failed,
        ["apology.reminder", "apology.reminder", "case.overdue"]
    );
    let received = receiver.received();
    let same = received.iter().filter(|one| one.id == received[0].id);
    assert_eq!(same.count(), 2, "a repetition has the same id");
}

#[test]
fn a_receiver_that_dies_hangs_redirects_or_is_busy_is_asked_again() {
    for (mood, early, again) in [
        (
            Mood::Dies,
            "2026-10-15T09:00:04+07:00",
            "2026-10-15T09:00:06+07:00",
        ),
        (
            Mood::Hangs,
            "2026-10-15T09:00:04+07:00",
            "2026-10-15T09:00:06+07:00",
        ),
        (
            Mood::Redirects,
            "2026-10-15T09:00:04+07:00",
            "2026-10-15T09:00:06+07:00",
        ),
        // It asked for ten minutes.
        (
            Mood::Busy(600),
            "2026-10-15T09:09:59+07:00",
            "2026-10-15T09:10:00+07:00",
        ),
    ] {
        let server = Server::with(&case(FIRST, "4", json!({})));
        let receiver = Receiver::start(&[mood]);
        // Only who hangs is given up soon: a machine at work may keep the others waiting, too.
        let hangs = matches!(mood, Mood::Hangs);
        let hasty = endpoint(
            &receiver.url,
            if hangs { "timeout_seconds = 2" } else { "" },
        );
        let endpoint = endpoint(&receiver.url, "");
        tell(&server, NOW);
        run(&server, &hasty, NOW);
        run(&server, &hasty, early);
        let waiting = deliveries(&server).remove(0);
        assert_eq!(
            (waiting.state.as_str(), waiting.tries),
            ("waiting", 1),
            "{mood:?}"
        );
        assert!(waiting.reason.is_some(), "{mood:?}");
        assert_eq!(
            receiver.received().len(),
            1,
            "{mood:?}: no redirect is followed"
        );
        run(&server, &endpoint, again);
        let done = deliveries(&server).remove(0);
        assert_eq!(
            (done.state.as_str(), done.tries),
            ("delivered", 2),
            "{mood:?}"
        );
    }
}

#[test]
fn after_three_days_it_is_given_up_listed_and_sent_again_on_demand() {
    let server = Server::with(&case(FIRST, "4", json!({})));
    let receiver = Receiver::start(&[Mood::Fails(500); 13]);
    let endpoint = endpoint(&receiver.url, "");
    tell(&server, NOW);
    for day in 15..=31 {
        for hour in [9, 10, 11, 12, 13, 14, 18, 22] {
            run(
                &server,
                &endpoint,
                &format!("2026-10-{day}T{hour:02}:30:00+07:00"),
            );
        }
    }
    let given_up = deliveries(&server).remove(0);
    assert_eq!(
        (
            given_up.state.as_str(),
            given_up.tries,
            given_up.reason.as_deref()
        ),
        ("failed", 13, Some("status 500"))
    );
    assert_eq!(receiver.received().len(), 13);
    let now = server.state.now() + chrono::Duration::days(20);
    let again = server
        .state
        .store
        .write_now(move |writer| {
            writer.deliver_again(
                &DeliveryFilter {
                    state: Some("failed".to_owned()),
                    ..DeliveryFilter::default()
                },
                now,
            )
        })
        .unwrap();
    assert_eq!(again, 1);
    run(&server, &endpoint, "2026-11-05T09:00:00+07:00");
    assert_eq!(deliveries(&server)[0].state, "delivered");
    let received = receiver.received();
    assert_eq!(received.len(), 14);
    assert_eq!(received[0].id, received[13].id);
}

#[test]
fn gone_is_gone_and_the_next_one_is_tried() {
    let server = two_overdue_cases();
    let receiver = Receiver::start(&[Mood::Fails(410)]);
    let endpoint = endpoint(&receiver.url, "");
    tell(&server, NOW);
    run(&server, &endpoint, NOW);
    let mut states: Vec<String> = deliveries(&server)
        .into_iter()
        .map(|one| one.state)
        .collect();
    states.sort();
    assert_eq!(states, ["delivered", "failed"]);
}

#[test]
fn a_letter_and_a_notice_are_told_the_notice_without_its_hour() {
    let server = Server::with(&case(FIRST, "4", json!({})));
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "");
    assert_eq!(server.lookup(FIRST, Some("1234")).status, 200);
    server.written();
    server.import(&case(FIRST, "4", json!({ "DanhSachXinLoi": [{
        "SoVanBan": "12/XL", "NgayBanHanh": "20261015080000", "LyDo": "Thiếu người",
        "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261020170000", "NguoiKy": "Ông Ký" }] })));
    // Sent again, as connectors do.
    server.import(&case(FIRST, "4", json!({ "DanhSachXinLoi": [{
        "SoVanBan": "12/XL", "NgayBanHanh": "20261015080000", "LyDo": "Thiếu người",
        "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261020170000", "NguoiKy": "Ông Ký" }] })));
    run(&server, &endpoint, "2026-10-15T23:59:59+07:00");
    assert_eq!(
        receiver.received().len(),
        1,
        "the notice waits for the next day, and holds up nothing"
    );
    run(&server, &endpoint, "2026-10-16T00:00:00+07:00");
    let mut received = receiver.received();
    received.reverse();
    let told: Vec<Value> = received.iter().map(Received::json).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0]["type"], "notice.shown");
    assert_eq!(told[0]["timestamp"], "2026-10-15T00:00:00+07:00");
    assert_eq!(told[0]["data"]["shown"], "2026-10-15");
    assert_eq!(told[1]["type"], "letter.recorded");
    assert_eq!(told[1]["data"]["number"], "12/XL");
    assert_eq!(told[1]["data"]["revised_due"], "2026-10-20");
    assert!(
        !received[1].body.contains("Thiếu người"),
        "what was written stays here"
    );
}

/// A letter that comes when its case has ended is told like one that an officer records then; one that comes with a case
/// that was never known before it had ended is of the past, also when the case is sent again.
#[test]
fn a_letter_after_the_end_is_told_and_one_of_the_past_is_not() {
    let letter = json!([{ "SoVanBan": "12/XL", "NgayBanHanh": "20261015080000", "LyDo": "Thiếu người",
        "NgayHenTraTruoc": "20261014170000", "NguoiKy": "Ông Ký" }]);
    let end = json!({ "NgayKetThucXuLy": "20261015080000" });
    let both = json!({ "NgayKetThucXuLy": "20261015080000", "DanhSachXinLoi": letter });
    let of = |code: &str, sent: &[(&str, &Value)]| {
        let server = Server::with("");
        for (status, extra) in sent {
            server.import(&case(code, status, (*extra).clone()));
        }
        let about = format!("{code}/12/XL");
        let told = |reader: &mut Reader<'_>| reader.event_is_kept("letter.recorded", &about);
        server.state.store.read_now(told).unwrap()
    };
    let open = json!({});
    let sent: [(&[(&str, &Value)], bool); 5] = [
        // Ended late, then the letter.
        (&[("4", &open), ("10", &end), ("10", &both)], true),
        // Known when it ended, and the letter with the end.
        (&[("4", &open), ("9", &both)], true),
        (&[("10", &end), ("10", &both)], true),
        (&[("10", &both), ("10", &both)], false),
        // Opened again, the holder waits for it.
        (&[("10", &both), ("4", &both)], true),
    ];
    for (sent, told) in sent {
        assert_eq!(of(FIRST, sent), told, "{sent:?}");
    }
}

/// Two servers carry at once: each event arrives once.
#[test]
fn of_two_servers_each_event_is_carried_by_one() {
    let cases: Vec<String> = (0..40)
        .map(|index| case(&format!("H98.1-261005-{index:04}"), "4", json!({})))
        .collect();
    let server = Server::with(&cases.join("\n"));
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "");
    tell(&server, NOW);
    let (one, two) = (
        courier(&server, &endpoint, NOW),
        courier(&server, &endpoint, NOW),
    );
    server.block_on(async move {
        let (one, two) = tokio::join!(one.run_dry(), two.run_dry());
        one.unwrap();
        two.unwrap();
    });
    assert_eq!(receiver.received().len(), 40);
}

#[test]
fn a_gateway_says_what_became_of_it_and_only_of_its_own() {
    let server = Server::with(&case(FIRST, "4", json!({})));
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "");
    tell(&server, NOW);
    run(&server, &endpoint, NOW);
    let id = receiver.received()[0].id.clone();
    let key = |name: &str, scope: &str| key(&server, name, scope);
    let report = |key: &str, body: Value| {
        server
            .post_with(
                "/api/v1/deliveries",
                &body,
                &[("authorization", &format!("Bearer {key}"))],
            )
            .status
    };
    let good = json!({ "event": id, "outcome": "failed" });
    let sms = key("sms", "gateway");
    assert_eq!(report("", good.clone()), 401);
    assert_eq!(report(&key("sms", "connector"), good.clone()), 401);
    assert_eq!(report(&key("zalo", "gateway"), good.clone()), 404);
    assert_eq!(report(&sms, json!({ "event": id, "outcome": "lost" })), 400);
    assert_eq!(
        report(&sms, json!({ "event": "msg_x", "outcome": "failed" })),
        404
    );
    assert_eq!(deliveries(&server)[0].reported, None);
    assert_eq!(report(&sms, good), 200);
    assert_eq!(deliveries(&server)[0].reported.as_deref(), Some("failed"));
}

fn shown(case_code: &str) -> NoticeShown {
    let day = |day| IsoDate(NaiveDate::from_ymd_opt(2026, 10, day).unwrap());
    NoticeShown {
        case_code: case_code.to_owned(),
        agency: "H98.1".to_owned(),
        promise: day(14),
        shown: day(15),
    }
}

/// Shown in a moment they are one job, so that who looks a case up does not wait for a handful of rows of each; a day
/// later each is an event of its own.
#[test]
fn notices_shown_together_wait_as_one_and_are_told_one_by_one() {
    let server = two_overdue_cases();
    let store = &server.state.store;
    let now = server.state.now();
    store
        .write_now(move |writer| {
            // What an older version of the program or a hand has left there, and nobody can read.
            writer.add_job(&NewJob {
                kind: SHOWN_JOB.into(),
                key: "unreadable".to_owned(),
                lane: None,
                payload: "{".to_owned(),
                due: now,
            })?;
            keep(writer, vec![shown(SECOND), shown(FIRST)])
        })
        .unwrap();
    let jobs = |kind: &str| store.read_now(|reader| reader.job_counts(kind, server.state.now()));
    assert_eq!(jobs(SHOWN_JOB).unwrap().waiting, 2);
    assert_eq!(jobs("event").unwrap().waiting, 0);
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "");
    run(&server, &endpoint, "2026-10-15T23:59:59+07:00");
    assert_eq!(receiver.received().len(), 0, "the hour is the holder's");
    for _ in 0..2 {
        run(&server, &endpoint, "2026-10-16T00:00:00+07:00");
    }
    let received = receiver.received();
    let mut told: Vec<Value> = received
        .iter()
        .map(|one| one.json()["data"].clone())
        .collect();
    told.sort_by_key(|one| one["case_code"].to_string());
    assert_eq!(
        json!(told),
        json!([
            { "case_code": FIRST, "agency": "H98.1", "promise": "2026-10-14", "shown": "2026-10-15" },
            { "case_code": SECOND, "agency": "H98.1", "promise": "2026-10-14", "shown": "2026-10-15" },
        ])
    );
    let counts = jobs(SHOWN_JOB).unwrap();
    assert_eq!((counts.waiting, counts.given_up), (0, 1));
}

/// After a day of many look-ups there is much to tell of at midnight: what is due beside it does not wait for all of it.
#[test]
fn what_was_shown_yesterday_holds_up_no_other_event() {
    let server = two_overdue_cases();
    for n in 0..101 {
        let one = shown(&format!("H98.1-261005-1{n:03}"));
        let kept = move |writer: &mut Writer<'_>| keep(writer, vec![one.clone()]);
        server.state.store.write_now(kept).unwrap();
    }
    assert_eq!(tell(&server, "2026-10-16T00:00:01+07:00").overdue, 2);
    let receiver = Receiver::start(&[]);
    let endpoint = endpoint(&receiver.url, "");
    run(&server, &endpoint, "2026-10-16T00:00:02+07:00");
    let received = receiver.received();
    let kinds: Vec<String> = (received.iter())
        .map(|one| one.json()["type"].as_str().unwrap().to_owned())
        .collect();
    let overdue = |kind: &&String| *kind == "case.overdue";
    assert_eq!(
        (kinds.len(), kinds.iter().filter(overdue).count()),
        (103, 2)
    );
    assert_eq!(kinds[..3].iter().filter(overdue).count(), 2, "{kinds:?}");
}

/// Without the store nothing is told, and nothing is lost.
#[test]
fn an_event_of_something_that_did_not_happen_is_not_kept() {
    let server = Server::with(&case(FIRST, "4", json!({})));
    let outcome: Result<(), StoreError> = server.state.store.write_now(|writer| {
        keep(writer, vec![shown(FIRST)])?;
        Err(StoreError::new(
            dung_hen_server::store::ErrorKind::Other,
            "the cause did not happen",
        ))
    });
    assert!(outcome.is_err());
    let receiver = Receiver::start(&[]);
    run(
        &server,
        &endpoint(&receiver.url, ""),
        "2026-10-16T09:00:00+07:00",
    );
    assert_eq!(receiver.received().len(), 0);
}
