//! The five-factor answer and its scale.
//!
//! Five levels, as the SIPAS form of 2026 has them; five factors of public service. The
//! instrument and the language stay with every answer.

use crate::case::wire_enum;

wire_enum! {
    /// The five factors of public service.
    SatisfactionFactor {
        /// The place and way of access.
        Access = "access",
        /// The administrative procedure.
        Procedures = "procedures",
        /// The officials.
        Officials = "officials",
        /// The result.
        Outcomes = "outcomes",
        /// Receiving and handling of feedback.
        FeedbackHandling = "feedback_handling",
    }
}

/// The instrument of this version.
pub const INSTRUMENT: &str = "five-factors-1";

/// A level of the five-level scale: 1 very dissatisfied to 5 very satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    /// The level, if it is 1 to 5.
    #[must_use]
    pub const fn new(level: u8) -> Option<Self> {
        if level >= 1 && level <= 5 {
            Some(Self(level))
        } else {
            None
        }
    }

    /// 1 to 5.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Whether it counts as satisfied: the two upper levels.
    #[must_use]
    pub const fn is_satisfied(self) -> bool {
        self.0 >= 4
    }
}

/// An answer. Factors not answered are `None`; nothing is assumed of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SatisfactionResponse {
    /// The service as a whole.
    pub overall: Level,
    /// In the order of [`SatisfactionFactor`].
    pub factors: [Option<Level>; 5],
}
