//! Tokens of portals where the citizen is signed in: JWT, one algorithm for each portal, five minutes.
//!
//! A token says which cases its bearer holds: by a list of codes, or by a keyed hash of the identity number that
//! equals the one of the case. It opens a case without any proof, whoever has tried wrong ones.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use jwt_compact::alg::{Ed25519, Hs256, Hs256Key, VerifyingKey as _};
use jwt_compact::{AlgorithmExt as _, Claims, Token, UntrustedToken};
use serde::{Deserialize, Serialize};

use crate::config::PortalSettings;
use crate::keys::{Digest, Keys, equal};

/// Longest life of a token.
const LONGEST: Duration = Duration::minutes(5);
/// How far the portal's clock may be ahead of ours.
const CLOCKS: Duration = Duration::seconds(60);
/// Longest token that is read, in bytes.
const MAX_TOKEN: usize = 8 * 1024;

/// A portal whose tokens are believed.
#[derive(Clone, Debug)]
pub struct Portal {
    issuer: String,
    audience: String,
    key: PortalKey,
}

#[derive(Clone, Debug)]
enum PortalKey {
    EdDsa(ed25519_dalek::VerifyingKey),
    Hs256(Hs256Key),
}

/// What a token says, beside its times.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Said {
    iss: String,
    aud: String,
    /// Case codes of the bearer.
    #[serde(default)]
    codes: Vec<String>,
    /// HMAC-SHA256 of the identity number under the key shared for this, base64url.
    #[serde(default)]
    holder: Option<String>,
}

/// A token that was checked.
#[derive(Clone, Debug)]
pub struct Bearer {
    codes: Vec<String>,
    holder: Option<Digest>,
}

impl Bearer {
    /// Whether the bearer holds the case with this code, whose hash of the holder is this.
    #[must_use]
    pub fn holds(&self, keys: &Keys, code: &str, kept: Option<Digest>) -> bool {
        let listed = self.codes.iter().any(|listed| listed == code);
        let same = self
            .holder
            .zip(kept)
            .is_some_and(|(holder, kept)| equal(&keys.holder_of(code, &holder), &kept));
        listed || same
    }
}

impl Portal {
    /// The portals of a configuration; `secret` is the key of the one that uses `HS256`.
    ///
    /// # Errors
    /// The key that is wrong, and what was expected.
    pub fn all(
        settings: &[PortalSettings],
        secret: Option<&str>,
    ) -> Result<Vec<Self>, (String, &'static str)> {
        let shared = settings.iter().filter(|one| one.algorithm == "HS256");
        if shared.count() > 1 {
            return Err(("portals: algorithm".into(), "HS256 for one portal at most"));
        }
        settings.iter().map(|one| Self::one(one, secret)).collect()
    }

    fn one(
        settings: &PortalSettings,
        secret: Option<&str>,
    ) -> Result<Self, (String, &'static str)> {
        let bad =
            |key: &str, expected| Err((format!("portals, {}: {key}", settings.issuer), expected));
        if settings.issuer.is_empty() || settings.audience.is_empty() {
            return bad("issuer, audience", "a text");
        }
        let key = match settings.algorithm.as_str() {
            "EdDSA" => {
                let bytes = settings
                    .public_key
                    .as_deref()
                    .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
                let Some(Ok(key)) =
                    bytes.map(|bytes| ed25519_dalek::VerifyingKey::from_slice(&bytes))
                else {
                    return bad("public_key", "an Ed25519 key, 32 bytes in base64url,");
                };
                PortalKey::EdDsa(key)
            }
            "HS256" => match secret {
                Some(secret) if secret.len() >= 32 => PortalKey::Hs256(Hs256Key::new(secret)),
                _ => {
                    return bad(
                        "DUNG_HEN_PORTAL_SECRET",
                        "32 characters or more in the environment",
                    );
                }
            },
            _ => return bad("algorithm", "EdDSA or HS256"),
        };
        Ok(Self {
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            key,
        })
    }

    /// The bearer of a token of this portal; `None`: it is not one, or not now. The algorithm is the portal's, whatever
    /// the token says of itself.
    fn read(&self, text: &str, now: NaiveDateTime) -> Option<Bearer> {
        let token = UntrustedToken::new(text).ok()?;
        let token: Token<Said> = match &self.key {
            PortalKey::EdDsa(key) => Ed25519.validator(key).validate(&token).ok()?,
            PortalKey::Hs256(key) => Hs256.validator(key).validate(&token).ok()?,
        };
        let Claims {
            expiration,
            issued_at,
            custom,
            ..
        } = token.claims();
        let (until, from): (DateTime<Utc>, DateTime<Utc>) = ((*expiration)?, (*issued_at)?);
        // All our times are civil times of Viet Nam, UTC+7.
        let now = now.and_utc() - Duration::hours(7);
        let timely = from <= now + CLOCKS && now < until && until - from <= LONGEST;
        if !timely || custom.iss != self.issuer || custom.aud != self.audience {
            return None;
        }
        let holder = match &custom.holder {
            None => None,
            Some(text) => Some(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?),
        };
        Some(Bearer {
            codes: custom.codes.clone(),
            holder,
        })
    }
}

/// The bearer of this token, if a portal that is believed made it.
#[must_use]
pub fn bearer(portals: &[Portal], text: &str, now: NaiveDateTime) -> Option<Bearer> {
    if text.len() > MAX_TOKEN {
        return None;
    }
    portals.iter().find_map(|portal| portal.read(text, now))
}
