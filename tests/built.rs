//! What was built, looked at without a browser: how much it weighs, and what it asks of a browser.

#![expect(
    clippy::expect_used,
    reason = "a test says what is wrong by panicking, its helpers too"
)]

use std::process::{Command, Output};

use dung_hen_tests::dist;
use serde_json::{Value, json};

/// Runs a script of the project on what was built.
fn node(script: &str) -> Output {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("node")
        .arg(script)
        .arg(dist())
        .current_dir(root)
        .env("PATH", format!("{root}/node_modules/.bin:{path}"))
        .output()
        .expect("node runs")
}

/// Nothing weighs more than `bench/budget.json` allows; whoever needs more says so there.
#[test]
fn nothing_has_grown_past_what_was_committed() {
    let out = node("scripts/sizes.mjs");
    assert!(
        out.status.success(),
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
}

/// `embed.js` and its parts are read by browsers of 2017, the glue by those of docs/EMBED.md; the module needs nothing
/// that Chrome 96, Safari 15.4 and Firefox 102 do not have.
#[test]
fn the_oldest_browsers_that_are_promised_can_read_it() {
    let out = node("scripts/baseline.mjs");
    let told: Value = serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&out.stderr)));
    let syntax = told["syntax"].as_object().expect("scripts");
    assert!(syntax.contains_key("v1/embed.js") && syntax.contains_key("dung-hen.js"));
    for (name, found) in syntax {
        let newest = if name == "dung-hen.js" { 2021 } else { 2017 };
        assert!(
            found["year"].as_u64().is_some_and(|year| year <= newest),
            "{name}: {found}"
        );
    }
    assert_eq!(
        told["features"]["baseline"],
        json!(true),
        "{}",
        told["features"]
    );
    // The list in docs/EMBED.md is what was found, no more and no less.
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/EMBED.md"))
        .expect("docs/EMBED.md");
    for feature in told["features"]["used"].as_array().expect("features") {
        let feature = feature.as_str().expect("a name");
        assert!(
            text.contains(&format!("`{feature}`")),
            "docs/EMBED.md does not name {feature}"
        );
    }
}
