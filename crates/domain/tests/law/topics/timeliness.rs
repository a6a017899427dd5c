//! Early, on time, late: by date; the clock is stopped by the end of processing.

use dung_hen_domain::case::CaseStatus;
use dung_hen_domain::timeliness::{Facts, Timeliness, assess};

use crate::{calendar, date};

fn check(
    status: CaseStatus,
    finished: Option<&str>,
    returned: Option<&str>,
    as_of: &str,
) -> (Timeliness, u32) {
    let facts = Facts {
        status,
        // Tue 15/10/2024.
        promise: Some(date("2024-10-15")),
        finished: finished.map(date),
        returned: returned.map(date),
        as_of: date(as_of),
    };
    assess(&facts, &calendar())
}

#[test]
fn finished_cases_are_compared_by_date() {
    use CaseStatus::{Finished, Returned};
    assert_eq!(
        check(Finished, Some("2024-10-14"), None, "2024-10-30"),
        (Timeliness::Early, 1)
    );
    assert_eq!(
        check(Finished, Some("2024-10-15"), None, "2024-10-30"),
        (Timeliness::OnTime, 0)
    );
    assert_eq!(
        check(Finished, Some("2024-10-16"), None, "2024-10-30"),
        (Timeliness::Late, 1)
    );
    // Collected long after: the agency was on time all the same.
    assert_eq!(
        check(
            Returned,
            Some("2024-10-15"),
            Some("2024-10-29"),
            "2024-10-30"
        ),
        (Timeliness::OnTime, 0)
    );
    // The end of processing was not sent: collection in time proves it, collection later proves nothing.
    assert_eq!(
        check(Returned, None, Some("2024-10-15"), "2024-10-30"),
        (Timeliness::OnTime, 0)
    );
    assert_eq!(
        check(Returned, None, Some("2024-10-16"), "2024-10-30"),
        (Timeliness::Unknown, 0)
    );
    assert_eq!(
        check(Returned, None, None, "2024-10-30"),
        (Timeliness::Unknown, 0)
    );
}

#[test]
fn open_cases_are_compared_with_today() {
    use CaseStatus::{
        PaymentRequested, Processing, Received, Registered, Stopped, SupplementRequested, Withdrawn,
    };
    // Thu 10/10: three working days to go (11, 14, 15). Fri 11/10: two.
    assert_eq!(
        check(Processing, None, None, "2024-10-10"),
        (Timeliness::WithinTime, 5)
    );
    assert_eq!(
        check(Processing, None, None, "2024-10-11"),
        (Timeliness::DueSoon, 4)
    );
    assert_eq!(
        check(Received, None, None, "2024-10-15"),
        (Timeliness::DueSoon, 0)
    );
    assert_eq!(
        check(Processing, None, None, "2024-10-16"),
        (Timeliness::Overdue, 1)
    );
    for paused in [SupplementRequested, PaymentRequested] {
        assert_eq!(
            check(paused, None, None, "2024-10-30"),
            (Timeliness::Paused, 0)
        );
    }
    for outside in [Registered, Withdrawn, Stopped, CaseStatus::NotAccepted] {
        assert_eq!(
            check(outside, None, None, "2024-10-30"),
            (Timeliness::NotApplicable, 0)
        );
    }
}

/// What says nothing has no days; and where the calendar is open, plain days stand in for working days.
#[test]
fn without_a_promise_or_a_calendar() {
    let stands = |promise: Option<&str>, as_of: &str| {
        let facts = Facts {
            status: CaseStatus::Processing,
            promise: promise.map(date),
            finished: None,
            returned: None,
            as_of: date(as_of),
        };
        assess(&facts, &calendar())
    };
    assert_eq!(stands(None, "2024-10-30"), (Timeliness::Unknown, 0));
    // Nothing is settled from Mon 23/11/2026 on. Fri 27/11 is two days after Wed 25/11, three after Tue 24/11.
    assert_eq!(
        stands(Some("2026-11-27"), "2026-11-25"),
        (Timeliness::DueSoon, 2)
    );
    assert_eq!(
        stands(Some("2026-11-27"), "2026-11-24"),
        (Timeliness::WithinTime, 3)
    );
}
