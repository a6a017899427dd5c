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
//!
//! A criterion named after a bad factor is a question of its own, answered by everyone who answered the factor: named or
//! not. The same holds of it, therefore. How many were asked (those with a bad level) is no part of it: that number
//! would come out of each of a factor's criteria and of the factor itself, each with a step of its own, and the
//! difference of two such numbers may be a change of fewer than five.

use super::tally::asks_what_was_wrong;
use super::{Criterion, Level};
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
    /// How the rated case ended, as far as the data sent tell.
    RatedOutcome {
        /// A result that grants, not later than promised or without a known promise.
        Granted = "granted",
        /// A result that grants, after the promised day.
        GrantedLate = "granted_late",
        /// A result that refuses, not later than promised or without a known promise.
        Refused = "refused",
        /// A result that refuses, after the promised day.
        RefusedLate = "refused_late",
        /// A result of which nobody tells, or is told, what it says; not later than promised or without a known promise.
        Decided = "decided",
        /// A result of which nobody tells, or is told, what it says; after the promised day.
        DecidedLate = "decided_late",
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
    /// Of an outcome; `late`: whether its result came after the promised day.
    #[must_use]
    pub fn new(outcome: Outcome, late: bool) -> Self {
        match (outcome, late) {
            (Outcome::Granted, false) => Self::Granted,
            (Outcome::Granted, true) => Self::GrantedLate,
            (Outcome::Refused, false) => Self::Refused,
            (Outcome::Refused, true) => Self::RefusedLate,
            (Outcome::Decided, false) => Self::Decided,
            (Outcome::Decided, true) => Self::DecidedLate,
            (Outcome::NotAccepted, _) => Self::NotAccepted,
            (Outcome::Withdrawn, _) => Self::Withdrawn,
            (Outcome::Stopped, _) => Self::Stopped,
            (Outcome::Open, _) => Self::Open,
        }
    }

    /// Of a label; `None` where it does not say.
    #[must_use]
    pub fn of(label: &BallotLabel) -> Option<Self> {
        let outcome = Outcome::from_name(&label.outcome)?;
        Some(Self::new(outcome, label.timeliness == "late"))
    }
}

wire_enum! {
    /// A question whose answers are published: the whole, then the factors in their order, then of each criterion
    /// whether it was named, in their order.
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
        /// Whether [`Criterion::Signage`] was named.
        NamedSignage = "named_signage",
        /// Whether [`Criterion::Seating`] was named.
        NamedSeating = "named_seating",
        /// Whether [`Criterion::Equipment`] was named.
        NamedEquipment = "named_equipment",
        /// Whether [`Criterion::PostedOpenly`] was named.
        NamedPostedOpenly = "named_posted_openly",
        /// Whether [`Criterion::PapersAsPrescribed`] was named.
        NamedPapersAsPrescribed = "named_papers_as_prescribed",
        /// Whether [`Criterion::FeesAsPrescribed`] was named.
        NamedFeesAsPrescribed = "named_fees_as_prescribed",
        /// Whether [`Criterion::TimeLimitAsPrescribed`] was named.
        NamedTimeLimitAsPrescribed = "named_time_limit_as_prescribed",
        /// Whether [`Criterion::Polite`] was named.
        NamedPolite = "named_polite",
        /// Whether [`Criterion::GuidedInOneGo`] was named.
        NamedGuidedInOneGo = "named_guided_in_one_go",
        /// Whether [`Criterion::KeepsToTheRules`] was named.
        NamedKeepsToTheRules = "named_keeps_to_the_rules",
        /// Whether [`Criterion::OnTheAppointedDay`] was named.
        NamedOnTheAppointedDay = "named_on_the_appointed_day",
        /// Whether [`Criterion::CompleteAndCorrect`] was named.
        NamedCompleteAndCorrect = "named_complete_and_correct",
        /// Whether [`Criterion::Fair`] was named.
        NamedFair = "named_fair",
        /// Whether [`Criterion::EasyToComplain`] was named.
        NamedEasyToComplain = "named_easy_to_complain",
        /// Whether [`Criterion::HandledAsPrescribed`] was named.
        NamedHandledAsPrescribed = "named_handled_as_prescribed",
        /// Whether [`Criterion::ToldInTime`] was named.
        NamedToldInTime = "named_told_in_time",
    }
}

/// Number of questions.
pub const QUESTIONS: usize = LEVELLED + 16;

/// So many of them, the first ones, are answered with a level.
const LEVELLED: usize = 6;

/// The answer to a question about a criterion: it was named.
const NAMED: u8 = 1;
/// The answer of those who answered the factor and did not name the criterion, asked or not.
const NOT_NAMED: u8 = 2;

impl Question {
    /// Whether this criterion was named.
    #[must_use]
    pub fn named(criterion: Criterion) -> Self {
        Self::ALL[LEVELLED + criterion as usize]
    }

    /// The criterion that the question is about; `None` for a question answered with a level.
    #[must_use]
    pub fn criterion(self) -> Option<Criterion> {
        let place = (self as usize).checked_sub(LEVELLED)?;
        Criterion::ALL.get(place).copied()
    }
}

/// What a rating says to each question, in the order of [`Question`]. `wrong`: the criteria named after bad factors, a
/// bit each in the order of [`Criterion`].
#[must_use]
pub fn answers(
    overall: u8,
    factors: [Option<u8>; 5],
    wrong: Option<u16>,
) -> [Option<u8>; QUESTIONS] {
    let mut answers = [None; QUESTIONS];
    answers[0] = Some(overall);
    answers[1..LEVELLED].copy_from_slice(&factors);
    for (answer, criterion) in answers[LEVELLED..].iter_mut().zip(Criterion::ALL) {
        *answer = factors[criterion.factor() as usize].map(|level| {
            let asked = Level::new(level).is_some_and(asks_what_was_wrong);
            let named = wrong.unwrap_or_default() & (1 << *criterion as u16) != 0;
            if asked && named { NAMED } else { NOT_NAMED }
        });
    }
    answers
}

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
        assert_eq!(Criterion::ALL.len(), QUESTIONS - LEVELLED);
        for (question, name) in Question::ALL.iter().zip(&names) {
            match question.criterion() {
                Some(criterion) => {
                    assert_eq!(*name, format!("named_{}", criterion.name()));
                    assert_eq!(Question::named(criterion), *question);
                }
                None => assert!((*question as usize) < LEVELLED),
            }
        }
        let factors: Vec<_> = SatisfactionFactor::ALL
            .iter()
            .map(|one| one.name())
            .collect();
        assert_eq!(names[1..LEVELLED], factors);
    }

    /// "Officials" at 2 with "polite" (bit 7) named, "access" at 5, the rest left out: polite is named; the two others
    /// about officials and the three about access are not; nothing is said of the ten others. A bit under a factor that
    /// was not bad (signage, bit 0) names nothing.
    #[test]
    fn who_answered_a_factor_named_its_criteria_or_not() {
        let said = answers(3, [Some(5), None, Some(2), None, None], Some(1 << 7 | 1));
        let of = |question: Question| said[question as usize];
        assert_eq!(of(Question::Overall), Some(3));
        assert_eq!(of(Question::Officials), Some(2));
        assert_eq!(of(Question::NamedPolite), Some(NAMED));
        for question in [
            Question::NamedGuidedInOneGo,
            Question::NamedKeepsToTheRules,
            Question::NamedSignage,
            Question::NamedSeating,
            Question::NamedEquipment,
        ] {
            assert_eq!(of(question), Some(NOT_NAMED), "{question:?}");
        }
        let silent = said.iter().filter(|one| one.is_none());
        assert_eq!(silent.count(), 3 + 10);
    }

    /// Whatever a result says, late or not, is a row of its own; whoever does not tell is in none of the others' rows.
    #[test]
    fn every_outcome_has_its_row() {
        use crate::case::{CaseStatus, Decision};
        let row =
            |status, decision, late| RatedOutcome::new(Outcome::of(status, decision), late).name();
        let (granted, refused) = (Some(Decision::Granted), Some(Decision::Refused));
        for (decision, names) in [
            (granted, ["granted", "granted_late"]),
            (refused, ["refused", "refused_late"]),
            (None, ["decided", "decided_late"]),
        ] {
            for status in [CaseStatus::Finished, CaseStatus::Returned] {
                let found = [false, true].map(|late| row(status, decision, late));
                assert_eq!(found, names);
            }
            // No result: what was told of one says nothing.
            assert_eq!(
                row(CaseStatus::NotAccepted, decision, false),
                "not_accepted"
            );
            assert_eq!(row(CaseStatus::Withdrawn, decision, false), "withdrawn");
            assert_eq!(row(CaseStatus::Stopped, decision, false), "stopped");
            assert_eq!(row(CaseStatus::Processing, decision, true), "open");
        }
        assert_eq!(RatedOutcome::ALL.len(), 10);
    }

    /// Of the finest label: three places; month, quarter and year. Whole, procedure, field and outcome of each; agency
    /// and level of the province, agency of the level; months of quarter and year.
    /// 3 × 3 × 4 + 3 × 2 + 3 × 1 + 3 × 2 = 51.
    #[test]
    fn the_finest_label_counts_in_every_table() {
        let cells = written("2026-11|H98.1|commune|1.004222|Hộ tịch|granted|late");
        assert_eq!(cells.len(), 51);
        for cell in [
            " 2026 =",
            "level/commune 2026-Q4 agency=H98.1",
            "agency/H98.1 2026-11 outcome=granted_late",
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
