//! The promise beside the computation. The promise on the receipt rules; the computed date is a check.

use chrono::NaiveDate;

use crate::case::wire_enum;
use crate::deadline::Answer;

wire_enum! {
    /// How a promise stands against the limit.
    Comparison {
        /// The promise is the last day of the limit.
        Agrees = "agrees",
        /// The promise lies before the last day: in the applicant's favour.
        Earlier = "earlier",
        /// The promise lies after the last day: more time than the limit gives.
        Later = "later",
        /// There is no promise, or the open days decide.
        Unknown = "unknown_comparison",
    }
}

/// Compares by date. Where the calendar is not settled, only what holds whatever is decided is said.
#[must_use]
pub fn compare(promise: Option<NaiveDate>, answer: &Answer) -> Comparison {
    let Some(promise) = promise else {
        return Comparison::Unknown;
    };
    let (first, last) = match answer {
        Answer::Due(deadline) => (deadline.due, Some(deadline.due)),
        Answer::Unsettled {
            first_open,
            possible,
            ..
        } => match (possible.first(), possible.last()) {
            (Some(first), Some(last)) => (first.due, Some(last.due)),
            // The period reaches the first open day, and no more is known.
            _ => (*first_open, None),
        },
    };
    if promise < first {
        Comparison::Earlier
    } else if last.is_some_and(|last| promise > last) {
        Comparison::Later
    } else if Some(promise) == last && first == promise {
        Comparison::Agrees
    } else {
        Comparison::Unknown
    }
}
