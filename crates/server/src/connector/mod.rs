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
pub mod stream;
