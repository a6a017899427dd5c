//! Cells of the figures: place and period, each with one further split. What is written stands in the tail first
//! (`figure_tail`), and is added to the cells by and by; whoever reads adds the tail, so that a figure is of every
//! write that was committed. Why: docs/decisions/0024.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::LazyLock;

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, MEASURES, Measure};
use dung_hen_domain::indices::Share;
use dung_hen_domain::satisfaction::tables::Place;
use serde::{Deserialize, Serialize};

use super::sql::{Row, Sql, ToParam};
use super::{Reader, StoreError, Writer};
use crate::keys::random;

/// Cells of the tail that one transaction brings up to; others wait for it, so it is short.
const SLICE: usize = 2_000;
/// Most rows of the tail that are brought up at once.
const ROWS: u32 = 100;
/// Most differences in one row of the tail.
const PART: usize = SLICE / 2;
/// Agencies come after this in the order of places, and before [`AGENCIES_END`].
const AGENCIES: &str = "agency/";
/// `0` comes after `/`.
const AGENCIES_END: &str = "agency0";
/// Where the places begin whose level the configuration says.
const LEVELS: &str = "level/";
/// Where they end.
const LEVELS_END: &str = "level0";

/// The columns of the counts, in the order of [`Measure`].
fn columns(of: impl Fn(&str) -> String) -> String {
    let names: Vec<String> = Measure::ALL.iter().map(|m| of(m.name())).collect();
    names.join(", ")
}

/// A statement made once of the names of the measures; the same for both databases.
fn made(text: String) -> Sql<'static> {
    Sql::from(&*Box::leak(text.into_boxed_str()))
}

static ADD: LazyLock<Sql<'static>> = LazyLock::new(|| {
    let mut places = String::new();
    for place in 0..MEASURES {
        let _ = write!(places, ", ?{}", place + 5);
    }
    made(format!(
        "INSERT INTO figure_cells (period, split, place, value, {}) VALUES (?1, ?2, ?3, ?4{places})
         ON CONFLICT (period, split, place, value) DO UPDATE SET {}",
        columns(str::to_owned),
        columns(|name| format!("{name} = figure_cells.{name} + excluded.{name}")),
    ))
});

static OF_PLACE: LazyLock<Sql<'static>> = LazyLock::new(|| {
    made(format!(
        "SELECT value, {} FROM figure_cells WHERE period = ?1 AND split = ?2 AND place = ?3",
        columns(str::to_owned),
    ))
});

static OF_AGENCIES: LazyLock<Sql<'static>> = LazyLock::new(|| {
    made(format!(
        "SELECT place, value, {} FROM figure_cells WHERE period = ?1 AND split = ?2 AND place >= ?3 AND place < ?4",
        columns(str::to_owned),
    ))
});

/// Finished in time and late, of each agency: what a comparison of shares needs, and no more.
const IN_TIME: &str = "SELECT place, value, early + on_time, late FROM figure_cells
     WHERE period = ?1 AND split = ?2 AND place >= ?3 AND place < ?4";

static ALL: LazyLock<Sql<'static>> = LazyLock::new(|| {
    made(format!(
        "SELECT period, split, place, value, {} FROM figure_cells",
        columns(str::to_owned),
    ))
});

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

/// Year of a month `YYYY-MM`, and its place in the year, from 0.
fn year_and_place(month: &str) -> Option<(u32, u32)> {
    let (year, month) = month.split_once('-')?;
    Some((
        year.parse().ok()?,
        month.parse::<u32>().ok()?.checked_sub(1)?,
    ))
}

/// The month, its quarter and its year.
fn periods_of(month: &str) -> Vec<String> {
    let mut periods = vec![month.to_owned()];
    if let Some((year, place)) = year_and_place(month) {
        periods.push(format!("{year:04}-Q{}", place / 3 + 1));
        periods.push(format!("{year:04}"));
    }
    periods
}

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

/// The periods that are these months, both counted: the fewest, or month by month.
fn periods_between((from, to): (&str, &str), fewest: bool) -> Vec<String> {
    let number = |month| year_and_place(month).map(|(year, place)| year * 12 + place);
    let (Some(mut month), Some(last)) = (number(from), number(to)) else {
        return Vec::new();
    };
    let mut periods = Vec::new();
    while month <= last {
        let (year, place) = (month / 12, month % 12);
        let (text, months) = match (place, last - month) {
            (0, 11..) if fewest => (format!("{year:04}"), 12),
            (0 | 3 | 6 | 9, 2..) if fewest => (format!("{year:04}-Q{}", place / 3 + 1), 3),
            _ => (format!("{year:04}-{:02}", place + 1), 1),
        };
        periods.push(text);
        month += months;
    }
    periods
}

fn counts(row: &Row<'_>, from: usize) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for (place, count) in counts.0.iter_mut().enumerate() {
        *count = row.get(from + place)?;
    }
    Ok(counts)
}

fn agency_of(place: &str) -> String {
    place.strip_prefix(AGENCIES).unwrap_or(place).to_owned()
}

impl Reader<'_> {
    /// What was written since the cells were brought up to it; read once in a transaction.
    fn tail(&mut self) -> Result<Rc<[Added]>, StoreError> {
        if let Some(tail) = &self.tail {
            return Ok(Rc::clone(tail));
        }
        let mut all = Vec::new();
        self.each("SELECT cells FROM figure_tail", &[], |row| {
            all.extend(read_added(&row.get::<String>(0)?)?);
            Ok(())
        })?;
        let tail: Rc<[Added]> = all.into();
        self.tail = Some(Rc::clone(&tail));
        Ok(tail)
    }

    /// Sums over the months from `from` to `to`, both counted, of one agency or of each: a row for each value of the
    /// split. The cost follows the rows, never cases.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_sums(
        &mut self,
        agency: Option<&str>,
        split: &str,
        span: (&str, &str),
    ) -> Result<Vec<CellSum>, StoreError> {
        let mut sums = BTreeMap::<(String, String), Counts>::new();
        for period in periods_between(span, true) {
            match agency {
                Some(agency) => {
                    let place = Place::Agency(agency.to_owned()).key();
                    self.each(*OF_PLACE, &[&period, &split, &place], |row| {
                        let key = (agency.to_owned(), row.get(0)?);
                        sums.entry(key).or_default().add(&counts(row, 1)?, 1);
                        Ok(())
                    })?;
                }
                None => self.each(
                    *OF_AGENCIES,
                    &[&period, &split, &AGENCIES, &AGENCIES_END],
                    |row| {
                        let key = (agency_of(&row.get::<String>(0)?), row.get(1)?);
                        sums.entry(key).or_default().add(&counts(row, 2)?, 1);
                        Ok(())
                    },
                )?,
            }
        }
        for added in &*self.tail()? {
            let here = agency.is_none_or(|agency| agency == added.0);
            if here && added.counts_in(split, span) {
                let sum = sums.entry((added.0.clone(), added.3.clone())).or_default();
                sum.add(&added.counts(), 1);
            }
        }
        Ok(sums
            .into_iter()
            .map(|((agency, value), counts)| CellSum {
                agency,
                value,
                counts,
            })
            .collect())
    }

    /// Sums of a place over the months from `from` to `to`, both counted, by value of the split; `within` tells which
    /// agencies are of the place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_totals(
        &mut self,
        place: &Place,
        split: &str,
        span: (&str, &str),
        within: impl Fn(&str) -> bool,
    ) -> Result<BTreeMap<String, Counts>, StoreError> {
        let mut sums = BTreeMap::<String, Counts>::new();
        for period in periods_between(span, true) {
            self.each(*OF_PLACE, &[&period, &split, &place.key()], |row| {
                let sum = sums.entry(row.get(0)?).or_default();
                sum.add(&counts(row, 1)?, 1);
                Ok(())
            })?;
        }
        for added in &*self.tail()? {
            if added.counts_in(split, span) && within(&added.0) {
                let sum = sums.entry(added.3.clone()).or_default();
                sum.add(&added.counts(), 1);
            }
        }
        Ok(sums)
    }

    /// Finished in time of all finished, by agency and value of the split, over the months from `from` to `to`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn on_time_shares(
        &mut self,
        split: &str,
        span: (&str, &str),
    ) -> Result<BTreeMap<(String, String), Share>, StoreError> {
        let mut sums = BTreeMap::<(String, String), (i64, i64)>::new();
        for period in periods_between(span, true) {
            let params: [&dyn ToParam; 4] = [&period, &split, &AGENCIES, &AGENCIES_END];
            self.each(IN_TIME, &params, |row| {
                let key = (agency_of(&row.get::<String>(0)?), row.get(1)?);
                let sum = sums.entry(key).or_default();
                sum.0 += row.get::<i64>(2)?;
                sum.1 += row.get::<i64>(3)?;
                Ok(())
            })?;
        }
        for added in &*self.tail()? {
            if added.counts_in(split, span) {
                let counts = added.counts();
                let sum = sums.entry((added.0.clone(), added.3.clone())).or_default();
                sum.0 += counts.get(Measure::Early) + counts.get(Measure::OnTime);
                sum.1 += counts.get(Measure::Late);
            }
        }
        let share = |(in_time, late): (i64, i64)| Share {
            part: in_time.unsigned_abs(),
            n: (in_time + late).unsigned_abs(),
        };
        Ok(sums
            .into_iter()
            .map(|(key, sum)| (key, share(sum)))
            .collect())
    }

    /// Every cell as it is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_cells(&mut self, mut each: impl FnMut(Cell, Counts)) -> Result<(), StoreError> {
        self.each(*ALL, &[], |row| {
            let cell = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            each(cell, counts(row, 4)?);
            Ok(())
        })
    }

    /// What the kept cells lack: agency, month, split, value, counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_tail(
        &mut self,
        mut each: impl FnMut([&str; 4], Counts),
    ) -> Result<(), StoreError> {
        for added in &*self.tail()? {
            each([&added.0, &added.1, &added.2, &added.3], added.counts());
        }
        Ok(())
    }

    /// Every cell of a place and period in these splits, by split and value; `within` tells which agencies are of the place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn figure_cells_of(
        &mut self,
        place: &Place,
        period: &str,
        splits: &[&str],
        within: impl Fn(&str) -> bool,
    ) -> Result<BTreeMap<[String; 2], Counts>, StoreError> {
        let mut cells = BTreeMap::<[String; 2], Counts>::new();
        for split in splits {
            self.each(*OF_PLACE, &[&period, split, &place.key()], |row| {
                let cell = [(*split).to_owned(), row.get(0)?];
                cells.insert(cell, counts(row, 1)?);
                Ok(())
            })?;
        }
        for added in &*self.tail()? {
            let here = splits.contains(&added.2.as_str()) && within(&added.0);
            if here && periods_of(&added.1).iter().any(|one| one == period) {
                let cell = cells.entry([added.2.clone(), added.3.clone()]).or_default();
                cell.add(&added.counts(), 1);
            }
        }
        Ok(cells)
    }

    /// Agencies of which a period has any cell, as cases named them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agencies_counted(&mut self, period: &str) -> Result<BTreeSet<String>, StoreError> {
        let mut agencies = BTreeSet::new();
        self.each(
            "SELECT place FROM figure_cells WHERE period = ?1 AND split = '' AND place >= ?2 AND place < ?3",
            &[&period, &AGENCIES, &AGENCIES_END],
            |row| {
                agencies.insert(agency_of(&row.get::<String>(0)?));
                Ok(())
            },
        )?;
        for added in &*self.tail()? {
            if periods_of(&added.1).iter().any(|one| one == period) {
                agencies.insert(added.0.clone());
            }
        }
        Ok(agencies)
    }

    /// Whether anything was written that the cells lack.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_tail(&mut self) -> Result<bool, StoreError> {
        let found = self.query_opt("SELECT 1 FROM figure_tail LIMIT 1", &[], |_| Ok(()))?;
        Ok(found.is_some())
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

impl Writer<'_> {
    /// Keeps differences of cells of agencies and months: a row of its own, so that no two writers wait for each other.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_to_cells<'a>(
        &mut self,
        differences: impl IntoIterator<Item = (&'a CellKey, &'a Counts)>,
    ) -> Result<(), StoreError> {
        self.tail = None;
        let added: Vec<Added> = differences
            .into_iter()
            .map(|(key, counts)| Added::new(key, counts))
            .collect();
        // A file of a whole province changes many cells; who brings them up takes some at a time.
        for part in added.chunks(PART) {
            let text = serde_json::to_string(part)
                .map_err(|_| StoreError::corrupt("figure_tail.cells"))?;
            self.execute(
                "INSERT INTO figure_tail (id, cells) VALUES (?1, ?2)",
                &[&random()?, &text],
            )?;
        }
        Ok(())
    }

    /// Adds some of the tail to the cells of every place and period; whether there was more of it than is added at once.
    /// Only one may do so at a time: the caller holds a lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn bring_up_cells(
        &mut self,
        level_of: impl Fn(&str) -> &'static str,
    ) -> Result<bool, StoreError> {
        self.tail = None;
        let ids = self.query(
            "SELECT id FROM figure_tail ORDER BY id LIMIT ?1",
            &[&ROWS],
            |row| row.get::<Vec<u8>>(0),
        )?;
        let mut more = ids.len() >= ROWS as usize;
        let mut places = Places::default();
        let mut taken = 0;
        for id in ids {
            if taken >= SLICE {
                more = true;
                break;
            }
            // Whoever takes a row adds it: one that is gone was added by another.
            let Some(text) = self.query_opt(
                "DELETE FROM figure_tail WHERE id = ?1 RETURNING cells",
                &[&id],
                |row| row.get::<String>(0),
            )?
            else {
                continue;
            };
            for added in read_added(&text)? {
                let cell = [&*added.0, &*added.1, &*added.2, &*added.3];
                places.add(cell, level_of(&added.0), &added.counts());
                taken += 1;
            }
        }
        for (cell, counts) in places.into_cells() {
            self.add_cell(&cell, &counts)?;
        }
        Ok(more)
    }

    fn add_cell(&mut self, cell: &Cell, counts: &Counts) -> Result<(), StoreError> {
        let [period, split, place, value] = cell;
        let mut params: Vec<&dyn ToParam> = vec![period, split, place, value];
        params.extend(counts.0.iter().map(|count| count as &dyn ToParam));
        self.execute(*ADD, &params)?;
        Ok(())
    }

    /// Makes the cells of levels again, from those of agencies. The caller holds the lock of
    /// [`Writer::bring_up_cells`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn make_levels(
        &mut self,
        level_of: impl Fn(&str) -> &'static str,
    ) -> Result<(), StoreError> {
        self.execute(
            "DELETE FROM figure_cells WHERE place >= ?1 AND place < ?2",
            &[&LEVELS, &LEVELS_END],
        )?;
        let mut levels = BTreeMap::<Cell, Counts>::new();
        self.figure_cells(|[period, split, place, value], counts| {
            if let Some(agency) = place.strip_prefix(AGENCIES) {
                let place = Place::Level(level_of(agency).to_owned()).key();
                let cell = levels.entry([period, split, place, value]).or_default();
                cell.add(&counts, 1);
            }
        })?;
        for (cell, counts) in levels {
            self.add_cell(&cell, &counts)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_the_fewest_periods() {
        let of = |from, to| periods_between((from, to), true).join(" ");
        assert_eq!(of("2026-05", "2026-05"), "2026-05");
        assert_eq!(of("2026-04", "2026-06"), "2026-Q2");
        assert_eq!(of("2026-01", "2026-12"), "2026");
        assert_eq!(of("2026-01", "2026-08"), "2026-Q1 2026-Q2 2026-07 2026-08");
        assert_eq!(of("2025-12", "2027-01"), "2025-12 2026 2027-01");
        assert_eq!(of("2026-02", "2026-01"), "");
    }
}
