//! TT 32/2017/TT-BTTTT Điều 12: three levels for online services, an instrument of its own.

use dung_hen_domain::indices::Share;
use dung_hen_domain::satisfaction::instruments::{FIVE_LEVELS, THREE_LEVELS, instrument};
use dung_hen_domain::satisfaction::tt32::ThreeLevel::{NotYetSatisfied, Satisfied, VerySatisfied};
use dung_hen_domain::satisfaction::tt32::ThreeLevels;

/// 3 very satisfied, 4 satisfied, 1 not yet: 7 of 8 satisfied, 3 of 8 very, 1 of 8 not yet.
#[test]
fn three_levels_are_counted_by_themselves() {
    let mut levels = ThreeLevels::default();
    for level in [VerySatisfied; 3] {
        levels.add(level);
    }
    for level in [Satisfied; 4] {
        levels.add(level);
    }
    levels.add(NotYetSatisfied);
    assert_eq!(levels.satisfied(), Share { part: 7, n: 8 });
    assert_eq!(levels.at(VerySatisfied), Share { part: 3, n: 8 });
    assert_eq!(levels.at(NotYetSatisfied), Share { part: 1, n: 8 });
    assert_eq!(ThreeLevels::default().satisfied(), Share::default());
}

/// No instrument shares its scale with the five levels.
#[test]
fn its_scale_is_its_own() {
    let three = instrument("three-levels-tt32-1").unwrap();
    assert_eq!(three.scale.id, THREE_LEVELS.id);
    assert_ne!(three.scale.id, FIVE_LEVELS.id);
    let five = instrument("five-factors-1").unwrap();
    assert_eq!(five.scale.id, FIVE_LEVELS.id);
}
