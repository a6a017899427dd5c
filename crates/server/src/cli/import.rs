//! `server import FILE`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::clock::Clock;
use crate::config::Province;
use crate::connector::file::FileError;
use crate::connector::intake::{ImportError, import_telling};
use crate::reference::Reference;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// File of envelopes: one per line, or a JSON array.
    file: PathBuf,
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration (checked, so that a wrong one is found before serving).
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: Option<PathBuf>,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

/// How far it is, every few thousand items; a small file is done before anyone asks.
fn progress(done: usize, all: usize) {
    if done.is_multiple_of(5000) {
        eprintln!("server: {done} of {all} items");
    }
}

pub(super) fn import(args: &ImportArgs) -> Result<(), String> {
    let province = match &args.province {
        Some(province) => super::province_of(province)?,
        None => Province::unnamed().map_err(|error| error.to_string())?,
    };
    let reference = Arc::new(Reference::new(province)?);
    let bytes = std::fs::read(&args.file)
        .map_err(|error| format!("{}: {}", args.file.display(), ImportError::Io(error)))?;
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
            field: String::new(),
            message,
        })
        .to_string()
    })?;
    let (store, keys) = args.data.open_or_make()?;
    let now = args.clock.unwrap_or(Clock::System).now();
    let outcome = import_telling(&store, &text, &keys, now, &reference, progress)
        .map_err(|error| error.to_string())?;
    tell!(
        "imported {} case records and {} steps ({} steps wait for their cases)",
        outcome.cases,
        outcome.steps,
        outcome.early
    );
    Ok(())
}
