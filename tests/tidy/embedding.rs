//! The embed contract: docs/EMBED.md names what the code has, no more and no less; and the colours can be read.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, none, read};

type Names = BTreeSet<String>;

/// Every name between `before` and the next character that no name has.
fn names_after(text: &str, before: &str) -> Names {
    text.split(before)
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
                .collect()
        })
        .filter(|name: &String| !name.is_empty())
        .collect()
}

/// What is written in backticks in the first cell of each row of the tables of a section.
fn documented(section: &str) -> Names {
    let text = read("docs/EMBED.md");
    let (_, rest) = text
        .split_once(&format!("\n## {section}\n"))
        .unwrap_or_default();
    let rest = rest.split("\n## ").next().unwrap_or_default();
    rest.lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .flat_map(|line| {
            let cell = line.split(" | ").next().unwrap_or_default();
            format!("`{cell}")
                .split('`')
                .skip(1)
                .step_by(2)
                .map(|name| name.split('(').next().unwrap_or(name).to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// embed.js and what it loads.
fn scripts() -> String {
    let mut all = read("public/embed.js");
    for under in ["public/parts", "public/ballot"] {
        for (_, text) in files(under, ".js") {
            all += &text;
        }
    }
    all
}

/// The members of the element's class that a page can see, by kind: methods, and properties.
fn members() -> (Names, Names) {
    let lifecycle = [
        "constructor",
        "connectedCallback",
        "disconnectedCallback",
        "connectedMoveCallback",
        "attributeChangedCallback",
    ];
    let (mut methods, mut properties) = (Names::new(), Names::new());
    for line in read("public/embed.js").lines() {
        let Some(member) = line
            .strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '))
        else {
            continue;
        };
        if !line.ends_with('{') && !line.ends_with("{}") || !member.contains('(') {
            continue;
        }
        let head = member.split('(').next().unwrap_or_default();
        let name = head.trim_start_matches("async ");
        if name.starts_with('_') || name.starts_with("static ") || lifecycle.contains(&name) {
            continue;
        }
        match name.strip_prefix("get ").or(name.strip_prefix("set ")) {
            Some(property) if !property.starts_with('_') => properties.insert(property.to_owned()),
            None if name.chars().all(char::is_alphanumeric) => methods.insert(name.to_owned()),
            _ => false,
        };
    }
    (methods, properties)
}

fn same(what: &str, coded: &Names, documented: &Names) {
    assert!(!documented.is_empty(), "docs/EMBED.md: no {what} found");
    let mut found: Vec<_> = coded
        .difference(documented)
        .map(|name| format!("{name}: in the code, not in docs/EMBED.md"))
        .collect();
    found.extend(
        documented
            .difference(coded)
            .map(|name| format!("{name}: in docs/EMBED.md, not in the code")),
    );
    none(
        &format!("The {what} of the element and its contract:"),
        &found,
    );
}

#[test]
fn the_attributes_are_the_documented_ones() {
    let text = scripts();
    let mut coded = Names::new();
    for owner in ["this", "element"] {
        for call in ["getAttribute", "hasAttribute"] {
            coded.extend(names_after(&text, &format!("{owner}.{call}('")));
        }
    }
    let observed = text
        .split_once("observedAttributes() {")
        .and_then(|(_, rest)| rest.split_once(']'))
        .map_or("", |(list, _)| list);
    coded.extend(
        names_after(observed, "'")
            .into_iter()
            .filter(|name| name.len() > 1),
    );
    same("attributes", &coded, &documented("Attributes"));
}

#[test]
fn the_properties_and_methods_are_the_documented_ones() {
    let (methods, properties) = members();
    same("properties", &properties, &documented("Properties"));
    same("methods", &methods, &documented("Methods"));
}

#[test]
fn the_events_are_the_documented_ones() {
    let text = scripts();
    let mut coded = names_after(&text, "emit('");
    coded.extend(
        names_after(&read("src/app.rs"), "\"dh-")
            .iter()
            .map(|name| format!("dh-{name}")),
    );
    coded.retain(|name| name != "dh-");
    let all = documented("Events");
    let events = all
        .iter()
        .filter(|name| name.starts_with("dh-"))
        .cloned()
        .collect();
    same("events", &coded, &events);
    // One place makes them all, so that all bubble, cross the shadow root and carry one word at most.
    assert_eq!(text.matches("new CustomEvent").count(), 1);
    assert!(text.contains("new CustomEvent(name, { bubbles: true, composed: true, detail })"));
}

#[test]
fn the_custom_properties_are_the_documented_ones() {
    let mut coded = Names::new();
    for (name, text) in files("style", ".css") {
        if !name.contains("/themes/") {
            coded.extend(
                names_after(&text, "var(--dh-")
                    .iter()
                    .map(|name| format!("--dh-{name}")),
            );
        }
    }
    same(
        "custom properties",
        &coded,
        &documented("Custom properties"),
    );
    let mut found = Vec::new();
    for (file, text) in files("style/themes", ".css") {
        for name in names_after(&text, " --dh-") {
            if !coded.contains(&format!("--dh-{name}")) {
                found.push(format!("{file}: --dh-{name}"));
            }
        }
    }
    none("A theme sets what nobody reads:", &found);
}

#[test]
fn the_parts_and_slots_are_the_documented_ones() {
    let mut text = scripts();
    for (_, source) in files("src", ".rs") {
        text += &source;
    }
    let mut coded = names_after(&text, "part: '");
    coded.extend(names_after(&text, " part=\""));
    same("parts", &coded, &documented("Parts"));
    assert!(
        !text.contains("<slot name") && !text.contains("make('slot', {"),
        "docs/EMBED.md says that there are no named slots"
    );
}

// --- colours --------------------------------------------------------------------------------------------------------

/// Relative luminance as WCAG 2.2 has it.
fn luminance(hex: &str) -> f64 {
    let digits = hex.trim_start_matches('#');
    let wide: String = match digits.len() {
        3 => digits.chars().flat_map(|c| [c, c]).collect(),
        _ => digits.to_owned(),
    };
    let channel = |at: usize| {
        let value = u8::from_str_radix(&wide[at..at + 2], 16).unwrap_or_default();
        let share = f64::from(value) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colours of a sheet, light and dark, by the name after `--dh-color-`.
fn colours(text: &str) -> BTreeMap<String, (String, String)> {
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| line.contains("light-dark(")) {
        let Some((_, rest)) = line.split_once("--dh-color-") else {
            continue;
        };
        let name = rest
            .split(|c: char| !c.is_ascii_lowercase() && c != '-')
            .next()
            .unwrap_or_default();
        let pair = line.split_once("light-dark(").map_or("", |(_, rest)| rest);
        let pair = pair.split(')').next().unwrap_or_default();
        if let Some((light, dark)) = pair.split_once(", ") {
            found.insert(name.to_owned(), (light.to_owned(), dark.to_owned()));
        }
    }
    found
}

/// What stands on what, and by how much it must stand out: text 4.5 to 1, edges of controls and the focus ring 3 to 1.
const PAIRS: &[(&str, &[&str], f64)] = &[
    ("text", &["surface", "raised"], 4.5),
    ("muted", &["surface", "raised"], 4.5),
    ("link", &["surface", "raised"], 4.5),
    ("text", &["good-bg", "info-bg", "warn-bg", "bad-bg"], 4.5),
    ("on-brand", &["brand"], 4.5),
    ("good", &["good-bg", "surface"], 4.5),
    ("info", &["info-bg", "surface"], 4.5),
    ("warn", &["warn-bg", "surface"], 4.5),
    ("bad", &["bad-bg", "surface"], 4.5),
    ("control", &["surface"], 3.0),
    ("focus", &["surface", "raised"], 3.0),
];

#[test]
fn the_colours_of_every_theme_can_be_read() {
    let mut sheets = files("style/themes", ".css");
    assert!(sheets.len() >= 3);
    let ours = read("style/tokens.css") + &read("style/tones.css");
    sheets.push(("style/tokens.css, style/tones.css".to_owned(), ours));
    let mut found = Vec::new();
    for (file, text) in &sheets {
        let colours = colours(text);
        assert_eq!(colours.len(), 18, "{file}: {:?}", colours.keys());
        for (front, backs, least) in PAIRS {
            for back in *backs {
                let (front_of, back_of) = (&colours[*front], &colours[*back]);
                for (scheme, ratio) in [
                    ("light", contrast(&front_of.0, &back_of.0)),
                    ("dark", contrast(&front_of.1, &back_of.1)),
                ] {
                    let least = if file.contains("tuong-phan") && *least > 4.0 {
                        7.0
                    } else {
                        *least
                    };
                    if ratio < least {
                        found.push(format!(
                            "{file}: {front} on {back}, {scheme}: {ratio:.2}, {least} is needed"
                        ));
                    }
                }
            }
        }
        // The colours for browsers without light-dark() are the light ones.
        for (name, (light, _)) in &colours {
            let plain = format!("--dh-color-{name}: {light};");
            let token = format!("var(--dh-color-{name}, {light})");
            if !text.contains(&plain) && !text.contains(&token) {
                found.push(format!(
                    "{file}: {name} is another colour without light-dark()"
                ));
            }
        }
    }
    none("Too little contrast:", &found);
}

#[test]
fn contrast_is_counted_as_in_wcag() {
    assert!((contrast("#000", "#fff") - 21.0).abs() < 0.001);
    assert!((contrast("#777777", "#fff") - 4.478).abs() < 0.001);
}
