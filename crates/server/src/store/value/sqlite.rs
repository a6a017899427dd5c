//! Values as SQLite has them.

use rusqlite::types::{ToSqlOutput, ValueRef};

use super::Value;
use crate::store::StoreError;

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
            Self::List(values) => return Ok(json(values)?.into()),
        }))
    }
}

/// A list as `json_each` reads it.
fn json(values: &[Value<'_>]) -> rusqlite::Result<String> {
    let plain: Option<Vec<serde_json::Value>> = values
        .iter()
        .map(|value| match value {
            Value::Int(int) => Some((*int).into()),
            Value::Text(text) => Some(text.as_ref().into()),
            _ => None,
        })
        .collect();
    let plain = plain.ok_or_else(|| {
        rusqlite::Error::ToSqlConversionFailure("a list of neither texts nor integers".into())
    })?;
    Ok(serde_json::Value::Array(plain).to_string())
}

/// The column at this place.
pub(super) fn value<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Value<'r>, StoreError> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
    })
}
