//! What the public is told of cases by outcome: where results part into granted and refused, and where it is only said
//! that there is one.
//!
//! Whoever knows a case's code sees that it is finished and whether it was late, never what the result says. A row of
//! few cases, or a row read before and after the case ended, would tell. Kept cells stay exact; everything that
//! is published goes through [`published`], unit by unit, and what is larger than a unit is the sum of its units, so that no
//! subtraction of published counts gives back what a unit does not show. Why: `docs/decisions/0033-granted-or-refused.md`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::case::WireName as _;
use crate::figures::{Counts, Measure};
use crate::period::Period;
use crate::satisfaction::tables::RatedOutcome as Row;

/// Granted and refused are told apart where there are at least so many cases of each.
pub const LEAST: i64 = 5;

/// The row of late results in cells of before results were parted, until every case is counted again.
const OLD_LATE: &str = "late";

/// Granted, refused, and a result of which it is not said which: not late, and late.
const RESULTS: [[Row; 3]; 2] = [
    [Row::Granted, Row::Refused, Row::Decided],
    [Row::GrantedLate, Row::RefusedLate, Row::DecidedLate],
];

/// What is published of an agency and month of reception, given its exact counts by outcome.
///
/// Granted and refused have rows of their own only when the month is over on `today`, none of its cases is open any more
/// (so that no case can be seen joining a row), and there are [`LEAST`] of each, in time and late by themselves. Otherwise
/// both are in the row "a result, not said which". The sum of the rows stays; rows without any count are left out.
///
/// Never where the code alone shows dates (`dates_shown`): by how many days early or late a case ended it would be found
/// in its row, which says how many ended early, how many on the day, and how many days late all of them were.
#[must_use]
pub fn published(
    mut rows: BTreeMap<String, Counts>,
    month: Period,
    today: NaiveDate,
    dates_shown: bool,
) -> BTreeMap<String, Counts> {
    fold(&mut rows, OLD_LATE, Row::DecidedLate);
    let any = |row: Row| rows.get(row.name()).is_some_and(|one| !one.is_zero());
    let settled = !dates_shown && month.span().1 < today && !any(Row::Open);
    for [granted, refused, decided] in RESULTS {
        let enough = |row: Row| {
            let counts = rows.get(row.name());
            counts.is_some_and(|counts| counts.get(Measure::Finished) >= LEAST)
        };
        if !(settled && enough(granted) && enough(refused)) {
            fold(&mut rows, granted.name(), decided);
            fold(&mut rows, refused.name(), decided);
        }
    }
    rows.retain(|_, counts| !counts.is_zero());
    rows
}

fn fold(rows: &mut BTreeMap<String, Counts>, from: &str, into: Row) {
    if let Some(counts) = rows.remove(from) {
        let row = rows.entry(into.name().to_owned()).or_default();
        row.add(&counts, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// October 2026 as published on a day, of so many finished cases in each row.
    fn told(today: &str, rows: &[(&str, i64)]) -> Vec<String> {
        told_beside(false, today, rows)
    }

    fn told_beside(dates_shown: bool, today: &str, rows: &[(&str, i64)]) -> Vec<String> {
        let exact = rows.iter().map(|(row, n)| {
            let mut counts = Counts::default();
            counts.add_to(Measure::Received, *n);
            counts.add_to(Measure::Finished, *n);
            ((*row).to_owned(), counts)
        });
        let month = Period::parse("2026-10").unwrap();
        published(exact.collect(), month, day(today), dates_shown)
            .iter()
            .map(|(row, counts)| format!("{row} {}", counts.get(Measure::Received)))
            .collect()
    }

    const OVER: &str = "2026-11-01";

    #[test]
    fn five_of_each_are_told_apart_and_four_of_either_are_not() {
        let five = ["granted 5", "refused 5"];
        assert_eq!(told(OVER, &[("granted", 5), ("refused", 5)]), five);
        // 5 + 4 = 9: neither the four nor, by what is left, the five.
        assert_eq!(told(OVER, &[("granted", 5), ("refused", 4)]), ["decided 9"]);
        assert_eq!(told(OVER, &[("granted", 4), ("refused", 5)]), ["decided 9"]);
        // That nobody was refused tells of every case that it was not.
        assert_eq!(told(OVER, &[("granted", 90)]), ["decided 90"]);
        // With those of which nobody tells: 9 + 2 = 11.
        let with_untold = [("granted", 5), ("refused", 4), ("decided", 2)];
        assert_eq!(told(OVER, &with_untold), ["decided 11"]);
    }

    #[test]
    fn a_month_is_told_apart_once_it_is_over_and_nothing_of_it_is_open() {
        let rows = [("granted", 6), ("refused", 7)];
        // The 31st is the month's last day.
        assert_eq!(told("2026-10-31", &rows), ["decided 13"]);
        assert_eq!(told(OVER, &rows), ["granted 6", "refused 7"]);
        // Whoever looks before and after the open one ends would see in which row it comes.
        let open = [("granted", 6), ("open", 1), ("refused", 7)];
        assert_eq!(told(OVER, &open), ["decided 13", "open 1"]);
    }

    #[test]
    fn where_the_code_shows_dates_nothing_is_told_apart() {
        let rows = [
            ("granted", 6),
            ("granted_late", 7),
            ("refused", 8),
            ("refused_late", 9),
        ];
        // 6 + 8 = 14 in time, 7 + 9 = 16 late.
        let told = told_beside(true, OVER, &rows);
        assert_eq!(told, ["decided 14", "decided_late 16"]);
    }

    #[test]
    fn late_results_part_by_themselves() {
        let rows = [
            ("granted", 5),
            ("granted_late", 1),
            ("refused", 5),
            ("refused_late", 5),
            ("withdrawn", 1),
        ];
        // 1 + 5 = 6 late.
        assert_eq!(
            told(OVER, &rows),
            ["decided_late 6", "granted 5", "refused 5", "withdrawn 1"]
        );
    }

    #[test]
    fn rows_of_before_are_late_results_and_empty_rows_are_left_out() {
        let rows = [("late", 3), ("decided_late", 2), ("granted_late", 0)];
        // 3 + 2 = 5.
        assert_eq!(told(OVER, &rows), ["decided_late 5"]);
    }
}
