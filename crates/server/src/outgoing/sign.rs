//! Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature` over "id.timestamp.body".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// A key that signs.
#[derive(Clone)]
pub enum Secret {
    /// `whsec_…`: shared with the receiver, HMAC-SHA256.
    Shared(Vec<u8>),
    /// `whsk_…`: the receiver holds the public half (`whpk_…`), Ed25519.
    Pair(Box<SigningKey>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The longest secret that Standard Webhooks names, in bytes.
const LONGEST: usize = 64;
/// The shortest.
const SHORTEST: usize = 24;

impl Secret {
    /// From `whsec_` (24 to 64 bytes) or `whsk_` (32 bytes) and base64.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(shared) = text.strip_prefix("whsec_") {
            let bytes = STANDARD.decode(shared).ok()?;
            return (SHORTEST..=LONGEST)
                .contains(&bytes.len())
                .then_some(Self::Shared(bytes));
        }
        let seed: [u8; 32] = STANDARD
            .decode(text.strip_prefix("whsk_")?)
            .ok()?
            .try_into()
            .ok()?;
        Some(Self::Pair(Box::new(SigningKey::from_bytes(&seed))))
    }

    /// What the receiver needs where it is not the secret itself.
    #[must_use]
    pub fn public(&self) -> Option<String> {
        match self {
            Self::Shared(_) => None,
            Self::Pair(key) => Some(format!(
                "whpk_{}",
                STANDARD.encode(key.verifying_key().to_bytes())
            )),
        }
    }

    /// One signature, with the version that says how it was made.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let text = format!("{id}.{timestamp}.{body}");
        match self {
            Self::Shared(key) => {
                // HMAC takes keys of every length; the fallback cannot be reached and keeps this total.
                let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
                    return String::new();
                };
                mac.update(text.as_bytes());
                format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
            }
            Self::Pair(key) => {
                let signature = key.sign(text.as_bytes());
                format!("v1a,{}", STANDARD.encode(signature.to_bytes()))
            }
        }
    }
}

/// The signatures of all secrets, as the header carries them: while a secret is changed, both hold.
#[must_use]
pub fn signatures(secrets: &[Secret], id: &str, timestamp: i64, body: &str) -> String {
    let all: Vec<String> = secrets
        .iter()
        .map(|secret| secret.sign(id, timestamp, body))
        .collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_published_example_is_signed_as_published() {
        let secret = Secret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_pair_signs_what_its_public_half_checks() {
        let seed = STANDARD.encode([7; 32]);
        let secret = Secret::read(&format!("whsk_{seed}")).unwrap();
        let signed = secret.sign("msg_1", 5, "{}");
        let signature: [u8; 64] = STANDARD
            .decode(signed.strip_prefix("v1a,").unwrap())
            .unwrap()
            .try_into()
            .unwrap();
        let public: [u8; 32] = STANDARD
            .decode(secret.public().unwrap().strip_prefix("whpk_").unwrap())
            .unwrap()
            .try_into()
            .unwrap();
        let key = ed25519_dalek::VerifyingKey::from_bytes(&public).unwrap();
        let signature = ed25519_dalek::Signature::from_bytes(&signature);
        assert!(key.verify_strict(b"msg_1.5.{}", &signature).is_ok());
        assert!(key.verify_strict(b"msg_1.6.{}", &signature).is_err());
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let short = format!("whsec_{}", STANDARD.encode([1; 23]));
        for text in ["", "whsec_", "secret", "whsk_AAAA", short.as_str()] {
            assert!(Secret::read(text).is_none(), "{text}");
        }
    }
}
