//! The key of one label: RFC 9497 section 3.3.3, `Evaluate`, with what hangs on the label alone computed beforehand.

use sha2::{Digest as _, Sha512};
use voprf::{Group, PoprfServer, Ristretto255};
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::{BallotError, Output};

type Scalar = <Ristretto255 as Group>::Scalar;

/// `"HashToGroup-" || contextString` and `"HashToScalar-" || contextString`.
const TO_GROUP: &[&[u8]] = &[b"HashToGroup-", CONTEXT];
const TO_SCALAR: &[&[u8]] = &[b"HashToScalar-", CONTEXT];
/// `"OPRFV1-" || I2OSP(mode, 1) || "-" || identifier`; the mode of POPRF is 2.
const CONTEXT: &[u8] = b"OPRFV1-\x02-ristretto255-SHA512";

/// Checks ballots of one label. As secret as the key of the quarter: with the label, which is public, it *is* that key.
/// Wiped when it goes; not to be copied, so shared where several need it.
pub struct LabelKey {
    /// One over the private key and the label's hash.
    inverse: Scalar,
}

impl core::fmt::Debug for LabelKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("LabelKey(…)")
    }
}

impl Drop for LabelKey {
    fn drop(&mut self) {
        self.inverse.zeroize();
    }
}

impl ZeroizeOnDrop for LabelKey {}

impl LabelKey {
    pub(crate) fn new(
        server: &PoprfServer<Ristretto255>,
        label: &[u8],
    ) -> Result<Self, BallotError> {
        let malformed = |_| BallotError::Malformed;
        let mut bytes = server.serialize();
        let private = Ristretto255::deserialize_scalar(&bytes[..32]);
        bytes.as_mut_slice().zeroize();
        let private = Zeroizing::new(private.map_err(|_| BallotError::Malformed)?);
        let framed: [&[u8]; 3] = [b"Info", &length(label)?, label];
        let hash = Ristretto255::hash_to_scalar::<Sha512>(&framed, TO_SCALAR).map_err(malformed)?;
        let tweaked = Zeroizing::new(*private + hash);
        if Ristretto255::is_zero_scalar(*tweaked).into() {
            return Err(BallotError::Malformed);
        }
        Ok(Self {
            inverse: Ristretto255::invert_scalar(*tweaked),
        })
    }

    fn output(&self, number: &[u8], label: &[u8]) -> Result<Output, BallotError> {
        let point = Ristretto255::hash_to_curve::<Sha512>(&[number], TO_GROUP)
            .map_err(|_| BallotError::Malformed)?;
        if Ristretto255::is_identity_elem(point).into() {
            return Err(BallotError::Malformed);
        }
        let issued = Ristretto255::serialize_elem(point * self.inverse);
        let hash = Sha512::new()
            .chain_update(length(number)?)
            .chain_update(number)
            .chain_update(length(label)?)
            .chain_update(label)
            .chain_update(length(&issued)?)
            .chain_update(issued)
            .chain_update(b"Finalize");
        Ok(hash.finalize().into())
    }

    /// Whether number, label (the one that this was made for) and output are a ballot. Takes the same time for every wrong
    /// output.
    #[must_use]
    pub fn fits(&self, number: &[u8], label: &[u8], output: &Output) -> bool {
        self.output(number, label).is_ok_and(|right| {
            let differing = right
                .iter()
                .zip(output)
                .fold(0, |all, (a, b)| all | (a ^ b));
            core::hint::black_box(differing) == 0
        })
    }
}

/// `I2OSP(len(bytes), 2)`.
fn length(bytes: &[u8]) -> Result<[u8; 2], BallotError> {
    let len = u16::try_from(bytes.len()).map_err(|_| BallotError::Malformed)?;
    Ok(len.to_be_bytes())
}
