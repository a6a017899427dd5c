//! For whom a case waits: two clocks, made of spans of working days.
//!
//! A span counts the working days after its first day up to and including its last, as the law counts
//! (BLDS 2015 Điều 147): the day on which the case changes hands belongs to whoever held it before. So the two
//! totals add up to the working days from the reception to the end.

use chrono::NaiveDate;

use crate::calendar::WorkingCalendar;
use crate::case::CaseStatus;

/// For whom a case waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The agency has it.
    Agency,
    /// The applicant is asked for papers or money.
    Applicant,
}

/// A span of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// For whom.
    pub who: WaitsFor,
    /// The day it begins, not counted; `None` where it was not sent.
    pub from: Option<NaiveDate>,
    /// The last day, counted; `None` while it runs, or where it was not sent.
    pub to: Option<NaiveDate>,
    /// Working days in it, up to today while it runs; `None` where it cannot be counted.
    pub working_days: Option<u32>,
}

/// A request for papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it was made.
    pub asked: Option<NaiveDate>,
    /// When the papers came in.
    pub answered: Option<NaiveDate>,
}

/// What the spans are made from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The state of the case.
    pub status: CaseStatus,
    /// Day of reception.
    pub received: NaiveDate,
    /// Requests for papers.
    pub requests: &'a [Request],
    /// End of processing.
    pub finished: Option<NaiveDate>,
    /// Today, as the server says.
    pub as_of: NaiveDate,
}

/// The spans of a received case, oldest first.
#[must_use]
pub fn spans(facts: &Facts<'_>, calendar: &WorkingCalendar) -> Vec<Span> {
    use WaitsFor::{Agency, Applicant};
    let mut all = Vec::new();
    let mut span =
        |who, from: Option<NaiveDate>, to: Option<NaiveDate>, until: Option<NaiveDate>| {
            all.push(Span {
                who,
                from,
                to,
                // From after to cannot be counted: the calendar answers nothing.
                working_days: from
                    .zip(until)
                    .and_then(|(from, until)| calendar.working_days_between(from, until)),
            });
        };
    let mut requests = facts.requests.to_vec();
    requests.sort_by_key(|request| request.asked.or(request.answered));
    let mut since = Some(facts.received);
    let mut who = Agency;
    for request in &requests {
        match (request.asked, request.answered) {
            (Some(asked), answered) => {
                if who == Agency {
                    span(Agency, since, Some(asked), Some(asked));
                }
                match answered {
                    Some(answered) => {
                        span(Applicant, Some(asked), Some(answered), Some(answered));
                        (since, who) = (Some(answered), Agency);
                    }
                    None => (since, who) = (Some(asked), Applicant),
                }
            }
            (None, Some(answered)) => {
                // When they were asked for was not sent: neither side's days can be counted.
                if who == Agency {
                    span(Agency, since, None, None);
                }
                span(Applicant, None, Some(answered), None);
                (since, who) = (Some(answered), Agency);
            }
            (None, None) => {}
        }
    }
    if facts.status.is_paused() && who == Agency {
        // Asked for something, and when was not sent.
        span(Agency, since, None, None);
        span(Applicant, None, None, None);
        return all;
    }
    if facts.status.is_finished() {
        span(
            Agency,
            since.filter(|_| who == Agency),
            facts.finished,
            facts.finished,
        );
    } else if facts.status.is_closed() {
        // Withdrawn or stopped: on which day is not among the facts.
        span(who, since, None, None);
    } else {
        // Processing goes on although a request was never answered: the papers came in unrecorded.
        let known = who == Agency || facts.status.is_paused();
        span(who, since, None, known.then_some(facts.as_of));
    }
    all
}

/// The working days from the reception to the first request for papers, where they are more than the rules allow
/// (NĐ 61/2018 Điều 19(4)): whether another law gives this procedure more is not known here. A later request is left out:
/// from which reception its days run is not said. `None`, too, where they cannot be counted.
#[must_use]
pub fn first_asked_late(
    received: NaiveDate,
    requests: &[Request],
    allowed: u32,
    calendar: &WorkingCalendar,
) -> Option<u32> {
    let first = requests
        .iter()
        .min_by_key(|request| request.asked.or(request.answered))?;
    calendar
        .working_days_between(received, first.asked?)
        .filter(|days| *days > allowed)
}

/// The working days waited for `who`; `None` where one of the spans cannot be counted.
#[must_use]
pub fn total(spans: &[Span], who: WaitsFor) -> Option<u32> {
    spans
        .iter()
        .filter(|span| span.who == who)
        .try_fold(0u32, |sum, span| {
            Some(sum.saturating_add(span.working_days?))
        })
}
