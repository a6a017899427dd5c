//! BLDS 2015 Điều 148: when a period ends.

use dung_hen_domain::time_limit::Unit;

use crate::due;

/// Khoản 1, 2: days and weeks end with their last day.
#[test]
fn khoan_1_2_days_and_weeks() {
    // Mon 4/3/2024 + 10 = Thu 14/3.
    assert_eq!(due("2024-03-04", 10, Unit::CalendarDay), "2024-03-14");
    // Mon 4/3 + 2 weeks = Mon 18/3.
    assert_eq!(due("2024-03-04", 2, Unit::Week), "2024-03-18");
}

/// Khoản 3: the corresponding day of the last month, or its last day where there is none.
#[test]
fn khoan_3_months() {
    // 15/1/2024 → 15/3/2024, a Friday.
    assert_eq!(due("2024-01-15", 2, Unit::Month), "2024-03-15");
    // 31/1/2024 → 29/2/2024 (leap year), a Thursday.
    assert_eq!(due("2024-01-31", 1, Unit::Month), "2024-02-29");
    // 31/1/2023 → 28/2/2023, a Tuesday.
    assert_eq!(due("2023-01-31", 1, Unit::Month), "2023-02-28");
    // 31/10/2024 → 30/11/2024, a Saturday → Mon 2/12.
    assert_eq!(due("2024-10-31", 1, Unit::Month), "2024-12-02");
}

/// Khoản 4: years.
#[test]
fn khoan_4_years() {
    // 29/2/2024 → 28/2/2025, a Friday.
    assert_eq!(due("2024-02-29", 1, Unit::Year), "2025-02-28");
    // 15/3/2023 → 15/3/2024, a Friday.
    assert_eq!(due("2023-03-15", 1, Unit::Year), "2024-03-15");
}

/// Khoản 5: a last day off moves to the end of the next working day.
#[test]
fn khoan_5_a_last_day_off_moves_on() {
    // Mon 4/3/2024 + 5 = Sat 9/3 → Mon 11/3.
    assert_eq!(due("2024-03-04", 5, Unit::CalendarDay), "2024-03-11");
    // 19/4/2024 + 10 = Mon 29/4 (off by swap); 30/4, 1/5 off → Thu 2/5.
    assert_eq!(due("2024-04-19", 10, Unit::CalendarDay), "2024-05-02");
    // 24/4/2024 + 10 = Sat 4/5/2024, worked: it does not move.
    assert_eq!(due("2024-04-24", 10, Unit::CalendarDay), "2024-05-04");
    // 1/2/2026 + 14 = Sun 15/2 → Tết to 20/2, weekend → Mon 23/2.
    assert_eq!(due("2026-02-01", 14, Unit::CalendarDay), "2026-02-23");
    // A week from Thu 25/1/2024 is Thu 1/2; from Fri 2/2 it is Fri 9/2 (Tết) → Thu 15/2.
    assert_eq!(due("2024-02-02", 1, Unit::Week), "2024-02-15");
}
