//! The duty where facts are missing: nothing is owed on a date nobody promised.

use dung_hen_domain::apology::{ApologyState, Facts, Letter, assess, is_broken};
use dung_hen_domain::case::CaseStatus;

use crate::{calendar, date};

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
    assert_eq!(assess(&facts, &calendar()), ApologyState::NotOwed);
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
