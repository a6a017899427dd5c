//! The label of a ballot: the public cell that its rating counts in, and how it is made coarser until enough cases
//! share it.
//!
//! From the finest to the coarsest: agency, procedure, outcome and month; the field instead of the procedure;
//! neither; no outcome; the quarter instead of the month; the level instead of the agency; the quarter alone.

use chrono::NaiveDate;

use crate::case::{CaseStatus, Decision, wire_enum};
use crate::period::Period;

/// So many cases with ballots out share a label, or it is made coarser; so many ratings of one label enter the
/// database together.
pub const ENOUGH: usize = 5;

wire_enum! {
    /// How a case stood when its ballot was given. A seal names one of these by its place: new ones go to the end.
    Outcome {
        /// A result exists, and nobody tells what it says.
        Decided = "decided",
        /// Not accepted at the counter.
        NotAccepted = "not_accepted",
        /// Withdrawn by the applicant.
        Withdrawn = "withdrawn",
        /// Stopped by the agency.
        Stopped = "stopped",
        /// Still open: rated because the promise is broken.
        Open = "open",
        /// A result exists, and grants what was applied for.
        Granted = "granted",
        /// A result exists, and refuses it.
        Refused = "refused",
    }
}

impl Outcome {
    /// Of a case in this state. What its result says counts once there is one.
    #[must_use]
    pub fn of(status: CaseStatus, decision: Option<Decision>) -> Self {
        match (status, decision) {
            (CaseStatus::NotAccepted, _) => Self::NotAccepted,
            (CaseStatus::Withdrawn, _) => Self::Withdrawn,
            (CaseStatus::Stopped, _) => Self::Stopped,
            (CaseStatus::Finished | CaseStatus::Returned, None) => Self::Decided,
            (CaseStatus::Finished | CaseStatus::Returned, Some(Decision::Granted)) => Self::Granted,
            (CaseStatus::Finished | CaseStatus::Returned, Some(Decision::Refused)) => Self::Refused,
            _ => Self::Open,
        }
    }

    /// Whether a result exists, whatever it says.
    #[must_use]
    pub fn is_result(self) -> bool {
        matches!(self, Self::Decided | Self::Granted | Self::Refused)
    }
}

/// A label. An empty text is a part that has been made coarser away.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BallotLabel {
    /// `YYYY-MM`, or `YYYY-Qn`.
    pub period: String,
    /// Agency code.
    pub agency: String,
    /// Level of the agency.
    pub level: String,
    /// Procedure code.
    pub procedure: String,
    /// Field of the procedure.
    pub field: String,
    /// Machine name of the [`Outcome`].
    pub outcome: String,
    /// `late`, `in_time`, or empty where no promise applies.
    pub timeliness: String,
}

/// Between the parts of a label as text.
const SEPARATOR: char = '|';
const PARTS: usize = 7;
/// Bytes of a part, at most: seven of them and six separators are a label.
const MAX_PART: usize = 72;
/// Longest label as text, in bytes: what the browser's module reads.
pub const MAX_LABEL: usize = 512;

impl BallotLabel {
    fn parts(&self) -> [&str; PARTS] {
        [
            &self.period,
            &self.agency,
            &self.level,
            &self.procedure,
            &self.field,
            &self.outcome,
            &self.timeliness,
        ]
    }

    /// As text: the public input of the function, the same on both sides.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for (index, part) in self.parts().into_iter().enumerate() {
            if index > 0 {
                out.push(SEPARATOR);
            }
            let mut room = MAX_PART;
            out.extend(
                part.chars()
                    .filter(|c| *c != SEPARATOR && !c.is_control())
                    .take_while(|c| {
                        room = room.saturating_sub(c.len_utf8());
                        room > 0
                    }),
            );
        }
        out
    }

    /// Reads such a text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_LABEL {
            return None;
        }
        let mut parts = text.split(SEPARATOR).map(str::to_owned);
        let mut next = || parts.next();
        let label = Self {
            period: next()?,
            agency: next()?,
            level: next()?,
            procedure: next()?,
            field: next()?,
            outcome: next()?,
            timeliness: next()?,
        };
        let known = parts.next().is_none() && label.quarter().is_some() && label.to_text() == text;
        known.then_some(label)
    }

    /// The quarter `YYYY-Qn` of the period; `None` for what is no period.
    #[must_use]
    pub fn quarter(&self) -> Option<String> {
        let (year, rest) = self.period.split_once('-')?;
        let digits =
            |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) {
            return None;
        }
        match rest.strip_prefix('Q') {
            Some("1" | "2" | "3" | "4") => Some(self.period.clone()),
            Some(_) => None,
            None => {
                let month: u8 = digits(rest, 2).then(|| rest.parse().ok())??;
                (1..=12)
                    .contains(&month)
                    .then(|| format!("{year}-Q{}", month.div_ceil(3)))
            }
        }
    }

    /// Whether its period was over on the day before this one.
    #[must_use]
    pub fn is_over(&self, day: NaiveDate) -> bool {
        Period::parse(&self.period).is_some_and(|period| period.span().1 < day)
    }

    /// The next coarser label; `None` for the quarter alone.
    #[must_use]
    pub fn coarser(&self) -> Option<Self> {
        let mut label = self.clone();
        if !label.procedure.is_empty() {
            label.procedure.clear();
        } else if !label.field.is_empty() {
            label.field.clear();
        } else if !label.outcome.is_empty() || !label.timeliness.is_empty() {
            label.outcome.clear();
            label.timeliness.clear();
        } else if !label.period.contains('Q') {
            label.period = label.quarter()?;
        } else if !label.agency.is_empty() {
            label.agency.clear();
        } else if !label.level.is_empty() {
            label.level.clear();
        } else {
            return None;
        }
        Some(label)
    }

    /// This label and every coarser one, finest first.
    pub fn and_coarser(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self.clone()), Self::coarser)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::WireName as _;

    fn finest() -> BallotLabel {
        BallotLabel {
            period: "2026-11".into(),
            agency: "H98.1".into(),
            level: "commune".into(),
            procedure: "1.004222".into(),
            field: "Đăng ký, quản lý cư trú".into(),
            outcome: "decided".into(),
            timeliness: "late".into(),
        }
    }

    /// Seals of ballots that are out name an outcome by its place.
    #[test]
    fn outcomes_keep_their_places() {
        let names: Vec<&str> = Outcome::ALL.iter().map(|one| one.name()).collect();
        let first = ["decided", "not_accepted", "withdrawn", "stopped", "open"];
        assert_eq!(names[..5], first);
    }

    #[test]
    fn coarser_and_coarser_until_the_quarter_is_left() {
        let chain: Vec<String> = finest()
            .and_coarser()
            .map(|label| label.to_text())
            .collect();
        assert_eq!(
            chain,
            [
                "2026-11|H98.1|commune|1.004222|Đăng ký, quản lý cư trú|decided|late",
                "2026-11|H98.1|commune||Đăng ký, quản lý cư trú|decided|late",
                "2026-11|H98.1|commune|||decided|late",
                "2026-11|H98.1|commune||||",
                "2026-Q4|H98.1|commune||||",
                "2026-Q4||commune||||",
                "2026-Q4||||||",
            ]
        );
        for text in chain {
            assert_eq!(BallotLabel::parse(&text).unwrap().to_text(), text);
        }
    }

    #[test]
    fn a_procedure_without_a_field_is_left_out_at_once() {
        let label = BallotLabel {
            field: String::new(),
            ..finest()
        };
        assert_eq!(
            label.coarser().unwrap().to_text(),
            "2026-11|H98.1|commune|||decided|late"
        );
    }

    #[test]
    fn other_texts_are_no_labels() {
        for text in [
            "",
            "2026-11",
            "2026-13||||||",
            "2026-00||||||",
            "2026-Q5||||||",
            "26-11||||||",
            "2026-11|||||||",
            "2026-11|a\u{7}|||||",
            "x",
        ] {
            assert_eq!(BallotLabel::parse(text), None, "{text:?}");
        }
        assert!(BallotLabel::parse(&format!("2026-11|{}|||||", "a".repeat(600))).is_none());
        assert_eq!(
            BallotLabel::parse("2026-01||||||")
                .unwrap()
                .quarter()
                .as_deref(),
            Some("2026-Q1")
        );
    }

    #[test]
    fn long_parts_stay_within_what_the_browser_reads() {
        let long = BallotLabel {
            field: "ế".repeat(400),
            procedure: "a|b".into(),
            agency: "x".repeat(400),
            level: "x".repeat(400),
            outcome: "x".repeat(400),
            timeliness: "x".repeat(400),
            ..finest()
        };
        let text = long.to_text();
        assert!(text.len() <= MAX_LABEL, "{}", text.len());
        assert_eq!(text.matches('|').count(), 6);
    }
}
