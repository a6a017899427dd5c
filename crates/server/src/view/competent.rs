//! When the competent agency received a case that was handed in elsewhere.

use chrono::NaiveDateTime;

use crate::reference::Reference;
use crate::store::CaseRecord;

/// The moment, and whether it was taken from the first step of that agency instead of being sent.
pub(super) fn received(
    record: &CaseRecord,
    reference: &Reference,
) -> (Option<NaiveDateTime>, bool) {
    if let Some(sent) = record.detail.competent_received {
        return (Some(sent.0), false);
    }
    let configured = reference
        .agencies
        .get(&record.agency)
        .map(|agency| agency.name.as_str());
    let names = [configured, record.detail.unit.as_deref()];
    let step = record
        .progress
        .iter()
        .filter(|step| !step.unit.is_empty() && names.contains(&Some(step.unit.as_str())))
        .map(|step| step.at)
        .min();
    (step, step.is_some())
}
