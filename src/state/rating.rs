//! The rating: one number and one ballot for one case, so a retry never counts twice.

use dung_hen_domain::case::WireName;
use dung_hen_domain::satisfaction::{INSTRUMENT, SatisfactionFactor};
use dung_hen_domain::wire::{Ballot, FactorAnswer, RatingReceipt, RatingRequest};
use dung_hen_domain::words::Lang;

use super::Fault;

/// Where the rating stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum RatingPhase {
    /// The citizen is answering.
    #[default]
    Choosing,
    /// Sent without an answer to the first question.
    Missing,
    /// On its way.
    Sending,
    /// It did not arrive, as far as we know.
    Failed(Fault),
    /// It arrived.
    Done(RatingReceipt),
}

/// The rating of the case on show. Lives as long as that view.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rating {
    /// The service as a whole, 1 to 5.
    pub(crate) overall: Option<u8>,
    /// By factor, in the order of [`SatisfactionFactor`].
    pub(crate) factors: [Option<u8>; 5],
    /// Our random number, once drawn: a retry asks for the same ballot.
    pub(crate) number: Option<String>,
    /// The ballot, once given: a retry spends the same one.
    pub(crate) ballot: Option<Ballot>,
    /// Where it stands.
    pub(crate) phase: RatingPhase,
}

impl Rating {
    /// Takes the answer to the first question; whether that changes what is shown.
    pub(crate) fn choose(&mut self, level: u8) -> bool {
        self.overall = Some(level);
        let missed = self.phase == RatingPhase::Missing;
        if missed {
            self.phase = RatingPhase::Choosing;
        }
        missed
    }

    /// Takes the answer to a factor; whether that changes what is shown.
    pub(crate) fn choose_factor(&mut self, factor: usize, level: u8) -> bool {
        if let Some(slot) = self.factors.get_mut(factor) {
            *slot = Some(level);
        }
        false
    }

    /// Begins sending; false where there is nothing to send or it is on its way already.
    pub(crate) fn begin(&mut self, draw: impl FnOnce() -> Option<String>) -> bool {
        if matches!(self.phase, RatingPhase::Sending | RatingPhase::Done(_)) {
            return false;
        }
        if self.overall.is_none() {
            self.phase = RatingPhase::Missing;
            return false;
        }
        if self.number.is_none() {
            self.number = draw();
        }
        self.phase = if self.number.is_some() {
            RatingPhase::Sending
        } else {
            RatingPhase::Failed(Fault::Nonsense)
        };
        self.number.is_some()
    }

    /// What to send with `ballot`; `None` before the first question is answered.
    pub(crate) fn request(&self, ballot: Ballot, lang: Lang) -> Option<RatingRequest> {
        let factors = SatisfactionFactor::ALL
            .iter()
            .zip(self.factors)
            .filter_map(|(factor, level)| {
                Some(FactorAnswer {
                    factor: factor.name().into(),
                    level: level?,
                })
            })
            .collect();
        Some(RatingRequest {
            ballot,
            instrument: INSTRUMENT.into(),
            language: lang.tag().into(),
            overall: self.overall?,
            factors,
        })
    }

    /// Takes what came of it.
    pub(crate) fn finish(&mut self, answer: Result<RatingReceipt, Fault>) {
        self.phase = match answer {
            Ok(receipt) => RatingPhase::Done(receipt),
            Err(fault) => RatingPhase::Failed(fault),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dung_hen_domain::wire::BallotLabel;

    fn ballot() -> Ballot {
        Ballot {
            label: BallotLabel {
                agency: "A".into(),
                month: "2026-10".into(),
            },
            number: "n".into(),
            signature: "s".into(),
        }
    }

    #[test]
    fn nothing_is_sent_before_a_word_is_chosen() {
        let mut rating = Rating::default();
        assert!(!rating.begin(|| Some("n".into())));
        assert_eq!(rating.phase, RatingPhase::Missing);
        assert_eq!(rating.number, None);
        rating.choose(4);
        assert_eq!(rating.phase, RatingPhase::Choosing);
        assert!(rating.begin(|| Some("n".into())));
    }

    #[test]
    fn a_double_tap_sends_once() {
        let mut rating = Rating::default();
        rating.choose(5);
        assert!(rating.begin(|| Some("n".into())));
        assert!(!rating.begin(|| Some("m".into())));
        rating.finish(Ok(RatingReceipt {
            receipt: "1".into(),
            repeated: false,
        }));
        assert!(!rating.begin(|| Some("m".into())));
    }

    #[test]
    fn a_retry_keeps_the_number_the_ballot_and_the_answers() {
        let mut rating = Rating::default();
        rating.choose(2);
        rating.choose_factor(1, 1);
        rating.choose_factor(9, 1);
        assert!(rating.begin(|| Some("first".into())));
        rating.ballot = Some(ballot());
        rating.finish(Err(Fault::Timeout));
        assert!(rating.begin(|| Some("second".into())));
        assert_eq!(rating.number.as_deref(), Some("first"));
        assert_eq!(rating.ballot, Some(ballot()));
        let request = rating.request(ballot(), Lang::En).unwrap();
        assert_eq!(request.overall, 2);
        assert_eq!(request.language, "en");
        assert_eq!(
            request.factors,
            [FactorAnswer {
                factor: "procedures".into(),
                level: 1
            }]
        );
    }

    #[test]
    fn without_randomness_nothing_leaves() {
        let mut rating = Rating::default();
        rating.choose(3);
        assert!(!rating.begin(|| None));
        assert_eq!(rating.phase, RatingPhase::Failed(Fault::Nonsense));
    }
}
