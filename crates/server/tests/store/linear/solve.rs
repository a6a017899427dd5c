//! The equations of everything published, solved: which sums of answers follow from them?
//!
//! An unknown is one answer of one rating (a corrected rating has several). An equation says that a published number is
//! the sum of certain answers. What can be worked out of all equations by adding, subtracting and scaling is the space
//! of their rows. Answers that stand together in every equation are one unknown, their sum: nothing tells them apart.
//! Elimination is done modulo the prime 2⁶¹ − 1: a sum that follows over the rationals follows there, too.

use std::collections::{BTreeMap, BTreeSet, HashMap};

const P: u64 = (1 << 61) - 1;

fn times(a: u64, b: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) % u128::from(P)).unwrap()
}

fn inverse(a: u64) -> u64 {
    let (mut base, mut exponent, mut out) = (a, P - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            out = times(out, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    out
}

/// Whether these depend on each other.
fn dependent(mut rows: Vec<[u64; 6]>) -> bool {
    let mut rank = 0;
    for place in 0..6 {
        let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][place] != 0) else {
            continue;
        };
        rows.swap(rank, pivot);
        let known = rows[rank];
        for row in &mut rows[rank + 1..] {
            let factor = P - times(row[place], inverse(known[place]));
            for (value, known) in row.iter_mut().zip(known) {
                *value = (*value + times(factor, known)) % P;
            }
        }
        rank += 1;
    }
    rank < rows.len()
}

/// The equations: of each, the unknowns on its left side.
#[derive(Default)]
pub(super) struct Equations {
    rows: BTreeSet<Vec<usize>>,
}

/// What follows from them.
pub(super) struct Solved {
    /// The class of each unknown that stands in an equation at all.
    class: HashMap<usize, usize>,
    /// Unknowns in each class.
    pub(super) sizes: Vec<usize>,
    /// Rows in echelon form, by their first class.
    rows: BTreeMap<usize, Vec<u64>>,
}

impl Equations {
    pub(super) fn add(&mut self, unknowns: impl IntoIterator<Item = usize>) {
        let mut row: Vec<usize> = unknowns.into_iter().collect();
        row.sort_unstable();
        self.rows.insert(row);
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn solve(&self) -> Solved {
        let mut stands_in = BTreeMap::<usize, Vec<usize>>::new();
        for (index, row) in self.rows.iter().enumerate() {
            for unknown in row {
                stands_in.entry(*unknown).or_default().push(index);
            }
        }
        let mut numbers = HashMap::new();
        let mut solved = Solved {
            class: HashMap::new(),
            sizes: Vec::new(),
            rows: BTreeMap::new(),
        };
        for (unknown, rows) in stands_in {
            let next = solved.sizes.len();
            let class = *numbers.entry(rows).or_insert(next);
            if class == next {
                solved.sizes.push(0);
            }
            solved.sizes[class] += 1;
            solved.class.insert(unknown, class);
        }
        for row in &self.rows {
            let mut dense = vec![0; solved.sizes.len()];
            for unknown in row {
                dense[solved.class[unknown]] = 1;
            }
            if let Some(pivot) = solved.reduce(&mut dense) {
                let scale = inverse(dense[pivot]);
                for value in &mut dense {
                    *value = times(*value, scale);
                }
                solved.rows.insert(pivot, dense);
            }
        }
        solved
    }
}

impl Solved {
    /// Takes off what follows; the first class that is left.
    fn reduce(&self, row: &mut [u64]) -> Option<usize> {
        for place in 0..row.len() {
            if row[place] == 0 {
                continue;
            }
            let Some(known) = self.rows.get(&place) else {
                return Some(place);
            };
            let factor = P - row[place];
            for (value, known) in row.iter_mut().zip(known).skip(place) {
                *value = (*value + times(factor, *known)) % P;
            }
        }
        None
    }

    /// Whether the sum of these unknowns, those with `false` taken off, follows from the equations.
    pub(super) fn follows(&self, unknowns: &[(usize, bool)]) -> bool {
        let mut of_class = BTreeMap::<usize, Vec<bool>>::new();
        for (unknown, added) in unknowns {
            match self.class.get(unknown) {
                Some(class) => of_class.entry(*class).or_default().push(*added),
                // It stands in no equation.
                None => return false,
            }
        }
        let mut row = vec![0; self.sizes.len()];
        for (class, members) in of_class {
            // A part of a class is never told apart from the rest of it.
            if members.len() != self.sizes[class] || members.iter().any(|one| *one != members[0]) {
                return false;
            }
            row[class] = if members[0] { 1 } else { P - 1 };
        }
        self.reduce(&mut row).is_none()
    }

    /// Unknowns in the smallest sum or difference that follows, whatever the factors, where these are fewer than five.
    ///
    /// A row follows if it is orthogonal to everything that the equations leave open. So one on a few classes follows
    /// if their columns in a basis of that are dependent. Instead of the whole columns a random image of them with six
    /// places is looked at, in which four independent ones stay so but for a chance of one in 2⁵⁰.
    pub(super) fn smallest(&self) -> Option<usize> {
        // Not linear, or the columns would depend on each other because of how they are drawn.
        let mut state = 0u64;
        let mut draw = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (mixed ^ (mixed >> 31)) % P
        };
        let columns = self.left_open(&mut draw);
        let small: Vec<usize> = (0..self.sizes.len())
            .filter(|class| self.sizes[*class] < 5)
            .collect();
        let mut found = None;
        let mut chosen = Vec::new();
        self.choose(&small, &columns, &mut chosen, 0, &mut found);
        found
    }

    fn choose(
        &self,
        small: &[usize],
        columns: &[[u64; 6]],
        chosen: &mut Vec<usize>,
        size: usize,
        found: &mut Option<usize>,
    ) {
        for (next, class) in small.iter().enumerate() {
            let size = size + self.sizes[*class];
            if size >= found.unwrap_or(5) {
                continue;
            }
            chosen.push(*class);
            if dependent(chosen.iter().map(|class| columns[*class]).collect()) {
                *found = Some(size);
            } else {
                self.choose(&small[next + 1..], columns, chosen, size, found);
            }
            chosen.pop();
        }
    }

    /// Six random solutions of the equations with nought on their right side: of each class, its six values.
    fn left_open(&self, draw: &mut impl FnMut() -> u64) -> Vec<[u64; 6]> {
        let mut columns = vec![[0; 6]; self.sizes.len()];
        // From the last class to the first: the free ones are drawn, the others follow.
        for place in (0..self.sizes.len()).rev() {
            columns[place] = match self.rows.get(&place) {
                None => std::array::from_fn(|_| draw()),
                Some(row) => {
                    let mut value = [0; 6];
                    for (factor, column) in row.iter().zip(&columns).skip(place + 1) {
                        for (sum, part) in value.iter_mut().zip(column) {
                            *sum = (*sum + P - times(*factor, *part)) % P;
                        }
                    }
                    value
                }
            };
        }
        columns
    }

    /// The least and the most of these unknowns that can be satisfied, for an attacker who knows how many of each
    /// class are (which is more than the equations tell): none is less than nought, nor more than one.
    pub(super) fn bounds(
        &self,
        unknowns: &[usize],
        satisfied: impl Fn(usize) -> bool,
    ) -> (usize, usize) {
        let mut of_class = BTreeMap::<Option<usize>, usize>::new();
        for unknown in unknowns {
            *of_class
                .entry(self.class.get(unknown).copied())
                .or_default() += 1;
        }
        let mut bounds = (0, 0);
        for (class, members) in of_class {
            let Some(class) = class else {
                bounds.1 += members;
                continue;
            };
            let all = self.sizes[class];
            let happy = self
                .class
                .iter()
                .filter(|(unknown, of)| **of == class && satisfied(**unknown))
                .count();
            bounds.0 += (happy + members).saturating_sub(all);
            bounds.1 += happy.min(members);
        }
        bounds
    }
}

#[test]
fn a_quarter_less_two_months_is_the_third() {
    // Answers 0, 1 in October; 2 in November; 3, 4 in December: the quarter, October and December are published.
    let mut equations = Equations::default();
    equations.add(0..5);
    equations.add(0..2);
    equations.add(3..5);
    let solved = equations.solve();
    assert!(solved.follows(&[(2, true)]));
    assert_eq!(solved.smallest(), Some(1));
    assert!(!solved.follows(&[(0, true)]));
    assert!(solved.follows(&[(0, true), (1, true)]));
    assert!(solved.follows(&[(0, true), (1, true), (2, false)]));
    assert!(!solved.follows(&[(9, true)]));
    assert_eq!(solved.bounds(&[0, 9], |unknown| unknown == 1), (0, 2));
    assert_eq!(solved.bounds(&[0], |unknown| unknown < 2), (1, 1));
}

/// Eight answers; then five of them changed: the difference is of ten, no sum is of the three that stayed.
#[test]
fn what_is_left_of_a_step_of_five_does_not_come_out() {
    let mut equations = Equations::default();
    equations.add(0..8);
    equations.add((5..8).chain(10..15));
    assert_eq!(equations.solve().smallest(), None);
    // Taken back by five, of two steps: 3 + 4 − 5 − 6.
    let mut equations = Equations::default();
    equations.add(0..5);
    equations.add(0..10);
    equations.add((3..5).chain(7..10));
    assert_eq!(equations.solve().smallest(), Some(4));
}
