//! What holds for every reception from 1/1/2021 to 31/12/2026, not for chosen examples: every date is
//! tried, none is drawn at random.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use dung_hen_domain::calendar::{Knowledge, SAME_DAY_CUT_OFF, WorkingCalendar, WorkingHours};
use dung_hen_domain::deadline::{
    Answer, Deadline, DeadlineError, Reception, Role, compute, due_only,
};
use dung_hen_domain::time_limit::{TimeLimit, Unit};

use crate::{calendar, date};

const MAX_DAYS: u32 = 60;

fn every_reception() -> impl Iterator<Item = NaiveDate> {
    date("2021-01-01")
        .iter_days()
        .take_while(|day| day.year() <= 2026)
}

fn works(calendar: &WorkingCalendar, day: NaiveDate) -> bool {
    matches!(calendar.day(day), Knowledge::Settled(kind) if kind.is_working())
}

fn ask(
    calendar: &WorkingCalendar,
    reception: Reception,
    amount: u32,
    unit: Unit,
) -> Result<Answer, DeadlineError> {
    compute(
        calendar,
        &WorkingHours::default(),
        reception,
        TimeLimit::new(amount, unit).unwrap(),
    )
}

/// The deadline, or `None` where it is not settled.
fn settled(
    calendar: &WorkingCalendar,
    day: NaiveDate,
    time: Option<NaiveTime>,
    amount: u32,
    unit: Unit,
) -> Option<Deadline> {
    let reception = Reception { date: day, time };
    match ask(calendar, reception, amount, unit).unwrap() {
        Answer::Due(deadline) => Some(deadline),
        Answer::Unsettled { .. } => None,
    }
}

/// A longer limit never ends earlier; one more working day always ends later; and where a limit is
/// not settled, no longer one is.
#[test]
fn a_longer_limit_ends_later() {
    let calendar = calendar();
    for day in every_reception() {
        for unit in [Unit::WorkingDay, Unit::CalendarDay] {
            let mut before: Option<NaiveDate> = Some(day);
            for amount in 1..=MAX_DAYS {
                let due = settled(&calendar, day, None, amount, unit).map(|deadline| deadline.due);
                match (before, due) {
                    (Some(before), Some(due)) => {
                        let later = before < due || (unit == Unit::CalendarDay && before == due);
                        assert!(later, "{day} + {amount} {unit:?}: {due} after {before}");
                    }
                    (None, Some(due)) => panic!("{day} + {amount} {unit:?}: {due} is settled"),
                    (_, None) => {}
                }
                before = due;
            }
        }
    }
}

/// Received later is never due earlier.
#[test]
fn a_later_reception_ends_no_earlier() {
    let calendar = calendar();
    for (amount, unit) in [
        (1, Unit::WorkingDay),
        (15, Unit::WorkingDay),
        (10, Unit::CalendarDay),
        (1, Unit::Month),
    ] {
        let mut before = NaiveDate::MIN;
        for day in every_reception() {
            let Some(deadline) = settled(&calendar, day, None, amount, unit) else {
                before = NaiveDate::MAX;
                continue;
            };
            assert!(before <= deadline.due, "{day} + {amount} {unit:?}");
            before = deadline.due;
        }
    }
}

/// The list runs from the reception to the due day without a gap, its numbers run from 1 to the limit,
/// only working days are counted and only days off are left out; and the due day is never a day off.
#[test]
fn the_proof_of_working_days_adds_up() {
    let calendar = calendar();
    for day in every_reception() {
        for amount in 1..=MAX_DAYS {
            let Some(deadline) = settled(&calendar, day, None, amount, Unit::WorkingDay) else {
                continue;
            };
            let (first, rest) = deadline.days.split_first().unwrap();
            assert_eq!((first.date, first.role), (day, Role::Reception));
            let (mut at, mut counted) = (day, 0);
            for line in rest {
                at = at.succ_opt().unwrap();
                assert_eq!(line.date, at, "{day} + {amount}: a gap");
                assert_eq!(calendar.day(at), Knowledge::Settled(line.kind));
                if line.kind.is_working() {
                    counted += 1;
                    assert_eq!(line.role, Role::Counted(counted), "{day} + {amount}: {at}");
                } else {
                    assert_eq!(line.role, Role::Skipped, "{day} + {amount}: {at}");
                }
            }
            assert_eq!((at, counted), (deadline.due, amount));
            assert!(works(&calendar, deadline.due), "{day} + {amount}");
        }
    }
}

/// Calendar days, weeks and months: every day is counted, on or off, then days off are left out until
/// the one day on which the period ends.
#[test]
fn the_proof_of_calendar_days_adds_up() {
    let calendar = calendar();
    for day in every_reception() {
        for (amount, unit) in (1..=MAX_DAYS)
            .map(|amount| (amount, Unit::CalendarDay))
            .chain([(3, Unit::Week), (1, Unit::Month), (1, Unit::Year)])
        {
            let Some(deadline) = settled(&calendar, day, None, amount, unit) else {
                continue;
            };
            let mut at = day;
            let (mut counted, mut rolled) = (0, 0);
            for line in &deadline.days[1..] {
                at = at.succ_opt().unwrap();
                assert_eq!(line.date, at, "{day} + {amount} {unit:?}: a gap");
                match line.role {
                    Role::Counted(number) => {
                        counted += 1;
                        assert_eq!((number, rolled), (counted, 0), "{day} + {amount} {unit:?}");
                    }
                    Role::Skipped => assert!(!line.kind.is_working()),
                    Role::RolledTo => rolled += 1,
                    other => panic!("{day} + {amount} {unit:?}: {other:?}"),
                }
            }
            if unit == Unit::CalendarDay {
                assert_eq!(counted, amount);
            }
            assert!(rolled <= 1);
            assert_eq!(at, deadline.due);
            assert!(works(&calendar, deadline.due), "{day} + {amount} {unit:?}");
        }
    }
}

/// Going back from the due day, working day by working day, one meets the first counted day after as
/// many steps as were counted, and no working day lies between it and the reception.
#[test]
fn counting_back_is_the_inverse() {
    let calendar = calendar();
    for day in every_reception().skip(31) {
        for amount in 1..=MAX_DAYS {
            let Some(deadline) = settled(&calendar, day, None, amount, Unit::WorkingDay) else {
                continue;
            };
            assert_eq!(
                calendar.working_days_between(day, deadline.due),
                Some(amount)
            );
            let mut at = deadline.due;
            for _ in 1..amount {
                at = calendar.working_day_before(at).unwrap();
            }
            assert!(at > day, "{day} + {amount}");
            assert!(calendar.working_day_before(at).unwrap() <= day);
        }
    }
}

/// Same day: that day where it is worked and the hour is not past the cut-off, else as one working day.
#[test]
fn same_day_is_today_or_one_working_day() {
    let calendar = calendar();
    let (hour, minute) = SAME_DAY_CUT_OFF;
    let cut_off = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let past = NaiveTime::from_hms_opt(hour, minute + 1, 0).unwrap();
    let mut tried = 0;
    for day in every_reception() {
        if !matches!(calendar.day(day), Knowledge::Settled(_)) {
            assert_eq!(settled(&calendar, day, None, 0, Unit::SameDay), None);
            continue;
        }
        let next = settled(&calendar, day, None, 1, Unit::WorkingDay).map(|deadline| deadline.due);
        for time in [None, Some(cut_off), Some(past)] {
            let due = settled(&calendar, day, time, 0, Unit::SameDay).map(|deadline| deadline.due);
            if works(&calendar, day) && time != Some(past) {
                assert_eq!(due, Some(day));
            } else {
                assert_eq!(due, next, "{day} {time:?}");
            }
            tried += 1;
        }
    }
    // 1/1/2021 to 22/11/2026: five whole years (365 + 365 + 365 + 366 + 365 = 1826) and 326 days.
    assert_eq!(tried, 3 * (1826 + 326));
}

/// A week is seven days, a year twelve months.
#[test]
fn weeks_are_days_and_years_are_months() {
    let calendar = calendar();
    for day in every_reception() {
        for amount in 1..=8 {
            let reception = Reception {
                date: day,
                time: None,
            };
            assert_eq!(
                ask(&calendar, reception, amount, Unit::Week),
                ask(&calendar, reception, amount * 7, Unit::CalendarDay),
                "{day} + {amount} weeks"
            );
            assert_eq!(
                ask(&calendar, reception, amount, Unit::Year),
                ask(&calendar, reception, amount * 12, Unit::Month),
                "{day} + {amount} years"
            );
        }
    }
}

/// Eight hours from the start of a working day end with that day; eight more with the next working day.
#[test]
fn whole_days_of_hours_are_working_days() {
    let calendar = calendar();
    let opens = NaiveTime::from_hms_opt(7, 30, 0).unwrap();
    let closes = NaiveTime::from_hms_opt(17, 0, 0);
    for day in every_reception().filter(|day| works(&calendar, *day)) {
        for days in 0..10 {
            let whole = match days {
                0 => Some(day),
                _ => settled(&calendar, day, None, days, Unit::WorkingDay)
                    .map(|deadline| deadline.due),
            };
            let hours = settled(
                &calendar,
                day,
                Some(opens),
                8 * (days + 1),
                Unit::WorkingHour,
            );
            assert_eq!(hours.as_ref().map(|deadline| deadline.due), whole);
            if let Some(hours) = hours {
                assert_eq!(hours.due_time, closes, "{day} + {days}");
                let minutes: u32 = hours
                    .days
                    .iter()
                    .map(|line| match line.role {
                        Role::CountedMinutes(minutes) => minutes,
                        _ => 0,
                    })
                    .sum();
                assert_eq!(minutes, 480 * (days + 1));
            }
        }
    }
}

/// A day settled today answers the same on every later question: limits that end before the first open
/// day are settled, all of them, and no other is.
#[test]
fn exactly_the_limits_that_end_in_time_are_settled() {
    let calendar = calendar();
    let first_open = date("2026-11-23");
    for day in every_reception() {
        for amount in 1..=MAX_DAYS {
            let ends = day.checked_add_days(Days::new(amount.into())).unwrap();
            let due = settled(&calendar, day, None, amount, Unit::CalendarDay);
            // Sat 21/11 and Sun 22/11/2026 would move to the open Monday.
            assert_eq!(due.is_some(), ends < date("2026-11-21"), "{day} + {amount}");
            assert!(due.is_none_or(|deadline| deadline.due < first_open));
        }
    }
}

/// The date without its proof is the date with it, for every unit, from before the calendar to beyond it.
#[test]
fn the_date_without_its_proof_is_the_same_date() {
    let calendar = calendar();
    let hours = WorkingHours::default();
    let far = ["0000-01-01", "0001-01-01", "9999-12-01", "9999-12-31"];
    let days = date("2020-12-25")
        .iter_days()
        .take_while(|day| day.year() <= 2027)
        .chain(far.map(date));
    for day in days {
        for time in [None, NaiveTime::from_hms_opt(16, 0, 0)] {
            for unit in Unit::ALL {
                // Only these two go by the hour.
                if time.is_some() && !matches!(unit, Unit::WorkingHour | Unit::SameDay) {
                    continue;
                }
                let last = match unit {
                    Unit::WorkingDay | Unit::CalendarDay => MAX_DAYS,
                    Unit::SameDay => 1,
                    _ => 6,
                };
                for amount in (1..=last).chain((last > 1).then_some(10_000)) {
                    let reception = Reception { date: day, time };
                    let limit = TimeLimit::new(amount, unit).unwrap();
                    let with =
                        compute(&calendar, &hours, reception, limit).map(|answer| match answer {
                            Answer::Due(deadline) => Some((deadline.due, deadline.due_time)),
                            Answer::Unsettled { .. } => None,
                        });
                    let without = due_only(&calendar, &hours, reception, limit);
                    assert_eq!(without, with, "{day} {time:?} + {amount} {unit:?}");
                }
            }
        }
    }
}
