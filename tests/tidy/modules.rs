//! Modules that lean on each other in a circle cannot be understood one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, files, none};

/// The modules of a directory, each with the others that it names after `prefix`. Tests, which stand at the end of a
/// file, may name whom they like.
fn names(under: &str, prefix: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in files(under, ".rs") {
        let inside = &name[under.len()..];
        let module = inside.split(['/', '.']).next().unwrap_or(inside);
        let of = found.entry(module.to_owned()).or_default();
        for line in text
            .lines()
            .take_while(|line| line.trim() != "#[cfg(test)]")
        {
            for after in code(line).split(prefix).skip(1) {
                // One of them, or several in braces.
                let list = after
                    .strip_prefix('{')
                    .and_then(|list| list.split('}').next());
                for one in list.unwrap_or(after).split(", ") {
                    let end = one.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
                    of.insert(one[..end.unwrap_or(one.len())].to_owned());
                    if list.is_none() {
                        break;
                    }
                }
            }
        }
        of.remove(module);
    }
    let modules: BTreeSet<String> = found.keys().cloned().collect();
    for of in found.values_mut() {
        of.retain(|other| modules.contains(other));
    }
    found
}

/// Takes away what names nobody who is left, again and again: what stays stands in a circle, or upon one.
fn circles(mut left: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    while let Some(free) = left
        .iter()
        .find(|(_, of)| of.is_empty())
        .map(|(module, _)| module.clone())
    {
        left.remove(&free);
        for of in left.values_mut() {
            of.remove(&free);
        }
    }
    left.iter()
        .map(|(module, of)| {
            let of: Vec<&str> = of.iter().map(String::as_str).collect();
            format!("{module} -> {}", of.join(", "))
        })
        .collect()
}

#[test]
fn the_domain_has_floors() {
    let names = names("crates/domain/src/", "crate::");
    assert!(names.len() > 20, "the modules are found: {names:?}");
    assert!(names["deadline"].contains("calendar"));
    none(
        "a module of the domain names only modules below it (docs/ARCHITECTURE.md); these stand in a circle, or upon one:",
        &circles(names),
    );
}

#[test]
fn the_board_has_floors() {
    let names = names("crates/server/src/board/", "super::");
    assert!(names["page"].contains("frame") && names["rows"].contains("numbers"));
    none(
        "a page of the board names only what stands below it; these stand in a circle, or upon one:",
        &circles(names),
    );
    // What reports and briefs show they write and draw as the board does, and know nothing of it.
    let mut above = Vec::new();
    for (name, text) in files("crates/server/src/", ".rs") {
        let inside = name.trim_start_matches("crates/server/src/");
        if !inside.starts_with("routes/")
            && text.lines().any(|line| code(line).contains("crate::board"))
        {
            above.push(name);
        }
    }
    none("only addresses lead to the board; these name it:", &above);
}
