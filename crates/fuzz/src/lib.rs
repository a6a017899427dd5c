//! Fuzz targets: one for each parser of what comes from outside.
//!
//! A target takes any bytes. It must not panic, and what it reads must hold what the parser
//! promises (what is printed again is read as the same, nothing lies out of range). The short form
//! runs with the tests (`tests/short.rs`: seeds and many thousand mutations of them, the same each
//! time), the long one under libFuzzer's coverage (`scripts/fuzz`, part of `make soak`).
#![expect(
    clippy::panic,
    reason = "a target tells of a broken promise by failing"
)]

mod mutate;
mod seeds;
mod targets;

pub use mutate::Mutator;
pub use seeds::seeds;

/// A parser with what it promises.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Feeds it.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 18] = [
    target("case_code", targets::case_code),
    target("dates", targets::dates),
    target("time_limit", targets::time_limit),
    target("working_hours", targets::working_hours),
    target("period", targets::period),
    target("calendar", targets::calendar),
    target("connector", targets::connector),
    target("merge", targets::merged),
    target("province", targets::province),
    target("requests", targets::requests),
    target("ballot_number", targets::ballot_number),
    target("dead_letters", targets::dead_letters),
    target("pull_page", targets::pull_page),
    target("webhook", targets::webhook),
    target("token", targets::token),
    target("puzzle", targets::puzzle),
    target("ballot_label", targets::ballot_label),
    target("forwarded", targets::forwarded),
];

const fn target(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run }
}

/// The target with this name.
#[must_use]
pub fn find(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}
