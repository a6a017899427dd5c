//! Keys of connectors and gateways: made once, shown once, kept as a keyed hash, opening one scope.
//!
//! `dh_<id>_<secret>`: the id finds the row, the secret is 32 random bytes. Rotating makes a second key and lets the
//! first end some days later, so that a sender can change over without a gap.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Duration, NaiveDateTime};

use crate::error::AppError;
use crate::keys::{KeyError, Keys, Purpose, equal, random, readable};
use crate::state::AppState;
use crate::store::{ApiKey, Store, StoreError};

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// Sending cases and steps.
    Connector,
    /// Saying what became of events; the key bears the endpoint's name.
    Gateway,
}

impl Scope {
    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::Gateway => "gateway",
        }
    }
}

/// A new key: what is kept, and the text that is shown this once.
///
/// # Errors
/// [`KeyError::NoRandomness`].
pub fn make(
    keys: &Keys,
    name: &str,
    scope: &str,
    days: Option<u32>,
    now: NaiveDateTime,
) -> Result<(ApiKey, String), KeyError> {
    let id = readable(&random()?, 2).replace('-', "").to_lowercase();
    let text = format!("dh_{id}_{}", URL_SAFE_NO_PAD.encode(random()?));
    let key = ApiKey {
        hash: keys.hash(Purpose::ApiKey, &[text.as_bytes()]),
        id,
        name: name.to_owned(),
        scope: scope.to_owned(),
        created_at: now,
        expires_at: days.map(|days| now + Duration::days(days.into())),
        revoked_at: None,
    };
    Ok((key, text))
}

/// For how many days a key was made; nothing where it does not end.
#[must_use]
pub fn lasts(key: &ApiKey) -> Option<u32> {
    let days = (key.expires_at? - key.created_at).num_days();
    u32::try_from(days.max(1)).ok()
}

/// The key behind this text, if it opens `scope` now.
///
/// # Errors
/// [`AppError::ConnectorKeyInvalid`] for every other text, whatever is wrong with it.
pub async fn opened(state: &AppState, text: &str, scope: Scope) -> Result<ApiKey, AppError> {
    let id = text
        .strip_prefix("dh_")
        .and_then(|rest| rest.split_once('_'))
        .map(|(id, _)| id.to_owned())
        .ok_or(AppError::ConnectorKeyInvalid)?;
    let found = state
        .store
        .find(move |store| store.find_key(&id).map_err(AppError::from))
        .await?;
    let hash = state.keys.hash(Purpose::ApiKey, &[text.as_bytes()]);
    found
        .filter(|key| {
            equal(&key.hash, &hash) && key.scope == scope.name() && key.holds(state.now())
        })
        .ok_or(AppError::ConnectorKeyInvalid)
}

/// Keeps a new key, and notes who made it.
///
/// # Errors
/// [`StoreError`].
pub fn add(store: &Store, keys: &Keys, key: ApiKey, actor: &str) -> Result<(), StoreError> {
    let (keys, actor) = (keys.clone(), actor.to_owned());
    store.write_now(move |writer| {
        writer.add_key(&key)?;
        let subject = format!("{} {} {}", key.id, key.scope, key.name);
        writer.audit(&keys, key.created_at, &actor, "key.add", &subject)
    })
}

/// Revokes a key, and notes who did; `false` where there was none.
///
/// # Errors
/// [`StoreError`].
pub fn revoke(
    store: &Store,
    keys: &Keys,
    id: &str,
    actor: &str,
    now: NaiveDateTime,
) -> Result<bool, StoreError> {
    let (keys, id, actor) = (keys.clone(), id.to_owned(), actor.to_owned());
    store.write_now(move |writer| {
        let revoked = writer.revoke_key(&id, now)?;
        if revoked {
            writer.audit(&keys, now, &actor, "key.revoke", &id)?;
        }
        Ok(revoked)
    })
}

/// Keeps the successor of a key, which ends after `days`; `false` where there is none to succeed.
///
/// # Errors
/// [`StoreError`].
pub fn rotate(
    store: &Store,
    keys: &Keys,
    old: &str,
    new: ApiKey,
    days: u32,
    actor: &str,
) -> Result<bool, StoreError> {
    let (keys, old, actor) = (keys.clone(), old.to_owned(), actor.to_owned());
    store.write_now(move |writer| {
        let end = new.created_at + Duration::days(days.into());
        if !writer.end_key(&old, end)? {
            return Ok(false);
        }
        writer.add_key(&new)?;
        let subject = format!("{old} by {}", new.id);
        writer.audit(&keys, new.created_at, &actor, "key.rotate", &subject)?;
        Ok(true)
    })
}
