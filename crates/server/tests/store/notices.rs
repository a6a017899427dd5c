//! Notices: each text once, with the day on which it was first shown.

use dung_hen_server::store::NoticeRecord;

use crate::support::{Fixture, moment, on_both};

on_both!(a_notice_keeps_its_first_day);

fn a_notice_keeps_its_first_day(fixture: &Fixture) {
    let notice = |facts: u8, day: u32| NoticeRecord {
        number: "TBQH-AAAA-2222".to_owned(),
        facts: [facts; 32],
        agency: "UBND phường Một".to_owned(),
        promised: moment(9, 0).date(),
        issued: moment(day, 0).date(),
        digest: [facts + 100; 32],
    };
    for one in [notice(1, 12), notice(1, 15), notice(2, 20)] {
        fixture
            .store
            .write_now(move |store| store.add_notices([&one]))
            .unwrap();
    }
    let kept = |number: &'static str| {
        fixture
            .store
            .read_now(|store| store.notices(number))
            .unwrap()
    };
    assert_eq!(kept("TBQH-AAAA-2222"), [notice(1, 12), notice(2, 20)]);
    assert_eq!(kept("TBQH-AAAA-3333"), []);
}
