//! Cells of the figures: place and period, each with one further split. What is written stands in the tail first
//! (`figure_tail`), and is added to the cells by and by; whoever reads adds the tail, so that a figure is of every
//! write that was committed. Why: docs/decisions/0024.

mod periods;
mod read;
mod write;

use std::collections::BTreeMap;

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_domain::satisfaction::tables::Place;
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::value::Sql;
use periods::periods_of;

/// Agencies come after this in the order of places, and before `agency0`.
const AGENCIES: &str = "agency/";
/// The columns of the counts, in the order of [`Measure`].
fn columns(of: impl Fn(&str) -> String) -> String {
    let names: Vec<String> = Measure::ALL.iter().map(|m| of(m.name())).collect();
    names.join(", ")
}

/// A statement made once of the names of the measures; the same for both databases.
fn made(text: String) -> Sql<'static> {
    Sql::from(&*Box::leak(text.into_boxed_str()))
}

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

/// A row of sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellSum {
    /// Agency code.
    pub agency: String,
    /// The value of the split.
    pub value: String,
    /// The counts.
    pub counts: Counts,
}

/// What a write has added to a cell of an agency and month; counts that are not nought, by place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Added(String, String, String, String, Vec<(u8, i64)>);

impl Added {
    fn new(key: &CellKey, counts: &Counts) -> Self {
        let counts = (0u8..).zip(counts.0).filter(|(_, count)| *count != 0);
        Self(
            key.agency.clone(),
            key.month.clone(),
            key.split.to_owned(),
            key.value.clone(),
            counts.collect(),
        )
    }

    fn counts_in(&self, split: &str, (from, to): (&str, &str)) -> bool {
        self.2 == split && (from..=to).contains(&self.1.as_str())
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (place, by) in &self.4 {
            if let Some(count) = counts.0.get_mut(usize::from(*place)) {
                *count = *by;
            }
        }
        counts
    }
}

/// Period, split, place and value: the key of a row, in the order in which rows are written.
pub type Cell = [String; 4];

/// The places whose cells hold what an agency's do.
fn places_of(agency: &str, level: &str) -> [String; 3] {
    [
        Place::Agency(agency.to_owned()),
        Place::Level(level.to_owned()),
        Place::Province,
    ]
    .map(|place| place.key())
}

/// Adds to the cells of every place and period what was added to those of agencies and months.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<Cell, Counts>);

impl Places {
    /// Adds a cell of an agency and month.
    pub fn add(&mut self, cell: [&str; 4], level: &str, counts: &Counts) {
        let [agency, month, split, value] = cell;
        for place in places_of(agency, level) {
            for period in periods_of(month) {
                let key = [period, split.to_owned(), place.clone(), value.to_owned()];
                self.0.entry(key).or_default().add(counts, 1);
            }
        }
    }

    /// Period, split, place and value of each cell that is not all noughts.
    pub fn into_cells(self) -> impl Iterator<Item = (Cell, Counts)> {
        self.0.into_iter().filter(|(_, counts)| !counts.is_zero())
    }
}

/// A split that was counted before step 23 of the schema; what a server of then left in the tail is passed over.
const RETIRED: &str = "objection_decidable";

fn read_added(text: &str) -> Result<Vec<Added>, StoreError> {
    let mut all: Vec<Added> =
        serde_json::from_str(text).map_err(|_| StoreError::corrupt("figure_tail.cells"))?;
    all.retain(|added| added.2 != RETIRED);
    Ok(all)
}
