//! An attacker who writes down every published table on every day, knows of every rating which cells it counts in and
//! since when, and solves the equations: which cells of one to four answers, and which changes by so few, come out?

mod solve;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Cell, Place, Question, Split, cells_of};
use dung_hen_server::figures::satisfaction::{table, take_step};
use dung_hen_server::store::{BallotMark, BallotOutcome, StoreError, Writer};
use dung_hen_server::waiting::{Correction, Rating, Said};

use self::solve::{Equations, Solved};
use crate::support::{Fixture, case, sqlite};

/// Days from 21 September 2026: over the end of two quarters and of the year, so that each of them and its months are
/// closed, what was left over has been made coarser, and a year less a quarter is an equation like any other.
const DAYS: u64 = 115;
/// The whole, a factor, and whether one of its criteria was named.
const ASKED: [Question; 3] = [Question::Overall, Question::Access, Question::NamedSignage];

/// A stream of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// Small numbers often, large ones seldom.
    fn skewed(&mut self, n: u64) -> u64 {
        (0..3).map(|_| self.below(n)).min().unwrap_or(0)
    }
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 21).unwrap() + chrono::Days::new(number)
}

/// A rating as the test knows it; the attacker knows all but the levels.
struct Known {
    /// Its case's own cell, finer than most labels.
    truth: BallotLabel,
    label: String,
    said: Said,
}

/// What is said to a question; of the criterion: named (1) or, by others who answered the factor, not named (2).
fn answer(said: &Said, question: Question) -> Option<u8> {
    match question {
        Question::Overall => Some(said.overall),
        Question::Access => said.factors[0],
        _ => said.factors[0].map(|_| if said.wrong == Some(1) { 1 } else { 2 }),
    }
}

/// An answer: of which rating, to which question.
type Answer = (usize, Question);
/// Answers with their levels.
type Levels = BTreeMap<Answer, u8>;

struct World {
    fixture: Fixture,
    dice: Dice,
    known: Vec<Known>,
    /// Who waits outside the database.
    waiting: Vec<usize>,
}

impl World {
    fn said(&mut self) -> Said {
        let overall = u8::try_from(5 - self.dice.skewed(5)).unwrap();
        let access =
            (self.dice.below(3) > 0).then(|| u8::try_from(1 + self.dice.below(5)).unwrap());
        Said {
            overall,
            factors: [access, None, None, None, None],
            wrong: access
                .filter(|level| *level <= 2)
                .map(|_| u16::from(self.dice.below(2) == 0)),
        }
    }

    /// Cases that came to an end: their ballots are given by the store, which chooses the labels.
    fn ballots(&mut self, today: NaiveDate) {
        let many = 3 + self.dice.below(5);
        let truths: Vec<BallotLabel> = (0..many).map(|_| self.ended(today)).collect();
        let (first, asked) = (self.known.len(), truths.clone());
        let labels = self
            .fixture
            .store
            .write_now(move |store| {
                let mut labels = Vec::new();
                for (number, finest) in (first..).zip(&asked) {
                    let code = format!("A-{number}");
                    store.put_case(&case(&code))?;
                    let mark = BallotMark {
                        seal: digest(number),
                        mask: [7; 32],
                    };
                    let given = store.give_ballot(&code, &mark, finest, None)?;
                    if let BallotOutcome::Given { label, .. } = given {
                        labels.push(label);
                    }
                }
                Ok::<_, StoreError>(labels)
            })
            .unwrap();
        assert_eq!(labels.len(), truths.len());
        for (truth, label) in truths.into_iter().zip(labels) {
            let said = self.said();
            self.waiting.push(self.known.len());
            self.known.push(Known {
                truth,
                label: label.to_text(),
                said,
            });
        }
    }

    /// A case as it ended: most alike, many alone in their cell.
    fn ended(&mut self, today: NaiveDate) -> BallotLabel {
        let agency = self.dice.skewed(6);
        let procedure = self.dice.skewed(9);
        let late = self.dice.below(6) == 0;
        let outcomes = ["granted", "decided", "refused", "withdrawn"];
        let outcome = outcomes[usize::try_from(self.dice.skewed(4)).unwrap()];
        BallotLabel {
            period: dung_hen_domain::civil::iso_date(today)[..7].to_owned(),
            agency: format!("H98.{agency}"),
            level: if agency < 4 { "commune" } else { "province" }.to_owned(),
            procedure: format!("1.{procedure}"),
            field: format!("F{}", procedure / 3),
            outcome: outcome.to_owned(),
            timeliness: match (outcome, late) {
                ("withdrawn", _) => "",
                (_, true) => "late",
                (_, false) => "in_time",
            }
            .to_owned(),
        }
    }

    /// What a day brings after its ballots, in one transaction each: corrections, ratings that enter, the step.
    fn day(&mut self, today: NaiveDate) {
        let corrections = self.corrections();
        let entering = self.settle(today);
        let write = move |store: &mut Writer<'_>| {
            store.correct_ratings(&corrections)?;
            for group in &entering {
                store.add_ratings(group)?;
            }
            take_step(store, today)
        };
        assert!(self.fixture.store.write_now(write).unwrap().is_some());
    }

    /// As the waiting room does: five of a label enter; what found no company gets a coarser label.
    fn settle(&mut self, today: NaiveDate) -> Vec<Vec<Rating>> {
        let week_ago = today - chrono::Days::new(7);
        let mut entering = Vec::new();
        loop {
            let mut groups = BTreeMap::<String, Vec<usize>>::new();
            for index in &self.waiting {
                let label = self.known[*index].label.clone();
                groups.entry(label).or_default().push(*index);
            }
            let mut coarser = false;
            for (label, group) in groups {
                if group.len() >= 5 {
                    let ratings: Vec<Rating> =
                        group.iter().map(|index| self.rating(*index)).collect();
                    entering.push(ratings);
                    self.waiting.retain(|index| !group.contains(index));
                    continue;
                }
                let label = BallotLabel::parse(&label).unwrap();
                if let Some(next) = label.coarser().filter(|_| label.is_over(week_ago)) {
                    for index in group {
                        self.known[index].label = next.to_text();
                    }
                    coarser = true;
                }
            }
            if !coarser {
                return entering;
            }
        }
    }

    fn rating(&self, index: usize) -> Rating {
        let name = digest(index);
        Rating {
            spent: name,
            handle: name,
            label: self.known[index].label.clone(),
            instrument: INSTRUMENT.to_owned(),
            language: "vi".to_owned(),
            said: self.known[index].said.clone(),
        }
    }

    /// Some of the last ratings are corrected, some of them again.
    fn corrections(&mut self) -> Vec<Correction> {
        let mut corrections = Vec::new();
        for _ in 0..self.dice.below(30) {
            let last = u64::try_from(self.known.len().min(40)).unwrap();
            let index = self.known.len() - 1 - usize::try_from(self.dice.below(last)).unwrap();
            self.known[index].said = self.said();
            if !self.waiting.contains(&index) {
                corrections.push(Correction {
                    handle: digest(index),
                    instrument: INSTRUMENT.to_owned(),
                    language: "vi".to_owned(),
                    said: self.known[index].said.clone(),
                });
            }
        }
        corrections
    }

    /// Which answers are published, with their labels: read from the base tables.
    fn counted(&self) -> BTreeMap<Answer, (u8, String)> {
        let read = self.fixture.store.read_now(|store| {
            let mut counted = BTreeMap::new();
            store.ratings_in_steps(|rating| {
                for question in ASKED {
                    let level = rating.levels[question as usize];
                    counted.insert(
                        (number(&rating.handle), question),
                        (level, rating.label.to_text()),
                    );
                }
            })?;
            let mut apart = store.answers_apart()?;
            apart.retain(|answer| ASKED.contains(&answer.question));
            for answer in apart {
                let key = (number(&answer.rating.handle), answer.question);
                counted.insert(key, (answer.published, answer.label));
            }
            Ok::<_, StoreError>(counted)
        });
        let counted = read.unwrap().into_iter();
        counted
            .filter_map(|(answer, (level, label))| Some((answer, (level?, label))))
            .collect()
    }

    /// What the ratings say now, as far as they have entered the database.
    fn entered(&self) -> Levels {
        let mut levels = Levels::new();
        for (index, known) in self.known.iter().enumerate() {
            if !self.waiting.contains(&index) {
                levels.extend(ASKED.iter().filter_map(|question| {
                    Some(((index, *question), answer(&known.said, *question)?))
                }));
            }
        }
        levels
    }

    /// Every table that is published.
    fn tables(&self) -> BTreeMap<Cell, [[u64; 5]; ASKED.len()]> {
        let mut places = vec![Place::Province];
        places.extend(["commune", "province"].map(|level| Place::Level(level.to_owned())));
        places.extend((0..6).map(|agency| Place::Agency(format!("H98.{agency}"))));
        let periods = [
            "2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2026-Q3", "2026-Q4", "2027-Q1",
            "2026", "2027",
        ];
        let read = self.fixture.store.read_now(|store| {
            let mut published = BTreeMap::new();
            for place in &places {
                for period in periods {
                    for split in Split::ALL {
                        let table = table(store, INSTRUMENT, place, period, *split)?;
                        let rest = match split {
                            Split::Whole => &table.whole,
                            _ => &table.rest,
                        };
                        let rows = table.rows.iter().map(|(value, row)| (value.as_str(), row));
                        for (value, row) in rows.chain([("", rest)]) {
                            let cell = Cell {
                                place: place.key(),
                                period: period.to_owned(),
                                split: *split,
                                value: value.to_owned(),
                            };
                            published.insert(cell, ASKED.map(|question| *row.levels(question)));
                        }
                    }
                }
            }
            Ok::<_, StoreError>(published)
        });
        read.unwrap()
    }
}

fn digest(number: usize) -> [u8; 32] {
    let number = u32::try_from(number).unwrap();
    let mut digest = [0; 32];
    // Scattered, as hashes are.
    digest[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    digest[28..].copy_from_slice(&number.to_be_bytes());
    digest
}

fn number(digest: &[u8; 32]) -> usize {
    usize::try_from(u32::from_be_bytes(digest[28..].try_into().unwrap())).unwrap()
}

/// What one way of publishing gives away. Each level that a rating is published with is an unknown of its own.
#[derive(Default)]
struct Attack {
    equations: Equations,
    noted: HashMap<(Question, Cell), Vec<usize>>,
    /// The answers as published today.
    now: BTreeMap<Answer, (u8, usize)>,
    /// Every unknown.
    all: Vec<(Answer, u8)>,
}

impl Attack {
    /// A new day: an answer with another level than yesterday, or none, is another unknown.
    fn day(&mut self, levels: Levels) {
        let before = std::mem::take(&mut self.now);
        for (answer, level) in levels {
            let unknown = match before.get(&answer) {
                Some((old, unknown)) if *old == level => *unknown,
                _ => {
                    self.all.push((answer, level));
                    self.all.len() - 1
                }
            };
            self.now.insert(answer, (level, unknown));
        }
    }

    /// A published number is the sum of these answers.
    fn note(&mut self, question: Question, cell: &Cell, ratings: impl Iterator<Item = usize>) {
        let mut unknowns: Vec<usize> = ratings
            .map(|index| self.now[&(index, question)].1)
            .collect();
        unknowns.sort_unstable();
        let key = (question, cell.clone());
        if self.noted.get(&key) != Some(&unknowns) {
            self.equations.add(unknowns.iter().copied());
            self.noted.insert(key, unknowns);
        }
    }

    /// Sets of one to four answers: cells as a table by the cases' own attributes would show them, and single answers.
    /// What is not published is no unknown of any equation.
    fn secrets(&self, world: &World) -> BTreeSet<Vec<usize>> {
        let mut cells = BTreeMap::<(Question, Cell), Vec<usize>>::new();
        for (index, known) in world.known.iter().enumerate() {
            for question in ASKED {
                let Some(level) = answer(&known.said, question) else {
                    continue;
                };
                let unknown = match self.now.get(&(index, question)) {
                    Some((published, unknown)) if *published == level => *unknown,
                    _ => usize::MAX - index,
                };
                for cell in cells_of(&known.truth) {
                    cells.entry((question, cell)).or_default().push(unknown);
                }
            }
        }
        let small = |cell: &Vec<usize>| (1..5).contains(&cell.len());
        let mut secrets: BTreeSet<_> = cells.into_values().filter(small).collect();
        secrets.extend((0..self.all.len()).map(|unknown| vec![unknown]));
        secrets
    }

    /// What an answer was changed to, less what it was.
    fn changes(&self) -> Vec<[(usize, bool); 2]> {
        let mut last = HashMap::new();
        let mut changes = Vec::new();
        for (unknown, (answer, _)) in self.all.iter().enumerate() {
            if let Some(before) = last.insert(answer, unknown) {
                changes.push([(unknown, true), (before, false)]);
            }
        }
        changes
    }

    /// Secrets that come out.
    fn recovered(&self, solved: &Solved, world: &World) -> usize {
        let secrets = self.secrets(world);
        let of_cells = secrets.iter().filter(|secret| {
            let sum: Vec<_> = secret.iter().map(|one| (*one, true)).collect();
            solved.follows(&sum)
        });
        let changes = self.changes();
        of_cells.count()
            + changes
                .iter()
                .filter(|one| solved.follows(&one[..]))
                .count()
    }
}

/// As many would publish it: each cell by itself, as soon as five answers changed in it and five stand in it.
#[derive(Default)]
struct CellByCell {
    attack: Attack,
    published: HashMap<(Question, Cell), BTreeMap<usize, u8>>,
}

impl CellByCell {
    fn day(&mut self, world: &World) {
        let levels = world.entered();
        let mut now = HashMap::<(Question, Cell), BTreeMap<usize, u8>>::new();
        for ((index, question), level) in &levels {
            let label = BallotLabel::parse(&world.known[*index].label).unwrap();
            for cell in cells_of(&label) {
                let answers = now.entry((*question, cell)).or_default();
                answers.insert(*index, *level);
            }
        }
        self.attack.day(levels);
        for ((question, cell), answers) in now {
            let before = self.published.entry((question, cell.clone())).or_default();
            let other = answers
                .iter()
                .filter(|(index, level)| before.get(index) != Some(level));
            if other.count() >= 5 {
                before.clone_from(&answers);
                self.attack.note(question, &cell, answers.into_keys());
            }
        }
    }
}

#[test]
fn no_cell_and_no_change_of_fewer_than_five_comes_out() {
    let mut world = World {
        fixture: sqlite(),
        dice: Dice(20_261_122),
        known: Vec::new(),
        waiting: Vec::new(),
    };
    let mut steps = Attack::default();
    let mut naive = CellByCell::default();
    for number in 0..DAYS {
        let today = day(number);
        world.ballots(today);
        world.day(today);
        // The equations, with the answers on their left side; and that the published numbers are their right side.
        let counted = world.counted();
        steps.day(
            counted
                .iter()
                .map(|(answer, (level, _))| (*answer, *level))
                .collect(),
        );
        let mut left = BTreeMap::<(Question, Cell), Vec<(usize, u8)>>::new();
        for ((index, question), (level, label)) in counted {
            for cell in cells_of(&BallotLabel::parse(&label).unwrap()) {
                left.entry((question, cell))
                    .or_default()
                    .push((index, level));
            }
        }
        for (cell, said) in world.tables() {
            for (question, levels) in ASKED.into_iter().zip(said) {
                let answers = left.remove(&(question, cell.clone())).unwrap_or_default();
                let mut counted = [0; 5];
                for (_, level) in &answers {
                    counted[usize::from(*level) - 1] += 1;
                }
                assert_eq!(levels, counted, "{today} {question:?} {cell:?}");
                let n = answers.len();
                assert!(n == 0 || n >= 5, "{today} {question:?} {cell:?}: {n}");
                if n > 0 {
                    steps.note(question, &cell, answers.into_iter().map(|(index, _)| index));
                }
            }
        }
        assert!(left.is_empty(), "counted, but in no table: {left:?}");
        naive.day(&world);
    }

    let secrets = steps.secrets(&world);
    println!(
        "{} ratings, {} answers published, {} cells and answers of one to four, {} changes",
        world.known.len(),
        steps.all.len(),
        secrets.len(),
        steps.changes().len()
    );
    assert!(
        secrets.iter().filter(|one| one.len() > 1).count() > 100,
        "the data are skewed"
    );
    assert!(steps.changes().len() > 40);

    // The same attack on cells published one by one finds plenty.
    let solved = naive.attack.equations.solve();
    let found = naive.attack.recovered(&solved, &world);
    println!(
        "cell by cell: {} equations, {} classes, {found} come out",
        naive.attack.equations.len(),
        solved.sizes.len()
    );
    assert!(found > 20, "{found}");
    assert_eq!(solved.smallest(), Some(1));

    // On what is published here, nothing.
    let solved = steps.equations.solve();
    println!(
        "in steps: {} equations, {} classes",
        steps.equations.len(),
        solved.sizes.len()
    );
    assert!(solved.sizes.len() > 30);
    assert_eq!(steps.recovered(&solved, &world), 0);
    // And no other sum or difference of fewer than five either, whatever the factors.
    assert_eq!(solved.smallest(), None);

    // With bounds (no answer counts less than nought or more than once), for an attacker who is given the levels of
    // each class, a small cell is pinned down only where all whom it cannot be told from said the same: that is what
    // docs/THREATS.md names.
    let happy = |unknown: usize| steps.all.get(unknown).is_some_and(|(_, level)| *level >= 4);
    let pinned = secrets.iter().filter(|secret| {
        let (least, most) = solved.bounds(secret, happy);
        least == most
    });
    println!("pinned by bounds: {} of {}", pinned.count(), secrets.len());
}
