//! What the documents name is there: other documents and their headings, tests, keys of the configuration.

use std::collections::BTreeSet;

use super::{files, none, read};

fn documents() -> Vec<(String, String)> {
    let mut all = files("docs", ".md");
    all.push(("README.md".to_owned(), read("README.md")));
    all
}

/// What stands between two marks, wherever it does in one line.
fn between<'a>(text: &'a str, begin: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    text.lines().flat_map(move |line| {
        line.split(begin)
            .skip(1)
            .filter_map(move |rest| Some(rest.split_once(end)?.0))
    })
}

/// The name under which a heading is linked to.
fn anchor(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

fn has_anchor(text: &str, name: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    text.contains(&format!("id=\"{name}\""))
        || headings
            .map(|line| anchor(line.trim_start_matches('#')))
            .any(|heading| heading == name)
}

/// Second questionnaires wait for company in the same rooms as ratings.
#[test]
fn what_one_of_several_servers_keeps_is_sent_to_it() {
    let routes = read("crates/server/src/routes/mod.rs");
    let kept = routes.lines().filter_map(|line| {
        let (path, handler) = line.trim().strip_prefix(".route(\"")?.split_once("\", ")?;
        match (
            handler.contains("post(ratings::"),
            path.contains("danh-gia"),
        ) {
            (true, _) => Some(format!("/api/v1{path}")),
            (_, true) => Some(path.to_owned()),
            _ => None,
        }
    });
    let kept: Vec<String> = kept.collect();
    assert_eq!(kept.len(), 6, "{kept:?}");
    let (document, proxy) = (read("docs/OPERATIONS.md"), read("packaging/nginx.conf"));
    let sent = proxy
        .lines()
        .find_map(|line| line.split_once("location ~ ^/(")?.1.split_once(")$"))
        .map_or("", |(sent, _)| sent);
    for path in &kept {
        assert!(
            document.contains(&format!("`{path}`")),
            "OPERATIONS: {path}"
        );
        let named = sent
            .split('|')
            .any(|one| path.strip_prefix('/') == Some(one));
        assert!(named, "nginx.conf: {path}");
    }
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let mut found = Vec::new();
    for (name, text) in documents() {
        let directory = name.rsplit_once('/').map_or("", |(directory, _)| directory);
        for link in between(&text, "](", ')').filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let path = if file.is_empty() {
                super::ROOT.join(&name)
            } else {
                super::ROOT.join(directory).join(file)
            };
            let target = std::fs::read_to_string(&path);
            let there = heading.is_empty() || target.is_ok_and(|text| has_anchor(&text, heading));
            if !path.exists() || !there {
                found.push(format!("{name}: {link}"));
            }
        }
    }
    none("A link of a document leads to what is there:", &found);
}

/// Tests, metrics, codes: a name of four words or more is nothing that one happens to write.
#[test]
fn every_long_name_of_a_document_is_one_of_the_code() {
    let mut code = String::new();
    for (under, ending) in [("crates", ".rs"), ("tests", ".rs"), ("tests", ".py")] {
        for (_, text) in files(under, ending) {
            code.push_str(&text);
        }
    }
    let is_name = |name: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.matches('_').count() >= 3 && name.chars().all(plain)
    };
    let is_there = |name: &str| {
        // Prometheus puts our prefix and the unit around the name of a metric.
        let metric = name.strip_prefix("dung_hen_").map(|name| {
            let unit = ["_total", "_seconds"];
            let bare = unit.iter().find_map(|unit| name.strip_suffix(unit));
            format!("\"{}\"", bare.unwrap_or(name))
        });
        let whole = |(at, _): (usize, &str)| {
            let next = code.as_bytes().get(at + name.len());
            next.is_none_or(|c| !c.is_ascii_alphanumeric() && *c != b'_')
        };
        metric.is_some_and(|metric| code.contains(&metric)) || code.match_indices(name).any(whole)
    };
    let mut found = Vec::new();
    for (document, text) in documents() {
        for name in text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| is_name(name))
        {
            if !is_there(name) {
                found.push(format!("{document}: {name}"));
            }
        }
    }
    none("A name in a document is a name in the code:", &found);
}

#[test]
fn every_key_of_the_province_is_documented() {
    let code = read("crates/server/src/config/mod.rs");
    let fields = code
        .split_once("pub struct Province {")
        .and_then(|(_, rest)| rest.split_once("\n}"))
        .map_or("", |(fields, _)| fields);
    let guide = read("docs/IMPORT.md");
    let mut skipped = false;
    let mut renamed = None;
    let (mut found, mut seen) = (Vec::new(), 0);
    for line in fields.lines().map(str::trim) {
        if line.starts_with("#[serde(skip)]") {
            skipped = true;
        } else if let Some((_, rest)) = line.split_once("rename = \"") {
            renamed = rest.split_once('"').map(|(name, _)| name);
        } else if let Some((field, _)) = line.trim_start_matches("pub ").split_once(": ")
            && !line.starts_with('/')
        {
            let key = renamed.take().unwrap_or(field);
            if !std::mem::take(&mut skipped) {
                seen += 1;
                let named = [
                    format!("`{key}`"),
                    format!("`{key}[]`"),
                    format!("`[{key}]`"),
                ];
                if !named.iter().any(|name| guide.contains(name)) {
                    found.push(key.to_owned());
                }
            }
        }
    }
    assert!(seen > 20, "the keys of the province were not found");
    none(
        "docs/IMPORT.md names every key of the province's file:",
        &found,
    );
}

#[test]
fn privacy_names_every_table_that_is_kept() {
    let mut tables = BTreeSet::new();
    for (_, steps) in files("crates/server/migrations/sqlite", ".sql") {
        tables.extend(between(&steps, "CREATE TABLE ", ' ').map(str::to_owned));
        for gone in between(&steps, "DROP TABLE ", ';') {
            // One that is made anew under the same name comes after it.
            let after = steps.split_once(&format!("DROP TABLE {gone};"));
            let anew = format!("CREATE TABLE {gone} (");
            if !after.is_some_and(|(_, rest)| rest.contains(&anew)) {
                tables.remove(gone);
            }
        }
    }
    assert!(tables.len() > 25, "the tables are found: {tables:?}");
    let privacy = read("docs/PRIVACY.md");
    let rows: Vec<&str> = privacy
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next())
        .collect();
    let named = |table: &str| rows.iter().any(|row| row.contains(&format!("`{table}`")));
    let found: Vec<String> = tables.into_iter().filter(|table| !named(table)).collect();
    none(
        "docs/PRIVACY.md says of every table whose data it holds:",
        &found,
    );
}

#[test]
fn a_heading_is_linked_to_by_its_words() {
    assert_eq!(anchor(" QĐ 766: progress"), "qđ-766-progress");
    assert!(has_anchor("# One\n## Two words\n", "two-words"));
    assert!(!has_anchor("# One\n## Two words\n", "two"));
}
