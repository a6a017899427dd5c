//! `server promises`: open cases whose promise is later than the limit, for the agencies.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use dung_hen_domain::civil::iso_date;

use crate::clock::Clock;
use crate::recompute;
use crate::reference::Reference;

#[derive(Debug, Args)]
pub(super) struct PromisesArgs {
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration.
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: PathBuf,
    /// Of this agency alone.
    #[arg(long)]
    agency: Option<String>,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

/// One line a case. `published` says whether the source of the limit covers the day of reception: only then does the
/// holder read it, too.
pub(super) fn promises(args: &PromisesArgs) -> Result<ExitCode, String> {
    let province = super::province_of(&args.province)?;
    let reference = Arc::new(Reference::new(province)?);
    let (store, _) = args.data.open()?;
    if let Some(agency) = &args.agency {
        super::known_agency(&reference, &store, agency)?;
    }
    let now = args.clock.unwrap_or(Clock::System).now();
    recompute::apply(&store, &reference, now).map_err(|error| error.to_string())?;
    let agency = args.agency.clone();
    let found = store
        .read_now(move |reader| reader.late_promises(agency.as_deref()))
        .map_err(|error| error.to_string())?;
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    let day = |date: Option<chrono::NaiveDate>| date.map(iso_date).unwrap_or_default();
    out.write_record([
        "case_code",
        "agency",
        "procedure",
        "received",
        "promise",
        "limit_ends",
        "published",
    ])
    .map_err(|error| error.to_string())?;
    for one in found {
        let (received, promise, due) = (day(one.received), day(one.promise), day(one.due));
        out.write_record([
            one.code.as_str(),
            &one.agency,
            &one.procedure,
            &received,
            &promise,
            &due,
            if one.covered { "yes" } else { "no" },
        ])
        .map_err(|error| error.to_string())?;
    }
    out.into_inner()
        .map_err(|error| error.to_string())?
        .flush()
        .map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}
