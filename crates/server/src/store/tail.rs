//! The tail of the figures (`figure_tail`): what writes have added to cells of agencies and months, and nobody has brought
//! up to the cells of all places yet ([`super::cells`]).

use dung_hen_domain::figures::Counts;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// Which cell of an agency and month a write adds to; the other places and periods follow from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// Agency code; empty where it is not known.
    pub agency: String,
    /// Month, `YYYY-MM`.
    pub month: String,
    /// What the cell is split by.
    pub split: &'static str,
    /// The value of the split; empty for the whole.
    pub value: String,
}

/// What a write has added to a cell: agency, month, split and value, then the counts that are not nought, by place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Added(
    pub(super) String,
    pub(super) String,
    pub(super) String,
    pub(super) String,
    Vec<(u8, i64)>,
);

impl Added {
    pub(super) fn new(key: &CellKey, counts: &Counts) -> Self {
        let counts = (0u8..).zip(counts.0).filter(|(_, count)| *count != 0);
        Self(
            key.agency.clone(),
            key.month.clone(),
            key.split.to_owned(),
            key.value.clone(),
            counts.collect(),
        )
    }

    pub(super) fn counts_in(&self, split: &str, (from, to): (&str, &str)) -> bool {
        self.2 == split && (from..=to).contains(&self.1.as_str())
    }

    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (place, by) in &self.4 {
            if let Some(count) = counts.0.get_mut(usize::from(*place)) {
                *count = *by;
            }
        }
        counts
    }
}

/// A split that was counted before step 23 of the schema; what a server of then left in the tail is passed over.
const RETIRED: &str = "objection_decidable";

/// The differences of one row.
pub(super) fn read_added(text: &str) -> Result<Vec<Added>, StoreError> {
    let mut all: Vec<Added> =
        serde_json::from_str(text).map_err(|_| StoreError::corrupt("figure_tail.cells"))?;
    all.retain(|added| added.2 != RETIRED);
    Ok(all)
}
