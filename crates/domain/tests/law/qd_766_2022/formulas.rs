//! QĐ 766/QĐ-TTg of 23/6/2022, progress and satisfaction. Formulas: secondary (docs/LAW.md).

use dung_hen_domain::indices::Share;
use dung_hen_domain::indices::qd766::{
    Dossiers, dossier_satisfaction_score, feedback_on_time_score, feedback_satisfaction_score,
};

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// 100 dossiers: 70 finished on time, 18 open within time, 12 overdue. 20 × 88 / 100 = 17.6.
/// Five withdrawn and three that cannot be told change nothing.
#[test]
fn progress_is_twenty_times_the_share_on_time() {
    let dossiers = Dossiers {
        finished_on_time: 70,
        open_within_time: 18,
        overdue: 12,
        ended_without_result: 5,
        unknown: 3,
        ..Dossiers::default()
    };
    assert_eq!(dossiers.on_time(), Share { part: 88, n: 100 });
    assert!(near(dossiers.progress_score().unwrap(), 17.6));
    assert_eq!(Dossiers::default().progress_score(), None);
}

/// The same 100: 12 overdue, 4 of these with feedback as well; 6 with feedback alone.
/// Dissatisfied: 12 + 6 = 18, the four are not taken off twice. Satisfied 82 of 100; 6 × 0.82 / 0.90 = 5.4667.
#[test]
fn an_overdue_dossier_is_dissatisfied_and_none_twice() {
    let dossiers = Dossiers {
        finished_on_time: 70,
        open_within_time: 18,
        overdue: 12,
        overdue_with_feedback: 4,
        feedback_only: 6,
        ..Dossiers::default()
    };
    let satisfied = dossiers.satisfied(0);
    assert_eq!(satisfied.least, Share { part: 82, n: 100 });
    assert_eq!(satisfied.most, satisfied.least);
    let score = dossier_satisfaction_score(satisfied.least);
    assert!(near((score * 1e4).round(), 54_667.0), "{score}");

    // Ten ratings were bad. Whose, is not known: all ten may be of other dossiers (100 − 18 − 10 = 72), or all among
    // the 18 (82).
    let satisfied = dossiers.satisfied(10);
    assert_eq!((satisfied.least.part, satisfied.most.part), (72, 82));
    // Thirty bad ratings: at least twelve of them are of dossiers not taken off yet. 100 − 48 and 100 − 30.
    let satisfied = dossiers.satisfied(30);
    assert_eq!((satisfied.least.part, satisfied.most.part), (52, 70));
    assert_eq!(dossiers.satisfied(1000).least.part, 0);
}

/// 95 of 100 is above the 90 % that earn all six points; no dossier earns none.
#[test]
fn six_points_are_the_most() {
    assert!(near(
        dossier_satisfaction_score(Share { part: 95, n: 100 }),
        6.0
    ));
    assert!(near(
        dossier_satisfaction_score(Share { part: 90, n: 100 }),
        6.0
    ));
    assert!(near(
        dossier_satisfaction_score(Share { part: 45, n: 100 }),
        3.0
    ));
    assert!(near(dossier_satisfaction_score(Share::default()), 0.0));
}

/// 7 of 8 items of feedback on time: 6 × 7 / 8 = 5.25. None at all: 6. Of 8, 2 bad: 6 × 6 / 8 = 4.5.
#[test]
fn feedback_earns_six_points_where_there_was_none() {
    assert!(near(feedback_on_time_score(Share { part: 7, n: 8 }), 5.25));
    assert!(near(feedback_on_time_score(Share::default()), 6.0));
    assert!(near(feedback_satisfaction_score(2, 8), 4.5));
    assert!(near(feedback_satisfaction_score(0, 0), 6.0));
}
