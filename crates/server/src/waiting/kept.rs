//! What was counted and kept, and is not safe yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;
use dung_hen_domain::integrity::Counted;

use crate::keys::Digest;

/// Numbers that are not written yet: of which day and agency, of which kind, how many. In memory alone.
#[derive(Debug, Default)]
pub(super) struct Owed(Mutex<Debts>);

pub(super) type Debts = BTreeMap<(NaiveDate, String, Counted), i64>;

impl Owed {
    pub(super) fn debts(&self) -> MutexGuard<'_, Debts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, agency: &str, today: NaiveDate, kinds: &[(Counted, i64)]) {
        let mut debts = self.debts();
        for (kind, n) in kinds {
            *debts.entry((today, agency.to_owned(), *kind)).or_default() += n;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.debts().is_empty()
    }
}

/// A rating that was kept and what was counted with it, so that both can be taken back: once, by whoever learns first
/// that it is not safe.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<Mutex<Option<With>>>);

/// What was kept, and what was counted with it.
#[derive(Debug)]
pub(super) struct With {
    pub(super) spent: Digest,
    pub(super) agency: String,
    pub(super) today: NaiveDate,
    pub(super) kinds: Vec<(Counted, i64)>,
    /// How often others had changed something when it was kept.
    pub(super) others: u64,
}

impl Kept {
    pub(super) fn with(&self) -> MutexGuard<'_, Option<With>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is anything to take back.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.with().is_some()
    }
}
