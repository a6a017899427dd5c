//! The long form: libFuzzer on the target named in `DUNG_HEN_FUZZ`; its own options are the arguments. Seeds are
//! written to the directory in `DUNG_HEN_FUZZ_SEEDS` first.
#![no_main]
#![expect(
    clippy::expect_used,
    reason = "without a target there is nothing to do"
)]

use std::path::Path;

use dung_hen_fuzz::{Target, find, seeds};

fn begin() -> Target {
    let name = std::env::var("DUNG_HEN_FUZZ").unwrap_or_default();
    let target = find(&name).expect("DUNG_HEN_FUZZ names a target of crates/fuzz/src/lib.rs");
    if let Some(directory) = std::env::var_os("DUNG_HEN_FUZZ_SEEDS") {
        for (number, seed) in seeds(target.name).iter().enumerate() {
            let file = Path::new(&directory).join(format!("seed-{number}"));
            std::fs::write(file, seed).expect("seeds can be written");
        }
    }
    target
}

static TARGET: std::sync::OnceLock<Target> = std::sync::OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let _ = TARGET.set(begin());
    },
    |bytes: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(bytes);
        }
    }
);
