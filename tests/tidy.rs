//! The house rules that a compiler does not know: who may depend on whom, what may be named where, and what must
//! stay equal. Each test names the file and the line that breaks its rule, so that the message is all one needs.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking, its helpers too"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/embedding.rs"]
mod embedding;
#[path = "tidy/languages.rs"]
mod languages;
#[path = "tidy/modules.rs"]
mod modules;
#[path = "tidy/packages.rs"]
mod packages;

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is inside the project")
        .to_path_buf()
});

fn read(file: &str) -> String {
    fs::read_to_string(ROOT.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// Fails with one line for each finding.
fn none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}\n  {}\n", findings.join("\n  "));
}

// --- sources --------------------------------------------------------------------------------------------------------

/// Files under a directory whose name ends so, as (path from the root, text).
fn files(under: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(dir: &Path, ending: &str, found: &mut Vec<(String, String)>) {
        let Ok(entries) = fs::read_dir(dir) else {
            return;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path
                    .strip_prefix(&*ROOT)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .into_owned();
                found.push((name, fs::read_to_string(&path).unwrap_or_default()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&ROOT.join(under), ending, &mut found);
    found.sort();
    found
}

/// The line without its comment. `//` inside a string, as in an address, is not one.
fn code(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line[from..].find("//").map(|at| at + from) {
        if line[..at].matches('"').count().is_multiple_of(2) {
            return &line[..at];
        }
        from = at + 2;
    }
    line
}

/// `file:line: text` of every line of code that holds one of the words, except where `allowed` says so.
fn lines_with(under: &str, words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files(under, ".rs") {
        if allowed(&name) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if words.iter().any(|word| code(line).contains(word)) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn only_the_store_contains_sql() {
    let words = [
        "SELECT ",
        "INSERT ",
        "UPDATE ",
        "DELETE FROM",
        "CREATE TABLE",
        "PRAGMA ",
    ];
    let mut found = lines_with("crates", &words, |name| {
        name.starts_with("crates/server/src/store/") || !name.contains("/src/")
    });
    found.extend(lines_with("src", &words, |_| false));
    none("SQL belongs into crates/server/src/store/ alone:", &found);
}

#[test]
fn only_error_rs_turns_errors_into_answers() {
    let found: Vec<_> = lines_with("crates/server/src", &["IntoResponse for "], |name| {
        name == "crates/server/src/error.rs"
    })
    .into_iter()
    .filter(|line| {
        let of = line.rsplit("IntoResponse for ").next().unwrap_or_default();
        ["Error", "Rejection", "Problem", "Refusal", "Failure"]
            .iter()
            .any(|word| of.contains(word))
    })
    .collect();
    none(
        "Only crates/server/src/error.rs turns errors into HTTP:",
        &found,
    );
}

#[test]
fn only_the_edge_of_the_element_names_the_browser() {
    let edge = ["element", "api", "dom"];
    let found = lines_with("src", &["web_sys", "js_sys"], |name| {
        let inside = name.trim_start_matches("src/");
        let first = inside.split('/').next().unwrap_or_default();
        edge.contains(&first.trim_end_matches(".rs"))
    });
    none(
        "Only src/{element,api,dom} may name web_sys or js_sys:",
        &found,
    );
}

#[test]
fn the_element_sets_no_style_attribute() {
    let found = lines_with("src", &[" style=\"", " style={", " style=move"], |_| false);
    none(
        "A style attribute is refused by a strict host policy; use a class, or style:property=:",
        &found,
    );
}

#[test]
fn the_domain_has_no_clock_and_no_files() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "println!",
        "async fn",
    ];
    none(
        "The domain does no I/O and has no clock:",
        &lines_with("crates/domain/src", &words, |_| false),
    );
}

#[test]
fn the_law_does_not_know_the_wire() {
    let found = lines_with(
        "crates/domain/src",
        &["crate::wire", "super::wire"],
        |name| name.ends_with("/words.rs") || name.contains("/wire/"),
    );
    none(
        "wire may use the domain's types, and words put both into sentences; no other module of the domain mentions wire:",
        &found,
    );
}

#[test]
fn no_source_file_is_over_600_lines() {
    let mut found = Vec::new();
    for under in ["src", "crates", "tests"] {
        for (name, text) in files(under, ".rs") {
            let lines = text.lines().count();
            if lines > 600 {
                found.push(format!("{name}: {lines} lines"));
            }
        }
    }
    none("Files over 600 lines are two files:", &found);
}

// --- documents ------------------------------------------------------------------------------------------------------

/// The codes of the table under `## Errors`.
fn documented_codes() -> BTreeMap<String, u16> {
    let api = read("docs/API.md");
    let table = api.split_once("\n## Errors").map_or("", |(_, rest)| rest);
    let table = table.split("\n## ").next().unwrap_or_default();
    table
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
            let code = cells.next()?.trim_end_matches('`').to_owned();
            Some((code, cells.next()?.parse().ok()?))
        })
        .collect()
}

/// The codes of `error/table.rs`: the string that follows a `StatusCode::` in the table of answers.
fn coded_codes() -> BTreeSet<String> {
    let source = read("crates/server/src/error/table.rs");
    let mut found = BTreeSet::new();
    for after in source.split("StatusCode::").skip(1) {
        let mut rest = after.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '_');
        rest = rest.trim_start_matches([',', ' ', '\n']);
        if let Some(code) = rest
            .strip_prefix('"')
            .and_then(|rest| rest.split('"').next())
            && code.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            found.insert(code.to_owned());
        }
    }
    found
}

#[test]
fn every_error_code_is_documented_and_every_documented_code_exists() {
    let documented = documented_codes();
    let coded = coded_codes();
    assert!(
        documented.len() > 10,
        "docs/API.md: the table under \"## Errors\" was not found"
    );
    assert!(
        coded.len() > 10,
        "crates/server/src/error/table.rs: no codes found; has the table moved?"
    );
    let mut found: Vec<_> = documented
        .keys()
        .filter(|code| !coded.contains(*code))
        .map(|code| format!("{code}: in docs/API.md, not in crates/server/src/error/table.rs"))
        .collect();
    found.extend(
        coded
            .iter()
            .filter(|code| !documented.contains_key(*code))
            .map(|code| format!("{code}: in crates/server/src/error/table.rs, not in docs/API.md")),
    );
    none("The table of codes and the code differ:", &found);
}

#[test]
fn no_file_names_a_home_directory() {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(&*ROOT)
        .output();
    let Ok(listed) = listed else { return };
    let mut found = Vec::new();
    for name in String::from_utf8_lossy(&listed.stdout)
        .split('\0')
        .filter(|name| !name.is_empty())
    {
        // Pictures and archives are no text; a file just deleted is nobody's.
        let Ok(text) = fs::read_to_string(ROOT.join(name)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if names_a_home(line) {
                found.push(format!(
                    "{name}:{}: {}",
                    number + 1,
                    line.trim().chars().take(120).collect::<String>()
                ));
            }
        }
    }
    none(
        "A path of somebody's home directory says nothing to anybody else:",
        &found,
    );
}

/// Whether a line holds a path into somebody's home directory, on Linux or macOS.
fn names_a_home(line: &str) -> bool {
    ["home", "Users", "root"].iter().any(|dir| {
        let prefix = format!("/{dir}/");
        line.match_indices(&prefix).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + prefix.len()..].chars().next();
            !before.is_some_and(|c| c.is_alphanumeric() || "._-}/)".contains(c))
                && after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.')
        })
    })
}

#[test]
fn a_home_directory_is_recognised() {
    let home = ["", "home", "lan", "x"].join("/");
    assert!(names_a_home(&format!("see {home}")));
    assert!(names_a_home(&format!("\"{home}\"")));
    assert!(!names_a_home(&format!("https://example.org{home}")));
    assert!(!names_a_home(&["src", "root", "mod.rs"].join("/")));
}

#[test]
fn comments_are_not_code() {
    assert_eq!(code("let x = 1; // SELECT nothing"), "let x = 1; ");
    assert_eq!(
        code("let x = \"https://example.org\";"),
        "let x = \"https://example.org\";"
    );
}
