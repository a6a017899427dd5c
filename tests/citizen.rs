//! The citizen's side of a ballot, as `public/parts/rating.js` plays it: a number, its blinding, the check of the answer.

#![allow(
    clippy::expect_used,
    unreachable_pub,
    reason = "a helper of several crates' tests: to fail is its way of telling"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dung_hen_ballot::{Blind, Client, Number, Output, Request};
use serde_json::{Value, json};

/// One who rates one case.
#[derive(Debug)]
pub struct Citizen {
    /// The number of the ballot.
    pub number: Number,
    blind: Blind,
}

impl Citizen {
    /// Always the same one for the same seed.
    ///
    /// # Panics
    /// Never for bytes of any kind.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
        let mut byte = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[1]
        };
        let number = Number::from_random(std::array::from_fn(|_| byte()));
        let blind = Client::blind(number.as_bytes(), std::array::from_fn(|_| byte()))
            .expect("a blind of random bytes");
        Self { number, blind }
    }

    /// The request as bytes.
    #[must_use]
    pub fn request(&self) -> Request {
        Client::request(&self.blind)
    }

    /// `POST /api/v1/ballots`.
    #[must_use]
    pub fn ask(&self, case_code: &str, proof: &str) -> Value {
        json!({ "case_code": case_code, "proof": proof, "blinded": URL_SAFE_NO_PAD.encode(self.request()) })
    }

    /// The ballot out of the server's answer, checked against the published keys.
    ///
    /// # Panics
    /// Where the answer does not fit the published key.
    #[must_use]
    pub fn ballot(&self, answer: &Value, keys: &Value) -> Value {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let bytes = |value: &Value| URL_SAFE_NO_PAD.decode(text(value)).expect("base64url");
        let period = &answer["period"];
        let key = keys["keys"]
            .as_array()
            .and_then(|keys| keys.iter().find(|key| key["period"] == *period))
            .expect("the key of the period");
        let label = text(&answer["label"]);
        let output: Output = Client::finish(
            self.number.as_bytes(),
            &self.blind,
            &bytes(&answer["answer"]).try_into().expect("96 bytes"),
            &bytes(&key["key"]).try_into().expect("32 bytes"),
            label.as_bytes(),
        )
        .expect("an answer under the published key");
        json!({ "label": label, "number": self.number.as_str(), "output": URL_SAFE_NO_PAD.encode(output) })
    }
}

/// `POST /api/v1/ratings` with this ballot and answer to the first question.
#[must_use]
pub fn rating(ballot: &Value, overall: u8) -> Value {
    json!({ "ballot": ballot, "instrument": "five-factors-1", "language": "vi", "overall": overall,
            "factors": [{ "factor": "officials", "level": 4 }] })
}
