//! What a day off more, or a day worked more, does to every period that touches it; and what a later hour does to a
//! deadline. Swept, none drawn at random.

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, Weekday};
use dung_hen_domain::apology::last_lawful_day;
use dung_hen_domain::calendar::{
    CalendarData, DayKind, Knowledge, ProvinceCalendar, WorkingCalendar, WorkingHours,
};
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::deadline::{Reception, due_only};
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use serde_json::json;

use crate::{calendar, date};

const LIMITS: [(u32, Unit); 12] = [
    (1, Unit::WorkingDay),
    (5, Unit::WorkingDay),
    (15, Unit::WorkingDay),
    (1, Unit::CalendarDay),
    (10, Unit::CalendarDay),
    (2, Unit::Week),
    (1, Unit::Month),
    (1, Unit::WorkingHour),
    (8, Unit::WorkingHour),
    (30, Unit::WorkingHour),
    (0, Unit::SameDay),
    (1, Unit::Year),
];

type Due = Option<(NaiveDate, Option<NaiveTime>)>;

fn due(calendar: &WorkingCalendar, reception: Reception, limit: (u32, Unit)) -> Due {
    let limit = TimeLimit::new(limit.0, limit.1).unwrap();
    due_only(calendar, &WorkingHours::default(), reception, limit).unwrap()
}

/// The calendar that ships, and in it one day more that is listed.
fn with_day(data: &CalendarData, day: NaiveDate, kind: &str) -> WorkingCalendar {
    let province: ProvinceCalendar = serde_json::from_value(json!({
        "version": "1",
        "years": [{
            "year": day.year(),
            "sources": ["a test"],
            "days": [{ "date": iso_date(day), "kind": kind, "holiday": "culture_day" }],
        }],
    }))
    .unwrap();
    WorkingCalendar::new(data.clone().with_province(province).unwrap()).unwrap()
}

fn shipped() -> CalendarData {
    serde_json::from_str(include_str!("../../../../../data/holidays.json")).unwrap()
}

/// Receptions around a day: from six weeks before it to two days after, in the morning and past the cut-off.
fn around(day: NaiveDate) -> impl Iterator<Item = Reception> {
    let first = day.checked_sub_days(Days::new(42)).unwrap();
    first.iter_days().take(45).flat_map(|date| {
        [(9, 0), (16, 10)].map(|(hour, minute)| Reception {
            date,
            time: NaiveTime::from_hms_opt(hour, minute, 0),
        })
    })
}

/// A day off more never ends a period earlier, and changes nothing that ended before it or began after it; a letter
/// about a promise is due no later for it.
#[test]
fn a_day_off_more_never_makes_a_deadline_earlier() {
    let (data, before) = (shipped(), calendar());
    let worked = |day: &NaiveDate| matches!(before.day(*day), Knowledge::Settled(DayKind::Working));
    let days = date("2024-03-01").iter_days().take(92).filter(worked);
    let mut moved = 0;
    for day in days {
        let after = with_day(&data, day, "holiday");
        for reception in around(day) {
            for limit in LIMITS {
                let what = (day, reception, limit);
                let (was, is) = (
                    due(&before, reception, limit).unwrap(),
                    due(&after, reception, limit).unwrap(),
                );
                assert!(was <= is, "{what:?}: {was:?} became {is:?}");
                if was.0 < day || reception.date > day {
                    assert_eq!(was, is, "{what:?}");
                }
                // Nothing ends on a day off, and what ended on it moved.
                assert_ne!(is.0, day, "{what:?}");
                moved += u32::from(was != is);
            }
        }
        for promise in day.iter_days().take(8) {
            let last = |calendar| last_lawful_day(promise, calendar).unwrap();
            assert!(last(&after) <= last(&before), "{day}: {promise}");
        }
    }
    assert!(moved > 5_000, "{moved}");
}

/// A weekend day worked more never ends a period later.
#[test]
fn a_day_worked_more_never_makes_a_deadline_later() {
    let (data, before) = (shipped(), calendar());
    let off = |day: &NaiveDate| {
        day.weekday() == Weekday::Sat
            && matches!(before.day(*day), Knowledge::Settled(DayKind::Weekend))
    };
    let days = date("2024-03-01").iter_days().take(92).filter(off);
    let mut moved = 0;
    for day in days {
        let after = with_day(&data, day, "swapped_working_day");
        for reception in around(day) {
            for limit in LIMITS {
                let (was, is) = (
                    due(&before, reception, limit).unwrap(),
                    due(&after, reception, limit).unwrap(),
                );
                assert!(is <= was, "{day} {reception:?} {limit:?}: {was:?}, {is:?}");
                moved += u32::from(was != is);
            }
        }
    }
    assert!(moved > 500, "{moved}");
}

/// Received a quarter of an hour later is never due earlier, for limits in hours and for the same day, too: every quarter
/// of an hour of the weeks around the holidays of 2024.
#[test]
fn a_later_hour_ends_no_earlier() {
    let calendar = calendar();
    for limit in LIMITS {
        let mut before = None;
        for day in date("2024-04-15").iter_days().take(30) {
            for quarter in 0..96 {
                let time = NaiveTime::from_hms_opt(quarter / 4, quarter % 4 * 15, 0);
                let reception = Reception { date: day, time };
                let due = due(&calendar, reception, limit);
                assert!(before <= due, "{reception:?} + {limit:?}: {due:?}");
                before = due;
            }
        }
    }
}
