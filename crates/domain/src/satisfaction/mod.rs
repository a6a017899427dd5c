//! What is asked and answered: five factors, sixteen criteria, levels.
//!
//! Five levels, as the SIPAS form of 2026 has them; five factors of public service with sixteen
//! criteria. The instrument, which names its scale, and the language stay with every answer.
//! How answers become counts: [`tally`]; the tables that are published: [`tables`]. The questionnaires as data, and
//! what no scale may be: [`instruments`], their words: [`wording`]; what is asked apart from the rating: [`sheet`].
//! The three levels of TT 32/2017: [`tt32`], never mixed with these.

pub mod instruments;
pub mod sheet;
pub mod tables;
pub mod tally;
pub mod tt32;
pub mod wording;

use crate::case::wire_enum;

wire_enum! {
    /// The five factors of public service.
    SatisfactionFactor {
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

wire_enum! {
    /// The sixteen criteria of public service, as the form of 2026 lists them (docs/LAW.md).
    Criterion {
        /// Finding the place.
        Signage = "signage",
        /// Somewhere to sit and write.
        Seating = "seating",
        /// Equipment for those who come.
        Equipment = "equipment",
        /// The procedure is on display.
        PostedOpenly = "posted_openly",
        /// No papers beyond those prescribed.
        PapersAsPrescribed = "papers_as_prescribed",
        /// No fees beyond those prescribed.
        FeesAsPrescribed = "fees_as_prescribed",
        /// The time limit is the prescribed one.
        TimeLimitAsPrescribed = "time_limit_as_prescribed",
        /// Officials are polite.
        Polite = "polite",
        /// Officials say everything that is missing in one go.
        GuidedInOneGo = "guided_in_one_go",
        /// Officials keep to the rules.
        KeepsToTheRules = "keeps_to_the_rules",
        /// The result came on the appointed day.
        OnTheAppointedDay = "on_the_appointed_day",
        /// The result is complete and free of errors.
        CompleteAndCorrect = "complete_and_correct",
        /// The result is fair.
        Fair = "fair",
        /// It is easy to send feedback.
        EasyToComplain = "easy_to_complain",
        /// Feedback is handled as prescribed.
        HandledAsPrescribed = "handled_as_prescribed",
        /// The outcome of feedback is told in time.
        ToldInTime = "told_in_time",
    }
}

impl Criterion {
    /// The factor it belongs to: 3 + 4 + 3 + 3 + 3.
    #[must_use]
    pub const fn factor(self) -> SatisfactionFactor {
        use Criterion as C;
        match self {
            C::Signage | C::Seating | C::Equipment => SatisfactionFactor::Access,
            C::PostedOpenly
            | C::PapersAsPrescribed
            | C::FeesAsPrescribed
            | C::TimeLimitAsPrescribed => SatisfactionFactor::Procedures,
            C::Polite | C::GuidedInOneGo | C::KeepsToTheRules => SatisfactionFactor::Officials,
            C::OnTheAppointedDay | C::CompleteAndCorrect | C::Fair => SatisfactionFactor::Outcomes,
            C::EasyToComplain | C::HandledAsPrescribed | C::ToldInTime => {
                SatisfactionFactor::FeedbackHandling
            }
        }
    }
}

/// The instrument that the form asks: the whole and the five factors.
pub const INSTRUMENT: &str = "five-factors-1";

/// A level of the five-level scale: 1 very dissatisfied to 5 very satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    /// The level, if it is 1 to 5.
    #[must_use]
    pub const fn new(level: u8) -> Option<Self> {
        if level >= 1 && level <= 5 {
            Some(Self(level))
        } else {
            None
        }
    }

    /// 1 to 5.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// What was asked about the sixteen criteria, and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criteria {
    /// Nothing.
    NotAsked,
    /// "What was wrong?", asked after a bad factor: the criteria that were named.
    Named([bool; 16]),
    /// All sixteen, offered to a random part of the raters: a level each, where answered.
    AllAsked([Option<Level>; 16]),
}

/// An answer. Factors not answered are `None`; nothing is assumed of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SatisfactionResponse {
    /// The service as a whole.
    pub overall: Level,
    /// In the order of [`SatisfactionFactor`].
    pub factors: [Option<Level>; 5],
    /// The criteria, in the order of [`Criterion`].
    pub criteria: Criteria,
}
