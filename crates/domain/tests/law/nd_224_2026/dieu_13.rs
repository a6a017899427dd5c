//! NĐ 224/2026 Điều 13: a planned outage is announced at least seven working days before.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::parse_moment;
use dung_hen_domain::outage::{BASIS, NOTICE, Notice, Outage};

use crate::{calendar, date};

fn at(text: &str) -> NaiveDateTime {
    parse_moment(text).unwrap()
}

fn notice(announced: &str, from: &str) -> Notice {
    let outage = Outage::new(date(announced), at(from), at("2027-12-31T00:00")).unwrap();
    outage.notice(&calendar())
}

#[test]
fn seven_whole_working_days_lie_between() {
    assert_eq!((BASIS.article, NOTICE), (13, 7));
    // Announced on Thu 1/10/2026: Fri 2 (1), Mon 5 (2), 6 (3), 7 (4), 8 (5), Fri 9 (6), Mon 12 (7); from Tue 13 on it is enough.
    assert_eq!(notice("2026-10-01", "2026-10-13T00:00"), Notice::InTime);
    assert_eq!(notice("2026-10-01", "2026-10-12T22:00"), Notice::TooLate(6));
    assert_eq!(notice("2026-10-01", "2026-10-02T00:00"), Notice::TooLate(0));
    assert_eq!(notice("2026-10-01", "2026-10-01T23:00"), Notice::TooLate(0));
    // Across National Day, announced on Fri 21/8/2026: Sat 22 is worked (1), Mon 24 (2), 25 (3), 26 (4), 27 (5), Fri 28 (6);
    // Mon 31/8, 1 and 2/9 are off; Thu 3/9 (7).
    assert_eq!(notice("2026-08-21", "2026-09-03T20:00"), Notice::TooLate(6));
    assert_eq!(notice("2026-08-21", "2026-09-04T00:00"), Notice::InTime);
}

#[test]
fn days_that_are_not_settled_are_not_counted_on() {
    // Announced on Mon 16/11/2026: 17, 18, 19, Fri 20 (4); whether Mon 23 is worked is open, Tue 24 is off; 25, 26 (6 or 7),
    // Fri 27 (7 or 8).
    assert_eq!(notice("2026-11-16", "2026-11-27T00:00"), Notice::Unsettled);
    assert_eq!(notice("2026-11-16", "2026-11-28T00:00"), Notice::InTime);
}

#[test]
fn it_is_told_from_its_announcement_until_it_is_over() {
    let outage = Outage::new(
        date("2026-10-01"),
        at("2026-10-13T22:00"),
        at("2026-10-14T05:00"),
    )
    .unwrap();
    for (now, told) in [
        ("2026-09-30T23:59", false),
        ("2026-10-01T00:00", true),
        ("2026-10-14T04:59", true),
        ("2026-10-14T05:00", false),
    ] {
        assert_eq!(outage.is_told(at(now)), told, "{now}");
    }
    // Over before it begins; begun before it is announced.
    let begins = at("2026-10-13T22:00");
    assert_eq!(Outage::new(date("2026-10-01"), begins, begins), None);
    assert_eq!(
        Outage::new(date("2026-10-14"), begins, at("2026-10-14T05:00")),
        None
    );
}
