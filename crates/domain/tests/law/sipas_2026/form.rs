//! The SIPAS form of 2026 (secondary, docs/LAW.md): five factors, sixteen criteria, five levels.
//! Every expected share is worked by hand.

use std::fmt::Write as _;

use dung_hen_domain::case::WireName;
use dung_hen_domain::indices::{Share, Standing, Verdict};
use dung_hen_domain::satisfaction::instruments::{
    FIVE_LEVELS, INSTRUMENTS, Point, Question, Scale, ScaleFault, THREE_LEVELS, instrument, lint,
};
use dung_hen_domain::satisfaction::tally::{Mentions, Tally, asks_what_was_wrong};
use dung_hen_domain::satisfaction::{
    Criteria, Criterion, INSTRUMENT, Level, SatisfactionFactor, SatisfactionResponse,
};
use dung_hen_domain::words::Lang;

fn level(value: u8) -> Level {
    Level::new(value).unwrap()
}

fn answer(overall: u8, factors: [u8; 5], criteria: Criteria) -> SatisfactionResponse {
    SatisfactionResponse {
        overall: level(overall),
        factors: factors.map(Level::new),
        criteria,
    }
}

fn named(criteria: &[Criterion]) -> Criteria {
    let mut all = [false; 16];
    for criterion in criteria {
        all[*criterion as usize] = true;
    }
    Criteria::Named(all)
}

/// Part II of the form: A 3, B 4, C 3, D 3, E 3 = 16.
#[test]
fn sixteen_criteria_belong_to_five_factors() {
    let of = |factor| {
        Criterion::ALL
            .iter()
            .filter(|criterion| criterion.factor() == factor)
            .count()
    };
    let counts: Vec<usize> = SatisfactionFactor::ALL.iter().map(|f| of(*f)).collect();
    assert_eq!(counts, [3, 4, 3, 3, 3]);
}

/// Six raters. Overall 5, 4, 4, 3, 2, 1: satisfied 3 of 6 = 50 %.
/// Officials: 5, 4, none, 3, 2, 1 : 2 of 5 = 40 %, from the factor's own question, whatever the criteria say.
#[test]
fn a_factor_is_counted_from_its_own_question() {
    let mut tally = Tally::default();
    for (overall, officials) in [(5, 5), (4, 4), (4, 0), (3, 3), (2, 2), (1, 1)] {
        // Everyone of the sixteen is loved; the factor's figure does not move.
        let criteria = Criteria::AllAsked([Level::new(5); 16]);
        tally.add(&answer(overall, [0, 0, officials, 0, 0], criteria));
    }
    assert_eq!(tally.overall.share(), Share { part: 3, n: 6 });
    let officials = tally.factors[SatisfactionFactor::Officials as usize];
    assert_eq!(officials.0, [1, 1, 1, 1, 1]);
    assert_eq!(officials.share(), Share { part: 2, n: 5 });
    assert_eq!(tally.factors[0].share(), Share { part: 0, n: 0 });
}

/// Four raters answered the factor "officials", two of them badly and said why: "polite" twice, "one go" once.
/// A fifth was asked all sixteen and found "polite" good. So: polite is named by 2 of 4 raters; its share is
/// 1 of 1, from the fifth alone.
#[test]
fn a_criterion_asked_after_a_bad_factor_is_named_and_never_a_share() {
    use Criterion::{GuidedInOneGo, Polite, Signage};
    let mut tally = Tally::default();
    tally.add(&answer(5, [0, 0, 5, 0, 0], Criteria::NotAsked));
    tally.add(&answer(4, [0, 0, 4, 0, 0], Criteria::NotAsked));
    tally.add(&answer(2, [0, 0, 1, 0, 0], named(&[Polite, GuidedInOneGo])));
    tally.add(&answer(2, [0, 0, 2, 0, 0], named(&[Polite, Signage])));
    let mut all = [None; 16];
    all[Polite as usize] = Level::new(4);
    tally.add(&answer(4, [0, 0, 4, 0, 0], Criteria::AllAsked(all)));

    let named = |criterion| tally.named[criterion as usize];
    let mentions = |named, raters| Mentions { named, raters };
    assert_eq!(named(Polite), mentions(2, 4));
    assert_eq!(named(GuidedInOneGo), mentions(1, 4));
    // Nobody answered the factor "access": whoever names one of its criteria all the same was not asked.
    assert_eq!(named(Signage), mentions(0, 0));
    assert_eq!(
        tally.criteria[Polite as usize].share(),
        Share { part: 1, n: 1 }
    );
    assert_eq!(
        tally.criteria[GuidedInOneGo as usize].share(),
        Share { part: 0, n: 0 }
    );
}

#[test]
fn what_was_wrong_is_asked_after_the_two_lower_levels() {
    let asked: Vec<bool> = (1..=5).map(|v| asks_what_was_wrong(level(v))).collect();
    assert_eq!(asked, [true, true, false, false, false]);
}

/// The plain share stands first, then the interval's word. By hand, z² = 3.8415:
/// * 14 of 15 = 93.33 %: at or above 93 %. Interval: (0.93333 + 0.12805) / 1.25610 = 0.84498 in the middle, half
///   1.95996 / 1.25610 × √(0.93333 × 0.06667 / 15 + 3.8415 / 900) = 1.56035 × √0.0084165 = 0.14315;
///   70.2 % to 98.8 % holds the target: not enough answers.
/// * 186 of 200 = 93 % exactly: at or above.
/// * 185 of 200 = 92.5 %: below.
#[test]
fn plain_share_first_then_the_interval() {
    let few = Share { part: 14, n: 15 };
    assert_eq!(few.standing(93.0), Standing::AtOrAbove);
    assert_eq!(few.verdict(93.0), Verdict::NotEnoughData);
    let (low, high) = few.wilson().unwrap();
    assert!(
        (low - 70.18).abs() < 0.02 && (high - 98.81).abs() < 0.02,
        "{low} {high}"
    );
    let exact = Share { part: 186, n: 200 };
    assert_eq!(exact.standing(93.0), Standing::AtOrAbove);
    assert_eq!(Share { part: 185, n: 200 }.standing(93.0), Standing::Below);
    assert_eq!(Share::default().standing(93.0), Standing::Empty);
}

/// 959,999,999 of 1,000,000,000 prints as 96.00 % and is still below 96 %.
#[test]
fn no_rounding_decides_about_a_target() {
    let share = Share {
        part: 959_999_999,
        n: 1_000_000_000,
    };
    assert_eq!(share.standing(96.0), Standing::Below);
    assert_eq!(share.verdict_full_count(96.0), Verdict::NotMet);
}

#[test]
fn every_scale_asked_passes_the_lint() {
    for instrument in &INSTRUMENTS {
        assert_eq!(lint(instrument.scale), [], "{}", instrument.id);
    }
    assert_eq!(lint(&FIVE_LEVELS), []);
}

#[test]
fn the_lint_refuses_what_leads_or_shuts_out() {
    let of = |points: &'static [Point]| {
        lint(&Scale {
            id: "tried",
            points,
            prescribed: None,
        })
    };
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
    const BAD: Point = point(1, -1, "Không hài lòng", "Dissatisfied");
    const GOOD: Point = point(2, 1, "Hài lòng", "Satisfied");
    assert_eq!(of(&[BAD, GOOD]), []);
    // Two ways of being content and one of not being so.
    const VERY: Point = point(3, 2, "Rất hài lòng", "Very satisfied");
    assert_eq!(of(&[BAD, GOOD, VERY]), [ScaleFault::Unbalanced]);
    assert_eq!(of(&[]), [ScaleFault::Unbalanced]);
    // The same three points are fine where a circular prescribes them, and only then.
    assert_eq!(lint(&THREE_LEVELS), []);
    let own = Scale {
        prescribed: None,
        ..THREE_LEVELS
    };
    assert_eq!(lint(&own), [ScaleFault::Unbalanced]);
    // The middle first.
    const MIDDLE: Point = point(3, 0, "Bình thường", "Neither");
    assert_eq!(of(&[MIDDLE, BAD, GOOD]), [ScaleFault::Disordered]);
    const CHOSEN: Point = Point {
        selected: true,
        ..GOOD
    };
    assert_eq!(of(&[BAD, CHOSEN]), [ScaleFault::PreSelected]);
    const FROWN: Point = Point {
        vi: "",
        en: "",
        sign: Some("🙁"),
        ..BAD
    };
    const SMILE: Point = Point {
        vi: "🙂",
        en: "🙂",
        ..GOOD
    };
    assert_eq!(of(&[FROWN, SMILE]), [ScaleFault::EmojiOnly]);
    // Words in one language only.
    const FOREIGN: Point = Point {
        en: "",
        sign: Some("🙂"),
        ..GOOD
    };
    assert_eq!(of(&[BAD, FOREIGN]), [ScaleFault::EmojiOnly]);
    const RED: Point = Point {
        vi: "",
        en: "",
        colour: Some("#c00"),
        ..BAD
    };
    const GREEN: Point = Point {
        vi: "",
        en: "",
        colour: Some("#080"),
        ..GOOD
    };
    assert_eq!(of(&[RED, GREEN]), [ScaleFault::ColourOnly]);
    // The same word twice: only the colour tells them apart.
    const TWIN_RED: Point = Point {
        vi: "Đánh giá",
        en: "Rate",
        ..RED
    };
    const TWIN_GREEN: Point = Point {
        vi: "Đánh giá",
        en: "Rate",
        ..GREEN
    };
    assert_eq!(of(&[TWIN_RED, TWIN_GREEN]), [ScaleFault::ColourOnly]);
}

/// What an answer was kept under keeps its meaning: a change of words, scale or order is another id.
#[test]
fn a_published_questionnaire_never_changes() {
    let mut text = String::new();
    for instrument in &INSTRUMENTS {
        writeln!(text, "{} {}", instrument.id, instrument.scale.id).unwrap();
        for point in instrument.scale.points {
            writeln!(text, "  {} {} | {}", point.value, point.vi, point.en).unwrap();
        }
        for question in instrument.questions {
            let words = |lang| question.words(lang);
            let name = question.name();
            writeln!(text, "  {name}: {} | {}", words(Lang::Vi), words(Lang::En)).unwrap();
        }
    }
    assert_eq!(
        text,
        include_str!("instruments.txt"),
        "published words were changed: give the questionnaire a new id instead, and add it to instruments.txt"
    );
}

#[test]
fn the_sixteen_are_asked_once_each_beside_their_factors() {
    let sixteen = instrument("sixteen-criteria-1").unwrap();
    for criterion in Criterion::ALL {
        let at = |wanted| sixteen.questions.iter().position(|q| *q == wanted);
        let own = at(Question::Criterion(*criterion)).unwrap();
        let factor = at(Question::Factor(criterion.factor())).unwrap();
        assert!(factor < own && own - factor <= 4, "{}", criterion.name());
    }
    assert_eq!(sixteen.questions.len(), 1 + 5 + 16);
    assert!(instrument(INSTRUMENT).is_some());
    assert_eq!(instrument("no-such-thing"), None);
}
