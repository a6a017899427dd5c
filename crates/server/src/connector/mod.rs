//! What provincial one-stop systems send: `DongBoHoSoMC` (cases) and `CapNhatTienDoHoSoMC`
//! (progress), read strictly enough that a wrong date never becomes a promise, and merged so
//! that a first promise is never overwritten.
//!
//! Of the applicant only keyed hashes of the proofs pass this door.

pub mod dead;
pub mod envelope;
pub mod file;
pub mod intake;
pub mod known;
pub mod merge;
pub mod pull;
pub mod refusals;
pub mod replay;
pub mod stream;

use chrono::NaiveDateTime;

use crate::figures::Counting;
use crate::keys::Keys;

/// What items are written with.
#[derive(Clone, Debug)]
pub struct Intake {
    /// Who sends: the name of a key, a file, or `pull/…`.
    pub sender: String,
    /// The keys.
    pub keys: Keys,
    /// Now.
    pub now: NaiveDateTime,
    /// When the items came; earlier than now where dead letters are tried again.
    pub came_at: NaiveDateTime,
    /// What cases are counted with.
    pub counting: Counting,
}
