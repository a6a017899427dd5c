//! The names of what other systems are told ([`outgoing`](crate::outgoing)), and of those who may be told: a province's
//! configuration names them, too.

/// Every kind of event.
pub const KINDS: [&str; 7] = [
    APOLOGY_REMINDER,
    CASE_OVERDUE,
    LETTER_RECORDED,
    NOTICE_SHOWN,
    OBJECTION_ANSWERED,
    OBJECTION_RECEIVED,
    RATING_SUMMARY,
];

/// A letter of apology will be owed, or its last lawful day has come.
pub const APOLOGY_REMINDER: &str = "apology.reminder";
/// A promise was broken.
pub const CASE_OVERDUE: &str = "case.overdue";
/// The agency's letter of apology is known.
pub const LETTER_RECORDED: &str = "letter.recorded";
/// A holder has seen our notice that the promise is broken.
pub const NOTICE_SHOWN: &str = "notice.shown";
/// An objection has an answer.
pub const OBJECTION_ANSWERED: &str = "objection.answered";
/// An objection is to be read and answered.
pub const OBJECTION_RECEIVED: &str = "objection.received";
/// Figures of an agency have moved.
pub const RATING_SUMMARY: &str = "rating.summary";

/// Every reader that an audience may name.
pub const READERS: [&str; 4] = ["hotline", "inspectorate", "agency", "gateway"];
