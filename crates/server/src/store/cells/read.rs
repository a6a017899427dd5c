//! What is read of the cells, the tail added.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::LazyLock;

use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_domain::indices::Share;
use dung_hen_domain::satisfaction::tables::Place;

use super::super::sql::{Row, Sql, ToParam};
use super::super::tail::{Added, read_added};
use super::super::{Reader, StoreError};
use super::periods::{periods_between, periods_of};
use super::{AGENCIES, Cell, CellSum, columns, made};

/// `0` comes after `/`.
const AGENCIES_END: &str = "agency0";

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
        for period in periods_between(span) {
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
        for period in periods_between(span) {
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
        for period in periods_between(span) {
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
