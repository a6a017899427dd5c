//! How long a wait for the disk is put off so that more may share it.

use std::time::Duration;

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
    /// for two: so a batch smaller than the one before waits for more, up to an eighth of what the disk takes. A fast
    /// disk is hardly waited for, and a single asker not at all. How much longer, after `waited`.
    #[must_use]
    pub fn patience(&self, batch: usize, waited: Duration) -> Option<Duration> {
        let longest = (self.took / 8).min(Duration::from_millis(2));
        (batch < self.answered)
            .then(|| longest.checked_sub(waited))
            .flatten()
    }
}
