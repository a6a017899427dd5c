//! A time limit: the length of a period, as a law or a procedure states it.

/// The unit of a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// *Ngày làm việc*.
    WorkingDay,
    /// *Ngày*: every day counts (BLDS 2015 Điều 147).
    CalendarDay,
    /// Hours of the agency's working time.
    WorkingHour,
    /// Weeks (BLDS 2015 Điều 148(2)).
    Week,
    /// Months (Điều 148(3)).
    Month,
    /// Years (Điều 148(4)).
    Year,
    /// On the day of reception; after the cut-off hour, the next working day.
    SameDay,
}

impl Unit {
    /// Every unit, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::WorkingDay,
        Self::CalendarDay,
        Self::WorkingHour,
        Self::Week,
        Self::Month,
        Self::Year,
        Self::SameDay,
    ];

    /// The machine name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorkingDay => "working_day",
            Self::CalendarDay => "calendar_day",
            Self::WorkingHour => "working_hour",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::SameDay => "same_day",
        }
    }

    /// The unit with this machine name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }
}

/// The largest number of whole units accepted: over 27 years of days.
pub const MAX_AMOUNT: u32 = 10_000;

/// A length of time.
///
/// Invariant: 1 to [`MAX_AMOUNT`] units, except `same_day`, whose amount is 0; a half is
/// possible for working days alone (some joint procedures publish 5.5 working days).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    halves: u32,
    unit: Unit,
}

/// Why a time limit was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLimitError {
    /// Not a number, or a fraction other than a half working day.
    BadAmount,
    /// Zero, or more than [`MAX_AMOUNT`].
    AmountOutOfRange,
}

impl TimeLimitError {
    /// The machine code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadAmount => "bad_amount",
            Self::AmountOutOfRange => "amount_out_of_range",
        }
    }
}

impl TimeLimit {
    /// A limit of whole units; the amount of `same_day` is ignored.
    ///
    /// # Errors
    /// [`TimeLimitError::AmountOutOfRange`] outside 1..=[`MAX_AMOUNT`].
    pub fn new(amount: u32, unit: Unit) -> Result<Self, TimeLimitError> {
        if unit == Unit::SameDay {
            return Ok(Self { halves: 0, unit });
        }
        if amount == 0 || amount > MAX_AMOUNT {
            return Err(TimeLimitError::AmountOutOfRange);
        }
        Ok(Self {
            halves: amount.saturating_mul(2),
            unit,
        })
    }

    /// Reads an amount such as `5` or, for working days, `5.5`.
    ///
    /// ```
    /// use dung_hen_domain::time_limit::{TimeLimit, TimeLimitError, Unit};
    ///
    /// let limit = TimeLimit::parse("5.5", Unit::WorkingDay).unwrap();
    /// assert_eq!((limit.units(), limit.ends_with_half()), (6, true));
    /// assert_eq!(TimeLimit::parse("5.5", Unit::Month), Err(TimeLimitError::BadAmount));
    /// assert_eq!(TimeLimit::parse("0", Unit::Month), Err(TimeLimitError::AmountOutOfRange));
    /// ```
    ///
    /// # Errors
    /// [`TimeLimitError`] as documented there. An empty amount is read for `same_day` only.
    pub fn parse(amount: &str, unit: Unit) -> Result<Self, TimeLimitError> {
        let amount = amount.trim();
        if unit == Unit::SameDay && amount.is_empty() {
            return Self::new(0, unit);
        }
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(TimeLimitError::BadAmount);
        }
        // More digits than a u32 holds is a number, only too large.
        let whole: u32 = whole
            .parse()
            .map_err(|_| TimeLimitError::AmountOutOfRange)?;
        let fraction = fraction.trim_end_matches('0');
        match (fraction, unit) {
            ("", _) => Self::new(whole, unit),
            ("5", Unit::WorkingDay) if whole < MAX_AMOUNT => Ok(Self {
                halves: whole.saturating_mul(2).saturating_add(1),
                unit,
            }),
            _ => Err(TimeLimitError::BadAmount),
        }
    }

    /// The unit.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// Whole units to count: a half working day ends on the day after the whole ones.
    #[must_use]
    pub const fn units(self) -> u32 {
        self.halves.div_ceil(2)
    }

    /// Whether the last unit is half a working day.
    #[must_use]
    pub const fn ends_with_half(self) -> bool {
        !self.halves.is_multiple_of(2)
    }
}
