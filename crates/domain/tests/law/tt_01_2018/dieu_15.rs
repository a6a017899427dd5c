//! TT 01/2018/TT-VPCP Điều 15, with the scores 0, 1, 2 of Điều 13 and 14 that it adds up.

use dung_hen_domain::indices::tt01::{
    DossierScore, Feedback, Grade, Indicator, Scores, Tenths, attitude, attitude_bounds,
    feedback_handling, grade, total, total_time,
};
use dung_hen_domain::timeliness::Timeliness::{Early, Late, OnTime, Overdue, Paused};

/// Indicator 1. Seven dossiers: 4 early, 2 on time, 1 late: (4×2 + 2×1 + 0) / 7 = 10 / 7 = 1.4286, rounded 1.4.
/// One open and one paused do not score.
#[test]
fn total_time_is_two_one_nought() {
    let mut indicator = Indicator::default();
    for stands in [
        Early, Early, Early, Early, OnTime, OnTime, Late, Overdue, Paused,
    ] {
        indicator.add(total_time(stands));
    }
    assert_eq!((indicator.sum, indicator.n), (10, 7));
    assert_eq!(indicator.score(), Some(Tenths(14)));
}

/// Indicator 7. Early without feedback 2, on time without 1, early with feedback 0: 3 / 3 = 1.0. A late one without
/// feedback is named by none of the three and counted apart.
#[test]
fn conduct_is_early_and_no_feedback() {
    let mut indicator = Indicator::default();
    for (stands, feedback) in [
        (Early, false),
        (OnTime, false),
        (Early, true),
        (Late, false),
    ] {
        indicator.add(attitude(stands, feedback));
    }
    assert_eq!(indicator.score(), Some(Tenths(10)));
    assert_eq!(indicator.not_covered, 1);
    assert_eq!(attitude(Late, true), DossierScore::Points(0));
    assert_eq!(attitude(Overdue, false), DossierScore::NotScored);
}

/// Indicator 7 without knowing whose feedback it was. 4 early, 2 on time, 3 late, one with feedback: without it 10 of 6.
/// It was early: 8 of 6 = 1.3. On time: 9 of 6 = 1.5. Late or open: 10 of 7 = 1.4. So 1.3 to 1.5.
/// Nobody complained: 10 of 6 = 1.7 at both ends, and the three late ones are not covered.
#[test]
fn conduct_lies_between_two_ends_where_nobody_knows_whose_feedback_it_was() {
    let ends = |feedback| {
        let (least, most) = attitude_bounds(4, 2, 3, feedback);
        (least.score(), most.score())
    };
    assert_eq!(ends(1), (Some(Tenths(13)), Some(Tenths(15))));
    assert_eq!(ends(0), (Some(Tenths(17)), Some(Tenths(17))));
    assert_eq!(attitude_bounds(4, 2, 3, 0).0.not_covered, 3);
    // All late: one had feedback and scores 0, of the two others the circular says nothing.
    assert_eq!(attitude_bounds(0, 0, 3, 1).0.not_covered, 2);
    // More feedback than dossiers: nothing is left, and nothing overflows.
    assert_eq!(ends(20).0, Some(Tenths(0)));
    let (least, most) = attitude_bounds(0, 0, 0, 0);
    assert_eq!((least.score(), most.score()), (None, None));
}

/// Indicator 8. 9 of 10 is 90 %: 1. 8 of 9 is 88.9 %: 0. All on time but one prolonged: 0. None at all: 2.
#[test]
fn feedback_is_two_one_nought() {
    let handled = |on_time, n, prolonged| {
        feedback_handling(Feedback {
            on_time,
            n,
            prolonged,
        })
    };
    assert_eq!(handled(10, 10, false), 2);
    assert_eq!(handled(0, 0, false), 2);
    assert_eq!(handled(9, 10, false), 1);
    assert_eq!(handled(8, 9, false), 0);
    assert_eq!(handled(10, 10, true), 0);
}

/// Điều 15(2)a, one digit. 5/4 = 1.25 → 1.3 (halves up); 1/3 = 0.33 → 0.3; 2/3 = 0.67 → 0.7; 0/5 = 0.0; 1/20 = 0.05
/// → 0.1; nothing over nothing is not 0.
#[test]
fn scores_have_one_digit() {
    for (sum, n, tenths) in [(5, 4, 13), (1, 3, 3), (2, 3, 7), (0, 5, 0), (1, 20, 1)] {
        assert_eq!(Tenths::mean(sum, n), Some(Tenths(tenths)), "{sum}/{n}");
    }
    assert_eq!(Tenths::mean(0, 0), None);
    assert_eq!(Tenths::mean(u64::MAX, 1), None);
}

/// Điều 15(2)b: the sum. Nine times 1.6 = 14.4: tốt; one unknown, and there is no total.
#[test]
fn without_all_nine_there_is_no_total() {
    let mut scores: Scores = [Some(Tenths(16)); 9];
    assert_eq!(total(&scores), Some(Tenths(144)));
    scores[3] = None;
    assert_eq!(total(&scores), None);
    for (tenths, expected) in [
        (180, Grade::Excellent),
        (150, Grade::Excellent),
        (149, Grade::Good),
        (120, Grade::Good),
        (119, Grade::Fair),
        (90, Grade::Fair),
        (89, Grade::Average),
        (60, Grade::Average),
        (59, Grade::Weak),
        (0, Grade::Weak),
    ] {
        assert_eq!(grade(Tenths(tenths)), expected, "{tenths}");
    }
}
