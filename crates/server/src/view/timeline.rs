//! What happened, oldest first.

use chrono::{NaiveDateTime, NaiveTime};
use dung_hen_domain::civil::IsoMoment;
use dung_hen_domain::wire::{EventKind, TimelineEvent};

use crate::store::CaseRecord;

pub(super) fn events(record: &CaseRecord) -> Vec<TimelineEvent> {
    let mut events = Vec::new();
    let mut add = |at: NaiveDateTime, kind: EventKind, note: Option<String>| {
        events.push(TimelineEvent {
            at: IsoMoment(at),
            kind: kind.into(),
            unit: None,
            officer: None,
            note,
        });
    };
    if let Some(at) = record.received_at.filter(|_| record.status.is_received()) {
        add(at, EventKind::Received, None);
    }
    for supplement in &record.detail.supplements {
        if let Some(IsoMoment(at)) = supplement.asked {
            add(
                at,
                EventKind::SupplementRequested,
                supplement.content.clone(),
            );
        }
        if let Some(IsoMoment(at)) = supplement.received {
            add(at, EventKind::SupplementReceived, None);
        }
    }
    for back in &record.detail.went_back {
        add(back.0, EventKind::WentBack, None);
    }
    for letter in &record.letters {
        add(
            letter.issued.and_time(NaiveTime::MIN),
            EventKind::ApologyIssued,
            letter.reason.clone(),
        );
    }
    if let Some(at) = record.finished_at {
        add(at, EventKind::Finished, None);
    }
    if let Some(at) = record.returned_at {
        add(at, EventKind::Returned, record.detail.return_note.clone());
    }
    for step in &record.progress {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        events.push(TimelineEvent {
            at: IsoMoment(step.at),
            kind: EventKind::Handled.into(),
            unit: text(&step.unit),
            officer: step.officer.clone(),
            note: text(&step.note),
        });
    }
    events.sort_by_key(|event| event.at);
    events
}
