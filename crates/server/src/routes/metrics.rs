//! Figures by agency and period. Satisfaction: SIPAS-style, never the official index.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::figures::Measure;
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::integrity::{Counted, PROOFS, SIGNS, STEP, WAYS, if_opposite};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use dung_hen_domain::satisfaction::{INSTRUMENT, SatisfactionFactor};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::config::{Target, TargetFigure};
use crate::error::AppError;
use crate::figures::integrity::{self, Numbers, number};
use crate::figures::places;
use crate::figures::satisfaction::{self, Published};
use crate::reference::Reference;
use crate::state::AppState;
use crate::store::{Reader, StoreError};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) period: String,
    #[serde(default)]
    pub(super) agency: Option<String>,
    /// Only agencies of this level.
    #[serde(default)]
    pub(super) level: Option<String>,
    /// A row for each value of this.
    #[serde(default)]
    pub(super) by: Option<String>,
}

impl Asked {
    pub(super) async fn check(&mut self, state: &AppState) -> Result<Period, AppError> {
        let period = Period::parse(&self.period).ok_or(AppError::PeriodInvalid)?;
        self.agency = self.agency.take().filter(|agency| !agency.is_empty());
        if let Some(agency) = self.agency.clone() {
            let (asked, period) = (agency.clone(), self.period.clone());
            let configured = state.reference.agencies.contains_key(&agency);
            // One that no case names any more may still have counts of a period, such as its objections.
            let known = configured
                || state
                    .store
                    .read(move |store| {
                        let known = store.agency_exists(&asked)?
                            || store.agencies_counted(&period)?.contains(&asked);
                        Ok::<_, AppError>(known)
                    })
                    .await?;
            if !known {
                return Err(AppError::AgencyUnknown);
            }
            // What is of both would be of nobody; what is of either, a mixture.
            let own = state.reference.level_of(&agency);
            if self.level()?.is_some_and(|level| level != own) {
                return Err(AppError::LevelUnknown);
            }
        }
        Ok(period)
    }

    /// Of whom the published table is.
    pub(super) fn place(&self) -> Result<Place, AppError> {
        Ok(match (&self.agency, self.level()?) {
            (Some(agency), _) => Place::Agency(agency.clone()),
            (None, Some(level)) => Place::Level(level.name().to_owned()),
            (None, None) => Place::Province,
        })
    }

    /// The level asked for.
    pub(super) fn level(&self) -> Result<Option<Level>, AppError> {
        self.level
            .as_deref()
            .map(|name| Level::from_name(name).ok_or(AppError::LevelUnknown))
            .transpose()
    }
}

/// The targets that stand beside the figures of a question: those in force on the last day of its period, or today where
/// that is still to come.
#[derive(Clone)]
pub(super) struct Aims {
    reference: Arc<Reference>,
    /// The level asked for, or that of the agency.
    level: Option<Level>,
    pub(super) only_level: Option<Level>,
    pub(super) period: Period,
    day: NaiveDate,
}

impl Aims {
    pub(super) fn of(state: &AppState, asked: &Asked, period: Period) -> Result<Self, AppError> {
        let only_level = asked.level()?;
        let of_agency = |agency: &String| state.reference.level_of(agency);
        Ok(Self {
            reference: Arc::clone(&state.reference),
            level: asked.agency.as_ref().map(of_agency).or(only_level),
            only_level,
            period,
            day: period.span().1.min(state.now().date()),
        })
    }

    /// The target of a figure, for a row of another level than the question's where there is one.
    pub(super) fn percent(&self, figure: TargetFigure, row: Option<Level>) -> Option<f64> {
        let targets = &self.reference.province.targets;
        let level = row.or(self.level);
        targets.of(figure, level, self.day).map(|one| one.percent)
    }

    /// The level of a row, where the split says.
    pub(super) fn level_of_row(&self, by: &str, value: Option<&String>) -> Option<Level> {
        match by {
            "agency" => value.map(|agency| self.reference.level_of(agency)),
            "level" => value.and_then(|level| Level::from_name(level)),
            _ => None,
        }
    }

    /// Every target of these figures in force, with its first day and source.
    pub(super) fn json(&self, figures: &[TargetFigure]) -> Value {
        let targets = &self.reference.province.targets;
        let shown = targets
            .on(self.day)
            .filter(|one| figures.contains(&one.figure));
        shown.map(Target::json).collect()
    }
}

/// Cases that could be rated from this period on.
fn served(store: &mut Reader<'_>, place: &Place, aims: &Aims) -> Result<u64, StoreError> {
    let (from, to) = aims.period.months();
    let whole = places::whole(store, &aims.reference, place, (&from, &to))?;
    Ok(whole.count(Measure::Served))
}

/// "How this is counted": the address of a section of docs/DEFINITIONS.md.
pub(super) fn definition(section: &str) -> String {
    format!("{}#{section}", crate::addresses::DEFINITIONS_ADDRESS)
}

/// What a question about satisfaction may be split by.
const BY: [Split; 6] = [
    Split::Level,
    Split::Agency,
    Split::Procedure,
    Split::Field,
    Split::Outcome,
    Split::Month,
];

pub(super) async fn satisfaction(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let span = asked.check(&state).await?;
    let split = match asked.by.as_deref() {
        Some(by) => Split::from_name(by)
            .filter(|split| BY.contains(split))
            .ok_or(AppError::SplitUnknown)?,
        None => Split::Whole,
    };
    let level = asked.level()?;
    let place = asked.place()?;
    let period = asked.period.clone();
    let targets = Aims::of(&state, &asked, span)?;
    let (aims, reference, today) = (
        targets.clone(),
        Arc::clone(&state.reference),
        state.now().date(),
    );
    let (table, beside, served) = state
        .store
        .read(move |store| {
            let table = satisfaction::table(store, INSTRUMENT, &place, &period, split)?;
            let beside = integrity::Beside::of_place(store, &reference, &place, span, today)?;
            Ok::<_, AppError>((table, beside, served(store, &place, &aims)?))
        })
        .await?;
    let target = targets.percent(TargetFigure::Satisfied, None);
    let invited: u64 = PROOFS.iter().map(|proof| number(&beside, *proof)).sum();
    let answered = table.whole.share(Question::Overall).map(|share| share.n);
    let mut answer = json!({
        "period": asked.period,
        "agency": asked.agency,
        "level": level.map(|level| level.name()),
        "as_of": dung_hen_domain::civil::rfc3339(state.now()),
        "step": table.step.map(iso_date),
        "method": "sipas-style-2",
        "official_index": false,
        "integrity": integrity_beside(&beside, table.whole.share(Question::Overall)),
        "definitions": {
            "overall": definition("satisfied"),
            "factors": definition("factor"),
            "target": definition("target"),
            "period": definition("period"),
            "step": definition("step"),
            "integrity": definition("integrity"),
            "denominators": definition("denominators"),
        },
        "targets": targets.json(&[TargetFigure::Satisfied]),
        "denominators": { "served": served, "invited": invited, "answered": answered },
    });
    let fields = figures(&table.whole, target);
    if let (Value::Object(answer), Value::Object(fields)) = (&mut answer, fields) {
        answer.extend(fields);
        if split != Split::Whole {
            let row = |(value, cell): (Option<&String>, &Published)| {
                let level = targets.level_of_row(split.name(), value);
                let mut row = figures(cell, targets.percent(TargetFigure::Satisfied, level));
                if let Value::Object(row) = &mut row {
                    row.insert("value".to_owned(), json!(value));
                }
                row
            };
            let rows: Vec<Value> = table
                .rows
                .iter()
                .map(|(value, cell)| row((Some(value), cell)))
                .collect();
            answer.insert("by".to_owned(), json!(split.name()));
            answer.insert("rows".to_owned(), json!(rows));
            answer.insert("rest".to_owned(), row((None, &table.rest)));
        }
    }
    Ok(axum::Json(answer))
}

/// The figures of one published cell.
fn figures(published: &Published, target: Option<f64>) -> Value {
    let mut factors = Map::new();
    for factor in SatisfactionFactor::ALL {
        let share = published.share(Published::of_factor(*factor));
        factors.insert(factor.name().to_owned(), cell(share, target));
    }
    json!({
        "changed_on": published.changed_on.map(iso_date),
        "overall": cell(published.share(Question::Overall), target),
        "factors": factors,
    })
}

/// How the ballots behind a figure were obtained, what looked odd, and what contested ballots could change.
fn integrity_beside(numbers: &Numbers, whole: Option<Share>) -> Value {
    let named = |kinds: &[Counted]| -> Map<String, Value> {
        let field = |kind: &Counted| (kind.name().to_owned(), json!(number(numbers, *kind)));
        kinds.iter().map(field).collect()
    };
    let contested = number(numbers, Counted::Contested);
    let bound = whole.map(|share| if_opposite(share, contested));
    let percent = |share: Share| share.percent().map(rounded);
    json!({
        "ballots": named(&PROOFS),
        "among_them": named(&WAYS),
        "signs": named(&SIGNS),
        "contested": {
            "at_most": contested,
            "lowest_percent": bound.and_then(|(low, _)| percent(low)),
            "highest_percent": bound.and_then(|(_, high)| percent(high)),
        },
        "in_steps_of": STEP,
    })
}

/// One share: satisfied are the two upper levels of five.
pub(super) fn cell(share: Option<Share>, target: Option<f64>) -> Value {
    let Some(share) = share else {
        return json!({ "suppressed": true, "n": null, "target": target });
    };
    json!({
        "suppressed": false,
        "n": share.n,
        "satisfied": share.part,
        "percent": share.percent().map(rounded),
        "wilson95": share.wilson().map(|(low, high)| [rounded(low), rounded(high)]),
        "target": target,
        "standing": target.map(|target| share.standing(target).name()),
        "verdict": target.map(|target| share.verdict(target).name()),
    })
}
