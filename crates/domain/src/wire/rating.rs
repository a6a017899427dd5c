//! Ballot and rating: two calls that share nothing.

use serde::{Deserialize, Deserializer, Serialize};

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
    /// The blinded number, 32 bytes in base64url without padding. The same asked again gets the same answer, so a
    /// lost answer costs nothing.
    pub blinded: String,
    /// That the ballot given before was not the holder's: with a portal's token a fresh one is given, once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contest: bool,
}

/// What the server answers: with it the asker makes the ballot out of the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotAnswer {
    /// The public label: the cell the rating counts in, as `BallotLabel::to_text` writes it.
    pub label: String,
    /// The period whose key was used, `YYYY-Qn`.
    pub period: String,
    /// Evaluated element and proof, 96 bytes in base64url.
    pub answer: String,
}

/// A ballot: what a rating carries instead of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// The public label.
    pub label: String,
    /// The number, 24 characters; hyphens and blanks do not matter.
    pub number: String,
    /// The output of the function for number and label, 64 bytes in base64url.
    pub output: String,
}

/// `GET /api/v1/ballots/keys`: the same for everyone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotKeys {
    /// SHA-256 over the keys, 32 bytes in hexadecimal, to compare with what is written elsewhere.
    pub fingerprint: String,
    /// The keys, oldest first.
    pub keys: Vec<BallotKey>,
}

/// The public key of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotKey {
    /// `YYYY-Qn`.
    pub period: String,
    /// 32 bytes in base64url.
    pub key: String,
}

/// What a rating says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The instrument answered.
    pub instrument: String,
    /// The language it was answered in.
    pub language: String,
    /// The service as a whole, a level of the instrument's scale.
    pub overall: u8,
    /// Factors by name; those not answered are left out.
    #[serde(default)]
    pub factors: Vec<FactorAnswer>,
    /// "What was wrong?", asked after a bad factor: machine names of the criteria named.
    #[serde(default)]
    pub wrong: Vec<String>,
    /// In the citizen's own words, up to [`MAX_COMMENT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Longest comment, in characters.
pub const MAX_COMMENT: usize = 1000;

/// Reads answers and what stands beside them field by field: through `serde(flatten)` all of them would be kept first, at
/// some cost, and nobody could be told which of them is wrong.
macro_rules! read_beside_answers {
    ($request:ident { $beside:ident: $type:ty }) => {
        impl<'de> Deserialize<'de> for $request {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                struct Flat {
                    $beside: $type,
                    instrument: String,
                    language: String,
                    overall: u8,
                    #[serde(default)]
                    factors: Vec<FactorAnswer>,
                    #[serde(default)]
                    wrong: Vec<String>,
                    comment: Option<String>,
                }
                let flat = Flat::deserialize(deserializer)?;
                Ok(Self {
                    $beside: flat.$beside,
                    answers: Answers {
                        instrument: flat.instrument,
                        language: flat.language,
                        overall: flat.overall,
                        factors: flat.factors,
                        wrong: flat.wrong,
                        comment: flat.comment,
                    },
                })
            }
        }
    };
}

read_beside_answers!(RatingRequest { ballot: Ballot });
read_beside_answers!(CorrectionRequest { number: String });

/// `POST /api/v1/ratings`: no case code, proof or token.
#[derive(Clone, Serialize)]
pub struct RatingRequest {
    /// The ballot.
    pub ballot: Ballot,
    /// The answers.
    #[serde(flatten)]
    pub answers: Answers,
}

/// `POST /api/v1/ratings/corrections`: other answers for a rating that was sent, by whoever holds its number.
#[derive(Clone, Serialize)]
pub struct CorrectionRequest {
    /// The number of the ballot, which is the receipt of the rating.
    pub number: String,
    /// The answers that take the place of the earlier ones, all of them.
    #[serde(flatten)]
    pub answers: Answers,
}

/// The answer to one factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorAnswer {
    /// Machine name of the factor.
    pub factor: String,
    /// A level of the instrument's scale.
    pub level: u8,
}

/// The receipt for a rating or a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingReceipt {
    /// The number in groups of four.
    pub receipt: String,
    /// Whether the same rating had been stored before.
    pub repeated: bool,
    /// The last day on which it can be corrected, `YYYY-MM-DD`.
    pub correct_until: String,
    /// Questionnaires that this rater is invited to answer as well, each on a sheet of its own, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

/// `POST /api/v1/ratings/sheets`: a sheet, with the ballot of the rating and nothing else.
#[derive(Clone, Serialize, Deserialize)]
pub struct SheetRequest {
    /// The ballot.
    pub ballot: Ballot,
    /// The questionnaire.
    pub instrument: String,
    /// The language it was answered in.
    pub language: String,
    /// Every question of the sheet, answered or not.
    pub answers: Vec<SheetAnswer>,
}

/// What a sheet says of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetAnswer {
    /// Machine name of the question.
    pub question: String,
    /// A level of the questionnaire's scale; `None` where it was asked and left out.
    #[serde(default)]
    pub level: Option<u8>,
}

/// The receipt for a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetReceipt {
    /// Whether it had come before.
    pub repeated: bool,
}
