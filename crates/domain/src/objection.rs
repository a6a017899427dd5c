//! Objections: what a citizen objects to, who may read it, and until when it is to be answered.
//!
//! No instrument that fixes the time to answer was read for this software, so none is built in: the province
//! configures its terms, each with a first day and a source. Without a term there is no date, and none is invented.

use chrono::{NaiveDate, NaiveDateTime};

use crate::calendar::{WorkingCalendar, WorkingHours};
use crate::case::wire_enum;
use crate::deadline::{Reception, due_only};
use crate::time_limit::TimeLimit;

wire_enum! {
    /// What a citizen objects to.
    ObjectionKind {
        /// It says returned, but I have nothing.
        NotReceived = "not_received",
        /// Closed without a result.
        ClosedWithoutResult = "closed_without_result",
        /// I hold a receipt, but the code is unknown. Needs no case.
        UnknownCode = "unknown_code",
        /// No result on the promised date: during the wait, and after it.
        Late = "late",
        /// The date was moved.
        DateMoved = "date_moved",
        /// Stopped or sent back without ground.
        StoppedWithoutGround = "stopped_without_ground",
        /// Asked to pay extra.
        AskedToPayExtra = "asked_to_pay_extra",
        /// How an officer behaved.
        Conduct = "conduct",
    }
}

impl ObjectionKind {
    /// Whether it concerns money or conduct: hotline and inspectorate read it, the agency never does.
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        matches!(self, Self::AskedToPayExtra | Self::Conduct)
    }
}

/// A time to answer, as a province has decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// First day of reception under this term.
    pub from: NaiveDate,
    /// The kinds it is for; empty: every kind without a term of its own.
    pub kinds: Vec<ObjectionKind>,
    /// How long.
    pub limit: TimeLimit,
    /// The decision that says so.
    pub source: String,
}

/// The term for an objection received on `day`: the one that names its kind before the one for all, the newest of
/// those that had begun.
#[must_use]
pub fn term(terms: &[Term], kind: ObjectionKind, day: NaiveDate) -> Option<&Term> {
    terms
        .iter()
        .filter(|term| term.from <= day)
        .filter(|term| term.kinds.is_empty() || term.kinds.contains(&kind))
        .max_by_key(|term| (!term.kinds.is_empty(), term.from))
}

/// The last day to answer under `term`, counted as every deadline is; `None` where the calendar does not settle it.
#[must_use]
pub fn due(
    term: &Term,
    received: NaiveDateTime,
    calendar: &WorkingCalendar,
    hours: &WorkingHours,
) -> Option<NaiveDate> {
    due_only(calendar, hours, Reception::from(received), term.limit)
        .ok()
        .flatten()
        .map(|(date, _)| date)
}
