//! The keys that answer for ballots: one a quarter, derived from the server's secret, and of each the keys of labels.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dung_hen_ballot::{Issuer, LabelKey, Number, Output, fingerprint};
use dung_hen_domain::wire::{BallotKey, BallotKeys};

use crate::error::AppError;
use crate::keys::{Keys, Purpose};

/// The first year with keys, and how many years have them. All are published at once, so that one fingerprint
/// stands for all of them; the list only ever grows by a new version of this program.
const FIRST_YEAR: i32 = 2026;
const YEARS: i32 = 10;
/// Labels whose keys are remembered, at most.
const LABELS: usize = 4096;

/// The quarters that have a published key.
fn quarters() -> impl Iterator<Item = String> {
    (FIRST_YEAR..FIRST_YEAR + YEARS)
        .flat_map(|year| (1..=4).map(move |quarter| format!("{year}-Q{quarter}")))
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Keys that have been derived: of quarters, which takes two multiplications on the curve, more than a ballot is checked
/// with; and of labels. Each goes with the process.
#[derive(Debug, Default)]
pub struct Issuers {
    quarters: RwLock<HashMap<String, Arc<Issuer>>>,
    labels: RwLock<HashMap<String, Arc<LabelKey>>>,
}

impl Issuers {
    /// The key of a quarter.
    ///
    /// # Errors
    /// [`AppError::Internal`], for one seed in 2^252.
    pub fn of(&self, keys: &Keys, quarter: &str) -> Result<Arc<Issuer>, AppError> {
        if let Some(issuer) = read(&self.quarters).get(quarter) {
            return Ok(Arc::clone(issuer));
        }
        let derived = Arc::new(issuer(keys, quarter)?);
        // Labels are written by clients: only quarters that have a published key are remembered.
        if quarters().any(|one| one == quarter) {
            let mut known = write(&self.quarters);
            known.insert(quarter.to_owned(), Arc::clone(&derived));
        }
        Ok(derived)
    }

    /// Whether the key of this quarter answered for this number under this label.
    ///
    /// # Errors
    /// [`AppError::Internal`].
    pub fn fits(
        &self,
        keys: &Keys,
        quarter: &str,
        label: &str,
        number: &Number,
        output: &Output,
    ) -> Result<bool, AppError> {
        let known = read(&self.labels).get(label).cloned();
        let checks = |key: &LabelKey| key.fits(number.as_bytes(), label.as_bytes(), output);
        let derive = || {
            let key = self.of(keys, quarter)?.of_label(label.as_bytes());
            key.map_err(|_| AppError::Internal("ballot label"))
        };
        if let Some(key) = known {
            let fits = checks(&key);
            if !fits {
                // A label is known because somebody has shown a ballot of it, that is, has rated in what may be a small
                // group. A forged ballot must not be refused sooner for that: the key is made as if nobody had.
                drop(std::hint::black_box(derive()?));
            }
            return Ok(fits);
        }
        let key = derive()?;
        let fits = checks(&key);
        // Labels are written by clients: only those are remembered that ballots were given for.
        if fits {
            let mut labels = write(&self.labels);
            if labels.len() >= LABELS {
                labels.clear();
            }
            labels.insert(label.to_owned(), Arc::new(key));
        }
        Ok(fits)
    }
}

/// The key of a quarter.
///
/// # Errors
/// [`AppError::Internal`], for one seed in 2^252.
fn issuer(keys: &Keys, quarter: &str) -> Result<Issuer, AppError> {
    let seed = keys.hash(Purpose::BallotKey, &[]);
    Issuer::derive(&seed, quarter.as_bytes()).map_err(|_| AppError::Internal("ballot key"))
}

/// Every public key, and the fingerprint over all of them.
///
/// # Errors
/// [`AppError::Internal`].
pub fn published(keys: &Keys) -> Result<BallotKeys, AppError> {
    let all = quarters()
        .map(|period| {
            let key = issuer(keys, &period)?.public_key();
            Ok((period, key))
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    let print = fingerprint(all.iter().map(|(period, key)| (&**period, key)));
    Ok(BallotKeys {
        fingerprint: print.iter().map(|byte| format!("{byte:02x}")).collect(),
        keys: all
            .into_iter()
            .map(|(period, key)| BallotKey {
                period,
                key: URL_SAFE_NO_PAD.encode(key),
            })
            .collect(),
    })
}
