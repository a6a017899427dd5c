//! Counts everything again from the base tables, as of one instant, and compares it with what is kept.

use std::collections::BTreeMap;

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, Measure};

use super::{Contribution, Counting, Ledger};
use crate::store::{Reader, StoreError};

/// Cases read at once.
const BATCH: u32 = 1_000;

/// A count that is kept wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Agency, month, split, value.
    pub cell: [String; 4],
    /// Which count.
    pub measure: &'static str,
    /// As kept.
    pub kept: i64,
    /// As counted again.
    pub counted: i64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [agency, month, split, value] = &self.cell;
        write!(f, "{agency} {month}")?;
        if !split.is_empty() {
            write!(f, " {split}={value}")?;
        }
        write!(
            f,
            " {}: kept {}, counted again {}",
            self.measure, self.kept, self.counted
        )
    }
}

/// What was counted again.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Cases.
    pub cases: u64,
    /// Cells that hold anything.
    pub cells: usize,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Counts again; all of it is read from one state of the database. `progress` hears the number of cases counted so far.
///
/// # Errors
/// [`StoreError`].
pub fn verify(
    reader: &mut Reader<'_>,
    counting: &Counting,
    mut progress: impl FnMut(u64),
) -> Result<Verified, StoreError> {
    let mut ledger = Ledger::default();
    let mut verified = Verified::default();
    let mut last = 0;
    loop {
        let batch = reader.cases_after(last, BATCH)?;
        let Some((id, _)) = batch.last() else { break };
        last = *id;
        for (_, code) in &batch {
            if let Some(record) = reader.find_case(code)? {
                ledger.add(&Contribution::of(&record, counting).0, 1);
            }
        }
        verified.cases += batch.len() as u64;
        progress(verified.cases);
    }
    for erased in reader.counted_of_erased()? {
        ledger.add(&Contribution::read(&erased)?, 1);
    }
    for ([agency, month, kind], n) in reader.objections_by_month()? {
        ledger.add_objections(&agency, &month, &kind, n);
    }
    let mut counted: BTreeMap<[String; 4], Counts> = ledger
        .cells
        .into_iter()
        .filter(|(_, counts)| !counts.is_zero())
        .map(|(key, counts)| {
            (
                [key.agency, key.month, key.split.to_owned(), key.value],
                counts,
            )
        })
        .collect();
    verified.cells = counted.len();
    let mut kept = BTreeMap::new();
    reader.figure_cells(|cell, counts| {
        kept.insert(cell, counts);
    })?;
    for (cell, kept) in kept {
        let again = counted.remove(&cell).unwrap_or_default();
        compare(&mut verified.differences, &cell, &kept, &again);
    }
    for (cell, again) in counted {
        compare(&mut verified.differences, &cell, &Counts::default(), &again);
    }
    Ok(verified)
}

fn compare(all: &mut Vec<Difference>, cell: &[String; 4], kept: &Counts, counted: &Counts) {
    for measure in Measure::ALL {
        let (kept, counted) = (kept.get(*measure), counted.get(*measure));
        if kept != counted {
            all.push(Difference {
                cell: cell.clone(),
                measure: measure.name(),
                kept,
                counted,
            });
        }
    }
}
