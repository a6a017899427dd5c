//! The three levels of TT 32/2017/TT-BTTTT Điều 12 for online services, as an instrument of its
//! own.
//!
//! *Rất hài lòng, Hài lòng, Chưa hài lòng*: two good, one bad. An answer on this scale is never
//! turned into one on the five, nor counted with them; the types do not convert:
//!
//! ```compile_fail
//! use dung_hen_domain::satisfaction::{Level, tally::Levels, tt32::ThreeLevel};
//! let mut levels = Levels::default();
//! levels.add(ThreeLevel::Satisfied);
//! ```

use crate::case::wire_enum;
use crate::indices::Share;

wire_enum! {
    /// A level of the scale.
    ThreeLevel {
        /// *Rất hài lòng*.
        VerySatisfied = "very_satisfied",
        /// *Hài lòng*.
        Satisfied = "satisfied",
        /// *Chưa hài lòng*.
        NotYetSatisfied = "not_yet_satisfied",
    }
}

/// Answers per level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreeLevels {
    counts: [u64; 3],
}

impl ThreeLevels {
    /// Adds an answer.
    pub fn add(&mut self, level: ThreeLevel) {
        self.add_many(level, 1);
    }

    /// Adds so many answers.
    pub fn add_many(&mut self, level: ThreeLevel, n: u64) {
        if let Some(count) = self.counts.get_mut(level as usize) {
            *count += n;
        }
    }

    /// Answers at one level of all.
    #[must_use]
    pub fn at(&self, level: ThreeLevel) -> Share {
        Share {
            part: self.counts.get(level as usize).copied().unwrap_or(0),
            n: self.counts.iter().sum(),
        }
    }

    /// Very satisfied and satisfied of all. The article names the levels and no formula: that both
    /// count as satisfied is read from their names.
    #[must_use]
    pub fn satisfied(&self) -> Share {
        let unsatisfied = self.at(ThreeLevel::NotYetSatisfied);
        Share {
            part: unsatisfied.n - unsatisfied.part,
            n: unsatisfied.n,
        }
    }
}
