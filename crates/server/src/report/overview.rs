//! The published figures of a period at one glance: province, levels and agencies, each with its counts, what its case
//! mix lets expect, and the satisfaction of the published step. Board, workbook and brief read this.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use dung_hen_domain::case::Level;
use dung_hen_domain::figures::{Counts, Measure as M};
use dung_hen_domain::indices::Share;
use dung_hen_domain::indices::case_mix::CaseMix;
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Split};

use crate::figures::satisfaction::{self, Published};
use crate::figures::{BY_PROCEDURE, WHOLE};
use crate::reference::Reference;
use crate::store::{Reader, StoreError};

/// A place.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Counts of cases received in the period.
    pub counts: Counts,
    /// The on-time share beside what the case mix lets expect; of agencies.
    pub mix: Option<CaseMix>,
    /// Satisfaction as published.
    pub satisfied: Published,
}

/// All places.
#[derive(Debug)]
pub struct Overview {
    /// The province.
    pub province: Row,
    /// Levels that have agencies.
    pub levels: BTreeMap<Level, Row>,
    /// Agencies by code.
    pub agencies: BTreeMap<String, Row>,
    /// The day of the published step of satisfaction.
    pub step: Option<NaiveDate>,
}

/// Finished in time of all finished.
#[must_use]
pub const fn on_time(counts: &Counts) -> Share {
    let part = (counts.get(M::Early) + counts.get(M::OnTime)).unsigned_abs();
    Share {
        part,
        n: part + counts.get(M::Late).unsigned_abs(),
    }
}

/// On-time shares beside what the case mix lets expect, by agency; of shares by agency and procedure.
#[must_use]
pub fn case_mixes(by_procedure: &BTreeMap<(String, String), Share>) -> BTreeMap<String, CaseMix> {
    let mut whole = BTreeMap::<&str, Share>::new();
    let mut own = BTreeMap::<&str, Vec<(&str, Share)>>::new();
    for ((agency, procedure), share) in by_procedure {
        let all = whole.entry(procedure).or_insert(Share { part: 0, n: 0 });
        all.part += share.part;
        all.n += share.n;
        own.entry(agency).or_default().push((procedure, *share));
    }
    own.into_iter()
        .filter_map(|(agency, rows)| {
            let kinds = rows
                .into_iter()
                .filter_map(|(procedure, share)| Some((share, *whole.get(procedure)?)));
            Some((agency.to_owned(), CaseMix::of(kinds)?))
        })
        .collect()
}

/// Reads them; the cost follows agencies, procedures and months.
///
/// # Errors
/// [`StoreError`].
pub fn read(
    reader: &mut Reader<'_>,
    reference: &Reference,
    asked: &str,
    period: Period,
) -> Result<Overview, StoreError> {
    let (from, to) = period.months();
    let span = (from.as_str(), to.as_str());
    let mut agencies = BTreeMap::<String, Row>::new();
    let mut levels = BTreeMap::<Level, Row>::new();
    let mut province = Row::default();
    for code in reference.agencies.keys() {
        agencies.insert(code.clone(), Row::default());
    }
    for cell in reader.figure_sums(None, WHOLE, span)? {
        province.counts.add(&cell.counts, 1);
        let level = levels.entry(reference.level_of(&cell.agency)).or_default();
        level.counts.add(&cell.counts, 1);
        let agency = agencies.entry(cell.agency).or_default();
        agency.counts.add(&cell.counts, 1);
    }
    for (agency, mix) in case_mixes(&reader.on_time_shares(BY_PROCEDURE, span)?) {
        agencies.entry(agency).or_default().mix = Some(mix);
    }
    let mut table = |split| satisfaction::table(reader, INSTRUMENT, &Place::Province, asked, split);
    let by_agency = table(Split::Agency)?;
    province.satisfied = by_agency.whole;
    for (agency, published) in by_agency.rows {
        agencies.entry(agency).or_default().satisfied = published;
    }
    for (level, published) in table(Split::Level)?.rows {
        use dung_hen_domain::case::WireName as _;
        let level = Level::from_name(&level).unwrap_or(Level::Unknown);
        levels.entry(level).or_default().satisfied = published;
    }
    // Objections about unknown codes are of no agency.
    agencies.retain(|code, row| !code.is_empty() || row.counts.count(M::Received) > 0);
    Ok(Overview {
        province,
        levels,
        agencies,
        step: by_agency.step,
    })
}
