//! NĐ 61/2018/NĐ-CP Điều 19: the period restarts after a supplement (khoản 4); the apology no later than 01 day before
//! expiry, one re-appointment (khoản 9). Every state of the duty and every step between them: `topics/apology_states.rs`.

use dung_hen_domain::apology::{
    ApologyState, Assessment, Facts, Letter, Postponement, Reminder, Terms, assess, assess_under,
    is_broken, last_lawful_day,
};
use dung_hen_domain::case::CaseStatus;
use dung_hen_domain::rules::{Restart, for_reception};
use dung_hen_domain::time_limit::Unit;
use dung_hen_domain::waiting::{Request, first_asked_late};

use crate::{calendar, date, due};

/// Khoản 4: the period starts from the beginning when the full dossier is in; the pause is not added to the old date.
///
/// Received Mon 7/10/2024, 7 working days: 8, 9, 10, 11, 14, 15, Wed 16/10. Full on Thu 10/10: 11 (1), 14, 15, 16, 17,
/// 18 (6), Mon 21/10 (7). Adding the two days asked for (Tue 8 to Thu 10) to Wed 16/10 would give Fri 18/10.
#[test]
fn khoan_4_the_period_restarts() {
    let set = for_reception(date("2024-10-07")).unwrap();
    assert_eq!(set.restart.value, Restart::FromTheBeginning);
    assert_eq!(due("2024-10-07", 7, Unit::WorkingDay), "2024-10-16");
    assert_eq!(due("2024-10-10", 7, Unit::WorkingDay), "2024-10-21");
}

/// Khoản 4: papers are asked for within 03 working days from the reception.
///
/// Received Wed 24/4/2024: Thu 25 (1), Fri 26 (2); 27/4 to 1/5 off; Thu 2/5 (3), Fri 3/5 (4).
#[test]
fn khoan_4_papers_are_asked_for_within_three_working_days() {
    let days = |asked: &[Option<&str>]| {
        let requests: Vec<Request> = asked
            .iter()
            .map(|day| Request {
                asked: day.map(date),
                answered: Some(date("2024-05-10")),
            })
            .collect();
        let received = date("2024-04-24");
        let allowed = for_reception(received).unwrap().supplement_days.value;
        first_asked_late(received, &requests, allowed, &calendar())
    };
    assert_eq!(days(&[]), None);
    assert_eq!(days(&[Some("2024-04-24")]), None);
    assert_eq!(days(&[Some("2024-05-02")]), None);
    assert_eq!(days(&[Some("2024-05-03")]), Some(4));
    // Of several the first decides, in whatever order they came; what was asked for again later is not held against it.
    assert_eq!(days(&[Some("2024-05-06"), Some("2024-04-26")]), None);
    // Asked on a day that was not sent, or before the reception: nothing is said.
    assert_eq!(days(&[None]), None);
    assert_eq!(days(&[Some("2024-04-23")]), None);
}

/// "01 day" is not qualified in the text; the safe reading is the last working day before.
#[test]
fn the_last_lawful_day_is_the_last_working_day_before() {
    for (promise, last) in [
        // Tue 15/10/2024 → Mon 14/10.
        ("2024-10-15", "2024-10-14"),
        // Mon 14/10 → Fri 11/10.
        ("2024-10-14", "2024-10-11"),
        // Thu 2/5/2024 → 1/5, 30/4, 29/4 off, weekend → Fri 26/4.
        ("2024-05-02", "2024-04-26"),
        // Mon 6/5/2024 → Sat 4/5, worked.
        ("2024-05-06", "2024-05-04"),
    ] {
        assert_eq!(
            last_lawful_day(date(promise), &calendar()),
            Some(date(last)),
            "{promise}"
        );
    }
}

fn state(status: CaseStatus, as_of: &str, finished: Option<&str>, issued: &[&str]) -> ApologyState {
    // The first names 25/10, each one after it a day later.
    let letters: Vec<Letter> = issued
        .iter()
        .zip(date("2024-10-25").iter_days())
        .map(|(day, revised)| Letter {
            issued: date(day),
            revised_due: Some(revised),
        })
        .collect();
    // Promise: Tue 15/10/2024, so the last lawful day is Mon 14/10.
    let facts = Facts {
        status,
        promise: Some(date("2024-10-15")),
        finished: finished.map(date),
        as_of: date(as_of),
        letters: &letters,
        moved_after_letter: false,
    };
    assess(&facts, &calendar())
}

#[test]
fn the_states_of_the_duty() {
    use ApologyState::{
        FinishedLateWithout, IssuedInTime, IssuedLate, Missing, NotOwed, PostponedAgain,
        ReminderDue,
    };
    use CaseStatus::{
        Finished, PaymentRequested, Processing, Returned, Stopped, SupplementRequested,
    };
    // Thu 10/10: Fri 11, Mon 14, Tue 15 are three working days away. Fri 11/10: two.
    assert_eq!(state(Processing, "2024-10-10", None, &[]), NotOwed);
    assert_eq!(state(Processing, "2024-10-11", None, &[]), ReminderDue);
    assert_eq!(state(Processing, "2024-10-15", None, &[]), ReminderDue);
    // The day after the promise.
    assert_eq!(state(Processing, "2024-10-16", None, &[]), Missing);
    assert_eq!(
        state(Processing, "2024-10-16", None, &["2024-10-14"]),
        IssuedInTime
    );
    assert_eq!(
        state(Processing, "2024-10-16", None, &["2024-10-15"]),
        IssuedLate
    );
    assert_eq!(
        state(
            Processing,
            "2024-10-18",
            None,
            &["2024-10-14", "2024-10-17"]
        ),
        PostponedAgain
    );
    assert_eq!(
        state(Returned, "2024-10-20", Some("2024-10-16"), &[]),
        FinishedLateWithout
    );
    assert_eq!(
        state(Finished, "2024-10-20", Some("2024-10-15"), &[]),
        NotOwed
    );
    // Waiting for the applicant, or stopped: no promise is broken by the clock alone.
    for waiting in [SupplementRequested, PaymentRequested, Stopped] {
        assert_eq!(state(waiting, "2024-10-30", None, &[]), NotOwed);
    }
}

/// The duty where facts are missing: nothing is owed on a date nobody promised.
#[test]
fn without_a_promise_nothing_is_owed() {
    let facts = Facts {
        status: CaseStatus::Processing,
        promise: None,
        finished: None,
        as_of: date("2024-10-16"),
        letters: &[],
        moved_after_letter: false,
    };
    assert_eq!(
        assess_under(&facts, Terms::default(), &calendar()),
        Assessment {
            state: ApologyState::NotOwed,
            postponement: Postponement::Never,
            new_date_missed: false,
            reminder: Reminder::None,
            last_lawful: None,
        }
    );
    assert!(!is_broken(&facts));
}

#[test]
fn a_date_moved_after_the_letter_is_a_second_postponement() {
    let letters = [Letter {
        issued: date("2024-10-14"),
        revised_due: Some(date("2024-10-25")),
    }];
    let facts = Facts {
        status: CaseStatus::Processing,
        promise: Some(date("2024-10-15")),
        finished: None,
        as_of: date("2024-10-28"),
        letters: &letters,
        moved_after_letter: true,
    };
    assert_eq!(assess(&facts, &calendar()), ApologyState::PostponedAgain);
}
