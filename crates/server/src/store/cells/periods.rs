//! Months, quarters and years as the cells name them.

/// Year of a month `YYYY-MM`, and its place in the year, from 0.
fn year_and_place(month: &str) -> Option<(u32, u32)> {
    let (year, month) = month.split_once('-')?;
    Some((
        year.parse().ok()?,
        month.parse::<u32>().ok()?.checked_sub(1)?,
    ))
}

/// The month, its quarter and its year.
pub(super) fn periods_of(month: &str) -> Vec<String> {
    let mut periods = vec![month.to_owned()];
    if let Some((year, place)) = year_and_place(month) {
        periods.push(format!("{year:04}-Q{}", place / 3 + 1));
        periods.push(format!("{year:04}"));
    }
    periods
}

/// The fewest periods that are these months, both counted.
pub(super) fn periods_between((from, to): (&str, &str)) -> Vec<String> {
    let number = |month| year_and_place(month).map(|(year, place)| year * 12 + place);
    let (Some(mut month), Some(last)) = (number(from), number(to)) else {
        return Vec::new();
    };
    let mut periods = Vec::new();
    while month <= last {
        let (year, place) = (month / 12, month % 12);
        let (text, months) = match (place, last - month) {
            (0, 11..) => (format!("{year:04}"), 12),
            (0 | 3 | 6 | 9, 2..) => (format!("{year:04}-Q{}", place / 3 + 1), 3),
            _ => (format!("{year:04}-{:02}", place + 1), 1),
        };
        periods.push(text);
        month += months;
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_the_fewest_periods() {
        let of = |from, to| periods_between((from, to)).join(" ");
        assert_eq!(of("2026-05", "2026-05"), "2026-05");
        assert_eq!(of("2026-04", "2026-06"), "2026-Q2");
        assert_eq!(of("2026-01", "2026-12"), "2026");
        assert_eq!(of("2026-01", "2026-08"), "2026-Q1 2026-Q2 2026-07 2026-08");
        assert_eq!(of("2025-12", "2027-01"), "2025-12 2026 2027-01");
        assert_eq!(of("2026-02", "2026-01"), "");
    }
}
