//! Periods of report: a month, a quarter, a year.

use chrono::{Datelike, NaiveDate};

use crate::civil::{iso_date, push_padded};

/// Months of a year, first and last, both counted. Years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: u32,
    first_month: u32,
    last_month: u32,
}

impl Period {
    /// Reads `2026-10`, `2026-Q4` or `2026`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, part) = text.split_at_checked(4)?;
        if !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year = year.parse().ok().filter(|year| *year >= 1)?;
        let months = |first_month, last_month| {
            Some(Self {
                year,
                first_month,
                last_month,
            })
        };
        match part {
            "" => months(1, 12),
            "-Q1" => months(1, 3),
            "-Q2" => months(4, 6),
            "-Q3" => months(7, 9),
            "-Q4" => months(10, 12),
            _ => {
                let month = part.strip_prefix('-')?;
                if month.len() != 2 || !month.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                let month = month
                    .parse()
                    .ok()
                    .filter(|month| (1..=12).contains(month))?;
                months(month, month)
            }
        }
    }

    /// The month of a day.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Option<Self> {
        let year = u32::try_from(day.year()).ok();
        let month = day.month();
        year.filter(|year| (1..=9999).contains(year))
            .map(|year| Self {
                year,
                first_month: month,
                last_month: month,
            })
    }

    /// Its months, one by one.
    pub fn each_month(self) -> impl Iterator<Item = Self> {
        (self.first_month..=self.last_month).map(move |month| Self {
            first_month: month,
            last_month: month,
            ..self
        })
    }

    /// First and last quarter that lie whole within it, `YYYY-Qn`; the first comes after the last where there is none.
    #[must_use]
    pub fn quarters(self) -> (String, String) {
        let (first, last) = (self.first_month.saturating_add(4) / 3, self.last_month / 3);
        (
            format!("{:04}-Q{first}", self.year),
            format!("{:04}-Q{last}", self.year),
        )
    }

    /// First and last month, `YYYY-MM`.
    #[must_use]
    pub fn months(self) -> (String, String) {
        let month = |month| {
            let mut text = String::with_capacity(7);
            push_padded(&mut text, self.year, 4);
            text.push('-');
            push_padded(&mut text, month, 2);
            text
        };
        (month(self.first_month), month(self.last_month))
    }

    /// First and last day.
    #[must_use]
    pub fn span(self) -> (NaiveDate, NaiveDate) {
        let first = |month| {
            let year = i32::try_from(self.year).unwrap_or(i32::MAX);
            NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
        };
        let last = first(self.last_month);
        let days = u32::from(last.num_days_in_month());
        (first(self.first_month), last.with_day(days).unwrap_or(last))
    }

    /// First day, and the first day after.
    #[must_use]
    pub fn days(self) -> (String, String) {
        let (first, last) = self.span();
        let after = last.succ_opt().unwrap_or(last);
        (iso_date(first), iso_date(after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_quarters_and_years_are_read() {
        assert_eq!(
            Period::parse("2026-10").unwrap().days(),
            ("2026-10-01".into(), "2026-11-01".into())
        );
        assert_eq!(
            Period::parse("2026-Q4").unwrap().days(),
            ("2026-10-01".into(), "2027-01-01".into())
        );
        assert_eq!(
            Period::parse("2026").unwrap().months(),
            ("2026-01".into(), "2026-12".into())
        );
        let (first, last) = Period::parse("2024-Q1").unwrap().span();
        assert_eq!(
            (iso_date(first), iso_date(last)),
            ("2024-01-01".into(), "2024-03-31".into())
        );
        let february = Period::month_of(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()).unwrap();
        assert_eq!(february, Period::parse("2024-02").unwrap());
        assert_eq!(
            february.span().1,
            NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
        );
        let quarter = Period::parse("2026-Q2").unwrap();
        let months: Vec<String> = quarter.each_month().map(|month| month.months().0).collect();
        assert_eq!(months, ["2026-04", "2026-05", "2026-06"]);
        for text in [
            "",
            "26",
            "2026-13",
            "2026-1",
            "2026-Q5",
            "2026-+1",
            "２０２６",
            "2026-010",
            "0000",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}
