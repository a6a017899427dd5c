//! Report II.06a as a file, for the head of an agency, and for whoever heads all of them.

use dung_hen_domain::period::Period;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::officer::Officer;
use crate::config::Role;
use crate::error::AppError;
use crate::report::ii06a::{self, ReportError};
use crate::report::{Form, Separator};
use crate::state::AppState;

/// It looks at every case, so one is made at a time.
static MAKING: Mutex<()> = Mutex::const_new(());

/// Which report, and how it is written.
#[derive(Clone, Debug, Deserialize)]
pub struct ReportRequest {
    /// Quarter (`YYYY-Qn`), or a month or year.
    pub period: String,
    /// One agency of those the officer sees; none: theirs, or all where they see all.
    #[serde(default)]
    pub agency: Option<String>,
    /// How it is written.
    #[serde(default)]
    pub format: Format,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// CSV with commas.
    Csv,
    /// CSV with semicolons, which Excel expects where the decimal sign is a comma.
    CsvSemicolon,
    /// XLSX.
    #[default]
    Xlsx,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv(Separator::Comma),
            Format::CsvSemicolon => Self::Csv(Separator::Semicolon),
            Format::Xlsx => Self::Xlsx,
        }
    }
}

/// A report, written.
#[derive(Debug)]
pub struct ReportFile {
    /// Its name.
    pub name: String,
    /// How it is written.
    pub form: Form,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// II.06a of a period, of the agency that this officer heads.
///
/// # Errors
/// [`AppError::RoleMissing`]; [`AppError::PeriodInvalid`]; [`AppError::AgencyUnknown`] for another agency than theirs.
pub async fn ii06a(
    state: &AppState,
    officer: &Officer,
    asked: &ReportRequest,
) -> Result<ReportFile, AppError> {
    officer.must(Role::Head)?;
    let period = Period::parse(&asked.period).ok_or(AppError::PeriodInvalid)?;
    let named = asked.agency.clone().filter(|agency| !agency.is_empty());
    let reference = &state.reference;
    let known = |agency: &String| {
        reference
            .province
            .agencies
            .iter()
            .any(|one| one.code == *agency)
    };
    if named
        .as_ref()
        .is_some_and(|agency| !officer.sees(agency) || !known(agency))
    {
        return Err(AppError::AgencyUnknown);
    }
    let agency = named.or_else(|| officer.agency.clone());
    let now = state.now();
    // Kept by whoever reads, who goes on when the asker has gone away.
    let one = MAKING.lock().await;
    let (of, cases) = (agency.clone(), reference.clone());
    let report = state
        .store
        .read(move |store| {
            let _one = &one;
            ii06a::count(store, &cases, of.as_deref(), period, now.date()).map_err(|error| {
                match error {
                    ReportError::Store(error) => AppError::from(error),
                    ReportError::Identity(_) => AppError::Internal("ii06a"),
                }
            })
        })
        .await?;
    let place = agency
        .as_deref()
        .map_or(&*reference.province.name.vi, |code| {
            reference.agency_name(code)
        });
    let form = Form::from(asked.format);
    let bytes = form
        .write(ii06a::table(&report, &asked.period, place, now))
        .map_err(|_| AppError::Internal("ii06a"))?;
    let of = agency.map_or_else(String::new, |code| format!("-{code}"));
    Ok(ReportFile {
        name: format!("ii06a-{}{of}.{}", asked.period, form.ending()),
        form,
        bytes,
    })
}
