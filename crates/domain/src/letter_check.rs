//! A letter of apology before it is recorded: what makes it no letter, and what the rules say against it.
//!
//! The agency writes and signs; nothing here invents a reason or a date. A fault keeps the letter out. A flag does
//! not: what an agency has signed is a fact, and the flag is shown with it.

use chrono::NaiveDate;

use crate::apology::last_lawful_day;
use crate::calendar::{Knowledge, WorkingCalendar};
use crate::case::wire_enum;

wire_enum! {
    /// Why a letter is not recorded.
    LetterFault {
        /// Without a number.
        NumberMissing = "number_missing",
        /// Without a reason (NĐ 61/2018 Điều 19(9) asks for one).
        ReasonMissing = "reason_missing",
        /// Nobody signed.
        SignerMissing = "signer_missing",
        /// Without a day of issue, or none that exists.
        IssuedUnread = "issued_unread",
        /// Without a new date, or none that exists.
        NewDateUnread = "new_date_unread",
        /// Issued on a day that has not come.
        IssuedInTheFuture = "issued_in_the_future",
        /// Issued before the case was received.
        IssuedBeforeReception = "issued_before_reception",
        /// The new date is not after the one it replaces.
        NewDateNotLater = "new_date_not_later",
        /// The new date lies before the day of issue.
        NewDateBeforeIssue = "new_date_before_issue",
        /// A new date for a case that had been finished when the letter was issued.
        NewDateAfterEnd = "new_date_after_end",
        /// A number, reason or name that is too long.
        TooLong = "too_long",
    }
}

wire_enum! {
    /// What the rules say against a letter that is recorded all the same.
    LetterFlag {
        /// More postponements than the rule allows.
        SecondPostponement = "second_postponement",
        /// The new date is a day off: nothing can be collected on it.
        NewDateDayOff = "new_date_day_off",
        /// Whether the new date is worked is not settled.
        NewDateUnsettled = "new_date_unsettled",
        /// Issued after the last lawful day.
        IssuedLate = "issued_late",
    }
}

/// Longest number or name, in characters.
pub const MAX_LETTER_NAME: usize = 200;
/// Longest reason, in characters.
pub const MAX_LETTER_REASON: usize = 2000;

/// A letter as typed.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Number of the letter.
    pub number: &'a str,
    /// The agency's reason.
    pub reason: &'a str,
    /// Who signed.
    pub signer: &'a str,
    /// Day of issue.
    pub issued: NaiveDate,
    /// The new date; a case that is finished has none to come.
    pub revised_due: Option<NaiveDate>,
}

/// The case it is about.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Day on which the period that runs now began.
    pub started: NaiveDate,
    /// The promise in force.
    pub promise: NaiveDate,
    /// The date that the letter replaces: the promise, or the one an earlier letter named.
    pub replaces: NaiveDate,
    /// Whether a letter about this promise is out already: the last day was for the first one.
    pub letter_out: bool,
    /// Postponements so far.
    pub postponed: u32,
    /// Postponements that the dossier's rule set allows.
    pub allowed: u32,
    /// The day on which the case was finished, where it is.
    pub finished: Option<NaiveDate>,
    /// Today, as the server says.
    pub as_of: NaiveDate,
}

/// Every fault, in the order of [`LetterFault`], but those of days that are no days: a draft has read them.
#[must_use]
pub fn faults(draft: &Draft<'_>, context: &Context) -> Vec<LetterFault> {
    // "-" or "..." names nothing.
    let says_nothing = |text: &str| !text.chars().any(char::is_alphanumeric);
    let longer = |text: &str, most: usize| text.chars().count() > most;
    let names = |holds: &dyn Fn(NaiveDate) -> bool| draft.revised_due.is_some_and(holds);
    // On the day on which a case was finished nobody knows which came first.
    let may_lack_date = context.finished.is_some_and(|end| end <= draft.issued);
    let had_ended = context.finished.is_some_and(|end| end < draft.issued);
    [
        (LetterFault::NumberMissing, says_nothing(draft.number)),
        (LetterFault::ReasonMissing, says_nothing(draft.reason)),
        (LetterFault::SignerMissing, says_nothing(draft.signer)),
        (
            LetterFault::NewDateUnread,
            draft.revised_due.is_none() && !may_lack_date,
        ),
        (LetterFault::IssuedInTheFuture, draft.issued > context.as_of),
        (
            LetterFault::IssuedBeforeReception,
            draft.issued < context.started,
        ),
        (
            LetterFault::NewDateNotLater,
            names(&|day| day <= context.replaces),
        ),
        (
            LetterFault::NewDateBeforeIssue,
            names(&|day| day < draft.issued),
        ),
        (
            LetterFault::NewDateAfterEnd,
            had_ended && draft.revised_due.is_some(),
        ),
        (
            LetterFault::TooLong,
            longer(draft.number, MAX_LETTER_NAME)
                || longer(draft.signer, MAX_LETTER_NAME)
                || longer(draft.reason, MAX_LETTER_REASON),
        ),
    ]
    .into_iter()
    .filter_map(|(fault, found)| found.then_some(fault))
    .collect()
}

/// Every flag, in the order of [`LetterFlag`].
#[must_use]
pub fn flags(draft: &Draft<'_>, context: &Context, calendar: &WorkingCalendar) -> Vec<LetterFlag> {
    let day = draft.revised_due.map(|day| calendar.day(day));
    let off = matches!(day, Some(Knowledge::Settled(kind)) if !kind.is_working());
    // The rule names one last day, before the promise, and allows one postponement: a second letter has none of its own.
    let late = !context.letter_out
        && last_lawful_day(context.promise, calendar).is_some_and(|last| draft.issued > last);
    [
        (
            LetterFlag::SecondPostponement,
            draft.revised_due.is_some() && context.postponed >= context.allowed,
        ),
        (LetterFlag::NewDateDayOff, off),
        (
            LetterFlag::NewDateUnsettled,
            day.is_some_and(|day| !matches!(day, Knowledge::Settled(_))),
        ),
        (LetterFlag::IssuedLate, late),
    ]
    .into_iter()
    .filter_map(|(flag, found)| found.then_some(flag))
    .collect()
}
