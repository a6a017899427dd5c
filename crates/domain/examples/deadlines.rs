//! A million deadlines of 1 to 60 working days: how long they take without and with their proof.
//!
//! `cargo run --release -p dung-hen-domain --example deadlines`
#![expect(
    clippy::unwrap_used,
    reason = "a measurement: to fail is its way of telling"
)]

use std::hint::black_box;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use dung_hen_domain::calendar::{CalendarData, WorkingCalendar, WorkingHours};
use dung_hen_domain::deadline::{Answer, Reception, compute, due_only};
use dung_hen_domain::time_limit::{TimeLimit, Unit};

const QUESTIONS: u32 = 1_000_000;

fn main() {
    let text = include_str!("../../../data/holidays.json");
    let data: CalendarData = serde_json::from_str(text).unwrap();
    let calendar = WorkingCalendar::new(data).unwrap();
    let hours = WorkingHours::default();
    let first = NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
    // Receptions of 2021 to 2025, limits of 1 to 60 days, in an order that jumps about.
    let questions: Vec<(Reception, TimeLimit)> = (0..QUESTIONS)
        .map(|number| {
            let day = u64::from(number.wrapping_mul(7919) % 1826);
            let reception = Reception {
                date: first.checked_add_days(Days::new(day)).unwrap(),
                time: None,
            };
            let amount = 1 + number.wrapping_mul(31) % 60;
            (reception, TimeLimit::new(amount, Unit::WorkingDay).unwrap())
        })
        .collect();

    let started = Instant::now();
    for (reception, limit) in &questions {
        black_box(due_only(&calendar, &hours, *reception, *limit)).unwrap();
    }
    let without = started.elapsed();
    let mut days = 0usize;
    let started = Instant::now();
    for (reception, limit) in &questions {
        if let Answer::Due(deadline) = compute(&calendar, &hours, *reception, *limit).unwrap() {
            days += black_box(deadline).days.len();
        }
    }
    let with = started.elapsed();
    println!(
        "{QUESTIONS} deadlines of 1 to 60 working days: {:.1} ms without proof; {:.0} ms with proof, {days} days listed, {:.1} ns a day",
        without.as_secs_f64() * 1e3,
        with.as_secs_f64() * 1e3,
        with.as_secs_f64() * 1e9 / days as f64,
    );
}
