//! The working calendar of 2021 to 2026 with its swaps, and where it ends.

use dung_hen_domain::calendar::Knowledge;
use dung_hen_domain::time_limit::Unit;

use crate::{ask, calendar, date, due, unsettled_from};

/// The published test vectors: first day excluded, N working days. Worked by hand beside each.
#[test]
fn working_days_over_holidays_and_swaps() {
    for (received, amount, expected) in [
        // Mon 8/2. 9/2 (1). Off: 10, 11, 12, 15, 16/2; weekend 13, 14. 17 (2), 18 (3), 19 (4), Mon 22 (5).
        ("2021-02-08", 5, "2021-02-22"),
        // Thu 28/4. Fri 29 (1). Weekend 30/4, 1/5; days in lieu 2, 3/5. Wed 4/5 (2), Thu 5/5 (3).
        ("2022-04-28", 3, "2022-05-05"),
        // Wed 18/1. Thu 19 (1). Tết 20-26/1. Fri 27 (2). Weekend 28, 29. Mon 30 (3).
        ("2023-01-18", 3, "2023-01-30"),
        // Wed 24/4. 25 (1), 26 (2). Weekend. Mon 29 off by swap, 30/4, 1/5. 2/5 (3), 3/5 (4), Sat 4/5 worked (5).
        ("2024-04-24", 5, "2024-05-04"),
        // Fri 26/4. Off to 1/5. 2/5 (1), 3/5 (2), Sat 4/5 (3). Sun. Mon 6 (4), Tue 7 (5).
        ("2024-04-26", 5, "2024-05-07"),
        // Thu 24/4. Fri 25 (1), Sat 26 worked (2), Sun, Mon 28 (3).
        ("2025-04-24", 3, "2025-04-28"),
        // Tue 29/4. Off: 30/4, 1/5, 2/5 by swap; weekend 3, 4. Mon 5 (1), 6 (2), 7 (3).
        ("2025-04-29", 3, "2025-05-07"),
        // Wed 31/12. Off: 1/1, 2/1 by swap; weekend. 5 (1), 6 (2), 7 (3), 8 (4), 9 (5), Sat 10 worked (6), Sun, Mon 12 (7).
        ("2025-12-31", 7, "2026-01-12"),
        // Thu 12/2. Fri 13 (1). Off: 14/2 to 22/2. Mon 23 (2).
        ("2026-02-12", 2, "2026-02-23"),
        // Fri 24/4. Weekend; Mon 27 in lieu of Sun 26. 28 (1), 29 (2). 30/4, 1/5 off; weekend. Mon 4/5 (3).
        ("2026-04-24", 3, "2026-05-04"),
        // Thu 20/8. Fri 21 (1), Sat 22 worked (2), Sun, Mon 24 (3), 25 (4), 26 (5).
        ("2026-08-20", 5, "2026-08-26"),
        // Fri 28/8. Weekend; Mon 31 off by swap; 1, 2/9 off. Thu 3/9 (1).
        ("2026-08-28", 1, "2026-09-03"),
    ] {
        assert_eq!(
            due(received, amount, Unit::WorkingDay),
            expected,
            "{received} + {amount}"
        );
    }
}

/// The last settled day is Sunday 22/11/2026: a swap for Monday 23/11 was proposed, and no decision is known.
#[test]
fn a_period_that_reaches_an_open_day_is_not_settled() {
    // Thu 19/11: Fri 20 (1) is settled, the second day is not.
    assert_eq!(due("2026-11-19", 1, Unit::WorkingDay), "2026-11-20");
    assert_eq!(
        unsettled_from("2026-11-19", 2, Unit::WorkingDay),
        "2026-11-23"
    );
    // Calendar days: 13/11 + 9 = Sun 22/11, which would roll to the open Monday.
    assert_eq!(
        unsettled_from("2026-11-13", 9, Unit::CalendarDay),
        "2026-11-23"
    );
    // 13/11 + 7 = Fri 20/11, settled.
    assert_eq!(due("2026-11-13", 7, Unit::CalendarDay), "2026-11-20");
    // Six months from 15/10/2026 reach far past.
    assert_eq!(unsettled_from("2026-10-15", 6, Unit::Month), "2026-11-23");
    // Received inside the open part.
    assert_eq!(
        unsettled_from("2026-12-01", 1, Unit::WorkingDay),
        "2026-12-02"
    );
    assert_eq!(
        unsettled_from("2028-01-03", 1, Unit::WorkingDay),
        "2028-01-04"
    );
}

/// The calendar begins on 1/1/2021: before it nothing is guessed.
#[test]
fn before_the_calendar_is_an_error_not_a_guess() {
    // Thu 31/12/2020 itself is not counted; 1/1/2021 off, weekend, Mon 4/1 (1).
    assert_eq!(due("2020-12-31", 1, Unit::WorkingDay), "2021-01-04");
    assert_eq!(
        ask("2020-12-30", 1, Unit::WorkingDay).unwrap_err().code(),
        "before_calendar"
    );
    assert_eq!(
        ask("0000-01-01", 1, Unit::WorkingDay).unwrap_err().code(),
        "before_calendar"
    );
    assert_eq!(
        ask("9999-12-31", 1, Unit::WorkingDay).unwrap_err().code(),
        "date_out_of_range"
    );
    assert_eq!(
        ask("9999-12-01", 10_000, Unit::Year).unwrap_err().code(),
        "date_out_of_range"
    );
}

#[test]
fn counting_back_agrees_with_counting_forward() {
    let calendar = calendar();
    let mut day = date("2021-01-01");
    while day < date("2026-10-01") {
        for amount in [1, 2, 5, 20] {
            let ends = date(&due(
                &dung_hen_domain::civil::iso_date(day),
                amount,
                Unit::WorkingDay,
            ));
            assert_eq!(calendar.working_days_between(day, ends), Some(amount));
            assert!(matches!(calendar.day(ends), Knowledge::Settled(kind) if kind.is_working()));
        }
        day = day.succ_opt().unwrap();
    }
}
