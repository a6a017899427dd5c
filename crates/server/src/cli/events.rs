//! `server events list | replay | secret`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDateTime;
use clap::{Args, Subcommand};
use dung_hen_domain::case_code::CaseCode;
use dung_hen_domain::civil::{parse_date, rfc3339};

use super::DataArgs;
use super::key::actor;
use crate::clock::Clock;
use crate::keys::random;
use crate::outgoing::sign::Secret;
use crate::store::{DeliveryFilter, Store, StoreError};

/// Deliveries in one list.
const MOST: u32 = 1000;

#[derive(Debug, Args)]
pub(super) struct EventsArgs {
    #[command(subcommand)]
    command: EventsCommand,
}

#[derive(Debug, Subcommand)]
enum EventsCommand {
    /// List what was sent to other systems and what became of it, the newest first.
    List {
        #[command(flatten)]
        filter: FilterArgs,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Send again what was given up; with `--delivered` also what had arrived.
    Replay {
        #[command(flatten)]
        filter: FilterArgs,
        /// Also what had arrived: for a receiver that has lost its data.
        #[arg(long)]
        delivered: bool,
        #[command(flatten)]
        data: DataArgs,
        /// Play at this moment instead of now (RFC 3339).
        #[arg(long)]
        clock: Option<Clock>,
    },
    /// Make a secret for an endpoint and print it, this once.
    Secret {
        /// A pair: the receiver gets the public half, which cannot sign.
        #[arg(long)]
        pair: bool,
    },
}

#[derive(Debug, Args)]
struct FilterArgs {
    /// Of this endpoint alone.
    #[arg(long)]
    endpoint: Option<String>,
    /// In this state alone.
    #[arg(long, value_parser = ["waiting", "delivered", "failed"])]
    state: Option<String>,
    /// Of this case alone.
    #[arg(long, value_parser = code)]
    case: Option<String>,
    /// Of events from this day on, `YYYY-MM-DD`.
    #[arg(long, value_parser = day)]
    since: Option<NaiveDateTime>,
}

fn day(text: &str) -> Result<NaiveDateTime, String> {
    parse_date(text)
        .map(|day| day.and_time(chrono::NaiveTime::MIN))
        .ok_or_else(|| "a day such as 2026-11-22 expected".to_owned())
}

fn code(text: &str) -> Result<String, String> {
    CaseCode::parse(text)
        .map(|code| code.as_str().to_owned())
        .map_err(|_| "not a case code".to_owned())
}

impl FilterArgs {
    /// What was asked for. An endpoint that was never sent anything is a mistyped one.
    fn read(&self, store: &Store) -> Result<DeliveryFilter, String> {
        if let Some(asked) = &self.endpoint {
            let all = store
                .read_now(|reader| reader.endpoints())
                .map_err(|error| error.to_string())?;
            if !all.contains(asked) {
                let others = match all.as_slice() {
                    [] => ", nor anywhere else".to_owned(),
                    all => format!("; events were sent to {}", all.join(", ")),
                };
                return Err(format!("{asked}: nothing was ever sent there{others}"));
            }
        }
        Ok(DeliveryFilter {
            endpoint: self.endpoint.clone(),
            state: self.state.clone(),
            case_code: self.case.clone(),
            since: self.since,
        })
    }
}

pub(super) fn events(args: &EventsArgs) -> Result<(), String> {
    match &args.command {
        EventsCommand::List { filter, data } => {
            let (store, _) = data.open()?;
            let filter = filter.read(&store)?;
            let found = store
                .read_now(move |reader| reader.deliveries(&filter, MOST))
                .map_err(|error| error.to_string())?;
            for one in &found {
                tell!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    one.event_id,
                    one.kind,
                    one.endpoint,
                    one.state,
                    rfc3339(one.at),
                    one.tries,
                    one.reason.as_deref().unwrap_or("-"),
                    one.reported.as_deref().unwrap_or("-"),
                );
            }
            if found.len() == MOST as usize {
                eprintln!(
                    "server: the first {MOST}; --endpoint, --state, --case and --since narrow the list"
                );
            }
        }
        EventsCommand::Replay {
            filter,
            delivered,
            data,
            clock,
        } => {
            match filter.state.as_deref() {
                Some("waiting") => {
                    return Err("--state waiting: what waits is sent by itself".to_owned());
                }
                Some("delivered") if !delivered => {
                    return Err(
                        "--state delivered: what had arrived is sent again with --delivered alone"
                            .to_owned(),
                    );
                }
                _ => {}
            }
            let (store, keys) = data.open()?;
            let (filter, now) = (filter.read(&store)?, clock.unwrap_or(Clock::System).now());
            let states: &[&str] = if *delivered {
                &["failed", "delivered"]
            } else {
                &["failed"]
            };
            let states: Vec<DeliveryFilter> = states
                .iter()
                .filter(|state| filter.state.as_deref().is_none_or(|asked| asked == **state))
                .map(|state| DeliveryFilter {
                    state: Some((*state).to_owned()),
                    ..filter.clone()
                })
                .collect();
            let actor = actor();
            let again = store
                .write_now(move |writer| {
                    let mut again = 0;
                    for filter in &states {
                        again += writer.deliver_again(filter, now)?;
                    }
                    let at = filter.endpoint.as_deref().unwrap_or("every endpoint");
                    let subject = format!("{again} events, {at}");
                    writer.audit(&keys, now, &actor, "event.replay", &subject)?;
                    Ok::<_, StoreError>(again)
                })
                .map_err(|error| error.to_string())?;
            tell!("{again} deliveries are due again; the server sends them");
        }
        EventsCommand::Secret { pair } => {
            let bytes = random().map_err(|error| error.to_string())?;
            let prefix = if *pair { "whsk_" } else { "whsec_" };
            let text = format!("{prefix}{}", STANDARD.encode(bytes));
            tell!("{text}");
            if let Some(public) = Secret::read(&text).and_then(|secret| secret.public()) {
                tell!("{public}");
            }
        }
    }
    Ok(())
}
