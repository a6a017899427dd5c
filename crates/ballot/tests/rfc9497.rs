//! The vectors of RFC 9497, appendix A.1.3 (ristretto255-SHA512, POPRF mode, batch size one), and what must fail.

#![expect(
    clippy::unwrap_used,
    reason = "a test says what is wrong by panicking, its helpers too"
)]

use dung_hen_ballot::{
    Answer, BallotError, Client, Issuer, Number, Output, fingerprint, is_request,
};

use rand_core::{CryptoRng, RngCore};

fn hex(text: &str) -> Vec<u8> {
    let text: String = text.split_whitespace().collect();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Gives out a scalar: 64 bytes that are reduced, hence the scalar itself and 32 zeros.
struct Scalar(Vec<u8>);

impl Scalar {
    fn wide(scalar: &str) -> [u8; 64] {
        let mut bytes = hex(scalar);
        bytes.resize(64, 0);
        bytes.try_into().unwrap()
    }
}

impl RngCore for Scalar {
    fn next_u32(&mut self) -> u32 {
        unreachable!()
    }
    fn next_u64(&mut self) -> u64 {
        unreachable!()
    }
    fn fill_bytes(&mut self, out: &mut [u8]) {
        out.copy_from_slice(&self.0);
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Scalar {}

const SEED: [u8; 32] = [0xa3; 32];
const KEY_INFO: &[u8] = b"test key";
const PUBLIC: &str = "c647bef38497bc6ec077c22af65b696efa43bff3b4a1975a3e8e0a1c5a79d631";
const INFO: &[u8] = b"test info";
const BLIND: &str = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706";
const PROOF_SCALAR: &str = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e";

struct Vector {
    input: &'static str,
    blinded: &'static str,
    evaluated: &'static str,
    proof: &'static str,
    output: &'static str,
}

const VECTORS: [Vector; 2] = [
    Vector {
        input: "00",
        blinded: "c8713aa89241d6989ac142f22dba30596db635c772cbf25021fdd8f3d461f715",
        evaluated: "1a4b860d808ff19624731e67b5eff20ceb2df3c3c03b906f5693e2078450d874",
        proof: "41ad1a291aa02c80b0915fbfbb0c0afa15a57e2970067a602ddb9e8fd6b7100d
                e32e1ecff943a36f0b10e3dae6bd266cdeb8adf825d86ef27dbc6c0e30c52206",
        output: "ca688351e88afb1d841fde4401c79efebb2eb75e7998fa9737bd5a82a152406d
                 38bd29f680504e54fd4587eddcf2f37a2617ac2fbd2993f7bdf45442ace7d221",
    },
    Vector {
        input: "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
        blinded: "f0f0b209dd4d5f1844dac679acc7761b91a2e704879656cb7c201e82a99ab07d",
        evaluated: "8c3c9d064c334c6991e99f286ea2301d1bde170b54003fb9c44c6d7bd6fc1540",
        proof: "4c39992d55ffba38232cdac88fe583af8a85441fefd7d1d4a8d0394cd1de7701
                8bf135c174f20281b3341ab1f453fe72b0293a7398703384bed822bfdeec8908",
        output: "7c6557b276a137922a0bcfc2aa2b35dd78322bd500235eb6d6b6f91bc5b56a52
                 de2d65612d503236b321f5d0bebcbc52b64b92e426f29c9b8b69f52de98ae507",
    },
];

#[test]
fn the_vectors_of_the_rfc() {
    let issuer = Issuer::derive(&SEED, KEY_INFO).unwrap();
    assert_eq!(issuer.public_key().to_vec(), hex(PUBLIC));
    for vector in &VECTORS {
        let input = hex(vector.input);
        let blind = Client::blind(&input, Scalar::wide(BLIND)).unwrap();
        let request = Client::request(&blind);
        assert_eq!(request.to_vec(), hex(vector.blinded));
        let mut proof_scalar = Scalar(Scalar::wide(PROOF_SCALAR).to_vec());
        let answer = issuer.answer(&request, INFO, &mut proof_scalar).unwrap();
        assert_eq!(answer[..32].to_vec(), hex(vector.evaluated));
        assert_eq!(answer[32..].to_vec(), hex(vector.proof));
        let output = Client::finish(&input, &blind, &answer, &issuer.public_key(), INFO).unwrap();
        assert_eq!(output.to_vec(), hex(vector.output));
        assert!(issuer.fits(&input, INFO, &output));
    }
}

fn number() -> Number {
    Number::from_random(core::array::from_fn(|i| u8::try_from(7 * i).unwrap()))
}

fn ballot(issuer: &Issuer, label: &[u8]) -> (Number, Output) {
    let number = number();
    let blind = Client::blind(number.as_bytes(), [9; 64]).unwrap();
    let mut rng = Scalar(vec![5; 64]);
    let answer = issuer
        .answer(&Client::request(&blind), label, &mut rng)
        .unwrap();
    let key = issuer.public_key();
    (
        number,
        Client::finish(number.as_bytes(), &blind, &answer, &key, label).unwrap(),
    )
}

#[test]
fn a_ballot_fits_its_key_its_label_and_its_number_only() {
    let issuer = Issuer::derive(&SEED, b"2026-Q4").unwrap();
    let (number, output) = ballot(&issuer, b"label");
    assert!(issuer.fits(number.as_bytes(), b"label", &output));
    assert!(!issuer.fits(number.as_bytes(), b"labem", &output));
    let other = Number::from_random([1; 22]);
    assert!(!issuer.fits(other.as_bytes(), b"label", &output));
    let next = Issuer::derive(&SEED, b"2027-Q1").unwrap();
    assert!(!next.fits(number.as_bytes(), b"label", &output));
    let mut forged = output;
    forged[63] ^= 1;
    assert!(!issuer.fits(number.as_bytes(), b"label", &forged));
}

#[test]
fn an_answer_under_another_key_or_label_is_noticed() {
    let published = Issuer::derive(&SEED, b"2026-Q4").unwrap();
    let own = Issuer::derive(&[1; 32], b"2026-Q4").unwrap();
    let number = number();
    let number = number.as_bytes();
    let blind = Client::blind(number, [9; 64]).unwrap();
    let mut rng = Scalar(vec![5; 64]);
    let finish = |answer: &Answer, label: &[u8]| {
        Client::finish(number, &blind, answer, &published.public_key(), label)
    };
    let request = Client::request(&blind);
    let traced = own.answer(&request, b"label", &mut rng).unwrap();
    assert_eq!(finish(&traced, b"label"), Err(BallotError::WrongKey));
    let narrow = published
        .answer(&request, b"this case alone", &mut rng)
        .unwrap();
    assert_eq!(finish(&narrow, b"label"), Err(BallotError::WrongKey));
    assert!(finish(&narrow, b"this case alone").is_ok());
}

#[test]
fn malformed_elements_are_refused() {
    let issuer = Issuer::derive(&SEED, b"2026-Q4").unwrap();
    let mut rng = Scalar(vec![5; 64]);
    // The identity, and bytes that are no canonical encoding.
    for request in [[0; 32], [0xff; 32]] {
        assert_eq!(
            issuer.answer(&request, b"label", &mut rng),
            Err(BallotError::Malformed)
        );
        assert!(!is_request(&request));
    }
    let number = number();
    let blind = Client::blind(number.as_bytes(), [9; 64]).unwrap();
    assert!(is_request(&Client::request(&blind)));
    let key = issuer.public_key();
    for answer in [[0; 96], [0xff; 96]] {
        assert!(Client::finish(number.as_bytes(), &blind, &answer, &key, b"label").is_err());
    }
}

/// A request is a random element of the group: no number is recognised by it.
#[test]
fn the_same_number_never_makes_the_same_request_twice() {
    let number = number();
    let one = Client::blind(number.as_bytes(), [1; 64]).unwrap();
    let two = Client::blind(number.as_bytes(), [2; 64]).unwrap();
    assert_ne!(Client::request(&one), Client::request(&two));
}

#[test]
fn the_fingerprint_depends_on_every_key_and_period() {
    let keys = [[1; 32], [2; 32]];
    let of =
        |first: &str, a: usize, b: usize| fingerprint([(first, &keys[a]), ("2027-Q1", &keys[b])]);
    let right = of("2026-Q4", 0, 1);
    assert_ne!(right, of("2026-Q4", 1, 0));
    assert_ne!(right, of("2026-Q3", 0, 1));
    assert_eq!(right, of("2026-Q4", 0, 1));
}
