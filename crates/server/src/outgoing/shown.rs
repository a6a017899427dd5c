//! `notice.shown`: a holder was shown that the promise is broken.
//!
//! Told on the next day, because the hour is the holder's. Until then all that one transaction kept stand in one job, and
//! are made events when it is due: an event has half a dozen rows and index entries, each on a page of its own, and
//! whoever looks a case up would wait for them to be written.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Days, NaiveTime};
use dung_hen_domain::civil::{IsoDate, iso_date};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Audience, Event};
use crate::events::NOTICE_SHOWN;
use crate::keys::random;
use crate::store::{NewJob, StoreError, TakenJob, Writer};

/// The kind of the jobs that hold what was shown.
pub const SHOWN_JOB: &str = "shown";

/// What is told of a notice; not its number: nothing that is kept ties that to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeShown {
    /// Code of the case.
    pub case_code: String,
    /// Code of its agency.
    pub agency: String,
    /// The promise that was broken.
    pub promise: IsoDate,
    /// The day on which it was shown.
    pub shown: IsoDate,
}

/// Keeps these until the day after the last of them, in the order of their cases: not in that in which they were shown.
///
/// # Errors
/// [`StoreError`].
pub fn keep(writer: &mut Writer<'_>, mut all: Vec<NoticeShown>) -> Result<(), StoreError> {
    let Some(last) = all.iter().map(|one| one.shown.0).max() else {
        return Ok(());
    };
    all.sort_by(|one, other| one.case_code.cmp(&other.case_code));
    let payload = serde_json::to_string(&all).map_err(|_| StoreError::corrupt("jobs.payload"))?;
    let key = URL_SAFE_NO_PAD.encode(&random()?[..18]);
    let day = last.checked_add_days(Days::new(1)).unwrap_or(last);
    writer.add_job(&NewJob {
        kind: SHOWN_JOB.into(),
        key,
        lane: None,
        payload,
        due: day.and_time(NaiveTime::MIN),
    })?;
    Ok(())
}

/// The events of what this job holds, each kept once; nothing, where the job is another's by now. One that cannot be read
/// is given up, and holds up no other.
///
/// # Errors
/// [`StoreError`].
pub fn tell(writer: &mut Writer<'_>, job: &TakenJob) -> Result<(), StoreError> {
    let Ok(all) = serde_json::from_str::<Vec<NoticeShown>>(&job.payload) else {
        tracing::error!("notices that were shown cannot be read back, and are told to nobody");
        return writer.give_up_job(job, "not readable").map(drop);
    };
    if !writer.finish_job(job)? {
        return Ok(());
    }
    for one in all {
        let day = one.shown.0.and_time(NaiveTime::MIN);
        let event = Event {
            kind: NOTICE_SHOWN,
            about: format!("{}/{}", one.case_code, iso_date(one.promise.0)),
            case_code: Some(&one.case_code),
            agency: &one.agency,
            audience: Audience::Agency,
            data: json!({
                "case_code": one.case_code,
                "agency": one.agency,
                "promise": one.promise,
                "shown": one.shown,
            }),
        };
        event.keep_until(writer, day, day + Days::new(1))?;
    }
    Ok(())
}
