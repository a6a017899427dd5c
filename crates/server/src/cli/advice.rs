//! What to do about what does not begin: the half of a message that whoever reads it at a terminal needs.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use crate::config::ConfigError;
use crate::keys::KeyError;
use crate::store::{ErrorKind, StoreError};

const OWN: &str = "let the user the service runs as write there: chown -R dung-hen DIRECTORY";
const MOUNT: &str = "its disk takes no writes: mount it for writing";

/// About a database that cannot be opened.
pub(super) const fn of_database(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::TooNew => {
            "start the newer program that made it, or put back a backup from before: server restore"
        }
        ErrorKind::ReadOnly => {
            "let the user the service runs as write there: chown -R dung-hen DIRECTORY, on a disk mounted for writing; in PostgreSQL \
             an account that owns the database, on a server that takes writes"
        }
        ErrorKind::Unavailable => {
            "is the database running, its disk there and mounted for writing, its address right, with account and password \
             (--database, DATABASE_URL)?"
        }
        ErrorKind::Corrupt => {
            "is it the right file? Where it is damaged, put back a backup: server restore"
        }
        ErrorKind::Encoding => {
            "make an empty one beside it: createdb --encoding=UTF8 --template=template0; what is in this one moves with \
             pg_dump --encoding=UTF8"
        }
        ErrorKind::Full => "make room on its disk",
        ErrorKind::Io => "look at its disk: the log of the system says more",
        ErrorKind::Busy => "stop what else works with it, or try again",
        ErrorKind::Conflict | ErrorKind::Constraint | ErrorKind::Worker | ErrorKind::Other => {
            "server doctor looks at everything around it"
        }
    }
}

/// What is wrong with a database, and what to do.
pub(super) fn database(error: &StoreError) -> String {
    format!("{error}; {}", of_database(error.kind()))
}

/// About the province's file.
pub(super) fn of_province(error: &ConfigError) -> &'static str {
    const SECRET: &str = "put it where the key says, for the user the service runs as; variables stand in /etc/dung-hen/environment";
    match error.itself() {
        ConfigError::Secret(_) => SECRET,
        ConfigError::Value { key, .. } if key.contains("DUNG_HEN_") => SECRET,
        ConfigError::Value { key, .. } if key.starts_with("environment, ") => {
            "correct or take out the variable: DUNG_HEN__ and the key in capitals, parts of it divided by two underscores"
        }
        ConfigError::Io(_, error) if error.kind() == io::ErrorKind::InvalidData => {
            "save it as UTF-8"
        }
        ConfigError::Calendar(..) => "correct the calendar_file: docs/IMPORT.md shows its form",
        ConfigError::Io(..) => {
            "name the province's file (--province, DUNG_HEN_PROVINCE); for a new one copy data/sample/province.toml"
        }
        _ => "correct the key that is named; data/sample/province.toml shows every one",
    }
}

/// What is wrong with the province's file, and what to do.
pub(super) fn province(error: &ConfigError) -> String {
    match error.itself() {
        ConfigError::Io(..) => format!("{error}; {}", of_province(error)),
        // The key, and what was expected of it.
        _ => error.to_string(),
    }
}

/// What is wrong with the directory of the data, and what to do.
pub(super) fn directory(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            format!("{path}: no directory; name another: --data, DUNG_HEN_DATA")
        }
        _ => format!("{path}: {error}; {}", of_writing(error)),
    }
}

/// What is wrong with the file of the key, and what to do.
pub(super) fn key(path: &Path, error: &KeyError) -> String {
    let path = path.display();
    match error {
        KeyError::Io(error) => format!("{path}: {error}; {}", of_writing(error)),
        KeyError::Malformed => format!("{path}: {error}; {}", of_key(error)),
        KeyError::NoRandomness => error.to_string(),
    }
}

/// About the file of the key.
pub(super) fn of_key(error: &KeyError) -> &'static str {
    match error {
        KeyError::Io(error) => of_writing(error),
        KeyError::Malformed => {
            "put back the one that was kept apart: without it no proof fits any more"
        }
        KeyError::NoRandomness => "look at the machine: it has none to give",
    }
}

/// About what cannot be written.
pub(super) fn of_writing(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => OWN,
        io::ErrorKind::ReadOnlyFilesystem => MOUNT,
        io::ErrorKind::StorageFull => "make room on its disk",
        _ => "name another: --data, DUNG_HEN_DATA",
    }
}

/// An address to listen on, as typed.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "an address and a port in figures expected, such as 127.0.0.1:8080".to_owned())
}

/// Why nobody can be listened to there, and where.
pub(super) fn listening(address: SocketAddr, error: &io::Error) -> String {
    let port = address.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "cổng {port} đang có chương trình khác dùng / port {port} is in use by another program; choose another: --listen 127.0.0.1:{} (make run LISTEN=…)",
            port.wrapping_add(1)
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "cannot listen on {address}: {error}; this machine has no such address: 127.0.0.1:{port} behind a proxy on it, 0.0.0.0:{port} on all it has"
        ),
        io::ErrorKind::PermissionDenied => format!(
            "cannot listen on {address}: {error}; ports below 1024 are not everybody's: choose one above, such as 8080, behind the proxy"
        ),
        _ => format!("cannot listen on {address}: {error}"),
    }
}
