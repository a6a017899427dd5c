//! BLLĐ 2019 Điều 111(3): a holiday on the weekly rest day is made up on the next working day.

use dung_hen_domain::calendar::{DayKind, Holiday, Knowledge};

use crate::{calendar, date};

fn kind(text: &str) -> DayKind {
    match calendar().day(date(text)) {
        Knowledge::Settled(kind) => kind,
        other => panic!("{text}: {other:?}"),
    }
}

/// Điều 111(3): a holiday on the weekly rest day is made up on the next working day.
#[test]
fn dieu_111_khoan_3_days_in_lieu_know_their_day() {
    // Sun 26/4/2026 (10/3 lunar) → Mon 27/4.
    let expected = DayKind::InLieu {
        holiday: Holiday::HungKings,
        pair: Some(date("2026-04-26")),
    };
    assert_eq!(kind("2026-04-27"), expected);
    assert_eq!(kind("2026-04-26"), DayKind::Weekend);
}
