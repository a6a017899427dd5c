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

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let kind = if error.is_closed() || std::error::Error::source(&error).is_some_and(is_io)
            {
                ErrorKind::Unavailable
            } else {
                ErrorKind::Other
            };
            return Self::new(kind, format!("postgres: {error}"));
        };
        let code = said.code().code();
        let kind = match (code, &code[..2]) {
            // Shutting down, crashed, starting; too many connections.
            ("57P01" | "57P02" | "57P03" | "53300", _) | (_, "08") => ErrorKind::Unavailable,
            // Statement or lock waited too long.
            ("57014" | "55P03", _) => ErrorKind::Busy,
            ("40P01" | "40001", _) => ErrorKind::Conflict,
            ("53100", _) => ErrorKind::Full,
            ("25006", _) => ErrorKind::ReadOnly,
            ("58030", _) => ErrorKind::Io,
            ("XX001" | "XX002", _) => ErrorKind::Corrupt,
            (_, "23") => ErrorKind::Constraint,
            _ => ErrorKind::Other,
        };
        // PostgreSQL's own sentence may quote a value; its code and the names may not.
        let named = [said.table(), said.column(), said.constraint()];
        let names: Vec<&str> = named.into_iter().flatten().collect();
        Self::new(kind, format!("postgres: {code} {}", names.join(" ")))
    }
}

fn is_io(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<std::io::Error>()
}
