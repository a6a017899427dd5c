//! How long a wait for the disk is put off so that more may share it.

use std::time::Duration;

/// Nobody is waited for longer than this, however slow the disk is.
const LONGEST: Duration = Duration::from_millis(16);
/// A batch that waits for more leaves when one in so many is missing: a single one who is late, or does not come, holds
/// up nobody.
const FEW: usize = 16;
/// After so many batches that waited in vain, one after the other, the next tries are no rarer than they are then.
const MOST_IN_VAIN: u32 = 5;

/// How the waits before went.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What the disk took, the last time.
    took: Duration,
    /// How many could share the next wait: those who were answered then, and those who had come meanwhile.
    circle: usize,
    /// How many batches in a row waited for more in vain.
    in_vain: u32,
    /// So many batches are not to wait, for it.
    hurried: u32,
}

impl Gathered {
    /// Those who were just answered come again within a moment, and a batch that left without them would make them wait
    /// for two: so a batch waits until nearly all are there who could be, for as long as the disk takes at most. Where they
    /// do not come in that time, two batches that take turns are quicker than one: then it leaves at once, and tries again
    /// now and then. A single asker does not wait at all. How much longer, so long after the wait before.
    #[must_use]
    pub fn patience(&self, batch: usize, since: Duration) -> Option<Duration> {
        (self.hurried == 0 && batch < self.enough())
            .then(|| self.took.min(LONGEST).checked_sub(since))
            .flatten()
            .filter(|left| !left.is_zero())
    }

    const fn enough(&self) -> usize {
        self.circle - self.circle / FEW
    }

    /// So many were answered after a wait that took so long; `come` more had come meanwhile. `waited` is whether it had
    /// been put off for some of them.
    pub fn answered(&mut self, batch: usize, waited: bool, took: Duration, come: usize) {
        if batch >= self.enough() {
            self.in_vain = 0;
        } else if waited {
            self.in_vain = (self.in_vain + 1).min(MOST_IN_VAIN);
            self.hurried = 1 << self.in_vain;
        }
        self.hurried = self.hurried.saturating_sub(u32::from(!waited));
        self.took = took;
        self.circle = batch + come;
    }

    /// How long nobody comes though many do, at most: all of them may be in one batch, which waits for the disk and then for
    /// those who are missing.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.took + self.took.min(LONGEST)
    }

    /// How long whoever writes may let others gather before it looks again: with none to gather not at all, and so little
    /// of what the disk takes that it is hardly noticed.
    #[must_use]
    pub fn gathering(&self) -> Duration {
        let shortest = Duration::from_micros(50);
        let share = (self.took / 32).min(LONGEST / 32);
        let many = self.circle > 1 && share >= shortest;
        if many { share } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn after(took: Duration, batch: usize, come: usize) -> Gathered {
        let mut gathered = Gathered::default();
        gathered.answered(batch, false, took, come);
        gathered
    }

    #[test]
    fn a_batch_waits_for_those_who_can_come_and_never_longer_than_the_disk_takes() {
        let before = after(ms(10), 16, 0);
        assert_eq!(before.patience(14, ms(0)), Some(ms(10)));
        assert_eq!(before.patience(14, ms(4)), Some(ms(6)));
        assert_eq!(before.patience(14, ms(10)), None);
        assert_eq!(before.patience(15, ms(0)), None, "nearly all");
        assert_eq!(after(ms(10), 1, 0).patience(1, ms(0)), None);
        assert_eq!(after(ms(100), 16, 0).patience(3, ms(0)), Some(ms(16)));
    }

    /// Two halves that take turns become one whole.
    #[test]
    fn who_came_meanwhile_is_not_all_who_can_come() {
        let before = after(ms(10), 8, 8);
        assert_eq!(before.patience(8, ms(0)), Some(ms(10)));
    }

    /// Where those who were answered do not come again in time, or never, nobody waits for them but now and then.
    #[test]
    fn whoever_waited_in_vain_waits_less_often() {
        let mut gathered = after(ms(10), 16, 0);
        let mut waits = 0;
        for _ in 0..200 {
            let waited = gathered.patience(8, ms(0)).is_some();
            waits += u32::from(waited);
            gathered.answered(8, waited, ms(10), 8);
        }
        assert_eq!(waits, 4 + 200 / 33);
        // When one does not wait in vain, all wait again.
        while gathered.patience(8, ms(0)).is_none() {
            gathered.answered(8, false, ms(10), 8);
        }
        gathered.answered(16, true, ms(10), 0);
        assert!(gathered.patience(8, ms(0)).is_some());
        gathered.answered(8, true, ms(10), 8);
        gathered.answered(8, false, ms(10), 8);
        gathered.answered(8, false, ms(10), 8);
        assert!(gathered.patience(8, ms(0)).is_some());
    }

    /// Large batches and small ones by turns, and three that take turns: most of them wait for nobody.
    #[test]
    fn batches_that_never_become_one_seldom_wait() {
        let waits = |batches: [usize; 6], come: [usize; 2]| {
            let mut gathered = after(ms(10), 16, 0);
            let mut waits = 0;
            for n in 0..200 {
                let batch = batches[n % 6];
                let waited = gathered.patience(batch, ms(0)).is_some();
                waits += u32::from(waited);
                gathered.answered(batch, waited, ms(10), come[n % 2]);
            }
            waits
        };
        assert!(waits([63, 1, 63, 1, 63, 1], [0, 0]) <= 50);
        assert!(waits([63, 1, 63, 1, 63, 1], [1, 63]) <= 50);
        assert!(waits([12, 4, 12, 4, 12, 4], [4, 12]) <= 20);
        assert!(waits([20; 6], [40, 40]) <= 20);
    }

    #[test]
    fn nobody_comes_while_all_wait_for_the_disk_and_for_each_other() {
        assert_eq!(after(ms(10), 16, 0).pause(), ms(20));
        assert_eq!(after(ms(40), 16, 0).pause(), ms(56));
    }

    #[test]
    fn only_where_many_come_and_the_disk_is_slow_does_a_writer_rest() {
        let gathering =
            |took, answered| after(Duration::from_micros(took), answered, 0).gathering();
        assert_eq!(gathering(16_000, 64), Duration::from_micros(500));
        assert_eq!(gathering(3_200, 16), Duration::from_micros(100));
        assert_eq!(gathering(1_000, 16), Duration::ZERO);
        assert_eq!(gathering(16_000, 1), Duration::ZERO);
    }
}
