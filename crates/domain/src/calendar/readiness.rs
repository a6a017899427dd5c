//! Whether the calendar reaches far enough: until when deadlines can be computed, and what is asked for.

use chrono::{Datelike, Days, NaiveDate};

use super::WorkingCalendar;

/// Days ahead for which deadlines must be computable.
pub const NEEDED_DAYS: u64 = 60;

/// From the first day of this month on, next year's calendar is asked for.
const NEXT_YEAR_FROM_MONTH: u32 = 10;

/// How far the calendar reaches on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The last day up to which deadlines can be computed; `None` where none can.
    pub computable_until: Option<NaiveDate>,
    /// Whether that is at least [`NEEDED_DAYS`] ahead.
    pub enough: bool,
    /// Next year, where it is asked for: it is October or later, and the year is not settled to its end.
    pub year_needed: Option<i32>,
}

impl WorkingCalendar {
    /// How far the calendar reaches on `as_of`.
    #[must_use]
    pub fn readiness(&self, as_of: NaiveDate) -> Readiness {
        let computable_until = self.settled_through(as_of);
        let needed = as_of.checked_add_days(Days::new(NEEDED_DAYS));
        let next = as_of.year().saturating_add(1);
        let whole = self.year(next).is_some_and(super::YearState::is_whole);
        Readiness {
            computable_until,
            enough: needed.is_some() && computable_until >= needed,
            year_needed: (as_of.month() >= NEXT_YEAR_FROM_MONTH && !whole).then_some(next),
        }
    }
}
