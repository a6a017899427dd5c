//! What one case adds to the figures (docs/DEFINITIONS.md), and on which day the clock alone changes that.
//!
//! Promised for Tue 15/10/2024: the last lawful day for a letter is Mon 14/10.

use dung_hen_domain::apology::{Letter, Terms};
use dung_hen_domain::case::{CaseStatus, WireName as _};
use dung_hen_domain::figures::{Counted, Facts, Measure, count};
use dung_hen_domain::satisfaction::tables::RatedOutcome;

use crate::{calendar, date};

const PROCESSING: Facts<'_> = Facts {
    status: CaseStatus::Processing,
    decision: None,
    promise: None,
    last_date: None,
    finished: None,
    returned: None,
    letters: &[],
    moved_after_letter: false,
    online: false,
    electronic_result: false,
    cashless: None,
};

fn on(day: &str, facts: Facts<'_>) -> Counted {
    let facts = Facts {
        promise: Some(date("2024-10-15")),
        ..facts
    };
    count(&facts, date(day), Terms::default(), &calendar())
}

/// Measures that are not nought, but for the sum of promised days, which means something with a day alone.
fn counts(counted: &Counted) -> Vec<(&'static str, i64)> {
    Measure::ALL
        .iter()
        .filter(|measure| **measure != Measure::OverduePromises)
        .map(|measure| (measure.name(), counted.counts.get(*measure)))
        .filter(|(_, n)| *n != 0)
        .collect()
}

/// Finished on Thu 17/10, two days late; a letter of the 14th, in time, had moved the date to Fri 18/10, three days on, and
/// by that date it was kept. It could be rated from the 16th on, when the promise was broken, not only from its end.
#[test]
fn a_late_case_with_a_letter() {
    let letters = [Letter {
        issued: date("2024-10-14"),
        revised_due: Some(date("2024-10-18")),
    }];
    let facts = Facts {
        status: CaseStatus::Finished,
        last_date: Some(date("2024-10-18")),
        finished: Some(date("2024-10-17")),
        letters: &letters,
        online: true,
        electronic_result: true,
        cashless: Some(false),
        ..PROCESSING
    };
    let found = on("2024-10-30", facts);
    assert_eq!(
        counts(&found),
        [
            ("received", 1),
            ("online", 1),
            ("late", 1),
            ("days_late", 2),
            ("on_time_by_last_date", 1),
            ("postponed", 1),
            ("days_postponed", 3),
            ("owed", 1),
            ("issued_in_time", 1),
            ("finished", 1),
            ("electronic_results", 1),
            ("paid", 1),
        ]
    );
    assert_eq!(found.served_on, Some(date("2024-10-16")));
    assert_eq!(found.outcome, RatedOutcome::DecidedLate);
    assert_eq!(found.turns_on, None);
    // A day later it would have been late by that date, too.
    let later = Facts {
        finished: Some(date("2024-10-19")),
        cashless: Some(true),
        ..facts
    };
    let found = on("2024-10-30", later).counts;
    assert_eq!(found.get(Measure::OnTimeByLastDate), 0);
    assert_eq!(found.get(Measure::Cashless), 1);
}

/// Open: it turns on the day of its letter and on the day after its promise, and each day counts from the promise on.
#[test]
fn an_open_case_day_by_day() {
    let letters = [Letter {
        issued: date("2024-10-14"),
        revised_due: None,
    }];
    let facts = Facts {
        letters: &letters,
        ..PROCESSING
    };
    let within = [("received", 1), ("open_within_time", 1)];
    let found = on("2024-10-10", facts);
    assert_eq!(counts(&found), within);
    assert_eq!(found.turns_on, Some(date("2024-10-14")));
    // On the day of the letter it is out.
    for day in ["2024-10-14", "2024-10-15"] {
        let found = on(day, facts);
        let with_letter = [within[0], within[1], ("owed", 1), ("issued_in_time", 1)];
        assert_eq!(counts(&found), with_letter, "{day}");
        assert_eq!(found.turns_on, Some(date("2024-10-16")), "{day}");
        assert_eq!(found.served_on, None, "{day}");
    }
    let found = on("2024-10-17", PROCESSING);
    let overdue = [
        ("received", 1),
        ("open_overdue", 1),
        ("owed", 1),
        ("missing", 1),
    ];
    assert_eq!(counts(&found), overdue);
    assert_eq!(found.counts.days_overdue(date("2024-10-17")), 2);
    assert_eq!(found.counts.days_overdue(date("2024-10-20")), 5);
    assert_eq!(found.served_on, Some(date("2024-10-16")));
    assert_eq!((found.turns_on, found.outcome), (None, RatedOutcome::Open));
}

/// A date named before the promise moves nothing: the promise is the last one then. Finished on Sat 12/10, early.
#[test]
fn a_last_date_before_the_promise_is_none() {
    let facts = Facts {
        status: CaseStatus::Finished,
        last_date: Some(date("2024-10-10")),
        finished: Some(date("2024-10-12")),
        ..PROCESSING
    };
    let early = [
        ("received", 1),
        ("early", 1),
        ("on_time_by_last_date", 1),
        ("finished", 1),
    ];
    assert_eq!(counts(&on("2024-10-30", facts)), early);
}

/// Collected on the promised day, and when it was finished was not sent: in time, and served from that day on.
#[test]
fn a_case_of_which_only_the_collection_is_known() {
    let facts = Facts {
        status: CaseStatus::Returned,
        returned: Some(date("2024-10-15")),
        ..PROCESSING
    };
    let found = on("2024-10-30", facts);
    let on_time = [
        ("received", 1),
        ("on_time", 1),
        ("on_time_by_last_date", 1),
        ("finished", 1),
    ];
    assert_eq!(counts(&found), on_time);
    assert_eq!(found.served_on, Some(date("2024-10-15")));
}

/// What was never received, was refused at the counter or ended without a result has no promise to keep; refused or ended
/// on a known day, it can be rated from then on.
#[test]
fn what_ends_without_a_result_keeps_no_promise() {
    use CaseStatus::{NotAccepted, Registered, Stopped, Withdrawn};
    for (status, received, served) in [
        (Registered, false, None),
        (NotAccepted, false, Some("2024-10-11")),
        (Withdrawn, true, Some("2024-10-11")),
        (Stopped, true, Some("2024-10-11")),
    ] {
        let facts = Facts {
            status,
            finished: Some(date("2024-10-11")),
            online: true,
            cashless: Some(true),
            electronic_result: true,
            ..PROCESSING
        };
        let found = on("2024-10-30", facts);
        let expected: &[_] = if received {
            &[
                ("received", 1),
                ("online", 1),
                ("not_counted", 1),
                ("paid", 1),
                ("cashless", 1),
            ]
        } else {
            &[("not_counted", 1)]
        };
        assert_eq!(counts(&found), expected, "{status:?}");
        assert_eq!(found.served_on, served.map(date), "{status:?}");
        assert_eq!(found.turns_on, None, "{status:?}");
    }
}
