//! `server verify`: counts every figure again and compares; and looks every case up by its code alone.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::clock::Clock;
use crate::figures::{Counting, places, verify, watch};
use crate::reference::Reference;
use crate::store::StoreError;

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration.
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: PathBuf,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
    /// Name the cases that a look-up by the code alone shows wrongly. Without this they are counted: no code is to be in a
    /// log.
    #[arg(long)]
    codes: bool,
}

/// Differences printed one by one.
const SHOWN: usize = 50;

pub(super) fn verify(args: &VerifyArgs) -> Result<ExitCode, String> {
    let province = super::province_of(&args.province)?;
    let reference = Arc::new(Reference::new(province)?);
    let (store, _) = args.data.open()?;
    let counting = Counting::new(&reference, args.clock.unwrap_or(Clock::System).now());
    let watched = watch::bring_up(&store, &counting, |done| {
        eprintln!(
            "brought up to the day: {} turned, {} counted again",
            done.turned, done.recounted
        );
    })
    .map_err(|error| error.to_string())?;
    places::bring_up(&store, &reference).map_err(|error| error.to_string())?;
    let verified = store
        .read_now(|reader| {
            verify::verify(reader, &counting, |cases| {
                if cases % 100_000 == 0 {
                    eprintln!("{cases} cases counted again");
                }
            })
            .map_err(Failed)
        })
        .map_err(|error| error.0.to_string())?;
    let mut out = std::io::stdout().lock();
    let mut print = |line: String| writeln!(out, "{line}").map_err(|error| error.to_string());
    for difference in verified.differences.iter().take(SHOWN) {
        print(difference.to_string())?;
    }
    for (wrong, codes) in verified.look_ups.kinds() {
        print(format!(
            "{wrong}: {} (OPERATIONS.md, \"Versions of the schema\")",
            codes.len()
        ))?;
        for code in codes.iter().filter(|_| args.codes) {
            print(format!("  {code}"))?;
        }
    }
    print(format!(
        "{} cases counted again as of {}, {} cells, {} turned by the clock before: {} differences",
        verified.cases,
        counting.as_of,
        verified.cells,
        watched.turned,
        verified.differences.len() + verified.look_ups.len()
    ))?;
    Ok(
        if verified.differences.is_empty() && verified.look_ups.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        },
    )
}

struct Failed(StoreError);

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}
