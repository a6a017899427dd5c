//! How long a wait for the disk is put off so that more may share it.

use std::time::Duration;

/// Nobody is waited for longer than this, however slow the disk is.
const LONGEST: Duration = Duration::from_millis(8);

/// How the wait before went: what it took, and how many waited for it.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What the disk took.
    pub took: Duration,
    /// How many were answered after it.
    pub answered: usize,
}

impl Gathered {
    /// Those who were just answered come again within a moment, and a batch that left without them would make them wait
    /// for two: so a batch smaller than the one before waits for more, up to half of what the disk takes. It leaves as
    /// soon as it is as large; a fast disk is hardly waited for, and a single asker not at all. How much longer, after
    /// `waited`.
    #[must_use]
    pub fn patience(&self, batch: usize, waited: Duration) -> Option<Duration> {
        let longest = (self.took / 2).min(LONGEST);
        (batch < self.answered)
            .then(|| longest.checked_sub(waited))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_smaller_batch_waits_and_never_longer_than_half_a_wait_for_the_disk() {
        let ms = Duration::from_millis;
        let before = |took, answered| Gathered {
            took: ms(took),
            answered,
        };
        assert_eq!(before(10, 16).patience(15, ms(0)), Some(ms(5)));
        assert_eq!(before(10, 16).patience(15, ms(4)), Some(ms(1)));
        assert_eq!(before(10, 16).patience(15, ms(6)), None);
        assert_eq!(before(10, 16).patience(16, ms(0)), None);
        assert_eq!(before(10, 1).patience(1, ms(0)), None);
        assert_eq!(before(100, 16).patience(3, ms(0)), Some(ms(8)));
    }
}
