//! `server import FILE`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::clock::Clock;
use crate::config::Province;
use crate::connector::dead;
use crate::connector::file::{self, FileError};
use crate::connector::intake::{ImportError, import_entries};
use crate::connector::refusals::Refusals;
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
    /// Where some items cannot be read, store the others and keep these as dead letters, instead of storing nothing.
    #[arg(long)]
    keep_refused: bool,
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
    let file = args.file.display();
    let told = |error: ImportError| format!("{file}: {error}");
    let bytes = std::fs::read(&args.file).map_err(|error| told(ImportError::Io(error)))?;
    let text = String::from_utf8(bytes).map_err(|error| match meant(error.as_bytes()) {
        Some(meant) => format!("{file}: {meant}; nothing of the file was stored"),
        None => told(ImportError::File(not_utf8(&error))),
    })?;
    let entries = file::read_each(&text).map_err(|error| told(ImportError::File(error)))?;
    let wrong = Refusals::of(&entries);
    if let (Some(wrong), false) = (&wrong, args.keep_refused) {
        return Err(refused(&told(ImportError::Items(wrong.clone())), wrong));
    }
    let (store, keys) = args.data.open_or_make()?;
    let now = args.clock.unwrap_or(Clock::System).now();
    let imported =
        import_entries(&store, entries, &keys, now, &reference, progress).map_err(told)?;
    let outcome = imported.outcome;
    let twice = if imported.codes < outcome.cases {
        format!(" (of {} cases: the last of each counts)", imported.codes)
    } else {
        String::new()
    };
    tell!(
        "imported {} case records{twice} and {} steps ({} steps wait for their cases)",
        outcome.cases,
        outcome.steps,
        outcome.early
    );
    if let Some(wrong) = &wrong {
        tell!(
            "{} items could not be read and are kept for {} days (server connector list); import them again when they are right{}",
            outcome.refused,
            dead::DAYS,
            wrong.by_kind()
        );
    }
    if args.province.is_some() && imported.strange > 0 {
        let all: Vec<&str> = imported.strangers.iter().map(String::as_str).collect();
        let (first, rest) = all.split_at(all.len().min(STRANGERS));
        let more = if rest.is_empty() { "" } else { ", …" };
        tell!(
            "{} case records name an agency that the province's file does not have: {}{more}",
            imported.strange,
            first.join(", ")
        );
    }
    super::say_what_is_left(&reference);
    Ok(())
}

/// Why nothing was stored, kind by kind, and what else can be done.
fn refused(told: &str, wrong: &Refusals) -> String {
    let kinds = match wrong.count() {
        1 => String::new(),
        _ => wrong.by_kind(),
    };
    format!(
        "{told}{kinds}\n  --keep-refused stores the rest and keeps what is wrong for another try"
    )
}

/// Unknown agencies that are named.
const STRANGERS: usize = 10;

/// What a file that is no text was meant to be, where its first bytes tell.
fn meant(bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(b"PK") {
        Some("a ZIP file, as XLSX is one; envelopes in JSON are read")
    } else if begins(&[0x1f, 0x8b]) {
        Some("compressed; unpack it (gunzip)")
    } else if begins(&[0xff, 0xfe]) || begins(&[0xfe, 0xff]) {
        Some("UTF-16; save it as UTF-8")
    } else {
        None
    }
}

fn not_utf8(error: &std::string::FromUtf8Error) -> FileError {
    let valid = error.utf8_error().valid_up_to();
    let before = error.as_bytes().iter().take(valid);
    FileError {
        line: 1 + before.filter(|byte| **byte == b'\n').count(),
        field: String::new(),
        message: "not UTF-8: save it as UTF-8".to_owned(),
    }
}
