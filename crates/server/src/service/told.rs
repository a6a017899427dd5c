//! Whether the applicant of a case was told, so that the officer sees whom no message reached. Nothing here knows who the
//! applicant is.

use dung_hen_domain::civil::IsoMoment;
use dung_hen_domain::wire::{Told, ToldState};

use crate::config::Province;
use crate::outgoing::{CASE_OVERDUE, LETTER_RECORDED};
use crate::store::{Delivery, DeliveryRecord, Reader, StoreError};

/// The endpoints of the province that write to applicants.
#[must_use]
pub fn gateways(province: &Province) -> Vec<String> {
    let endpoints = province.webhooks.iter();
    endpoints
        .filter(|one| one.reads_as.iter().any(|reader| reader == "gateway"))
        .map(|one| one.name.clone())
        .collect()
}

/// The messages to the applicant of this case, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn of(
    store: &mut Reader<'_>,
    case_code: &str,
    gateways: &[String],
) -> Result<Vec<Told>, StoreError> {
    if gateways.is_empty() {
        return Ok(Vec::new());
    }
    let deliveries = store.deliveries_of(case_code)?.into_iter();
    Ok(deliveries
        .filter(|one| [CASE_OVERDUE, LETTER_RECORDED].contains(&&*one.kind))
        .filter(|one| gateways.contains(&one.endpoint))
        .map(told)
        .collect())
}

/// What the gateway says counts more than what is known here: it may have said so before its answer was noted.
fn told(one: DeliveryRecord) -> Told {
    let is = |said: Option<&str>, state: Delivery| said == Some(state.name());
    let (reported, kept) = (one.reported.as_deref(), Some(one.state.as_str()));
    let state = if is(reported, Delivery::Delivered) {
        ToldState::Delivered
    } else if is(reported, Delivery::Failed) || is(kept, Delivery::Failed) {
        ToldState::Failed
    } else if is(kept, Delivery::Delivered) {
        ToldState::HandedOver
    } else {
        ToldState::Waiting
    };
    Told {
        event: one.kind,
        by: one.endpoint,
        state: state.into(),
        at: IsoMoment(one.reported_at.unwrap_or(one.at)),
    }
}
