//! Waiting for what comes about elsewhere: in another thread, task or process.

use std::time::{Duration, Instant};

/// Long enough for a busy machine: only what never happens fails, and no run of the tests waits for it without end.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until it has happened.
///
/// # Panics
/// Where it does not, within [`PATIENCE`].
pub fn until(what: &str, happened: impl Fn() -> bool) {
    within(PATIENCE, what, happened);
}

/// The same with other patience.
///
/// # Panics
/// Where it does not happen.
pub fn within(patience: Duration, what: &str, happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < patience, "it never happened: {what}");
        // The others need the machine.
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
