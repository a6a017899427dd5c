//! Whether the applicant of a case was told, so that the officer sees whom no message reached. Nothing here knows who the
//! applicant is.

use dung_hen_domain::civil::IsoMoment;
use dung_hen_domain::wire::{Told, ToldState};

use crate::config::{Province, WebhookSettings};
use crate::events::{CASE_OVERDUE, LETTER_RECORDED};
use crate::store::{Delivery, DeliveryRecord, Reader, StoreError};

/// What the province's file says of its endpoints.
#[derive(Debug)]
pub struct Gateways {
    /// Those that write to applicants.
    write: Vec<String>,
    /// Those that do not.
    others: Vec<String>,
}

/// The endpoints of the province, by whether they write to applicants.
#[must_use]
pub fn gateways(province: &Province) -> Gateways {
    let (write, others) = (province.webhooks.iter())
        .partition::<Vec<_>, _>(|one| one.reads_as.iter().any(|reader| reader == "gateway"));
    let names = |of: Vec<&WebhookSettings>| of.into_iter().map(|one| one.name.clone()).collect();
    Gateways {
        write: names(write),
        others: names(others),
    }
}

/// The messages to the applicant of this case, the newest first; `None` where nobody knows of any and of none: the
/// province has no gateway, or had an endpoint that its file no longer names and that never said what became of it.
///
/// # Errors
/// [`StoreError`].
pub fn of(
    store: &mut Reader<'_>,
    case_code: &str,
    gateways: &Gateways,
) -> Result<Option<Vec<Told>>, StoreError> {
    let mut unknown = gateways.write.is_empty();
    let mut all = Vec::new();
    for one in store.deliveries_of(case_code)? {
        if ![CASE_OVERDUE, LETTER_RECORDED].contains(&&*one.kind) {
            continue;
        }
        // Only a gateway says what became of a message.
        if gateways.write.contains(&one.endpoint) || one.reported.is_some() {
            all.push(told(one));
        } else {
            unknown |= !gateways.others.contains(&one.endpoint);
        }
    }
    Ok(Some(all).filter(|all| !unknown || !all.is_empty()))
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
