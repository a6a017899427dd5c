//! What the public is told of results: how many grant and how many refuse.
//!
//! Whoever knows a case's code sees that it is finished and whether it was late, never what the result says. So rows by
//! outcome hold all results together ([`folded`]). How many of them grant and how many refuse is told of an agency and
//! month of reception as a whole, once, when nothing of it is open any more ([`told`]), and never changed: whatever happens
//! to a case later moves no number. Kept cells stay exact. Why: `docs/decisions/0033-granted-or-refused.md`.
//! How many of the granted and of the refused were on time follows from that within bounds ([`OnTime`]); how many days late
//! they were, or with what apology, would tell of single cases: the tests show it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::case::WireName as _;
use crate::figures::{Counts, Measure};
use crate::indices::{Share, Verdict};
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

/// What was told of an agency and month, once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// How many of each of [`RESULTS`]; noughts where nothing is told.
    pub results: [i64; 4],
    /// What the public rows said of all its results in that night.
    pub all: Option<All>,
}

/// All results of an agency and month, whatever they say: what everybody could read in the night in which it was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct All {
    /// Early or on the promised day.
    pub in_time: i64,
    /// Not known whether in time; these stand in the rows that are not late.
    pub unknown: i64,
    /// Late.
    pub late: i64,
}

/// On time among the results that say the same: between two shares, which are the same where nothing is left open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnTime {
    /// So many months of agencies are in it: those of which something was told.
    pub agency_months: u64,
    /// The share if everything that is left open was late.
    pub least: Share,
    /// The share if everything that is left open was in time.
    pub most: Share,
}

impl OnTime {
    /// Of those granted and of those refused, over agencies and months. Of each only what anybody can work out of what is
    /// published: where a pair was not told, there may be none of it or all that the public rows held. Months cannot be
    /// left out instead: late pairs are told where many were late, and are known to be none where none was.
    pub fn of<'a>(told: impl IntoIterator<Item = &'a Told>) -> [Self; 2] {
        let mut sums = [Self::default(); 2];
        for told in told {
            let Some(all) = told.all.filter(|_| told.results != [0; 4]) else {
                continue;
            };
            let [granted, granted_late, refused, refused_late] = told.results;
            let pairs = [(granted, granted_late), (refused, refused_late)];
            for (sum, (not_late, late)) in sums.iter_mut().zip(pairs) {
                let in_time = match not_late {
                    0 => (0, all.in_time),
                    told => ((told - all.unknown).max(0), told.min(all.in_time)),
                };
                let late = match late {
                    0 => (0, all.late),
                    told => (told, told),
                };
                let count = |n: i64| u64::try_from(n).unwrap_or(0);
                sum.agency_months += 1;
                sum.least.part += count(in_time.0);
                sum.least.n += count(in_time.0 + late.1);
                sum.most.part += count(in_time.1);
                sum.most.n += count(in_time.1 + late.0);
            }
        }
        sums
    }

    /// Beside a target in per cent: a full count, so a word only where both ends agree.
    #[must_use]
    pub fn verdict(self, target: f64) -> Verdict {
        let [least, most] = [self.least, self.most].map(|share| share.verdict_full_count(target));
        if least == most {
            least
        } else {
            Verdict::NotEnoughData
        }
    }
}

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
    let mut all = All::default();
    for (row, counts) in folded(rows.clone()) {
        if [Row::Decided, Row::DecidedLate]
            .iter()
            .any(|of| of.name() == row)
        {
            all.in_time += counts.get(Measure::Early) + counts.get(Measure::OnTime);
            all.unknown += counts.get(Measure::Unknown);
            all.late += counts.get(Measure::Late);
        }
    }
    Some(Told {
        results: [granted, granted_late, refused, refused_late],
        all: Some(all),
    })
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

    fn of_october(today: &str, rows: &[(&str, i64)]) -> Option<[i64; 4]> {
        let month = Period::parse("2026-10").unwrap();
        told(&exact(rows), month, today.parse().unwrap()).map(|told| told.results)
    }

    const OVER: &str = "2026-11-01";
    const NOTHING: Option<[i64; 4]> = Some([0; 4]);

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

    /// In time 14 granted and 9 refused, 2 of nobody knows what and 3 of which it is not known whether they were in time;
    /// late 4 granted and 1 refused: told are 14 and 9.
    ///
    /// | | in time | late | share |
    /// |---|---|---|---|
    /// | granted, at least | 14 − 3 = 11 | 5 | 11 of 16 |
    /// | granted, at most | 14 | 0 | 14 of 14 |
    /// | refused, at least | 9 − 3 = 6 | 5 | 6 of 11 |
    /// | refused, at most | 9 | 0 | 9 of 9 |
    #[test]
    fn on_time_of_granted_and_of_refused_is_between_what_follows() {
        let mut rows = exact(&[("granted", 14), ("refused", 9), ("decided", 2)]);
        for (row, late) in [("granted_late", 4), ("refused_late", 1)] {
            let mut counts = Counts::default();
            counts.add_to(Measure::Finished, late);
            counts.add_to(Measure::Late, late);
            rows.insert(row.to_owned(), counts);
        }
        // 25 not late: 22 early, of 3 it is not known.
        let decided = rows.get_mut("granted").unwrap();
        decided.add_to(Measure::Early, 22);
        decided.add_to(Measure::Unknown, 3);
        let month = Period::parse("2026-10").unwrap();
        let told = told(&rows, month, OVER.parse().unwrap()).unwrap();
        assert_eq!(told.results, [14, 0, 9, 0]);
        let all = All {
            in_time: 22,
            unknown: 3,
            late: 5,
        };
        assert_eq!(told.all, Some(all));
        let between = |least: [u64; 2], most: [u64; 2]| {
            let [least, most] = [least, most].map(|[part, n]| Share { part, n });
            OnTime {
                agency_months: 1,
                least,
                most,
            }
        };
        let [granted, refused] = OnTime::of([&told]);
        assert_eq!(granted, between([11, 16], [14, 14]));
        assert_eq!(refused, between([6, 11], [9, 9]));
        // 68.75 % to 100 %: below 60 % and from 68.75 % on it is known.
        assert_eq!(granted.verdict(68.0), Verdict::Met);
        assert_eq!(granted.verdict(96.0), Verdict::NotEnoughData);
    }

    /// | agency and month | in time | late | all: in time, late | granted on time | refused on time |
    /// |---|---|---|---|---|---|
    /// | both pairs told | 90, 10 | 10, 5 | 102, 15 | 90 of 100 | 10 of 15 |
    /// | no late result at all | 20, 6 | | 26, 0 | 20 of 20 | 6 of 6 |
    /// | late ones not told | 30, 5 | | 35, 4 | 30 of 34 to 30 of 30 | 5 of 9 to 5 of 5 |
    /// | those in time not told | | 7, 8 | 3, 15 | 0 of 7 to 3 of 10 | 0 of 8 to 3 of 11 |
    /// | nothing told | | | 99, 1 | | |
    /// | told before the rows of that night were kept | 8, 8 | | | | |
    ///
    /// Together granted 90 + 20 + 30 + 0 = 140 of 100 + 20 + 34 + 7 = 161 to 90 + 20 + 30 + 3 = 143 of 100 + 20 + 30 + 10 =
    /// 160, refused 21 of 15 + 6 + 9 + 8 = 38 to 24 of 15 + 6 + 5 + 11 = 37. Of the sums of what was told, 140 in time and
    /// 17 late, it would be 140 of 157: late ones of one month beside those in time of another.
    #[test]
    fn months_of_which_one_pair_was_told_do_not_mix_with_others() {
        let of = |results: [i64; 4], all: Option<[i64; 2]>| Told {
            results,
            all: all.map(|[in_time, late]| All {
                in_time,
                unknown: 0,
                late,
            }),
        };
        let units = [
            of([90, 10, 10, 5], Some([102, 15])),
            of([20, 0, 6, 0], Some([26, 0])),
            of([30, 0, 5, 0], Some([35, 4])),
            of([0, 7, 0, 8], Some([3, 15])),
            of([0; 4], Some([99, 1])),
            of([8, 0, 8, 0], None),
        ];
        let share = |[part, n]: [u64; 2]| Share { part, n };
        let sum = |least, most| OnTime {
            agency_months: 4,
            least: share(least),
            most: share(most),
        };
        let expected = [sum([140, 161], [143, 160]), sum([21, 38], [24, 37])];
        assert_eq!(OnTime::of(&units), expected);
        let [granted, refused] = OnTime::of(&units[..1]);
        assert_eq!(
            (granted.least, granted.most),
            (share([90, 100]), share([90, 100]))
        );
        assert_eq!(granted.verdict(90.0), Verdict::Met);
        assert_eq!(refused.verdict(96.0), Verdict::NotMet);
        let [none, _] = OnTime::of(&units[4..]);
        assert_eq!(none, OnTime::default());
        assert_eq!(none.verdict(0.0), Verdict::NotEnoughData);
    }

    /// Whatever is kept, the true share is between the two; and nothing is looked at but what is published: results that
    /// say the opposite, where nothing is told, change neither.
    #[test]
    fn the_true_share_is_never_outside() {
        let month = Period::parse("2026-10").unwrap();
        let mut seed = 7_u64;
        let mut below = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i64::try_from((seed >> 33) % n).unwrap()
        };
        let (mut exactly, mut told_of) = (0, 0);
        for _ in 0..20_000 {
            let mut rows = BTreeMap::new();
            let mut truth = [[0_i64; 2]; 2];
            for (of, names) in [
                ["granted", "granted_late"],
                ["refused", "refused_late"],
                ["decided", "decided_late"],
            ]
            .iter()
            .enumerate()
            {
                let [in_time, unknown, late] =
                    [below(14), below(4) * below(2), below(12) * below(2)];
                let mut counts = Counts::default();
                counts.add_to(Measure::Finished, in_time + unknown);
                counts.add_to(Measure::Early, in_time);
                counts.add_to(Measure::Unknown, unknown);
                rows.insert(names[0].to_owned(), counts);
                let mut counts = Counts::default();
                counts.add_to(Measure::Finished, late);
                counts.add_to(Measure::Late, late);
                rows.insert(names[1].to_owned(), counts);
                if let Some(truth) = truth.get_mut(of) {
                    *truth = [in_time, in_time + late];
                }
            }
            let told = told(&rows, month, OVER.parse().unwrap()).unwrap();
            for (bounds, [part, n]) in OnTime::of([&told]).iter().zip(truth) {
                let at_most = |one: Share, part: i64, n: i64| {
                    i128::from(one.part) * i128::from(n) <= i128::from(part) * i128::from(one.n)
                };
                if bounds.agency_months == 1 && n > 0 {
                    told_of += 1;
                    exactly += i32::from(bounds.least == bounds.most);
                    assert!(at_most(bounds.least, part, n), "{rows:?}: {bounds:?}");
                    assert!(
                        !at_most(bounds.most, part, n)
                            || i128::from(bounds.most.part) * i128::from(n)
                                == i128::from(part) * i128::from(bounds.most.n),
                        "{rows:?}: {bounds:?}"
                    );
                }
            }
        }
        assert!(
            exactly > 1_000 && told_of > 2 * exactly,
            "{exactly} of {told_of}"
        );
    }

    /// Which of the cases are among the `refused`, if this is the sum of their days late: every choice that fits.
    fn choices(days: &[u32], refused: u32, sum: u32) -> Vec<u32> {
        (0..1_u32 << days.len())
            .filter(|choice| {
                let of_choice = |case: &usize| choice >> case & 1 == 1;
                let chosen = (0..days.len()).filter(of_choice);
                choice.count_ones() == refused && chosen.map(|case| days[case]).sum::<u32>() == sum
            })
            .collect()
    }

    /// Five granted and five refused are told. Their days late, each sum over five cases, name every one of the ten to
    /// whoever looks up the codes; so does how many of each have a letter, where five have one and these are the refused.
    #[test]
    fn days_late_and_letters_of_the_refused_would_name_them() {
        // Known of each by its code, where a province shows dates. Refused are the second five: 2 + 2 + 2 + 2 + 32 = 40.
        // Without the last at most 1 + 2 + 2 + 2 + 2 = 9; with it four of the others have 8, so each of them 2.
        let days = [1, 1, 1, 1, 1, 2, 2, 2, 2, 32];
        assert_eq!(choices(&days, 5, 40), [0b11_1110_0000]);
        // Ten with days as they come, 1 to 60: of 200 times the sum names all five 22 times, at least one of them 151 times.
        let mut seed = 11_u64;
        let (mut named, mut some_named) = (0, 0);
        for _ in 0..200 {
            let days: Vec<u32> = (0..10)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    u32::try_from((seed >> 33) % 60).unwrap() + 1
                })
                .collect();
            let fitting = choices(&days, 5, days[5..].iter().sum());
            let in_all = fitting.iter().fold(u32::MAX, |all, one| all & one);
            named += i32::from(fitting.len() == 1);
            some_named += i32::from(in_all & 0b11_1111_1111 != 0);
        }
        assert_eq!((named, some_named), (22, 151));
        // A letter is one day or none: five of five.
        let letters = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        assert_eq!(choices(&letters, 5, 5), [0b11_1110_0000]);
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
