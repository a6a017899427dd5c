//! Who may see a case. Unknown code and wrong proof take the same steps and get the same answer.
//!
//! Two kinds of limit stand side by side. By case, in the store: wrong proofs are counted under a keyed hash of the code,
//! known or not; few digits are allowed little, a long secret much, so that whoever tries digits does not shut out the
//! holder with the receipt in hand, and nobody shuts out the bearer of a portal's token. By network, in memory:
//! [`crate::guard::limits`].

use chrono::NaiveDateTime;
use dung_hen_domain::case_code::CaseCode;

use super::asker::Asker;
use crate::connector::merge::{IDENTITY, PHONE, SECRET, clean_proof, proof_hash};
use crate::error::AppError;
use crate::keys::{Digest, Keys, Purpose, equal};
use crate::owed::Counter;
use crate::state::AppState;
use crate::store::{AttemptCount, AttemptLimit, CaseRecord, Opened, Proofs};

/// From this length on a proof is no digits that could be tried out: eight characters of thirty are 39 bits.
const LONG: usize = 8;
/// Wrong short proofs for one code: a few at once, and so many a day.
const SHORT: Limits = (
    b"short",
    [
        AttemptLimit {
            minutes: 15,
            wrong: 5,
        },
        AttemptLimit {
            minutes: 24 * 60,
            wrong: 20,
        },
    ],
);
/// Wrong long proofs for one code.
const SECRETS: Limits = (
    b"long",
    [
        AttemptLimit {
            minutes: 15,
            wrong: 30,
        },
        AttemptLimit {
            minutes: 24 * 60,
            wrong: 200,
        },
    ],
);

/// The name of a kind of proof, and how many wrong ones of it.
type Limits = (&'static [u8], [AttemptLimit; 2]);

/// What wrong proofs of this kind are counted under for a code. The two keys differ in their last byte alone: rows that
/// are always read together stand together.
fn counters(keys: &Keys, (name, limits): Limits, code: &CaseCode) -> [Counter; 2] {
    let key = keys.hash(Purpose::Attempt, &[name, code.as_str().as_bytes()]);
    let [soon, day] = limits;
    [(0, soon), (1, day)].map(|(last, limit)| {
        let mut key = key;
        key[31] = last;
        (key, limit)
    })
}

/// Forms of one code in a text that are asked for, at most.
const MOST_FORMS: usize = 4;

/// Reads a code as typed, alone or in a message: as it stands there, where a case has this very code, as any grammar is
/// one; else as it was meant.
///
/// # Errors
/// [`AppError::InvalidCaseCode`].
pub async fn read_code(state: &AppState, text: &str) -> Result<CaseCode, AppError> {
    let meant = CaseCode::typed(text).map_err(|_| AppError::InvalidCaseCode)?;
    for very in meant.written(text).into_iter().take(MOST_FORMS) {
        if very == meant {
            break;
        }
        let asked = very.clone();
        let found = state
            .store
            .find_one(move |store| store.find_shown(asked.as_str()).map_err(AppError::from))
            .await?;
        if found.is_some() {
            return Ok(very);
        }
    }
    Ok(meant)
}

/// A proof, if one was given.
#[must_use]
pub fn given(proof: Option<&str>) -> Option<String> {
    proof.map(clean_proof).filter(|proof| !proof.is_empty())
}

/// What the code alone shows of the case with this code ([`crate::store::Reader::find_shown`]).
///
/// # Errors
/// [`AppError::CaseNotFound`], [`AppError::PuzzleRequired`].
pub async fn by_code(
    state: &AppState,
    asker: &Asker,
    code: CaseCode,
) -> Result<CaseRecord, AppError> {
    asker.admit(state, &code)?;
    let record = state
        .store
        .find_one(move |store| store.find_shown(code.as_str()).map_err(AppError::from))
        .await?;
    record.ok_or_else(|| {
        asker.was_wrong(state);
        AppError::CaseNotFound
    })
}

/// How somebody has shown to be the holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// By a portal's token.
    Token,
    /// By the receipt's secret.
    Secret,
    /// By the last digits of an identity number or a phone.
    Digits,
}

/// The case with this code, for whoever has shown to be its holder, by a portal's token or by a proof; and by which.
///
/// # Errors
/// [`AppError::NoMatch`] for an unknown code and for a wrong proof; [`AppError::ProofRequired`],
/// [`AppError::TooManyAttempts`], [`AppError::PuzzleRequired`].
pub async fn as_holder(
    state: &AppState,
    asker: &Asker,
    code: CaseCode,
    proof: Option<String>,
) -> Result<(CaseRecord, Shown), AppError> {
    if let Some(opened) = by_token(state, asker, &code).await? {
        return Ok((opened.record, Shown::Token));
    }
    let proof = proof.ok_or(AppError::ProofRequired)?;
    let (opened, shown) = shown(state, asker, code, proof).await?;
    Ok((opened.record, shown))
}

/// The case with this code, for whoever has its proof.
///
/// # Errors
/// As [`as_holder`].
pub async fn by_proof(
    state: &AppState,
    asker: &Asker,
    code: CaseCode,
    proof: String,
) -> Result<Opened, AppError> {
    let (opened, _) = shown(state, asker, code, proof).await?;
    Ok(opened)
}

async fn shown(
    state: &AppState,
    asker: &Asker,
    code: CaseCode,
    proof: String,
) -> Result<(Opened, Shown), AppError> {
    asker.admit(state, &code)?;
    let limits = if proof.len() >= LONG { SECRETS } else { SHORT };
    let counters = counters(&state.keys, limits, &code);
    let counted = counters[0].0;
    let _gate = state.gates.enter(&counted).await;
    let now = state.now();
    let (keys, asked) = (state.keys.clone(), code);
    // Before the database is asked: what is not owed any more by then is there.
    let owed = state.owed.attempts(&counters);
    let ((wait, counts, found), count) = state
        .store
        .one_by_one(
            &counted,
            move |store| -> Result<_, AppError> {
                let (mut counts, mut wait, mut shown) = ([None; 2], 0, None);
                let opens = |counted: [_; 2], kept: Option<&Proofs>| {
                    counts = [0, 1].map(|at| longer(counters[at].1, owed[at], counted[at], now));
                    let waits = [0, 1].map(|at| counters[at].1.wait(counts[at], now));
                    wait = waits[0].max(waits[1]);
                    shown = fits(&keys, kept, &asked, &proof);
                    wait == 0 && shown.is_some()
                };
                let hashes = [&counters[0].0, &counters[1].0];
                let opened = store.open_case_counted(asked.as_str(), hashes, opens)?;
                let wrong = wait == 0 && shown.is_none();
                Ok(((wait, counts, opened.zip(shown)), wrong))
            },
            move |store| {
                let each = counters.iter().map(|(key, limit)| (key, *limit, 1, now));
                Ok(store.count_wrong_attempts(each)?)
            },
        )
        .await?;
    if wait == 0 && found.is_none() {
        // First: where the count below fails, whoever tries codes must come to the puzzle all the same.
        asker.was_wrong(state);
    }
    if count {
        let owed = &state.owed;
        owed.count_wrong(&state.store, &counters, counts, now)
            .await?;
    }
    if wait > 0 {
        return Err(AppError::TooManyAttempts(wait));
    }
    found.ok_or(AppError::NoMatch)
}

/// Of what is owed and what is kept the larger count, while its window lasts: the one that is owed has those kept in it
/// that were there when it was made, and those kept have what was owed and is not any more.
fn longer(
    limit: AttemptLimit,
    owed: Option<AttemptCount>,
    kept: Option<AttemptCount>,
    now: NaiveDateTime,
) -> Option<AttemptCount> {
    let (owed, kept) = (limit.current(owed, now), limit.current(kept, now));
    let larger = owed.filter(|owed| kept.is_none_or(|kept| owed.wrong > kept.wrong));
    larger.or(kept)
}

/// The case, where the asker's token opens it.
///
/// # Errors
/// [`AppError::Internal`].
pub async fn by_token(
    state: &AppState,
    asker: &Asker,
    code: &CaseCode,
) -> Result<Option<Opened>, AppError> {
    let Some(bearer) = asker.bearer() else {
        return Ok(None);
    };
    let (keys, asked, bearer) = (state.keys.clone(), code.clone(), bearer.clone());
    state
        .store
        .find(move |store| {
            let opens = |kept: Option<&Proofs>| {
                kept.is_some_and(|kept| bearer.holds(&keys, asked.as_str(), kept.holder))
            };
            store
                .open_case(asked.as_str(), opens)
                .map_err(AppError::from)
        })
        .await
}

/// Which of the proofs kept with the case this one is.
fn fits(keys: &Keys, kept: Option<&Proofs>, code: &CaseCode, proof: &str) -> Option<Shown> {
    let nothing: [Option<Digest>; 3] = [None; 3];
    let kept = kept.map_or(nothing, |kept| [kept.secret, kept.identity, kept.phone]);
    let mut fits = [false; 3];
    for (index, (kind, kept)) in [SECRET, IDENTITY, PHONE].into_iter().zip(kept).enumerate() {
        let asked = proof_hash(keys, code.as_str(), kind, proof);
        // No early end: known and unknown codes are compared alike.
        fits[index] = equal(&asked, &kept.unwrap_or_default()) & kept.is_some();
    }
    match fits {
        [true, ..] => Some(Shown::Secret),
        [_, identity, phone] => (identity | phone).then_some(Shown::Digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_counters_of_a_code_are_neighbours_and_of_another_code_or_kind_far_away() {
        let keys = Keys::new([1; 32]);
        let of = |limits, code| {
            let code = CaseCode::parse(code).unwrap();
            counters(&keys, limits, &code).map(|(key, _)| key)
        };
        let [first, second] = of(SHORT, "H98.1-261005-0001");
        assert!(first < second, "as they are asked for");
        assert_eq!(first[..31], second[..31]);
        for other in [
            of(SECRETS, "H98.1-261005-0001"),
            of(SHORT, "H98.1-261005-0002"),
        ] {
            assert_ne!(first[..31], other[0][..31]);
        }
    }
}
