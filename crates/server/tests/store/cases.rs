//! Cases, ballots and attempts.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::case::{CaseStatus, Decision};
use dung_hen_domain::wire::DueCause;
use dung_hen_server::store::{
    BallotMark, BallotOutcome, CaseRecord, ComputedEntry, Contest, Detail, DueEntry, ErrorKind,
    LetterEntry, MoveEntry, ProgressEntry, Reader, StoreError, Supplement,
};

use crate::objections::answer;
use crate::support::{Fixture, behind_its_back, case, moment, on_both};

on_both!(
    a_case_comes_back_as_it_went_in,
    what_was_promised_stays,
    steps_come_in_order_and_once,
    an_error_leaves_nothing_behind,
    a_failed_statement_fails_the_whole,
    a_failed_question_fails_the_whole,
    a_panic_takes_its_own_writes_back,
    a_ballot_is_given_to_one_number,
    a_label_is_shared_by_five,
    of_many_who_ask_at_once_one_gets_the_ballot,
    a_contested_ballot_is_given_anew_once,
    a_case_opens_only_to_whom_its_proofs_say,
    what_the_code_shows_is_what_the_case_says,
    an_agency_exists_with_its_first_case,
    computed_dates_are_kept_and_moves_stay,
);

pub(crate) fn put(fixture: &Fixture, case: &CaseRecord) {
    let case = case.clone();
    fixture
        .store
        .write_now(move |store| store.put_case(&case))
        .unwrap();
}

pub(crate) fn find(fixture: &Fixture, code: &str) -> Option<CaseRecord> {
    fixture
        .store
        .read_now(|store| store.find_case(code))
        .unwrap()
}

fn a_case_comes_back_as_it_went_in(fixture: &Fixture) {
    assert_eq!(find(fixture, "H98.1-1"), None);
    let mut whole = case("H98.1-1");
    whole.period_start = Some(moment(6, 8));
    whole.finished_at = Some(moment(13, 10));
    whole.returned_at = Some(moment(14, 16));
    whole.identity_hash = Some([2; 32]);
    whole.phone_hash = Some([0xff; 32]);
    whole.detail = Detail {
        procedure_name: Some("Đăng ký thường trú".to_owned()),
        supplements: vec![Supplement {
            content: Some("Giấy tờ; 'dấu' \"ngoặc\" \\ và ký tự \u{1F600}".to_owned()),
            asked: None,
            received: None,
            by: Some("Một cửa".to_owned()),
            new_due: None,
        }],
        fees: vec![("Lệ phí".to_owned(), "20000".to_owned())],
        decision: Some(Decision::Refused),
        ..Detail::default()
    };
    whole.letters = vec![LetterEntry {
        issued: moment(14, 0).date(),
        number: Some("12/TXL".to_owned()),
        agency: None,
        reason: Some("Chờ ý kiến".to_owned()),
        previous_due: whole.promise,
        revised_due: Some(moment(20, 0).date()),
        signer: None,
        evidence: Some("0".repeat(64)),
        recorded_by: Some("Bà Mẫu".to_owned()),
        recorded_at: Some(moment(14, 9)),
    }];
    put(fixture, &whole);
    assert_eq!(find(fixture, "H98.1-1").as_ref(), Some(&whole));
    // PostgreSQL cannot keep U+0000; neither database does.
    let mut odd = case("ODD");
    odd.procedure = "1.\u{0}004222".to_owned();
    put(fixture, &odd);
    assert_eq!(find(fixture, "ODD").unwrap().procedure, "1.004222");
    // A bare one: every column that may be empty is.
    let bare = CaseRecord::new("BARE");
    put(fixture, &bare);
    assert_eq!(find(fixture, "BARE"), Some(bare));
}

fn what_was_promised_stays(fixture: &Fixture) {
    let mut one = case("H98.1-1");
    put(fixture, &one);
    one.status = CaseStatus::Finished;
    one.promise = Some(moment(20, 0).date());
    one.history.push(DueEntry {
        named_by: Some("Trưởng phòng".to_owned()),
        reason: Some("Chờ xác minh".to_owned()),
        sent_by: Some("H98.1".to_owned()),
        recorded_by: Some("Trần Thị Ghi".to_owned()),
        ..DueEntry::new(moment(20, 0).date(), moment(13, 9), DueCause::Unexplained)
    });
    put(fixture, &one);
    assert_eq!(find(fixture, "H98.1-1").as_ref(), Some(&one));
    // A writer that forgot, or changed, what was promised first: it stands as it was.
    let mut forged = one.clone();
    forged.history[0].due = moment(1, 0).date();
    forged.history[1].named_by = Some("Someone else".to_owned());
    put(fixture, &forged);
    assert_eq!(find(fixture, "H98.1-1").unwrap().history, one.history);
}

fn steps_come_in_order_and_once(fixture: &Fixture) {
    put(fixture, &case("H98.1-1"));
    let step = |hour| ProgressEntry {
        at: moment(6, hour),
        unit: "Một cửa".to_owned(),
        note: String::new(),
        officer: None,
        title: Some("Chuyên viên".to_owned()),
    };
    for hour in [9, 8, 9] {
        let known = fixture
            .store
            .write_now(move |store| store.add_steps(&[("NONE", step(7)), ("H98.1-1", step(hour))]));
        assert_eq!(known.unwrap(), [false, true]);
    }
    let unknown = fixture
        .store
        .write_now(move |store| store.add_steps(&[("NONE", step(8))]));
    assert_eq!(unknown.unwrap(), [false]);
    assert_eq!(
        find(fixture, "H98.1-1").unwrap().progress,
        [step(8), step(9)]
    );
}

fn an_error_leaves_nothing_behind(fixture: &Fixture) {
    #[derive(Debug)]
    struct Changed;
    impl From<StoreError> for Changed {
        fn from(_: StoreError) -> Self {
            Self
        }
    }
    let outcome: Result<(), Changed> = fixture.store.write_now(|store| {
        store.put_case(&case("H98.1-1"))?;
        Err(Changed)
    });
    assert!(outcome.is_err());
    assert_eq!(find(fixture, "H98.1-1"), None);
}

/// A constraint violated inside a piece of work fails all of it, even where the work makes nothing of the error.
fn a_failed_statement_fails_the_whole(fixture: &Fixture) {
    let outcome = fixture.store.write_now(|store| {
        store.put_case(&case("H98.1-1"))?;
        // An answer to an objection that is not there.
        let _ = store.add_answer("PA-1", &answer(15));
        Ok::<_, StoreError>(())
    });
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Constraint);
    assert_eq!(find(fixture, "H98.1-1"), None);
    // And the store goes on.
    put(fixture, &case("H98.1-2"));
    assert!(find(fixture, "H98.1-2").is_some());
}

/// A question that failed is not an empty answer, even where whoever asked makes nothing of the error.
fn a_failed_question_fails_the_whole(fixture: &Fixture) {
    put(fixture, &case("H98.1-1"));
    behind_its_back(fixture, "UPDATE cases SET promise = 'soon'");
    let asked = |store: &mut Reader<'_>| {
        let found = store.find_case("H98.1-1").ok().flatten();
        Ok::<_, StoreError>(found.is_some())
    };
    let failed = fixture.store.read_now(asked).unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Corrupt);
    // And the store goes on.
    put(fixture, &case("H98.1-2"));
    assert!(find(fixture, "H98.1-2").is_some());
}

fn a_panic_takes_its_own_writes_back(fixture: &Fixture) {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        fixture.store.write_now(|store| {
            store.put_case(&case("H98.1-1"))?;
            assert!(store.find_case("H98.1-1")?.is_none(), "on purpose");
            Ok::<_, StoreError>(())
        })
    }));
    assert!(!matches!(outcome, Ok(Ok(()))));
    assert_eq!(find(fixture, "H98.1-1"), None);
    put(fixture, &case("H98.1-2"));
    assert!(find(fixture, "H98.1-2").is_some());
}

fn finest(month: &str) -> BallotLabel {
    BallotLabel::parse(&format!(
        "{month}|H98.1|commune|1.004222|Hộ tịch|decided|late"
    ))
    .unwrap()
}

fn give(fixture: &Fixture, code: &str, asker: u8, finest: &BallotLabel) -> BallotOutcome {
    ask(fixture, code, asker, finest, None)
}

fn ask(
    fixture: &Fixture,
    code: &str,
    asker: u8,
    finest: &BallotLabel,
    contest: Option<Contest>,
) -> BallotOutcome {
    let mark = BallotMark {
        seal: [asker; 32],
        mask: [asker ^ 0x5a; 32],
    };
    let (code, finest) = (code.to_owned(), finest.clone());
    fixture
        .store
        .write_now(move |store| store.give_ballot(&code, &mark, &finest, contest.as_ref()))
        .unwrap()
}

fn a_ballot_is_given_to_one_number(fixture: &Fixture) {
    put(fixture, &case("H98.1-1"));
    let october = finest("2026-10");
    // Alone in the province: nothing is coarse enough, so it is the coarsest there is.
    let coarsest = |now| BallotOutcome::Given {
        label: BallotLabel::parse("2026-Q4||||||").unwrap(),
        now,
    };
    assert_eq!(give(fixture, "H98.1-1", 5, &october), coarsest(true));
    let coarsest = coarsest(false);
    assert_eq!(give(fixture, "H98.1-1", 5, &october), coarsest);
    assert_eq!(
        give(fixture, "H98.1-1", 6, &october),
        BallotOutcome::GivenToAnother
    );
    // What a connector sends later does not take the mark away; and a request repeated in the next quarter, when the
    // case has another outcome, gets the label it got.
    put(fixture, &case("H98.1-1"));
    assert_eq!(
        give(fixture, "H98.1-1", 6, &october),
        BallotOutcome::GivenToAnother
    );
    let january = BallotLabel {
        outcome: "open".to_owned(),
        ..finest("2027-01")
    };
    assert_eq!(give(fixture, "H98.1-1", 5, &january), coarsest);
}

/// Five cases with ballots out share a label, or it is made coarser.
fn a_label_is_shared_by_five(fixture: &Fixture) {
    let mut labels = Vec::new();
    for n in 1..=7 {
        let code = format!("H98.1-{n}");
        put(fixture, &case(&code));
        let outcome = give(fixture, &code, n, &finest("2026-10"));
        assert_ne!(outcome, BallotOutcome::GivenToAnother, "{n}");
        if let BallotOutcome::Given { label, .. } = outcome {
            labels.push(label);
        }
    }
    let coarsest = BallotLabel::parse("2026-Q4||||||").unwrap();
    assert!(
        labels[..4].iter().all(|label| *label == coarsest),
        "{labels:?}"
    );
    assert!(
        labels[4..].iter().all(|label| *label == finest("2026-10")),
        "{labels:?}"
    );
    // Another procedure of the same field: its first is the eighth of the field.
    put(fixture, &case("H98.1-8"));
    let other = BallotLabel {
        procedure: "1.000000".to_owned(),
        ..finest("2026-10")
    };
    for now in [true, false] {
        let label = other.coarser().unwrap();
        let shared = BallotOutcome::Given { label, now };
        assert_eq!(give(fixture, "H98.1-8", 8, &other), shared);
    }
}

/// "It was not me": a second ballot, once, under a label that five others share; counted for the months in question.
fn a_contested_ballot_is_given_anew_once(fixture: &Fixture) {
    let october = finest("2026-10");
    for n in 1..=6 {
        let code = format!("H98.1-{n}");
        put(fixture, &case(&code));
        give(fixture, &code, n, &october);
    }
    let contest = || {
        Some(Contest {
            agency: "H98.1".to_owned(),
            months: ("2026-09".to_owned(), "2026-10".to_owned()),
            day: moment(15, 9).date(),
        })
    };
    let given = |now, month: &str| BallotOutcome::Given {
        label: finest(month),
        now,
    };
    let again = |asker| ask(fixture, "H98.1-6", asker, &october, contest());
    // Six cases are counted under the finest label: five beside this one.
    assert_eq!(again(60), given(true, "2026-10"));
    assert_eq!(again(60), given(false, "2026-10"));
    // Neither the first asker nor a third one has a ballot now.
    assert_eq!(again(61), BallotOutcome::GivenToAnother);
    assert_eq!(
        give(fixture, "H98.1-6", 6, &october),
        BallotOutcome::GivenToAnother
    );
    // In November nobody has a ballot yet: the label is that of the quarter.
    let outcome = ask(
        fixture,
        "H98.1-5",
        50,
        &finest("2026-11"),
        Some(Contest {
            agency: "H98.1".to_owned(),
            months: ("2026-10".to_owned(), "2026-11".to_owned()),
            day: moment(15, 9).date(),
        }),
    );
    let quarter = BallotLabel::parse("2026-Q4|H98.1|commune||||").unwrap();
    assert_eq!(
        outcome,
        BallotOutcome::Given {
            label: quarter,
            now: true
        }
    );
    let contested_by = |from: &'static str, to: &'static str, day: u32| -> u64 {
        let rows = fixture
            .store
            .read_now(move |store| store.contested(from, to, moment(day, 9).date()))
            .unwrap();
        assert!(rows.iter().all(|(agency, _)| agency == "H98.1"));
        rows.iter().map(|(_, cases)| cases).sum()
    };
    // What is public changes the day after.
    assert_eq!(contested_by("2026-01", "2026-12", 15), 0);
    let contested = |from, to| contested_by(from, to, 16);
    assert_eq!(contested("2026-09", "2026-09"), 1);
    assert_eq!(contested("2026-10", "2026-10"), 2);
    assert_eq!(contested("2026-01", "2026-12"), 2);
    assert_eq!(contested("2026-12", "2026-12"), 0);
}

fn of_many_who_ask_at_once_one_gets_the_ballot(fixture: &Fixture) {
    put(fixture, &case("H98.1-1"));
    let october = finest("2026-10");
    let outcomes: Vec<BallotOutcome> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..12)
            .map(|asker: u8| {
                let october = &october;
                scope.spawn(move || give(fixture, "H98.1-1", asker, october))
            })
            .collect();
        asking
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let given = outcomes
        .iter()
        .filter(|one| matches!(one, BallotOutcome::Given { .. }))
        .count();
    assert_eq!(given, 1, "{outcomes:?}");
}

fn a_case_opens_only_to_whom_its_proofs_say(fixture: &Fixture) {
    let mut one = case("H98.1-1");
    one.holder_hash = Some([4; 32]);
    put(fixture, &one);
    // Asked once, known or not, with what is kept; and the case comes whole or not at all.
    for (code, known) in [("H98.1-1", true), ("H98.1-2", false)] {
        for opens in [true, false] {
            let asked = std::sync::Mutex::new(Vec::new());
            let found = fixture
                .store
                .read_now(|store| {
                    store.open_case(code, |kept| {
                        let hashes = |kept: &dung_hen_server::store::Proofs| {
                            (kept.secret, kept.identity, kept.phone, kept.holder)
                        };
                        asked.lock().unwrap().push(kept.map(hashes));
                        opens
                    })
                })
                .unwrap();
            let kept = known.then_some((Some([1; 32]), None, None, Some([4; 32])));
            assert_eq!(asked.into_inner().unwrap(), [kept], "{code}");
            let whole = fixture
                .store
                .read_now(|store| store.find_case(code))
                .unwrap();
            assert_eq!(
                found.map(|one| one.record),
                whole.filter(|_| opens),
                "{code}, {opens}"
            );
        }
    }
}

/// What is shown is kept beside the case: it must follow each of its writes.
fn what_the_code_shows_is_what_the_case_says(fixture: &Fixture) {
    let mut one = case("H98.1-1");
    let midnight = |moment: NaiveDateTime| moment.date().and_time(NaiveTime::MIN);
    let states: [(CaseStatus, _, _, _); 4] = [
        (CaseStatus::Processing, one.promise, None, None),
        (CaseStatus::Processing, None, None, None),
        (
            CaseStatus::Finished,
            NaiveDate::from_ymd_opt(9999, 12, 31),
            Some(moment(14, 17)),
            None,
        ),
        (
            CaseStatus::Returned,
            NaiveDate::from_ymd_opt(1969, 12, 31),
            Some(moment(14, 17)),
            Some(moment(15, 23)),
        ),
    ];
    for (status, promise, finished_at, returned_at) in states {
        one.status = status;
        (one.promise, one.finished_at, one.returned_at) = (promise, finished_at, returned_at);
        put(fixture, &one);
        let shown = fixture
            .store
            .read_now(|store| store.find_shown("H98.1-1"))
            .unwrap();
        let expected = CaseRecord {
            status,
            received_at: one.received_at.map(midnight),
            promise,
            finished_at: finished_at.map(midnight),
            returned_at: returned_at.map(midnight),
            ..CaseRecord::new("H98.1-1")
        };
        assert_eq!(shown, Some(expected));
    }
    let unknown = fixture.store.read_now(|store| store.find_shown("H98.1-2"));
    assert_eq!(unknown.unwrap(), None);
}

fn an_agency_exists_with_its_first_case(fixture: &Fixture) {
    let mut other = case("H98.2-1");
    other.agency = "H98.2".to_owned();
    put(fixture, &other);
    let exists = |agency: &str| {
        fixture
            .store
            .read_now(|store| store.agency_exists(agency))
            .unwrap()
    };
    assert!(exists("H98.2"));
    assert!(!exists("H98.3"));
}

/// Kept for open cases, found by calendar, and a move that was written stays as it is.
fn computed_dates_are_kept_and_moves_stay(fixture: &Fixture) {
    let codes = ["H98.1-1", "H98.1-2", "H98.1-3"];
    for (code, status) in codes.into_iter().zip([
        CaseStatus::Processing,
        CaseStatus::SupplementRequested,
        CaseStatus::Finished,
    ]) {
        let mut one = case(code);
        one.status = status;
        put(fixture, &one);
    }
    let stale = |calendar: &'static str| -> Vec<String> {
        let found = fixture
            .store
            .read_now(move |store| store.not_computed_with(calendar, "s", 0, 10))
            .unwrap();
        found.into_iter().map(|(_, code)| code).collect()
    };
    // The finished one is not computed again.
    assert_eq!(stale("a"), ["H98.1-1", "H98.1-2"]);
    let kept = ComputedEntry {
        calendar: "a".to_owned(),
        basis: "x".to_owned(),
        due: Some(moment(20, 0).date()),
        later: true,
        covered: true,
        special: "2026-11-23=o".to_owned(),
        settings: "s".to_owned(),
        ..ComputedEntry::default()
    };
    let moved = |after: u32| MoveEntry {
        calendar: "b".to_owned(),
        at: moment(15, 9),
        before: Some(moment(20, 0).date()),
        after: Some(moment(after, 0).date()),
        why_vi: "vì".to_owned(),
        why_en: "because".to_owned(),
    };
    let (entry, first, second) = (kept.clone(), moved(21), moved(22));
    fixture
        .store
        .write_now(move |store| {
            let id = store.hold_cases(&["H98.1-1"])?[0].id;
            store.put_computed(&[(id, Some(entry.clone()))])?;
            store.add_moves(&[(id, first.clone())])?;
            store.add_moves(&[(id, second.clone())])
        })
        .unwrap();
    assert_eq!(stale("a"), ["H98.1-2"]);
    assert_eq!(stale("b"), ["H98.1-1", "H98.1-2"]);
    let found = fixture
        .store
        .read_now(|store| store.kept_cases(&["H98.1-1"]))
        .unwrap();
    assert_eq!(found[0].computed, Some(kept));
    assert_eq!(find(fixture, "H98.1-1").unwrap().moves, [moved(21)]);
    let late = fixture
        .store
        .read_now(|store| store.late_promises(None))
        .unwrap();
    assert_eq!(late.len(), 1);
    assert!(late[0].covered);
    fixture
        .store
        .write_now(|store| {
            let id = store.hold_cases(&["H98.1-1"])?[0].id;
            store.put_computed(&[(id, None)])
        })
        .unwrap();
    assert_eq!(stale("b"), ["H98.1-1", "H98.1-2"]);
    assert_eq!(
        find(fixture, "H98.1-1").unwrap().moves.len(),
        1,
        "what moved stays"
    );
}
