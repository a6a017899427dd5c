//! Differences are kept in the tail, and added to the cells by whoever holds the lock.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use dung_hen_domain::figures::{Counts, MEASURES};
use dung_hen_domain::satisfaction::tables::Place;

use super::super::sql::{Sql, Value};
use super::super::tail::{Added, CellKey, read_added};
use super::super::{StoreError, Writer};
use super::{AGENCIES, Cell, Places, columns, made};
use crate::keys::random;

/// Cells of the tail that one transaction brings up to; others wait for it, so it is short.
const SLICE: usize = 2_000;
/// Most rows of the tail that are brought up at once.
const ROWS: u32 = 100;
/// Most differences in one row of the tail.
const PART: usize = SLICE / 2;
/// Where the places begin whose level the configuration says.
const LEVELS: &str = "level/";
/// Where they end.
const LEVELS_END: &str = "level0";

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
        self.add_cells(places.into_cells())?;
        Ok(more)
    }

    fn add_cells(
        &mut self,
        cells: impl IntoIterator<Item = (Cell, Counts)>,
    ) -> Result<(), StoreError> {
        let row = |(cell, counts): (Cell, Counts)| {
            let cell = cell.into_iter().map(|part| Value::Text(part.into()));
            let counts = counts.0.into_iter().map(Value::Int);
            cell.chain(counts).collect()
        };
        let rows: Vec<Vec<Value<'_>>> = cells.into_iter().map(row).collect();
        self.each_of(ADD.sqlite, &rows, |_| Ok(()))
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
        self.add_cells(levels)
    }
}
