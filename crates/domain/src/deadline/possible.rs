//! The dates that a period can end on while the calendar is open, each with its condition.

use chrono::{Datelike as _, NaiveDate, NaiveTime};

use super::Reception;
use super::count::count;
use crate::calendar::{WorkingCalendar, WorkingHours, World};
use crate::lang::{self, Lang};
use crate::time_limit::TimeLimit;

/// A date that a limit may end on, and when it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PossibleDue {
    /// Last day of the period.
    pub due: NaiveDate,
    /// The hour, for limits in hours.
    pub due_time: Option<NaiveTime>,
    /// What makes it this date.
    pub condition: Condition,
}

/// When a possible date is the date: in each of these cases, and in no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The weekday on which it hangs.
    pub day: NaiveDate,
    /// It is so if `day` is worked as usual.
    pub if_worked: bool,
    /// It is so if `day` becomes a day off and no day up to the due day is worked instead.
    pub if_off: bool,
    /// It is so if `day` becomes a day off and one of these is worked instead.
    pub if_off_for: Vec<NaiveDate>,
}

impl PossibleDue {
    /// The condition in words, from "if" on.
    #[must_use]
    pub fn condition_words(&self, lang: Lang) -> String {
        let named = |date: NaiveDate| {
            let mut out = lang::weekday(date.weekday(), lang).to_owned();
            out.push(' ');
            out.push_str(&lang::date_in_words(date, lang));
            out
        };
        let condition = &self.condition;
        let day = named(condition.day);
        if condition.if_worked && condition.if_off {
            return match lang {
                Lang::Vi => format!("dù {day} làm việc hay thành ngày nghỉ"),
                Lang::En => format!("whether {day} is worked or becomes a day off"),
            };
        }
        let mut cases = Vec::new();
        if condition.if_worked {
            cases.push(match lang {
                Lang::Vi => format!("{day} vẫn là ngày làm việc"),
                Lang::En => format!("{day} is worked as usual"),
            });
        }
        if condition.if_off {
            let due = lang::date_in_words(self.due, lang);
            cases.push(match lang {
                Lang::Vi => {
                    format!("{day} thành ngày nghỉ và đến hết {due} không phải làm bù")
                }
                Lang::En => {
                    format!("{day} becomes a day off and no day up to {due} is worked instead")
                }
            });
        }
        if !condition.if_off_for.is_empty() {
            let worked: Vec<String> = condition.if_off_for.iter().copied().map(named).collect();
            let worked = worked.join(lang.pick(" hoặc ", " or "));
            cases.push(match lang {
                Lang::Vi => format!("{day} thành ngày nghỉ và làm bù vào {worked}"),
                Lang::En => format!("{day} becomes a day off and {worked} is worked instead"),
            });
        }
        let mut out = String::from(lang.pick("nếu ", "if "));
        out.push_str(&cases.join(lang.pick(", hoặc nếu ", ", or if ")));
        out
    }
}

/// Every date the period can end on, by the ways in which the year of `first_open` can be decided;
/// empty where one of them ends beyond what is known.
pub(super) fn all(
    calendar: &WorkingCalendar,
    hours: &WorkingHours,
    reception: Reception,
    limit: TimeLimit,
    first_open: NaiveDate,
) -> Vec<PossibleDue> {
    let mut found: Vec<PossibleDue> = Vec::new();
    // Beyond this day a day worked instead changes nothing: the period has ended.
    let mut horizon = None;
    for world in calendar.worlds(first_open) {
        let day = match world {
            World::NoSwap { day } | World::Swap { off: day, .. } => day,
        };
        if let World::Swap {
            worked: Some(worked),
            ..
        } = world
            && horizon.is_some_and(|horizon| worked > horizon)
        {
            continue;
        }
        let (Ok((due, due_time)), _) = count(calendar, Some(world), hours, reception, limit) else {
            return Vec::new();
        };
        let index = match found
            .iter()
            .position(|one| (one.due, one.due_time) == (due, due_time))
        {
            Some(index) => index,
            None => {
                found.push(PossibleDue {
                    due,
                    due_time,
                    condition: Condition {
                        day,
                        if_worked: false,
                        if_off: false,
                        if_off_for: Vec::new(),
                    },
                });
                found.len().saturating_sub(1)
            }
        };
        let Some(condition) = found.get_mut(index).map(|one| &mut one.condition) else {
            continue;
        };
        match world {
            World::NoSwap { .. } => condition.if_worked = true,
            World::Swap { worked: None, .. } => {
                condition.if_off = true;
                horizon = Some(due);
            }
            World::Swap {
                worked: Some(worked),
                ..
            } => condition.if_off_for.push(worked),
        }
    }
    found.sort_by_key(|one| (one.due, one.due_time));
    found
}
