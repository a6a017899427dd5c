//! From envelopes to the store: each file or body whole or not at all.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::envelope::ProgressItem;
use super::file::{self, FileError, Item};
use super::merge::merge;
use crate::figures::{Counting, Ledger};
use crate::keys::Keys;
use crate::recompute;
use crate::state::Reference;
use crate::store::{ProgressEntry, Store, StoreError, Writer};

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

/// Reads a whole file, then stores it in one transaction.
///
/// # Errors
/// [`ImportError`]; nothing is stored then.
pub fn import_text(
    store: &Store,
    text: &str,
    keys: &Keys,
    now: NaiveDateTime,
    reference: &Arc<Reference>,
) -> Result<ImportOutcome, ImportError> {
    let counting = Counting::new(reference, now);
    let items = file::read(text).map_err(ImportError::File)?;
    let keys = keys.clone();
    store.write_now(move |writer| {
        write_items(writer, &items, &keys, now, &counting).map_err(ImportError::Store)
    })
}

/// Writes items and counts them, all in the transaction of `writer`.
///
/// # Errors
/// [`StoreError`].
pub fn write_items(
    writer: &mut Writer<'_>,
    items: &[Item],
    keys: &Keys,
    now: NaiveDateTime,
    counting: &Counting,
) -> Result<ImportOutcome, StoreError> {
    let mut outcome = ImportOutcome::default();
    let mut ledger = Ledger::default();
    let mut steps = Vec::new();
    for item in items {
        match item {
            Item::Case(agency, item) => {
                let existing = writer.find_case(item.ma_ho_so.0.as_str())?;
                let item = item.as_ref().clone();
                let record = merge(existing, agency.as_deref(), item, now, keys);
                writer.put_case(&record)?;
                ledger.count_case(writer, &record, counting)?;
                recompute::write(writer, &record, &counting.reference, now)?;
                outcome.cases += 1;
            }
            Item::Progress(item) => steps.push(item),
        }
    }
    ledger.write(writer)?;
    // Steps may stand before their case in the file.
    for item in steps {
        if add_step(writer, item)? {
            outcome.steps += 1;
        } else {
            outcome.orphans += 1;
        }
    }
    Ok(outcome)
}

fn add_step(writer: &mut Writer<'_>, item: &ProgressItem) -> Result<bool, StoreError> {
    let Some(at) = item.thoi_diem_xu_ly.0 else {
        return Ok(false);
    };
    let step = ProgressEntry {
        at,
        unit: item.phong_ban_xu_ly.0.clone().unwrap_or_default(),
        note: item.noi_dung_xu_ly.0.clone().unwrap_or_default(),
        officer: item.nguoi_xu_ly.0.clone(),
        title: item.chuc_danh.0.clone(),
    };
    writer.add_progress(item.ma_ho_so.0.as_str(), &step)
}
