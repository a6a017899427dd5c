//! Keys under which ratings can be corrected: one for each calendar week, erased at the end of the following one.

use std::io;

use chrono::{Datelike, Days, NaiveDate};

use super::chance::no_randomness;
use super::file::WeekKey;
use super::room::WaitingRoom;
use crate::keys::{Digest, random};

impl WaitingRoom {
    /// The key of the week of `today`, made where there is none; and keys that are over are erased, where the clock is
    /// believed (`sure`).
    ///
    /// # Errors
    /// What the disk says.
    pub fn week_key(&mut self, today: NaiveDate, sure: bool) -> io::Result<Digest> {
        self.erase_old_weeks(today, sure)?;
        let monday = monday_of(today);
        if let Some((_, key)) = self.weeks.iter().find(|(week, _)| *week == monday) {
            return Ok(*key);
        }
        let key = random().map_err(|_| no_randomness())?;
        let mut weeks = self.weeks.clone();
        weeks.push((monday, key));
        self.tell()?;
        self.file.set_weeks(&weeks)?;
        self.weeks = weeks;
        self.wrote();
        Ok(key)
    }

    /// The keys under which a rating can still be corrected on `today`, each with its last day; the others are erased, where
    /// the clock is believed.
    ///
    /// # Errors
    /// What the disk says.
    pub fn live_keys(
        &mut self,
        today: NaiveDate,
        sure: bool,
    ) -> io::Result<Vec<(Digest, NaiveDate)>> {
        self.erase_old_weeks(today, sure)?;
        let last_day = |monday: i64| {
            let monday = i32::try_from(monday).ok();
            let monday = monday.and_then(NaiveDate::from_num_days_from_ce_opt);
            monday.map_or(today, correct_until)
        };
        let weeks = self.weeks.iter();
        Ok(weeks
            .map(|(monday, key)| (*key, last_day(*monday)))
            .collect())
    }

    /// Erases the keys of weeks before the last one. A clock that was ahead has left keys of later weeks: they go too
    /// when they are more than a week away.
    fn erase_old_weeks(&mut self, today: NaiveDate, sure: bool) -> io::Result<()> {
        if !sure {
            return Ok(());
        }
        let this = monday_of(today);
        let live: Vec<WeekKey> = self
            .weeks
            .iter()
            .filter(|(monday, _)| (this - 7..=this + 7).contains(monday))
            .copied()
            .collect();
        if live.len() != self.weeks.len() {
            self.tell()?;
            self.file.set_weeks(&live)?;
            self.weeks = live;
            self.wrote();
        }
        Ok(())
    }
}

/// The last day on which a rating of `today` can be corrected: the Sunday of the following week.
#[must_use]
pub fn correct_until(today: NaiveDate) -> NaiveDate {
    let left = 13 - u64::from(today.weekday().num_days_from_monday());
    today.checked_add_days(Days::new(left)).unwrap_or(today)
}

fn monday_of(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) - i64::from(day.weekday().num_days_from_monday())
}
