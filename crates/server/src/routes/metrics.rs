//! Figures by agency and period. Satisfaction: SIPAS-style, never the official index.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dung_hen_domain::apology::{self, ApologyState};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::indices::{Share, rounded};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::SatisfactionFactor;
use dung_hen_domain::timeliness::{self, Timeliness};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::AppError;
use crate::state::AppState;
use crate::store::{CaseFacts, LevelCounts};
use crate::view::moved_after_letter;

/// Cells with fewer answers are not shown.
const SMALLEST_CELL: u64 = 5;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    agency: Option<String>,
}

impl Asked {
    async fn check(&mut self, state: &AppState) -> Result<Period, AppError> {
        let period = Period::parse(&self.period).ok_or(AppError::PeriodInvalid)?;
        self.agency = self.agency.take().filter(|agency| !agency.is_empty());
        if let Some(agency) = self.agency.clone() {
            let configured = state.reference.agencies.contains_key(&agency);
            let known = configured
                || state
                    .store
                    .read(move |store| store.agency_exists(&agency).map_err(AppError::from))
                    .await?;
            if !known {
                return Err(AppError::AgencyUnknown);
            }
        }
        Ok(period)
    }
}

/// "How this is counted": the address of a section of docs/DEFINITIONS.md.
fn definition(section: &str) -> String {
    format!("{}#{section}", crate::pages::DEFINITIONS_ADDRESS)
}

pub(super) async fn satisfaction(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let agency = asked.agency.clone();
    let counts = state
        .store
        .read(move |store| {
            let (from, to) = period.months();
            store
                .rating_counts(agency.as_deref(), &from, &to)
                .map_err(AppError::from)
        })
        .await?;
    let target = state.reference.province.targets.satisfied_percent;
    let mut factors = Map::new();
    for factor in SatisfactionFactor::ALL {
        factors.insert(
            factor.name().to_owned(),
            cell(&counts.factors[*factor as usize], target),
        );
    }
    Ok(axum::Json(json!({
        "period": asked.period,
        "agency": asked.agency,
        "as_of": dung_hen_domain::civil::rfc3339(state.now()),
        "method": "sipas-style-1",
        "official_index": false,
        "definitions": {
            "overall": definition("satisfied"),
            "factors": definition("factor"),
            "target": definition("target"),
            "period": definition("period"),
        },
        "overall": cell(&counts.overall, target),
        "factors": factors,
    })))
}

/// One share: satisfied are the two upper levels of five.
fn cell(counts: &LevelCounts, target: f64) -> Value {
    let share = Share {
        part: counts[3] + counts[4],
        n: counts.iter().sum(),
    };
    if share.n < SMALLEST_CELL {
        return json!({ "suppressed": true, "n": null, "target": target });
    }
    json!({
        "suppressed": false,
        "n": share.n,
        "satisfied": share.part,
        "percent": share.percent().map(rounded),
        "wilson95": share.wilson().map(|(low, high)| [rounded(low), rounded(high)]),
        "target": target,
        "standing": share.standing(target).name(),
        "verdict": share.verdict(target).name(),
    })
}

/// Counts of the cases received in a period.
#[derive(Default)]
struct Counts {
    by_timeliness: [u64; Timeliness::ALL.len()],
    owed: u64,
    by_apology: [u64; ApologyState::ALL.len()],
    second_postponements: u64,
}

impl Counts {
    fn add(&mut self, facts: &CaseFacts, state: &AppState) {
        let calendar = &state.reference.calendar;
        let as_of = state.now().date();
        let (stands, _) = timeliness::assess(
            &timeliness::Facts {
                status: facts.status,
                promise: facts.promise,
                finished: facts.finished,
                returned: facts.returned,
                as_of,
            },
            calendar,
        );
        self.by_timeliness[stands as usize] += 1;
        let duty = apology::Facts {
            status: facts.status,
            promise: facts.promise,
            finished: facts.finished,
            as_of,
            letters: &facts.letters,
            moved_after_letter: moved_after_letter(facts.causes.iter().copied()),
        };
        if apology::is_broken(&duty) || !facts.letters.is_empty() {
            self.owed += 1;
            // A case postponed twice still had a first letter, in time or late.
            let first = facts.letters.get(..1).unwrap_or_default();
            let about_first = apology::assess(
                &apology::Facts {
                    letters: first,
                    moved_after_letter: false,
                    ..duty
                },
                calendar,
            );
            self.by_apology[about_first as usize] += 1;
            self.second_postponements +=
                u64::from(apology::assess(&duty, calendar) == ApologyState::PostponedAgain);
        }
    }

    fn stands(&self, timeliness: &[Timeliness]) -> u64 {
        timeliness
            .iter()
            .map(|one| self.by_timeliness[*one as usize])
            .sum()
    }

    fn letters(&self, states: &[ApologyState]) -> u64 {
        states
            .iter()
            .map(|one| self.by_apology[*one as usize])
            .sum()
    }
}

pub(super) async fn timeliness(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<axum::Json<Value>, AppError> {
    use Timeliness::{
        DueSoon, Early, Late, NotApplicable, OnTime, Overdue, Paused, Unknown, WithinTime,
    };
    let Query(mut asked) = asked.map_err(|_| AppError::PeriodInvalid)?;
    let period = asked.check(&state).await?;
    let agency = asked.agency.clone();
    let facts = state
        .store
        .read(move |store| {
            let (from, to) = period.days();
            store
                .case_facts(agency.as_deref(), &from, &to)
                .map_err(AppError::from)
        })
        .await?;
    let mut counts = Counts::default();
    for one in &facts {
        counts.add(one, &state);
    }
    let received = facts.iter().filter(|one| one.status.is_received()).count();
    let target = state.reference.province.targets.on_time_percent;
    let share = Share {
        part: counts.stands(&[Early, OnTime]),
        n: counts.stands(&[Early, OnTime, Late]),
    };
    Ok(axum::Json(json!({
        "period": asked.period,
        "agency": asked.agency,
        "as_of": dung_hen_domain::civil::rfc3339(state.now()),
        "method": "on-time-1",
        "definitions": {
            "on_time_share": definition("on-time"),
            "apologies": definition("apology"),
            "target": definition("target"),
            "period": definition("period"),
        },
        "received": received,
        "early": counts.stands(&[Early]),
        "on_time": counts.stands(&[OnTime]),
        "late": counts.stands(&[Late]),
        "open_within_time": counts.stands(&[WithinTime, DueSoon]),
        "open_overdue": counts.stands(&[Overdue]),
        "open_paused": counts.stands(&[Paused]),
        "unknown": counts.stands(&[Unknown]),
        "not_counted": counts.stands(&[NotApplicable]),
        "apologies": {
            "owed": counts.owed,
            "issued_in_time": counts.letters(&[ApologyState::IssuedInTime]),
            "issued_late": counts.letters(&[ApologyState::IssuedLate]),
            "missing": counts.letters(&[ApologyState::Missing, ApologyState::FinishedLateWithout]),
            "second_postponements": counts.second_postponements,
        },
        "on_time_share": {
            "part": share.part,
            "n": share.n,
            "percent": share.percent().map(rounded),
            "target": target,
            "standing": share.standing(target).name(),
            "verdict": share.verdict_full_count(target).name(),
        },
    })))
}
