//! Periods of report: a month, a quarter, a year.

/// Months of a year, first and last, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    year: u32,
    first_month: u32,
    last_month: u32,
}

impl Period {
    /// Reads `2026-10`, `2026-Q4` or `2026`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (year, part) = text.split_at_checked(4)?;
        if !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year = year.parse().ok()?;
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

    /// First and last month, `YYYY-MM`.
    pub(super) fn months(self) -> (String, String) {
        (
            format!("{:04}-{:02}", self.year, self.first_month),
            format!("{:04}-{:02}", self.year, self.last_month),
        )
    }

    /// First day, and the first day after.
    pub(super) fn days(self) -> (String, String) {
        let (year, month) = if self.last_month == 12 {
            (self.year + 1, 1)
        } else {
            (self.year, self.last_month + 1)
        };
        (
            format!("{:04}-{:02}-01", self.year, self.first_month),
            format!("{year:04}-{month:02}-01"),
        )
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
        for text in [
            "",
            "26",
            "2026-13",
            "2026-1",
            "2026-Q5",
            "2026-+1",
            "２０２６",
            "2026-010",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}
