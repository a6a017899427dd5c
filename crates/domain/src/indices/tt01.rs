//! Scores 0, 1, 2 of TT 01/2018/TT-VPCP Điều 13 to 15, for the indicators that cases can give.
//!
//! The circular guided NĐ 61/2018, repealed from 1 July 2025; whether its scoring lives on is open
//! (docs/LAW.md). Known from cases: indicator 1 (total time), 7 (conduct: lateness and feedback)
//! and 8 (handling of feedback). The others need what no case holds, and are said to be unknown;
//! without all nine there is no total and no grade.

use crate::timeliness::Timeliness;

/// Number of indicators.
pub const INDICATORS: u8 = 9;

/// A score with one digit after the point, in tenths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenths(pub u32);

impl Tenths {
    /// Sum over number, rounded to one digit, halves up (Điều 15(2)a); `None` over nothing.
    #[must_use]
    pub fn mean(sum: u64, n: u64) -> Option<Self> {
        let tenths = sum
            .checked_mul(20)?
            .checked_add(n)?
            .checked_div(n.checked_mul(2)?)?;
        u32::try_from(tenths).ok().map(Self)
    }

    /// In whole points: 17 tenths are 1.7.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

/// What one dossier scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DossierScore {
    /// 0, 1 or 2.
    Points(u8),
    /// Not finished yet, or no promise applies.
    NotScored,
    /// The circular names no score for it.
    NotCovered,
}

/// Indicator 1, total time against the rule: shorter 2, equal 1, longer 0.
#[must_use]
pub const fn total_time(stands: Timeliness) -> DossierScore {
    match stands {
        Timeliness::Early => DossierScore::Points(2),
        Timeliness::OnTime => DossierScore::Points(1),
        Timeliness::Late => DossierScore::Points(0),
        _ => DossierScore::NotScored,
    }
}

/// Indicator 7, attitude: early and no feedback 2, on time and none 1, feedback that was not found
/// false 0. A late dossier without feedback is named by none of the three.
#[must_use]
pub const fn attitude(stands: Timeliness, feedback: bool) -> DossierScore {
    match (stands, feedback) {
        (_, true) => DossierScore::Points(0),
        (Timeliness::Early, false) => DossierScore::Points(2),
        (Timeliness::OnTime, false) => DossierScore::Points(1),
        (Timeliness::Late, false) => DossierScore::NotCovered,
        _ => DossierScore::NotScored,
    }
}

/// Scores of the dossiers of one indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indicator {
    /// Points together.
    pub sum: u64,
    /// Dossiers that score.
    pub n: u64,
    /// Dossiers for which the circular names no score.
    pub not_covered: u64,
}

impl Indicator {
    /// Adds a dossier.
    pub const fn add(&mut self, score: DossierScore) {
        match score {
            DossierScore::Points(points) => {
                self.sum += points as u64;
                self.n += 1;
            }
            DossierScore::NotCovered => self.not_covered += 1,
            DossierScore::NotScored => {}
        }
    }

    /// Điều 15(2)a.
    #[must_use]
    pub fn score(&self) -> Option<Tenths> {
        Tenths::mean(self.sum, self.n)
    }
}

/// Indicator 7 where `feedback` dossiers had feedback and which ones is not known: the lowest and the highest it can be.
/// A dossier with feedback scores 0, whether it was early, on time, late or is still open.
#[must_use]
pub fn attitude_bounds(
    early: u64,
    on_time: u64,
    late: u64,
    feedback: u64,
) -> (Indicator, Indicator) {
    let taken = |from_early: u64, from_on_time: u64| {
        let from_early = from_early.min(early).min(feedback);
        let from_on_time = from_on_time.min(on_time).min(feedback - from_early);
        let others = feedback - from_early - from_on_time;
        Indicator {
            sum: 2 * (early - from_early) + on_time - from_on_time,
            n: early + on_time + others,
            not_covered: late.saturating_sub(others),
        }
    };
    // A mean of whole dossiers is lowest and highest where one kind after the other is used up.
    let all = u64::MAX;
    let corners = [
        taken(0, 0),
        taken(all, 0),
        taken(0, all),
        taken(all, all),
        taken(feedback.saturating_sub(on_time), all),
    ];
    let below = |a: &Indicator, b: &Indicator| {
        u128::from(a.sum) * u128::from(b.n) < u128::from(b.sum) * u128::from(a.n)
    };
    let mut ends = (corners[0], corners[0]);
    for corner in corners {
        if below(&corner, &ends.0) {
            ends.0 = corner;
        }
        if below(&ends.1, &corner) {
            ends.1 = corner;
        }
    }
    ends
}

/// Feedback of a period: how it was handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Feedback {
    /// Handled on time.
    pub on_time: u64,
    /// All.
    pub n: u64,
    /// Whether any was prolonged.
    pub prolonged: bool,
}

/// Indicator 8, in points: none, or all on time and none prolonged 2; at least 90 % 1; less or prolonged 0.
#[must_use]
pub const fn feedback_handling(feedback: Feedback) -> u8 {
    if feedback.prolonged {
        return 0;
    }
    if feedback.on_time >= feedback.n {
        return 2;
    }
    if feedback.on_time as u128 * 10 >= feedback.n as u128 * 9 {
        1
    } else {
        0
    }
}

/// The nine indicators; `None` where it cannot be known.
pub type Scores = [Option<Tenths>; INDICATORS as usize];

/// The sum of the indicators (Điều 15(2)b); `None` unless all nine are known.
#[must_use]
pub fn total(scores: &Scores) -> Option<Tenths> {
    scores
        .iter()
        .try_fold(Tenths(0), |sum, score| Some(Tenths(sum.0 + (*score)?.0)))
}

crate::case::wire_enum! {
    /// The grade of an agency (Điều 15).
    Grade {
        /// 15 and more: *xuất sắc*.
        Excellent = "excellent",
        /// 12 to under 15: *tốt*.
        Good = "good",
        /// 9 to under 12: *khá*.
        Fair = "fair",
        /// 6 to under 9: *trung bình*.
        Average = "average",
        /// Under 6: *yếu*.
        Weak = "weak",
    }
}

/// The grade of a total.
#[must_use]
pub const fn grade(total: Tenths) -> Grade {
    match total.0 {
        150.. => Grade::Excellent,
        120.. => Grade::Good,
        90.. => Grade::Fair,
        60.. => Grade::Average,
        _ => Grade::Weak,
    }
}
