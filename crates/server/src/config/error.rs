//! What is wrong with a configuration, for whoever wrote it.

use std::path::PathBuf;

/// Why the configuration was refused.
#[derive(Debug)]
pub enum ConfigError {
    /// The file could not be read.
    Io(PathBuf, std::io::Error),
    /// The same in this file.
    In(PathBuf, Box<Self>),
    /// Not TOML of this form; the message names line and key.
    Toml(String),
    /// A secret, or a file beside the configuration, that is not there or not of its form.
    Secret(String),
    /// The calendar file is not JSON of its form; the message names line and field.
    Calendar(PathBuf, String),
    /// A value that is not possible.
    Value {
        /// The key.
        key: String,
        /// What was expected.
        expected: &'static str,
    },
    /// The same, and where in the file it stands.
    At(Found, Box<Self>),
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "configuration {}: {error}", path.display()),
            Self::In(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Secret(message) => write!(f, "configuration: {message}"),
            Self::Toml(message) => write!(f, "configuration: {message}"),
            Self::Calendar(path, message) => {
                write!(f, "calendar_file {}: {message}", path.display())
            }
            Self::Value { key, expected } => write!(f, "configuration: {key}: {expected} expected"),
            Self::At(found, error) => match &**error {
                Self::Value { key, expected } => {
                    let line = found.line;
                    write!(f, "configuration: line {line}, {key}: {expected} expected")?;
                    found
                        .text
                        .as_ref()
                        .map_or(Ok(()), |text| write!(f, "; found: {text}"))
                }
                other => other.fmt(f),
            },
        }
    }
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    /// What is wrong in itself, wherever it stands.
    #[must_use]
    pub fn itself(&self) -> &Self {
        match self {
            Self::In(_, inner) | Self::At(_, inner) => inner.itself(),
            other => other,
        }
    }

    /// The same in this file.
    #[must_use]
    pub fn of(self, path: &std::path::Path) -> Self {
        Self::In(path.to_owned(), Box::new(self))
    }

    /// With the line of this text, where the key is told by it.
    #[must_use]
    pub(super) fn at(self, text: &str) -> Self {
        let found = match &self {
            Self::Value { key, .. } => Found::of(key, text),
            _ => None,
        };
        match found {
            Some(found) => Self::At(found, Box::new(self)),
            None => self,
        }
    }

    /// A value that the environment gives in the place of the file's.
    #[must_use]
    pub(super) fn of_environment(self) -> Self {
        match self {
            Self::Value { key, expected } => Self::Value {
                key: format!("environment, key {key}"),
                expected,
            },
            other => other,
        }
    }
}

/// Where a wrong value stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    line: usize,
    /// The line itself; none where it may hold a secret, or is long.
    text: Option<String>,
}

/// Keys in whose place a secret, or an address with one, may have been written.
const NOT_TOLD: [&str; 3] = ["key_sha256", "public_key", "url"];
/// The longest line that is told.
const LONGEST: usize = 80;

impl Found {
    /// The line of a key as messages name it: `working_hours`, `http.call_seconds`, `agencies, H98.101: level`.
    fn of(key: &str, text: &str) -> Option<Self> {
        let (table, which, names) = match (key.rsplit_once(": "), key.split_once(", ")) {
            (Some((place, names)), _) => {
                let (table, which) = place.split_once(", ").unwrap_or((place, ""));
                (table, which, names)
            }
            (None, Some((table, names))) => (table, "", names),
            (None, None) => {
                let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
                (table, "", name)
            }
        };
        let name = names.split(", ").next()?;
        // Of each table of that name: whether it is the one, and the line of the key.
        let mut here = table.is_empty();
        let mut is_it = here;
        let mut line = None;
        let mut all = Vec::new();
        for (index, one) in text.lines().enumerate() {
            let one = one.trim();
            if let Some(head) = one.strip_prefix('[') {
                all.extend(line.take().filter(|_| is_it));
                here = head.trim_start_matches('[').split(']').next()? == table;
                is_it = here && which.is_empty();
            } else if here && let Some((left, right)) = one.split_once('=') {
                is_it |= right.contains(&format!("\"{which}\""));
                if left.trim() == name {
                    line = Some((index + 1, one));
                }
            }
        }
        all.extend(line.filter(|_| is_it));
        // Of several that might be meant none is named.
        let [(line, text)] = *all else { return None };
        let told = text.chars().count() <= LONGEST && !NOT_TOLD.contains(&name);
        Some(Self {
            line,
            text: told.then(|| text.to_owned()),
        })
    }
}
