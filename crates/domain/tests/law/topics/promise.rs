//! The promise beside the limit: agrees, earlier, later, or not known.

use dung_hen_domain::promise::{Comparison, compare};
use dung_hen_domain::time_limit::Unit;

use crate::{ask, date};

fn against(promise: &str, received: &str, amount: u32) -> Comparison {
    let answer = ask(received, amount, Unit::WorkingDay).unwrap();
    compare(Some(date(promise)), &answer)
}

#[test]
fn a_settled_limit_decides() {
    use Comparison::{Agrees, Earlier, Later};
    // 5 working days from Wed 24/4/2024: Sat 4/5, worked.
    assert_eq!(against("2024-05-04", "2024-04-24", 5), Agrees);
    assert_eq!(against("2024-05-03", "2024-04-24", 5), Earlier);
    assert_eq!(against("2024-05-06", "2024-04-24", 5), Later);
    let answer = ask("2024-04-24", 5, Unit::WorkingDay).unwrap();
    assert_eq!(compare(None, &answer), Comparison::Unknown);
}

/// 5 working days from Thu 19/11/2026 end on 27, 28 or 30/11: only what holds in each case is said.
#[test]
fn an_open_calendar_says_only_what_is_sure() {
    use Comparison::{Earlier, Later, Unknown};
    assert_eq!(against("2026-11-26", "2026-11-19", 5), Earlier);
    for open in ["2026-11-27", "2026-11-28", "2026-11-30"] {
        assert_eq!(against(open, "2026-11-19", 5), Unknown, "{open}");
    }
    assert_eq!(against("2026-12-01", "2026-11-19", 5), Later);
    // 40 working days reach into 2027: no date can be listed, and the period reaches 23/11 at least.
    assert_eq!(against("2026-11-20", "2026-11-19", 40), Earlier);
    assert_eq!(against("2027-03-01", "2026-11-19", 40), Unknown);
}
