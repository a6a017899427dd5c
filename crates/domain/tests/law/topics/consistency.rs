//! Facts that contradict each other: each is said by name, none is corrected.

use dung_hen_domain::case::CaseStatus;
use dung_hen_domain::case_code::CaseCode;
use dung_hen_domain::consistency::{Doubt, Facts, LetterDates, doubts};
use dung_hen_domain::waiting::Request;

use crate::date;

/// Kept as long as the tests run.
fn keep<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// A case in order: received on Wed 17/4/2024, promised for 24/4, asked for 19/4 and answered 22/4, finished 23/4.
fn check<'a>(change: impl FnOnce(&mut Facts<'a>)) -> Vec<Doubt> {
    let code = keep(CaseCode::parse("H98.101-240417-0001").unwrap());
    let requests = keep([Request {
        asked: Some(date("2024-04-19")),
        answered: Some(date("2024-04-22")),
    }]);
    let letters = keep([LetterDates {
        issued: date("2024-04-22"),
        previous: Some(date("2024-04-24")),
        revised: Some(date("2024-04-26")),
    }]);
    let mut facts = Facts {
        code,
        status: CaseStatus::Returned,
        received: Some(date("2024-04-17")),
        first_promise: Some(date("2024-04-24")),
        finished: Some(date("2024-04-23")),
        returned: Some(date("2024-04-25")),
        requests,
        letters,
        senders_disagree: false,
        as_of: date("2024-05-06"),
    };
    change(&mut facts);
    doubts(&facts)
}

#[test]
fn a_case_in_order_has_none() {
    assert_eq!(check(|_| {}), []);
    // Nothing known contradicts nothing.
    let bare = check(|facts| {
        facts.status = CaseStatus::Registered;
        (facts.received, facts.first_promise) = (None, None);
        (facts.finished, facts.returned) = (None, None);
        (facts.requests, facts.letters) = (&[], &[]);
    });
    assert_eq!(bare, []);
}

#[test]
fn each_contradiction_has_its_name() {
    let day = |text: &str| Some(date(text));
    assert_eq!(
        check(|facts| facts.finished = day("2024-04-16")),
        [Doubt::FinishedBeforeReception]
    );
    assert_eq!(
        check(|facts| facts.returned = day("2024-04-22")),
        [Doubt::ReturnedBeforeFinished]
    );
    assert_eq!(
        check(|facts| facts.returned = day("2024-05-07")),
        [Doubt::EndInTheFuture]
    );
    assert_eq!(
        check(|facts| (facts.finished, facts.returned) = (None, None)),
        [Doubt::EndNotSent]
    );
    assert_eq!(
        check(|facts| facts.status = CaseStatus::Processing),
        [Doubt::OpenWithAnEnd]
    );
    assert_eq!(
        check(|facts| facts.first_promise = day("2024-04-16")),
        [Doubt::PromiseBeforeReception]
    );
    assert_eq!(
        check(|facts| facts.senders_disagree = true),
        [Doubt::SendersDisagree]
    );
    assert_eq!(
        check(|facts| {
            facts.status = CaseStatus::Processing;
            facts.received = day("2024-05-07");
            (facts.finished, facts.returned) = (None, None);
            (facts.first_promise, facts.requests, facts.letters) = (None, &[], &[]);
        }),
        [Doubt::ReceptionInTheFuture]
    );
    let asked = [Request {
        asked: day("2024-04-16"),
        answered: day("2024-04-15"),
    }];
    assert_eq!(
        check(|facts| facts.requests = &asked),
        [Doubt::AnsweredBeforeAsked, Doubt::AskedBeforeReception]
    );
    let letters = [LetterDates {
        issued: date("2024-04-16"),
        previous: day("2024-04-24"),
        revised: day("2024-04-24"),
    }];
    assert_eq!(
        check(|facts| facts.letters = &letters),
        [Doubt::LetterBeforeReception, Doubt::NewDateNotLater]
    );
    let code = CaseCode::parse("H98.101-240418-0001").unwrap();
    assert_eq!(
        check(|facts| facts.code = &code),
        [Doubt::CodeAfterReception]
    );
}

/// Years 0 and 9999, and a code that is none of the known forms.
#[test]
fn impossible_years_and_codes() {
    let code = CaseCode::parse("00352112000539").unwrap();
    assert_eq!(check(|facts| facts.code = &code), []);
    let far = check(|facts| facts.first_promise = Some(date("9999-12-31")));
    assert_eq!(far, [Doubt::YearImpossible]);
    let old = check(|facts| facts.received = Some(date("0000-01-01")));
    assert_eq!(old, [Doubt::CodeAfterReception, Doubt::YearImpossible]);
}
