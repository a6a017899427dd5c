//! Why the store failed, in one type for both databases.

use rusqlite::ErrorCode;

use crate::keys::KeyError;

/// What kind of failure: what the asker can do about it, and what operators look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// More asked than can be done now: the queue of writes or the pool of connections is full.
    Busy,
    /// Two writes waited for each other, and this one gave way; again, it may pass.
    Conflict,
    /// The database does not answer: stopped, restarting, unreachable.
    Unavailable,
    /// No room on the disk.
    Full,
    /// The disk or the database takes no writes.
    ReadOnly,
    /// The disk answers with errors.
    Io,
    /// The file is no database, or a damaged one; or a value in it is not of its form.
    Corrupt,
    /// A constraint of the schema refused the write.
    Constraint,
    /// The database was made by a newer version of this program.
    TooNew,
    /// The database is not in UTF-8.
    Encoding,
    /// A worker of the store died.
    Worker,
    /// A statement is wrong, or anything else: a mistake of this program.
    Other,
}

impl ErrorKind {
    /// Whether the failure is the database's, so that nothing else would fare better.
    #[must_use]
    pub const fn is_of_all(self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Unavailable
                | Self::Full
                | Self::ReadOnly
                | Self::Io
                | Self::TooNew
                | Self::Encoding
                | Self::Worker
        )
    }
}

/// A failure of the store. The message names tables, columns and codes of the database, never a value.
#[derive(Clone, Debug)]
pub struct StoreError {
    kind: ErrorKind,
    message: String,
}

impl StoreError {
    /// A failure of this kind.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// A column holds what it cannot hold.
    pub(crate) fn corrupt(column: impl std::fmt::Display) -> Self {
        Self::new(
            ErrorKind::Corrupt,
            format!("{column} holds an impossible value"),
        )
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "database: {}", self.message)
    }
}

impl std::error::Error for StoreError {}

impl From<KeyError> for StoreError {
    /// What is kept under a number drawn by lot cannot be kept without one.
    fn from(error: KeyError) -> Self {
        Self::new(ErrorKind::Other, error.to_string())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Busy,
            Some(ErrorCode::DiskFull) => ErrorKind::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => ErrorKind::ReadOnly,
            Some(ErrorCode::CannotOpen) => ErrorKind::Unavailable,
            Some(ErrorCode::SystemIoFailure) => ErrorKind::Io,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => ErrorKind::Corrupt,
            Some(ErrorCode::ConstraintViolation) => ErrorKind::Constraint,
            _ => ErrorKind::Other,
        };
        // Messages of SQLite name tables and columns, never values.
        Self::new(kind, format!("sqlite: {error}"))
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let kind = if error.is_closed() || std::error::Error::source(&error).is_some_and(is_io)
            {
                ErrorKind::Unavailable
            } else {
                ErrorKind::Other
            };
            // Why it does not answer, which never has a value in it: nothing has been asked yet.
            let why = std::error::Error::source(&error)
                .filter(|why| is_io(*why))
                .map_or_else(String::new, |why| format!(": {why}"));
            return Self::new(kind, format!("postgres: {error}{why}"));
        };
        let code = said.code().code();
        let kind = of_code(code);
        // PostgreSQL's own sentence may quote a value; its code and the names may not.
        let named = [said.table(), said.column(), said.constraint()];
        let names: Vec<&str> = named.into_iter().flatten().collect();
        Self::new(kind, format!("postgres: {code} {}", names.join(" ")))
    }
}

/// What PostgreSQL means by a code of five characters.
fn of_code(code: &str) -> ErrorKind {
    match (code, code.get(..2)) {
        // Shutting down, crashed, starting; too many connections; a transaction in which we said nothing for too long
        // has been taken back.
        // The account, its password or the database is not there.
        ("57P01" | "57P02" | "57P03" | "53300" | "25P03" | "3D000", _) | (_, Some("08" | "28")) => {
            ErrorKind::Unavailable
        }
        // Statement or lock waited too long.
        ("57014" | "55P03", _) => ErrorKind::Busy,
        ("40P01" | "40001", _) => ErrorKind::Conflict,
        ("53100", _) => ErrorKind::Full,
        // A standby; an account that may not make or change what is there.
        ("25006" | "42501", _) => ErrorKind::ReadOnly,
        ("58030", _) => ErrorKind::Io,
        ("XX001" | "XX002", _) => ErrorKind::Corrupt,
        (_, Some("23")) => ErrorKind::Constraint,
        _ => ErrorKind::Other,
    }
}

fn is_io(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<std::io::Error>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of PostgreSQL 15, appendix A.
    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_told() {
        for (code, kind) in [
            ("57P01", ErrorKind::Unavailable),
            ("08006", ErrorKind::Unavailable),
            // A server that stood still in the middle of a transaction.
            ("25P03", ErrorKind::Unavailable),
            ("55P03", ErrorKind::Busy),
            ("40001", ErrorKind::Conflict),
            ("25006", ErrorKind::ReadOnly),
            // A password, an account and a database that are not there, and an account that owns nothing there.
            ("28P01", ErrorKind::Unavailable),
            ("28000", ErrorKind::Unavailable),
            ("3D000", ErrorKind::Unavailable),
            ("42501", ErrorKind::ReadOnly),
            ("23505", ErrorKind::Constraint),
            ("42P01", ErrorKind::Other),
        ] {
            assert_eq!(of_code(code), kind, "{code}");
        }
    }
}
