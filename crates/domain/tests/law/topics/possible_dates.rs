//! Where one proposed swap is all that is open, a limit has a few possible dates, each with its
//! condition; elsewhere there is none, and the answer says so.
//!
//! The shipped calendar is settled up to Sunday 22/11/2026. Monday 23/11 is worked unless a swap is
//! decided; Tuesday 24/11 is a holiday (NQ 28/2026/QH16 Điều 2). The Saturdays left are 28/11, 5, 12, 19
//! and 26/12.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use dung_hen_domain::calendar::{CalendarData, CalendarError, WorkingCalendar, WorkingHours};
use dung_hen_domain::civil::{clock, iso_date};
use dung_hen_domain::deadline::{Answer, PossibleDue, Reception, compute};
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use dung_hen_domain::words::Lang;

use crate::{ask, calendar, date};

fn possible(received: &str, amount: u32, unit: Unit) -> Vec<PossibleDue> {
    match ask(received, amount, unit) {
        Ok(Answer::Unsettled { possible, .. }) => possible,
        other => panic!("{received} + {amount} {unit:?}: {other:?}"),
    }
}

fn dates(received: &str, amount: u32, unit: Unit) -> Vec<String> {
    possible(received, amount, unit)
        .iter()
        .map(|one| match one.due_time {
            Some(time) => format!("{}T{}", iso_date(one.due), clock(time)),
            None => iso_date(one.due),
        })
        .collect()
}

#[test]
fn a_few_dates_each_with_its_condition() {
    // Thu 19/11: Fri 20 (1). Worked as usual: Mon 23 (2), 24 off, Wed 25 (3), 26 (4), Fri 27 (5).
    // 23 off: 25 (2), 26 (3), 27 (4), then Sat 28 if it is worked instead, else Mon 30 (5).
    let found = possible("2026-11-19", 5, Unit::WorkingDay);
    let words: Vec<(String, String)> = found
        .iter()
        .map(|one| (iso_date(one.due), one.condition_words(Lang::Vi)))
        .collect();
    let expected = [
        (
            "2026-11-27",
            "nếu Thứ Hai 23 tháng 11 năm 2026 vẫn là ngày làm việc",
        ),
        (
            "2026-11-28",
            "nếu Thứ Hai 23 tháng 11 năm 2026 thành ngày nghỉ và làm bù vào Thứ Bảy 28 tháng 11 năm 2026",
        ),
        (
            "2026-11-30",
            "nếu Thứ Hai 23 tháng 11 năm 2026 thành ngày nghỉ và đến hết 30 tháng 11 năm 2026 không phải làm bù",
        ),
    ];
    assert_eq!(words.len(), expected.len());
    for ((due, condition), (expected_due, expected_condition)) in words.iter().zip(expected) {
        assert_eq!(
            (due.as_str(), condition.as_str()),
            (expected_due, expected_condition)
        );
    }
    assert_eq!(
        found[2].condition_words(Lang::En),
        "if Monday 23 November 2026 becomes a day off and no day up to 30 November 2026 is worked instead"
    );
}

/// Before the first Saturday left, the day worked instead changes nothing: two dates.
#[test]
fn two_dates_before_the_first_saturday() {
    // Thu 19/11 + 2: Fri 20 (1), then Mon 23, or Wed 25 if 23 is off.
    assert_eq!(
        dates("2026-11-19", 2, Unit::WorkingDay),
        ["2026-11-23", "2026-11-25"]
    );
    // Received on 23/11 itself, same day: that day, or Wed 25.
    assert_eq!(
        dates("2026-11-23T09:00", 0, Unit::SameDay),
        ["2026-11-23", "2026-11-25"]
    );
    // Fri 20/11 at 16:00, eight hours: one left that day, seven more from 07:30 end at 16:00 (four to
    // 11:30, three from 13:00): on Mon 23, or on Wed 25.
    assert_eq!(
        dates("2026-11-20T16:00", 8, Unit::WorkingHour),
        ["2026-11-23T16:00", "2026-11-25T16:00"]
    );
}

/// A Saturday worked within the period gives back the day lost on Monday: the first date again.
#[test]
fn a_saturday_worked_within_the_period_gives_the_day_back() {
    // Thu 19/11 + 7. As usual: 20, 23, 25, 26, 27, 30/11, Tue 1/12 (7). 23 off and Sat 28 worked: 20, 25,
    // 26, 27, 28, 30, 1/12 (7), the same. 23 off and nothing worked by then: Wed 2/12.
    let found = possible("2026-11-19", 7, Unit::WorkingDay);
    assert_eq!(
        dates("2026-11-19", 7, Unit::WorkingDay),
        ["2026-12-01", "2026-12-02"]
    );
    assert_eq!(
        found[0].condition_words(Lang::Vi),
        "nếu Thứ Hai 23 tháng 11 năm 2026 vẫn là ngày làm việc, hoặc nếu Thứ Hai 23 tháng 11 năm 2026 thành ngày nghỉ và làm bù vào Thứ Bảy 28 tháng 11 năm 2026"
    );
}

/// Where every case ends on the same day there is one date; it is still not settled.
#[test]
fn one_date_whatever_is_decided() {
    // 13/11 + 12 calendar days = Wed 25/11, worked in every case.
    assert_eq!(dates("2026-11-13", 12, Unit::CalendarDay), ["2026-11-25"]);
    assert_eq!(
        possible("2026-11-13", 12, Unit::CalendarDay)[0].condition_words(Lang::Vi),
        "dù Thứ Hai 23 tháng 11 năm 2026 làm việc hay thành ngày nghỉ"
    );
    // 3/11 + 25 = Sat 28/11: that day if it is worked instead, else Mon 30/11, whatever 23/11 is.
    assert_eq!(
        dates("2026-11-03", 25, Unit::CalendarDay),
        ["2026-11-28", "2026-11-30"]
    );
    // Received after the open day: Wed 2/12 in every case.
    assert_eq!(dates("2026-12-01", 1, Unit::WorkingDay), ["2026-12-02"]);
}

/// 2027 has more open than a swap: nothing can be listed, so nothing is.
#[test]
fn beyond_the_year_nothing_is_listed() {
    // Mon 28/12/2026 + 3: 29, 30, 31/12 in every case. One more is in 2027.
    assert_eq!(dates("2026-12-28", 3, Unit::WorkingDay), ["2026-12-31"]);
    for (received, amount, unit) in [
        ("2026-12-28", 4, Unit::WorkingDay),
        // As usual 31/12, but if 23/11 is off without a day worked instead, in 2027: nothing at all.
        ("2026-11-20", 28, Unit::WorkingDay),
        ("2026-10-15", 6, Unit::Month),
        ("2027-01-04", 1, Unit::WorkingDay),
        ("2028-01-03", 1, Unit::WorkingDay),
    ] {
        assert!(
            dates(received, amount, unit).is_empty(),
            "{received} + {amount}"
        );
    }
    // The longest that is listed: Fri 20/11 + 27. As usual: 23, 25, 26, 27/11 (4), then four weeks of five,
    // 30/11 to 25/12 (24; 25/12 is no public holiday), Mon 28 (25), 29 (26), Wed 30/12 (27). Without 23/11
    // and no Saturday worked: Thu 31/12.
    assert_eq!(
        dates("2026-11-20", 27, Unit::WorkingDay),
        ["2026-12-30", "2026-12-31"]
    );
}

/// The shipped file with 2026 decided one way.
fn decided(day_off: bool, worked: Option<NaiveDate>) -> WorkingCalendar {
    let text = include_str!("../../../../../data/holidays.json");
    let mut data: serde_json::Value = serde_json::from_str(text).unwrap();
    let year = data["years"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|year| year["year"] == 2026)
        .unwrap();
    year["settled_until"] = "2026-12-31".into();
    year["open"] = serde_json::json!([]);
    let days = year["days"].as_array_mut().unwrap();
    if day_off {
        days.push(serde_json::json!({"date": "2026-11-23", "kind": "swapped_off", "holiday": "culture_day"}));
    }
    if let Some(worked) = worked {
        days.push(serde_json::json!({"date": iso_date(worked), "kind": "swapped_working_day", "holiday": "culture_day"}));
    }
    WorkingCalendar::new(serde_json::from_value::<CalendarData>(data).unwrap()).unwrap()
}

/// The list is neither too short nor too long: for every reception from 1/10 to 31/12/2026 it is exactly
/// the set of answers of the calendars that the decision can give, each written out as a file.
#[test]
fn the_list_is_what_the_decided_calendars_say() {
    let open = calendar();
    let saturdays: Vec<NaiveDate> = date("2026-11-23")
        .iter_days()
        .take_while(|day| day.year() == 2026)
        .filter(|day| day.weekday() == Weekday::Sat)
        .collect();
    assert_eq!(saturdays.len(), 5);
    let mut decided_calendars = vec![decided(false, None), decided(true, None)];
    decided_calendars.extend(saturdays.iter().map(|day| decided(true, Some(*day))));
    let hours = WorkingHours::default();
    let opens = chrono::NaiveTime::from_hms_opt(10, 0, 0);
    let mut listed = 0;
    for day in date("2026-10-01")
        .iter_days()
        .take_while(|day| day.year() == 2026)
    {
        for unit in [
            Unit::WorkingDay,
            Unit::CalendarDay,
            Unit::WorkingHour,
            Unit::SameDay,
        ] {
            for amount in 1..=40 {
                let reception = Reception {
                    date: day,
                    time: opens,
                };
                let limit = TimeLimit::new(amount, unit).unwrap();
                let Answer::Unsettled { possible, .. } =
                    compute(&open, &hours, reception, limit).unwrap()
                else {
                    continue;
                };
                let answers: Vec<_> = decided_calendars
                    .iter()
                    .map(
                        |calendar| match compute(calendar, &hours, reception, limit).unwrap() {
                            Answer::Due(deadline) => Some((deadline.due, deadline.due_time)),
                            Answer::Unsettled { .. } => None,
                        },
                    )
                    .collect();
                let expected: BTreeSet<_> = if answers.contains(&None) {
                    BTreeSet::new()
                } else {
                    answers.into_iter().flatten().collect()
                };
                let found: Vec<_> = possible.iter().map(|one| (one.due, one.due_time)).collect();
                assert!(found.len() <= 3, "{day} + {amount} {unit:?}");
                assert_eq!(found, Vec::from_iter(expected), "{day} + {amount} {unit:?}");
                listed += usize::from(!found.is_empty());
            }
        }
    }
    assert!(listed > 1000, "{listed}");
}

/// A proposal that contradicts the file is refused when the file is read.
#[test]
fn a_proposal_of_a_settled_day_is_refused() {
    for (off, worked, wrong) in [
        // Settled; a Saturday; a holiday already; another year.
        ("2026-11-20", "null", "2026-11-20"),
        ("2026-11-28", "null", "2026-11-28"),
        ("2026-11-24", "null", "2026-11-24"),
        ("2027-11-23", "null", "2027-11-23"),
        // Worked instead: a settled Saturday; a weekday.
        ("2026-11-23", "\"2026-11-21\"", "2026-11-21"),
        ("2026-11-23", "\"2026-11-26\"", "2026-11-26"),
    ] {
        let text = include_str!("../../../../../data/holidays.json")
            .replace("\"off\": \"2026-11-23\"", &format!("\"off\": \"{off}\""))
            .replace("\"worked\": null", &format!("\"worked\": {worked}"));
        let data: CalendarData = serde_json::from_str(&text).unwrap();
        assert_eq!(
            WorkingCalendar::new(data).unwrap_err(),
            CalendarError::BadProposal(date(wrong)),
        );
    }
}

/// A proposal that names the day worked instead has two cases.
#[test]
fn a_named_day_leaves_two_cases() {
    let text = include_str!("../../../../../data/holidays.json")
        .replace("\"worked\": null", "\"worked\": \"2026-12-05\"");
    let data: CalendarData = serde_json::from_str(&text).unwrap();
    let calendar = WorkingCalendar::new(data).unwrap();
    let ask = |amount| {
        let reception = Reception::parse("2026-11-19").unwrap();
        let limit = TimeLimit::new(amount, Unit::WorkingDay).unwrap();
        match compute(&calendar, &WorkingHours::default(), reception, limit).unwrap() {
            Answer::Unsettled { possible, .. } => {
                Vec::from_iter(possible.iter().map(|one| iso_date(one.due)))
            }
            Answer::Due(deadline) => panic!("{deadline:?}"),
        }
    };
    // As above: Fri 27/11, or Mon 30/11; Saturday 28/11 is not in question.
    assert_eq!(ask(5), ["2026-11-27", "2026-11-30"]);
    // + 10: 20, 23, 25, 26, 27, 30/11, 1, 2, 3, Fri 4/12 (10); else one later: Sat 5/12, worked.
    assert_eq!(ask(10), ["2026-12-04", "2026-12-05"]);
    // + 11: Mon 7/12 either way.
    assert_eq!(ask(11), ["2026-12-07"]);
    // That a day worked instead is a Saturday is taken for granted only where the proposal names none.
    let said = |calendar: &WorkingCalendar| {
        let words = calendar.assumption(date("2026-11-23"), Lang::Vi).unwrap();
        (
            words.contains("hoán đổi nào khác"),
            words.contains("thứ Bảy"),
        )
    };
    assert_eq!(said(&calendar), (true, false));
    assert_eq!(said(&crate::calendar()), (true, true));
    // Of a day that is settled nothing hangs on the proposal.
    assert!(calendar.worlds(date("2026-11-22")).is_empty());
    assert_eq!(calendar.worlds(date("2026-11-23")).len(), 2);
}
