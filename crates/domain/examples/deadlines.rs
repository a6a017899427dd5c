//! A million deadlines of 1 to 60 working days: how long they take without and with their proof, how the cost of a
//! proof follows the days it lists, and what a calendar weighs.
//!
//! `cargo run --release -p dung-hen-domain --example deadlines [DIRECTORY]`. With a directory, swapped Saturdays are
//! left out, and questions and answers are written there as 32-bit integers (days since 1970-01-01), so that
//! `bench/deadlines.py` can ask numpy the same.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement: to fail is its way of telling"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{Days, NaiveDate};
use dung_hen_domain::calendar::{CalendarData, WorkingCalendar, WorkingHours};
use dung_hen_domain::deadline::{Answer, Reception, compute, due_only};
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use serde_json::Value;

const QUESTIONS: u32 = 1_000_000;
/// numpy is asked as often, and the best of these counts on both sides.
const TRIES: u32 = 7;
const CALENDARS: usize = 2_000;

fn calendar(json: &Value) -> WorkingCalendar {
    let data: CalendarData = serde_json::from_value(json.clone()).unwrap();
    WorkingCalendar::new(data).unwrap()
}

/// Days of every year, swapped Saturdays among them.
fn days(json: &mut Value) -> impl Iterator<Item = &mut Vec<Value>> {
    let years = json["years"].as_array_mut().unwrap().iter_mut();
    years.map(|year| year["days"].as_array_mut().unwrap())
}

fn number(date: NaiveDate) -> i32 {
    let since = date.signed_duration_since(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap());
    i32::try_from(since.num_days()).unwrap()
}

fn write(directory: &Path, name: &str, values: impl Iterator<Item = i32>) {
    let bytes: Vec<u8> = values.flat_map(i32::to_le_bytes).collect();
    std::fs::write(directory.join(name), bytes).unwrap();
}

/// Resident memory of this process in bytes (Linux; 0 elsewhere).
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: Option<usize> = pages.split(' ').nth(1).and_then(|text| text.parse().ok());
    pages.unwrap_or(0) * 4096
}

fn main() {
    let directory = std::env::args_os().nth(1).map(PathBuf::from);
    let mut json: Value =
        serde_json::from_str(include_str!("../../../data/holidays.json")).unwrap();
    if directory.is_some() {
        for days in days(&mut json) {
            days.retain(|day| day["kind"] != "swapped_working_day");
            // A day off may stand without its pair; one that names a pair must find it.
            for day in days.iter_mut().filter_map(Value::as_object_mut) {
                day.remove("pair");
            }
        }
    }
    let calendar = calendar(&json);
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

    // Written to, so that its pages are here before memory is looked at.
    let mut answers = vec![1i32; questions.len()];
    let before = resident();
    let mut best = f64::INFINITY;
    for _ in 0..TRIES {
        let started = Instant::now();
        for ((reception, limit), answer) in questions.iter().zip(&mut answers) {
            let due = due_only(&calendar, &hours, *reception, *limit).unwrap();
            *answer = due.map_or(i32::MIN, |(date, _)| number(date));
        }
        best = best.min(started.elapsed().as_secs_f64());
        black_box(&answers);
    }
    println!(
        "{QUESTIONS} deadlines of 1 to 60 working days without proof: {:.1} ms, best of {TRIES}; memory {} kB more",
        best * 1e3,
        resident().saturating_sub(before) / 1024,
    );

    with_proof(&calendar, &questions);
    weigh(&json);

    if let Some(directory) = directory {
        let received = questions
            .iter()
            .map(|(reception, _)| number(reception.date));
        write(&directory, "received.i32", received);
        let amounts = questions.iter().map(|(_, limit)| limit.units());
        write(
            &directory,
            "amounts.i32",
            amounts.map(|amount| i32::try_from(amount).unwrap()),
        );
        write(&directory, "due.i32", answers.into_iter());
        let off = days(&mut json)
            .flatten()
            .map(|day| day["date"].as_str().unwrap().parse());
        write(&directory, "off.i32", off.map(|day| number(day.unwrap())));
        std::fs::write(directory.join("ours.ms"), format!("{:.3}", best * 1e3)).unwrap();
    }
}

/// The whole with proof, then by limit: cost = a + b × days listed, by least squares.
fn with_proof(calendar: &WorkingCalendar, questions: &[(Reception, TimeLimit)]) {
    let hours = WorkingHours::default();
    let mut groups: Vec<(f64, f64)> = Vec::new();
    let (mut all_days, mut all_time) = (0usize, 0.0);
    for amount in 1..=60 {
        let group: Vec<_> = questions
            .iter()
            .filter(|(_, limit)| limit.units() == amount)
            .collect();
        let (mut days, mut time) = (0usize, f64::INFINITY);
        for _ in 0..TRIES {
            days = 0;
            let started = Instant::now();
            for (reception, limit) in &group {
                if let Answer::Due(deadline) =
                    compute(calendar, &hours, *reception, *limit).unwrap()
                {
                    days += black_box(deadline).days.len();
                }
            }
            time = time.min(started.elapsed().as_secs_f64() * 1e9);
        }
        all_days += days;
        all_time += time;
        groups.push((days as f64 / group.len() as f64, time / group.len() as f64));
    }
    let n = groups.len() as f64;
    let mean_x = groups.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = groups.iter().map(|(_, y)| y).sum::<f64>() / n;
    let sxy: f64 = groups
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    let sxx: f64 = groups.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let syy: f64 = groups.iter().map(|(_, y)| (y - mean_y).powi(2)).sum();
    let slope = sxy / sxx;
    println!(
        "with proof: {:.0} ms, {all_days} days listed; by limit: {:.0} ns + {slope:.1} ns for each day listed, R² = {:.3}",
        all_time / 1e6,
        mean_y - slope * mean_x,
        sxy * sxy / (sxx * syy),
    );
}

/// What one calendar weighs, by the memory that many of them take.
fn weigh(json: &Value) {
    let before = resident();
    let many: Vec<WorkingCalendar> = (0..CALENDARS).map(|_| calendar(json)).collect();
    let each = resident().saturating_sub(before) / CALENDARS;
    println!(
        "a calendar: {:.1} kB, whatever is asked of it ({} of them measured)",
        each as f64 / 1024.0,
        black_box(many).len()
    );
}
