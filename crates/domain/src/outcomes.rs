//! What the public is told of results: how many grant and how many refuse.
//!
//! Whoever knows a case's code sees that it is finished and whether it was late, never what the result says. So rows by
//! outcome hold all results together ([`folded`]). How many of them grant and how many refuse is told of an agency and
//! month of reception as a whole, once, when nothing of it is open any more ([`told`]), and never changed: whatever happens
//! to a case later moves no number. Kept cells stay exact. Why: `docs/decisions/0033-granted-or-refused.md`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::case::WireName as _;
use crate::figures::{Counts, Measure};
use crate::period::Period;
use crate::satisfaction::tables::RatedOutcome as Row;

/// Granted and refused are told where there are at least so many of each.
pub const LEAST: i64 = 5;

/// Results of which it is known what they say, in the order of [`Told`].
pub const RESULTS: [Row; 4] = [
    Row::Granted,
    Row::GrantedLate,
    Row::Refused,
    Row::RefusedLate,
];

/// How many of each of [`RESULTS`]; noughts where nothing is told.
pub type Told = [i64; 4];

/// The rows by outcome as they are published: results of which it is known what they say stand with all others. The sum of
/// the rows stays; rows without any count are left out.
#[must_use]
pub fn folded(mut rows: BTreeMap<String, Counts>) -> BTreeMap<String, Counts> {
    // In cells of before results were parted, until every case is counted again, `late` is the row of late results.
    for (from, into) in [
        ("late", Row::DecidedLate),
        (Row::Granted.name(), Row::Decided),
        (Row::Refused.name(), Row::Decided),
        (Row::GrantedLate.name(), Row::DecidedLate),
        (Row::RefusedLate.name(), Row::DecidedLate),
    ] {
        if let Some(counts) = rows.remove(from) {
            let row = rows.entry(into.name().to_owned()).or_default();
            row.add(&counts, 1);
        }
    }
    rows.retain(|_, counts| !counts.is_zero());
    rows
}

/// What is told of an agency and month of reception, given its exact counts by outcome: `None` while the month runs on
/// `today` or a case of it is open; then, for in time and late by themselves, how many grant and how many refuse, where
/// there are [`LEAST`] of each.
#[must_use]
pub fn told(rows: &BTreeMap<String, Counts>, month: Period, today: NaiveDate) -> Option<Told> {
    let open = rows.get(Row::Open.name()).is_some_and(|n| !n.is_zero());
    if month.span().1 >= today || open {
        return None;
    }
    let finished = |row: Row| rows.get(row.name()).map_or(0, |n| n.get(Measure::Finished));
    let [granted, granted_late, refused, refused_late] = RESULTS.map(finished);
    let enough = |one: i64, other: i64| {
        if one.min(other) >= LEAST {
            [one, other]
        } else {
            [0, 0]
        }
    };
    let [granted, refused] = enough(granted, refused);
    let [granted_late, refused_late] = enough(granted_late, refused_late);
    Some([granted, granted_late, refused, refused_late])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many finished cases in each row.
    fn exact(rows: &[(&str, i64)]) -> BTreeMap<String, Counts> {
        let exact = rows.iter().map(|(row, n)| {
            let mut counts = Counts::default();
            counts.add_to(Measure::Received, *n);
            counts.add_to(Measure::Finished, *n);
            ((*row).to_owned(), counts)
        });
        exact.collect()
    }

    fn of_october(today: &str, rows: &[(&str, i64)]) -> Option<Told> {
        let month = Period::parse("2026-10").unwrap();
        told(&exact(rows), month, today.parse().unwrap())
    }

    const OVER: &str = "2026-11-01";
    const NOTHING: Option<Told> = Some([0; 4]);

    #[test]
    fn five_of_each_are_told_and_four_of_either_are_not() {
        let five = of_october(OVER, &[("granted", 5), ("refused", 5)]);
        assert_eq!(five, Some([5, 0, 5, 0]));
        for (granted, refused) in [(5, 4), (4, 5), (90, 0), (0, 90)] {
            let rows = [("granted", granted), ("refused", refused), ("decided", 7)];
            assert_eq!(of_october(OVER, &rows), NOTHING, "{granted}, {refused}");
        }
        // Late ones by themselves: whoever knows that a case was late is not helped by those that were not.
        let rows = [
            ("granted", 6),
            ("refused", 7),
            ("granted_late", 1),
            ("refused_late", 9),
        ];
        assert_eq!(of_october(OVER, &rows), Some([6, 0, 7, 0]));
        let late = [("granted_late", 5), ("refused_late", 8), ("refused", 2)];
        assert_eq!(of_october(OVER, &late), Some([0, 5, 0, 8]));
    }

    #[test]
    fn nothing_is_decided_before_the_month_is_over_and_all_of_it_has_ended() {
        let rows = [("granted", 6), ("refused", 7)];
        // The 31st is the month's last day.
        assert_eq!(of_october("2026-10-31", &rows), None);
        assert_eq!(of_october(OVER, &rows), Some([6, 0, 7, 0]));
        let open = [("granted", 6), ("open", 1), ("refused", 7)];
        assert_eq!(of_october(OVER, &open), None);
        // Gone again: a row of noughts is none.
        let gone = [("granted", 6), ("open", 0), ("refused", 7)];
        assert_eq!(of_october(OVER, &gone), Some([6, 0, 7, 0]));
    }

    #[test]
    fn all_results_stand_together() {
        let rows = folded(exact(&[
            ("decided", 1),
            ("granted", 2),
            ("refused", 4),
            ("late", 8),
            ("granted_late", 16),
            ("refused_late", 32),
            ("withdrawn", 3),
            ("open", 0),
        ]));
        let rows: Vec<_> = (rows.iter())
            .map(|(row, n)| format!("{row} {}", n.get(Measure::Received)))
            .collect();
        // 1 + 2 + 4 = 7; 8 + 16 + 32 = 56.
        assert_eq!(rows, ["decided 7", "decided_late 56", "withdrawn 3"]);
    }
}
