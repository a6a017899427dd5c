//! `server report`: reports as files.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use dung_hen_domain::period::Period;

use crate::clock::Clock;
use crate::config::Province;
use crate::report::{Table, ii06a};
use crate::state::Reference;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(subcommand)]
    report: Report,
}

#[derive(Debug, Subcommand)]
enum Report {
    /// II.06a/VPCP/KSTT: dossiers of a quarter by level and field. Its identities are checked; nothing is written where
    /// one does not hold.
    Ii06a(FileArgs),
}

#[derive(Debug, Args)]
struct FileArgs {
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration.
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: PathBuf,
    /// The period: 2026-Q3; a month (2026-09) or a year (2026) as well.
    #[arg(long)]
    quarter: String,
    /// How it is written.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// The file to write; the standard output where none is named.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
    Json,
}

pub(super) fn report(args: &ReportArgs) -> Result<(), String> {
    let Report::Ii06a(args) = &args.report;
    let period = Period::parse(&args.quarter)
        .ok_or_else(|| format!("{:?} is not a quarter such as 2026-Q3", args.quarter))?;
    let province = Province::load(&args.province).map_err(|error| error.to_string())?;
    let reference = Reference::new(province)?;
    let (store, _) = args.data.open()?;
    let now = args.clock.unwrap_or(Clock::System).now();
    let report = store
        .read_now(|reader| ii06a::count(reader, &reference, period, now.date()))
        .map_err(|error| error.to_string())?;
    let table = || ii06a::table(&report, &args.quarter, &reference.province.name.vi, now);
    let bytes = match args.format {
        Format::Csv => table().csv()?,
        Format::Xlsx => Table::xlsx(&[table()])?,
        Format::Json => format!("{:#}\n", ii06a::json(&report, &args.quarter, now)).into_bytes(),
    };
    match &args.output {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
        }
        None => {
            // A reader who has seen enough is no failure.
            let _ = std::io::stdout().lock().write_all(&bytes);
            Ok(())
        }
    }
}
