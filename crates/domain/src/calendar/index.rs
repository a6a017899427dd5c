//! Working days counted once, so that a day is looked up however far away it lies.

use chrono::{Datelike, NaiveDate};

use super::{Knowledge, WorkingCalendar};

/// The working days of the settled days from 1 January of the first year up to the first day not
/// settled, in order: a few bytes a day, whatever is asked of it.
#[derive(Clone, Debug, Default)]
pub(super) struct WorkingIndex {
    /// Day number (from the common era) of the day before the first.
    base: i32,
    /// For `base` and every day after it: how many working days lie up to and including it.
    counted: Vec<u32>,
    /// The working days.
    working: Vec<NaiveDate>,
}

impl WorkingCalendar {
    pub(super) fn indexed(&self) -> WorkingIndex {
        let Some(first) = NaiveDate::from_ymd_opt(self.first_year, 1, 1) else {
            return WorkingIndex::default();
        };
        let mut index = WorkingIndex {
            base: first.num_days_from_ce().saturating_sub(1),
            counted: vec![0],
            working: Vec::new(),
        };
        let mut count = 0u32;
        for day in first.iter_days() {
            let Knowledge::Settled(kind) = self.day(day) else {
                break;
            };
            if kind.is_working() {
                count = count.saturating_add(1);
                index.working.push(day);
            }
            index.counted.push(count);
        }
        index
    }

    /// Working days from the first indexed day up to and including `date`; `None` outside the index.
    pub(super) fn working_days_up_to(&self, date: NaiveDate) -> Option<u32> {
        let index = date.num_days_from_ce().checked_sub(self.index.base)?;
        self.index
            .counted
            .get(usize::try_from(index).ok()?)
            .copied()
    }

    /// Whether `date` is a settled day, or the day before the calendar begins, so that the days
    /// after it can be looked up.
    pub(crate) fn is_indexed(&self, date: NaiveDate) -> bool {
        self.working_days_up_to(date).is_some()
    }

    /// The `number`th working day after `date` (from 1), by look-up; `None` where it is not settled.
    pub(crate) fn working_day_after(&self, date: NaiveDate, number: u32) -> Option<NaiveDate> {
        let index = self
            .working_days_up_to(date)?
            .checked_add(number)?
            .checked_sub(1)?;
        self.index
            .working
            .get(usize::try_from(index).ok()?)
            .copied()
    }
}
