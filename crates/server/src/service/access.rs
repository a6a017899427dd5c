//! Who may see a case. Unknown code and wrong proof take the same steps and get the same answer.

use dung_hen_domain::case_code::CaseCode;
use tokio::sync::{Mutex, MutexGuard};

use crate::connector::merge::{IDENTITY, PHONE, SECRET, clean_proof, proof_hash};
use crate::error::AppError;
use crate::keys::{Digest, Keys, Purpose, equal};
use crate::state::AppState;
use crate::store::CaseRecord;

/// Reads a code as typed.
///
/// # Errors
/// [`AppError::InvalidCaseCode`].
pub fn clean_code(text: &str) -> Result<CaseCode, AppError> {
    CaseCode::parse(text).map_err(|_| AppError::InvalidCaseCode)
}

/// A proof, if one was given.
#[must_use]
pub fn given(proof: Option<&str>) -> Option<String> {
    proof.map(clean_proof).filter(|proof| !proof.is_empty())
}

/// The case with this code, for whoever has shown a proof of being its holder.
///
/// # Errors
/// [`AppError::NoMatch`] for an unknown code and for a wrong proof; [`AppError::TooManyAttempts`].
pub async fn as_holder(
    state: &AppState,
    code: CaseCode,
    proof: String,
) -> Result<CaseRecord, AppError> {
    let now = state.now();
    let attempt = state
        .keys
        .hash(Purpose::Attempt, &[code.as_str().as_bytes()]);
    let _gate = state.gates.enter(&attempt).await;
    let keys = state.keys.clone();
    let looked = state
        .store
        .one_by_one(
            &attempt,
            move |store| -> Result<_, AppError> {
                let wait = store.attempts_wait(&attempt, now)?;
                let record = store.find_case(code.as_str())?;
                let fits = fits(&keys, record.as_ref(), &code, &proof);
                Ok(((wait, record.filter(|_| fits)), wait == 0 && !fits))
            },
            move |store| Ok(store.count_wrong_attempt(&attempt, now)?),
        )
        .await?;
    match looked {
        (wait @ 1.., _) => Err(AppError::TooManyAttempts(wait)),
        (0, Some(record)) => Ok(record),
        (0, None) => Err(AppError::NoMatch),
    }
}

/// Whether the proof is one of those kept with the case.
fn fits(keys: &Keys, record: Option<&CaseRecord>, code: &CaseCode, proof: &str) -> bool {
    let nothing: [Option<Digest>; 3] = [None; 3];
    let kept = record.map_or(nothing, |record| {
        [record.secret_hash, record.identity_hash, record.phone_hash]
    });
    let mut fits = false;
    for (kind, kept) in [SECRET, IDENTITY, PHONE].into_iter().zip(kept) {
        let asked = proof_hash(keys, code.as_str(), kind, proof);
        // No early end: known and unknown codes are compared alike.
        fits |= equal(&asked, &kept.unwrap_or_default()) & kept.is_some();
    }
    fits
}

/// Lets attempts at one code through one by one in this server; [`crate::store::Store::one_by_one`] does so among
/// servers. Without it a hundred guesses sent at the same instant would
/// all be let in before the first of them is counted.
#[derive(Debug)]
pub struct Gates(Vec<Mutex<()>>);

impl Default for Gates {
    fn default() -> Self {
        Self((0..256).map(|_| Mutex::new(())).collect())
    }
}

impl Gates {
    async fn enter(&self, attempt: &Digest) -> MutexGuard<'_, ()> {
        // 256 gates, one for each first byte.
        self.0[usize::from(attempt[0])].lock().await
    }
}
