//! What a year can become of which one proposed swap is all that is open.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{DayKind, Holiday, Knowledge, OpenQuestion, WorkingCalendar};
use crate::lang::{self, Lang};

/// One way in which a year's single open question may be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// No swap: the weekday `day` is worked.
    NoSwap {
        /// The weekday of the proposal.
        day: NaiveDate,
    },
    /// `off` is a day off; `worked` is worked instead, or, where `None`, no day that matters is.
    Swap {
        /// The weekday of the proposal.
        off: NaiveDate,
        /// The weekend day worked instead.
        worked: Option<NaiveDate>,
        /// The holiday next to it.
        holiday: Holiday,
    },
}

impl WorkingCalendar {
    /// What the year of `date`, a day not settled, can become: every way to decide its one
    /// proposed swap. Empty where that is not all that is open.
    ///
    /// The list is complete under three assumptions, to be said wherever it is shown: no other
    /// swap is decided for the rest of the year; the days up to `settled_until` stay as they are;
    /// and a day worked instead that the proposal does not name is a Saturday.
    #[must_use]
    pub fn worlds(&self, date: NaiveDate) -> Vec<World> {
        let Some(year) = self.year(date.year()) else {
            return Vec::new();
        };
        let (
            Some(settled),
            [
                OpenQuestion::ProposedSwap {
                    off,
                    worked,
                    holiday,
                    ..
                },
            ],
        ) = (year.settled_until, year.open.as_slice())
        else {
            return Vec::new();
        };
        if date <= settled {
            return Vec::new();
        }
        let swap = |worked| World::Swap {
            off: off.0,
            worked,
            holiday: *holiday,
        };
        let mut worlds = vec![World::NoSwap { day: off.0 }];
        if let Some(worked) = worked {
            worlds.push(swap(Some(worked.0)));
            return worlds;
        }
        worlds.push(swap(None));
        worlds.extend(
            settled
                .iter_days()
                .skip(1)
                .take_while(|day| day.year() == year.year)
                .filter(|day| day.weekday() == Weekday::Sat && !self.listed.contains_key(day))
                .map(|day| swap(Some(day))),
        );
        worlds
    }

    /// What [`Self::worlds`] takes for granted, in words; `None` where it lists nothing.
    #[must_use]
    pub fn assumption(&self, date: NaiveDate, lang: Lang) -> Option<String> {
        let year = self.year(date.year())?;
        let settled = year.settled_until?;
        let [OpenQuestion::ProposedSwap { worked, .. }] = year.open.as_slice() else {
            return None;
        };
        let until = lang::date_in_words(settled, lang);
        let mut out = match lang {
            Lang::Vi => format!(
                "đến hết năm {} không có hoán đổi nào khác; lịch đến hết {until} giữ nguyên",
                year.year
            ),
            Lang::En => format!(
                "no other swap is decided for the rest of {}; the days up to {until} stay as they are",
                year.year
            ),
        };
        if worked.is_none() {
            out.push_str(lang.pick(
                "; ngày làm bù, nếu có, là một thứ Bảy",
                "; a day worked instead, if any, is a Saturday",
            ));
        }
        Some(out)
    }

    /// What `date` is in `world`; days of other years are as settled as they are.
    pub(crate) fn day_in(&self, world: World, date: NaiveDate) -> Knowledge {
        let (day, swap) = match world {
            World::NoSwap { day } => (day, None),
            World::Swap {
                off,
                worked,
                holiday,
            } => (off, Some((worked, holiday))),
        };
        match self.day(date) {
            Knowledge::Provisional(kind) if date.year() == day.year() => {
                Knowledge::Settled(match swap {
                    Some((pair, holiday)) if date == day => DayKind::SwappedOff { holiday, pair },
                    Some((Some(worked), _)) if date == worked => {
                        DayKind::SwappedWorking { pair: Some(day) }
                    }
                    _ => kind,
                })
            }
            known => known,
        }
    }

    /// Whether a proposal would make a day off of it.
    pub(super) fn may_become_off(&self, date: NaiveDate) -> bool {
        self.year(date.year()).is_some_and(|year| {
            year.open.iter().any(
                |question| matches!(question, OpenQuestion::ProposedSwap { off, .. } if off.0 == date),
            )
        })
    }
}
