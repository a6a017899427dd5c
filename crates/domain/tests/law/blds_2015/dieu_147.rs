//! BLDS 2015 Điều 147: when a period starts.

use dung_hen_domain::deadline::Role;
use dung_hen_domain::time_limit::Unit;

use crate::{ask, deadline, due};

/// Khoản 1: a period in hours starts at the stated moment. Agency hours 07:30–11:30, 13:00–17:00.
#[test]
fn khoan_1_hours_start_at_the_moment() {
    for (received, hours, expected) in [
        // Wed 10:00: 1.5 h to 11:30, then 0.5 h from 13:00.
        ("2024-04-24T10:00", 2, "2024-04-24T13:30"),
        // Exactly the rest of the session: it ends with the session.
        ("2024-04-24T09:30", 2, "2024-04-24T11:30"),
        // Wed 10:00 + 8 h: 1.5 + 4 today, 2.5 tomorrow from 07:30.
        ("2024-04-24T10:00", 8, "2024-04-25T10:00"),
        // At lunch the time runs from 13:00.
        ("2024-04-24T12:10", 1, "2024-04-24T14:00"),
        // After hours: from the next working morning.
        ("2024-04-24T18:00", 1, "2024-04-25T08:30"),
        // Saturday 20/4: Monday 22/4.
        ("2024-04-20T09:00", 1, "2024-04-22T08:30"),
        // Fri 26/4 16:00 + 2 h: 1 h today; off 27/4 to 1/5; Thu 2/5 07:30 + 1 h.
        ("2024-04-26T16:00", 2, "2024-05-02T08:30"),
    ] {
        assert_eq!(
            due(received, hours, Unit::WorkingHour),
            expected,
            "{received} + {hours} h"
        );
    }
    assert_eq!(
        ask("2024-04-24", 8, Unit::WorkingHour).unwrap_err().code(),
        "time_required"
    );
}

/// Received after hours or on a day off, nothing of that day is counted, and the proof says so; days off between are left
/// out. Fri 26/4/2024 18:00 and Sat 27/4 09:00 + 2 h: off until Wed 1/5, Thu 2/5 07:30 to 09:30.
#[test]
fn khoan_1_a_day_of_reception_without_hours_left_counts_nothing() {
    for received in ["2024-04-26T18:00", "2024-04-27T09:00"] {
        let proof = deadline(received, 2, Unit::WorkingHour);
        let roles: Vec<Role> = proof.days.iter().map(|day| day.role).collect();
        let (first, rest) = roles.split_first().unwrap();
        assert_eq!(*first, Role::Reception, "{received}");
        let (last, between) = rest.split_last().unwrap();
        assert_eq!(*last, Role::CountedMinutes(120), "{received}");
        assert!(between.iter().all(|role| *role == Role::Skipped));
        assert_eq!(between.len(), if received.contains("26T") { 5 } else { 4 });
    }
}

/// Khoản 2: the first day of a period in days, weeks, months or years is not counted.
#[test]
fn khoan_2_the_first_day_is_not_counted() {
    let proof = deadline("2024-04-22T07:30", 1, Unit::WorkingDay);
    assert_eq!(
        proof.days.first().map(|day| day.role),
        Some(Role::Reception)
    );
    // Mon 22/4 at the first minute of work: still due on Tue 23/4.
    assert_eq!(due("2024-04-22T07:30", 1, Unit::WorkingDay), "2024-04-23");
    assert_eq!(due("2024-04-22", 1, Unit::CalendarDay), "2024-04-23");
}

/// The proof of every unit adds up to the limit.
#[test]
fn proofs_add_up() {
    for (amount, unit) in [
        (7, Unit::WorkingDay),
        (20, Unit::CalendarDay),
        (12, Unit::WorkingHour),
        (3, Unit::Week),
    ] {
        let proof = deadline("2024-04-24T10:00", amount, unit);
        let counted = proof
            .days
            .iter()
            .filter(|day| matches!(day.role, Role::Counted(_)))
            .count();
        let minutes: u32 = proof
            .days
            .iter()
            .map(|day| {
                if let Role::CountedMinutes(minutes) = day.role {
                    minutes
                } else {
                    0
                }
            })
            .sum();
        match unit {
            Unit::WorkingHour => assert_eq!(minutes, amount * 60),
            Unit::Week => assert_eq!(counted, 21),
            _ => assert_eq!(counted, amount as usize),
        }
        for pair in proof.days.windows(2) {
            assert_eq!(
                pair[0].date.succ_opt(),
                Some(pair[1].date),
                "the proof has no gap"
            );
        }
        assert_eq!(proof.days.last().map(|day| day.date), Some(proof.due));
    }
}
