//! Officers: a person with a key, a body to act for, and roles. The keys stand hashed in the province's file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDateTime;
use sha2::{Digest as _, Sha256};

use crate::config::{OfficerConfig, Role};
use crate::error::AppError;
use crate::keys::{Purpose, equal};
use crate::state::AppState;

/// How long a page of the officer's list stays usable, in hours: a working day.
const SESSION_HOURS: i64 = 10;

/// Who acts.
#[derive(Clone, Debug)]
pub struct Officer {
    /// Name of the person.
    pub name: String,
    /// The body for which they act.
    pub body: String,
    /// The one agency they see; none: every agency.
    pub agency: Option<String>,
    roles: Vec<Role>,
    key_sha256: String,
}

impl Officer {
    fn of(config: &OfficerConfig) -> Self {
        Self {
            name: config.name.clone(),
            body: config.body.clone(),
            agency: config.agency.clone(),
            roles: config.roles.clone(),
            key_sha256: config.key_sha256.clone(),
        }
    }

    /// Who it was, for the audit log.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("officer:{}, {}", self.name, self.body)
    }

    /// Whether they hold this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Passes those who hold this role.
    ///
    /// # Errors
    /// [`AppError::RoleMissing`].
    pub fn must(&self, role: Role) -> Result<(), AppError> {
        if self.has(role) {
            Ok(())
        } else {
            Err(AppError::RoleMissing)
        }
    }

    /// Whether cases of this agency are theirs to see.
    #[must_use]
    pub fn sees(&self, agency: &str) -> bool {
        self.agency.as_deref().is_none_or(|own| own == agency)
    }
}

/// The hash under which a key is configured.
#[must_use]
pub fn key_hash(key: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(key.as_bytes()) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The officer with this key.
///
/// # Errors
/// [`AppError::OfficerKeyInvalid`].
pub fn with_key(state: &AppState, key: &str) -> Result<Officer, AppError> {
    let asked = key_hash(key.trim());
    find(state, |officer| {
        equal(officer.key_sha256.as_bytes(), asked.as_bytes())
    })
}

fn find(state: &AppState, fits: impl Fn(&OfficerConfig) -> bool) -> Result<Officer, AppError> {
    let mut found = None;
    for officer in &state.reference.province.officers {
        // No early end.
        if fits(officer) {
            found = Some(Officer::of(officer));
        }
    }
    found.ok_or(AppError::OfficerKeyInvalid)
}

/// What the pages carry from one to the next in place of the key: an hour of expiry under our signature. It stands in
/// a hidden field of a page that is never stored, and in no cookie or address, so no other site can send it along.
#[must_use]
pub fn session(state: &AppState, officer: &Officer) -> String {
    let until = (state.now() + chrono::Duration::hours(SESSION_HOURS))
        .and_utc()
        .timestamp()
        .to_be_bytes();
    let signed = sign(state, officer.key_sha256.as_bytes(), &until);
    URL_SAFE_NO_PAD.encode([&until[..], &signed[..]].concat())
}

/// The officer of a session that has not ended, and whose key still stands in the province's file.
///
/// # Errors
/// [`AppError::OfficerKeyInvalid`].
pub fn with_session(state: &AppState, session: &str) -> Result<Officer, AppError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(session)
        .map_err(|_| AppError::OfficerKeyInvalid)?;
    let (until, signed) = bytes
        .split_first_chunk::<8>()
        .ok_or(AppError::OfficerKeyInvalid)?;
    let now: NaiveDateTime = state.now();
    if i64::from_be_bytes(*until) < now.and_utc().timestamp() {
        return Err(AppError::OfficerKeyInvalid);
    }
    find(state, |officer| {
        equal(signed, &sign(state, officer.key_sha256.as_bytes(), until))
    })
}

fn sign(state: &AppState, key_sha256: &[u8], until: &[u8; 8]) -> crate::keys::Digest {
    state
        .keys
        .hash(Purpose::OfficerSession, &[key_sha256, until])
}
