//! Planned outages: what is announced beforehand, and whether that is long enough before.

use chrono::{NaiveDate, NaiveDateTime};

use crate::calendar::WorkingCalendar;
use crate::legal_basis::LegalBasis;

/// Where the time before an outage is written.
pub const BASIS: LegalBasis = LegalBasis::verified("NĐ 224/2026/NĐ-CP", 13, 0);
/// Working days before it by which an outage is to be announced: [`BASIS`].
pub const NOTICE: u32 = 7;

/// A planned outage, as announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    announced: NaiveDate,
    from: NaiveDateTime,
    until: NaiveDateTime,
}

/// Whether an outage was announced long enough before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was.
    InTime,
    /// So many whole working days lay between, too few.
    TooLate(u32),
    /// It hangs on days of which it is not decided whether they are worked.
    Unsettled,
}

impl Outage {
    /// `None` where it ends before it begins, or begins before the day of its announcement.
    #[must_use]
    pub fn new(announced: NaiveDate, from: NaiveDateTime, until: NaiveDateTime) -> Option<Self> {
        (announced <= from.date() && from < until).then_some(Self {
            announced,
            from,
            until,
        })
    }

    /// When it begins.
    #[must_use]
    pub const fn from(&self) -> NaiveDateTime {
        self.from
    }

    /// When it ends.
    #[must_use]
    pub const fn until(&self) -> NaiveDateTime {
        self.until
    }

    /// Whether people are to be told of it: from the day of its announcement until it is over.
    #[must_use]
    pub fn is_told(&self, now: NaiveDateTime) -> bool {
        self.announced <= now.date() && now < self.until
    }

    /// Whether seven working days lie before it. The article names a number of days and not how they are counted: the day of
    /// the announcement is left out (BLDS 2015 Điều 147), and so is the day on which the outage begins, whatever its
    /// hour; whoever counts either may announce a day or two later than this asks for.
    #[must_use]
    pub fn notice(&self, calendar: &WorkingCalendar) -> Notice {
        let Some(last) = self.from.date().pred_opt() else {
            return Notice::Unsettled;
        };
        if last <= self.announced {
            return Notice::TooLate(0);
        }
        if calendar.fewest_working_days_between(self.announced, last) >= NOTICE {
            return Notice::InTime;
        }
        match calendar.working_days_between(self.announced, last) {
            Some(days) => Notice::TooLate(days),
            None => Notice::Unsettled,
        }
    }
}
