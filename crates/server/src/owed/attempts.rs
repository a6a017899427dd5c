//! Wrong proofs that are not in the database yet.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::Counter;
use crate::keys::Digest;
use crate::store::{AttemptCount, AttemptLimit, StoreError, Writer};

/// Counters that are ahead of the database.
#[derive(Debug, Default)]
pub(super) struct Attempts(HashMap<Digest, Ahead>);

#[derive(Clone, Copy, Debug)]
struct Ahead {
    limit: AttemptLimit,
    /// What counts, with those in the database.
    count: AttemptCount,
    /// How many of these are neither there nor on their way there.
    owed: u32,
    /// When the first of those came.
    from: NaiveDateTime,
    /// How many are on their way there. None where they are of a window that is over: whatever becomes of them.
    leaving: u32,
}

/// Wrong proofs of one counter, on their way into the database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    counter: Digest,
    limit: AttemptLimit,
    wrong: u32,
    from: NaiveDateTime,
}

impl Attempts {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn known(&self, counters: &[Counter; 2]) -> [Option<AttemptCount>; 2] {
        counters.map(|(counter, _)| self.0.get(&counter).map(|ahead| ahead.count))
    }

    /// One more, after what was found.
    pub(super) fn add(
        &mut self,
        counters: &[Counter; 2],
        found: [Option<AttemptCount>; 2],
        now: NaiveDateTime,
    ) {
        for ((counter, limit), found) in counters.iter().zip(found) {
            let before = limit.current(found, now);
            let ahead = self.0.entry(*counter).or_insert(Ahead {
                limit: *limit,
                count: AttemptCount {
                    since: now,
                    wrong: 0,
                },
                owed: 0,
                from: now,
                leaving: 0,
            });
            if before.is_none() {
                // What is owed of a window that is over must not be written into the one that begins, nor these into it.
                (ahead.owed, ahead.leaving) = (0, 0);
            }
            ahead.count = AttemptCount {
                since: before.map_or(now, |count| count.since),
                wrong: before.map_or(0, |count| count.wrong).saturating_add(1),
            };
            if ahead.owed == 0 {
                ahead.from = now;
            }
            ahead.owed += 1;
        }
    }

    /// Some of what is owed; it stays known here until it is [`Attempts::done`].
    pub(super) fn take(&mut self, most: usize) -> Vec<Leaving> {
        let owed = self.0.iter_mut().filter(|(_, ahead)| ahead.owed > 0);
        owed.take(most)
            .map(|(counter, ahead)| {
                ahead.leaving = std::mem::take(&mut ahead.owed);
                Leaving {
                    counter: *counter,
                    limit: ahead.limit,
                    wrong: ahead.leaving,
                    from: ahead.from,
                }
            })
            .collect()
    }

    /// What was taken is in the database, or it is not.
    pub(super) fn done(&mut self, taken: &[Leaving], written: bool) {
        for one in taken {
            let Some(ahead) = self.0.get_mut(&one.counter) else {
                continue;
            };
            let leaving = std::mem::take(&mut ahead.leaving);
            if !written && leaving > 0 {
                ahead.owed += leaving;
                ahead.from = one.from;
            } else if ahead.owed == 0 {
                self.0.remove(&one.counter);
            }
        }
    }
}

pub(super) fn write(writer: &mut Writer<'_>, taken: &[Leaving]) -> Result<(), StoreError> {
    let each = taken.iter();
    writer.count_wrong_attempts(each.map(|one| (&one.counter, one.limit, one.wrong, one.from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: AttemptLimit = AttemptLimit {
        minutes: 15,
        wrong: 5,
    };
    const COUNTERS: [Counter; 2] = [([1; 32], LIMIT), ([2; 32], LIMIT)];

    fn at(minute: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 10, 15)
            .unwrap()
            .and_hms_opt(9, minute, 0)
            .unwrap()
    }

    #[test]
    fn what_is_on_its_way_is_known_until_it_has_arrived_and_owed_again_where_it_did_not() {
        let mut attempts = Attempts::default();
        let count = |since, wrong| Some(AttemptCount { since, wrong });
        // Three are in the database.
        attempts.add(&COUNTERS, [count(at(0), 3), None], at(1));
        let known = [count(at(0), 4), count(at(1), 1)];
        assert_eq!(attempts.known(&COUNTERS), known);
        let taken = attempts.take(9);
        assert_eq!(taken.iter().map(|one| one.wrong).sum::<u32>(), 2);
        assert!(attempts.take(9).is_empty());
        assert_eq!(attempts.known(&COUNTERS), known);
        // One more meanwhile.
        attempts.add(&COUNTERS, known, at(2));
        attempts.done(&taken, false);
        let again = attempts.take(9);
        assert!(again.iter().all(|one| one.wrong == 2 && one.from == at(1)));
        attempts.done(&again, true);
        assert_eq!((attempts.len(), attempts.known(&COUNTERS)), (0, [None; 2]));
    }

    #[test]
    fn a_window_that_has_passed_begins_anew() {
        let mut attempts = Attempts::default();
        let old = Some(AttemptCount {
            since: at(0),
            wrong: 5,
        });
        attempts.add(&COUNTERS, [old; 2], at(15));
        let [new, _] = attempts.known(&COUNTERS);
        assert_eq!(
            new,
            Some(AttemptCount {
                since: at(15),
                wrong: 1
            })
        );
    }

    #[test]
    fn what_was_on_its_way_when_its_window_passed_is_not_owed_again() {
        let mut attempts = Attempts::default();
        attempts.add(&COUNTERS, [None; 2], at(0));
        let taken = attempts.take(9);
        attempts.add(&COUNTERS, attempts.known(&COUNTERS), at(15));
        attempts.add(&COUNTERS, attempts.known(&COUNTERS), at(16));
        attempts.done(&taken, false);
        let again = attempts.take(9);
        assert!(again.iter().all(|one| one.wrong == 2 && one.from == at(15)));
        assert_eq!(again.len(), 2);
    }
}
