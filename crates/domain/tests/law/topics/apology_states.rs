//! The duty to apologise as a machine over facts: every state, every step between them, and what holds for all facts.
//!
//! The promise is Tue 15/10/2024: the last lawful day is Mon 14/10, and two working days before it is Fri 11/10.

use chrono::NaiveDate;
use dung_hen_domain::apology::{
    ApologyState, Assessment, Facts, Letter, Postponement, Reminder, Terms, assess_under,
    is_broken, lawful_until, postponement_numbers,
};
use dung_hen_domain::calendar::WorkingCalendar;
use dung_hen_domain::case::{CaseStatus, WireName};
use dung_hen_domain::figures::{self, Measure};
use dung_hen_domain::rules::RULE_SETS;

use crate::{calendar, date};

fn letter(issued: &str, revised: Option<&str>) -> Letter {
    Letter {
        issued: date(issued),
        revised_due: revised.map(date),
    }
}

fn at(day: &str, status: CaseStatus, finished: Option<&str>, letters: &[Letter]) -> Assessment {
    under(Terms::default(), day, status, finished, letters)
}

fn under(
    terms: Terms,
    day: &str,
    status: CaseStatus,
    finished: Option<&str>,
    letters: &[Letter],
) -> Assessment {
    let facts = Facts {
        status,
        promise: Some(date("2024-10-15")),
        finished: finished.map(date),
        as_of: date(day),
        letters,
        moved_after_letter: false,
    };
    assess_under(&facts, terms, &calendar())
}

/// From day to day while nothing happens: nothing, a reminder, the last lawful day, past it, missing.
#[test]
fn the_reminders_come_in_order() {
    use Reminder::{Due, LastDay, None, Passed};
    for (day, reminder, state) in [
        ("2024-10-10", None, ApologyState::NotOwed),
        ("2024-10-11", Due, ApologyState::ReminderDue),
        ("2024-10-13", Due, ApologyState::ReminderDue),
        ("2024-10-14", LastDay, ApologyState::ReminderDue),
        ("2024-10-15", Passed, ApologyState::ReminderDue),
        ("2024-10-16", None, ApologyState::Missing),
    ] {
        let found = at(day, CaseStatus::Processing, Option::None, &[]);
        assert_eq!((found.reminder, found.state), (reminder, state), "{day}");
    }
}

/// Of all states only received cases that the agency still has in hand are reminded of, on the last lawful day as on
/// every other: one that is finished early, waits for the applicant, or was never received owes no letter.
#[test]
fn only_what_is_in_hand_is_reminded_of() {
    use CaseStatus::{Processing, Received};
    for status in CaseStatus::ALL {
        for (day, reminder) in [
            ("2024-10-11", Reminder::Due),
            ("2024-10-14", Reminder::LastDay),
            ("2024-10-15", Reminder::Passed),
        ] {
            let finished = status.is_finished().then_some("2024-10-10");
            let found = at(day, *status, finished, &[]);
            let expected = match status {
                Received | Processing => (reminder, ApologyState::ReminderDue),
                _ => (Reminder::None, ApologyState::NotOwed),
            };
            assert_eq!((found.reminder, found.state), expected, "{status:?} {day}");
        }
    }
}

/// The new date is missed where there is one, the case is not finished, and the day has passed: 22/10 after 21/10.
#[test]
fn a_new_date_is_missed_only_where_one_was_named() {
    use CaseStatus::Processing;
    let missed = |day: &str, letters: &[Letter]| at(day, Processing, None, letters).new_date_missed;
    assert!(!missed("2024-10-22", &[]));
    assert!(!missed("2024-10-22", &[letter("2024-10-14", None)]));
    let named = [letter("2024-10-14", Some("2024-10-21"))];
    assert!(!missed("2024-10-21", &named));
    assert!(missed("2024-10-22", &named));
}

/// The province's own number of days; the last lawful day is told even where it asks for no earlier reminder.
#[test]
fn the_days_of_the_reminder_are_the_province_s() {
    let with = |remind_days, day| {
        let terms = Terms {
            remind_days,
            ..Terms::default()
        };
        under(terms, day, CaseStatus::Processing, None, &[]).reminder
    };
    // Tue 8/10: Wed 9, Thu 10, Fri 11, Mon 14, Tue 15 are five.
    assert_eq!(with(5, "2024-10-08"), Reminder::Due);
    assert_eq!(with(5, "2024-10-07"), Reminder::None);
    assert_eq!(with(0, "2024-10-13"), Reminder::None);
    assert_eq!(with(0, "2024-10-14"), Reminder::LastDay);
}

/// The figures count by the same numbers as the case's own page. Promised for Tue 15/10, a letter of Mon 14/10 to
/// Fri 25/10, today Sun 20/10. One day before: in time. Two days before: Fri 11/10 was the last, so late. Where none is
/// allowed, the letter is a postponement too many, and still was in time.
#[test]
fn the_figures_count_by_the_terms_they_are_given() {
    let letters = [letter("2024-10-14", Some("2024-10-25"))];
    let facts = figures::Facts {
        status: CaseStatus::Processing,
        decision: None,
        promise: Some(date("2024-10-15")),
        last_date: Some(date("2024-10-25")),
        finished: None,
        returned: None,
        letters: &letters,
        moved_after_letter: false,
        online: false,
        electronic_result: false,
        cashless: None,
    };
    let counted = |lead_days, postponements| {
        let terms = Terms {
            lead_days,
            postponements,
            ..Terms::default()
        };
        let counts = figures::count(&facts, date("2024-10-20"), terms, &calendar()).counts;
        [
            Measure::Owed,
            Measure::IssuedInTime,
            Measure::IssuedLate,
            Measure::Missing,
            Measure::SecondPostponements,
        ]
        .map(|measure| counts.get(measure))
    };
    assert_eq!(counted(1, 1), [1, 1, 0, 0, 0]);
    assert_eq!(counted(2, 1), [1, 0, 1, 0, 0]);
    assert_eq!(counted(1, 0), [1, 1, 0, 0, 1]);
}

/// A longer lead moves the last lawful day back: two working days before Tue 15/10 is Fri 11/10.
#[test]
fn the_lead_of_the_rule_set_is_used() {
    let terms = Terms {
        lead_days: 2,
        ..Terms::default()
    };
    let found = |issued| {
        let letters = [letter(issued, Some("2024-10-25"))];
        under(terms, "2024-10-20", CaseStatus::Processing, None, &letters).state
    };
    assert_eq!(found("2024-10-11"), ApologyState::IssuedInTime);
    assert_eq!(found("2024-10-14"), ApologyState::IssuedLate);
    for set in &RULE_SETS {
        assert_eq!(Terms::of(set, 2), Terms::default());
    }
}

#[test]
fn postponed_once_and_again() {
    use CaseStatus::Processing;
    let once = [letter("2024-10-14", Some("2024-10-21"))];
    let found = at("2024-10-18", Processing, None, &once);
    assert_eq!(
        (found.state, found.postponement, found.new_date_missed),
        (ApologyState::IssuedInTime, Postponement::WithinRule, false)
    );
    // The new date passes as well.
    assert!(at("2024-10-22", Processing, None, &once).new_date_missed);
    assert!(
        !at(
            "2024-10-22",
            CaseStatus::Finished,
            Some("2024-10-21"),
            &once
        )
        .new_date_missed
    );
    assert!(
        at(
            "2024-10-30",
            CaseStatus::Finished,
            Some("2024-10-22"),
            &once
        )
        .new_date_missed
    );
    let again = [once[0], letter("2024-10-21", Some("2024-10-28"))];
    let found = at("2024-10-22", Processing, None, &again);
    assert_eq!(
        (found.state, found.postponement),
        (ApologyState::PostponedAgain, Postponement::OutsideRule)
    );
    // The day before the second letter it was still the first.
    let before = at("2024-10-20", Processing, None, &again);
    assert_eq!(before.postponement, Postponement::WithinRule);
    // Where a rule set allowed two, the second would be within it.
    let two = Terms {
        postponements: 2,
        ..Terms::default()
    };
    let found = under(two, "2024-10-22", Processing, None, &again);
    assert_eq!(
        (found.state, found.postponement),
        (ApologyState::IssuedInTime, Postponement::WithinRule)
    );
}

/// A letter without a new date postpones nothing, and the same date named twice is one postponement.
#[test]
fn what_counts_as_a_postponement() {
    let letters = [
        letter("2024-10-14", None),
        letter("2024-10-15", Some("2024-10-21")),
        letter("2024-10-16", Some("2024-10-21")),
        letter("2024-10-17", Some("2024-10-28")),
    ];
    assert_eq!(postponement_numbers(&letters), [0, 1, 0, 2]);
    let found = at("2024-10-30", CaseStatus::Processing, None, &letters[..1]);
    assert_eq!(
        (found.state, found.postponement),
        (ApologyState::IssuedInTime, Postponement::Never)
    );
}

#[test]
fn finished_late_with_and_without_a_letter() {
    use CaseStatus::{Finished, Returned};
    let late = Some("2024-10-16");
    assert_eq!(
        at("2024-10-20", Finished, late, &[]).state,
        ApologyState::FinishedLateWithout
    );
    // A letter that comes after all: late, but a letter.
    let after = [letter("2024-10-18", None)];
    assert_eq!(
        at("2024-10-20", Returned, late, &after).state,
        ApologyState::IssuedLate
    );
    assert_eq!(
        at("2024-10-17", Finished, late, &after).state,
        ApologyState::FinishedLateWithout,
        "on the 17th it was not out yet"
    );
    assert_eq!(
        at("2024-10-20", Finished, Some("2024-10-15"), &[]).state,
        ApologyState::NotOwed
    );
    // Finished, and when was not sent: nothing is called late.
    assert_eq!(
        at("2024-10-20", Finished, None, &[]).state,
        ApologyState::NotOwed
    );
}

/// Promises beyond 22/11/2026 lie in days not settled: a letter is judged by plain days, a reminder comes sooner.
#[test]
fn where_the_calendar_is_open() {
    let calendar = calendar();
    // Mon 30/11/2026: the plain day before is Sun 29/11. In doubt a letter of that day is not late.
    let last = lawful_until(date("2026-11-30"), 1, &calendar).unwrap();
    assert_eq!(
        (last.date, last.in_working_days),
        (date("2026-11-29"), false)
    );
    // Tue 15/10/2024 stands among settled days.
    let last = lawful_until(date("2024-10-15"), 1, &calendar).unwrap();
    assert_eq!(
        (last.date, last.in_working_days),
        (date("2024-10-14"), true)
    );
    let on = |promise: &str, day: &str| {
        let facts = Facts {
            status: CaseStatus::Processing,
            promise: Some(date(promise)),
            finished: None,
            as_of: date(day),
            letters: &[],
            moved_after_letter: false,
        };
        assess_under(&facts, Terms::default(), &calendar).reminder
    };
    // Wed 25/11 is the only sure working day after Fri 20/11: Mon 23 may become one off, Tue 24 is a holiday.
    assert_eq!(on("2026-11-25", "2026-11-20"), Reminder::Due);
    // Thu 19/11: Fri 20 and Wed 25 are two.
    assert_eq!(on("2026-11-25", "2026-11-19"), Reminder::Due);
    assert_eq!(on("2026-11-25", "2026-11-18"), Reminder::None);
    // A year that nobody knows: weekends alone are off. Mon 3/1/2028 is two weekdays after Thu 30/12/2027.
    assert_eq!(on("2028-01-03", "2027-12-29"), Reminder::None);
    assert_eq!(on("2028-01-03", "2027-12-30"), Reminder::Due);
    // The end of time fails nowhere.
    assert_eq!(on("9999-12-31", "2026-11-20"), Reminder::None);
}

/// What holds for every combination of states, ends and letters on every day of a month.
#[test]
fn what_holds_for_all_facts() {
    let calendar = calendar();
    let days = [
        None,
        Some("2024-10-01"),
        Some("2024-10-14"),
        Some("2024-10-15"),
        Some("2024-10-17"),
    ];
    let mut letter_lists: Vec<Vec<Letter>> = vec![Vec::new()];
    for issued in days.into_iter().flatten() {
        for revised in days {
            letter_lists.push(vec![letter(issued, revised)]);
            letter_lists.push(vec![
                letter("2024-10-01", Some("2024-10-16")),
                letter(issued, revised),
            ]);
        }
    }
    let mut tried = 0u32;
    for status in CaseStatus::ALL {
        for promise in days {
            for finished in days {
                for letters in &letter_lists {
                    let facts = |as_of: NaiveDate| Facts {
                        status: *status,
                        promise: promise.map(date),
                        finished: finished.map(date),
                        as_of,
                        letters,
                        moved_after_letter: false,
                    };
                    follow(&calendar, facts);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
}

fn follow<'a>(calendar: &WorkingCalendar, facts: impl Fn(NaiveDate) -> Facts<'a>) {
    let mut before: Option<Assessment> = None;
    for day in date("2024-09-30").iter_days().take(22) {
        let facts = facts(day);
        let found = assess_under(&facts, Terms::default(), calendar);
        // A function of the facts: asked twice, it answers the same.
        assert_eq!(found, assess_under(&facts, Terms::default(), calendar));
        let out = facts.letters.iter().any(|letter| letter.issued <= day);
        match found.state {
            ApologyState::Missing | ApologyState::FinishedLateWithout => {
                assert!(is_broken(&facts) && !out);
            }
            ApologyState::IssuedInTime
            | ApologyState::IssuedLate
            | ApologyState::PostponedAgain => {
                assert!(out);
            }
            ApologyState::NotOwed | ApologyState::ReminderDue => {
                assert!(facts.promise.is_none() || (!is_broken(&facts) && !out));
            }
        }
        assert_eq!(
            found.reminder != Reminder::None,
            found.state == ApologyState::ReminderDue
        );
        // While the facts stay, time goes one way: what was out stays out, what is missing stays missing until a
        // letter comes, a postponement is not forgotten, a reminder never steps back.
        if let Some(before) = before {
            assert!(
                found.postponement >= before.postponement,
                "{day}: {facts:?}"
            );
            assert!(
                found.new_date_missed >= before.new_date_missed || out,
                "{day}: {facts:?}"
            );
            match before.state {
                ApologyState::PostponedAgain => assert_eq!(found.state, before.state),
                ApologyState::IssuedInTime | ApologyState::IssuedLate => assert!(
                    found.state == before.state || found.state == ApologyState::PostponedAgain
                ),
                ApologyState::Missing | ApologyState::FinishedLateWithout => {
                    assert!(found.state == before.state || out);
                }
                ApologyState::ReminderDue => {
                    assert!(found.reminder >= before.reminder || found.state != before.state);
                }
                ApologyState::NotOwed => {}
            }
        }
        before = Some(found);
    }
}
