//! Keys of connectors and officers.

use chrono::NaiveDateTime;

use super::sql::Row;
use super::{Reader, StoreError, Writer};
use crate::keys::Digest;

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its public part, by which it is found.
    pub id: String,
    /// Whose it is, as the operator named it.
    pub name: String,
    /// What it opens.
    pub scope: String,
    /// Keyed hash of the whole key.
    pub hash: Digest,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// From when on it opens nothing; none: it does not end by itself.
    pub expires_at: Option<NaiveDateTime>,
    /// When it was revoked.
    pub revoked_at: Option<NaiveDateTime>,
}

impl ApiKey {
    /// Whether it opens anything at `now`.
    #[must_use]
    pub fn holds(&self, now: NaiveDateTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

fn read(row: &Row<'_>) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: row.get(0)?,
        name: row.get(1)?,
        scope: row.get(2)?,
        hash: row.get(3)?,
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        revoked_at: row.get(6)?,
    })
}

impl Reader<'_> {
    /// The key with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_key(&mut self, id: &str) -> Result<Option<ApiKey>, StoreError> {
        self.query_opt(
            "SELECT id, name, scope, hash, created_at, expires_at, revoked_at FROM api_keys WHERE id = ?1",
            &[&id],
            read,
        )
    }

    /// All keys, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keys(&mut self) -> Result<Vec<ApiKey>, StoreError> {
        self.query(
            "SELECT id, name, scope, hash, created_at, expires_at, revoked_at FROM api_keys ORDER BY created_at, id",
            &[],
            read,
        )
    }
}

impl Writer<'_> {
    /// Keeps a new key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_key(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO api_keys (id, name, scope, hash, created_at, expires_at, revoked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                &key.id,
                &key.name,
                &key.scope,
                &key.hash,
                &key.created_at,
                &key.expires_at,
                &key.revoked_at,
            ],
        )?;
        Ok(())
    }

    /// Revokes a key; `false` where there is none with this id that was not revoked before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn revoke_key(&mut self, id: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
        let touched = self.execute(
            "UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
            &[&id, &now],
        )?;
        Ok(touched > 0)
    }

    /// Lets a key end at `end`, unless it ends sooner; `false` where there is none with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_key(&mut self, id: &str, end: NaiveDateTime) -> Result<bool, StoreError> {
        let touched = self.execute(
            "UPDATE api_keys SET expires_at = CASE WHEN expires_at < ?2 THEN expires_at ELSE ?2 END WHERE id = ?1",
            &[&id, &end],
        )?;
        Ok(touched > 0)
    }
}
