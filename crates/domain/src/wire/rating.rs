//! Ballot and rating: two calls that share nothing.

use serde::{Deserialize, Serialize};

use crate::case::wire_enum;

wire_enum! {
    /// Whether the service can be rated.
    RatingState {
        /// Not yet: nothing has come to an end, and nothing is late.
        NotYet = "not_yet",
        /// It can.
        Open = "open",
        /// The ballot of this case has been given out.
        BallotGiven = "ballot_given",
    }
}

/// `POST /api/v1/ballots`: asked for with proof.
#[derive(Clone, Serialize, Deserialize)]
pub struct BallotRequest {
    /// The case.
    pub case_code: String,
    /// The proof.
    pub proof: String,
    /// 32 random bytes of the asker, base64url without padding. The same number asked again gets
    /// the same ballot, so a lost answer costs nothing.
    pub ballot_request: String,
}

/// A ballot: what a rating carries instead of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// The public label: the cell the rating counts in.
    pub label: BallotLabel,
    /// The asker's number, base64url.
    pub number: String,
    /// The server's signature over number and label, base64url.
    pub signature: String,
}

/// The cell a rating counts in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotLabel {
    /// Agency code.
    pub agency: String,
    /// Month, `YYYY-MM`.
    pub month: String,
}

/// `POST /api/v1/ratings`: no case code, proof or token.
#[derive(Clone, Serialize, Deserialize)]
pub struct RatingRequest {
    /// The ballot.
    pub ballot: Ballot,
    /// The instrument answered.
    pub instrument: String,
    /// The language it was answered in.
    pub language: String,
    /// The service as a whole, 1 to 5.
    pub overall: u8,
    /// Factors by name, 1 to 5; those not answered are left out.
    #[serde(default)]
    pub factors: Vec<FactorAnswer>,
}

/// The answer to one factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorAnswer {
    /// Machine name of the factor.
    pub factor: String,
    /// 1 to 5.
    pub level: u8,
}

/// The receipt for a rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingReceipt {
    /// In readable groups.
    pub receipt: String,
    /// Whether the same rating had been stored before.
    pub repeated: bool,
}
