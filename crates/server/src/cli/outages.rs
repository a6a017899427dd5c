//! Planned outages that were announced too late, for whoever runs the service.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::iso_minute;
use dung_hen_domain::outage::{BASIS, NOTICE, Notice};
use dung_hen_domain::words::Lang;

use crate::reference::Reference;

/// What to do about one.
pub(super) const TODO: &str =
    "announce an outage sooner, or let it begin later: [[outages]] in the province's file";

/// Of those that are not over, what the law says against them.
pub(super) fn against(reference: &Reference, now: NaiveDateTime) -> Vec<String> {
    let to_come = reference.outages.iter().filter(|one| now < one.until());
    to_come
        .filter_map(|outage| {
            let what = match outage.notice(&reference.calendar) {
                Notice::InTime => return None,
                Notice::TooLate(days) => format!("{days} whole working days before it"),
                Notice::Unsettled => "on days not all of which are known to be worked".to_owned(),
            };
            Some(format!(
                "planned outage of {}: announced {what}; the law asks for {NOTICE} ({})",
                iso_minute(outage.from()),
                BASIS.words(Lang::En),
            ))
        })
        .collect()
}
