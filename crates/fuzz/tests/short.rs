//! The short form: each parser on its seeds and on mutations of them, the same each time. `DUNG_HEN_FUZZ_TIMES=20` takes
//! twenty times as many.

use std::panic::catch_unwind;

use dung_hen_fuzz::{Mutator, TARGETS, seeds};

const MUTATIONS: u64 = 100_000;
/// Of the two that read whole files.
const MUTATIONS_OF_FILES: u64 = 15_000;

fn times() -> u64 {
    let asked = std::env::var("DUNG_HEN_FUZZ_TIMES");
    asked.ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

#[test]
fn no_parser_panics_or_breaks_its_promise() {
    let mut broken = Vec::new();
    for target in TARGETS {
        let seeds = seeds(target.name);
        assert!(!seeds.is_empty(), "{} has no seed", target.name);
        let largest = seeds.iter().map(Vec::len).max().unwrap_or(0);
        let mutations = if largest > 2_000 {
            MUTATIONS_OF_FILES
        } else {
            MUTATIONS
        };
        let mut mutated =
            (0..mutations * times()).map(|number| Mutator::new(number).mutate(&seeds));
        let all = seeds.iter().cloned().chain(mutated.by_ref());
        for bytes in all {
            if catch_unwind(|| (target.run)(&bytes)).is_err() {
                let shown = String::from_utf8_lossy(&bytes).into_owned();
                broken.push(format!("{}: {shown:?}", target.name));
                break;
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A harness that finds nothing must be able to find something.
#[test]
fn mutations_differ_and_come_again() {
    let seeds = seeds("dates");
    let of = |number| Mutator::new(number).mutate(&seeds);
    assert_eq!(of(7), of(7));
    let different: std::collections::BTreeSet<_> = (0..500).map(of).collect();
    assert!(different.len() > 350, "{}", different.len());
}
