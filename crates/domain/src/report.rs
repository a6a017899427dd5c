//! Report II.06a/VPCP/KSTT: dossiers by field and level of a quarter, with its identities.
//!
//! The form's columns and identities are secondary (docs/LAW.md); what the form leaves open is
//! decided here and said in `docs/DEFINITIONS.md#ii-06a`:
//!
//! * a dossier is in the report if it was received before the end of the period and not resolved
//!   before its beginning;
//! * *resolved* is the end of processing, with or without a result (refused after appraisal,
//!   withdrawn, stopped);
//! * pending dossiers are within or past their time as on the last day of the period, or as on the
//!   day of the report where that is earlier;
//! * waiting for the applicant, the clock is stopped: within time;
//! * a dossier of which the data do not tell where it belongs stands beside the report, with the
//!   reason, and in no column.
//!
//! Each column is counted on its own, so that the identities are a check and not a definition.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::case::{CaseStatus, Channel, Level, wire_enum};

/// What the report is counted from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Field of the procedure; empty where it was not sent.
    pub field: &'a str,
    /// Level of the agency.
    pub level: Level,
    /// How it was filed.
    pub channel: Channel,
    /// State now.
    pub status: CaseStatus,
    /// Day of reception.
    pub received: Option<NaiveDate>,
    /// The promise in force.
    pub promise: Option<NaiveDate>,
    /// End of processing.
    pub finished: Option<NaiveDate>,
    /// Collection.
    pub returned: Option<NaiveDate>,
}

/// The period: its first and last day are both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// The day on which pending dossiers are within or past their time: the last day or, where the
    /// period is not over, the day of the report.
    pub as_on: NaiveDate,
}

wire_enum! {
    /// Why a dossier is in no column.
    Beside {
        /// Its day of reception was not sent.
        NoReception = "no_reception",
        /// It has ended, on a day that was not sent.
        NoEnd = "no_end",
        /// No promised date was sent.
        NoPromise = "no_promise",
        /// Collected after the promised day; when its processing ended was not sent.
        LatenessUnknown = "lateness_unknown",
        /// Its days contradict each other: it ended before it was received.
        Contradiction = "contradiction",
    }
}

/// The columns 3 to 13.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// 3: received, all.
    pub received: u64,
    /// 4: of these online.
    pub online: u64,
    /// 5: of these at the counter or by public post.
    pub direct: u64,
    /// 6: carried over from the period before.
    pub carried_over: u64,
    /// 7: resolved, all.
    pub resolved: u64,
    /// 8: before time.
    pub early: u64,
    /// 9: on time.
    pub on_time: u64,
    /// 10: overdue.
    pub late: u64,
    /// 11: pending, all.
    pub pending: u64,
    /// 12: within time.
    pub pending_within: u64,
    /// 13: overdue.
    pub pending_overdue: u64,
}

/// An identity that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenIdentity {
    /// As the form numbers its columns, such as `3 = 4 + 5 + 6`.
    pub identity: &'static str,
    /// Its left side.
    pub left: u64,
    /// Its right side.
    pub right: u64,
}

impl std::fmt::Display for BrokenIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "II.06a: {} does not hold: {} and {}",
            self.identity, self.left, self.right
        )
    }
}

impl std::error::Error for BrokenIdentity {}

impl Columns {
    /// Columns 3 to 13 in order.
    #[must_use]
    pub const fn values(&self) -> [u64; 11] {
        [
            self.received,
            self.online,
            self.direct,
            self.carried_over,
            self.resolved,
            self.early,
            self.on_time,
            self.late,
            self.pending,
            self.pending_within,
            self.pending_overdue,
        ]
    }

    /// Whether the identities hold.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self) -> Result<(), BrokenIdentity> {
        for (identity, left, right) in [
            (
                "3 = 4 + 5 + 6",
                self.received,
                self.online + self.direct + self.carried_over,
            ),
            (
                "7 = 8 + 9 + 10",
                self.resolved,
                self.early + self.on_time + self.late,
            ),
            (
                "11 = 12 + 13",
                self.pending,
                self.pending_within + self.pending_overdue,
            ),
            ("3 = 7 + 11", self.received, self.resolved + self.pending),
        ] {
            if left != right {
                return Err(BrokenIdentity {
                    identity,
                    left,
                    right,
                });
            }
        }
        Ok(())
    }

    fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.online += other.online;
        self.direct += other.direct;
        self.carried_over += other.carried_over;
        self.resolved += other.resolved;
        self.early += other.early;
        self.on_time += other.on_time;
        self.late += other.late;
        self.pending += other.pending;
        self.pending_within += other.pending_within;
        self.pending_overdue += other.pending_overdue;
    }
}

enum Place {
    Outside,
    Beside(Beside),
    In(Columns),
}

fn place(facts: &Facts<'_>, span: Span) -> Place {
    if !facts.status.is_received() {
        return Place::Outside;
    }
    let Some(received) = facts.received else {
        return Place::Beside(Beside::NoReception);
    };
    if received > span.last {
        return Place::Outside;
    }
    let status = facts.status;
    let ended = status.is_finished() || status.is_closed();
    // Collection shows that processing had ended: the latest day on which it can have.
    let end = facts.finished.or(facts.returned).filter(|_| ended);
    if ended && end.is_none() {
        return Place::Beside(Beside::NoEnd);
    }
    if end.is_some_and(|end| end < received) {
        return Place::Beside(Beside::Contradiction);
    }
    if end.is_some_and(|end| end < span.first) {
        return Place::Outside;
    }
    let Some(promise) = facts.promise else {
        return Place::Beside(Beside::NoPromise);
    };
    let mut columns = Columns {
        received: 1,
        ..Columns::default()
    };
    let resolved = end.filter(|end| *end <= span.last);
    if let Some(end) = resolved {
        if facts.finished.is_none() && end > promise {
            return Place::Beside(Beside::LatenessUnknown);
        }
        columns.resolved = 1;
        match (facts.finished, end.cmp(&promise)) {
            (Some(_), std::cmp::Ordering::Less) => columns.early = 1,
            (_, std::cmp::Ordering::Greater) => columns.late = 1,
            // Collected in time, so finished in time: on which day is not known.
            (None, _) | (_, std::cmp::Ordering::Equal) => columns.on_time = 1,
        }
    } else {
        columns.pending = 1;
        if status.is_paused() || promise >= span.as_on {
            columns.pending_within = 1;
        } else {
            columns.pending_overdue = 1;
        }
    }
    if received < span.first {
        columns.carried_over = 1;
    } else if facts.channel == Channel::Online {
        columns.online = 1;
    } else {
        columns.direct = 1;
    }
    Place::In(columns)
}

/// The counts, not yet checked: no row can be read out of it.
#[derive(Clone, Debug)]
pub struct Draft {
    span: Span,
    rows: BTreeMap<(Level, String), Columns>,
    beside: BTreeMap<Beside, u64>,
}

impl Draft {
    /// An empty report of a period.
    #[must_use]
    pub const fn new(span: Span) -> Self {
        Self {
            span,
            rows: BTreeMap::new(),
            beside: BTreeMap::new(),
        }
    }

    /// Counts a dossier.
    pub fn add(&mut self, facts: &Facts<'_>) {
        match place(facts, self.span) {
            Place::Outside => {}
            Place::Beside(why) => *self.beside.entry(why).or_default() += 1,
            Place::In(columns) => self
                .rows
                .entry((facts.level, facts.field.to_owned()))
                .or_default()
                .add(&columns),
        }
    }

    /// The report, once every row, every level and the whole hold their identities.
    ///
    /// # Errors
    /// The first identity that does not hold.
    pub fn check(self) -> Result<Report, BrokenIdentity> {
        let mut total = Columns::default();
        let mut levels: Vec<LevelPart> = Vec::new();
        for ((level, field), columns) in self.rows {
            columns.check()?;
            total.add(&columns);
            if levels.last().is_none_or(|part| part.level != level) {
                levels.push(LevelPart {
                    level,
                    sum: Columns::default(),
                    fields: Vec::new(),
                });
            }
            if let Some(part) = levels.last_mut() {
                part.sum.add(&columns);
                part.fields.push((field, columns));
            }
        }
        for part in &levels {
            part.sum.check()?;
        }
        total.check()?;
        Ok(Report {
            span: self.span,
            levels,
            total,
            beside: self.beside,
        })
    }
}

/// The part of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelPart {
    /// The level.
    pub level: Level,
    /// Its sum.
    pub sum: Columns,
    /// Its fields by name.
    pub fields: Vec<(String, Columns)>,
}

/// A report whose identities hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    span: Span,
    levels: Vec<LevelPart>,
    total: Columns,
    beside: BTreeMap<Beside, u64>,
}

impl Report {
    /// The period.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// By level, then by field.
    #[must_use]
    pub fn levels(&self) -> &[LevelPart] {
        &self.levels
    }

    /// The whole.
    #[must_use]
    pub const fn total(&self) -> &Columns {
        &self.total
    }

    /// Dossiers in no column, by reason.
    #[must_use]
    pub const fn beside(&self) -> &BTreeMap<Beside, u64> {
        &self.beside
    }
}
