//! What is no time limit: a typed error, never a guess.

use dung_hen_domain::time_limit::{MAX_AMOUNT, TimeLimit, TimeLimitError, Unit};

/// Nought, written in whatever way, is no length of time; `same_day` alone has none.
#[test]
fn an_amount_of_zero_is_refused() {
    for unit in Unit::ALL {
        let expected = match unit {
            Unit::SameDay => None,
            _ => Some(TimeLimitError::AmountOutOfRange),
        };
        assert_eq!(TimeLimit::new(0, unit).err(), expected, "{unit:?}");
        for amount in ["0", "00", "0.0", " 0 "] {
            assert_eq!(
                TimeLimit::parse(amount, unit).err(),
                expected,
                "{amount} {unit:?}"
            );
        }
    }
    // Half a working day is more than none.
    assert!(TimeLimit::parse("0.5", Unit::WorkingDay).is_ok());
}

#[test]
fn a_negative_amount_is_refused() {
    for unit in Unit::ALL {
        for amount in ["-1", "-0", "-5.5", "\u{2212}1", "+1"] {
            assert_eq!(
                TimeLimit::parse(amount, unit),
                Err(TimeLimitError::BadAmount),
                "{amount} {unit:?}"
            );
        }
    }
}

#[test]
fn an_amount_beyond_the_largest_is_refused() {
    let too_large = (MAX_AMOUNT + 1).to_string();
    for amount in [&*too_large, "99999999999999999999"] {
        assert_eq!(
            TimeLimit::parse(amount, Unit::Month),
            Err(TimeLimitError::AmountOutOfRange),
            "{amount}"
        );
    }
    assert!(TimeLimit::new(MAX_AMOUNT, Unit::Month).is_ok());
}
