//! A calendar out of its data: every invariant is checked here, once.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::data::KindData;
use super::index::WorkingIndex;
use super::{
    CalendarData, CalendarError, DayKind, ListedDay, OpenQuestion, WorkingCalendar, YearState,
    is_weekend,
};

impl WorkingCalendar {
    /// Checks the data and builds the calendar.
    ///
    /// # Errors
    /// [`CalendarError`] names the first row that breaks an invariant.
    pub fn new(data: CalendarData) -> Result<Self, CalendarError> {
        let first_year = data.years.first().ok_or(CalendarError::Empty)?.year;
        let mut years = Vec::new();
        let mut listed: BTreeMap<NaiveDate, ListedDay> = BTreeMap::new();
        let mut expected = first_year;
        for year in data.years {
            if year.year != expected {
                return Err(CalendarError::YearsNotConsecutive(year.year));
            }
            expected = expected.saturating_add(1);
            let settled_until = year.settled_until.map(|date| date.0);
            if let Some(date) = settled_until.filter(|date| date.year() != year.year) {
                return Err(CalendarError::SettledElsewhere(date));
            }
            for day in year.days {
                let date = day.date.0;
                if date.year() != year.year {
                    return Err(CalendarError::WrongYear(date));
                }
                let pair = day.pair.map(|pair| pair.0);
                let holiday = day.holiday;
                let kind = match day.kind {
                    KindData::Holiday => DayKind::Holiday(holiday),
                    KindData::DayInLieu => DayKind::InLieu { holiday, pair },
                    KindData::SwappedOff => DayKind::SwappedOff { holiday, pair },
                    KindData::SwappedWorkingDay => DayKind::SwappedWorking { pair },
                };
                if kind.is_working() != is_weekend(date) {
                    return Err(CalendarError::WrongWeekday(date));
                }
                let day = ListedDay {
                    kind,
                    basis: day.basis,
                    origin: day.origin,
                };
                if listed.insert(date, day).is_some() {
                    return Err(CalendarError::Twice(date));
                }
            }
            let whole = settled_until.is_some_and(|last| (last.month(), last.day()) == (12, 31));
            if whole && !year.open.is_empty() {
                return Err(CalendarError::OpenThoughSettled(year.year));
            }
            for question in &year.open {
                let OpenQuestion::ProposedSwap { off, worked, .. } = question else {
                    continue;
                };
                let open = |date: NaiveDate| {
                    date.year() == year.year
                        && settled_until.is_none_or(|last| date > last)
                        && !listed.contains_key(&date)
                };
                if is_weekend(off.0) || !open(off.0) {
                    return Err(CalendarError::BadProposal(off.0));
                }
                if let Some(worked) = worked
                    && (!is_weekend(worked.0) || !open(worked.0))
                {
                    return Err(CalendarError::BadProposal(worked.0));
                }
            }
            let state = YearState {
                year: year.year,
                settled_until,
                open: year.open,
                sources: year.sources,
            };
            years.push(state);
        }
        for (date, day) in &listed {
            let (DayKind::SwappedOff {
                pair: Some(pair), ..
            }
            | DayKind::SwappedWorking { pair: Some(pair) }) = day.kind
            else {
                continue;
            };
            let back = listed.get(&pair).and_then(|other| match other.kind {
                DayKind::SwappedOff { pair, .. } | DayKind::SwappedWorking { pair } => pair,
                _ => None,
            });
            if back != Some(*date) {
                return Err(CalendarError::LonelySwap(*date));
            }
        }
        let mut calendar = Self {
            version: data.version,
            first_year,
            years,
            listed,
            index: WorkingIndex::default(),
        };
        calendar.index = calendar.indexed();
        Ok(calendar)
    }
}
