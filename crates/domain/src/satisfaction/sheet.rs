//! A second questionnaire, after the rating: a sheet of its own, apart from the rating.
//!
//! The sixteen criteria are for a part of those who rated, drawn by lot; the three levels of TT 32/2017 for those who
//! filed online, where the province asks for them. A sheet says of *every* question of its questionnaire that it was
//! asked, with a level or without an answer: so a share by criterion comes from those alone who were asked all of them.

use super::instruments::{Instrument, Offered, Question};

/// Questionnaire of the sixteen criteria.
pub const SIXTEEN: &str = "sixteen-criteria-1";
/// Questionnaire of the three levels.
pub const THREE: &str = "three-levels-tt32-1";

impl Instrument {
    /// The questions of its sheet, in the order asked: the criteria; of a questionnaire without criteria, all of them.
    /// The whole and the factors were answered with the rating and are not asked again.
    pub fn sheet(&self) -> impl Iterator<Item = Question> + '_ {
        let criteria = self.questions.iter().any(is_criterion);
        self.questions
            .iter()
            .filter(move |question| !criteria || is_criterion(question))
            .copied()
    }

    /// Whether it is asked on a sheet of its own.
    #[must_use]
    pub fn has_sheet(&self) -> bool {
        self.offered != Offered::Everyone
    }

    /// Whether its scale has this level.
    #[must_use]
    pub fn has_level(&self, level: u8) -> bool {
        self.scale.points.iter().any(|point| point.value == level)
    }
}

const fn is_criterion(question: &Question) -> bool {
    matches!(question, Question::Criterion(_))
}

/// Whether the lot falls on someone: `lot` is drawn evenly from all numbers of 32 bits, and one in `one_in` is chosen;
/// 0 chooses nobody, 1 everybody.
#[must_use]
pub const fn chosen(lot: u32, one_in: u32) -> bool {
    one_in != 0 && (lot as u64 * one_in as u64) >> 32 == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::satisfaction::instruments::instrument;

    #[test]
    fn a_sheet_asks_what_the_rating_did_not() {
        let sixteen = instrument(SIXTEEN).unwrap();
        assert!(sixteen.has_sheet());
        assert_eq!(sixteen.sheet().count(), 16);
        assert!(sixteen.sheet().all(|question| is_criterion(&question)));
        let three = instrument(THREE).unwrap();
        assert_eq!(three.sheet().collect::<Vec<_>>(), [Question::Overall]);
        assert!(three.has_level(3) && !three.has_level(4) && !three.has_level(0));
        assert!(!instrument("five-factors-1").unwrap().has_sheet());
    }

    /// One in five of 2^32 lots: lots below 2^32 / 5 = 858993459.2.
    #[test]
    fn one_in_so_many_is_chosen() {
        assert!(chosen(0, 5) && chosen(858_993_459, 5));
        assert!(!chosen(858_993_460, 5) && !chosen(u32::MAX, 5));
        assert!(!chosen(0, 0));
        assert!(chosen(u32::MAX, 1));
        assert!(chosen(1, u32::MAX) && !chosen(2, u32::MAX));
    }
}
