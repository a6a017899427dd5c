//! A database and the key that it was served under belong together: under another one no proof fits, no ballot holds and
//! no number of a report is found, and nobody is told why. So neither a missing key nor another one is taken without a
//! word; `server new-key` is for who has lost it (docs/decisions/0049-its-own-key.md).

use std::path::Path;

use clap::Args;

use super::{DataArgs, advice};
use crate::clock::Clock;
use crate::keys::Keys;
use crate::store::{NEW_KEY, Store, StoreError};

/// What goes with a key, and what to do first.
const LOST: &str = "a new key cannot check what was made with the old one:
  - no look-up code, number or telephone opens a case until its system has sent the case again
  - ballots that were given and not used yet are refused, and so is a second one for their cases
  - keys of connectors and gateways end: make new ones with server key add
  - the reference numbers of reports lead nowhere; officers answer them as before
  - what connectors sent and could not be stored cannot be opened: have it sent again
  - the fingerprint of ballot keys is another one (server ballot-keys): portals that name it must be told
  - entries of the audit log up to now cannot be checked any more
Look for the old one where it was kept apart. Stop every server of this database, then type --replace.";

/// What to do where the key is not the database's.
const TODO: &str = "put back the one that was kept apart, for every server the same; where it is lost, server new-key says what goes with it";

/// How a key stands to a database.
enum Stands {
    /// Nothing was sealed yet, or it is the one.
    Well,
    /// There is none, and the database was served under one.
    Missing,
    /// The database was served under another one.
    Other,
}

impl Stands {
    fn of(store: &Store, keys: Option<&Keys>) -> Result<Self, StoreError> {
        let keys = keys.cloned();
        let without = keys.is_none();
        let sealed = store.read_now(move |reader| reader.sealed_under(keys.as_ref()))?;
        Ok(match sealed {
            None | Some(true) => Self::Well,
            Some(false) if without => Self::Missing,
            Some(false) => Self::Other,
        })
    }

    /// What is wrong; `None` where nothing is.
    fn wrong(&self, path: &Path) -> Option<String> {
        let path = path.display();
        match self {
            Self::Well => None,
            Self::Missing => Some(format!(
                "{path}: not there, and the database was served under it"
            )),
            Self::Other => Some(format!(
                "{path}: not the key that the database was served under"
            )),
        }
    }
}

/// Opens database and key, makes both where neither is there, and refuses two that do not belong together.
pub(super) fn open(data: &Path, database: Option<&str>) -> Result<(Store, Keys), String> {
    super::make_directory(data).map_err(|error| advice::directory(data, &error))?;
    let path = data.join("server.key");
    let make = || Keys::load_or_create(&path).map_err(|error| advice::key(&path, &error));
    let mut keys = Keys::load(&path).map_err(|error| advice::key(&path, &error))?;
    if keys.is_none() && database.is_none() && !data.join("dung-hen.db").exists() {
        keys = Some(make()?);
    }
    let store = open_store(data, database)?;
    let stands = Stands::of(&store, keys.as_ref()).map_err(|error| advice::database(&error))?;
    if let Some(wrong) = stands.wrong(&path) {
        return Err(format!("{wrong}; {TODO}"));
    }
    let keys = keys.map_or_else(make, Ok)?;
    Ok((store, keys))
}

/// What is wrong with the key of an open database, and what to do; `None` where nothing is, or the key cannot be read,
/// which is told elsewhere.
pub(super) fn wrong(data: &Path, store: &Store) -> Option<(String, &'static str)> {
    let path = data.join("server.key");
    let keys = Keys::load(&path).ok()?;
    let wrong = Stands::of(store, keys.as_ref()).ok()?.wrong(&path)?;
    Some((wrong, TODO))
}

#[derive(Debug, Args)]
pub(super) struct NewKeyArgs {
    /// Make it, and lose what the old one could check.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// `server new-key`.
pub(super) fn new_key(args: &NewKeyArgs) -> Result<(), String> {
    let at = |name: &str| args.data.data.join(name);
    let (path, old, new) = (at("server.key"), at("server.key.old"), at("server.key.new"));
    if let Ok(file) = args.data.file() {
        super::there(file)?;
    }
    if !args.replace {
        return Err(LOST.to_owned());
    }
    if path.exists() && old.exists() {
        return Err(format!(
            "{}: there already; move it away first, it may be the one that is looked for",
            old.display()
        ));
    }
    let store = open_store(&args.data.data, args.data.database.as_deref())?;
    // One that was made before and did not get further is taken.
    let keys = Keys::load_or_create(&new).map_err(|error| advice::key(&new, &error))?;
    let (now, actor) = (Clock::System.now(), super::key::actor());
    store
        .write_now(move |writer| writer.audit(&keys, now, &actor, NEW_KEY, ""))
        .map_err(|error: StoreError| advice::database(&error))?;
    if path.exists() {
        rename(&path, &old)?;
        tell!("{}: the key of before", old.display());
    }
    rename(&new, &path)?;
    tell!(
        "{}: the new key; keep a copy of it apart from the database, and give it to every server",
        path.display()
    );
    Ok(())
}

fn open_store(data: &Path, database: Option<&str>) -> Result<Store, String> {
    super::store(data, database).map_err(|error| {
        let said = advice::database(&error);
        match database {
            // Never the address: it may hold a password.
            Some(_) => said,
            None => format!("{}: {said}", data.join("dung-hen.db").display()),
        }
    })
}

fn rename(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::rename(from, to).map_err(|error| {
        let todo = advice::of_writing(&error);
        format!("{}: {error}; {todo}", to.display())
    })
}
