//! A file of envelopes read and checked as the connector does it, and nothing stored.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cpu_seconds;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file.
    file: PathBuf,
    /// How long; it is read again until then.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
}

pub(super) fn run(args: &Args) -> Result<(), String> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|error| format!("{}: {error}", args.file.display()))?;
    let (began, until) = (Instant::now(), Duration::from_secs_f64(args.seconds));
    let before = cpu_seconds();
    let mut cases = 0;
    while cases == 0 || began.elapsed() < until {
        let items = dung_hen_server::connector::file::read_each(&text)
            .map_err(|error| error.to_string())?;
        if let Some(wrong) = dung_hen_server::connector::refusals::Refusals::of(&items) {
            return Err(format!("{}: {wrong}", args.file.display()));
        }
        if items.is_empty() {
            return Err("no case in the file".to_owned());
        }
        cases += items.len();
    }
    let rate = cases as f64 / began.elapsed().as_secs_f64();
    let processor = (cpu_seconds() - before) * 1e6 / cases as f64;
    println!(
        "{}",
        json!({ "cases_per_second": rate, "processor_us": processor })
    );
    Ok(())
}
