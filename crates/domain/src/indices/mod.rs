//! Shares against a target, with their uncertainty.
//!
//! What a share is of is said in `docs/DEFINITIONS.md`; nothing here is the official index.
//! Two kinds are kept apart: a *sample* (those who chose to answer) carries a Wilson interval and
//! may say "not enough answers"; a *full count* (every case) carries none.

pub mod case_mix;
pub mod qd766;
pub mod tt01;

use crate::case::wire_enum;

/// `part` of `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that have the property.
    pub part: u64,
    /// All that were counted.
    pub n: u64,
}

wire_enum! {
    /// A share against its target.
    Verdict {
        /// The lower end of the interval is at or above the target.
        Met = "met",
        /// The upper end is below the target.
        NotMet = "not_met",
        /// The interval holds the target: not enough answers to say.
        NotEnoughData = "not_enough_data",
    }
}

wire_enum! {
    /// The plain share beside its target, as the directives count it: no uncertainty.
    Standing {
        /// At or above the target.
        AtOrAbove = "at_or_above",
        /// Below it.
        Below = "below",
        /// Nothing was counted.
        Empty = "empty",
    }
}

/// Two digits after the point: what is printed, and what anyone can recompute.
#[must_use]
pub fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// z of a two-sided 95 % interval.
pub const Z: f64 = 1.959_963_984_540_054;

impl Share {
    /// The share in per cent; `None` for an empty count.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        (self.n > 0).then(|| self.part as f64 * 100.0 / self.n as f64)
    }

    /// The Wilson score interval at 95 %, in per cent; `None` for an empty count.
    #[must_use]
    pub fn wilson(self) -> Option<(f64, f64)> {
        if self.n == 0 {
            return None;
        }
        let (part, n) = (self.part as f64, self.n as f64);
        let p = part / n;
        let zz = Z * Z;
        let centre = (p + zz / (2.0 * n)) / (1.0 + zz / n);
        let half = Z / (1.0 + zz / n) * (p * (1.0 - p) / n + zz / (4.0 * n * n)).sqrt();
        Some((
            (centre - half).max(0.0) * 100.0,
            (centre + half).min(1.0) * 100.0,
        ))
    }

    /// The plain share beside a target in per cent. Compared without rounding first: 959 of 1,000
    /// is below 96 %.
    #[must_use]
    pub fn standing(self, target: f64) -> Standing {
        match self.percent() {
            Some(percent) if percent >= target => Standing::AtOrAbove,
            Some(_) => Standing::Below,
            None => Standing::Empty,
        }
    }

    /// A sample against a target in per cent.
    ///
    /// ```
    /// use dung_hen_domain::indices::{Share, Standing, Verdict};
    ///
    /// let share = Share { part: 95, n: 100 };
    /// assert_eq!(share.standing(93.0), Standing::AtOrAbove);
    /// // From 88.8 to 97.8 %: a hundred answers do not tell.
    /// assert_eq!(share.verdict(93.0), Verdict::NotEnoughData);
    /// ```
    #[must_use]
    pub fn verdict(self, target: f64) -> Verdict {
        match self.wilson() {
            Some((low, _)) if low >= target => Verdict::Met,
            Some((_, high)) if high < target => Verdict::NotMet,
            _ => Verdict::NotEnoughData,
        }
    }

    /// A full count against a target in per cent: no interval.
    #[must_use]
    pub fn verdict_full_count(self, target: f64) -> Verdict {
        match self.standing(target) {
            Standing::AtOrAbove => Verdict::Met,
            Standing::Below => Verdict::NotMet,
            Standing::Empty => Verdict::NotEnoughData,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_agrees_with_a_hand_computation() {
        // 28 of 30: p = 0.93333, z² = 3.84146.
        // centre = (0.93333 + 3.84146/60) / (1 + 3.84146/30) = 0.99736 / 1.12805 = 0.88415
        // half = 1.95996 / 1.12805 × √(0.93333×0.06667/30 + 3.84146/3600)
        //      = 1.73748 × √(0.00207407 + 0.00106707) = 1.73748 × 0.0560459 = 0.09738
        let (low, high) = Share { part: 28, n: 30 }.wilson().unwrap();
        assert!((low - 78.677).abs() < 0.01, "{low}");
        assert!((high - 98.153).abs() < 0.01, "{high}");
        assert_eq!(
            Share { part: 28, n: 30 }.verdict(93.0),
            Verdict::NotEnoughData
        );
    }

    #[test]
    fn verdicts_need_the_whole_interval() {
        assert_eq!(Share { part: 990, n: 1000 }.verdict(93.0), Verdict::Met);
        assert_eq!(Share { part: 880, n: 1000 }.verdict(93.0), Verdict::NotMet);
        assert_eq!(
            Share { part: 0, n: 0 }.verdict(93.0),
            Verdict::NotEnoughData
        );
        // Nobody could do better than all of five, nor worse than none.
        assert_eq!(
            Share { part: 5, n: 5 }.verdict(100.0),
            Verdict::NotEnoughData
        );
        assert_eq!(Share { part: 0, n: 5 }.verdict(0.0), Verdict::Met);
        assert_eq!(
            Share { part: 96, n: 100 }.verdict_full_count(96.0),
            Verdict::Met
        );
        assert_eq!(
            Share { part: 95, n: 100 }.verdict_full_count(96.0),
            Verdict::NotMet
        );
    }
}
