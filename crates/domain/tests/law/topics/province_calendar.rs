//! A province's own calendar file over the one that ships, and the three layers.

use chrono::Datelike;
use dung_hen_domain::apology::lawful_until;
use dung_hen_domain::calendar::{
    CalendarData, CalendarError, DayKind, Knowledge, Origin, ProvinceCalendar, WorkingCalendar,
    WorkingHours,
};
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::deadline::{Answer, Reception, compute};
use dung_hen_domain::time_limit::{TimeLimit, Unit};

use crate::{calendar, date};

fn shipped() -> CalendarData {
    serde_json::from_str(include_str!("../../../../../data/holidays.json")).unwrap()
}

fn with(province: &str) -> Result<WorkingCalendar, CalendarError> {
    let province: ProvinceCalendar = serde_json::from_str(province).unwrap();
    WorkingCalendar::new(shipped().with_province(province)?)
}

fn due(calendar: &WorkingCalendar, received: &str, amount: u32) -> Option<String> {
    let answer = compute(
        calendar,
        &WorkingHours::default(),
        Reception::parse(received).unwrap(),
        TimeLimit::new(amount, Unit::WorkingDay).unwrap(),
    );
    match answer.unwrap() {
        Answer::Due(deadline) => Some(iso_date(deadline.due)),
        Answer::Unsettled { .. } => None,
    }
}

const SWAPPED: &str = r#"{"version": "h98-1", "years": [{"year": 2026, "settled_until": "2026-12-31", "open": [],
    "sources": ["Công văn 1/UBND"], "days": [
    {"date": "2026-11-23", "kind": "swapped_off", "holiday": "culture_day", "pair": "2026-11-28"},
    {"date": "2026-11-28", "kind": "swapped_working_day", "holiday": "culture_day", "pair": "2026-11-23"}]}]}"#;

/// A decided swap settles the year: Thu 19/11; Fri 20 (1); Mon 23 off, Tue 24 holiday; Wed 25 (2), 26 (3),
/// Fri 27 (4), Sat 28 worked (5).
#[test]
fn a_province_can_settle_a_proposed_swap() {
    assert_eq!(due(&calendar(), "2026-11-19", 5), None);
    let calendar = with(SWAPPED).unwrap();
    assert_eq!(
        due(&calendar, "2026-11-19", 5).as_deref(),
        Some("2026-11-28")
    );
    assert_eq!(calendar.version(), "2026-11-22+h98-1");
    let (_, day) = calendar
        .listed(2026)
        .find(|(day, _)| *day == date("2026-11-23"))
        .unwrap();
    assert_eq!(day.origin, Origin::Province);
    assert_eq!(day.basis.as_deref(), Some("Công văn 1/UBND"));
    // And the days the shipped file lists stay as they are.
    let (_, tet) = calendar.listed(2026).next().unwrap();
    assert_eq!(tet.origin, Origin::Shipped);
}

/// No swap was decided: Mon 23 (2), 24 off, 25 (3), 26 (4), Fri 27 (5).
#[test]
fn a_province_can_settle_that_nothing_is_swapped() {
    let calendar = with(
        r#"{"version": "h98-2", "years": [{"year": 2026, "settled_until": "2026-12-31", "open": [],
            "sources": ["không có quyết định hoán đổi"]}]}"#,
    )
    .unwrap();
    assert_eq!(
        due(&calendar, "2026-11-19", 5).as_deref(),
        Some("2026-11-27")
    );
    // 2027 is still open: 1/1/2027 is a holiday of statute, and not settled.
    assert_eq!(
        calendar.day(date("2027-01-04")),
        Knowledge::Provisional(DayKind::Working)
    );
    assert_eq!(
        calendar.settled_through(date("2026-11-19")),
        Some(date("2026-12-31"))
    );
}

/// 2027 with an invented Tết of 4 to 10 February: Fri 29/1; Mon 1/2 (1), 2 (2), 3 (3), off 4, 5, 8, 9, 10; Thu 11 (4).
#[test]
fn a_province_can_add_a_year() {
    let days: Vec<String> = ["02-04", "02-05", "02-08", "02-09", "02-10", "09-03"]
        .iter()
        .map(|day| {
            let holiday = if day.starts_with("02") {
                "lunar_new_year"
            } else {
                "national_day"
            };
            format!(r#"{{"date": "2027-{day}", "kind": "holiday", "holiday": "{holiday}"}}"#)
        })
        .collect();
    let calendar = with(&format!(
        r#"{{"version": "v", "years": [
            {{"year": 2026, "settled_until": "2026-12-31", "open": [], "sources": ["a"]}},
            {{"year": 2027, "settled_until": "2027-12-31", "open": [], "sources": ["b"], "days": [{}]}}]}}"#,
        days.join(",")
    ))
    .unwrap();
    assert_eq!(
        due(&calendar, "2027-01-29", 4).as_deref(),
        Some("2027-02-11")
    );
    // The statutory days of the shipped file are still there.
    assert!(matches!(
        calendar.day(date("2027-04-16")),
        Knowledge::Settled(DayKind::Holiday(_))
    ));
    assert_eq!(calendar.readiness(date("2026-11-22")).year_needed, None);
}

#[test]
fn what_is_wrong_in_a_province_file_is_named() {
    use CalendarError::{
        LonelySwap, NoSource, NotListed, OpenThoughSettled, SettledElsewhere, SettledLess, Twice,
        WrongWeekday, WrongYear, YearsNotConsecutive,
    };
    let year = |rest: &str| {
        format!(r#"{{"version": "x", "years": [{{"year": 2026, "sources": ["s"]{rest}}}]}}"#)
    };
    let holiday =
        |day: &str| format!(r#"{{"date": "{day}", "kind": "holiday", "holiday": "new_year"}}"#);
    for (file, error) in [
        (r#"{"version": "x", "years": [{"year": 2026, "sources": []}]}"#.to_owned(), NoSource(2026)),
        (r#"{"version": "x", "years": [{"year": 2026, "sources": [" "]}]}"#.to_owned(), NoSource(2026)),
        (r#"{"version": "x", "years": [{"year": 2029, "sources": ["s"]}]}"#.to_owned(), YearsNotConsecutive(2029)),
        (r#"{"version": "x", "years": [{"year": 2027, "sources": ["s"]}, {"year": 2027, "sources": ["s"]}]}"#.to_owned(), YearsNotConsecutive(2027)),
        (year(r#", "settled_until": "2026-06-30""#), SettledLess(date("2026-06-30"))),
        (year(r#", "settled_until": "2026-12-31""#), OpenThoughSettled(2026)),
        (year(r#", "settled_until": "2027-12-31""#), SettledElsewhere(date("2027-12-31"))),
        (year(r#", "remove": ["2026-12-01"]"#), NotListed(date("2026-12-01"))),
        (year(&format!(r#", "days": [{}]"#, holiday("2026-12-05"))), WrongWeekday(date("2026-12-05"))),
        (year(&format!(r#", "days": [{}]"#, holiday("2027-12-06"))), WrongYear(date("2027-12-06"))),
        (year(&format!(r#", "days": [{0}, {0}]"#, holiday("2026-12-07"))), Twice(date("2026-12-07"))),
        (
            year(r#", "days": [{"date": "2026-12-07", "kind": "swapped_off", "holiday": "new_year", "pair": "2026-12-12"}]"#),
            LonelySwap(date("2026-12-07")),
        ),
    ] {
        match with(&file) {
            Err(found) => assert_eq!(found, error, "{file}"),
            Ok(_) => panic!("{file}: accepted"),
        }
        assert!(error.to_string().starts_with("calendar: "));
    }
    // A field nobody knows is not passed over.
    assert!(
        serde_json::from_str::<ProvinceCalendar>(r#"{"version": "x", "years": [], "yeers": 1}"#)
            .is_err()
    );
}

/// The shipped file settles 2026 up to 22/11: a province that says as much takes nothing back, one day less does.
#[test]
fn as_much_as_was_settled_may_be_said_again() {
    let until = |day: &str| {
        with(&format!(
            r#"{{"version": "x", "years": [{{"year": 2026, "sources": ["s"], "settled_until": "{day}"}}]}}"#
        ))
    };
    let same = until("2026-11-22").unwrap();
    assert_eq!(
        same.settled_through(date("2026-11-01")),
        Some(date("2026-11-22"))
    );
    let less = CalendarError::SettledLess(date("2026-11-21"));
    assert_eq!(until("2026-11-21").err(), Some(less));
}

/// Every weekday from Mon 2/3/2026 on is off. Fri 27/2 lies 31 days before Mon 30/3, and is still found; from Tue 31/3 on
/// it is not looked for, and the last day for a letter is the plain day before.
#[test]
fn the_working_day_before_is_looked_for_within_a_month() {
    let off_up_to = |last: &str| {
        let days: Vec<String> = date("2026-03-02")
            .iter_days()
            .take_while(|day| *day <= date(last))
            .filter(|day| day.weekday().num_days_from_monday() < 5)
            .map(|day| {
                let day = iso_date(day);
                format!(r#"{{"date": "{day}", "kind": "holiday", "holiday": "lunar_new_year"}}"#)
            })
            .collect();
        with(&format!(
            r#"{{"version": "x", "years": [{{"year": 2026, "sources": ["s"], "days": [{}]}}]}}"#,
            days.join(",")
        ))
        .unwrap()
    };
    let friday = date("2026-02-27");
    let calendar = off_up_to("2026-03-27");
    assert_eq!(
        calendar.working_day_before(date("2026-03-30")),
        Some(friday)
    );
    let calendar = off_up_to("2026-03-30");
    assert_eq!(calendar.working_day_before(date("2026-03-31")), None);
    let last = lawful_until(date("2026-03-31"), 1, &calendar).unwrap();
    assert_eq!(
        (last.date, last.in_working_days),
        (date("2026-03-30"), false)
    );
}

/// A day listed wrongly is taken off, another put in its place.
#[test]
fn a_listed_day_can_be_removed_or_replaced() {
    let calendar = with(
        r#"{"version": "x", "years": [{"year": 2025, "sources": ["s"], "remove": ["2025-01-31"],
            "days": [{"date": "2025-01-30", "kind": "holiday", "holiday": "new_year"}]}]}"#,
    )
    .unwrap();
    assert_eq!(
        calendar.day(date("2025-01-31")),
        Knowledge::Settled(DayKind::Working)
    );
    assert!(matches!(
        calendar.day(date("2025-01-30")),
        Knowledge::Settled(DayKind::Holiday(
            dung_hen_domain::calendar::Holiday::NewYear
        ))
    ));
}

/// The run of settled days goes on over the ends of years that are whole, and ends on its last day, that day included.
#[test]
fn settled_days_run_on_from_year_to_year() {
    let calendar = with(r#"{ "version": "0", "years": [] }"#).unwrap();
    let through = |day| calendar.settled_through(date(day));
    let last = Some(date("2026-11-22"));
    assert_eq!(through("2021-01-01"), last);
    assert_eq!(through("2024-12-31"), last);
    assert_eq!(through("2026-11-22"), last);
    for day in ["2026-11-23", "2027-01-01", "2020-12-31", "2040-01-01"] {
        assert_eq!(through(day), None, "{day}");
    }
}

/// Announced; of statute, with the rest of the year open; not known; before the calendar.
#[test]
fn the_layers_of_a_day() {
    let calendar = calendar();
    for (day, known) in [
        ("2026-11-20", Knowledge::Settled(DayKind::Working)),
        ("2026-11-23", Knowledge::Provisional(DayKind::Working)),
        ("2027-01-02", Knowledge::Provisional(DayKind::Weekend)),
        ("2028-01-03", Knowledge::Unknown),
        ("9999-12-31", Knowledge::Unknown),
        ("2020-12-31", Knowledge::BeforeCalendar),
        ("0000-01-01", Knowledge::BeforeCalendar),
    ] {
        assert_eq!(calendar.day(date(day)), known, "{day}");
    }
}

/// From 1 October next year is asked for; sixty days ahead must be computable.
#[test]
fn the_calendar_says_when_it_must_grow() {
    let calendar = calendar();
    for (as_of, enough, needed) in [
        // 23/9 + 60 days = 22/11, the last settled day; 24/9 + 60 = 23/11 is not.
        ("2026-09-23", true, None),
        ("2026-09-24", false, None),
        ("2026-09-30", false, None),
        ("2026-10-01", false, Some(2027)),
        // The shipped file settles 2026 only in part, so it was asked for in 2025 too; 2024 was whole in 2023.
        ("2025-10-01", true, Some(2026)),
        ("2023-10-01", true, None),
    ] {
        let found = calendar.readiness(date(as_of));
        assert_eq!(
            (found.enough, found.year_needed),
            (enough, needed),
            "{as_of}"
        );
    }
}
