//! Every promise, oldest first, with who named it and why: as sent, and said to be missing where it was not.

use dung_hen_domain::civil::{IsoDate, IsoMoment};
use dung_hen_domain::letter::signed_by;
use dung_hen_domain::wire::{DueCause, DueChange, Text};
use dung_hen_domain::words::Lang;

use crate::reference::Reference;
use crate::store::{CaseRecord, DueEntry};

pub(super) fn view(record: &CaseRecord, reference: &Reference) -> Vec<DueChange> {
    record
        .history
        .iter()
        .map(|entry| {
            let (by, reason) = said(record, entry);
            let sender = entry.sent_by.as_ref().map(|code| {
                let configured = reference.agencies.get(code);
                configured.map_or_else(|| code.clone(), |agency| agency.name.clone())
            });
            DueChange {
                due: IsoDate(entry.due),
                recorded: IsoMoment(entry.recorded_at),
                cause: entry.cause.into(),
                who: Text::both(|lang| {
                    who(
                        by.as_deref(),
                        sender.as_deref(),
                        entry.recorded_by.as_deref(),
                        lang,
                    )
                }),
                by,
                sender,
                recorder: entry.recorded_by.clone(),
                reason,
            }
        })
        .collect()
}

/// Who named it and why: as kept with the date, or, for dates kept before that was, as its letter or supplement says.
fn said(record: &CaseRecord, entry: &DueEntry) -> (Option<String>, Option<String>) {
    let (by, reason) = match entry.cause {
        DueCause::Apology => record
            .letters
            .iter()
            .find(|letter| letter.revised_due == Some(entry.due))
            .map(|letter| {
                (
                    signed_by(letter.signer.as_ref(), letter.agency.as_ref()),
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
    };
    (
        entry.named_by.clone().or(by),
        entry.reason.clone().or(reason),
    )
}

fn who(by: Option<&str>, sender: Option<&str>, recorder: Option<&str>, lang: Lang) -> String {
    let mut text = by.map_or_else(
        || {
            lang.pick("Không nêu ai hẹn.", "Who named it was not stated.")
                .to_owned()
        },
        |by| format!("{} {by}.", lang.pick("Người hẹn:", "Named by:")),
    );
    let mut add = |vi: &str, en: &str, name: Option<&str>| {
        if let Some(name) = name {
            text.push_str(&format!(" {} {name}.", lang.pick(vi, en)));
        }
    };
    add("Hệ thống gửi:", "Sent by the system of:", sender);
    add("Người ghi:", "Recorded by:", recorder);
    text
}
