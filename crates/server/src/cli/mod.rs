//! The command line.

/// Prints a line for whoever reads the standard output; one who no longer does (`| head`) is no failure.
macro_rules! tell {
    ($($line:tt)*) => { $crate::cli::tell(format_args!($($line)*)) };
}

mod advice;
mod calendar;
mod connector;
mod database;
mod deadline;
mod doctor;
mod erase;
mod events;
mod health;
mod import;
mod invented;
mod key;
mod officer_key;
mod outages;
mod own_key;
mod promises;
mod report;
mod serve;
mod variables;
mod verify;

use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::config::Province;
use crate::keys::Keys;
use crate::reference::Reference;
use crate::store::{Store, StoreError};
use crate::waiting::Waiting;

/// Đúng Hẹn: hồ sơ đúng hẹn, trễ thì xin lỗi.
#[derive(Debug, Parser)]
#[command(name = "server", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, the element and the pages.
    Serve(serve::ServeArgs),
    /// Serve a demonstration: the sample province and its cases, at a fixed, settled date.
    Demo(serve::DemoArgs),
    /// Store a file of connector envelopes, whole or not at all.
    Import(import::ImportArgs),
    /// Look at configuration, data, key, database, calendar, clock and disk, and say what to do. Ends with 1 where
    /// something does not work.
    Doctor(doctor::DoctorArgs),
    /// Ask the server on this machine whether it is ready. Ends with 1 where it is not.
    Health(health::HealthArgs),
    /// Copy the SQLite database into a file, while the server serves, and check the copy.
    Backup(database::BackupArgs),
    /// Put a backup in the place of the database.
    Restore(database::RestoreArgs),
    /// Copy everything from one database into another, of either kind, and compare.
    Copy(database::CopyArgs),
    /// Write a report into a file.
    Report(report::ReportArgs),
    /// Count every figure again from the cases and compare: none differs, or each difference is printed and the end is 1.
    Verify(verify::VerifyArgs),
    /// Keys of connectors and gateways.
    Key(key::KeyArgs),
    /// The log of who did what.
    Audit(key::AuditArgs),
    /// Items of connectors that could not be stored yet, and how each sender stands.
    Connector(connector::ConnectorArgs),
    /// What other systems are told: list, send again, make a secret.
    Events(events::EventsArgs),
    /// Erase what is kept of people: what is due, or one case.
    Erase(erase::EraseArgs),
    /// Compute a deadline and print it with its proof.
    Deadline(deadline::DeadlineArgs),
    /// Make a new `server.key` where the old one is lost: says what goes with it, and does it with --replace.
    NewKey(own_key::NewKeyArgs),
    /// Make a key for an officer, and the hash that goes into the province's file.
    OfficerKey,
    /// List open cases whose promise is later than the published limit, one line of CSV each.
    Promises(promises::PromisesArgs),
    /// The fingerprint of the keys that answer for ballots, for the attribute `ballot-keys` of the element.
    BallotKeys(DataArgs),
    /// What the working calendar knows.
    Calendar(calendar::CalendarArgs),
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(args) => serve::serve(args),
        Command::Demo(args) => serve::demo(args),
        Command::Import(args) => import::import(&args),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Health(args) => health::health(&args),
        Command::Backup(args) => database::back_up(&args),
        Command::Restore(args) => database::put_back(&args),
        Command::Copy(args) => database::copy_all(&args),
        Command::Report(args) => report::report(&args),
        Command::Verify(args) => {
            return verify::verify(&args).unwrap_or_else(|message| {
                eprintln!("server: {message}");
                ExitCode::from(2)
            });
        }
        Command::Promises(args) => {
            return promises::promises(&args).unwrap_or_else(|message| {
                eprintln!("server: {message}");
                ExitCode::from(2)
            });
        }
        Command::Key(args) => key::key(&args),
        Command::Audit(args) => key::audit(&args),
        Command::Connector(args) => connector::connector(&args),
        Command::Events(args) => events::events(&args),
        Command::Erase(args) => erase::erase(&args),
        Command::Deadline(args) => return deadline::deadline(&args),
        Command::NewKey(args) => own_key::new_key(&args),
        Command::OfficerKey => return officer_key::run(),
        Command::BallotKeys(args) => ballot_keys(&args),
        Command::Calendar(args) => return calendar::calendar(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("server: {message}");
            ExitCode::FAILURE
        }
    }
}

fn tell(line: std::fmt::Arguments<'_>) {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("server: the standard output cannot be written: {error}");
            std::process::exit(1);
        }
        _ => {}
    }
}

/// The languages in which the program prints what people read.
const LANGUAGES: [&str; 2] = ["vi", "en"];

/// Where the data are.
#[derive(Debug, clap::Args)]
struct DataArgs {
    /// Directory of the key, and of the database where no other is named.
    #[arg(long, default_value = "var/data", env = "DUNG_HEN_DATA")]
    data: PathBuf,
    /// The database: a file, `sqlite:FILE`, or `postgres://user:password@host:port/name`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
    /// Key under which portals hash identity numbers into their tokens: 32 bytes in base64url.
    #[arg(long, env = "DUNG_HEN_IDENTITY_KEY", hide_env_values = true)]
    identity_key: Option<String>,
}

impl DataArgs {
    /// Opens the database and its key, where they are: who mistypes a directory is told so, and not shown an empty
    /// database that a new key was made for.
    fn open(&self) -> Result<(Store, Keys), String> {
        let Ok(file) = self.file() else {
            there(self.data.join("server.key"))?;
            return self.open_or_make();
        };
        there(file)?;
        self.open_or_make()
    }

    /// Opens the database alone; without an address the file is made where it is missing.
    fn store(&self) -> Result<Store, StoreError> {
        store(&self.data, self.database.as_deref())
    }

    /// Opens the database and its key, making both where they are missing: for what begins with an empty one.
    fn open_or_make(&self) -> Result<(Store, Keys), String> {
        let (store, keys) = own_key::open(&self.data, self.database.as_deref())?;
        let keys = keys
            .with_identity_key(self.identity_key.as_deref())
            .map_err(|_| "DUNG_HEN_IDENTITY_KEY: 32 bytes in base64url expected".to_owned())?;
        Ok((store, keys))
    }
}

/// The database at this address, or the file of this directory.
fn store(data: &Path, database: Option<&str>) -> Result<Store, StoreError> {
    match database {
        Some(address) => Store::open(address),
        None => Store::open_file(&data.join("dung-hen.db")),
    }
}

/// The province's file, read and checked.
fn province_of(file: &Path) -> Result<Province, String> {
    Province::load(file).map_err(|error| advice::province(&error))
}

/// Whoever stores cases without the province's file leaves something for whoever has it: says what.
fn say_what_is_left(reference: &Reference) {
    if reference.province.is_unnamed {
        eprintln!(
            "server: without --province neither the province's calendar nor its hours and agencies are known: the server \
             that has its file computes and counts these cases at its next start"
        );
    }
}

/// Says no where this agency is neither in the province's file nor named by a case.
fn known_agency(reference: &Reference, store: &Store, code: &str) -> Result<(), String> {
    let known = reference.agencies.contains_key(code)
        || store
            .read_now(|reader| reader.agency_exists(code))
            .map_err(|error| error.to_string())?;
    match known {
        true => Ok(()),
        false => Err(format!(
            "{code}: no agency of the province's file, and of no case"
        )),
    }
}

fn there(file: PathBuf) -> Result<PathBuf, String> {
    if file.exists() {
        return Ok(file);
    }
    Err(format!(
        "{}: not there. Name the directory of the service (--data, DUNG_HEN_DATA); a new one is made by `server serve`, \
         `server import` and `server key add`",
        file.display()
    ))
}

fn ballot_keys(args: &DataArgs) -> Result<(), String> {
    let (_, keys) = args.open()?;
    let published = crate::issuers::published(&keys).map_err(|error| error.code().to_owned())?;
    tell!("{}", published.fingerprint);
    Ok(())
}

/// Opens the waiting room of ratings, which is no part of the database nor of its backups.
fn waiting(data: &Path) -> Result<Arc<Waiting>, String> {
    let directory = data.join("waiting");
    Waiting::open(&directory).map_err(|error| advice::directory(&directory, &error))
}

/// A directory for its owner alone, where there is none yet.
fn make_directory(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        // Two that start together.
        Err(_) if path.is_dir() => Ok(()),
        made => made,
    }
}
