//! How long a case has waited, and for whom.

use chrono::NaiveDate;
use dung_hen_domain::civil::IsoDate;
use dung_hen_domain::waiting::{Facts, Request, Span, WaitsFor, spans, total};
use dung_hen_domain::wire::{Clocks, WaitClock, WaitSpan};

use crate::reference::Reference;
use crate::store::CaseRecord;

/// Requests for papers, as the law counts them.
pub(super) fn requests(record: &CaseRecord) -> Vec<Request> {
    record
        .detail
        .supplements
        .iter()
        .map(|supplement| Request {
            asked: supplement.asked.map(|moment| moment.0.date()),
            answered: supplement.received.map(|moment| moment.0.date()),
        })
        .collect()
}

pub(super) fn view(record: &CaseRecord, reference: &Reference, as_of: NaiveDate) -> Option<Clocks> {
    let received = record.received_at.filter(|_| record.status.is_received())?;
    let all = spans(
        &Facts {
            status: record.status,
            received: received.date(),
            requests: &requests(record),
            finished: record.finished_at.map(|moment| moment.date()),
            as_of,
        },
        &reference.calendar,
    );
    Some(Clocks {
        agency: clock(&all, WaitsFor::Agency),
        applicant: clock(&all, WaitsFor::Applicant),
    })
}

fn clock(all: &[Span], who: WaitsFor) -> WaitClock {
    WaitClock {
        working_days: total(all, who),
        spans: all
            .iter()
            .filter(|span| span.who == who)
            .map(|span| WaitSpan {
                from: span.from.map(IsoDate),
                to: span.to.map(IsoDate),
                working_days: span.working_days,
            })
            .collect(),
    }
}
