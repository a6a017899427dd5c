//! From answers to counts, and from counts to shares. SIPAS-style: satisfied = the two upper levels
//! of five; a factor from its own question, never from its criteria.
//!
//! A criterion has two figures that are never one: *named* by x of n raters, where it was asked
//! only after a bad factor ([`Mentions`], which has no percent, interval or verdict), and a share,
//! from the answers of those who were asked all sixteen. Who is asked "what was wrong?" is unhappy
//! already: a share of satisfied ones among them would say nothing.

use super::{Criteria, Level, SatisfactionResponse};
use crate::indices::Share;

/// Answers to one question, per level 1 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels(pub [u64; 5]);

impl Levels {
    /// Adds an answer.
    pub fn add(&mut self, level: Level) {
        if let Some(count) = self.0.get_mut(usize::from(level.get()) - 1) {
            *count += 1;
        }
    }

    /// The satisfied of all: levels 4 and 5.
    #[must_use]
    pub const fn share(&self) -> Share {
        let [one, two, three, four, five] = self.0;
        Share {
            part: four + five,
            n: one + two + three + four + five,
        }
    }
}

/// Named by `named` of `raters`. Deliberately not a [`Share`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Those who named it.
    pub named: u64,
    /// All raters who answered the factor's question by the way that asks this, whatever they
    /// answered.
    pub raters: u64,
}

/// The counts of a set of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The whole.
    pub overall: Levels,
    /// Each factor from its own question.
    pub factors: [Levels; 5],
    /// Criteria named after a bad factor.
    pub named: [Mentions; 16],
    /// Criteria from those who were asked all sixteen.
    pub criteria: [Levels; 16],
}

impl Tally {
    /// Adds an answer.
    pub fn add(&mut self, answer: &SatisfactionResponse) {
        use crate::case::WireName as _;
        self.overall.add(answer.overall);
        for (levels, level) in self.factors.iter_mut().zip(answer.factors) {
            if let Some(level) = level {
                levels.add(level);
            }
        }
        match answer.criteria {
            Criteria::AllAsked(all) => {
                for (levels, level) in self.criteria.iter_mut().zip(all) {
                    if let Some(level) = level {
                        levels.add(level);
                    }
                }
            }
            Criteria::NotAsked | Criteria::Named(_) => {
                let named = match answer.criteria {
                    Criteria::Named(named) => named,
                    _ => [false; 16],
                };
                for ((mentions, named), criterion) in
                    self.named.iter_mut().zip(named).zip(super::Criterion::ALL)
                {
                    let answered = answer
                        .factors
                        .get(criterion.factor() as usize)
                        .is_some_and(Option::is_some);
                    mentions.raters += u64::from(answered);
                    mentions.named += u64::from(answered && named);
                }
            }
        }
    }
}

/// Whether "what was wrong?" is asked about a factor: the two lower levels.
#[must_use]
pub const fn asks_what_was_wrong(level: Level) -> bool {
    level.get() <= 2
}
