//! `server key add | list | rotate | revoke` and `server audit verify`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use dung_hen_domain::civil::rfc3339;

use super::DataArgs;
use crate::clock::Clock;
use crate::keys::Digest;
use crate::service::apikey::{self, Scope};
use crate::store::AuditCheck;

#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Make a key and print it, this once.
    Add {
        /// Whose it is, such as the system that will use it.
        #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
        name: String,
        /// What it opens.
        #[arg(long, value_enum)]
        scope: Scope,
        /// Days until it ends; without this it does not end by itself.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: Option<u32>,
        #[command(flatten)]
        data: DataArgs,
    },
    /// List the keys, without their secrets.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Make a successor and print it, this once; the key itself ends some days later.
    Rotate {
        /// Its id.
        id: String,
        /// Days for which both hold.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(..=36_500))]
        overlap: u32,
        /// Days until the successor ends; without this it lasts as long as the key was made for.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: Option<u32>,
        #[command(flatten)]
        data: DataArgs,
    },
    /// End a key at once.
    Revoke {
        /// Its id.
        id: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

/// Who sits at the terminal, for the audit log.
pub(super) fn actor() -> String {
    let name = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    format!("terminal:{}", name.unwrap_or_else(|_| "?".to_owned()))
}

pub(super) fn key(args: &KeyArgs) -> Result<(), String> {
    let now = Clock::System.now();
    match &args.command {
        KeyCommand::Add {
            name,
            scope,
            days,
            data,
        } => {
            let (store, keys) = data.open_or_make()?;
            let made = apikey::make(&keys, name, scope.name(), *days, now);
            let (key, text) = made.map_err(|error| error.to_string())?;
            apikey::add(&store, &keys, key, &actor()).map_err(|error| error.to_string())?;
            tell!("{text}");
        }
        KeyCommand::List { data } => {
            let (store, _) = data.open()?;
            let all = store
                .read_now(|reader| reader.keys())
                .map_err(|error| error.to_string())?;
            for key in all {
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(at), _) => format!("revoked {}", rfc3339(at)),
                    (None, Some(end)) if end <= now => format!("ended {}", rfc3339(end)),
                    (None, Some(end)) => format!("until {}", rfc3339(end)),
                    (None, None) => "without end".to_owned(),
                };
                tell!("{}\t{}\t{}\t{state}", key.id, key.scope, key.name);
            }
        }
        KeyCommand::Rotate {
            id,
            overlap,
            days,
            data,
        } => {
            let (store, keys) = data.open()?;
            let asked = id.clone();
            let old = store
                .read_now(move |reader| reader.find_key(&asked))
                .map_err(|error| error.to_string())?
                .filter(|key| key.holds(now))
                .ok_or_else(|| unknown(id))?;
            let days = days.or_else(|| apikey::lasts(&old));
            let made = apikey::make(&keys, &old.name, &old.scope, days, now);
            let (new, text) = made.map_err(|error| error.to_string())?;
            apikey::rotate(&store, &keys, id, new, *overlap, &actor())
                .map_err(|error| error.to_string())?;
            tell!("{text}");
        }
        KeyCommand::Revoke { id, data } => {
            let (store, keys) = data.open()?;
            let revoked = apikey::revoke(&store, &keys, id, &actor(), now);
            if !revoked.map_err(|error| error.to_string())? {
                return Err(unknown(id));
            }
        }
    }
    Ok(())
}

fn unknown(id: &str) -> String {
    format!("no key {id} that holds; server key list shows them")
}

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Check every seal of the log, and print the last one. Ends with 1 where one does not fit.
    Verify {
        /// A last seal that was printed before: that entry must still be there.
        #[arg(long)]
        seal: Option<String>,
        /// Print the entries, too.
        #[arg(long)]
        list: bool,
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) fn audit(args: &AuditArgs) -> Result<(), String> {
    let AuditCommand::Verify { seal, list, data } = &args.command;
    let is_seal = |text: &String| {
        URL_SAFE_NO_PAD
            .decode(text)
            .is_ok_and(|seal| seal.len() == size_of::<Digest>())
    };
    if seal.as_ref().is_some_and(|seal| !is_seal(seal)) {
        return Err(
            "--seal: no seal; copy the one that `server audit verify` printed last".to_owned(),
        );
    }
    let (store, keys) = data.open()?;
    let entries = std::cell::RefCell::new(Vec::new());
    let check = store
        .read_now(|reader| {
            entries.borrow_mut().clear();
            reader.check_audit(&keys, |entry| entries.borrow_mut().push(entry.clone()))
        })
        .map_err(|error| error.to_string())?;
    let entries = entries.into_inner();
    if *list {
        for entry in &entries {
            tell!(
                "{}\t{}\t{}\t{}\t{}",
                entry.sequence,
                rfc3339(entry.at),
                entry.actor,
                entry.act,
                entry.subject
            );
        }
    }
    let (count, last) = match check {
        AuditCheck::Broken(sequence) => {
            return Err(format!(
                "entry {sequence} was changed, or one before it is missing"
            ));
        }
        AuditCheck::Whole(count, last) => (count, last),
        AuditCheck::WholeSince(first, count, last) => {
            tell!(
                "the {} entries before entry {first} were sealed under a key that is no more, and cannot be checked",
                first - 1
            );
            (count, last)
        }
    };
    let there = |seal: &String| {
        entries
            .iter()
            .any(|entry| URL_SAFE_NO_PAD.encode(entry.seal) == *seal)
    };
    if seal.as_ref().is_some_and(|seal| !there(seal)) {
        return Err(
            "the entry with this seal is not there any more: the end of the log was cut off"
                .to_owned(),
        );
    }
    tell!(
        "{count} entries, all seals fit; keep the last one elsewhere: {}",
        URL_SAFE_NO_PAD.encode(last)
    );
    Ok(())
}
