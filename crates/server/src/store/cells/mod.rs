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
