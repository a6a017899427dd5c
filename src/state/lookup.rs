//! The look-up: asked, on its way, answered.

use super::Fault;
use crate::api::View;

/// The answers.
pub(crate) enum Answer {
    /// To the code alone.
    Public(View),
    /// To the holder.
    Holder(View),
    /// To the reference number of a report.
    Objection(View),
}

/// What was asked.
#[derive(Clone, Default)]
pub(crate) struct Query {
    /// The case code as typed.
    pub(crate) code: String,
    /// The proof as typed; empty for the public answer.
    pub(crate) proof: String,
}

/// Where the look-up stands.
#[derive(Clone, Default)]
pub(crate) enum Phase {
    /// Nothing asked yet.
    #[default]
    Idle,
    /// On its way; `slow` after a second.
    Loading {
        /// Whether it takes long enough to be told.
        slow: bool,
    },
    /// The answer to the code alone.
    Public(View),
    /// The answer to the holder.
    Holder(View),
    /// A report and its answers.
    Objection(View),
    /// No answer.
    Failed(Fault),
}

impl Phase {
    fn of(answer: Answer) -> Self {
        match answer {
            Answer::Public(view) => Self::Public(view),
            Answer::Holder(view) => Self::Holder(view),
            Answer::Objection(view) => Self::Objection(view),
        }
    }
}

/// The look-up of one element.
#[derive(Default)]
pub(crate) struct Lookup {
    /// Counts the questions: an answer to an earlier one is stale.
    pub(crate) generation: u32,
    /// The latest question.
    pub(crate) query: Query,
    /// Where it stands.
    pub(crate) phase: Phase,
}

/// What can happen to a look-up.
pub(crate) enum LookupEvent {
    /// A question is asked.
    Asked(Query),
    /// The question of this generation has been on its way for a second.
    Slow(u32),
    /// The question of this generation is answered.
    Answered(u32, Result<Answer, Fault>),
    /// The case on show has changed meanwhile.
    Changed(Answer),
}

impl Lookup {
    /// Takes the step; false where the event is stale and nothing changed.
    pub(crate) fn step(&mut self, event: LookupEvent) -> bool {
        match event {
            LookupEvent::Asked(query) => {
                self.generation = self.generation.wrapping_add(1);
                self.query = query;
                self.phase = Phase::Loading { slow: false };
                true
            }
            LookupEvent::Slow(generation) => {
                let current = generation == self.generation
                    && matches!(self.phase, Phase::Loading { slow: false });
                if current {
                    self.phase = Phase::Loading { slow: true };
                }
                current
            }
            LookupEvent::Answered(generation, answer) => {
                let current =
                    generation == self.generation && matches!(self.phase, Phase::Loading { .. });
                if current {
                    self.phase = answer.map_or_else(Phase::Failed, Phase::of);
                }
                current
            }
            LookupEvent::Changed(answer) => {
                let current = matches!(self.phase, Phase::Public(_) | Phase::Holder(_));
                if current {
                    self.phase = Phase::of(answer);
                }
                current
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(code: &str) -> LookupEvent {
        LookupEvent::Asked(Query {
            code: code.into(),
            proof: String::new(),
        })
    }

    #[test]
    fn an_answer_to_an_earlier_question_is_ignored() {
        let mut lookup = Lookup::default();
        assert!(lookup.step(asked("A")));
        let first = lookup.generation;
        assert!(lookup.step(asked("B")));
        assert!(!lookup.step(LookupEvent::Answered(first, Err(Fault::Offline))));
        assert!(!lookup.step(LookupEvent::Slow(first)));
        assert!(matches!(lookup.phase, Phase::Loading { slow: false }));
        assert!(lookup.step(LookupEvent::Answered(
            lookup.generation,
            Err(Fault::Timeout)
        )));
        assert!(matches!(lookup.phase, Phase::Failed(Fault::Timeout)));
        assert_eq!(lookup.query.code, "B");
    }

    #[test]
    fn an_answer_is_not_overtaken_by_its_own_slowness_or_by_a_second_answer() {
        let mut lookup = Lookup::default();
        lookup.step(asked("A"));
        let now = lookup.generation;
        assert!(lookup.step(LookupEvent::Slow(now)));
        assert!(!lookup.step(LookupEvent::Slow(now)));
        assert!(lookup.step(LookupEvent::Answered(now, Err(Fault::Nonsense))));
        assert!(!lookup.step(LookupEvent::Slow(now)));
        assert!(!lookup.step(LookupEvent::Answered(now, Err(Fault::Offline))));
        assert!(matches!(lookup.phase, Phase::Failed(Fault::Nonsense)));
    }

    #[test]
    fn nothing_is_answered_that_was_not_asked() {
        let mut lookup = Lookup::default();
        assert!(!lookup.step(LookupEvent::Answered(0, Err(Fault::Offline))));
        assert!(matches!(lookup.phase, Phase::Idle));
    }
}
