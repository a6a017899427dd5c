//! The law: a directory for each instrument, in it a file for each article (or, where its articles were not read, for
//! the part that was), and `topics/` for what rests on several. Every expected date is worked by hand in a comment,
//! never by the code under test.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests: to fail is their way of telling"
)]

mod blds_2015 {
    mod dieu_147;
    mod dieu_148;
}
mod blld_2019 {
    mod dieu_111;
    mod dieu_112;
}
mod mau_ii_06a {
    mod identities;
}
mod nd_118_2025 {
    mod dieu_17;
}
mod nd_224_2026 {
    mod dieu_13;
}
mod nd_61_2018 {
    mod dieu_19;
}
mod nq_28_2026 {
    mod dieu_2;
}
mod qd_20_2020 {
    mod dieu_4;
}
mod qd_766_2022 {
    mod formulas;
}
mod sipas_2026 {
    mod form;
}
mod topics {
    mod agency_hours;
    mod apology_states;
    mod consistency;
    mod figures;
    mod letters;
    mod lunar;
    mod objections;
    mod other_calendars;
    mod possible_dates;
    mod promise;
    mod properties;
    mod province_calendar;
    mod rule_sets;
    mod same_day;
    mod time_limits;
    mod timeliness;
    mod waiting;
    mod working_days;
}
mod tt_01_2018 {
    mod dieu_15;
    mod dieu_19;
    mod dieu_9;
}
mod tt_03_2025 {
    mod phu_luc_1;
}
mod tt_32_2017 {
    mod dieu_12;
}

use chrono::NaiveDate;
use dung_hen_domain::calendar::{CalendarData, WorkingCalendar, WorkingHours};
use dung_hen_domain::civil::{clock, iso_date, parse_date};
use dung_hen_domain::deadline::{Answer, Deadline, DeadlineError, Reception, compute};
use dung_hen_domain::time_limit::{TimeLimit, Unit};

/// The calendar that ships.
fn calendar() -> WorkingCalendar {
    let text = include_str!("../../../../data/holidays.json");
    let data: CalendarData = serde_json::from_str(text).unwrap();
    WorkingCalendar::new(data).unwrap()
}

fn date(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

fn ask(received: &str, amount: u32, unit: Unit) -> Result<Answer, DeadlineError> {
    let reception = Reception::parse(received).unwrap();
    compute(
        &calendar(),
        &WorkingHours::default(),
        reception,
        TimeLimit::new(amount, unit).unwrap(),
    )
}

fn deadline(received: &str, amount: u32, unit: Unit) -> Deadline {
    match ask(received, amount, unit) {
        Ok(Answer::Due(deadline)) => deadline,
        other => panic!("{received} + {amount} {unit:?}: {other:?}"),
    }
}

/// The due day (with the hour, for hours) as text.
fn due(received: &str, amount: u32, unit: Unit) -> String {
    let deadline = deadline(received, amount, unit);
    match deadline.due_time {
        Some(time) => format!("{}T{}", iso_date(deadline.due), clock(time)),
        None => iso_date(deadline.due),
    }
}

/// The first day that is not settled.
fn unsettled_from(received: &str, amount: u32, unit: Unit) -> String {
    match ask(received, amount, unit) {
        Ok(Answer::Unsettled { first_open, .. }) => iso_date(first_open),
        other => panic!("{received} + {amount} {unit:?}: {other:?}"),
    }
}

/// Each file of an instrument begins with the name of the instrument and of the article it stands for.
#[test]
fn every_file_of_an_instrument_names_its_article() {
    let law = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/law");
    let mut articles = 0;
    for directory in std::fs::read_dir(law).unwrap() {
        let directory = directory.unwrap().path();
        if !directory.is_dir() || directory.ends_with("topics") {
            continue;
        }
        for file in std::fs::read_dir(&directory).unwrap() {
            let file = file.unwrap().path();
            let Some(name) = file
                .file_name()
                .and_then(|name| name.to_str()?.strip_suffix(".rs"))
            else {
                continue;
            };
            let text = std::fs::read_to_string(&file).unwrap();
            let first = text.lines().next().unwrap();
            if let Some(article) = name.strip_prefix("dieu_") {
                assert!(first.contains(&format!("Điều {article}")), "{file:?}");
                articles += 1;
            }
            // `nd_61_2018` → 61; the civil and labour codes have no number.
            let parts: Vec<&str> = directory
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .split('_')
                .collect();
            if let [_, number, _] = parts[..]
                && number.parse::<u32>().is_ok()
            {
                assert!(first.contains(number), "{file:?}: {first}");
            }
        }
    }
    assert!(articles >= 12, "{articles}");
}
