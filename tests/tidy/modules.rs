//! Modules that lean on each other in a circle cannot be understood one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, files, none};

/// The modules of a crate, each with the other modules it names by `crate::`. Its tests, which stand at the end of a
/// file, may name whom they like.
fn names(crate_: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let under = format!("{crate_}/src/");
    for (name, text) in files(&under, ".rs") {
        let inside = &name[under.len()..];
        let module = inside.split(['/', '.']).next().unwrap_or(inside);
        let of = found.entry(module.to_owned()).or_default();
        for line in text
            .lines()
            .take_while(|line| line.trim() != "#[cfg(test)]")
        {
            for after in code(line).split("crate::").skip(1) {
                let end = after.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
                of.insert(after[..end.unwrap_or(after.len())].to_owned());
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
    let names = names("crates/domain");
    assert!(names.len() > 20, "the modules are found: {names:?}");
    assert!(names["deadline"].contains("calendar"));
    none(
        "a module of the domain names only modules below it (docs/ARCHITECTURE.md); these stand in a circle, or upon one:",
        &circles(names),
    );
}
