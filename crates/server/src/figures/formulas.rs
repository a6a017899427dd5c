//! What the formulas of QĐ 766/QĐ-TTg and TT 01/2018 are counted from, of a place and period.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::Share;
use dung_hen_domain::indices::qd766::{Bounds, Dossiers};
use dung_hen_domain::legal_basis::LegalBasis;
use dung_hen_domain::objection::ObjectionKind;
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};

use super::{ANSWERED_IN_TIME, BY_OBJECTION, WITHOUT_TERM, places, satisfaction};
use crate::reference::Reference;
use crate::store::{Reader, StoreError};

/// Known from pages about the decision, and from fitting the national dashboard.
pub const QD766: LegalBasis = LegalBasis::secondary("QĐ 766/QĐ-TTg", 0, 0);
/// The text was read; the decree it guided was repealed from 1/7/2025.
pub const TT01: LegalBasis = LegalBasis::verified("TT 01/2018/TT-VPCP", 15, 2);

/// What the formulas are counted from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Of the cases received in the period.
    pub counts: Counts,
    /// Published answers 1 and 2 about the whole.
    pub disliked: u64,
    /// Objections that may be counted for this place.
    pub received: u64,
    /// Of these answered in time.
    pub in_time: u64,
    /// Of these those of which it is decided whether they were: they have a time to answer, and it is over or somebody
    /// has answered.
    pub decided: u64,
    /// Of these without a time to answer: neither in time nor late.
    pub without_term: u64,
    /// Objections about money or conduct; `None` where they must not be counted.
    pub conduct: Option<u64>,
}

impl Facts {
    /// Of a place and a period, which is `text` in words of the tables.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn read(
        store: &mut Reader<'_>,
        reference: &Reference,
        place: &Place,
        text: &str,
        period: Period,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let (from, to) = period.months();
        let months = (from.as_str(), to.as_str());
        let whole_province = *place == Place::Province;
        let confidential =
            |kind: &str| ObjectionKind::from_name(kind).map(ObjectionKind::is_confidential);
        let may_count = |kind: &str| whole_province || confidential(kind) == Some(false);
        let mut objections = |split| -> Result<BTreeMap<String, u64>, StoreError> {
            let totals = places::totals(store, reference, place, split, months)?;
            let counted = totals.into_iter().filter(|(kind, _)| may_count(kind));
            Ok(counted
                .map(|(kind, counts)| (kind, counts.count(M::Objections)))
                .collect())
        };
        let of_kinds = objections(BY_OBJECTION)?;
        let received: u64 = of_kinds.values().sum();
        let without_term: u64 = objections(WITHOUT_TERM)?.values().sum();
        let in_time = objections(ANSWERED_IN_TIME)?.values().sum();
        let undecided: u64 = store
            .objections_within_term(period.span(), today)?
            .iter()
            .filter(|(agency, kind, _)| {
                may_count(kind.name()) && places::within(reference, place, agency)
            })
            .map(|(_, _, n)| n)
            .sum();
        let conduct = of_kinds
            .iter()
            .filter(|(kind, _)| confidential(kind) == Some(true));
        let table = satisfaction::table(store, INSTRUMENT, place, text, Split::Whole)?;
        let [one, two, ..] = *table.whole.levels(Question::Overall);
        Ok(Self {
            counts: places::whole(store, reference, place, months)?,
            disliked: one + two,
            received,
            in_time,
            decided: received.saturating_sub(without_term + undecided),
            without_term,
            conduct: whole_province.then(|| conduct.map(|(_, n)| n).sum()),
        })
    }

    /// The dossiers as QĐ 766 parts them.
    #[must_use]
    pub fn dossiers(&self) -> Dossiers {
        let n = |measure| self.counts.count(measure);
        Dossiers {
            finished_on_time: n(M::Early) + n(M::OnTime),
            open_within_time: n(M::OpenWithinTime) + n(M::OpenPaused),
            overdue: n(M::Late) + n(M::OpenOverdue),
            unknown: n(M::Unknown),
            ..Dossiers::default()
        }
    }

    /// Satisfied dossiers by QĐ 766. Which were disliked or objected about is not known: a rating names none, and an
    /// objection is counted in the month it came.
    #[must_use]
    pub fn satisfied(&self) -> Bounds {
        self.dossiers().satisfied(self.disliked + self.received)
    }

    /// Feedback answered in time, of what was answered or is overdue.
    #[must_use]
    pub fn feedback(&self) -> Share {
        Share {
            part: self.in_time,
            n: self.decided,
        }
    }
}
