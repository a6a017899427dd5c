//! `server connector list | replay | status`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use dung_hen_domain::civil::rfc3339;

use super::DataArgs;
use super::key::actor;
use crate::clock::Clock;
use crate::config::Province;
use crate::connector::replay;
use crate::reference::Reference;

/// Letters in one list.
const MOST: u32 = 1000;

#[derive(Debug, Args)]
pub(super) struct ConnectorArgs {
    #[command(subcommand)]
    command: ConnectorCommand,
}

#[derive(Debug, Subcommand)]
enum ConnectorCommand {
    /// List the items that could not be stored yet, the oldest first.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Try them once more: after the configuration or the program was changed.
    Replay {
        #[command(flatten)]
        data: DataArgs,
        /// The province's configuration.
        #[arg(long, env = "DUNG_HEN_PROVINCE")]
        province: Option<PathBuf>,
        /// Play at this moment instead of now (RFC 3339).
        #[arg(long)]
        clock: Option<Clock>,
    },
    /// List the senders: when each last got something in, and since when a pull fails.
    Status {
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) fn connector(args: &ConnectorArgs) -> Result<(), String> {
    match &args.command {
        ConnectorCommand::List { data } => {
            let (store, _) = data.open()?;
            let found = store
                .read_now(|reader| reader.dead_letters(None, MOST))
                .map_err(|error| error.to_string())?;
            for one in &found {
                tell!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    one.id,
                    rfc3339(one.received_at),
                    one.sender,
                    one.service,
                    one.case_code.as_deref().unwrap_or("-"),
                    one.reason,
                    one.field,
                    one.message,
                    one.repeats
                );
            }
            if found.len() == MOST as usize {
                eprintln!("server: the first {MOST}");
            }
        }
        ConnectorCommand::Replay {
            data,
            province,
            clock,
        } => {
            let province = match province {
                Some(file) => super::province_of(file)?,
                None => Province::unnamed().map_err(|error| error.to_string())?,
            };
            let reference = Arc::new(Reference::new(province)?);
            let (store, keys) = data.open()?;
            let now = clock.unwrap_or(Clock::System).now();
            let done = replay::replay(&store, &keys, &reference, now)
                .map_err(|error| error.to_string())?;
            let (by, subject) = (
                actor(),
                format!("{} stored, {} left", done.stored, done.left),
            );
            store
                .write_now(move |writer| {
                    writer.audit(&keys, now, &by, "connector.replay", &subject)
                })
                .map_err(|error| error.to_string())?;
            tell!("{} stored, {} left", done.stored, done.left);
            if done.stored > 0 {
                super::say_what_is_left(&reference);
            }
        }
        ConnectorCommand::Status { data } => {
            let (store, _) = data.open()?;
            let (senders, dead) = store
                .read_now(|reader| {
                    Ok::<_, crate::store::StoreError>((
                        reader.senders()?,
                        reader.count_dead_letters()?,
                    ))
                })
                .map_err(|error| error.to_string())?;
            for one in senders {
                tell!(
                    "{}\t{}\t{} stored\t{} refused\t{}",
                    one.name,
                    one.last_at.map_or_else(|| "never".to_owned(), rfc3339),
                    one.stored,
                    one.refused,
                    one.failed_at.map_or_else(
                        || "-".to_owned(),
                        |at| format!(
                            "fails since {}: {}",
                            rfc3339(at),
                            one.failure.unwrap_or_default()
                        )
                    )
                );
            }
            tell!("{dead} dead letters");
        }
    }
    Ok(())
}
