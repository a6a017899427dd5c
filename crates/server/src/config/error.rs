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
        }
    }
}

impl std::error::Error for ConfigError {}
