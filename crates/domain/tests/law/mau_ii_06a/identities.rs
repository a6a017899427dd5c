//! Report II.06a/VPCP/KSTT: columns and identities (secondary, docs/LAW.md).

use dung_hen_domain::case::{CaseStatus, Channel, Level};
use dung_hen_domain::report::{Beside, BrokenIdentity, Columns, Draft, Facts, Report, Span};

use crate::date;

/// The third quarter of 2026.
fn q3() -> Span {
    Span {
        first: date("2026-07-01"),
        last: date("2026-09-30"),
        as_on: date("2026-09-30"),
    }
}

struct Case {
    field: &'static str,
    level: Level,
    channel: Channel,
    status: CaseStatus,
    /// Reception, promise, end of processing, collection; empty where not sent.
    days: [&'static str; 4],
}

fn report(cases: &[Case], span: Span) -> Report {
    let mut draft = Draft::new(span);
    for case in cases {
        let [received, promise, finished, returned] =
            case.days.map(|day| (!day.is_empty()).then(|| date(day)));
        draft.add(&Facts {
            field: case.field,
            level: case.level,
            channel: case.channel,
            status: case.status,
            received,
            promise,
            finished,
            returned,
        });
    }
    draft.check().unwrap()
}

fn land(channel: Channel, status: CaseStatus, days: [&'static str; 4]) -> Case {
    Case {
        field: "Đất đai",
        level: Level::Province,
        channel,
        status,
        days,
    }
}

/// | case | received | promised | ended | filed | columns |
/// |---|---|---|---|---|---|
/// | 1 | 10/7 | 20/7 | 15/7 | online | 4, 8 |
/// | 2 | 10/7 | 20/7 | 20/7 | counter | 5, 9 |
/// | 3 | 10/7 | 20/7 | 21/7 | post | 5, 10 |
/// | 4 | 20/6 | 5/7 | 3/7 | online | 6, 8: carried over |
/// | 5 | 20/6 | 5/7 | 1/10 | online | 6, 13: on 30/9 still pending, and past its day |
/// | 6 | 25/9 | 30/9 | open | counter | 5, 12: on its promised day it is within time |
/// | 7 | 20/9 | 29/9 | open | counter | 5, 13 |
/// | 8 | 1/9 | 15/9 | open, waits for papers | online | 4, 12: the clock is stopped |
/// | 9 | 1/6 | 20/6 | 30/6 | counter | none: resolved before |
/// | 10 | 1/10 | 20/10 | open | counter | none: received after |
/// | 11 | 3/8 | 20/8 | withdrawn 10/8 | counter | 5, 8 |
///
/// So: 3 = 9 (4: cases 1, 8 = 2; 5: cases 2, 3, 6, 7, 11 = 5; 6: cases 4, 5 = 2).
/// 7 = 5 (8: cases 1, 4, 11 = 3; 9: case 2 = 1; 10: case 3 = 1). 11 = 4 (12: cases 6, 8 = 2; 13: cases 5, 7 = 2).
#[test]
fn a_quarter_counted_by_hand() {
    use CaseStatus::{Processing, Returned, SupplementRequested, Withdrawn};
    use Channel::{Direct, Online, Postal};
    let cases = [
        land(
            Online,
            Returned,
            ["2026-07-10", "2026-07-20", "2026-07-15", ""],
        ),
        land(
            Direct,
            Returned,
            ["2026-07-10", "2026-07-20", "2026-07-20", ""],
        ),
        land(
            Postal,
            Returned,
            ["2026-07-10", "2026-07-20", "2026-07-21", ""],
        ),
        land(
            Online,
            Returned,
            ["2026-06-20", "2026-07-05", "2026-07-03", ""],
        ),
        land(
            Online,
            Returned,
            ["2026-06-20", "2026-07-05", "2026-10-01", ""],
        ),
        land(Direct, Processing, ["2026-09-25", "2026-09-30", "", ""]),
        land(Direct, Processing, ["2026-09-20", "2026-09-29", "", ""]),
        land(
            Online,
            SupplementRequested,
            ["2026-09-01", "2026-09-15", "", ""],
        ),
        land(
            Direct,
            Returned,
            ["2026-06-01", "2026-06-20", "2026-06-30", ""],
        ),
        land(Direct, Processing, ["2026-10-01", "2026-10-20", "", ""]),
        land(
            Direct,
            Withdrawn,
            ["2026-08-03", "2026-08-20", "2026-08-10", ""],
        ),
    ];
    let report = report(&cases, q3());
    assert_eq!(report.total().values(), [9, 2, 5, 2, 5, 3, 1, 1, 4, 2, 2]);
    assert_eq!(report.levels().len(), 1);
    assert_eq!(report.levels()[0].sum, *report.total());
    assert!(report.beside().is_empty());
}

/// Levels in their order, fields by name, sums of both.
#[test]
fn levels_and_fields_have_rows_of_their_own() {
    let case = |level, field| Case {
        field,
        level,
        channel: Channel::Direct,
        status: CaseStatus::Returned,
        days: ["2026-07-10", "2026-07-20", "2026-07-15", ""],
    };
    let cases = [
        case(Level::Commune, "Hộ tịch"),
        case(Level::Province, "Đất đai"),
        case(Level::Commune, "Chứng thực"),
        case(Level::Commune, "Hộ tịch"),
    ];
    let report = report(&cases, q3());
    let mut rows = Vec::new();
    for part in report.levels() {
        rows.push((part.level, "", part.sum.received));
        for (field, columns) in &part.fields {
            rows.push((part.level, field.as_str(), columns.received));
        }
    }
    assert_eq!(
        rows,
        [
            (Level::Province, "", 1),
            (Level::Province, "Đất đai", 1),
            (Level::Commune, "", 3),
            (Level::Commune, "Chứng thực", 1),
            (Level::Commune, "Hộ tịch", 2),
        ]
    );
    assert_eq!(report.total().received, 4);
}

/// What the data do not tell stands beside, with its reason, and in no column.
#[test]
fn what_cannot_be_placed_is_said() {
    use CaseStatus::{Processing, Registered, Returned, Stopped};
    let direct = |status, days| land(Channel::Direct, status, days);
    let cases = [
        direct(Processing, ["", "2026-07-20", "", ""]),
        direct(Stopped, ["2026-07-10", "2026-07-20", "", ""]),
        direct(Processing, ["2026-07-10", "", "", ""]),
        // Collected after the day; when it was finished was not sent.
        direct(Returned, ["2026-07-10", "2026-07-20", "", "2026-07-25"]),
        // Collected on the day: it was finished in time.
        direct(Returned, ["2026-07-10", "2026-07-20", "", "2026-07-20"]),
        direct(Returned, ["2026-07-10", "2026-07-20", "2026-07-09", ""]),
        direct(Registered, ["2026-07-10", "", "", ""]),
    ];
    let report = report(&cases, q3());
    assert_eq!(report.total().values(), [1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0]);
    let beside: Vec<(Beside, u64)> = report.beside().iter().map(|(why, n)| (*why, *n)).collect();
    assert_eq!(
        beside,
        [
            (Beside::NoReception, 1),
            (Beside::NoEnd, 1),
            (Beside::NoPromise, 1),
            (Beside::LatenessUnknown, 1),
            (Beside::Contradiction, 1),
        ]
    );
}

/// A quarter that is not over is counted as on the day of the report.
#[test]
fn a_running_quarter_is_counted_as_on_today() {
    let span = Span {
        as_on: date("2026-08-01"),
        ..q3()
    };
    let open = |promise| {
        land(
            Channel::Direct,
            CaseStatus::Processing,
            ["2026-07-10", promise, "", ""],
        )
    };
    let report = report(
        &[open("2026-07-31"), open("2026-08-01"), open("2026-09-01")],
        span,
    );
    let total = report.total();
    assert_eq!((total.pending_within, total.pending_overdue), (2, 1));
}

/// Each identity, broken by one.
#[test]
fn a_broken_identity_is_named() {
    let whole = Columns {
        received: 9,
        online: 2,
        direct: 5,
        carried_over: 2,
        resolved: 5,
        early: 3,
        on_time: 1,
        late: 1,
        pending: 4,
        pending_within: 2,
        pending_overdue: 2,
    };
    assert_eq!(whole.check(), Ok(()));
    let broken = |columns: Columns| columns.check().unwrap_err().identity;
    assert_eq!(broken(Columns { online: 3, ..whole }), "3 = 4 + 5 + 6");
    assert_eq!(broken(Columns { late: 2, ..whole }), "7 = 8 + 9 + 10");
    assert_eq!(
        broken(Columns {
            pending_within: 1,
            ..whole
        }),
        "11 = 12 + 13"
    );
    let moved = Columns {
        resolved: 6,
        early: 4,
        ..whole
    };
    assert_eq!(
        moved.check(),
        Err(BrokenIdentity {
            identity: "3 = 7 + 11",
            left: 9,
            right: 10
        })
    );
}
