//! `rating.summary`: what is published of an agency's satisfaction has moved. What anyone may read
//! (`GET /metrics/satisfaction`), and as coarse.

use std::sync::Arc;

use chrono::{Months, NaiveDate, NaiveDateTime};
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::indices::rounded;
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use serde_json::{Value, json};

use super::{Audience, Event};
use crate::config::TargetFigure;
use crate::events::RATING_SUMMARY;
use crate::figures::satisfaction;
use crate::reference::Reference;
use crate::store::{Reader, Store, StoreError};

/// What is to be told of an agency's month.
struct Summary {
    about: String,
    agency: String,
    data: Value,
}

/// Tells of each agency whose published figures of this month or the one before have moved. How many were told.
///
/// # Errors
/// [`StoreError`]; what was told is kept.
pub(super) fn tell(
    store: &Store,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
) -> Result<usize, StoreError> {
    let today = now.date();
    let months: Vec<String> = [Some(today), today.checked_sub_months(Months::new(1))]
        .into_iter()
        .flatten()
        .filter_map(|day| Some(Period::month_of(day)?.months().0))
        .collect();
    let mut count = 0;
    for code in reference.agencies.keys() {
        let found = store.read_now(|reader| {
            let mut found = Vec::new();
            for month in &months {
                found.extend(summary(reader, reference, code, month, today)?);
            }
            Ok::<_, StoreError>(found)
        })?;
        if !found.is_empty() {
            count += store.write_now(move |writer| {
                let mut count = 0;
                for one in &found {
                    let event = Event {
                        kind: RATING_SUMMARY,
                        about: one.about.clone(),
                        case_code: None,
                        agency: &one.agency,
                        audience: Audience::Everyone,
                        data: one.data.clone(),
                    };
                    count += usize::from(event.keep(writer, now)?);
                }
                Ok::<_, StoreError>(count)
            })?;
        }
    }
    Ok(count)
}

/// What is published of an agency's month, unless it was told.
fn summary(
    reader: &mut Reader<'_>,
    reference: &Reference,
    code: &str,
    month: &str,
    today: NaiveDate,
) -> Result<Option<Summary>, StoreError> {
    let place = Place::Agency(code.to_owned());
    let table = satisfaction::table(reader, INSTRUMENT, &place, month, Split::Whole)?;
    let share = table.whole.share(Question::Overall);
    let (Some(share), Some(changed)) = (share, table.whole.changed_on) else {
        return Ok(None);
    };
    let about = format!("{code}/{month}/{}", iso_date(changed));
    if reader.event_is_kept(RATING_SUMMARY, &about)? {
        return Ok(None);
    }
    let target = reference.province.targets.percent(
        TargetFigure::Satisfied,
        Some(reference.level_of(code)),
        today,
    );
    Ok(Some(Summary {
        about,
        agency: code.to_owned(),
        data: json!({
            "agency": code,
            "agency_name": reference.agencies.get(code).map(|agency| &agency.name),
            "period": month,
            "changed_on": iso_date(changed),
            "n": share.n,
            "satisfied": share.part,
            "percent": share.percent().map(rounded),
            "target": target,
            "official_index": false,
        }),
    }))
}
