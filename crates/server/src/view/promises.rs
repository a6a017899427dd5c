//! Every promise, oldest first, with who named it and why: as sent, and nothing where it was not said.

use dung_hen_domain::civil::{IsoDate, IsoMoment};
use dung_hen_domain::wire::{DueCause, DueChange};

use crate::store::{CaseRecord, DueEntry};

pub(super) fn view(record: &CaseRecord) -> Vec<DueChange> {
    record
        .history
        .iter()
        .map(|entry| {
            let (by, reason) = said(record, entry);
            DueChange {
                due: IsoDate(entry.due),
                recorded: IsoMoment(entry.recorded_at),
                cause: entry.cause.into(),
                by,
                reason,
            }
        })
        .collect()
}

fn said(record: &CaseRecord, entry: &DueEntry) -> (Option<String>, Option<String>) {
    let together = |parts: [&Option<String>; 2]| {
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    };
    match entry.cause {
        DueCause::Apology => record
            .letters
            .iter()
            .find(|letter| letter.revised_due == Some(entry.due))
            .map(|letter| {
                (
                    together([&letter.signer, &letter.agency]),
                    letter.reason.clone(),
                )
            })
            .unwrap_or_default(),
        DueCause::Supplement => record
            .detail
            .supplements
            .iter()
            .find(|supplement| supplement.new_due.map(|due| due.0) == Some(entry.due))
            .map(|supplement| (supplement.by.clone(), supplement.content.clone()))
            .unwrap_or_default(),
        DueCause::Receipt | DueCause::Unexplained => (None, None),
    }
}
