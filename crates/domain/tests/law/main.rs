//! The law, instrument by instrument, article by article. Every expected date is worked by hand
//! in a comment, never by the code under test.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests: to fail is their way of telling"
)]

mod agency_hours;
mod apology_duty;
mod apology_states;
mod blds_2015_dieu_147;
mod blds_2015_dieu_148;
mod bo_luat_lao_dong_2019;
mod consistency;
mod ii_06a;
mod letter_form;
mod letters;
mod lich_lam_viec;
mod lunar;
mod nd_61_2018_dieu_19;
mod objections;
mod possible_dates;
mod promise;
mod properties;
mod province_calendar;
mod qd_766_2022;
mod reception_elsewhere;
mod rule_sets;
mod same_day;
mod sipas_2026;
mod timeliness;
mod tt_01_2018_dieu_15;
mod tt_32_2017_dieu_12;
mod waiting;

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
