//! The lunar dates of `data/lunar.json` against the sky: new moons and the longitude of the sun after
//! Meeus, *Astronomical Algorithms* (2nd ed., chapters 25 and 49), reckoned at UTC+7. Nothing of the
//! domain is used but the reading of dates.
//!
//! The rules: a month begins on the day of the new moon; the month that holds the winter solstice (sun at
//! 270°) is the 11th; where thirteen months lie between two 11th months, the first without a principal
//! term (a multiple of 30°) is the leap month and has no number of its own.

use std::f64::consts::PI;

use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use crate::date;

#[derive(Deserialize)]
struct Lunar {
    years: Vec<LunarYear>,
}

#[derive(Deserialize)]
struct LunarYear {
    year: i32,
    new_year: String,
    hung_kings: String,
}

fn sine(degrees: f64) -> f64 {
    (degrees * PI / 180.0).sin()
}

/// Terrestrial time less universal time, in days: a little over a minute in these decades. The new moon
/// nearest to midnight here is that of 31/3/2033, at 00:51, so a rough value does.
const DELTA_T: f64 = 71.0 / 86_400.0;

/// The moment of new moon `k` (0 = 6 January 2000) as a Julian day in universal time (chapter 49).
fn new_moon(k: f64) -> f64 {
    let t = k / 1236.85;
    let (t2, t3, t4) = (t * t, t * t * t, t * t * t * t);
    let mean = 2_451_550.097_66 + 29.530_588_861 * k + 0.000_154_37 * t2 - 0.000_000_150 * t3
        + 0.000_000_000_73 * t4;
    let e = 1.0 - 0.002_516 * t - 0.000_007_4 * t2;
    // Anomaly of the sun, anomaly of the moon, argument of latitude, ascending node.
    let s = 2.5534 + 29.105_356_70 * k - 0.000_001_4 * t2 - 0.000_000_11 * t3;
    let m =
        201.5643 + 385.816_935_28 * k + 0.010_758_2 * t2 + 0.000_012_38 * t3 - 0.000_000_058 * t4;
    let f =
        160.7108 + 390.670_502_84 * k - 0.001_611_8 * t2 - 0.000_002_27 * t3 + 0.000_000_011 * t4;
    let node = 124.7746 - 1.563_755_88 * k + 0.002_067_2 * t2 + 0.000_002_15 * t3;
    let periodic = -0.407_20 * sine(m)
        + 0.172_41 * e * sine(s)
        + 0.016_08 * sine(2.0 * m)
        + 0.010_39 * sine(2.0 * f)
        + 0.007_39 * e * sine(m - s)
        - 0.005_14 * e * sine(m + s)
        + 0.002_08 * e * e * sine(2.0 * s)
        - 0.001_11 * sine(m - 2.0 * f)
        - 0.000_57 * sine(m + 2.0 * f)
        + 0.000_56 * e * sine(2.0 * m + s)
        - 0.000_42 * sine(3.0 * m)
        + 0.000_42 * e * sine(s + 2.0 * f)
        + 0.000_38 * e * sine(s - 2.0 * f)
        - 0.000_24 * e * sine(2.0 * m - s)
        - 0.000_17 * sine(node);
    mean + periodic - DELTA_T
}

/// The apparent longitude of the sun in degrees at a Julian day in universal time (chapter 25).
fn sun(moment: f64) -> f64 {
    let t = (moment + DELTA_T - 2_451_545.0) / 36_525.0;
    let longitude = 280.466_46 + 36_000.769_83 * t + 0.000_303_2 * t * t;
    let m = 357.529_11 + 35_999.050_29 * t - 0.000_153_7 * t * t;
    let centre = (1.914_602 - 0.004_817 * t) * sine(m)
        + (0.019_993 - 0.000_101 * t) * sine(2.0 * m)
        + 0.000_289 * sine(3.0 * m);
    let node = 125.04 - 1934.136 * t;
    (longitude + centre - 0.005_69 - 0.004_78 * sine(node)).rem_euclid(360.0)
}

/// The civil day of a moment at UTC+7.
fn civil_day(moment: f64) -> NaiveDate {
    // Julian day 1 721 425.5 is 1 January of the year 1, day number 1.
    let number = (moment + 7.0 / 24.0 - 1_721_424.5).floor();
    NaiveDate::from_num_days_from_ce_opt(number as i32).unwrap()
}

/// The Julian day, universal time, at which `day` begins at UTC+7.
fn begins(day: NaiveDate) -> f64 {
    f64::from(day.num_days_from_ce()) + 1_721_424.5 - 7.0 / 24.0
}

/// The principal term in force as `day` begins: 0 to 11, by 30° of the sun; 9 from the winter solstice.
fn term(day: NaiveDate) -> u32 {
    (sun(begins(day)) / 30.0).floor() as u32
}

/// First days of the months around `year`: every new moon of three years.
fn months_around(year: i32) -> Vec<NaiveDate> {
    let first = ((f64::from(year) - 2001.0) * 12.3685).floor();
    (0..40)
        .map(|index| civil_day(new_moon(first + f64::from(index))))
        .collect()
}

/// Index of the 11th month that holds the winter solstice of `year`.
fn eleventh(months: &[NaiveDate], year: i32) -> usize {
    let mut day = NaiveDate::from_ymd_opt(year, 12, 15).unwrap();
    // The solstice falls on the day after whose end the sun has passed 270°.
    while term(day.succ_opt().unwrap()) != 9 {
        day = day.succ_opt().unwrap();
    }
    months.iter().rposition(|first| *first <= day).unwrap()
}

/// The first days of the 1st and the 3rd month of the lunar year that begins in `year`.
fn first_and_third(year: i32) -> (NaiveDate, NaiveDate) {
    let months = months_around(year);
    let from = eleventh(&months, year - 1);
    let to = eleventh(&months, year);
    let leap = (to - from == 13).then(|| {
        (from + 1..to)
            .find(|index| term(months[*index]) == term(months[index + 1]))
            .unwrap()
    });
    let mut number = 11;
    let (mut first, mut third) = (None, None);
    for (index, day) in months.iter().enumerate().take(to).skip(from + 1) {
        if Some(index) == leap {
            continue;
        }
        number = number % 12 + 1;
        match number {
            1 => first = Some(*day),
            3 => third = Some(*day),
            _ => {}
        }
    }
    (first.unwrap(), third.unwrap())
}

/// The computation itself against years that are past: the notices of those years.
#[test]
fn the_computation_gives_the_years_that_were() {
    for (year, new_year, hung_kings) in [
        // Leap 4th month of 2020, leap 2nd month of 2023, leap 6th month of 2025.
        (2020, "2020-01-25", "2020-04-02"),
        (2021, "2021-02-12", "2021-04-21"),
        (2022, "2022-02-01", "2022-04-10"),
        (2023, "2023-01-22", "2023-04-29"),
        (2024, "2024-02-10", "2024-04-18"),
        (2025, "2025-01-29", "2025-04-07"),
        // Vietnam and China kept Tết on different days in 2007: new moon at 23:14 at UTC+7.
        (2007, "2007-02-17", "2007-04-26"),
    ] {
        let (first, third) = first_and_third(year);
        assert_eq!(first, date(new_year));
        assert_eq!(third + Days::new(9), date(hung_kings));
    }
}

#[test]
fn the_lunar_dates_agree_with_the_sky() {
    let data: Lunar = serde_json::from_str(include_str!("../../../../../data/lunar.json")).unwrap();
    let years: Vec<i32> = data.years.iter().map(|year| year.year).collect();
    assert_eq!(years, Vec::from_iter(2026..=2036));
    for year in &data.years {
        let (first, third) = first_and_third(year.year);
        assert_eq!(date(&year.new_year), first, "{}", year.year);
        assert_eq!(
            date(&year.hung_kings),
            third + Days::new(9),
            "{}",
            year.year
        );
    }
}

/// Where the holidays of a year are listed, the lunar ones are these.
#[test]
fn the_holidays_listed_are_these_days() {
    let lunar: Lunar =
        serde_json::from_str(include_str!("../../../../../data/lunar.json")).unwrap();
    let text = include_str!("../../../../../data/holidays.json");
    let holidays: serde_json::Value = serde_json::from_str(text).unwrap();
    let listed = |kind: &str, key: &str, day: &str| {
        holidays["years"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|year| year["days"].as_array().unwrap())
            .any(|row| row["kind"] == kind && row[key] == day)
    };
    // 2026: Tuesday 17/2; Sunday 26/4, with a day in lieu. 2027: Friday 16/4; Tết not yet announced.
    assert!(listed("holiday", "date", &lunar.years[0].new_year));
    assert!(listed("day_in_lieu", "pair", &lunar.years[0].hung_kings));
    assert!(listed("holiday", "date", &lunar.years[1].hung_kings));
}
