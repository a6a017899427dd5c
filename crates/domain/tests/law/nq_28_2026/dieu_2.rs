//! NQ 28/2026/QH16 Điều 2: 24 November, Culture Day, is a paid day off from 2026, and not one of Điều 112.

use dung_hen_domain::calendar::{DayKind, Holiday, Knowledge};
use dung_hen_domain::time_limit::Unit;

use crate::{ask, calendar, date, due};

/// Mon 24/11/2025 was worked: Fri 21/11/2025 + 1 is that Monday. Tue 24/11/2026 is off.
#[test]
fn the_day_is_off_from_2026() {
    assert_eq!(due("2025-11-21", 1, Unit::WorkingDay), "2025-11-24");
    let answer = ask("2026-11-23", 1, Unit::WorkingDay).unwrap();
    // Tue 24/11 is no possible end; Wed 25/11 is the only one.
    let dung_hen_domain::deadline::Answer::Unsettled { possible, .. } = answer else {
        panic!("settled")
    };
    let dates: Vec<_> = possible.iter().map(|one| one.due).collect();
    assert_eq!(dates, [date("2026-11-25")]);
    match calendar().day(date("2026-11-24")) {
        Knowledge::Settled(kind) | Knowledge::Provisional(kind) => {
            assert_eq!(kind, DayKind::Holiday(Holiday::CultureDay));
        }
        other => panic!("{other:?}"),
    }
}
