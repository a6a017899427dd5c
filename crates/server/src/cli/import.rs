//! `server import FILE`.

use std::path::PathBuf;

use chrono::NaiveDateTime;
use clap::Args;

use crate::clock::Clock;
use crate::connector::envelope::ProgressItem;
use crate::connector::file::{self, FileError, Item};
use crate::connector::merge::merge;
use crate::keys::Keys;
use crate::store::{ImportWriter, ProgressEntry, SqliteStore, StoreError};

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// File of envelopes: one per line, or a JSON array.
    file: PathBuf,
    /// Directory of the database and its key.
    #[arg(long, default_value = "var/data", env = "DUNG_HEN_DATA")]
    data: PathBuf,
    /// The province's configuration (checked, so that a wrong one is found before serving).
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: Option<PathBuf>,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

/// Why an import failed; nothing of it was stored.
#[derive(Debug)]
pub enum ImportError {
    /// The file could not be read.
    Io(std::io::Error),
    /// The file is not UTF-8 or not of its form.
    File(FileError),
    /// The store failed.
    Store(StoreError),
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot read the file: {error}"),
            Self::File(error) => write!(f, "{error}; nothing of the file was stored"),
            Self::Store(error) => write!(f, "{error}; nothing of the file was stored"),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What an import stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOutcome {
    /// Cases, new and known.
    pub cases: usize,
    /// Steps.
    pub steps: usize,
    /// Steps of cases that are not known; not stored.
    pub orphans: usize,
}

pub(super) fn import(args: &ImportArgs) -> Result<(), String> {
    if let Some(province) = &args.province {
        crate::config::Province::load(province).map_err(|error| error.to_string())?;
    }
    let (store, keys) = super::serve::open(&args.data)?;
    let now = args.clock.unwrap_or(Clock::System).now();
    let bytes = std::fs::read(&args.file).map_err(|error| ImportError::Io(error).to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error
            .as_bytes()
            .iter()
            .take(valid)
            .filter(|byte| **byte == b'\n')
            .count();
        let message = "not UTF-8".to_owned();
        ImportError::File(FileError {
            line,
            field: ".".to_owned(),
            message,
        })
        .to_string()
    })?;
    let outcome = import_text(&store, &text, &keys, now).map_err(|error| error.to_string())?;
    println!(
        "imported {} case records and {} steps ({} steps of unknown cases left out)",
        outcome.cases, outcome.steps, outcome.orphans
    );
    Ok(())
}

/// Reads a whole file, then stores it in one transaction.
///
/// # Errors
/// [`ImportError`]; nothing is stored then.
pub fn import_text(
    store: &SqliteStore,
    text: &str,
    keys: &Keys,
    now: NaiveDateTime,
) -> Result<ImportOutcome, ImportError> {
    let items = file::read(text).map_err(ImportError::File)?;
    store_items(store, items, keys, now)
}

/// Stores items in one transaction.
///
/// # Errors
/// [`ImportError::Store`]; nothing is stored then.
pub fn store_items(
    store: &SqliteStore,
    items: Vec<Item>,
    keys: &Keys,
    now: NaiveDateTime,
) -> Result<ImportOutcome, ImportError> {
    store.import(|writer| {
        let mut outcome = ImportOutcome::default();
        let mut steps = Vec::new();
        for item in items {
            match item {
                Item::Case(agency, item) => {
                    let existing = writer.find_case(item.ma_ho_so.0.as_str())?;
                    writer.put_case(&merge(existing, agency.as_deref(), *item, now, keys))?;
                    outcome.cases += 1;
                }
                Item::Progress(item) => steps.push(item),
            }
        }
        // Steps may stand before their case in the file.
        for item in steps {
            if add_step(writer, *item)? {
                outcome.steps += 1;
            } else {
                outcome.orphans += 1;
            }
        }
        Ok(outcome)
    })
}

fn add_step(writer: &ImportWriter<'_>, item: ProgressItem) -> Result<bool, StoreError> {
    let Some(at) = item.thoi_diem_xu_ly.0 else {
        return Ok(false);
    };
    let step = ProgressEntry {
        at,
        unit: item.phong_ban_xu_ly.0.unwrap_or_default(),
        note: item.noi_dung_xu_ly.0.unwrap_or_default(),
        officer: item.nguoi_xu_ly.0,
        title: item.chuc_danh.0,
    };
    writer.add_progress(item.ma_ho_so.0.as_str(), &step)
}
