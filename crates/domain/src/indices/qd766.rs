//! The groups of QĐ 766/QĐ-TTg (23/6/2022) that cases can give: progress, and satisfaction.
//!
//! The formulas are known from pages about the decision and from fitting figures of the national
//! dashboard, not from its text (docs/LAW.md): a score here is "by the formula of QĐ 766", never
//! the official one. It is another measure than the satisfied share: here an overdue dossier is a
//! dissatisfied one, whatever the citizen answered.

use super::Share;

/// Points of the group on progress.
pub const PROGRESS_POINTS: f64 = 20.0;
/// Points of each of the three parts of the group on satisfaction.
pub const SATISFACTION_PART_POINTS: f64 = 6.0;
/// Share of satisfied dossiers that earns all points (NQ 76/NQ-CP).
pub const SATISFIED_TARGET: f64 = 0.90;

/// Dossiers received in a period, by what matters here. Each dossier is in one field of the first
/// five.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dossiers {
    /// Finished before or on the promised day.
    pub finished_on_time: u64,
    /// Open, and the promised day has not passed; waiting for the applicant included, because the
    /// clock is stopped then.
    pub open_within_time: u64,
    /// Finished after the promised day, or open past it.
    pub overdue: u64,
    /// Withdrawn or stopped: in neither numerator nor denominator, which is our reading.
    pub ended_without_result: u64,
    /// Received, but the data do not tell whether in time.
    pub unknown: u64,
    /// Of `overdue`: those with feedback as well.
    pub overdue_with_feedback: u64,
    /// Not overdue, with feedback about the dossier.
    pub feedback_only: u64,
}

impl Dossiers {
    /// Finished on time or still within time, of all that can be told.
    #[must_use]
    pub const fn on_time(&self) -> Share {
        Share {
            part: self.finished_on_time + self.open_within_time,
            n: self.finished_on_time + self.open_within_time + self.overdue,
        }
    }

    /// 20 × on time / received, 0 to 20 and not rounded; `None` where nothing was received.
    #[must_use]
    pub fn progress_score(&self) -> Option<f64> {
        let share = self.on_time();
        (share.n > 0).then(|| PROGRESS_POINTS * share.part as f64 / share.n as f64)
    }

    /// Dossiers that count as satisfied when `disliked` ratings of the same dossiers were bad: all
    /// minus the overdue and those with feedback, none taken off twice.
    ///
    /// A rating names no dossier, so it is not known which bad rating belongs to a dossier that is
    /// taken off already: the answer is the least and the most, the same where nobody disliked.
    #[must_use]
    pub fn satisfied(&self, disliked: u64) -> Bounds {
        let n = self.on_time().n;
        let off = self.overdue + self.feedback_only;
        Bounds {
            least: Share {
                part: n.saturating_sub(off + disliked),
                n,
            },
            most: Share {
                part: n.saturating_sub(off.max(disliked)),
                n,
            },
        }
    }
}

/// What a count lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Not less than this.
    pub least: Share,
    /// Not more than this.
    pub most: Share,
}

/// min(6, 6 × ratio / 0.90), 0 to 6 and not rounded; 0 where there is no dossier.
#[must_use]
pub fn dossier_satisfaction_score(satisfied: Share) -> f64 {
    if satisfied.n == 0 {
        return 0.0;
    }
    let ratio = satisfied.part as f64 / satisfied.n as f64;
    (SATISFACTION_PART_POINTS * ratio / SATISFIED_TARGET).min(SATISFACTION_PART_POINTS)
}

/// Feedback handled on time: 6 × on time / all, 0 to 6 and not rounded; 6 where there was none.
#[must_use]
pub fn feedback_on_time_score(on_time: Share) -> f64 {
    if on_time.n == 0 {
        return SATISFACTION_PART_POINTS;
    }
    SATISFACTION_PART_POINTS * on_time.part as f64 / on_time.n as f64
}

/// Satisfaction with the handling of feedback: 6 × (all − dissatisfied, complained again or
/// overdue) / all; 6 where there was none. `bad` counts each item once.
#[must_use]
pub fn feedback_satisfaction_score(bad: u64, all: u64) -> f64 {
    feedback_on_time_score(Share {
        part: all.saturating_sub(bad),
        n: all,
    })
}
