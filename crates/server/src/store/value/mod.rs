//! What goes into a statement and comes out of a row, whichever database it is.

mod postgres;
mod sqlite;

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::WireName;
use dung_hen_domain::civil::{iso_date, parse_date, parse_moment, rfc3339};

use super::StoreError;

/// A statement: the same text for both databases, or one for each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sql<'s> {
    pub(super) sqlite: &'s str,
    pub(super) postgres: &'s str,
}

impl<'s> Sql<'s> {
    /// A statement that each database words in its own way.
    pub(super) const fn each(sqlite: &'s str, postgres: &'s str) -> Self {
        Self { sqlite, postgres }
    }
}

impl<'s> From<&'s str> for Sql<'s> {
    fn from(both: &'s str) -> Self {
        Self::each(both, both)
    }
}

/// A value on its way in or out. Dates and moments travel as text: `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM:SS+07:00`, so
/// that text order is time order in both databases.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(Cow<'a, str>),
    Blob(Cow<'a, [u8]>),
    /// Several of one kind, for `= ANY(?1)` of PostgreSQL and `json_each(?1)` of SQLite.
    List(Vec<Value<'a>>),
}

impl Value<'_> {
    /// The same, independent of where it was read.
    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Int(int) => Value::Int(int),
            Self::Real(real) => Value::Real(real),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Blob(bytes) => Value::Blob(Cow::Owned(bytes.into_owned())),
            Self::List(values) => Value::List(values.into_iter().map(Value::into_owned).collect()),
        }
    }
}

/// What may stand for a `?1`.
pub(super) trait ToParam {
    fn value(&self) -> Value<'_>;
}

macro_rules! int_params {
    ($($int:ty),*) => { $(
        impl ToParam for $int {
            fn value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
        }
    )* };
}
int_params!(i64, i32, u32, u16, u8, bool);

impl ToParam for f64 {
    fn value(&self) -> Value<'_> {
        Value::Real(*self)
    }
}

impl ToParam for str {
    /// Without the characters U+0000, which PostgreSQL cannot keep.
    fn value(&self) -> Value<'_> {
        Value::Text(if self.contains('\0') {
            Cow::Owned(self.replace('\0', ""))
        } else {
            Cow::Borrowed(self)
        })
    }
}

impl ToParam for String {
    fn value(&self) -> Value<'_> {
        self.as_str().value()
    }
}

impl ToParam for [u8] {
    fn value(&self) -> Value<'_> {
        Value::Blob(Cow::Borrowed(self))
    }
}

impl<const N: usize> ToParam for [u8; N] {
    fn value(&self) -> Value<'_> {
        Value::Blob(Cow::Borrowed(self))
    }
}

impl ToParam for Vec<u8> {
    fn value(&self) -> Value<'_> {
        Value::Blob(Cow::Borrowed(self))
    }
}

impl ToParam for NaiveDate {
    fn value(&self) -> Value<'_> {
        Value::Text(Cow::Owned(iso_date(*self)))
    }
}

impl ToParam for NaiveDateTime {
    fn value(&self) -> Value<'_> {
        Value::Text(Cow::Owned(rfc3339(*self)))
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToParam::value)
    }
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

/// Several values of one kind, as one parameter.
pub(super) struct Among<T>(pub(super) Vec<T>);

impl<T: ToParam> ToParam for Among<T> {
    fn value(&self) -> Value<'_> {
        Value::List(self.0.iter().map(ToParam::value).collect())
    }
}

/// What may be read from a column; `None` where the column holds something else.
pub(super) trait FromColumn: Sized {
    fn from_value(value: Value<'_>) -> Option<Self>;
}

macro_rules! int_columns {
    ($($int:ty),*) => { $(
        impl FromColumn for $int {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Int(int) => Self::try_from(int).ok(),
                    _ => None,
                }
            }
        }
    )* };
}
int_columns!(i64, i32, u64, u32, u16, u8, usize);

impl FromColumn for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl FromColumn for f64 {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Real(real) => Some(real),
            _ => None,
        }
    }
}

impl FromColumn for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }
}

impl FromColumn for Vec<u8> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.into_owned()),
            _ => None,
        }
    }
}

impl<const N: usize> FromColumn for [u8; N] {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => bytes.as_ref().try_into().ok(),
            _ => None,
        }
    }
}

impl FromColumn for NaiveDate {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => parse_date(&text),
            _ => None,
        }
    }
}

impl FromColumn for NaiveDateTime {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => parse_moment(&text),
            _ => None,
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// A row of an answer.
pub(super) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// The column at this place, counted from 0.
    pub(super) fn get<T: FromColumn>(&self, index: usize) -> Result<T, StoreError> {
        T::from_value(self.value(index)?).ok_or_else(|| self.corrupt(index))
    }

    /// What the machine name in the column at this place means.
    pub(super) fn name<T: WireName>(&self, index: usize) -> Result<T, StoreError> {
        T::from_name(&self.get::<String>(index)?).ok_or_else(|| self.corrupt(index))
    }

    /// What stands in the column at this place, whatever it is.
    pub(super) fn value(&self, index: usize) -> Result<Value<'_>, StoreError> {
        match self {
            Self::Sqlite(row) => sqlite::value(row, index),
            Self::Postgres(row) => Ok(row.try_get(index)?),
        }
    }

    /// The error that names the column at this place.
    pub(super) fn corrupt(&self, index: usize) -> StoreError {
        StoreError::corrupt(match self {
            Self::Sqlite(row) => row.as_ref().column_name(index).unwrap_or("?").to_owned(),
            Self::Postgres(row) => row
                .columns()
                .get(index)
                .map_or_else(|| "?".to_owned(), |column| column.name().to_owned()),
        })
    }
}
