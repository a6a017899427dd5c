//! Whether this thread is a worker of the server, which says when it has nothing to do.

use std::cell::Cell;

thread_local! {
    static RESTS: Cell<bool> = const { Cell::new(false) };
}

/// It is one: it has just said that it has nothing to do.
pub(crate) fn rests() {
    RESTS.set(true);
}

/// Whether it will say so again, after what it does now.
pub(crate) fn will_rest() -> bool {
    RESTS.get()
}

/// Runs what may wait for a disk or for another process where it is asked for, while another thread takes over the
/// worker's tasks. Whoever comes back from it may be no worker any more.
pub fn in_place<T>(work: impl FnOnce() -> T) -> T {
    /// However the work ends.
    struct NoWorker;
    impl Drop for NoWorker {
        fn drop(&mut self) {
            RESTS.set(false);
        }
    }
    let _at_the_end = NoWorker;
    #[expect(clippy::disallowed_methods, reason = "the one place where it stands")]
    tokio::task::block_in_place(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever catches the panic goes on with a thread that is no worker any more.
    #[test]
    fn what_panics_in_place_is_at_an_end_too() {
        rests();
        let panicked = std::panic::catch_unwind(|| in_place(|| panic!("on purpose")));
        assert!(panicked.is_err());
        assert!(!will_rest());
    }
}
