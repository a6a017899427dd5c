//! Two senders of one case at once: neither's date is lost.

use std::sync::Arc;

use dung_hen_server::config::Province;
use dung_hen_server::connector::intake::import_text;
use dung_hen_server::keys::Keys;
use dung_hen_server::reference::Reference;
use dung_hen_server::store::Store;
use serde_json::json;

use crate::support::{Fixture, moment, on_both};

on_both!(two_who_send_a_case_at_once_both_leave_their_dates);

fn envelope(round: u32, agency: &str, promise: &str) -> String {
    // Several cases, in an order of its own for each sender.
    let mut data: Vec<_> = (0..5)
        .map(|case| {
            json!({ "MaHoSo": format!("H98.1-{round}-{case}"), "MaTTHC": "1.004222",
                "NgayTiepNhan": "20261005080000", "NgayHenTra": promise, "TrangThaiHoSo": "4" })
        })
        .collect();
    if agency == "H98.2" {
        data.reverse();
    }
    json!({ "service": "DongBoHoSoMC", "madonvi": agency, "data": data }).to_string()
}

fn two_who_send_a_case_at_once_both_leave_their_dates(fixture: &Fixture) {
    let reference = Arc::new(Reference::new(Province::unnamed().unwrap()).unwrap());
    let keys = Keys::new([7; 32]);
    for round in 0..20 {
        // Each with connections of its own, as two servers have.
        std::thread::scope(|scope| {
            for (agency, promise) in [("H98.1", "20261014170000"), ("H98.2", "20261020170000")] {
                let (reference, keys) = (&reference, &keys);
                scope.spawn(move || {
                    let store = match fixture.address.strip_prefix("sqlite:") {
                        // SQLite belongs to one server.
                        Some(_) => fixture.store.clone(),
                        None => Store::open(&fixture.address).unwrap(),
                    };
                    let text = envelope(round, agency, promise);
                    import_text(&store, &text, keys, moment(15, 9), reference).unwrap();
                });
            }
        });
        for case in 0..5 {
            let code = format!("H98.1-{round}-{case}");
            let record = fixture
                .store
                .read_now(|reader| reader.find_case(&code))
                .unwrap()
                .unwrap();
            let mut dates: Vec<String> = record
                .history
                .iter()
                .map(|entry| entry.due.to_string())
                .collect();
            dates.sort();
            assert_eq!(dates, ["2026-10-14", "2026-10-20"], "{code}");
        }
    }
}
