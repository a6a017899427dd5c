//! BLLĐ 2019 Điều 112: which days are public holidays, and the days that the Prime Minister swaps for them (khoản 3).

use dung_hen_domain::calendar::{DayKind, Holiday, Knowledge};

use crate::{calendar, date};

fn kind(text: &str) -> DayKind {
    match calendar().day(date(text)) {
        Knowledge::Settled(kind) => kind,
        other => panic!("{text}: {other:?}"),
    }
}

/// Điều 112(1), as 2024 had them.
#[test]
fn dieu_112_the_holidays_have_names() {
    for (day, holiday) in [
        ("2024-01-01", Holiday::NewYear),
        ("2024-02-09", Holiday::LunarNewYear),
        ("2024-04-18", Holiday::HungKings),
        ("2024-04-30", Holiday::ReunificationDay),
        ("2024-05-01", Holiday::LabourDay),
        ("2024-09-02", Holiday::NationalDay),
        ("2024-09-03", Holiday::NationalDay),
    ] {
        assert_eq!(kind(day), DayKind::Holiday(holiday), "{day}");
    }
}

/// Every listed swap is mutual: the day off names the day worked, and that one names it back.
#[test]
fn swaps_name_each_other() {
    for (off, worked) in [
        ("2024-04-29", "2024-05-04"),
        ("2025-05-02", "2025-04-26"),
        ("2026-01-02", "2026-01-10"),
        ("2026-08-31", "2026-08-22"),
    ] {
        assert!(
            matches!(kind(off), DayKind::SwappedOff { pair, .. } if pair == Some(date(worked))),
            "{off}"
        );
        assert_eq!(
            kind(worked),
            DayKind::SwappedWorking {
                pair: Some(date(off))
            },
            "{worked}"
        );
    }
}
