//! The questionnaires as data, each with its version, and the lint for their scales.
//!
//! The id holds the version. What was published under an id never changes, because answers are
//! kept under it: another wording, scale or order is another id
//! (`tests/law/sipas_2026/form.rs` holds each published one to its text).

use super::{Criterion, INSTRUMENT, SatisfactionFactor, wording};
use crate::case::WireName as _;
use crate::lang::Lang;
use crate::legal_basis::LegalBasis;

/// One point of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// What is stored.
    pub value: u8,
    /// Which way it leans and how far, 0 in the middle.
    pub leaning: i8,
    /// Vietnamese words.
    pub vi: &'static str,
    /// English words.
    pub en: &'static str,
    /// A sign beside the words.
    pub sign: Option<&'static str>,
    /// A colour beside the words.
    pub colour: Option<&'static str>,
    /// Whether the form comes with it chosen.
    pub selected: bool,
}

const fn point(value: u8, leaning: i8, vi: &'static str, en: &'static str) -> Point {
    Point {
        value,
        leaning,
        vi,
        en,
        sign: None,
        colour: None,
        selected: false,
    }
}

/// A scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Id, with its version.
    pub id: &'static str,
    /// Points in the order shown.
    pub points: &'static [Point],
    /// The clause that prescribes just these points, where one does.
    pub prescribed: Option<LegalBasis>,
}

/// The five levels of the SIPAS form of 2026.
pub const FIVE_LEVELS: Scale = Scale {
    id: "five-levels-1",
    points: &[
        point(1, -2, "Rất không hài lòng", "Very dissatisfied"),
        point(2, -1, "Không hài lòng", "Dissatisfied"),
        point(3, 0, "Bình thường", "Neither satisfied nor dissatisfied"),
        point(4, 1, "Hài lòng", "Satisfied"),
        point(5, 2, "Rất hài lòng", "Very satisfied"),
    ],
    prescribed: None,
};

/// The three levels of TT 32/2017/TT-BTTTT Điều 12.
pub const THREE_LEVELS: Scale = Scale {
    id: "three-levels-tt32-1",
    points: &[
        point(3, 2, "Rất hài lòng", "Very satisfied"),
        point(2, 1, "Hài lòng", "Satisfied"),
        point(1, -1, "Chưa hài lòng", "Not yet satisfied"),
    ],
    prescribed: Some(LegalBasis::verified("TT 32/2017/TT-BTTTT", 12, 0)),
};

/// One question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The service as a whole.
    Overall,
    /// A factor.
    Factor(SatisfactionFactor),
    /// A criterion.
    Criterion(Criterion),
}

impl Question {
    /// The machine name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Factor(factor) => factor.name(),
            Self::Criterion(criterion) => criterion.name(),
        }
    }

    /// The words.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Overall => wording::overall(lang),
            Self::Factor(factor) => wording::factor(factor, lang),
            Self::Criterion(criterion) => wording::criterion(criterion, lang),
        }
    }
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// Everyone who rates.
    Everyone,
    /// A part of those who rated, drawn by lot ([`super::sheet`]).
    RandomPart,
    /// Those who filed online, where the province has to report by the circular ([`super::sheet`]).
    OnRequest,
}

/// A questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Id, with its version.
    pub id: &'static str,
    /// Its scale, the same for each question.
    pub scale: &'static Scale,
    /// Questions in the order asked.
    pub questions: &'static [Question],
    /// Who is asked.
    pub offered: Offered,
}

use Question::{Criterion as C, Factor as F, Overall};
use SatisfactionFactor::{Access, FeedbackHandling, Officials, Outcomes, Procedures};

/// Every questionnaire ever published, oldest first.
pub const INSTRUMENTS: [Instrument; 3] = [
    Instrument {
        id: INSTRUMENT,
        scale: &FIVE_LEVELS,
        questions: &[
            Overall,
            F(Access),
            F(Procedures),
            F(Officials),
            F(Outcomes),
            F(FeedbackHandling),
        ],
        offered: Offered::Everyone,
    },
    Instrument {
        id: "sixteen-criteria-1",
        scale: &FIVE_LEVELS,
        questions: &[
            Overall,
            F(Access),
            C(Criterion::Signage),
            C(Criterion::Seating),
            C(Criterion::Equipment),
            F(Procedures),
            C(Criterion::PostedOpenly),
            C(Criterion::PapersAsPrescribed),
            C(Criterion::FeesAsPrescribed),
            C(Criterion::TimeLimitAsPrescribed),
            F(Officials),
            C(Criterion::Polite),
            C(Criterion::GuidedInOneGo),
            C(Criterion::KeepsToTheRules),
            F(Outcomes),
            C(Criterion::OnTheAppointedDay),
            C(Criterion::CompleteAndCorrect),
            C(Criterion::Fair),
            F(FeedbackHandling),
            C(Criterion::EasyToComplain),
            C(Criterion::HandledAsPrescribed),
            C(Criterion::ToldInTime),
        ],
        offered: Offered::RandomPart,
    },
    Instrument {
        id: "three-levels-tt32-1",
        scale: &THREE_LEVELS,
        questions: &[Overall],
        offered: Offered::OnRequest,
    },
];

/// The questionnaire with this id.
#[must_use]
pub fn instrument(id: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.iter().find(|instrument| instrument.id == id)
}

/// What no scale may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleFault {
    /// Not as many points, as far out, on one side as on the other.
    Unbalanced,
    /// The points do not go from one end to the other, or a value is used twice.
    Disordered,
    /// The form comes with a point chosen.
    PreSelected,
    /// A point has a sign and no words.
    EmojiOnly,
    /// Points that only a colour tells apart.
    ColourOnly,
    /// A point has neither words, sign nor colour in one of the languages.
    Wordless,
}

/// What is wrong with a scale; nothing where it may be asked. A clause that prescribes the very
/// points excuses their balance and nothing else.
#[must_use]
pub fn lint(scale: &Scale) -> Vec<ScaleFault> {
    let mut faults = Vec::new();
    let points = scale.points;
    let leaning = |wanted: i8| points.iter().filter(|p| p.leaning == wanted).count();
    let balanced = points.len() >= 2
        && points
            .iter()
            .all(|p| leaning(p.leaning) == leaning(p.leaning.saturating_neg()));
    if !balanced && scale.prescribed.is_none() {
        faults.push(ScaleFault::Unbalanced);
    }
    let rising = points
        .windows(2)
        .all(|pair| pair[0].leaning < pair[1].leaning && pair[0].value < pair[1].value);
    let falling = points
        .windows(2)
        .all(|pair| pair[0].leaning > pair[1].leaning && pair[0].value > pair[1].value);
    if !rising && !falling {
        faults.push(ScaleFault::Disordered);
    }
    if points.iter().any(|p| p.selected) {
        faults.push(ScaleFault::PreSelected);
    }
    let worded = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    for lang in [Lang::Vi, Lang::En] {
        let words = |p: &Point| lang.pick(p.vi, p.en).trim();
        for p in points.iter().filter(|p| !worded(words(p))) {
            let fault = if p.sign.is_some() || !words(p).is_empty() {
                ScaleFault::EmojiOnly
            } else if p.colour.is_some() {
                ScaleFault::ColourOnly
            } else {
                ScaleFault::Wordless
            };
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        let same = |a: &Point, b: &Point| worded(words(a)) && words(a) == words(b);
        let twins = points
            .iter()
            .enumerate()
            .any(|(i, a)| points.iter().skip(i + 1).any(|b| same(a, b)));
        if twins && !faults.contains(&ScaleFault::ColourOnly) {
            faults.push(ScaleFault::ColourOnly);
        }
    }
    faults
}
