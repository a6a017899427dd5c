//! A share weighted to the case mix: what a place would have if each kind of its cases went as it goes on the whole.
//!
//! A ward that registers births and a department that grants building permits are not compared by their raw shares
//! alone. The expected share weighs the whole's share of each kind (procedure) with the place's own number of cases of
//! that kind (indirect standardisation). It is a comparison, not a correction: the raw figure stands first.

use super::Share;

/// A place's share beside what is expected of its case mix, in per cent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CaseMix {
    /// What the place has.
    pub raw: f64,
    /// What it would have if each kind of its cases went as on the whole.
    pub expected: f64,
}

impl CaseMix {
    /// From the place's share of each kind, and the whole's share of the same kind, which holds the place's own cases.
    /// `None` where the place has no cases.
    pub fn of(kinds: impl IntoIterator<Item = (Share, Share)>) -> Option<Self> {
        let (mut part, mut n, mut expected) = (0, 0, 0.0);
        for (own, whole) in kinds {
            if own.n == 0 || whole.n == 0 {
                continue;
            }
            part += own.part;
            n += own.n;
            expected += own.n as f64 * whole.part as f64 / whole.n as f64;
        }
        let raw = Share { part, n }.percent()?;
        Some(Self {
            raw,
            expected: expected * 100.0 / n as f64,
        })
    }

    /// Percentage points above (or, negative, below) what is expected.
    #[must_use]
    pub fn difference(self) -> f64 {
        self.raw - self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Births: 90 of 100 on the whole, 9 of 10 here. Permits: 50 of 100 on the whole, 54 of 90 here.
    /// Raw: 63 of 100 = 63 %. Expected: (10 × 0.9 + 90 × 0.5) / 100 = 54 %. So 9 points better than its cases suggest,
    /// though the whole has (90 + 50) / 200 = 70 %.
    #[test]
    fn hard_cases_are_not_held_against_a_place() {
        let share = |part, n| Share { part, n };
        let mix = CaseMix::of([
            (share(9, 10), share(90, 100)),
            (share(54, 90), share(50, 100)),
            (share(0, 0), share(3, 4)),
        ])
        .unwrap();
        assert!((mix.raw - 63.0).abs() < 1e-9, "{mix:?}");
        assert!((mix.expected - 54.0).abs() < 1e-9, "{mix:?}");
        assert!((mix.difference() - 9.0).abs() < 1e-9, "{mix:?}");
        assert_eq!(CaseMix::of([(share(0, 0), share(1, 2))]), None);
    }
}
