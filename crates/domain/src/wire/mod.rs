//! What travels between element and server.
//!
//! Keys are `snake_case`; dates `YYYY-MM-DD`; moments RFC 3339 with `+07:00`. An old element meets
//! newer servers: unknown fields are ignored and unknown values decode to [`Open::Unknown`].
//! Texts worded by the server (names, citations, notices) come in both languages, so the element
//! carries no law and switches language without asking again.

mod apology;
mod case;
mod deadline;
mod objection;
mod officer;
mod rating;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::case::WireName;
use crate::lang::Lang;

pub use apology::*;
pub use case::*;
pub use deadline::*;
pub use objection::*;
pub use officer::*;
pub use rating::*;

/// A value that a newer server may extend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open<T> {
    /// A value of this version.
    Known(T),
    /// A value this version does not know.
    Unknown(String),
}

impl<T: WireName> Open<T> {
    /// The value, if this version knows it.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Unknown(_) => None,
        }
    }
}

impl<T> From<T> for Open<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: WireName> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Known(value) => value.name(),
            Self::Unknown(name) => name,
        })
    }
}

impl<'de, T: WireName> Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(T::from_name(&name).map_or(Self::Unknown(name), Self::Known))
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both texts from one function of the language.
    pub fn both<S: Into<String>>(word: impl Fn(Lang) -> S) -> Self {
        Self {
            vi: word(Lang::Vi).into(),
            en: word(Lang::En).into(),
        }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }
}

/// An error, as RFC 9457 `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Always `about:blank`: `code` tells the kinds apart.
    #[serde(rename = "type", default)]
    pub kind: Cow<'static, str>,
    /// HTTP status.
    pub status: u16,
    /// Machine code, listed in docs/API.md.
    pub code: String,
    /// The sentence, in English.
    #[serde(default)]
    pub title: String,
    /// The sentence, in both languages.
    pub message: Text,
    /// Seconds after which to try again, where that helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}
