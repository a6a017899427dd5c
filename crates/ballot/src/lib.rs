//! Ballots, the same code in the browser, on the server and in tests.
//!
//! RFC 9497, mode POPRF, suite ristretto255-SHA512, as the crate `voprf` has it. The *number* is the private
//! input: the browser draws it, blinds it, and the server never sees it before the rating. The *label* is the
//! public input: both sides see it, and an output for one label is worthless for another.
//!
//! 1. [`Client::blind`]: a number becomes a blinded request.
//! 2. [`Issuer::answer`]: the server answers for a label, with a proof that it used its published key.
//! 3. [`Client::finish`]: the proof is checked and the output unblinded. Number, label and output are the ballot.
//! 4. [`LabelKey::fits`]: later, the server computes the output itself and compares.

#![cfg_attr(not(test), no_std)]

mod label;
mod number;

pub use label::LabelKey;
pub use number::{NUMBER_LEN, Number, NumberError};

use rand_core::{CryptoRng, RngCore};
use sha2::{Digest as _, Sha256};
use voprf::{
    BlindedElement, EvaluationElement, Group, PoprfClient, PoprfServer, Proof, Ristretto255,
};

/// A blinded request, on the wire.
pub type Request = [u8; 32];
/// What the client keeps between asking and finishing: the blind, then the request.
pub type Blind = [u8; 64];
/// The output that makes number and label a ballot.
pub type Output = [u8; 64];
/// A public key.
pub type PublicKey = [u8; 32];
/// Random bytes that make one blind.
pub type Randomness = [u8; 64];
/// Length of an answer: the evaluated element, then the proof.
pub const ANSWER_LEN: usize = 96;
/// An answer, on the wire.
pub type Answer = [u8; ANSWER_LEN];

/// Why a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BallotError {
    /// Not an element of the group, the identity, or not of its length.
    Malformed,
    /// The proof does not fit the published key.
    WrongKey,
}

impl core::fmt::Display for BallotError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not an element of the group",
            Self::WrongKey => "the proof does not fit the published key",
        })
    }
}

impl core::error::Error for BallotError {}

/// The browser's side.
#[derive(Debug)]
pub struct Client;

impl Client {
    /// Blinds a number with 64 fresh random bytes.
    ///
    /// # Errors
    /// [`BallotError::Malformed`]; never for random bytes.
    pub fn blind(number: &[u8], randomness: Randomness) -> Result<Blind, BallotError> {
        let mut drawn = Drawn(randomness);
        let blinded = PoprfClient::<Ristretto255>::blind(number, &mut drawn)
            .map_err(|_| BallotError::Malformed)?;
        let mut blind = [0; 64];
        blind.copy_from_slice(&blinded.state.serialize());
        Ok(blind)
    }

    /// The request that goes with a blind.
    #[must_use]
    pub fn request(blind: &Blind) -> Request {
        let mut request = [0; 32];
        request.copy_from_slice(&blind[32..]);
        request
    }

    /// Checks the answer against the published key and unblinds it.
    ///
    /// # Errors
    /// [`BallotError`]; [`BallotError::WrongKey`] when the server used another key or another label.
    pub fn finish(
        number: &[u8],
        blind: &Blind,
        answer: &Answer,
        key: &PublicKey,
        label: &[u8],
    ) -> Result<Output, BallotError> {
        let malformed = |_| BallotError::Malformed;
        let state = PoprfClient::<Ristretto255>::deserialize(blind).map_err(malformed)?;
        let (element, proof) = answer.split_at(32);
        let element = EvaluationElement::<Ristretto255>::deserialize(element).map_err(malformed)?;
        let proof = Proof::<Ristretto255>::deserialize(proof).map_err(malformed)?;
        let key = Ristretto255::deserialize_elem(key).map_err(|_| BallotError::Malformed)?;
        let output = state
            .finalize(number, &element, &proof, key, Some(label))
            .map_err(|_| BallotError::WrongKey)?;
        Ok(output.into())
    }
}

/// Whether these bytes are a blinded request, one that [`Issuer::answer`] does not refuse: known without answering it.
#[must_use]
pub fn is_request(request: &Request) -> bool {
    BlindedElement::<Ristretto255>::deserialize(request).is_ok()
}

/// The server's side: one key.
#[derive(Clone)]
pub struct Issuer(PoprfServer<Ristretto255>);

impl core::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Issuer(…)")
    }
}

impl Issuer {
    /// The key of a period, derived as RFC 9497 section 3.2.1 has it.
    ///
    /// # Errors
    /// [`BallotError::Malformed`], which happens to nobody: one seed in 2^252 gives no key.
    pub fn derive(seed: &[u8; 32], period: &[u8]) -> Result<Self, BallotError> {
        PoprfServer::new_from_seed(seed, period)
            .map(Self)
            .map_err(|_| BallotError::Malformed)
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(&Ristretto255::serialize_elem(self.0.get_public_key()));
        key
    }

    /// Answers a blinded request for a label. The same request and label get the same element; the proof is new.
    ///
    /// # Errors
    /// [`BallotError::Malformed`].
    pub fn answer<R: RngCore + CryptoRng>(
        &self,
        request: &Request,
        label: &[u8],
        rng: &mut R,
    ) -> Result<Answer, BallotError> {
        let blinded = BlindedElement::<Ristretto255>::deserialize(request)
            .map_err(|_| BallotError::Malformed)?;
        let evaluated = self
            .0
            .blind_evaluate(rng, &blinded, Some(label))
            .map_err(|_| BallotError::Malformed)?;
        let mut answer = [0; ANSWER_LEN];
        answer[..32].copy_from_slice(&evaluated.message.serialize());
        answer[32..].copy_from_slice(&evaluated.proof.serialize());
        Ok(answer)
    }

    /// The output of a number and a label, computed without blinding.
    ///
    /// # Errors
    /// [`BallotError::Malformed`].
    pub fn output(&self, number: &[u8], label: &[u8]) -> Result<Output, BallotError> {
        self.0
            .evaluate(number, Some(label))
            .map(Into::into)
            .map_err(|_| BallotError::Malformed)
    }

    /// What checks ballots of one label: made once and used for many, it spares each of them an inversion.
    ///
    /// # Errors
    /// [`BallotError::Malformed`]: a label longer than 65,535 bytes.
    pub fn of_label(&self, label: &[u8]) -> Result<LabelKey, BallotError> {
        LabelKey::new(&self.0, label)
    }

    /// Whether number, label and output are a ballot of this key, as [`LabelKey::fits`].
    #[must_use]
    pub fn fits(&self, number: &[u8], label: &[u8], output: &Output) -> bool {
        let key = self.of_label(label);
        key.is_ok_and(|key| key.fits(number, label, output))
    }
}

/// The fingerprint of a list of keys: SHA-256 over `period`, a zero byte and the key, in the order published.
#[must_use]
pub fn fingerprint<'a>(keys: impl IntoIterator<Item = (&'a str, &'a PublicKey)>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (period, key) in keys {
        hash.update(period.as_bytes());
        hash.update([0]);
        hash.update(key);
    }
    hash.finalize().into()
}

/// Random bytes drawn elsewhere: the browser's generator is JavaScript's to call.
struct Drawn(Randomness);

impl RngCore for Drawn {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// One blind takes 64 bytes once. Were it ever to take more (a scalar of zero, one in 2^252), the next bytes are a
    /// hash of the first: never the same again.
    fn fill_bytes(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(64) {
            chunk.copy_from_slice(&self.0[..chunk.len()]);
            let half: [u8; 32] = Sha256::digest(self.0).into();
            self.0[..32].copy_from_slice(&half);
            let half: [u8; 32] = Sha256::digest(self.0).into();
            self.0[32..].copy_from_slice(&half);
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Drawn {}
