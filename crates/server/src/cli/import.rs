//! `server import FILE`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::clock::Clock;
use crate::config::Province;
use crate::connector::file::FileError;
use crate::connector::intake::{ImportError, import_text};
use crate::state::Reference;

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

pub(super) fn import(args: &ImportArgs) -> Result<(), String> {
    let province = match &args.province {
        Some(province) => Province::load(province).map_err(|error| error.to_string())?,
        None => Province::unnamed().map_err(|error| error.to_string())?,
    };
    let reference = Arc::new(Reference::new(province)?);
    let (store, keys) = args.data.open()?;
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
    let outcome =
        import_text(&store, &text, &keys, now, &reference).map_err(|error| error.to_string())?;
    println!(
        "imported {} case records and {} steps ({} steps of unknown cases left out)",
        outcome.cases, outcome.steps, outcome.orphans
    );
    Ok(())
}
