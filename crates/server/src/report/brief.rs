//! The monthly brief of one agency: what its head needs to know on the 1st, on one page. It is kept as it was made, with
//! the methods, calendar and targets of that moment; `pages/brief.rs` prints it.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDateTime};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::figures::{Counts, METHOD, Measure};
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::period::Period;
use dung_hen_domain::report::Report;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use dung_hen_domain::wire::ObjectionKind;
use serde::{Deserialize, Serialize};

use super::beside::Beside;
use super::ii06a::{self, ReportError};
use super::overview::{case_mixes, on_time};
use crate::config::TargetFigure;
use crate::figures::integrity;
use crate::figures::{BY_OBJECTION, BY_PROCEDURE, WHOLE, satisfaction, watch};
use crate::reference::Reference;
use crate::store::{Reader, StoreError};

/// Months of the trend.
const TREND: u32 = 12;
/// Procedures named where most is late.
const NAMED: usize = 3;

/// A brief.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// Form of this content.
    pub format: u32,
    /// Name of the province, Vietnamese and English.
    pub province: [String; 2],
    /// Agency code.
    pub agency: String,
    /// Its name when the brief was made.
    pub agency_name: String,
    /// Month, `YYYY-MM`.
    pub month: String,
    /// When it was made.
    pub made: String,
    /// The day up to which the clock had been counted.
    pub counted_until: Option<String>,
    /// How cases are counted.
    pub method: String,
    /// The working calendar.
    pub calendar: String,
    /// Targets in per cent.
    pub targets: Targets,
    /// Columns 3 to 13 of form II.06a for the month; none where no case belongs to it.
    pub worked: Option<[u64; 11]>,
    /// Cases that the data place in no column.
    pub in_no_column: u64,
    /// Cases received in the month.
    pub received: Slice,
    /// Cases received since the beginning of the year.
    pub year: Slice,
    /// On-time shares of twelve months of reception: month, in time, finished.
    pub trend: Vec<(String, u64, u64)>,
    /// The share of the year that the case mix lets expect, in per cent.
    pub expected: Option<f64>,
    /// The day of the published step of satisfaction.
    pub step: Option<String>,
    /// Satisfaction of the month, and of the year so far: question, answers, satisfied.
    pub satisfied: [Vec<(String, u64, u64)>; 2],
    /// What stands beside the satisfied share, of the month and of the year so far; absent in briefs of format 1.
    #[serde(default)]
    pub beside: Option<[Beside; 2]>,
    /// Objections of the month by kind, those about money and conduct left out.
    pub objections: Vec<(String, u64)>,
    /// Procedures with most late and overdue cases of the year: code, name, cases.
    pub late: Vec<(String, String, u64)>,
}

/// Targets in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    /// On-time share; `None` where no target was in force.
    pub on_time: Option<f64>,
    /// Satisfied share, likewise.
    pub satisfied: Option<f64>,
}

/// Counts of cases by the period in which they were received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// By measure.
    pub counts: BTreeMap<String, i64>,
    /// Days that open overdue cases were overdue.
    pub days_overdue: i64,
}

impl Slice {
    fn of(counts: &Counts, now: NaiveDateTime) -> Self {
        Self {
            counts: Measure::ALL
                .iter()
                .filter(|measure| **measure != Measure::Objections)
                .map(|measure| (measure.name().to_owned(), counts.get(*measure)))
                .collect(),
            days_overdue: counts.days_overdue(now.date()),
        }
    }

    /// A count.
    #[must_use]
    pub fn n(&self, measure: Measure) -> u64 {
        let count = self.counts.get(measure.name()).copied().unwrap_or(0);
        u64::try_from(count).unwrap_or(0)
    }

    /// Finished in time of all finished.
    #[must_use]
    pub fn on_time(&self) -> Share {
        let part = self.n(Measure::Early) + self.n(Measure::OnTime);
        Share {
            part,
            n: part + self.n(Measure::Late),
        }
    }
}

/// The month before this moment.
#[must_use]
pub fn month_before(now: NaiveDateTime) -> Option<Period> {
    now.date()
        .checked_sub_months(Months::new(1))
        .and_then(Period::month_of)
}

/// What the briefs of all agencies are made of, read once: what one agency's brief costs does not grow with the others.
#[derive(Debug)]
pub struct Month {
    month: Period,
    /// `YYYY-MM` of the month, and of January.
    names: [String; 2],
    year: String,
    /// By the columns of form II.06a.
    worked: BTreeMap<String, Report>,
    /// Cells of the last twelve months, by agency and month.
    whole: BTreeMap<(String, String), Counts>,
    expected: BTreeMap<String, f64>,
    /// What is counted beside the satisfied share, of the month and of the year so far.
    beside: [integrity::Beside; 2],
    step: Option<String>,
    counted_until: Option<String>,
}

impl Month {
    /// Reads it.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn read(
        reader: &mut Reader<'_>,
        reference: &Reference,
        month: Period,
        now: NaiveDateTime,
    ) -> Result<Self, ReportError> {
        let (name, _) = month.months();
        let year = name.get(..4).unwrap_or_default().to_owned();
        let first = format!("{year}-01");
        let mut whole = BTreeMap::<(String, String), Counts>::new();
        // The twelve months of the trend hold the year so far.
        for one in trend_months(month) {
            for row in reader.figure_sums(None, WHOLE, (&one, &one))? {
                let counts = whole.entry((row.agency, one.clone())).or_default();
                counts.add(&row.counts, 1);
            }
        }
        let shares = reader.on_time_shares(BY_PROCEDURE, (&first, &name))?;
        let expected = case_mixes(&shares)
            .into_iter()
            .map(|(agency, mix)| (agency, rounded(mix.expected)))
            .collect();
        let so_far = Period::parse(&year).unwrap_or(month);
        Ok(Self {
            month,
            worked: ii06a::count_by_agency(reader, reference, month, now.date())?,
            whole,
            expected,
            beside: [
                integrity::Beside::read(reader, month, now.date())?,
                integrity::Beside::read(reader, so_far, now.date())?,
            ],
            step: satisfaction::last_step(reader)?.map(iso_date),
            counted_until: watch::counted_until(reader)?.map(iso_date),
            names: [name, first],
            year,
        })
    }

    /// Counts of an agency from one month to another, both counted.
    fn sum(&self, agency: &str, from: &str, to: &str) -> Counts {
        let mut sum = Counts::default();
        let key = |month: &str| (agency.to_owned(), month.to_owned());
        for (_, counts) in self.whole.range(key(from)..=key(to)) {
            sum.add(counts, 1);
        }
        sum
    }

    fn trend(&self, agency: &str) -> Vec<(String, u64, u64)> {
        trend_months(self.month)
            .map(|month| {
                let share = on_time(&self.sum(agency, &month, &month));
                (month, share.part, share.n)
            })
            .collect()
    }
}

/// Procedures of an agency with most late and overdue cases.
fn late(
    reader: &mut Reader<'_>,
    reference: &Reference,
    agency: &str,
    months: (&str, &str),
) -> Result<Vec<(String, String, u64)>, StoreError> {
    let mut late: Vec<(String, String, u64)> = reader
        .figure_sums(Some(agency), BY_PROCEDURE, months)?
        .into_iter()
        .map(|row| {
            let n = row.counts.count(Measure::Late) + row.counts.count(Measure::OpenOverdue);
            let known = reference.catalogue.get(&row.value);
            let name = known.map_or_else(String::new, |procedure| procedure.name.clone());
            (row.value, name, n)
        })
        .filter(|(_, _, n)| *n > 0)
        .collect();
    late.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
    late.truncate(NAMED);
    Ok(late)
}

/// The months of the trend, the oldest first.
fn trend_months(month: Period) -> impl Iterator<Item = String> {
    let last = month.span().1;
    (0..TREND).rev().filter_map(move |back| {
        let day = last.checked_sub_months(Months::new(back))?;
        Period::month_of(day).map(|month| month.months().0)
    })
}

/// Makes the brief of one agency.
///
/// # Errors
/// [`StoreError`].
pub fn make(
    reader: &mut Reader<'_>,
    reference: &Reference,
    agency: &str,
    all: &Month,
    now: NaiveDateTime,
) -> Result<Brief, StoreError> {
    let [name, first] = &all.names;
    let received = all.sum(agency, name, name);
    let of_year = all.sum(agency, first, name);
    let mut objections = BTreeMap::<ObjectionKind, u64>::new();
    for row in reader.figure_sums(Some(agency), BY_OBJECTION, (name, name))? {
        let kind = ObjectionKind::from_name(&row.value).filter(|kind| !kind.is_confidential());
        if let Some(kind) = kind {
            *objections.entry(kind).or_default() += row.counts.count(Measure::Objections);
        }
    }
    let place = Place::Agency(agency.to_owned());
    let mut published = |period: &str| {
        satisfaction::table(reader, INSTRUMENT, &place, period, Split::Whole)
            .map(|table| table.whole)
    };
    let (of_month, so_far) = (published(name)?, published(&all.year)?);
    let satisfied = |of: &satisfaction::Published| -> Vec<(String, u64, u64)> {
        Question::ALL
            .iter()
            .filter_map(|question| {
                let share = of.share(*question)?;
                Some((question.name().to_owned(), share.n, share.part))
            })
            .collect()
    };
    let [month, year] = &all.beside;
    let beside = [
        Beside::of(&received, &month.of(reference, &place), &of_month),
        Beside::of(&of_year, &year.of(reference, &place), &so_far),
    ];
    let late = late(reader, reference, agency, (first, name))?;
    let worked = all.worked.get(agency);
    let province = &reference.province;
    let (level, last) = (reference.level_of(agency), all.month.span().1);
    let target = |figure| province.targets.percent(figure, Some(level), last);
    Ok(Brief {
        format: 2,
        province: [province.name.vi.clone(), province.name.en.clone()],
        agency: agency.to_owned(),
        agency_name: reference.agency_name(agency).to_owned(),
        month: name.clone(),
        made: rfc3339(now),
        counted_until: all.counted_until.clone(),
        method: METHOD.to_owned(),
        calendar: reference.calendar.version().to_owned(),
        targets: Targets {
            on_time: target(TargetFigure::OnTime),
            satisfied: target(TargetFigure::Satisfied),
        },
        worked: worked.map(|report| report.total().values()),
        in_no_column: worked.map_or(0, |report| report.beside().values().sum()),
        received: Slice::of(&received, now),
        year: Slice::of(&of_year, now),
        trend: all.trend(agency),
        expected: all.expected.get(agency).copied(),
        step: all.step.clone(),
        satisfied: [satisfied(&of_month), satisfied(&so_far)],
        beside: Some(beside),
        objections: objections
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(kind, n)| (kind.name().to_owned(), n))
            .collect(),
        late,
    })
}
