//! `server erase`: what `[retention]` says, now; or one case, at its holder's wish.

use std::path::PathBuf;

use clap::Args;
use dung_hen_domain::case_code::CaseCode;

use super::DataArgs;
use super::key::actor;
use crate::clock::Clock;
use crate::service::retention::erase as erase_due;
use crate::store::StoreError;

#[derive(Debug, Args)]
pub(super) struct EraseArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The province's configuration, whose table of retention says what is due.
    #[arg(long, env = "DUNG_HEN_PROVINCE", required_unless_present = "case")]
    province: Option<PathBuf>,
    /// Erase what is kept of the people in this one case.
    #[arg(long)]
    case: Option<String>,
    /// As on this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

/// Somebody reads, such as a backup.
const IN_LOG: &str = "the write-ahead log could not be emptied, because somebody reads the database: a server that runs does it within the \
     hour, and so does the next erasure";

pub(super) fn erase(args: &EraseArgs) -> Result<(), String> {
    let now = args.clock.unwrap_or(Clock::System).now();
    let (store, keys) = args.data.open()?;
    if let Some(case) = &args.case {
        let code = CaseCode::parse(case).map_err(|_| "not a case code".to_owned())?;
        let known = store
            .write_now(move |writer| {
                let known = writer.erase_case(code.as_str(), now)?;
                if known {
                    writer.audit(&keys, now, &actor(), "case.erase", code.as_str())?;
                }
                Ok::<_, StoreError>(known)
            })
            .map_err(|error| error.to_string())?;
        if !known {
            return Err(format!("{case}: no case with this code"));
        }
        let emptied = store.forget().map_err(|error| error.to_string())?;
        tell!(
            "erased; its sender is to leave it out from now on: what is sent again is kept again"
        );
        if !emptied {
            tell!("{IN_LOG}");
        }
        return Ok(());
    }
    let Some(province) = &args.province else {
        return Err("--province FILE or --case CODE is needed".to_owned());
    };
    let retention = super::province_of(province)?.retention;
    if retention.case_days.is_none() {
        tell!("[retention] names no days: only counts of wrong proofs are forgotten");
    }
    let erased = erase_due(&store, retention, now).map_err(|error| error.to_string())?;
    tell!(
        "erased the contents of {} cases, {} counts of wrong proofs",
        erased.cases,
        erased.attempts
    );
    if erased.in_log {
        tell!("{IN_LOG}");
    }
    Ok(())
}
