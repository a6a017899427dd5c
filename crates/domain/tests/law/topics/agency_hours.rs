//! Hours that differ by day of the week: half days, days without hours, and the cut-off of a same-day case.

use dung_hen_domain::calendar::WorkingHours;
use dung_hen_domain::civil::{clock, iso_date, parse_clock};
use dung_hen_domain::deadline::{Answer, Reception, compute, due_only};
use dung_hen_domain::time_limit::{TimeLimit, Unit};

use crate::calendar;

fn due(hours: &WorkingHours, received: &str, amount: u32, unit: Unit) -> String {
    let reception = Reception::parse(received).unwrap();
    let limit = TimeLimit::new(amount, unit).unwrap();
    match compute(&calendar(), hours, reception, limit).unwrap() {
        Answer::Due(deadline) => {
            // The way without proof says the same.
            assert_eq!(
                due_only(&calendar(), hours, reception, limit).unwrap(),
                Some((deadline.due, deadline.due_time))
            );
            match deadline.due_time {
                Some(time) => format!("{}T{}", iso_date(deadline.due), clock(time)),
                None => iso_date(deadline.due),
            }
        }
        Answer::Unsettled { .. } => panic!("{received}: not settled"),
    }
}

#[test]
fn a_half_day_on_friday() {
    let hours = WorkingHours::parse("07:30-11:30,13:00-17:00; fri 07:30-11:30").unwrap();
    for (received, amount, expected) in [
        // Thu 11/4/2024 15:00: 2 h to 17:00; Fri 12: 4 h to 11:30; Mon 15: 2 h → 09:30.
        ("2024-04-11T15:00", 8, "2024-04-15T09:30"),
        // Fri 19/4 13:30: closed; Mon 22 07:30 + 1 h.
        ("2024-04-19T13:30", 1, "2024-04-22T08:30"),
        // Sat 4/5/2024 is worked for Mon 29/4, with Monday's hours: Fri 3/5 10:30 1 h, Sat 4 h + 2 h → 15:00.
        ("2024-05-03T10:30", 7, "2024-05-04T15:00"),
    ] {
        assert_eq!(
            due(&hours, received, amount, Unit::WorkingHour),
            expected,
            "{received}"
        );
    }
}

/// An afternoon that begins when the morning ends is one long session: Thu 11/4/2024 10:30 + 2 h = 12:30, and what ends with
/// the morning ends at 11:30.
#[test]
fn sessions_may_touch() {
    let hours = WorkingHours::parse("07:30-11:30,11:30-15:30").unwrap();
    for (amount, expected) in [(1, "2024-04-11T11:30"), (2, "2024-04-11T12:30")] {
        assert_eq!(
            due(&hours, "2024-04-11T10:30", amount, Unit::WorkingHour),
            expected
        );
    }
}

/// Saturday hours of its own hold on a Saturday worked in exchange; an ordinary Saturday stays off.
#[test]
fn a_saturday_with_hours_of_its_own() {
    let hours = WorkingHours::parse("07:30-11:30,13:00-17:00; sat 08:00-10:00").unwrap();
    // Fri 3/5/2024 16:00: 1 h; Sat 4/5 worked 08:00-10:00: 2 h; Mon 6/5 07:30 + 1 h.
    assert_eq!(
        due(&hours, "2024-05-03T16:00", 4, Unit::WorkingHour),
        "2024-05-06T08:30"
    );
    // Fri 19/4 16:00: 1 h; Sat 20/4 is no working day; Mon 22/4 07:30 + 1 h.
    assert_eq!(
        due(&hours, "2024-04-19T16:00", 2, Unit::WorkingHour),
        "2024-04-22T08:30"
    );
}

#[test]
fn a_day_without_hours_is_passed_over() {
    let hours = WorkingHours::parse("08:00-12:00; wed off").unwrap();
    // Tue 23/4/2024 11:00: 1 h; Wed without hours; Thu 25/4 08:00 + 1 h.
    assert_eq!(
        due(&hours, "2024-04-23T11:00", 2, Unit::WorkingHour),
        "2024-04-25T09:00"
    );
}

#[test]
fn the_cut_off_is_the_agency_s() {
    let early = WorkingHours::default().with_cut_off(parse_clock("11:30").unwrap());
    for (received, expected) in [
        ("2024-04-24T11:30", "2024-04-24"),
        ("2024-04-24T11:31", "2024-04-25"),
        // Fri 26/4 after the cut-off: off to 1/5 → Thu 2/5.
        ("2024-04-26T12:00", "2024-05-02"),
    ] {
        assert_eq!(
            due(&early, received, 0, Unit::SameDay),
            expected,
            "{received}"
        );
    }
}

#[test]
fn hours_that_cannot_be_are_refused() {
    for text in [
        "",
        "07:30",
        "11:30-07:30",
        "07:30-11:30,11:00-12:00",
        "07:30:30-11:30",
        "25:00-26:00",
        "07:30-11:30; xyz 08:00-09:00",
        "07:30-11:30; fri",
        "07:30-11:30; fri 08:00-09:00; fri 09:00-10:00",
        "07:30-11:30; mon off; tue off; wed off; thu off; fri off",
    ] {
        assert_eq!(WorkingHours::parse(text), None, "{text:?}");
    }
}
