//! Keyed hashes. One master key, kept in a file beside the database and never in it; each
//! purpose has a key of its own, so no hash of one purpose can be compared with another's.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dung_hen_domain::case_code::narrow;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// 32 bytes: a key or a keyed hash.
pub type Digest = [u8; 32];

/// The purposes, each with its label: the list and the order are made of the same lines.
macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)+) => {
        /// What a hash is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Purpose {
            $($(#[$doc])* $name,)+
        }

        impl Purpose {
            /// In the order in which they are declared: a purpose is its own place in this list.
            const ALL: [Self; [$($label),+].len()] = [$(Self::$name),+];

            const fn label(self) -> &'static [u8] {
                match self {
                    $(Self::$name => $label.as_bytes(),)+
                }
            }
        }
    };
}

purposes! {
    /// A proof of being the holder.
    Proof = "proof",
    /// Attempts at a case code.
    Attempt = "attempt",
    /// The asker's number, sealed to the case.
    BallotSeal = "ballot-seal",
    /// Hides what a case keeps of its label from everyone but the asker.
    BallotMask = "ballot-mask",
    /// Blinds a number for a page without JavaScript.
    PageBlind = "page-blind",
    /// The seed of the keys that answer for ballots.
    BallotKey = "ballot-key",
    /// A spent ballot.
    Spent = "spent",
    /// A sheet that has come, by number and questionnaire.
    Sheet = "sheet",
    /// The lot drawn for a number.
    Lot = "lot",
    /// The number of a notice.
    Notice = "notice",
    /// The reference number of an objection.
    Objection = "objection",
    /// What an officer's pages carry in place of the key.
    OfficerSession = "officer-session",
    /// The network of a visitor, in memory alone.
    Network = "network",
    /// Challenges and tickets.
    Puzzle = "puzzle",
    /// The holder that a portal's token names.
    Holder = "holder",
    /// Keys of connectors and officers.
    ApiKey = "api-key",
    /// The chain of the audit log.
    Audit = "audit",
    /// Items that could not be stored, sealed.
    DeadLetter = "dead-letter",
}

/// The server's keys.
#[derive(Clone)]
pub struct Keys {
    master: Digest,
    /// What hashes of each purpose begin with: a look-up makes a dozen of them, and a key costs more than a hash.
    begun: Arc<[Keyed; Purpose::ALL.len()]>,
    /// Shared with the portals: under it they hash identity numbers into their tokens.
    identity: Option<Digest>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// Why there are no keys.
#[derive(Debug)]
pub enum KeyError {
    /// The file could not be read or written.
    Io(std::io::Error),
    /// The file does not hold 32 bytes in base64url.
    Malformed,
    /// The machine gave no random bytes.
    NoRandomness,
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Malformed => f.write_str("32 bytes in base64url expected"),
            Self::NoRandomness => f.write_str("no random bytes from the machine"),
        }
    }
}

impl std::error::Error for KeyError {}

impl Keys {
    /// Keys from a master key.
    #[must_use]
    pub fn new(master: Digest) -> Self {
        Self {
            begun: Arc::new(Purpose::ALL.map(|one| keyed(&mac(&keyed(&master), &[one.label()])))),
            master,
            identity: None,
        }
    }

    /// With the key that portals share with us, 32 bytes in base64url.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn with_identity_key(mut self, text: Option<&str>) -> Result<Self, KeyError> {
        let read = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
            bytes.try_into().ok()
        };
        self.identity = match text.filter(|text| !text.trim().is_empty()) {
            None => None,
            Some(text) => Some(read(text).ok_or(KeyError::Malformed)?),
        };
        Ok(self)
    }

    /// What is kept of a holder with this identity number, for tokens of portals; `None` without a key shared with them.
    #[must_use]
    pub fn holder(&self, code: &str, identity_number: &str) -> Option<Digest> {
        let key = self.identity.as_ref()?;
        let digits: String = identity_number
            .chars()
            .map(narrow)
            .filter(char::is_ascii_digit)
            .collect();
        if digits.is_empty() {
            return None;
        }
        // As any portal computes it: plain HMAC-SHA256 of the digits.
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        mac.update(digits.as_bytes());
        Some(self.holder_of(code, &mac.finalize().into_bytes().into()))
    }

    /// The same from what a token holds. Bound to the code, so that rows of one person cannot be joined.
    #[must_use]
    pub fn holder_of(&self, code: &str, holder: &Digest) -> Digest {
        self.hash(Purpose::Holder, &[code.as_bytes(), holder])
    }

    /// Reads the key file; `None` where there is none.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(KeyError::Io(error)),
        };
        let bytes = URL_SAFE_NO_PAD
            .decode(text.trim())
            .map_err(|_| KeyError::Malformed)?;
        let master = bytes.try_into().map_err(|_| KeyError::Malformed)?;
        Ok(Some(Self::new(master)))
    }

    /// Reads the key file, or makes one that only its owner can read.
    ///
    /// # Errors
    /// [`KeyError`]. A malformed file is never replaced: hashes made with it would be lost.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        if let Some(keys) = Self::load(path)? {
            return Ok(keys);
        }
        let master = random()?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(KeyError::Io)?;
        writeln!(file, "{}", URL_SAFE_NO_PAD.encode(master)).map_err(KeyError::Io)?;
        file.sync_all().map_err(KeyError::Io)?;
        Ok(Self::new(master))
    }

    /// The keyed hash of `parts`. Each part is preceded by its length, so no two lists of parts
    /// share a hash.
    #[must_use]
    pub fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> Digest {
        // For the test that both answers of a look-up cost the same.
        tracing::trace!(target: "dung_hen::work", hash = ?purpose);
        mac(&self.begun[purpose as usize], parts)
    }
}

impl Keys {
    fn sealing(&self, purpose: Purpose) -> Result<LessSafeKey, KeyError> {
        let key = mac(&keyed(&self.master), &[b"seal", purpose.label()]);
        UnboundKey::new(&CHACHA20_POLY1305, &key)
            .map(LessSafeKey::new)
            .map_err(|_| KeyError::Malformed)
    }

    /// Seals a text, so that only who has these keys reads it; `about` is not in it and must be the same to open it.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn seal(&self, purpose: Purpose, about: &[u8], text: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut sealed = random()?[..NONCE_LEN].to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&sealed).map_err(|_| KeyError::Malformed)?;
        let mut inner = text.to_vec();
        self.sealing(purpose)?
            .seal_in_place_append_tag(nonce, Aad::from(about), &mut inner)
            .map_err(|_| KeyError::Malformed)?;
        sealed.extend(inner);
        Ok(sealed)
    }

    /// What was sealed; `None` under other keys, about something else, or where it was changed.
    #[must_use]
    pub fn unseal(&self, purpose: Purpose, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, inner) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut inner = inner.to_vec();
        let text = self
            .sealing(purpose)
            .ok()?
            .open_in_place(nonce, Aad::from(about), &mut inner)
            .ok()?;
        Some(text.to_vec())
    }
}

/// The hash of a ballot's number under the key of a week.
#[must_use]
pub fn handle(week: &Digest, number: &[u8]) -> Digest {
    mac(&keyed(week), &[b"correction", number])
}

/// HMAC-SHA256 that has taken in its key, and nothing else.
type Keyed = Hmac<Sha256>;

fn keyed(key: &Digest) -> Keyed {
    // As a block of HMAC a key is filled up with zeros.
    let mut block = hmac::digest::Key::<Keyed>::default();
    block[..key.len()].copy_from_slice(key);
    Keyed::new(&block)
}

fn mac(keyed: &Keyed, parts: &[&[u8]]) -> Digest {
    let mut mac = keyed.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Compares without telling by time where two hashes differ.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// 32 random bytes.
///
/// # Errors
/// [`KeyError::NoRandomness`].
pub fn random() -> Result<Digest, KeyError> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

/// A number that people read out: `groups` groups of four characters without 0, 1, I, L, O, U.
#[must_use]
pub fn readable(bytes: &[u8], groups: usize) -> String {
    const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut out = String::new();
    for (index, byte) in bytes.iter().take(groups * 4).enumerate() {
        if index > 0 && index % 4 == 0 {
            out.push('-');
        }
        out.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What earlier versions have kept stays valid: HMAC-SHA256 under the HMAC-SHA256 of the purpose's name, each part
    /// after its length in eight bytes. Computed apart from this program, with Python's `hmac`.
    #[test]
    fn hashes_are_what_they_were() {
        let keys = Keys::new([7; 32]);
        let hex = |hash: Digest| hash.map(|byte| format!("{byte:02x}")).concat();
        assert_eq!(
            hex(keys.hash(Purpose::Proof, &[b"H98.1-261005-0001", b"phone", b"4567"])),
            "3559a70b505a0f3da4ea4e717b72e1e0f98dcd11e78b10c9a977a87f80fcc3f9"
        );
        assert_eq!(
            hex(keys.hash(Purpose::BallotKey, &[])),
            "7923fca6f28a313459eff116cd37bf3e294b4b4e3f7dc2fd6a899827fa658334"
        );
        assert_eq!(
            hex(handle(&[9; 32], b"number")),
            "2d60c2efc70f3a87c7a011cea31f1fe8943b8fee5c865afbd53344db066eecd8"
        );
    }
}
