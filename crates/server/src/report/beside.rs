//! What stands beside the satisfied share of a place: how many were served, invited and answered, how ballots were
//! obtained, what looked odd, and what contested ballots could change. Workbook and brief show the numbers of API and
//! board.

use std::collections::BTreeMap;

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_domain::indices::Share;
use dung_hen_domain::integrity::{Counted, PROOFS, SIGNS, WAYS, if_opposite};
use dung_hen_domain::satisfaction::tables::Question;
use serde::{Deserialize, Serialize};

use crate::figures::integrity::{Numbers, number};
use crate::figures::satisfaction::Published;

/// Everything that is counted beside the share, in the order in which it is shown.
pub const KINDS: [&[Counted]; 4] = [&PROOFS, &WAYS, &SIGNS, &[Counted::Contested]];

/// Of one place and period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Cases that could first be rated in the period.
    pub served: u64,
    /// Ballots given, in steps of five.
    pub invited: u64,
    /// Published answers to the question about the whole, and the satisfied among them.
    pub answered: Option<(u64, u64)>,
    /// By name of what is counted; what is nought is absent.
    pub counts: BTreeMap<String, u64>,
}

impl Beside {
    /// From the counts, numbers and published answers of the same place and period.
    #[must_use]
    pub fn of(counts: &Counts, numbers: &Numbers, published: &Published) -> Self {
        Self {
            served: counts.count(Measure::Served),
            invited: PROOFS.iter().map(|proof| number(numbers, *proof)).sum(),
            answered: published
                .share(Question::Overall)
                .map(|share| (share.n, share.part)),
            counts: KINDS
                .into_iter()
                .flatten()
                .map(|kind| (kind.name().to_owned(), number(numbers, *kind)))
                .filter(|(_, n)| *n > 0)
                .collect(),
        }
    }

    /// How many of a kind.
    #[must_use]
    pub fn n(&self, kind: Counted) -> u64 {
        self.counts.get(kind.name()).copied().unwrap_or(0)
    }

    /// The satisfied share.
    #[must_use]
    pub fn share(&self) -> Option<Share> {
        self.answered.map(|(n, part)| Share { part, n })
    }

    /// The lowest and the highest satisfied share, in per cent, if contested ballots said the opposite of what their
    /// holders think; `None` where nothing is contested or published.
    #[must_use]
    pub fn bound(&self) -> Option<(f64, f64)> {
        let contested = self.n(Counted::Contested);
        let (low, high) = if_opposite(self.share().filter(|_| contested > 0)?, contested);
        Some((low.percent()?, high.percent()?))
    }
}
