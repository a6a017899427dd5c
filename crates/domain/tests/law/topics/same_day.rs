//! "Within the day; received after 15:00, the next working day": as the procedures publish it.

use dung_hen_domain::time_limit::Unit;

use crate::due;

#[test]
fn the_cut_off_is_fifteen_hundred() {
    for (received, expected) in [
        ("2024-04-24", "2024-04-24"),
        ("2024-04-24T14:59", "2024-04-24"),
        ("2024-04-24T15:00", "2024-04-24"),
        ("2024-04-24T15:01", "2024-04-25"),
        // Fri 26/4 after 15:00: off to 1/5 → Thu 2/5.
        ("2024-04-26T15:30", "2024-05-02"),
        // Filed online on a Sunday: Monday.
        ("2024-04-21T09:00", "2024-04-22"),
        // Sat 4/5/2024 is worked.
        ("2024-05-04T09:00", "2024-05-04"),
    ] {
        assert_eq!(due(received, 0, Unit::SameDay), expected, "{received}");
    }
}
