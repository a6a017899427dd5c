//! What stands beside the satisfied share of a place and period: how ballots were obtained, what looked odd, in the steps
//! in which it has been released.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::integrity::{Counted, at_most};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::Place;

use crate::reference::Reference;
use crate::store::{Reader, StoreError, TallySum};

/// Numbers by kind.
pub type Numbers = BTreeMap<Counted, u64>;

/// The number of a kind.
#[must_use]
pub fn number(numbers: &Numbers, kind: Counted) -> u64 {
    numbers.get(&kind).copied().unwrap_or(0)
}

/// Adds so many of a kind.
pub fn add(to: &mut Numbers, kind: Counted, n: u64) {
    *to.entry(kind).or_default() += n;
}

/// What stands beside the figures of a period: the numbers that have been released. A longer period is the sum of its
/// months as released, so that it tells nothing more than they do.
#[derive(Debug)]
pub struct Beside {
    released: Vec<TallySum>,
    contested: Vec<(String, u64)>,
}

impl Beside {
    /// Reads them once, for however many places.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn read(
        store: &mut Reader<'_>,
        period: Period,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        Self::read_of(store, period, today, None)
    }

    /// Those of one place, read for it alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn of_place(
        store: &mut Reader<'_>,
        reference: &Reference,
        place: &Place,
        period: Period,
        today: NaiveDate,
    ) -> Result<Numbers, StoreError> {
        let agency = match place {
            Place::Province => Some(""),
            Place::Agency(agency) => Some(agency.as_str()),
            Place::Level(_) => None,
        };
        Ok(Self::read_of(store, period, today, agency)?.of(reference, place))
    }

    fn read_of(
        store: &mut Reader<'_>,
        period: Period,
        today: NaiveDate,
        agency: Option<&str>,
    ) -> Result<Self, StoreError> {
        let mut released = Vec::new();
        for month in period.each_month() {
            released.extend(store.tallies_of_month(&month.months().0, agency)?);
        }
        let (from, to) = period.months();
        Ok(Self {
            released,
            contested: store.contested(&from, &to, today)?,
        })
    }

    /// Those of a place.
    #[must_use]
    pub fn of(&self, reference: &Reference, place: &Place) -> Numbers {
        let within = |agency: &str| match place {
            Place::Province => true,
            Place::Level(level) => reference.level_of(agency).name() == level,
            Place::Agency(code) => agency == code,
        };
        let mut numbers = Numbers::new();
        for row in &self.released {
            // The province has numbers of its own: steps of many agencies are more than the sum of their steps.
            let counts = if *place == Place::Province {
                row.agency.is_empty()
            } else {
                !row.agency.is_empty() && within(&row.agency)
            };
            if counts {
                add(&mut numbers, row.kind, row.value);
            }
        }
        let contested = self.contested.iter().filter(|(agency, _)| within(agency));
        let contested = at_most(contested.map(|(_, cases)| cases).sum());
        numbers.insert(Counted::Contested, contested);
        numbers
    }
}
