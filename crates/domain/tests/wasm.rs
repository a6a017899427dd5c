//! The same deadline in the browser as on the server: the domain compiled to WebAssembly and run by Node gives the
//! digest of the native build, over many thousands of deadlines with their proofs.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

#[path = "../examples/digest.rs"]
mod digest;

use std::path::PathBuf;
use std::process::Command;

const DEADLINES: u32 = 20_000;
const SEEDS: [u64; 3] = [1, 20_261_015, 0xdead_beef_cafe];

const RUN: &str = "
const fs = require('fs');
WebAssembly.instantiate(fs.readFileSync(process.argv[1]), {}).then(({ instance }) => {
  const [n, ...seeds] = process.argv.slice(2);
  for (const seed of seeds)
    console.log(BigInt.asUintN(64, instance.exports.digest(BigInt(seed), Number(n))).toString());
});
";

/// Compiles the module with the profile citizens get.
fn module() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let built = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
        .current_dir(&root)
        .args([
            "build",
            "--quiet",
            "--locked",
            "-p",
            "dung-hen-domain",
            "--example",
            "digest",
        ])
        .args([
            "--profile",
            "wasm-release",
            "--target",
            "wasm32-unknown-unknown",
        ])
        .status()
        .expect("cargo runs");
    assert!(
        built.success(),
        "the target wasm32-unknown-unknown: scripts/tools widget"
    );
    target.join("wasm32-unknown-unknown/wasm-release/examples/digest.wasm")
}

#[test]
fn webassembly_and_native_agree_on_every_deadline() {
    let answer = Command::new("node")
        .args(["-e", RUN])
        .arg(module())
        .arg(DEADLINES.to_string())
        .args(SEEDS.map(|seed| seed.to_string()))
        .output()
        .expect("node runs: scripts/tools widget");
    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
    let there = String::from_utf8(answer.stdout).unwrap();
    let here: Vec<String> = SEEDS
        .iter()
        .map(|seed| digest::digest_of(*seed, DEADLINES).to_string())
        .collect();
    assert_eq!(there.lines().collect::<Vec<_>>(), here);
    // Different questions, different digests: the digest is not blind.
    assert!(here[0] != here[1] && here[1] != here[2]);
    assert_ne!(digest::digest_of(1, DEADLINES - 1).to_string(), here[0]);
}
