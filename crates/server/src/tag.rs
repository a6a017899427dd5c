//! Short tags of bytes: the same bytes have the same tag. No secret is in them and none is kept by them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The tag of these bytes.
#[must_use]
pub fn of(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    URL_SAFE_NO_PAD.encode(&digest[..12])
}
