//! Satisfaction in steps: what is published, and when it moves.
//!
//! [`table`] is the one place that API, board, reports and open data read it from. Ratings enter and are corrected in
//! their own transactions (`store::ratings`), which also note what the published step does not hold yet; [`take_step`]
//! moves the step, once a day at most. Why nothing smaller than five can be worked out of it:
//! `domain::satisfaction::tables`.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{iso_date, parse_date};
use dung_hen_domain::indices::Share;
use dung_hen_domain::satisfaction::tables::{Place, QUESTIONS, Question, STEP, Split, cells_of};
use dung_hen_domain::satisfaction::tally::Mentions;
use dung_hen_domain::satisfaction::{Criterion, SatisfactionFactor};

use crate::store::{
    Answered, Apart, BY_LABEL, LevelCounts, Reader, SatisfactionKey, StoreError, Writer,
};

/// Name of the day of the last step.
const STEP_DAY: &str = "satisfaction_step";

/// The published answers of one cell, question by question. A question of which nothing is published is all noughts:
/// no published question has fewer than [`STEP`] answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    levels: [LevelCounts; QUESTIONS],
    /// The step that changed a share of it last.
    pub changed_on: Option<NaiveDate>,
}

impl Published {
    /// Answers per level, 1 to 5; of a criterion first those who named it, then those who did not.
    #[must_use]
    pub const fn levels(&self, question: Question) -> &LevelCounts {
        &self.levels[question as usize]
    }

    /// Satisfied (levels 4 and 5) of all who answered; `None` where nothing is published, and of a criterion: that one
    /// is named and never a share.
    #[must_use]
    pub fn share(&self, question: Question) -> Option<Share> {
        if question.criterion().is_some() {
            return None;
        }
        let [.., four, five] = self.levels(question);
        let n = self.levels(question).iter().sum();
        (n >= STEP).then_some(Share {
            part: four + five,
            n,
        })
    }

    /// Named by so many of those who answered its factor; `None` where nothing is published.
    #[must_use]
    pub fn mentions(&self, criterion: Criterion) -> Option<Mentions> {
        let [named, not_named, ..] = *self.levels(Question::named(criterion));
        let raters = named + not_named;
        (raters >= STEP).then_some(Mentions { named, raters })
    }

    /// The question of a factor.
    #[must_use]
    pub const fn of_factor(factor: SatisfactionFactor) -> Question {
        match factor {
            SatisfactionFactor::Access => Question::Access,
            SatisfactionFactor::Procedures => Question::Procedures,
            SatisfactionFactor::Officials => Question::Officials,
            SatisfactionFactor::Outcomes => Question::Outcomes,
            SatisfactionFactor::FeedbackHandling => Question::FeedbackHandling,
        }
    }
}

/// A published table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The day of the step that is published; `None` before the first one.
    pub step: Option<NaiveDate>,
    /// All of it.
    pub whole: Published,
    /// A row for each value of the split; nothing is published of a value that is absent.
    pub rows: BTreeMap<String, Published>,
    /// Ratings whose label does not name the split. Whole = rows + rest.
    pub rest: Published,
}

/// The published table of a place and period (`2026-10`, `2026-Q4`, `2026`).
///
/// # Errors
/// [`StoreError`].
pub fn table(
    reader: &mut Reader<'_>,
    instrument: &str,
    place: &Place,
    period: &str,
    split: Split,
) -> Result<Table, StoreError> {
    let place = place.key();
    let mut read = |split| -> Result<BTreeMap<String, Published>, StoreError> {
        let mut cells = BTreeMap::<String, Published>::new();
        for row in reader.satisfaction_table(instrument, &place, split, period)? {
            let cell = cells.entry(row.value).or_default();
            cell.levels[row.question as usize] = row.levels;
            // Criteria that were named are not shown beside the shares, and say for themselves when they moved.
            if row.question.criterion().is_none() {
                cell.changed_on = cell.changed_on.max(Some(row.changed_on));
            }
        }
        Ok(cells)
    };
    let whole = read(Split::Whole)?.remove("").unwrap_or_default();
    let mut rows = match split {
        Split::Whole => BTreeMap::new(),
        _ => read(split)?,
    };
    Ok(Table {
        step: last_step(reader)?,
        whole,
        rest: rows.remove("").unwrap_or_default(),
        rows,
    })
}

/// The day of the step that is published.
///
/// # Errors
/// [`StoreError`].
pub fn last_step(reader: &mut Reader<'_>) -> Result<Option<NaiveDate>, StoreError> {
    Ok(reader
        .figure_state(STEP_DAY)?
        .and_then(|text| parse_date(&text)))
}

/// Differences of a step.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) cells: BTreeMap<SatisfactionKey, [i64; 5]>,
}

impl Ledger {
    /// Counts answers per level under their label and in every table.
    pub(super) fn add_levels(
        &mut self,
        instrument: &str,
        label: &str,
        question: Question,
        levels: &[i64; 5],
    ) {
        let key = |place, split: &str, period, value| SatisfactionKey {
            instrument: instrument.to_owned(),
            place,
            split: split.to_owned(),
            period,
            value,
            question,
        };
        let mut add = |key| {
            let cell = self.cells.entry(key).or_insert([0; 5]);
            for (count, by) in cell.iter_mut().zip(levels) {
                *count += by;
            }
        };
        add(key(
            String::new(),
            BY_LABEL,
            String::new(),
            label.to_owned(),
        ));
        for cell in BallotLabel::parse(label).iter().flat_map(cells_of) {
            add(key(cell.place, cell.split.name(), cell.period, cell.value));
        }
    }
}

/// Counts an answer, `times` over.
pub(super) fn count(levels: &mut [i64; 5], level: Option<u8>, times: i64) {
    let place = level.and_then(|level| usize::from(level).checked_sub(1));
    if let Some(count) = place.and_then(|place| levels.get_mut(place)) {
        *count += times;
    }
}

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stepped {
    /// Answers that are new or other in what is published.
    pub moved: u64,
    /// Answers that wait for company.
    pub waiting: u64,
}

/// Takes the step of `today`, unless it has been taken: `None` then. All of it is one transaction, so that readers see
/// one step or the next.
///
/// # Errors
/// [`StoreError`].
pub fn take_step(writer: &mut Writer<'_>, today: NaiveDate) -> Result<Option<Stepped>, StoreError> {
    let last = parse_date(&writer.locked_figure_state(STEP_DAY)?);
    // A clock that was far ahead does not hold the steps up for as long.
    let tomorrow = today.succ_opt().unwrap_or(today);
    if last.is_some_and(|last| last == today || last == tomorrow) {
        return Ok(None);
    }
    let mut waiting = Waiting::read(writer)?;
    let mut ledger = Ledger::default();
    let mut done = Stepped::default();
    let week_ago = today.checked_sub_days(Days::new(7)).unwrap_or(today);
    loop {
        done.moved += waiting.publish(writer, &mut ledger)?;
        if !waiting.coarsen(week_ago) {
            break;
        }
    }
    done.waiting = waiting.write(writer)?;
    let changed = ledger.cells.iter().filter(|(_, by)| **by != [0; 5]);
    writer.add_to_satisfaction(changed, today)?;
    writer.put_figure_state(STEP_DAY, &iso_date(today))?;
    Ok(Some(done))
}

/// All answers that the published step does not hold as they are.
struct Waiting {
    answers: Vec<Apart>,
    /// How each of them was kept.
    before: Vec<Option<Apart>>,
    new: Vec<Answered>,
}

impl Waiting {
    fn read(writer: &mut Writer<'_>) -> Result<Self, StoreError> {
        let mut answers = writer.waiting_answers()?;
        let mut before: Vec<_> = answers.iter().cloned().map(Some).collect();
        let new = writer.new_ratings()?;
        for rating in &new {
            let shared = Arc::new(rating.clone());
            let label = rating.label.to_text();
            for question in Question::ALL {
                if rating.levels[*question as usize].is_none() {
                    continue;
                }
                answers.push(Apart {
                    rating: Arc::clone(&shared),
                    instrument: rating.instrument.clone(),
                    question: *question,
                    label: label.clone(),
                    published: None,
                });
                before.push(None);
            }
        }
        Ok(Self {
            answers,
            before,
            new,
        })
    }

    /// Publishes the answers to each question under each label that are enough: five with a level that is new or other.
    /// Answers that were taken back go with them, or when none is left.
    fn publish(&mut self, writer: &mut Writer<'_>, ledger: &mut Ledger) -> Result<u64, StoreError> {
        let mut groups = BTreeMap::<(String, String, Question), Vec<usize>>::new();
        for (place, answer) in self.answers.iter().enumerate() {
            if answer.current() != answer.published {
                let key = (
                    answer.instrument.clone(),
                    answer.label.clone(),
                    answer.question,
                );
                groups.entry(key).or_default().push(place);
            }
        }
        let mut moved = 0;
        for ((instrument, label, question), group) in groups {
            let with_level = group
                .iter()
                .filter(|place| self.answers[**place].current().is_some())
                .count() as u64;
            if with_level < STEP {
                if with_level > 0 {
                    continue;
                }
                let taken_back = group.len() as u64;
                let kept = writer.satisfaction_of_label(&instrument, &label, question)?;
                if taken_back != kept.iter().sum::<u64>() {
                    continue;
                }
            }
            let mut levels = [0; 5];
            for place in &group {
                let answer = &mut self.answers[*place];
                count(&mut levels, answer.published, -1);
                count(&mut levels, answer.current(), 1);
                answer.published = answer.current();
            }
            ledger.add_levels(&instrument, &label, question, &levels);
            moved += group.len() as u64;
        }
        Ok(moved)
    }

    /// Gives a coarser label to answers that were never published and whose period was over a week ago: no more company
    /// will come for them. A correction stays with the label that its answer counts under.
    fn coarsen(&mut self, week_ago: NaiveDate) -> bool {
        let mut any = false;
        for answer in &mut self.answers {
            if answer.published.is_some() || answer.current().is_none() {
                continue;
            }
            let coarser = BallotLabel::parse(&answer.label)
                .filter(|label| label.is_over(week_ago))
                .and_then(|label| label.coarser());
            if let Some(label) = coarser {
                answer.label = label.to_text();
                any = true;
            }
        }
        any
    }

    /// Keeps what is apart now.
    fn write(self, writer: &mut Writer<'_>) -> Result<u64, StoreError> {
        let mut waiting = 0;
        for (answer, before) in self.answers.iter().zip(&self.before) {
            waiting += u64::from(answer.current() != answer.published);
            let own = || answer.rating.label.to_text() == answer.label;
            let as_is = answer.current() == answer.published && own();
            if before.as_ref().map_or(!as_is, |before| before != answer) {
                writer.put_apart(answer)?;
            }
        }
        for rating in &self.new {
            writer.no_longer_new(&rating.handle)?;
        }
        Ok(waiting)
    }
}
