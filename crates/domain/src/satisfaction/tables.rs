//! The published tables of satisfaction, fixed in advance, and when they may change.
//!
//! A table is a place (the province, a level, an agency) and a period (month, quarter, year), whole or with one further
//! split. Its cells are sums over *labels*: a rating counts in every cell that its label names and in no other. A label
//! made coarser (`ballot_label`) therefore counts in the coarser tables alone; the row with the empty value says how
//! many of a table's ratings do not name the split.
//!
//! What is published of one label and question moves in steps: when [`STEP`] ratings have a level there that is new or
//! corrected, all of them at once, at most once a day; answers taken back go with such a step, or when none is left.
//!
//! Why nothing smaller comes out of it. Each cell is a sum of labels, so it is enough to look at one label and question,
//! published as S₁, S₂, … after each step. Whatever is made of these by adding, subtracting and scaling is a sum of
//! steps cₜ·(Sₜ − Sₜ₋₁). Take the last step that occurs in it: at least five ratings got a level then that stands in no
//! earlier step, so each of these five levels is part of the sum. No sum of one to four answers, no difference and no
//! change of so few can be worked out, and no cell has to be hidden to protect another.

use crate::ballot_label::{BallotLabel, ENOUGH, Outcome};
use crate::case::{WireName as _, wire_enum};

/// So many new or corrected answers make a step; so many answers a published cell holds, or none.
pub const STEP: u64 = ENOUGH as u64;

wire_enum! {
    /// What a table is split by.
    Split {
        /// Not split.
        Whole = "",
        /// By level of the agency; of the province.
        Level = "level",
        /// By agency; of the province or a level.
        Agency = "agency",
        /// By procedure code.
        Procedure = "procedure",
        /// By field of the procedure.
        Field = "field",
        /// By [`RatedOutcome`].
        Outcome = "outcome",
        /// By month; of a quarter or a year.
        Month = "month",
    }
}

wire_enum! {
    /// How the rated case ended, as far as the data sent tell: whether a result grants or refuses is not among them.
    RatedOutcome {
        /// A result, not later than promised or without a known promise.
        Decided = "decided",
        /// A result after the promised day.
        Late = "late",
        /// Not accepted at the counter.
        NotAccepted = "not_accepted",
        /// Withdrawn by the applicant.
        Withdrawn = "withdrawn",
        /// Stopped by the agency.
        Stopped = "stopped",
        /// Still open past its promise.
        Open = "open",
    }
}

impl RatedOutcome {
    /// Of a label; `None` where it does not say.
    #[must_use]
    pub fn of(label: &BallotLabel) -> Option<Self> {
        Some(match Outcome::from_name(&label.outcome)? {
            Outcome::Decided if label.timeliness == "late" => Self::Late,
            Outcome::Decided => Self::Decided,
            Outcome::NotAccepted => Self::NotAccepted,
            Outcome::Withdrawn => Self::Withdrawn,
            Outcome::Stopped => Self::Stopped,
            Outcome::Open => Self::Open,
        })
    }
}

wire_enum! {
    /// A question whose answers are published: the whole, then the factors in their order.
    Question {
        /// The service as a whole.
        Overall = "overall",
        /// The place and way of access.
        Access = "access",
        /// The administrative procedure.
        Procedures = "procedures",
        /// The officials.
        Officials = "officials",
        /// The result.
        Outcomes = "outcomes",
        /// Receiving and handling of feedback.
        FeedbackHandling = "feedback_handling",
    }
}

/// Number of questions.
pub const QUESTIONS: usize = 6;

/// Of whom a table is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The whole province, ratings whose label names no agency included.
    Province,
    /// All agencies of a level, by its machine name.
    Level(String),
    /// An agency, by its code.
    Agency(String),
}

impl Place {
    /// As it is kept: empty, `level/commune`, `agency/H98.101`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Province => String::new(),
            Self::Level(level) => format!("level/{level}"),
            Self::Agency(agency) => format!("agency/{agency}"),
        }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// [`Place::key`].
    pub place: String,
    /// `2026-10`, `2026-Q4` or `2026`.
    pub period: String,
    /// Split.
    pub split: Split,
    /// Value of the split; empty for the whole, and for ratings that do not name it.
    pub value: String,
}

/// Every cell that a rating of this label counts in.
#[must_use]
pub fn cells_of(label: &BallotLabel) -> Vec<Cell> {
    let Some(quarter) = label.quarter() else {
        return Vec::new();
    };
    let year = quarter.get(..4).unwrap_or_default().to_owned();
    let month = if label.period == quarter {
        ""
    } else {
        &label.period
    };
    let mut places = vec![Place::Province];
    if !label.level.is_empty() {
        places.push(Place::Level(label.level.clone()));
    }
    if !label.agency.is_empty() {
        places.push(Place::Agency(label.agency.clone()));
    }
    let outcome = RatedOutcome::of(label).map_or("", |outcome| outcome.name());
    let mut cells = Vec::new();
    for place in &places {
        for period in [month, &quarter, &year] {
            if period.is_empty() {
                continue;
            }
            for split in Split::ALL {
                let value = match (split, place) {
                    (Split::Whole, _) => "",
                    (Split::Level, Place::Province) => &label.level,
                    (Split::Agency, Place::Province | Place::Level(_)) => &label.agency,
                    (Split::Procedure, _) => &label.procedure,
                    (Split::Field, _) => &label.field,
                    (Split::Outcome, _) => outcome,
                    (Split::Month, _) if period != month => month,
                    _ => continue,
                };
                cells.push(Cell {
                    place: place.key(),
                    period: period.to_owned(),
                    split: *split,
                    value: value.to_owned(),
                });
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(label: &str) -> Vec<String> {
        cells_of(&BallotLabel::parse(label).unwrap())
            .iter()
            .map(|cell| {
                format!(
                    "{} {} {}={}",
                    cell.place,
                    cell.period,
                    cell.split.name(),
                    cell.value
                )
            })
            .collect()
    }

    #[test]
    fn questions_are_the_whole_and_the_factors() {
        use crate::satisfaction::SatisfactionFactor;
        let names: Vec<_> = Question::ALL.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), QUESTIONS);
        let factors: Vec<_> = SatisfactionFactor::ALL
            .iter()
            .map(|one| one.name())
            .collect();
        assert_eq!(names[1..], factors);
    }

    /// Of the finest label: three places; month, quarter and year. Whole, procedure, field and outcome of each; agency
    /// and level of the province, agency of the level; months of quarter and year.
    /// 3 × 3 × 4 + 3 × 2 + 3 × 1 + 3 × 2 = 51.
    #[test]
    fn the_finest_label_counts_in_every_table() {
        let cells = written("2026-11|H98.1|commune|1.004222|Hộ tịch|decided|late");
        assert_eq!(cells.len(), 51);
        for cell in [
            " 2026 =",
            "level/commune 2026-Q4 agency=H98.1",
            "agency/H98.1 2026-11 outcome=late",
            "agency/H98.1 2026 month=2026-11",
        ] {
            assert!(cells.iter().any(|one| one == cell), "{cell}");
        }
    }

    /// A quarter and a level: no month, no agency; where a table is split by what it does not say, it is the rest.
    #[test]
    fn a_coarse_label_counts_in_no_finer_table() {
        let cells = written("2026-Q4||commune||||");
        assert!(cells.iter().all(|cell| !cell.starts_with("agency/")));
        assert!(cells.iter().all(|cell| !cell.contains(" 2026-10")));
        for cell in [
            " 2026-Q4 agency=",
            "level/commune 2026 month=",
            " 2026 level=commune",
        ] {
            assert!(cells.iter().any(|one| one == cell), "{cell}: {cells:?}");
        }
        assert_eq!(written("2026-Q4||||||").len(), 14);
    }
}
