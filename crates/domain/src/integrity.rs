//! What is counted beside the figures: how ballots were obtained, signs that something is odd, and what contested
//! ballots could change.
//!
//! A sign is no verdict. Nothing is dropped for it; it stands beside the figure, and whoever reads both may ask.

use crate::case::wire_enum;
use crate::indices::Share;

wire_enum! {
    /// What is counted, each by agency and month. The names stand in the database: new ones are added, none is changed.
    Counted {
        /// A rating that was kept.
        Stored = "stored",
        /// The same rating again.
        Repeated = "repeated",
        /// Other answers for a rating.
        Corrected = "corrected",
        /// A rating, a correction or a request for a ballot that was refused.
        Refused = "refused",
        /// Counted as stored by two servers; entered once.
        RepeatedLater = "repeated_later",
        /// A ballot given to the bearer of a portal's token.
        PortalToken = "portal_token",
        /// A ballot given for the receipt's secret.
        ReceiptSecret = "receipt_secret",
        /// A ballot given for the last digits of an identity number or a phone.
        LastDigits = "last_digits",
        /// Among these: asked for from the network of the agency's own desk.
        DeskNetwork = "desk_network",
        /// Among these: by the way without JavaScript.
        WithoutJavascript = "without_javascript",
        /// Among these: asked for sooner than anyone reads the questions.
        TooQuick = "too_quick",
        /// Among these: the case was closed, and has neither an electronic result nor a day of collection.
        WithoutResult = "without_result",
        /// A rating that arrived in a burst of its agency.
        Burst = "burst",
        /// A rating in a run of equal ones of its agency.
        EqualRun = "equal_run",
        /// A rating that gives the whole and all five factors the same level.
        AllEqual = "all_equal",
        /// A case whose holder says that the first ballot was not theirs.
        Contested = "contested",
    }
}

/// What became of everything that was received; they add up to it.
pub const OUTCOMES: [Counted; 4] = [
    Counted::Stored,
    Counted::Repeated,
    Counted::Corrected,
    Counted::Refused,
];

/// How ballots were obtained; they add up to all ballots.
pub const PROOFS: [Counted; 3] = [
    Counted::PortalToken,
    Counted::ReceiptSecret,
    Counted::LastDigits,
];

/// Ballots among these that were obtained in a way that is worth knowing.
pub const WAYS: [Counted; 2] = [Counted::DeskNetwork, Counted::WithoutJavascript];

/// What looks odd.
pub const SIGNS: [Counted; 5] = [
    Counted::Burst,
    Counted::TooQuick,
    Counted::EqualRun,
    Counted::AllEqual,
    Counted::WithoutResult,
];

/// Counts of an agency leave the waiting room, and are published, in steps of so many.
pub const STEP: u64 = 5;

/// The part of a count that may be known: rounded down to whole steps, so that no single ballot or rating shows.
#[must_use]
pub const fn released(count: u64) -> u64 {
    count - count % STEP
}

/// A count that bounds something, rounded up to whole steps: the bound stays true.
#[must_use]
pub const fn at_most(count: u64) -> u64 {
    count.div_ceil(STEP) * STEP
}

/// The lowest and the highest share if so many of the answers were the opposite of what they say.
#[must_use]
pub fn if_opposite(share: Share, contested: u64) -> (Share, Share) {
    let lower = contested.min(share.part);
    let upper = contested.min(share.n - share.part);
    let with = |part| Share { part, n: share.n };
    (with(share.part - lower), with(share.part + upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_round_down_and_bounds_round_up() {
        for (count, down, up) in [(0, 0, 0), (1, 0, 5), (4, 0, 5), (5, 5, 5), (14, 10, 15)] {
            assert_eq!((released(count), at_most(count)), (down, up), "{count}");
        }
    }

    /// 20 answers, 16 satisfied. If 5 contested ones are wrong, 11 to 20 are: no more than 4 were dissatisfied.
    #[test]
    fn contested_answers_bound_the_share() {
        let share = Share { part: 16, n: 20 };
        let (low, high) = if_opposite(share, 5);
        assert_eq!((low.part, high.part), (11, 20));
        assert_eq!(if_opposite(share, 0), (share, share));
        let (low, high) = if_opposite(share, 100);
        assert_eq!((low.part, high.part, high.n), (0, 20, 20));
    }
}
