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
        let lines = text.lines().map(str::trim);
        let lines: Vec<&str> = lines.take_while(|line| *line != "#[cfg(test)]").collect();
        let lines: Vec<String> = lines.iter().map(|line| code(line).to_owned()).collect();
        // A list may go over several lines.
        for after in lines.join(" ").split(prefix).skip(1) {
            of.extend(named(after));
        }
        of.remove(module);
    }
    let modules: BTreeSet<String> = found.keys().cloned().collect();
    for of in found.values_mut() {
        of.retain(|other| modules.contains(other));
    }
    found
}

/// The first name of what follows a prefix: of one path, or of each of several in braces.
fn named(after: &str) -> Vec<String> {
    let Some(list) = after.strip_prefix('{') else {
        return first_name(after).into_iter().collect();
    };
    let (mut depth, mut begins) = (0_i32, true);
    let mut names = Vec::new();
    for (place, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            ' ' => {}
            _ if begins => {
                names.extend(first_name(&list[place..]));
                begins = false;
            }
            _ => {}
        }
    }
    names
}

fn first_name(text: &str) -> Option<String> {
    let end = text.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
    let name = &text[..end.unwrap_or(text.len())];
    (!name.is_empty()).then(|| name.to_owned())
}

#[test]
fn what_is_named_is_found_over_lines_and_in_braces() {
    for (after, expected) in [
        ("page;", vec!["page"]),
        (
            "{page, numbers::{one, two}, view};",
            vec!["page", "numbers", "view"],
        ),
        (
            "{     page::Frame,     view, };  fn other() {}",
            vec!["page", "view"],
        ),
        ("*;", vec![]),
    ] {
        assert_eq!(named(after), expected, "{after}");
    }
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
fn the_server_has_floors() {
    let mut names = names("crates/server/src/", "crate::");
    // The two roots: one lists all modules, the other starts them.
    names.remove("lib");
    names.remove("main");
    assert!(names.len() > 20, "the modules are found: {names:?}");
    assert!(names["service"].contains("state") && names["state"].contains("issuers"));
    none(
        "a module of the server names only modules below it (docs/ARCHITECTURE.md); these stand in a circle, or upon one:",
        &circles(names),
    );
}

#[test]
fn the_store_has_floors() {
    let mut names = names("crates/server/src/store/", "super::");
    names.remove("mod");
    assert!(names["written"].contains("pages") && names["pages"].contains("cases"));
    none(
        "a module of the store names only what stands below it; these stand in a circle, or upon one:",
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
