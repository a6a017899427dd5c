//! Monthly briefs: made once, on the 1st or as soon after it as a server runs; kept; read by whoever has the role.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::rfc3339;
use dung_hen_domain::period::Period;
use serde::{Deserialize, Serialize};

use super::officer::Officer;
use crate::config::Role;
use crate::error::AppError;
use crate::figures::watch;
use crate::reference::Reference;
use crate::report::brief::{self, Brief, month_before};
use crate::report::ii06a::ReportError;
use crate::state::AppState;
use crate::store::{BriefKept, Store};

/// Between two looks whether a brief is due.
const LOOK: std::time::Duration = std::time::Duration::from_secs(300);
/// Between two looks while the figures are brought up to the day.
const SOON: std::time::Duration = std::time::Duration::from_secs(2);
/// Briefs listed at most.
const LISTED: u32 = 500;

/// Which briefs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BriefRequest {
    /// One agency of those the officer sees.
    pub agency: Option<String>,
    /// Month, `YYYY-MM`: that brief is answered.
    pub month: Option<String>,
}

/// What is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Briefs {
    /// The briefs there are, newest first.
    pub briefs: Vec<Listed>,
    /// The one asked for.
    pub brief: Option<Brief>,
}

/// A brief that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Agency code.
    pub agency: String,
    /// Its name.
    pub agency_name: String,
    /// Month.
    pub month: String,
    /// When it was made.
    pub made: String,
}

/// The briefs that this officer may read.
///
/// # Errors
/// [`AppError::RoleMissing`]; [`AppError::AgencyUnknown`] for another agency than theirs; [`AppError::BriefNotFound`].
pub async fn of(
    state: &AppState,
    officer: &Officer,
    asked: &BriefRequest,
) -> Result<Briefs, AppError> {
    officer.must(Role::Head)?;
    let named = asked.agency.clone().filter(|agency| !agency.is_empty());
    if named.as_ref().is_some_and(|agency| !officer.sees(agency)) {
        return Err(AppError::AgencyUnknown);
    }
    let agency = named.or_else(|| officer.agency.clone());
    let month = asked.month.clone().filter(|month| !month.is_empty());
    let (kept, content) = state
        .store
        .read(move |store| {
            let kept = store.briefs(agency.as_deref(), LISTED)?;
            let content = match (&agency, &month) {
                (Some(agency), Some(month)) => {
                    Some(store.brief(agency, month)?.ok_or(AppError::BriefNotFound)?)
                }
                (None, Some(_)) => return Err(AppError::AgencyUnknown),
                _ => None,
            };
            Ok::<_, AppError>((kept, content))
        })
        .await?;
    Ok(Briefs {
        briefs: kept
            .into_iter()
            .map(|one| Listed {
                agency_name: state.reference.agency_name(&one.agency).to_owned(),
                agency: one.agency,
                month: one.month,
                made: rfc3339(one.made_at),
            })
            .collect(),
        brief: content
            .map(|text| serde_json::from_str(&text).map_err(|_| AppError::Internal("brief")))
            .transpose()?,
    })
}

/// What making came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// So many were made and kept; the others were there.
    Kept(usize),
    /// The figures are not yet brought up to today; tried again.
    FiguresBehind,
}

/// Makes the briefs of the month before this moment that are missing. Done twice, or by two servers at once, the first
/// brief of each agency stays.
///
/// # Errors
/// [`ReportError`].
pub fn make_missing(
    store: &Store,
    reference: &Reference,
    now: NaiveDateTime,
) -> Result<Made, ReportError> {
    match month_before(now) {
        Some(month) => make_month(store, reference, month, now),
        None => Ok(Made::Kept(0)),
    }
}

/// The same for any month.
///
/// # Errors
/// [`ReportError`].
pub fn make_month(
    store: &Store,
    reference: &Reference,
    month: Period,
    now: NaiveDateTime,
) -> Result<Made, ReportError> {
    let (name, _) = month.months();
    let asked = name.clone();
    let (until, there) = store.read_now(|store| {
        Ok::<_, ReportError>((
            watch::counted_until(store)?,
            store.agencies_with_brief(&asked)?,
        ))
    })?;
    let agencies = &reference.province.agencies;
    let mut missing: Vec<&String> = agencies
        .iter()
        .map(|agency| &agency.code)
        .filter(|agency| !there.contains(agency))
        .collect();
    missing.sort();
    if missing.is_empty() {
        return Ok(Made::Kept(0));
    }
    if until.is_none_or(|until| until < now.date()) {
        return Ok(Made::FiguresBehind);
    }
    let briefs = store.read_now(|store| {
        let all = brief::Month::read(store, reference, month, now)?;
        missing
            .iter()
            .map(|agency| Ok(brief::make(store, reference, agency, &all, now)?))
            .collect::<Result<Vec<Brief>, ReportError>>()
    })?;
    let mut made = 0;
    for one in briefs {
        let Ok(content) = serde_json::to_string(&one) else {
            continue;
        };
        let kept = BriefKept {
            agency: one.agency,
            month: one.month,
            made_at: now,
        };
        made += usize::from(store.write_now(move |store| store.add_brief(&kept, &content))?);
    }
    Ok(Made::Kept(made))
}

/// Makes them as soon as a month is over, until the process ends.
pub async fn keep_making(state: AppState) {
    loop {
        let (store, reference, now) = (state.store.clone(), state.reference.clone(), state.now());
        if !state.steady.holds(now) {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        let done = tokio::task::spawn_blocking(move || make_missing(&store, &reference, now));
        match done.await {
            // Soon: the watch counts at this very moment.
            Ok(Ok(Made::FiguresBehind)) => {
                tokio::time::sleep(SOON).await;
                continue;
            }
            Ok(Ok(Made::Kept(0))) => {}
            Ok(Ok(Made::Kept(n))) => tracing::info!(briefs = n, "the monthly briefs are made"),
            // Tried again at the next look.
            _ => tracing::error!("the monthly briefs could not be made"),
        }
        tokio::time::sleep(LOOK).await;
    }
}
