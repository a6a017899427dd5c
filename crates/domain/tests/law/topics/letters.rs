//! A letter of apology before it is recorded (NĐ 61/2018 Điều 19(9)): reason, one new date, one postponement.

use dung_hen_domain::letter_check::{Context, Draft, LetterFault, LetterFlag, faults, flags};

use crate::{calendar, date};

/// Received Mon 5/10/2026, promised Wed 14/10, written on Tue 13/10, the last working day before.
fn draft() -> Draft<'static> {
    Draft {
        number: "12/PXL",
        reason: "Chờ kết quả đo đạc",
        signer: "Bà Trần Thị Mẫu, Chủ tịch",
        issued: date("2026-10-13"),
        revised_due: Some(date("2026-10-21")),
    }
}

fn context() -> Context {
    Context {
        started: date("2026-10-05"),
        promise: date("2026-10-14"),
        replaces: date("2026-10-14"),
        letter_out: false,
        postponed: 0,
        allowed: 1,
        finished: None,
        as_of: date("2026-10-15"),
    }
}

#[test]
fn a_letter_in_order_has_neither_faults_nor_flags() {
    assert_eq!(faults(&draft(), &context()), []);
    assert_eq!(flags(&draft(), &context(), &calendar()), []);
}

#[test]
fn each_fault_alone_keeps_the_letter_out() {
    let (good, at) = (draft(), context());
    let long = "ơ".repeat(201);
    for (draft, fault) in [
        (
            Draft {
                number: " ",
                ..good
            },
            LetterFault::NumberMissing,
        ),
        (
            Draft {
                reason: "...",
                ..good
            },
            LetterFault::ReasonMissing,
        ),
        (
            Draft {
                signer: "-",
                ..good
            },
            LetterFault::SignerMissing,
        ),
        (
            Draft {
                issued: date("2026-10-16"),
                ..good
            },
            LetterFault::IssuedInTheFuture,
        ),
        (
            Draft {
                issued: date("2026-10-04"),
                ..good
            },
            LetterFault::IssuedBeforeReception,
        ),
        (
            Draft {
                revised_due: Some(date("2026-10-14")),
                ..good
            },
            LetterFault::NewDateNotLater,
        ),
        (
            Draft {
                revised_due: None,
                ..good
            },
            LetterFault::NewDateUnread,
        ),
        (
            Draft {
                signer: &long,
                ..good
            },
            LetterFault::TooLong,
        ),
    ] {
        assert_eq!(faults(&draft, &at), [fault]);
    }
    // The promise was 8/10; written on the 13th, it names the 12th.
    let past = Context {
        replaces: date("2026-10-08"),
        ..at
    };
    let back = Draft {
        revised_due: Some(date("2026-10-12")),
        ..good
    };
    assert_eq!(faults(&back, &past), [LetterFault::NewDateBeforeIssue]);
}

/// The last that is let in, of everything that has an end; one more of each, and it is not.
#[test]
fn the_ends_themselves_are_let_in() {
    let (number, reason) = ("1".repeat(200), "ơ".repeat(2000));
    let whole = Draft {
        number: &number,
        reason: &reason,
        signer: &number,
        // Received, written and read on Mon 5/10; the date of 2/10 is replaced by this very day.
        issued: date("2026-10-05"),
        revised_due: Some(date("2026-10-05")),
    };
    let at = Context {
        replaces: date("2026-10-02"),
        as_of: date("2026-10-05"),
        ..context()
    };
    assert_eq!(faults(&whole, &at), []);
    let more = |text: &str| format!("{text}1");
    let (long_name, long_reason) = (more(&number), more(&reason));
    for draft in [
        Draft {
            number: &long_name,
            ..whole
        },
        Draft {
            signer: &long_name,
            ..whole
        },
        Draft {
            reason: &long_reason,
            ..whole
        },
    ] {
        assert_eq!(faults(&draft, &at), [LetterFault::TooLong]);
    }
}

#[test]
fn what_the_agency_signed_is_recorded_and_flagged() {
    let (good, at, days) = (draft(), context(), calendar());
    // Wed 14/10 is the promised day itself: one day too late.
    let late = Draft {
        issued: date("2026-10-14"),
        ..good
    };
    assert_eq!(flags(&late, &at, &days), [LetterFlag::IssuedLate]);
    // Sat 24/10/2026.
    let saturday = Draft {
        revised_due: Some(date("2026-10-24")),
        ..good
    };
    assert_eq!(flags(&saturday, &at, &days), [LetterFlag::NewDateDayOff]);
    // Mon 23/11/2026: whether it is off has not been decided.
    let open = Draft {
        revised_due: Some(date("2026-11-23")),
        ..good
    };
    assert_eq!(flags(&open, &at, &days), [LetterFlag::NewDateUnsettled]);
    // One postponement is allowed, and there was one.
    let again = Context { postponed: 1, ..at };
    assert_eq!(
        flags(&good, &again, &days),
        [LetterFlag::SecondPostponement]
    );
    // Wed 28/10, for a case promised for Wed 14/10 and postponed to Wed 21/10: outside the rule, and held against no last day.
    // That was Tue 13/10, for the first letter.
    let second = Draft {
        issued: date("2026-10-28"),
        revised_due: Some(date("2026-11-04")),
        ..good
    };
    let out = Context {
        letter_out: true,
        replaces: date("2026-10-21"),
        ..again
    };
    assert_eq!(
        flags(&second, &out, &days),
        [LetterFlag::SecondPostponement]
    );
    // A letter that names no new date postpones nothing.
    let undated = Draft {
        revised_due: None,
        ..good
    };
    assert_eq!(flags(&undated, &again, &days), []);
}

/// Promised for Wed 14/10/2026, finished on Fri 16/10: what is over needs no new date, and a letter of a later day names
/// none. The reason is owed all the same (Điều 19(9) does not say that the duty ends with the case).
#[test]
fn a_letter_about_a_case_finished_late_names_no_new_date() {
    let (good, days) = (draft(), calendar());
    let over = Context {
        finished: Some(date("2026-10-16")),
        as_of: date("2026-10-20"),
        ..context()
    };
    let without = |issued: &str| Draft {
        issued: date(issued),
        revised_due: None,
        ..good
    };
    let named = |issued: &str| Draft {
        revised_due: Some(date("2026-10-21")),
        ..without(issued)
    };
    assert_eq!(faults(&without("2026-10-19"), &over), []);
    assert_eq!(
        flags(&without("2026-10-19"), &over, &days),
        [LetterFlag::IssuedLate]
    );
    assert_eq!(
        faults(&named("2026-10-19"), &over),
        [LetterFault::NewDateAfterEnd]
    );
    let silent = Draft {
        reason: "-",
        ..without("2026-10-19")
    };
    assert_eq!(faults(&silent, &over), [LetterFault::ReasonMissing]);
    // On the day itself nobody knows which came first.
    for draft in [without("2026-10-16"), named("2026-10-16")] {
        assert_eq!(faults(&draft, &over), []);
    }
    // Signed while the case was open, it names a date as every letter does.
    assert_eq!(faults(&named("2026-10-15"), &over), []);
    assert_eq!(
        faults(&without("2026-10-15"), &over),
        [LetterFault::NewDateUnread]
    );
}
